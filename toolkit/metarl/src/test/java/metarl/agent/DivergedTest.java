package metarl.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import metarl.agent.gradient.Maml;
import metarl.agent.gradient.ProMp;
import metarl.agent.gradient.Rl2;
import metarl.agent.model.GrBal;
import metarl.agent.model.Planner;
import metarl.agent.model.ReBal;
import metarl.agent.value.Distral;
import metarl.agent.value.HipBmdp;
import metarl.agent.value.Mcat;
import metarl.agent.value.Mql;
import metarl.agent.value.Td3;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;
import metarl.env.Step;
import metarl.nn.Parameters;
import metarl.task.families.PointRobot;
import org.junit.jupiter.api.Test;

/** A network that is no numbers any more says so itself, with choices as with real numbers, instead of acting. */
class DivergedTest {
    private static final Problem REAL = new Problem(2, 2, 2, 4, false, 20), CHOICES = new Problem(2, 2, 3, 4, true, 20);
    private static final Algorithm TD3 = Td3.pointRobot().randomSteps(0), MQL = Mql.pointRobot().base(b -> b.randomSteps(0)),
        RL2 = Rl2.bandit(2).hidden(4).trialsPerUpdate(2).trialsPerBatch(2),
        MAML = Maml.navigation().hidden(4).tasksPerUpdate(1).episodesPerTask(1),
        GRBAL = GrBal.classical().hidden(4).support(3).query(3).runsPerUpdate(2).randomEpisodes(1).episodesPerRound(1)
            .rewards(GrBal.Rewards.LEARNED).planner(Planner.crossEntropy(5, 2)),
        REBAL = ReBal.classical().hidden(4).runLength(6).runsPerUpdate(2).randomEpisodes(1).episodesPerRound(1)
            .rewards(GrBal.Rewards.LEARNED).planner(Planner.crossEntropy(5, 2)),
        HIP = HipBmdp.small().base(b -> b.randomSteps(0).hidden(8)),
        MCAT = Mcat.small().base(b -> b.randomSteps(0).hidden(8)),
        DISTRAL = Distral.pointRobot().base(b -> b.randomSteps(0).hidden(8)),
        PROMP = ProMp.corner().hidden(4).tasksPerUpdate(1).episodesPerTask(1);

    /** The network that acts is the first of each. */
    private static void spoil(Learner learner) {
        var policy = (Parameters) Resources.of(learner).get(0);
        float[] values = policy.values();
        Arrays.fill(values, Float.NaN);
        policy.setValues(values);
    }

    private static String told(Algorithm algorithm, Problem problem) {
        try (Learner learner = algorithm.learner(problem, 1)) {
            spoil(learner);
            try (Policy.Actor actor = learner.policy().start(2, RandomStream.of(1, "x"))) {
                return assertThrows(DivergedException.class, () -> actor.act(new double[2][2])).getMessage();
            }
        }
    }

    private static void starts(String expected, String message) {
        assertTrue(message.startsWith(expected), message);
    }

    @Test
    void policiesOfNaNRefuseToAct() {
        for (Algorithm algorithm : List.of(TD3, MQL, MCAT))
            starts("the policy gave NaN in entry 0 of its action for environment 0: its networks are no finite numbers any more, learning "
                + "diverged. Lower learningRate (of MAML also innerRate), or scale the rewards down.", told(algorithm, REAL));
        starts("the policy gave NaN in output 0 of its action for environment 0", told(HIP, REAL));
        for (Algorithm algorithm : List.of(RL2, MAML, PROMP))
            for (Problem problem : List.of(REAL, CHOICES))
                starts("the policy gave NaN in output 0 of its action for environment 0", told(algorithm, problem));
        try (Learner learner = DISTRAL.learner(REAL, 1);
            Policy.Actor actor = learner.policy().start(new int[] {1, 0}, RandomStream.of(1, "x"))) {
            spoil(learner);
            starts("the policy gave NaN in output 0 of its action for environment 0",
                assertThrows(DivergedException.class, () -> actor.act(new double[2][2])).getMessage());
        }
        for (Algorithm algorithm : List.of(GRBAL, REBAL))
            starts("the model foresees no finite return for any of 5 sequences of actions in environment 0; that of the first is NaN",
                told(algorithm, REAL));
    }

    /** Rewards so large that no loss is finite. */
    private static Trajectory episode() {
        var episode = new Trajectory(PointRobot.dense().task(0, 0), new double[2]);
        for (int t = 0; t < 20; t++) episode.add(new double[2], new Step(new double[] {t, 1}, 3e38, false, t == 19, new double[4]));
        return episode;
    }

    private static List<float[]> networks(Learner learner) {
        return Resources.of(learner).stream().filter(Parameters.class::isInstance).map(p -> ((Parameters) p).values()).toList();
    }

    private static String diverged(Learner learner) {
        while (!learner.isDue())
            learner.store(learner.plan().seats().stream().map(s -> new Trial(s, Collections.nCopies(s.episodes(), episode()))).toList());
        List<float[]> before = networks(learner);
        String message = assertThrows(DivergedException.class, learner::update).getMessage();
        List<float[]> after = networks(learner);
        for (int i = 0; i < before.size(); i++) assertArrayEquals(before.get(i), after.get(i));
        return message;
    }

    @Test
    void aLossThatIsNoNumberLeavesTheNetworksAsTheyWere() {
        for (Algorithm algorithm : List.of(TD3, MQL, ((Mcat) MCAT).withoutTransfer().model(m -> m.contextSize(0))))
            try (Learner learner = algorithm.learner(REAL, 1)) {
                starts("criticLoss became Infinity at update 1: learning diverged.", diverged(learner));
            }
        for (Algorithm algorithm : List.of(HIP, DISTRAL)) try (Learner learner = algorithm.learner(REAL, 1)) {
            starts("criticLoss became Infinity: learning diverged.", diverged(learner));
        }
        try (Learner learner = RL2.learner(REAL, 1)) {
            String message = diverged(learner);
            assertTrue(message.contains("learning diverged."), message);
        }
        // advantages have mean 0 and variance 1 whatever the rewards are
        try (Learner learner = MAML.learner(REAL, 1)) {
            spoil(learner);
            starts("innerLoss became NaN in the adaptation",
                assertThrows(DivergedException.class, () -> learner.adapt(List.of(episode()), RandomStream.of(1, "x"))).getMessage());
            starts("outerLoss became NaN: learning diverged.", diverged(learner));
        }
        // the reward is the same at every step, so that in its own unit it is 0
        try (Learner learner = GRBAL.learner(REAL, 1)) {
            spoil(learner);
            starts("outerLoss became NaN: learning diverged.", diverged(learner));
        }
        try (Learner learner = REBAL.learner(REAL, 1)) {
            spoil(learner);
            starts("modelError became NaN: learning diverged.", diverged(learner));
        }
    }
}
