package metarl.agent.transfer;

import java.util.Arrays;
import java.util.stream.IntStream;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.basics.RandomStream;
import metarl.data.MetaReplay;
import metarl.data.Trajectory;
import metarl.env.Space;
import metarl.env.world.Dynamics;
import metarl.task.Family;
import metarl.task.Parameter;
import metarl.task.Task;
import metarl.task.TaskFamily;
import metarl.train.Rollout;

/** Points in the plane that differ in what an action does, s' = s + 0.3 g a: what is recorded of them by random actions. */
final class GainPoints {
    static final int LENGTH = 60;
    static final double[] GAINS = {-1.5, -0.75, 0.25, 0.75, 1.5};
    static final TaskFamily FAMILY = Family.define("gain-points").parameter("gain", "", -1.5, 1.5, Parameter.Changes.DYNAMICS)
        .drawn(random -> new double[] {random.nextDouble(-1.5, 1.5)})
        .dynamics(task -> Dynamics.of("x (m)", "y (m)").acting(Space.box(2, 1))
            .starting(random -> new double[] {random.nextDouble(-1, 1), random.nextDouble(-1, 1)})
            .moving((s, a) -> new double[] {s[0] + 0.3 * task.value(0) * a[0], s[1] + 0.3 * task.value(0) * a[1]}))
        .showing((observation, action, next) -> next.clone()).lasting(LENGTH)
        .paying((task, outcome, action) -> -Math.abs(outcome[0]));

    private GainPoints() {}

    static Task task(int which) {
        return FAMILY.task(GAINS[which]);
    }

    static Trajectory[] episodes(int task, int count, long seed) {
        Task[] tasks = new Task[count];
        Arrays.fill(tasks, task(task));
        return Rollout.of(Policy.random(2), Arrays.asList(tasks), RandomStream.of(seed, "episodes " + task)).toArray(Trajectory[]::new);
    }

    /** So many episodes of each task. */
    static MetaReplay replay(int episodes, long seed) {
        Problem problem = Problem.of(IntStream.range(0, GAINS.length).mapToObj(GainPoints::task).toList());
        var replay = new MetaReplay(GAINS.length, problem.observationSize(), problem.actionSize(), problem.outcomeSize(),
            GAINS.length * episodes * LENGTH);
        for (int task = 0; task < GAINS.length; task++)
            for (Trajectory episode : episodes(task, episodes, seed)) replay.of(task).add(episode);
        return replay;
    }
}
