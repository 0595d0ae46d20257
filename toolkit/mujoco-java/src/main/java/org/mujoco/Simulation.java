package org.mujoco;

import java.lang.ref.Cleaner;
import java.nio.DoubleBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.bytedeco.javacpp.DoublePointer;
import org.mujoco.generated.global.mujoco;
import org.mujoco.generated.mjData;
import org.mujoco.generated.mjModel;

/**
 * The changing state of one model: positions, velocities, forces. Several simulations may share a model, each in its own thread.
 *
 * <p>Reads copy out of buffers that are mapped once. Calls on one simulation from several threads wait for each other, so that closing it
 * while another thread steps or draws it is harmless. After {@link #close()} every call but {@code close} is an
 * {@link IllegalStateException}; an id or a range that does not exist is an {@link IndexOutOfBoundsException}.
 */
public final class Simulation implements AutoCloseable {
    private static final Object COPYING = new Object();
    /** Substeps between two looks at the thread's interrupt. */
    private static final int SUBSTEPS_AT_ONCE = 1000;

    private final Model model;
    private final mjModel modelPointer;
    private final mjData data;
    private final Cleaner.Cleanable cleanable;
    private final int stateSize;
    private final DoubleBuffer qpos, qvel, ctrl, act, sensorValues, mocapPositions, mocapRotations, sitePositions, siteRotations,
        bodyPositions, bodyCentres, bodyInertias, bodyVelocities, contactForces, jointForces, geomPositions, geomRotations;
    private boolean closed;

    /**
     * A simulation of this model in its start state.
     *
     * @throws IllegalStateException if the model is closed
     * @throws MujocoException if there is not enough memory, or if the start state makes no sense; see
     *     {@link #step(double[], int, boolean)}
     */
    public Simulation(Model model) {
        this.model = model;
        ModelMemory memory = model.memory();
        modelPointer = memory.retain();
        data = makeData(modelPointer, memory);
        cleanable = guard(this, data, memory);
        stateSize = mujoco.mjj_stateSize(modelPointer);
        qpos = map(data.qpos(), model.positions());
        qvel = map(data.qvel(), model.velocities());
        ctrl = map(data.ctrl(), model.controls());
        act = map(data.act(), model.activations());
        sensorValues = map(data.sensordata(), model.sensorValues());
        mocapPositions = map(data.mocap_pos(), 3 * model.mocapBodyNames().size());
        mocapRotations = map(data.mocap_quat(), 4 * model.mocapBodyNames().size());
        sitePositions = map(data.site_xpos(), 3 * model.siteNames().size());
        siteRotations = map(data.site_xmat(), 9 * model.siteNames().size());
        bodyPositions = map(data.xpos(), 3 * model.bodies());
        bodyCentres = map(data.xipos(), 3 * model.bodies());
        bodyInertias = map(data.cinert(), 10 * model.bodies());
        bodyVelocities = map(data.cvel(), 6 * model.bodies());
        contactForces = map(data.cfrc_ext(), 6 * model.bodies());
        jointForces = map(data.qfrc_actuator(), model.velocities());
        geomPositions = map(data.geom_xpos(), 3 * model.geoms());
        geomRotations = map(data.geom_xmat(), 9 * model.geoms());
        try {
            reset();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static mjData makeData(mjModel model, ModelMemory memory) {
        try {
            return Native.call("making a simulation", () -> Objects.requireNonNull(mujoco.mjj_makeData(model), "no data"));
        } catch (RuntimeException e) {
            memory.release();
            throw e;
        }
    }

    private static Cleaner.Cleanable guard(Simulation owner, mjData data, ModelMemory memory) {
        Native.count(1);
        return Native.guard(owner, () -> {
            mujoco.mj_deleteData(data);
            memory.release();
            Native.count(-1);
        });
    }

    private static DoubleBuffer map(DoublePointer pointer, int size) {
        return size == 0 ? DoubleBuffer.allocate(0) : pointer.capacity(size).asBuffer();
    }

    /** The model. */
    public Model model() {
        return model;
    }

    /** Back to the model's start state, with all derived quantities computed: velocities, activations and controls are 0. */
    public synchronized void reset() {
        open();
        Native.run("reset", () -> mujoco.mjj_resetData(modelPointer, data));
        forward();
    }

    /**
     * To the start state with these positions [nq] and velocities [nv], with all derived quantities computed. Activations and controls are
     * 0; see {@link #reset(double[], double[], double[])} for a state with activations.
     *
     * @throws IllegalArgumentException for wrong lengths or values that are not finite
     */
    public void reset(double[] positions, double[] velocities) {
        reset(positions, velocities, new double[model.activations()]);
    }

    /**
     * To the start state with these positions [nq], velocities [nv] and activations [na], with all derived quantities computed. Controls
     * are 0.
     *
     * @throws IllegalArgumentException for wrong lengths or values that are not finite
     */
    public synchronized void reset(double[] positions, double[] velocities, double[] activations) {
        check("positions", positions, model.positions());
        check("velocities", velocities, model.velocities());
        check("activations", activations, model.activations());
        open();
        Native.run("reset", () -> {
            mujoco.mjj_resetData(modelPointer, data);
            qpos.put(0, positions);
            qvel.put(0, velocities);
            act.put(0, activations);
        });
        forward();
    }

    /**
     * To a keyframe of the model: its time, positions, velocities, activations, controls and mocap poses, with all derived quantities
     * computed.
     *
     * @throws IllegalArgumentException if there is no such keyframe; the message lists them
     */
    public void resetToKeyframe(String name) {
        resetToKeyframe(model.keyframeId(name));
    }

    /**
     * The same by number, for a keyframe without a name.
     *
     * @throws IndexOutOfBoundsException if there is no such keyframe
     */
    public synchronized void resetToKeyframe(int keyframe) {
        Model.check(keyframe, model.keyframeNames().size(), "keyframe");
        open();
        Native.run("reset", () -> mujoco.mjj_resetToKeyframe(modelPointer, data, keyframe));
        forward();
    }

    /**
     * Back to the model's start state as MuJoCo's own mj_resetData leaves it: nothing is derived from it before the next step, which begins
     * without a warm start. For published environments that step at once; anything new takes {@link #reset()}.
     */
    public synchronized void resetAsIs() {
        open();
        Native.run("reset", () -> mujoco.mjj_resetData(modelPointer, data));
    }

    /**
     * Goes on from these positions [nq] and velocities [nv], with all derived quantities computed. Time, controls, activations and the
     * poses of bodies that are moved by hand stay.
     *
     * @throws IllegalArgumentException for wrong lengths or values that are not finite
     */
    public synchronized void place(double[] positions, double[] velocities) {
        check("positions", positions, model.positions());
        check("velocities", velocities, model.velocities());
        open();
        qpos.put(0, positions);
        qvel.put(0, velocities);
        forward();
    }

    /**
     * Computes all derived quantities of the present state: places, contacts, sensors and accelerations, which after a step are those of
     * its last substep's beginning. As in MuJoCo, the solver's next warm start comes from here.
     */
    public synchronized void forward() {
        open();
        int warned;
        try {
            warned = mujoco.mjj_forward(modelPointer, data);
        } catch (RuntimeException e) {
            throw new MujocoException("computing the state failed: " + Warnings.explain(e.getMessage(), modelPointer), e);
        }
        if (warned != 0) throw new MujocoException("this state: " + Warnings.explain(warned, modelPointer, data));
    }

    private static void check(String what, double[] values, int expected) {
        Objects.requireNonNull(values, what);
        if (values.length != expected)
            throw new IllegalArgumentException(what + ": given " + values.length + " values, expected " + expected);
        for (int i = 0; i < expected; i++)
            if (!Double.isFinite(values[i]))
                throw new IllegalArgumentException(what + ": entry " + i + " is " + values[i] + ", expected a finite number");
    }

    /** Moves on by this many substeps with constant control; see {@link #step(double[], int, boolean)}. */
    public void step(double[] control, int substeps) {
        step(control, substeps, false);
    }

    /**
     * Moves on by this many substeps with constant control.
     *
     * @param control one value per control; the model clamps it to the actuator's range
     * @param substeps number of time steps, at least 1
     * @param withContactForces whether {@link #contactForces} is computed afterwards
     * @throws IllegalArgumentException for a wrong number of controls or substeps
     * @throws MujocoException if a control is not finite (names the actuator; nothing moved), or if MuJoCo warned: of an unstable state, of
     *     too little memory for contacts or constraints, of a singular inertia (the simulation was reset); or if the thread was interrupted
     *     between substeps
     */
    public synchronized void step(double[] control, int substeps, boolean withContactForces) {
        if (control.length != model.controls())
            throw new IllegalArgumentException(
                "control: given " + control.length + " values, expected " + model.controls() + " (" + model.actuatorNames() + ")");
        if (substeps < 1) throw new IllegalArgumentException("substeps is " + substeps + ", expected at least 1");
        for (int i = 0; i < control.length; i++) if (!Double.isFinite(control[i])) refuse(i, control[i]);
        open();
        ctrl.put(0, control);
        int warned = 0;
        try {
            for (int left = substeps; left > 0 && warned == 0; left -= SUBSTEPS_AT_ONCE) {
                if (left < substeps && Thread.currentThread().isInterrupted())
                    throw new MujocoException("the step was interrupted after " + (substeps - left) + " of " + substeps + " substeps");
                warned = mujoco.mjj_step(modelPointer, data, Math.min(left, SUBSTEPS_AT_ONCE),
                    withContactForces && left <= SUBSTEPS_AT_ONCE ? 1 : 0);
            }
        } catch (MujocoException e) {
            throw e;
        } catch (RuntimeException e) {
            resetAfter(new MujocoException(
                "the step failed: " + Warnings.explain(e.getMessage(), modelPointer) + " The simulation was reset.", e));
        }
        if (warned != 0) resetAfter(new MujocoException(Warnings.explain(warned, modelPointer, data) + " The simulation was reset."));
    }

    /** Throws this; a start state that fails as well must not hide it. */
    private void resetAfter(MujocoException failure) {
        try {
            reset();
        } catch (MujocoException e) {
            failure.addSuppressed(e);
        }
        throw failure;
    }

    private void refuse(int control, double value) {
        throw new MujocoException("control of actuator " + model.actuatorOfControl(control) + " is " + value
            + ", expected a finite number. The simulation did not move.");
    }

    /** Seconds since the start. */
    public synchronized double time() {
        open();
        return data.time();
    }

    /** Position coordinate {@code i} of nq. */
    public synchronized double position(int i) {
        open();
        return qpos.get(Model.check(i, model.positions(), "position"));
    }

    /** Velocity coordinate {@code i} of nv. */
    public synchronized double velocity(int i) {
        open();
        return qvel.get(Model.check(i, model.velocities(), "velocity"));
    }

    /** Copies all position coordinates (nq) to the beginning of {@code target}. */
    public void positions(double[] target) {
        positions(0, target, 0);
    }

    /** Copies all position coordinates from {@code first} on to {@code target[at…]}. */
    public void positions(int first, double[] target, int at) {
        read(qpos, first, model.positions() - first, target, at);
    }

    /** Copies all velocity coordinates (nv) to the beginning of {@code target}. */
    public void velocities(double[] target) {
        velocities(0, target, 0);
    }

    /** Copies all velocity coordinates from {@code first} on to {@code target[at…]}. */
    public void velocities(int first, double[] target, int at) {
        read(qvel, first, model.velocities() - first, target, at);
    }

    /** Copies the present controls (nu) to {@code target[at…]}. */
    public void controls(double[] target, int at) {
        read(ctrl, 0, model.controls(), target, at);
    }

    /** The activations [na]: the inner states of actuators that have one. */
    public double[] activations() {
        double[] values = new double[model.activations()];
        read(act, 0, values.length, values, 0);
        return values;
    }

    /**
     * Sets the activations [na]; forces and sensors follow with the next step.
     *
     * @throws IllegalArgumentException for a wrong length or values that are not finite
     */
    public synchronized void activations(double[] values) {
        check("activations", values, model.activations());
        open();
        act.put(0, values);
    }

    /**
     * The values of a sensor, as of the last step or reset.
     *
     * @throws IllegalArgumentException if there is no such sensor; the message lists them
     */
    public double[] sensor(String name) {
        return sensor(model.sensorId(name));
    }

    /**
     * The same by number, for a sensor without a name.
     *
     * @throws IndexOutOfBoundsException if there is no such sensor
     */
    public double[] sensor(int sensor) {
        Model.check(sensor, model.sensorNames().size(), "sensor");
        double[] values = new double[model.sensorSize(sensor)];
        read(sensorValues, model.sensorFirst(sensor), values.length, values, 0);
        return values;
    }

    /** Copies the values of all sensors, one sensor after the other (MuJoCo's sensordata), to {@code target[at…]}. */
    public void sensors(double[] target, int at) {
        read(sensorValues, 0, model.sensorValues(), target, at);
    }

    /**
     * The position (x, y, z in m) of a site.
     *
     * @throws IllegalArgumentException if there is no such site; the message lists them
     */
    public double[] sitePosition(String site) {
        double[] position = new double[3];
        sitePosition(model.siteId(site), position, 0);
        return position;
    }

    /** Copies the position (x, y, z in m) of a site to {@code target[at…]}. */
    public void sitePosition(int site, double[] target, int at) {
        read(sitePositions, 3 * Model.check(site, model.siteNames().size(), "site"), 3, target, at);
    }

    /** Copies the rotation matrix (9 values, row after row) of a site to {@code target[at…]}. */
    public void siteRotation(int site, double[] target, int at) {
        read(siteRotations, 9 * Model.check(site, model.siteNames().size(), "site"), 9, target, at);
    }

    /**
     * Where a body that is moved by hand was put: position (x, y, z in m), then rotation (quaternion w, x, y, z).
     *
     * @throws IllegalArgumentException if there is no such body, or if the simulation moves it
     */
    public double[] mocapPose(String body) {
        double[] pose = new double[7];
        int id = model.mocapId(body);
        read(mocapPositions, 3 * id, 3, pose, 0);
        read(mocapRotations, 4 * id, 4, pose, 3);
        return pose;
    }

    /**
     * Moves a body by hand; its frame, geoms and sites follow with the next step.
     *
     * @param position x, y, z in m
     * @param rotation quaternion w, x, y, z; its length is made 1
     * @throws IllegalArgumentException if there is no such body, or if the simulation moves it, or for values that make no pose
     */
    public synchronized void mocapPose(String body, double[] position, double[] rotation) {
        int id = model.mocapId(body);
        check("position", position, 3);
        check("rotation", rotation, 4);
        double length = Math.sqrt(Arrays.stream(rotation).map(q -> q * q).sum());
        if (!(length > 1e-10) || Double.isInfinite(length))
            throw new IllegalArgumentException("rotation: " + Arrays.toString(rotation) + " is no quaternion; no rotation is 1, 0, 0, 0");
        open();
        mocapPositions.put(3 * id, position);
        mocapRotations.put(4 * id, Arrays.stream(rotation).map(q -> q / length).toArray());
    }

    /** Copies the position (x, y, z in m) of the frame of a body to {@code target[at…]}. */
    public void bodyPosition(int body, double[] target, int at) {
        read(bodyPositions, 3 * Model.check(body, model.bodies(), "body"), 3, target, at);
    }

    /**
     * The position (x, y, z in m) of the frame of a body.
     *
     * @throws IllegalArgumentException if there is no such body; the message lists them
     */
    public double[] bodyPosition(String body) {
        double[] position = new double[3];
        bodyPosition(model.bodyId(body), position, 0);
        return position;
    }

    /**
     * Copies the position (x, y, z in m) of the centre of mass of every body, [bodies × 3] with the world first, to {@code target[at…]}.
     */
    public void bodyCentres(double[] target, int at) {
        read(bodyCentres, 0, 3 * model.bodies(), target, at);
    }

    /**
     * Copies the inertia of every body about the tree's centre of mass, [bodies × 10] with the world first (MuJoCo's cinert), to
     * {@code target[at…]}.
     */
    public void bodyInertias(double[] target, int at) {
        read(bodyInertias, 0, 10 * model.bodies(), target, at);
    }

    /**
     * Copies the velocity of every body, [bodies × 6] with the world first, rotation before translation (MuJoCo's cvel), to
     * {@code target[at…]}.
     */
    public void bodyVelocities(double[] target, int at) {
        read(bodyVelocities, 0, 6 * model.bodies(), target, at);
    }

    /**
     * Copies the external force on every body, [bodies × 6] with the world first, torque before force (MuJoCo's cfrc_ext), to
     * {@code target[at…]}; computed by steps that ask for it.
     */
    public void contactForces(double[] target, int at) {
        read(contactForces, 0, 6 * model.bodies(), target, at);
    }

    /** Copies the force of the actuators on every degree of freedom, [velocities] (MuJoCo's qfrc_actuator), to {@code target[at…]}. */
    public void actuatorForces(double[] target, int at) {
        read(jointForces, 0, model.velocities(), target, at);
    }

    /** Copies the position (x, y, z in m) of a geom's centre to {@code target[at…]}. */
    public void geomPosition(int geom, double[] target, int at) {
        read(geomPositions, 3 * Model.check(geom, model.geoms(), "geom"), 3, target, at);
    }

    /** Copies the rotation matrix (9 values, row after row) of a geom to {@code target[at…]}. */
    public void geomRotation(int geom, double[] target, int at) {
        read(geomRotations, 9 * Model.check(geom, model.geoms(), "geom"), 9, target, at);
    }

    private synchronized void read(DoubleBuffer source, int first, int count, double[] target, int at) {
        open();
        if (first < 0 || count < 0) throw new IndexOutOfBoundsException("first is " + first + ", expected 0 to " + source.capacity());
        if (at < 0 || at > target.length - count)
            throw new IndexOutOfBoundsException(
                "target: " + count + " values from index " + at + " on do not fit into an array of " + target.length);
        source.get(first, target, at, count);
    }

    /** Everything that determines the future, bit for bit: a copy, to be handed to {@link #state(double[])}. */
    public synchronized double[] state() {
        open();
        double[] state = new double[stateSize];
        Native.run("reading the state", () -> mujoco.mjj_getState(modelPointer, data, state));
        return state;
    }

    /**
     * Goes to a state that {@link #state()} gave, here or in a simulation of a model with the same bodies.
     *
     * @throws IllegalArgumentException for a wrong length or values that are not finite
     */
    public synchronized void state(double[] state) {
        check("state", state, stateSize);
        open();
        Native.run("setting the state", () -> {
            mujoco.mjj_setState(modelPointer, data, state);
            forward();
            // computing the derived quantities moved the solver's warm start, which is part of the state
            mujoco.mjj_setState(modelPointer, data, state);
        });
    }

    /**
     * Becomes an exact copy of another simulation of the same model, derived quantities included.
     *
     * @throws IllegalArgumentException if the other one simulates another model; take {@link #state()} there
     */
    public void copyFrom(Simulation other) {
        if (other.model != model)
            throw new IllegalArgumentException("the other simulation has a different model; copy its state() instead");
        // two simulations that copy from each other in two threads must not wait for each other
        synchronized (COPYING) {
            synchronized (this) {
                synchronized (other) {
                    open();
                    other.open();
                    if (other != this) Native.run("copying a simulation", () -> mujoco.mjj_copyData(data, modelPointer, other.data));
                }
            }
        }
    }

    private void open() {
        if (closed) throw new IllegalStateException("the simulation is closed; make a new one");
    }

    /** The native data, for a caller that holds this object's lock. */
    mjData data() {
        open();
        return data;
    }

    /** The model as MuJoCo sees it, for a caller that holds this object's lock. */
    mjModel modelPointer() {
        open();
        return modelPointer;
    }

    /** Frees the simulation; closing twice is fine. */
    @Override
    public synchronized void close() {
        closed = true;
        cleanable.clean();
    }

    @Override
    public synchronized String toString() {
        if (closed) return "Simulation (closed)";
        double[] values = new double[model.positions()];
        positions(values);
        return "Simulation at " + time() + " s, positions " + Arrays.toString(values);
    }
}
