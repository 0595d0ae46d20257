package metarl.agent.model;

import java.util.ArrayList;
import java.util.List;
import metarl.agent.Learner;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;
import metarl.env.world.Dynamics;
import metarl.task.Family;
import metarl.task.Parameter;
import metarl.task.Task;
import metarl.task.TaskFamily;
import metarl.task.TaskSet;
import metarl.train.Rollout;

/**
 * A point that must go to the origin, s' = s + 0.3 g a, where nobody says g, which is as often negative as positive: on average an action
 * does nothing, so a model that does not adapt foresees nothing.
 */
final class GainPoint {
    static final int HORIZON = 30;
    static final TaskFamily FAMILY = Family.define("gain-point").parameter("gain", "", -1.5, 1.5, Parameter.Changes.DYNAMICS)
        .drawn(random -> new double[] {(random.nextBoolean() ? 1 : -1) * random.nextDouble(0.5, 1.5)})
        .dynamics(task -> Dynamics.of("x (m)").starting(random -> new double[] {random.nextDouble(0.5, 1.5)})
            .moving((s, a) -> new double[] {s[0] + 0.3 * task.value(0) * a[0]}))
        .showing((observation, action, next) -> next.clone()).lasting(HORIZON)
        .paying((task, outcome, action) -> -Math.abs(outcome[0]));
    static final TaskSet TASKS = TaskSet.of(FAMILY).train(10).test(6).sample(3);

    private GainPoint() {}

    /** A learner after so many rounds. */
    static <L extends Learner> L trained(ModelBased settings, int rounds, long seed) {
        Learner learner = settings.learner(Problem.of(TASKS.train()), seed);
        for (int round = 0; round < rounds; round++) {
            learner.store(Rollout.of(learner.plan(), TASKS.train(), RandomStream.of(seed, "round " + round)));
            while (learner.isDue()) learner.update();
        }
        @SuppressWarnings("unchecked")
        var own = (L) learner;
        return own;
    }

    static List<Trajectory> episodes(Policy policy, List<Task> tasks) {
        return new ArrayList<>(Rollout.of(policy, tasks, RandomStream.of(8, "episodes")));
    }

    static double meanReturn(Policy policy) {
        return episodes(policy, TASKS.test()).stream().mapToDouble(Trajectory::totalReward).average().orElseThrow();
    }
}
