package org.mujoco;

import java.nio.DoubleBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.DoublePointer;
import org.mujoco.generated.global.mujoco;
import org.mujoco.generated.mjData;
import org.mujoco.generated.mjModel;

/**
 * The changing state of one model: positions, velocities, forces. Not thread-safe; several simulations may share a model.
 *
 * <p>Reads copy out of buffers that are mapped once, at a few nanoseconds a value.
 */
public final class Simulation implements AutoCloseable {
    private static final int STATE = mujoco.mjSTATE_INTEGRATION;

    private final Model model;
    private final mjModel modelPointer;
    private final mjData data;
    private final DoubleBuffer qpos, qvel, ctrl, xpos, contactForces, geomPositions, geomRotations;
    private boolean closed;

    /** A simulation of this model in its start state. */
    public Simulation(Model model) {
        this.model = model;
        modelPointer = model.retain();
        data = Native.call("making a simulation", () -> mujoco.mj_makeData(modelPointer));
        qpos = map(data.qpos(), model.positions());
        qvel = map(data.qvel(), model.velocities());
        ctrl = map(data.ctrl(), model.controls());
        xpos = map(data.xpos(), 3 * model.bodies());
        contactForces = map(data.cfrc_ext(), 6 * model.bodies());
        geomPositions = map(data.geom_xpos(), 3 * model.geoms());
        geomRotations = map(data.geom_xmat(), 9 * model.geoms());
        Native.count(1);
        reset();
    }

    private static DoubleBuffer map(DoublePointer pointer, int size) {
        return size == 0 ? DoubleBuffer.allocate(0) : pointer.capacity(size).asBuffer();
    }

    /** The model. */
    public Model model() {
        return model;
    }

    /** Back to the model's start state, with all derived quantities computed. */
    public void reset() {
        mjData d = data();
        Native.call("reset", () -> {
            mujoco.mj_resetData(modelPointer, d);
            mujoco.mj_forward(modelPointer, d);
            return null;
        });
    }

    /**
     * To the start state with these positions and velocities, with all derived quantities computed.
     *
     * @throws IllegalArgumentException for wrong lengths or values that are not finite
     */
    public void reset(double[] positions, double[] velocities) {
        check("positions", positions, model.positions());
        check("velocities", velocities, model.velocities());
        mjData d = data();
        Native.call("reset", () -> {
            mujoco.mj_resetData(modelPointer, d);
            qpos.put(0, positions);
            qvel.put(0, velocities);
            mujoco.mj_forward(modelPointer, d);
            return null;
        });
    }

    private static void check(String what, double[] values, int expected) {
        if (values.length != expected) throw new IllegalArgumentException(what + ": given " + values.length + " values, expected " + expected);
        for (int i = 0; i < expected; i++)
            if (!Double.isFinite(values[i])) throw new IllegalArgumentException(what + ": entry " + i + " is " + values[i] + ", expected a finite number");
    }

    /** Moves on by this many substeps with constant control; see {@link #step(double[], int, boolean)}. */
    public void step(double[] control, int substeps) {
        step(control, substeps, false);
    }

    /**
     * Moves on by this many substeps with constant control.
     *
     * @param control one value per actuator; the model clamps it to the actuator's range
     * @param substeps number of time steps, at least 1
     * @param withContactForces whether {@link #contactForces} is computed afterwards
     * @throws MujocoException if a control is not a number (names the actuator) or the state has become unstable; the simulation is then reset
     */
    public void step(double[] control, int substeps, boolean withContactForces) {
        if (control.length != model.controls())
            throw new IllegalArgumentException("control: given " + control.length + " values, expected " + model.controls() + " (" + model.actuatorNames() + ")");
        if (substeps < 1) throw new IllegalArgumentException("substeps is " + substeps + ", expected at least 1");
        for (int i = 0; i < control.length; i++) if (!Double.isFinite(control[i])) refuse(i, control[i]);
        ctrl.put(0, control);
        int bad;
        try {
            bad = mujoco.mjj_step(modelPointer, data(), substeps, withContactForces ? 1 : 0);
        } catch (RuntimeException e) {
            if (closed) throw e;
            reset();
            throw new MujocoException("the step failed: " + e.getMessage() + ". The simulation was reset.", e);
        }
        if (bad > 0) unstable();
    }

    private void refuse(int actuator, double value) {
        throw new MujocoException("control of actuator " + actuator + " '" + model.actuatorNames().get(actuator) + "' is " + value
            + ", expected a finite number. The simulation did not move.");
    }

    private void unstable() {
        String warning = mujoco.mjj_lastWarning().getString();
        reset();
        throw new MujocoException("the simulation became unstable: " + warning + " It was reset. Smaller actions, a smaller time step or lighter changes of the model help.");
    }

    /** Seconds since the start. */
    public double time() {
        return data().time();
    }

    /** Position coordinate {@code i}. */
    public double position(int i) {
        open();
        return qpos.get(i);
    }

    /** Copies all position coordinates from {@code first} on to {@code target[at…]}. */
    public void positions(int first, double[] target, int at) {
        open();
        qpos.get(first, target, at, model.positions() - first);
    }

    /** Copies all velocity coordinates from {@code first} on to {@code target[at…]}. */
    public void velocities(int first, double[] target, int at) {
        open();
        qvel.get(first, target, at, model.velocities() - first);
    }

    /** Copies the position (x, y, z) of the frame of a body to {@code target[at…]}. */
    public void bodyPosition(int body, double[] target, int at) {
        open();
        xpos.get(3 * body, target, at, 3);
    }

    /** Copies the contact forces, six per body, to {@code target[at…]}; computed by steps that ask for it. */
    public void contactForces(double[] target, int at) {
        open();
        contactForces.get(0, target, at, 6 * model.bodies());
    }

    /** Copies the position (x, y, z) of a geom's centre to {@code target[at…]}. */
    public void geomPosition(int geom, double[] target, int at) {
        open();
        geomPositions.get(3 * geom, target, at, 3);
    }

    /** Copies the rotation matrix (9 values, row after row) of a geom to {@code target[at…]}. */
    public void geomRotation(int geom, double[] target, int at) {
        open();
        geomRotations.get(9 * geom, target, at, 9);
    }

    /** Everything that determines the future, bit for bit. */
    public double[] state() {
        mjData d = data();
        return Native.call("reading the state", () -> {
            double[] state = new double[(int) mujoco.mj_stateSize(modelPointer, STATE)];
            mujoco.mj_getState(modelPointer, d, state, STATE);
            return state;
        });
    }

    /** Goes to a state that {@link #state()} gave. */
    public void state(double[] state) {
        mjData d = data();
        Native.call("setting the state", () -> {
            check("state", state, (int) mujoco.mj_stateSize(modelPointer, STATE));
            mujoco.mj_setState(modelPointer, d, state, STATE);
            mujoco.mj_forward(modelPointer, d);
            return null;
        });
    }

    private void open() {
        if (closed) throw new IllegalStateException("the simulation is closed");
    }

    mjData data() {
        open();
        return data;
    }

    /** Frees the simulation; closing twice is fine. */
    @Override
    public void close() {
        if (closed) return;
        closed = true;
        mujoco.mj_deleteData(data);
        Native.count(-1);
        model.release();
    }

    @Override
    public String toString() {
        return closed ? "Simulation (closed)" : "Simulation at " + time() + " s, positions " + Arrays.toString(copyOfPositions());
    }

    private double[] copyOfPositions() {
        double[] values = new double[model.positions()];
        positions(0, values, 0);
        return values;
    }
}
