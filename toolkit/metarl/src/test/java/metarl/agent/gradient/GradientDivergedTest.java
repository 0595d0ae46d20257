package metarl.agent.gradient;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import metarl.agent.DivergedException;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.agent.Seated;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;
import metarl.env.Step;
import metarl.nn.Parameters;
import metarl.task.families.PointRobot;
import org.junit.jupiter.api.Test;

/** A network that is no numbers any more says so itself, with choices as with real numbers, instead of acting. */
class GradientDivergedTest {
    private static final Problem REAL = new Problem(2, 2, 2, 4, false, 20), CHOICES = new Problem(2, 2, 3, 4, true, 20);

    private static void spoil(Parameters parameters) {
        float[] values = parameters.values();
        Arrays.fill(values, Float.NaN);
        parameters.setValues(values);
    }

    private static String told(Policy policy) {
        try (Policy.Actor actor = policy.start(2, RandomStream.of(1, "x"))) {
            return assertThrows(DivergedException.class, () -> actor.act(new double[2][2])).getMessage();
        }
    }

    @Test
    void policiesOfNaNRefuseToAct() {
        for (Problem problem : List.of(REAL, CHOICES)) {
            try (var rl2 = (Rl2Learner) Rl2.bandit(2).hidden(4).learner(problem, 1)) {
                spoil(rl2.policyNetwork().parameters);
                assertTrue(told(rl2.policy()).startsWith("the policy gave NaN in output 0 of its action for environment 0"));
            }
            try (var maml = (MamlLearner) Maml.navigation().hidden(4).learner(problem, 1)) {
                spoil(maml.parameters());
                assertTrue(told(maml.policy()).startsWith("the policy gave NaN in output 0 of its action for environment 0"));
            }
        }
    }

    @Test
    void aLossThatIsNoNumberLeavesTheNetworksAsTheyWere() {
        var task = PointRobot.dense().task(0, 0);
        var episode = new Trajectory(task, new double[2]);
        for (int t = 0; t < 20; t++) episode.add(new double[2], new Step(new double[] {t, 1}, 3e38, false, t == 19, new double[4]));
        try (var rl2 = (Rl2Learner) Rl2.bandit(2).hidden(4).trialsPerUpdate(2).trialsPerBatch(2).learner(REAL, 1)) {
            rl2.store(Seated.of(new int[] {0, 1}, 2, List.of(episode, episode, episode, episode)));
            float[] policy = rl2.policyNetwork().parameters.values();
            assertTrue(assertThrows(DivergedException.class, rl2::update).getMessage().contains("learning diverged."));
            assertTrue(Arrays.equals(policy, rl2.policyNetwork().parameters.values()));
        }
        try (var maml = (MamlLearner) Maml.navigation().hidden(4).tasksPerUpdate(1).episodesPerTask(1).learner(REAL, 1)) {
            spoil(maml.parameters());
            assertTrue(assertThrows(DivergedException.class, () -> maml.adapt(List.of(episode), RandomStream.of(1, "x"))).getMessage()
                .startsWith("innerLoss became NaN in the adaptation"));
            maml.store(Seated.of(new int[] {0}, 1, List.of(episode)));
            maml.store(Seated.of(new int[] {0}, 1, List.of(episode)));
            assertTrue(
                assertThrows(DivergedException.class, maml::update).getMessage().startsWith("outerLoss became NaN: learning diverged."));
        }
    }
}
