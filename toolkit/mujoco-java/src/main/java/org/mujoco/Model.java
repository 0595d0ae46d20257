package org.mujoco;

import java.lang.ref.Cleaner;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.DoublePointer;
import org.mujoco.generated.global.mujoco;
import org.mujoco.generated.mjData;
import org.mujoco.generated.mjModel;

/**
 * A compiled MuJoCo model: bodies, joints, actuators and their constants. Immutable; {@link #edit()} makes changed copies.
 *
 * <p>One model may serve many simulations, also in several threads. Its native memory lives until it and all of them are closed; what it
 * says about itself (sizes, names, masses) can be read even then.
 */
public final class Model implements AutoCloseable {
    private final ModelMemory memory;
    private final Cleaner.Cleanable cleanable;
    private final ModelFacts facts;
    private final Object family;

    private final List<String> warnings;

    private Model(mjModel pointer, Object family, List<String> warnings) {
        this.family = family;
        this.warnings = warnings;
        var owned = new ModelMemory(pointer);
        memory = owned;
        cleanable = Native.guard(this, owned::close);
        try {
            ModelCheck.check(pointer);
            facts = new ModelFacts(pointer);
        } catch (RuntimeException e) {
            cleanable.clean();
            throw e;
        }
    }

    private static Model of(ModelCompiler.Compiled compiled) {
        var model = new Model(compiled.model(), new Object(), compiled.warnings());
        model.warnings.forEach(Native::show);
        return model;
    }

    /**
     * Compiles a model from MJCF text.
     *
     * <p>The compiler works in a process of its own: a model that makes it crash, takes more memory than {@code -Dmujoco.compile.memory}
     * (MiB) or more time than {@code -Dmujoco.compile.seconds} (60) is an exception; an interrupt of this thread ends it. What MuJoCo warns
     * of is shown and kept in {@link #warnings()}.
     *
     * @throws MujocoException if the text is not a valid model (the message is MuJoCo's, with the line), or if MuJoCo cannot be loaded
     */
    public static Model fromXml(String xml) {
        Objects.requireNonNull(xml, "xml");
        Native.load();
        return Native.call("compiling the model", () -> of(ModelCompiler.compile(xml)));
    }

    /**
     * Compiles a model from an MJCF file, as {@link #fromXml}; includes, meshes and textures are looked for relative to it.
     *
     * @throws MujocoException if the file is missing or not a valid model, or if MuJoCo cannot be loaded
     */
    public static Model fromFile(Path file) {
        Objects.requireNonNull(file, "file");
        Native.load();
        return Native.call("compiling the model", () -> of(ModelCompiler.compile(file)));
    }

    /**
     * The version of the MuJoCo library in use, such as 3.17.0.
     *
     * @throws MujocoException if MuJoCo cannot be loaded
     */
    public static String version() {
        Native.load();
        return Mjcf.text(mujoco.mj_versionString());
    }

    /** Number of position coordinates, nq. */
    public int positions() {
        return facts.positions;
    }

    /** Number of velocity coordinates, nv. */
    public int velocities() {
        return facts.velocities;
    }

    /** Number of controls, nu. */
    public int controls() {
        return facts.controls;
    }

    /** Number of activations, na: the inner states of actuators that have one. */
    public int activations() {
        return facts.activations;
    }

    /** Number of values that all sensors give together. */
    public int sensorValues() {
        return facts.sensorValues;
    }

    /** Number of bodies, with the world as number 0. */
    public int bodies() {
        return facts.bodyNames.size();
    }

    /** Number of geoms. */
    public int geoms() {
        return facts.geomNames.size();
    }

    /** Seconds per substep. */
    public double timestep() {
        return facts.timestep;
    }

    /** What MuJoCo warned of while it compiled the model; empty if nothing. All but what is deprecated was shown on standard error, too. */
    public List<String> warnings() {
        return warnings;
    }

    /** Names in order of their ids; empty for an unnamed one. */
    public List<String> bodyNames() {
        return facts.bodyNames;
    }

    /** Names in order of their ids; empty for an unnamed one. */
    public List<String> jointNames() {
        return facts.jointNames;
    }

    /** Names in order of their ids; empty for an unnamed one. */
    public List<String> actuatorNames() {
        return facts.actuatorNames;
    }

    /** Names in order of their ids; empty for an unnamed one. */
    public List<String> geomNames() {
        return facts.geomNames;
    }

    /** Names in order of their ids; empty for an unnamed one. */
    public List<String> cameraNames() {
        return facts.cameraNames;
    }

    /** Names in order of their ids; empty for an unnamed one. */
    public List<String> siteNames() {
        return facts.siteNames;
    }

    /** Names in order of their ids; empty for an unnamed one. */
    public List<String> sensorNames() {
        return facts.sensorNames;
    }

    /** Names of the keyframes (stored states), in order of their ids; empty for an unnamed one. */
    public List<String> keyframeNames() {
        return facts.keyframeNames;
    }

    /** Names of the bodies that a program moves by hand (mocap="true"), in MuJoCo's order; empty for an unnamed one. */
    public List<String> mocapBodyNames() {
        return IntStream.range(0, bodies()).filter(body -> facts.bodyMocap[body] >= 0).boxed()
            .sorted(Comparator.comparing(body -> facts.bodyMocap[body])).map(bodyNames()::get).toList();
    }

    /** Lowest and highest value of each control, [controls][2]; infinite where the model does not limit it. */
    public double[][] actuatorControlRange() {
        double[][] copy = new double[controls()][];
        for (int i = 0; i < copy.length; i++) copy[i] = facts.controlRange[i].clone();
        return copy;
    }

    /** The coordinates of the model's own start position, qpos0, [positions]. */
    public double[] initialPositions() {
        return facts.initialPositions.clone();
    }

    /** The parent of each body, [bodies]; the world is its own. */
    public int[] bodyParents() {
        return facts.bodyParents.clone();
    }

    /** The mass of each body in kg, [bodies]. */
    public double[] bodyMasses() {
        return facts.bodyMasses.clone();
    }

    /**
     * The mass of a body in kg.
     *
     * @throws IllegalArgumentException if there is no such body; the message lists them
     */
    public double bodyMass(String name) {
        return facts.bodyMasses[bodyId(name)];
    }

    /**
     * The id of a body.
     *
     * @throws IllegalArgumentException if there is no such body; the message lists them
     */
    public int bodyId(String name) {
        return Names.id(bodyNames(), name, "body");
    }

    /**
     * Where the coordinates of a joint are among all.
     *
     * @param firstPosition number of its first position coordinate
     * @param positions how many there are: 1 of a hinge or a slide, 4 of a ball, 7 of a free joint
     * @param firstVelocity number of its first velocity coordinate
     * @param velocities how many there are: 1, 3 or 6
     * @param slides whether it moves along a line, in m; else its coordinate is an angle in rad, or there are several
     */
    public record Joint(int firstPosition, int positions, int firstVelocity, int velocities, boolean slides) {}

    /**
     * A joint by its name.
     *
     * @throws IllegalArgumentException if there is no such joint; the message lists them
     */
    public Joint joint(String name) {
        return facts.joints.get(Names.id(jointNames(), name, "joint"));
    }

    /**
     * The id of a site.
     *
     * @throws IllegalArgumentException if there is no such site; the message lists them
     */
    public int siteId(String name) {
        return Names.id(siteNames(), name, "site");
    }

    /**
     * The id of a sensor.
     *
     * @throws IllegalArgumentException if there is no such sensor; the message lists them
     */
    public int sensorId(String name) {
        return Names.id(sensorNames(), name, "sensor");
    }

    /**
     * The id of a keyframe.
     *
     * @throws IllegalArgumentException if there is no such keyframe; the message lists them
     */
    public int keyframeId(String name) {
        return Names.id(keyframeNames(), name, "keyframe");
    }

    /**
     * Half the length in m of a capsule or cylinder along its own z axis; 0 for any other geom.
     *
     * @throws IndexOutOfBoundsException if there is no such geom
     */
    public double geomHalfLength(int geom) {
        return facts.geomHalfLengths[check(geom, geoms(), "geom")];
    }

    static int check(int id, int count, String kind) {
        if (id < 0 || id >= count) throw new IndexOutOfBoundsException(kind + " " + id + " of " + count + "; ids begin at 0");
        return id;
    }

    /**
     * Begins a changed copy.
     *
     * @throws IllegalStateException if the model is closed
     */
    public Edit edit() {
        mjModel source = memory.retain();
        try {
            return new Edit(Native.call("copying the model", () -> mujoco.mjj_copyModel(source)));
        } finally {
            memory.release();
        }
    }

    int sensorFirst(int sensor) {
        return facts.sensorFirst[sensor];
    }

    int sensorSize(int sensor) {
        return facts.sensorSize[sensor];
    }

    /** The number of a body among those moved by hand. */
    int mocapId(String body) {
        int id = facts.bodyMocap[bodyId(body)];
        if (id < 0) throw new IllegalArgumentException("body '" + body + "' is moved by the simulation, not by hand; moved by hand are "
            + mocapBodyNames() + " (mocap=\"true\" in the XML)");
        return id;
    }

    ModelMemory memory() {
        return memory;
    }

    /** The actuator that a control belongs to, for messages. */
    String actuatorOfControl(int control) {
        int actuator = facts.controlActuator[control];
        return actuator + " '" + actuatorNames().get(actuator) + "'";
    }

    /** Whether one model is an edited copy of the other, or both are of a third: same bodies and geoms, other constants. */
    boolean relatedTo(Model other) {
        return family == other.family;
    }

    /** Frees the model as soon as no simulation uses it any more; closing twice is fine. */
    @Override
    public void close() {
        cleanable.clean();
    }

    @Override
    public String toString() {
        return "Model with " + positions() + " positions, " + velocities() + " velocities, " + controls() + " controls"
            + (activations() == 0 ? "" : ", " + activations() + " activations") + ", bodies " + bodyNames()
            + (sensorNames().isEmpty() ? "" : ", sensors " + sensorNames())
            + (keyframeNames().isEmpty() ? "" : ", keyframes " + keyframeNames())
            + (warnings.isEmpty() ? "" : "; MuJoCo warned: " + warnings);
    }

    /** The arrays of constants that {@link Edit#multiply} changes. */
    public enum Constants {
        /** Mass of each body, with the world: [bodies]. */
        BODY_MASS,
        /** Principal inertia of each body, with the world: [bodies × 3]. */
        BODY_INERTIA,
        /** Damping of each degree of freedom: [velocities]. */
        DOF_DAMPING,
        /** Sliding, torsional and rolling friction of each geom: [geoms × 3]. */
        GEOM_FRICTION;

        private DoublePointer of(mjModel model) {
            return switch (this) {
                case BODY_MASS -> model.body_mass();
                case BODY_INERTIA -> model.body_inertia();
                case DOF_DAMPING -> model.dof_damping();
                case GEOM_FRICTION -> model.geom_friction();
            };
        }

        /** Number of entries in this model. */
        public int size(Model model) {
            return switch (this) {
                case BODY_MASS -> model.bodies();
                case BODY_INERTIA -> 3 * model.bodies();
                case DOF_DAMPING -> model.velocities();
                case GEOM_FRICTION -> 3 * model.geoms();
            };
        }
    }

    /**
     * A changed copy in the making: set constants by name, then {@link #build()}. Close it if it was not built.
     *
     * <p>An unknown name is an {@link IllegalArgumentException} that lists the known ones; a value that makes no physical sense is one that
     * says so.
     */
    public final class Edit implements AutoCloseable {
        private mjModel pointer;
        private final Cleaner.Cleanable cleanable;

        private Edit(mjModel pointer) {
            this.pointer = pointer;
            var owned = new ModelMemory(pointer);
            cleanable = Native.guard(this, owned::close);
        }

        /** Sets the seconds per substep. */
        public Edit timestep(double seconds) {
            open().opt().timestep(positive("timestep", seconds));
            return this;
        }

        /** Sets the mass of one body in kg; its inertia grows in proportion. */
        public Edit bodyMass(String body, double mass) {
            int id = bodyId(body);
            double present = open().body_mass().get(id);
            if (!(present > 0)) throw new IllegalArgumentException(
                "body '" + body + "' has no mass of its own, so its inertia cannot be scaled along; give it one in the XML");
            return scale(id, positive("mass", mass) / present);
        }

        /** Multiplies mass and inertia of one body. */
        public Edit scaleMass(String body, double factor) {
            return scale(bodyId(body), positive("mass factor", factor));
        }

        /** Multiplies mass and inertia of all bodies. */
        public Edit scaleAllMasses(double factor) {
            positive("mass factor", factor);
            for (int i = 0; i < bodies(); i++) scale(i, factor);
            return this;
        }

        private Edit scale(int body, double factor) {
            DoublePointer mass = open().body_mass(), inertia = open().body_inertia();
            multiply(mass, body, factor, "mass of body " + body);
            for (int k = 0; k < 3; k++) multiply(inertia, 3L * body + k, factor, "inertia of body " + body);
            return this;
        }

        /** Two sensible numbers may have a product that is not. */
        private void multiply(DoublePointer values, long at, double factor, String what) {
            double before = values.get(at), after = factor * before;
            if (!Double.isFinite(after) || after == 0 && before != 0 && factor != 0)
                throw new IllegalArgumentException(
                    what + ": " + before + " times " + factor + " is " + after + ", expected a number that can be calculated with");
            values.put(at, after);
        }

        /** Sets the damping of all degrees of freedom of one joint, in N·m·s/rad or N·s/m. */
        public Edit damping(String joint, double value) {
            atLeastZero("damping", value);
            return eachDof(joint, dof -> pointer.dof_damping().put(dof, value));
        }

        /** Sets the armature (rotor inertia) of all degrees of freedom of one joint, in kg·m² or kg. */
        public Edit armature(String joint, double value) {
            atLeastZero("armature", value);
            return eachDof(joint, dof -> pointer.dof_armature().put(dof, value));
        }

        private Edit eachDof(String joint, IntConsumer change) {
            int id = Names.id(jointNames(), joint, "joint");
            int first = open().jnt_dofadr().get(id);
            int last = id + 1 < jointNames().size() ? pointer.jnt_dofadr().get(id + 1L) : velocities();
            for (int dof = first; dof < last; dof++) change.accept(dof);
            return this;
        }

        /** Sets the first gear of an actuator: the force or torque per unit of control. */
        public Edit gear(String actuator, double value) {
            if (!Double.isFinite(value)) throw new IllegalArgumentException("gear is " + value + ", expected a finite number");
            int id = Names.id(actuatorNames(), actuator, "actuator");
            open().actuator_gear().put(6L * mujoco.mjj_firstOutput(pointer, id), value);
            return this;
        }

        /** Makes an actuator powerless: all its gears become 0. */
        public Edit cripple(String actuator) {
            int id = Names.id(actuatorNames(), actuator, "actuator");
            long first = 6L * mujoco.mjj_firstOutput(open(), id), count = 6L * mujoco.mjj_outputs(pointer, id);
            for (long i = first; i < first + count; i++) pointer.actuator_gear().put(i, 0);
            return this;
        }

        /** Sets sliding, torsional (m) and rolling (m) friction of a geom. */
        public Edit friction(String geom, double sliding, double torsional, double rolling) {
            long at = 3L * Names.id(geomNames(), geom, "geom");
            double[] values = {atLeastZero("sliding friction", sliding), atLeastZero("torsional friction", torsional),
                atLeastZero("rolling friction", rolling)};
            for (int k = 0; k < 3; k++) open().geom_friction().put(at + k, values[k]);
            return this;
        }

        /**
         * Multiplies the entries of one array of constants, and nothing else: a mass changes without its inertia.
         *
         * @param factors one per entry of the array, in MuJoCo's order, with the world's body and the floor's geom included
         * @throws IllegalArgumentException for a wrong number of factors, or one that is negative or not finite
         */
        public Edit multiply(Constants constants, double... factors) {
            DoublePointer values = constants.of(open());
            int size = constants.size(Model.this);
            if (factors.length != size)
                throw new IllegalArgumentException(constants + ": given " + factors.length + " factors, expected " + size);
            for (int i = 0; i < size; i++) atLeastZero("factor " + i + " of " + constants, factors[i]);
            for (int i = 0; i < size; i++) multiply(values, i, factors[i], "entry " + i + " of " + constants);
            return this;
        }

        /**
         * The new model without computing derived constants again: the constraint solver goes on with the inverse weights of the old
         * masses, as in published environments that write into a compiled model. Prefer {@link #build()} for anything new.
         *
         * @throws IllegalStateException if it was built or closed before
         */
        public Model buildAsIs() {
            mjModel changed = open();
            // the built model owns a copy of its own, and this one goes: ownership that never changes hands cannot be lost
            try {
                return new Model(Native.call("copying the model", () -> mujoco.mjj_copyModel(changed)), family, warnings);
            } finally {
                close();
            }
        }

        /**
         * The new model, with all derived constants computed again.
         *
         * @throws IllegalStateException if it was built or closed before
         */
        public Model build() {
            mjModel changed = open();
            Native.run("computing the model's constants", () -> {
                mjData scratch = mujoco.mjj_makeData(changed);
                try {
                    int warned = mujoco.mjj_setConst(changed, scratch);
                    if (warned != 0)
                        throw new MujocoException("the changed model makes no sense: " + Warnings.explain(warned, changed, scratch));
                } finally {
                    mujoco.mj_deleteData(scratch);
                }
            });
            return buildAsIs();
        }

        private mjModel open() {
            if (pointer == null) throw new IllegalStateException("this edit is finished; begin a new one with edit()");
            return pointer;
        }

        /** Drops the copy; after {@link #build()} there is nothing left to drop. */
        @Override
        public void close() {
            pointer = null;
            cleanable.clean();
        }

        private static double positive(String what, double value) {
            if (!(value > 0) || Double.isInfinite(value))
                throw new IllegalArgumentException(what + " is " + value + ", expected a positive finite number");
            return value;
        }

        private static double atLeastZero(String what, double value) {
            if (!(value >= 0) || Double.isInfinite(value))
                throw new IllegalArgumentException(what + " is " + value + ", expected a finite number of at least 0");
            return value;
        }
    }
}
