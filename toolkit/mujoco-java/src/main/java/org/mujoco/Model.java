package org.mujoco;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.mujoco.generated.global.mujoco;
import org.mujoco.generated.mjData;
import org.mujoco.generated.mjModel;
import org.mujoco.generated.mjSpec;

/**
 * A compiled MuJoCo model: bodies, joints, actuators and their constants. Immutable; {@link #edit()} makes changed copies.
 *
 * <p>One model may serve many simulations, also in several threads. Its native memory lives until it and all of them are closed.
 */
public final class Model implements AutoCloseable {
    private static final int ERROR_TEXT = 1024;

    private final mjModel pointer;
    private final int[] sizes;
    private final List<String> bodyNames, jointNames, actuatorNames, geomNames;
    private int users = 1;
    private boolean closed;

    private Model(mjModel pointer) {
        this.pointer = pointer;
        sizes = new int[] {(int) pointer.nq(), (int) pointer.nv(), (int) pointer.nu(), (int) pointer.nbody(), (int) pointer.njnt(), (int) pointer.ngeom()};
        bodyNames = names(mujoco.mjOBJ_BODY, bodies());
        jointNames = names(mujoco.mjOBJ_JOINT, sizes[4]);
        actuatorNames = names(mujoco.mjOBJ_ACTUATOR, controls());
        geomNames = names(mujoco.mjOBJ_GEOM, geoms());
        Native.count(1);
    }

    /**
     * Compiles a model from MJCF text.
     *
     * @throws MujocoException if the text is not a valid model; the message is MuJoCo's, with the line
     */
    public static Model fromXml(String xml) {
        Native.load();
        return Native.call("compiling the model", () -> {
            byte[] error = new byte[ERROR_TEXT];
            mjSpec spec = mujoco.mj_parseXMLString(xml, null, error, ERROR_TEXT);
            if (spec == null || spec.isNull()) throw new MujocoException("this is not a valid MJCF model: " + text(error));
            try {
                mjModel model = mujoco.mj_compile(spec, null);
                if (model == null || model.isNull()) throw new MujocoException("the model does not compile: " + mujoco.mjs_getError(spec).getString());
                return new Model(model);
            } finally {
                mujoco.mj_deleteSpec(spec);
            }
        });
    }

    /**
     * Compiles a model from an MJCF file.
     *
     * @throws MujocoException if the file is missing or not a valid model
     */
    public static Model fromFile(Path file) {
        try {
            return fromXml(Files.readString(file));
        } catch (IOException e) {
            throw new MujocoException("the model file " + file.toAbsolutePath() + " cannot be read (" + e.getClass().getSimpleName() + "); expected an MJCF file", e);
        }
    }

    /** The version of the MuJoCo library in use, such as 3.17.0. */
    public static String version() {
        Native.load();
        return mujoco.mj_versionString().getString();
    }

    private static String text(byte[] error) {
        int n = 0;
        while (n < error.length && error[n] != 0) n++;
        return new String(error, 0, n, java.nio.charset.StandardCharsets.UTF_8).trim();
    }

    private List<String> names(int type, int count) {
        var names = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            BytePointer name = mujoco.mj_id2name(pointer, type, i);
            names.add(name == null || name.isNull() ? "" : name.getString());
        }
        return List.copyOf(names);
    }

    /** Number of position coordinates, nq. */
    public int positions() {
        return sizes[0];
    }

    /** Number of velocity coordinates, nv. */
    public int velocities() {
        return sizes[1];
    }

    /** Number of controls, nu. */
    public int controls() {
        return sizes[2];
    }

    /** Number of bodies, with the world as number 0. */
    public int bodies() {
        return sizes[3];
    }

    /** Number of geoms. */
    public int geoms() {
        return sizes[5];
    }

    /** Seconds per substep. */
    public double timestep() {
        return pointer().opt().timestep();
    }

    /** Names in order of their ids; empty for an unnamed one. */
    public List<String> bodyNames() {
        return bodyNames;
    }

    /** Names in order of their ids; empty for an unnamed one. */
    public List<String> jointNames() {
        return jointNames;
    }

    /** Names in order of their ids; empty for an unnamed one. */
    public List<String> actuatorNames() {
        return actuatorNames;
    }

    /** Names in order of their ids; empty for an unnamed one. */
    public List<String> geomNames() {
        return geomNames;
    }

    /** The coordinates of the model's own start position, qpos0. */
    public double[] initialPositions() {
        double[] values = new double[positions()];
        pointer().qpos0().get(values);
        return values;
    }

    /** The parent of each body; the world is its own. */
    public int[] bodyParents() {
        int[] parents = new int[bodies()];
        pointer().body_parentid().get(parents);
        return parents;
    }

    /** Half the length in m of a capsule or cylinder along its own z axis; 0 for any other geom. */
    public double geomHalfLength(int geom) {
        if (geom < 0 || geom >= geoms()) throw new IndexOutOfBoundsException("geom " + geom + " of " + geoms());
        int type = pointer().geom_type().get(geom);
        return type == mujoco.mjGEOM_CAPSULE || type == mujoco.mjGEOM_CYLINDER ? pointer().geom_size().get(3L * geom + 1) : 0;
    }

    /** The mass of a body in kg. */
    public double bodyMass(String name) {
        return pointer().body_mass().get(id(bodyNames, name, "body"));
    }

    /** The id of a body. */
    public int bodyId(String name) {
        return id(bodyNames, name, "body");
    }

    private static int id(List<String> names, String name, String kind) {
        int id = names.indexOf(name);
        if (id < 0 || name.isEmpty())
            throw new IllegalArgumentException("the model has no " + kind + " named '" + name + "'; it has " + names.stream().filter(n -> !n.isEmpty()).toList());
        return id;
    }

    /** Begins a changed copy. */
    public Edit edit() {
        return new Edit(Native.call("copying the model", () -> mujoco.mj_copyModel(null, pointer())));
    }

    /** A changed copy in the making: set constants by name, then {@link #build()}. Close it if it was not built. */
    public final class Edit implements AutoCloseable {
        private mjModel copy;

        private Edit(mjModel copy) {
            this.copy = copy;
        }

        /** Multiplies mass and inertia of one body. */
        public Edit scaleMass(String body, double factor) {
            return scaleMass(id(bodyNames, body, "body"), positive("mass factor", factor));
        }

        /** Multiplies mass and inertia of all bodies. */
        public Edit scaleAllMasses(double factor) {
            for (int i = 0; i < bodies(); i++) scaleMass(i, positive("mass factor", factor));
            return this;
        }

        private Edit scaleMass(int body, double factor) {
            DoublePointer mass = open().body_mass(), inertia = open().body_inertia();
            mass.put(body, factor * mass.get(body));
            for (int k = 0; k < 3; k++) inertia.put(3L * body + k, factor * inertia.get(3L * body + k));
            return this;
        }

        /** Sets the damping of all degrees of freedom of one joint. */
        public Edit damping(String joint, double value) {
            return eachDof(joint, dof -> open().dof_damping().put(dof, atLeastZero("damping", value)));
        }

        /** Sets the armature (rotor inertia) of all degrees of freedom of one joint. */
        public Edit armature(String joint, double value) {
            return eachDof(joint, dof -> open().dof_armature().put(dof, atLeastZero("armature", value)));
        }

        private Edit eachDof(String joint, IntFunction<?> change) {
            int id = id(jointNames, joint, "joint");
            int first = open().jnt_dofadr().get(id);
            int last = id + 1 < jointNames.size() ? open().jnt_dofadr().get(id + 1L) : velocities();
            for (int dof = first; dof < last; dof++) change.apply(dof);
            return this;
        }

        /** Sets the first gear of an actuator; 0 cripples it. */
        public Edit gear(String actuator, double value) {
            if (!Double.isFinite(value)) throw new IllegalArgumentException("gear is " + value + ", expected a finite number");
            open().actuator_gear().put(6L * id(actuatorNames, actuator, "actuator"), value);
            return this;
        }

        /** Sets sliding, torsional and rolling friction of a geom. */
        public Edit friction(String geom, double sliding, double torsional, double rolling) {
            long at = 3L * id(geomNames, geom, "geom");
            open().geom_friction().put(at, atLeastZero("friction", sliding));
            open().geom_friction().put(at + 1, atLeastZero("friction", torsional));
            open().geom_friction().put(at + 2, atLeastZero("friction", rolling));
            return this;
        }

        /**
         * The new model, with all derived constants computed again.
         *
         * @throws IllegalStateException if it was built or closed before
         */
        public Model build() {
            mjModel model = open();
            Native.call("computing the model's constants", () -> {
                mjData scratch = mujoco.mj_makeData(model);
                mujoco.mj_setConst(model, scratch);
                mujoco.mj_deleteData(scratch);
                return null;
            });
            copy = null;
            return new Model(model);
        }

        private mjModel open() {
            if (copy == null) throw new IllegalStateException("this edit is finished; begin another one with edit()");
            return copy;
        }

        /** Drops the copy, unless it was built. */
        @Override
        public void close() {
            if (copy != null) mujoco.mj_deleteModel(copy);
            copy = null;
        }

        private static double positive(String what, double value) {
            if (!(value > 0) || Double.isInfinite(value)) throw new IllegalArgumentException(what + " is " + value + ", expected a positive finite number");
            return value;
        }

        private static double atLeastZero(String what, double value) {
            if (!(value >= 0) || Double.isInfinite(value)) throw new IllegalArgumentException(what + " is " + value + ", expected a finite number of at least 0");
            return value;
        }
    }

    mjModel pointer() {
        if (users == 0) throw new IllegalStateException("the model is closed");
        return pointer;
    }

    /** Another simulation or renderer uses this model. */
    synchronized mjModel retain() {
        if (closed) throw new IllegalStateException("the model is closed; load it again");
        users++;
        return pointer;
    }

    synchronized void release() {
        if (--users > 0) return;
        mujoco.mj_deleteModel(pointer);
        Native.count(-1);
    }

    /** Frees the model as soon as no simulation uses it any more. */
    @Override
    public synchronized void close() {
        if (closed) return;
        closed = true;
        release();
    }
}
