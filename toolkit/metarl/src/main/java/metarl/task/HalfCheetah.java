package metarl.task;

import java.util.List;
import metarl.env.Bodies;
import metarl.env.Environment;

/**
 * The HalfCheetah families. A planar body with six joints; MuJoCo at 0.01 s, five substeps per step (0.05 s).
 *
 * <p><b>Velocity</b> (PEARL and MQL, identical files): run at a given speed v* ~ U(0, 3) m/s; reward −|vx − v*| − 0.05 ‖a‖², 200 steps, no
 * termination. Observation: positions without the root's x (8), velocities (9), position of the torso (3).
 * Outcome: forward velocity vx = Δx/0.05 s and position x of the root. MAML and garage draw v* from U(0, 2): returns are not comparable.
 * Different from the released code: tasks are drawn from the task set's seed, not from a fixed 1337.
 */
public record HalfCheetah() implements TaskFamily {
    private static final double CONTROL_COST = 0.05;
    /** The first quarter of an episode is run-up and does not count for the speed error. */
    private static final double RUN_UP = 0.25;

    /** Run at a given speed. */
    public static HalfCheetah velocity() {
        return new HalfCheetah();
    }

    @Override
    public String name() {
        return "half-cheetah-velocity";
    }

    @Override
    public String description() {
        return "A planar cheetah runs at a speed it is only told by its reward (PEARL, MQL).";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(new Parameter("speed", "m/s", 0, 3, Parameter.Changes.REWARD));
    }

    @Override
    public int horizon() {
        return 200;
    }

    @Override
    public Environment environment(Task task) {
        return Bodies.find().halfCheetah(horizon(), task);
    }

    @Override
    public double reward(Task task, double[] outcome, double[] action) {
        double effort = 0;
        for (double a : action) effort += a * a;
        return -Math.abs(outcome[0] - task.value(0)) - CONTROL_COST * effort;
    }

    @Override
    public String measureName() {
        return "speed error (m/s)";
    }

    /** Mean |vx − v*| over the steps after the first quarter of the episode. */
    @Override
    public double measure(Task task, double[][] outcomes) {
        int from = (int) (RUN_UP * outcomes.length);
        double sum = 0;
        for (int t = from; t < outcomes.length; t++) sum += Math.abs(outcomes[t][0] - task.value(0));
        return sum / (outcomes.length - from);
    }
}
