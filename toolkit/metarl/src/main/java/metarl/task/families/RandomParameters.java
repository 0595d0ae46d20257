package metarl.task.families;

import static metarl.task.Parameter.Changes.DYNAMICS;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import metarl.env.body.Body;
import metarl.env.body.Change;
import metarl.task.Parameter;
import metarl.task.Task;

/**
 * Bodies whose constants are multiplied at random (rand_param_envs, used by PEARL and MQL): every mass, inertia and friction by 1.5^u and
 * every damping by 1.3^u, each with a u ~ U(−3, 3) of its own.
 *
 * <p>The parameters of a task are the multipliers: mass per part, inertia per part and axis, damping per joint, friction per geom (the
 * floor first) and coefficient. The root's joints have no damping to multiply. As in the source nothing derived is computed again. Its
 * time step is 0.004 s, not the 0.002 s of later models, and every environment step has four, whatever the class asks for: 0.016 s.
 *
 * @param parts number of parts without the world
 * @param joints number of joints without the root's three
 * @param geoms number of geoms with the floor
 */
record RandomParameters(int parts, int joints, int geoms) {
    private static final double SPREAD = 1.5, DAMPING_SPREAD = 1.3, LIMIT = 3;
    private static final int ROOT_DOFS = 3;
    static final double TIMESTEP = 0.004;
    static final int SUBSTEPS = 4;

    List<Parameter> parameters() {
        var all = new ArrayList<Parameter>();
        all.addAll(group("mass", parts, SPREAD));
        all.addAll(group("inertia", 3 * parts, SPREAD));
        all.addAll(group("damping", joints, DAMPING_SPREAD));
        all.addAll(group("friction", 3 * geoms, SPREAD));
        return all;
    }

    private static List<Parameter> group(String name, int count, double spread) {
        return Parameter.group(name, count, "", Math.pow(spread, -LIMIT), Math.pow(spread, LIMIT), DYNAMICS);
    }

    private int count() {
        return 4 * parts + joints + 3 * geoms;
    }

    /** Nothing is multiplied. */
    double[] ones() {
        return DoubleStream.generate(() -> 1).limit(count()).toArray();
    }

    double[] draw(RandomGenerator random) {
        double[] values = new double[count()];
        for (int i = 0; i < values.length; i++) {
            boolean isDamping = i >= 4 * parts && i < 4 * parts + joints;
            values[i] = Math.pow(isDamping ? DAMPING_SPREAD : SPREAD, random.nextDouble(-LIMIT, LIMIT));
        }
        return values;
    }

    Body apply(Body body, Task task) {
        List<Double> values = task.values();
        return body.with(new Change.Timestep(TIMESTEP))
            .with(new Change.Masses(after(1, values.subList(0, parts))))
            .with(new Change.Inertias(after(3, values.subList(parts, 4 * parts))))
            .with(new Change.Dampings(after(ROOT_DOFS, values.subList(4 * parts, 4 * parts + joints))))
            .with(new Change.Frictions(after(0, values.subList(4 * parts + joints, values.size()))));
    }

    /** The values behind some that are not multiplied. */
    private static List<Double> after(int untouched, List<Double> values) {
        var all = new ArrayList<Double>();
        for (int i = 0; i < untouched; i++) all.add(1.0);
        all.addAll(values);
        return List.copyOf(all);
    }
}
