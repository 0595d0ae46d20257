package metarl.task.families;

import static metarl.task.Parameter.Changes.REWARD;

import java.util.random.RandomGenerator;
import metarl.env.body.Body;
import metarl.env.body.Quantity;
import metarl.env.body.Sight;
import metarl.task.Family;
import metarl.task.Task;
import metarl.task.TaskFamily;

/**
 * The arm family: an arm of three joints (turn, lift, bend) that reaches for points; MuJoCo at 0.005 s, five substeps per step (0.025 s).
 */
public final class Arm {
    private static final double NEAR = 0.05, SHORTEST = 0.3, LONGEST = 0.5, WIDEST = Math.PI / 3, LOWEST = 0.1, HIGHEST = 0.4, LAST = 1;
    private static final Body BODY = Body.named("arm").frame("hand").starting(Body.Start.uniform(0.1, 0.05))
        .seeing(Sight.POSITIONS, Sight.VELOCITIES, Sight.FRAME_POSITION).telling(Quantity.FRAME_POSITION_3D).metresAcross(1.5);

    private static final TaskFamily GOAL = Family.define("arm-goal")
        .described("An arm reaches for a point that only its reward knows: the smallest case of MCAT's different reward functions.")
        .parameter("goalX", "m", SHORTEST * Math.cos(WIDEST), LONGEST, REWARD)
        .parameter("goalY", "m", -LONGEST * Math.sin(WIDEST), LONGEST * Math.sin(WIDEST), REWARD)
        .parameter("goalZ", "m", LOWEST, HIGHEST, REWARD).drawn(Arm::goal).lasting(100).body(task -> BODY)
        .paying((task, o, a) -> NEAR / (NEAR + distance(task, o)))
        .measuring("final distance (m)", LAST, Arm::distance);

    private Arm() {}

    private static double[] goal(RandomGenerator random) {
        double angle = random.nextDouble(-WIDEST, WIDEST), radius = random.nextDouble(SHORTEST, LONGEST);
        return new double[] {radius * Math.cos(angle), radius * Math.sin(angle), random.nextDouble(LOWEST, HIGHEST)};
    }

    private static double distance(Task task, double[] hand) {
        double x = hand[0] - task.value(0), y = hand[1] - task.value(1), z = hand[2] - task.value(2);
        return Math.sqrt(x * x + y * y + z * z);
    }

    /**
     * Reach for a point g in front of the arm: reward 0.05 m / (0.05 m + ‖p − g‖₂) for the hand at p, 100 steps, no termination.
     *
     * <p>MCAT (appendix E, announced in its section 7) transfers between goals of a Meta-World arm with a reward "inversely proportional"
     * to the distance and gives no constants; this is that idea on a small arm of our own. Goals: angle U(−60°, 60°), distance from the
     * axis U(0.3, 0.5) m, height U(0.1, 0.4) m. Observation: joint angles (3), their velocities (3), position of the hand (3). Start:
     * stretched out, angles + U(−0.1, 0.1) rad, velocities U(−0.05, 0.05) rad/s.
     */
    public static TaskFamily goal() {
        return GOAL;
    }
}
