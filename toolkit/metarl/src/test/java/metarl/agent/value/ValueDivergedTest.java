package metarl.agent.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
class ValueDivergedTest {
    private static final Problem REAL = new Problem(2, 2, 2, 4, false, 20);

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
        try (var td3 = (Td3Learner) Td3.pointRobot().randomSteps(0).learner(REAL, 1)) {
            spoil(td3.networks().actor);
            assertEquals(
                "the policy gave NaN in entry 0 of its action for environment 0: its networks are no finite numbers any more, learning "
                    + "diverged. "
                    + "Lower learningRate (of MAML also innerRate), or scale the rewards down.",
                told(td3.policy()));
        }
    }

    @Test
    void aLossThatIsNoNumberLeavesTheNetworksAsTheyWere() {
        var task = PointRobot.dense().task(0, 0);
        var episode = new Trajectory(task, new double[2]);
        for (int t = 0; t < 20; t++) episode.add(new double[2], new Step(new double[] {t, 1}, 3e38, false, t == 19, new double[4]));
        try (var td3 = (Td3Learner) Td3.pointRobot().randomSteps(0).learner(REAL, 1)) {
            td3.store(Seated.of(new int[] {0}, 1, List.of(episode)));
            float[] critic = td3.networks().critic.values();
            assertTrue(assertThrows(DivergedException.class, td3::update).getMessage()
                .startsWith("criticLoss became Infinity at update 1: learning diverged."));
            assertTrue(Arrays.equals(critic, td3.networks().critic.values()));
        }
    }
}
