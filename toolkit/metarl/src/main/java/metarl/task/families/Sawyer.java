package metarl.task.families;

import static metarl.task.Parameter.Changes.DYNAMICS;

import java.util.function.UnaryOperator;
import metarl.env.body.Bodies;
import metarl.env.body.SawyerObject;
import metarl.task.Family;
import metarl.task.Task;
import metarl.task.TaskFamily;

/**
 * The Sawyer families: the arm of Meta-World grasps an object on a table and brings it to a goal. The task says which object; where it and
 * the goal are is drawn anew in every episode, and seen.
 *
 * <p>The scenes are those of the Python package metaworld 3.1.1 (push-v3, coffee-push-v3, push-v3 with the cube of sweep-v3), along which
 * trajectories are equal; their models are not shipped: {@code ./metarl setup} fetches them. MCAT does not say which version and which cube
 * it took. Observation (39): hand 3, opening of the fingers 1, object 3 and its quaternion 4, zeros 7; these 18 of the step before; goal 3.
 * Actions (4): displacement of the hand, effort of the gripper. 500 steps of 0.0125 s, no termination. Measure: the share of episodes in
 * which the object has been at the goal (within 0.05 m, the mug 0.07 m), which is what Meta-World counts as success.
 */
public final class Sawyer {
    private static final int HORIZON = 500, AT_GOAL = 1, HAS_BEEN_THERE = 2, DENSE = 3;
    private static final double LAST = 1;

    private static final TaskFamily PUSH = define("sawyer-push",
        "An arm brings a cylinder, a mug or a cube to a goal and is paid while it is there (MCAT, on Meta-World).")
        .paying((task, o, a) -> o[AT_GOAL]).shapedBy((task, o, a) -> o[DENSE]);
    private static final TaskFamily PUSH_DENSE = define("sawyer-push-dense", "The same objects with the dense reward of Meta-World.")
        .paying((task, o, a) -> o[DENSE]);

    private Sawyer() {}

    private static Family define(String name, String description) {
        return Family.define(name).described(description).parameter("object", "", 0, SawyerObject.values().length - 1, DYNAMICS)
            .among(0, 1, 2).nominal(0).lasting(HORIZON).machine(task -> Bodies.find().environment(object(task), HORIZON, task))
            .measuring("success (share of episodes)", LAST, (task, o) -> o[HAS_BEEN_THERE]);
    }

    private static SawyerObject object(Task task) {
        return SawyerObject.values()[task.whole(0, 0, SawyerObject.values().length - 1)];
    }

    /**
     * Bring the cylinder (object 0), the mug (1) or the cube (2) to the goal: reward 1 in every step after which it is there, else 0.
     * Methods that ask for a reward to learn from get the dense one.
     */
    public static TaskFamily push() {
        return PUSH;
    }

    /** The same with the dense reward of Meta-World, 0 to 10, which is 10 at the goal. */
    public static TaskFamily pushDense() {
        return PUSH_DENSE;
    }

    /** Whether the models of the arm are there; where they are not, environments say what to install. */
    public static boolean isAvailable() {
        try {
            return Bodies.find().hasSawyer();
        } catch (IllegalStateException e) {
            return false;
        }
    }

    /**
     * The rule by which a task is done, from observation to action: above the object, down to it, close the fingers, to the goal. It is
     * that of the package's policies for push-v3 and coffee-push-v3 (in double precision); the cube's, for which the package has none, is
     * that of push about the middle of the cube.
     *
     * <pre>{@code Policy.of(Sawyer.rule(Sawyer.push().task(0)))}</pre>
     */
    public static UnaryOperator<double[]> rule(Task task) {
        return new SawyerRule(object(task));
    }
}
