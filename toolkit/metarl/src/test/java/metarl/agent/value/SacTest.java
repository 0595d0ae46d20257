package metarl.agent.value;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import metarl.agent.DivergedException;
import metarl.agent.Learner;
import metarl.agent.Plan;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.agent.Seated;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;
import metarl.env.Environment;
import metarl.env.Step;
import metarl.task.Task;
import metarl.task.families.PointRobot;
import org.junit.jupiter.api.Test;

class SacTest {
    private static final double STEP = 0.1;
    private static final int HORIZON = 20;
    private static final Task GOAL = PointRobot.dense().task(0.6, -0.4);
    private static final Problem PROBLEM = new Problem(1, 2, 2, 4, false, HORIZON);

    /** An episode of this policy; only its start is random, if the policy is not. */
    private static Trajectory episode(Policy policy, RandomStream random) {
        try (Environment environment = GOAL.environment(); Policy.Actor actor = policy.start(1, random.split("policy"))) {
            double[] observation = environment.reset(random);
            var episode = new Trajectory(GOAL, observation);
            for (Step step = null; step == null || !step.last(); observation = step.observation()) {
                double[] action = actor.act(new double[][] {observation})[0];
                step = environment.step(action);
                episode.add(action, step);
            }
            return episode;
        }
    }

    private static Learner trained(Sac settings, int episodes, long seed) {
        Learner learner = settings.learner(PROBLEM, seed);
        var random = RandomStream.of(seed, "episodes");
        for (int i = 0; i < episodes; i++) {
            Plan plan = learner.plan();
            learner.store(Seated.of(Seated.tasks(plan), 1, List.of(episode(plan.seats().get(0).policy(), random))));
            while (learner.isDue()) assertTrue(learner.update().values().stream().allMatch(Double::isFinite));
        }
        return learner;
    }

    /** What the best policy is paid from this start: each coordinate goes towards the goal by a whole step as long as it can. */
    private static double best(double[] start) {
        double sum = 0;
        for (int t = 1; t <= HORIZON; t++)
            sum -= Math.hypot(Math.max(0, Math.abs(start[0] - GOAL.value(0)) - t * STEP),
                Math.max(0, Math.abs(start[1] - GOAL.value(1)) - t * STEP));
        return sum;
    }

    @Test
    void thePointRobotGoesStraightToItsGoal() {
        try (Learner learner = trained(Sac.pointRobot(), 110, 1)) {
            var random = RandomStream.of(9, "starts");
            double found = 0, best = 0, distance = 0;
            for (int i = 0; i < 50; i++) {
                Trajectory episode = episode(learner.policy(), random);
                found += episode.totalReward() / 50;
                best += best(episode.observation(0)) / 50;
                distance -= episode.step(HORIZON - 1).reward() / 50;
            }
            assertTrue(found > best - 0.5 && found <= best + 1e-9, found + " of at most " + best);
            assertTrue(distance < 0.05, "final distance " + distance);
        }
    }

    @Test
    void theEntropyIsHeldAtItsTarget() {
        try (Learner learner = trained(Sac.pointRobot().hidden(32).batchSize(32).entropy(-0.5), 80, 2)) {
            double entropy = 0;
            Map<String, Double> found = new TreeMap<>();
            for (int i = 0; i < 50; i++) {
                found = learner.update();
                entropy += found.get("entropy") / 50;
            }
            assertEquals(-0.5 * 2, entropy, 0.3);
            assertTrue(found.get("temperature") < 0.1, "less than at the start");
        }
    }

    @Test
    void oneSeedGivesOneLearnerAndAnotherSeedAnotherOne() {
        Sac tiny = Sac.pointRobot().hidden(4).batchSize(4).randomSteps(20);
        try (Learner one = trained(tiny, 4, 5); Learner same = trained(tiny, 4, 5); Learner other = trained(tiny, 4, 6)) {
            assertEquals(one.state().checksums(), same.state().checksums());
            one.state().checksums().forEach((part, sum) -> {
                // with one task its order is always the same
                if (!List.of("random steps left", "updates owed").contains(part))
                    assertNotEquals(sum, other.state().checksums().get(part), part);
            });
            double[][] start = {{0.1, 0.2}};
            assertArrayEquals(one.policy().start(1, RandomStream.of(1, "a")).act(start)[0],
                one.policy().start(1, RandomStream.of(2, "b")).act(start)[0], "no noise when it counts");
        }
    }

    private static int[] arrays(SacLearner learner) {
        return learner.networks().stream().mapToInt(p -> p.manager().getManagedArrays().size()).toArray();
    }

    @Test
    void nativeMemoryStaysFlat() {
        try (var learner = (SacLearner) trained(Sac.pointRobot().hidden(4).batchSize(4).randomSteps(20), 3, 1)) {
            int[] before = arrays(learner);
            for (int i = 0; i < 500; i++) learner.update();
            assertArrayEquals(before, arrays(learner));
        }
    }

    @Test
    void aNetworkOfNaNRefusesToActAndToLearn() {
        try (var learner = (SacLearner) trained(Sac.pointRobot().hidden(4).batchSize(4).randomSteps(20), 3, 1)) {
            float[] values = learner.networks().get(0).values();
            Arrays.fill(values, Float.NaN);
            learner.networks().get(0).setValues(values);
            String acting = assertThrows(DivergedException.class,
                () -> learner.policy().start(1, RandomStream.of(1, "x")).act(new double[1][2]))
                .getMessage();
            assertTrue(acting.startsWith("the policy gave NaN in output 0"), acting);
            String learning = assertThrows(DivergedException.class, learner::update).getMessage();
            assertTrue(learning.startsWith("criticLoss became NaN"), learning);
        }
    }
}
