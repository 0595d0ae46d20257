package metarl.agent.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import metarl.TwinFile;
import metarl.agent.Problem;
import metarl.agent.Seated;
import metarl.agent.Trial;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;
import metarl.env.Step;
import metarl.nn.ActionDistribution;
import metarl.nn.Adam;
import metarl.nn.Mlp;
import metarl.nn.Parameters;
import metarl.task.Task;
import metarl.task.families.Bandit;
import metarl.task.families.RandomMdp;
import metarl.train.Rollout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The training that methods with a memory share. */
class TrialPpoTest {
    private static final TwinFile TWIN = new TwinFile(TrialPpoTest.class, "trial_twin.csv");
    private static final int TRIALS = 5, PULLS = 4, ARMS = 3, HIDDEN = 6;
    private static final Task TASK = Bandit.bernoulli(ARMS).task(0.1, 0.5, 0.9);
    private static final Problem PROBLEM = new Problem(1, 1, ARMS, 2, true, 1);
    /** Everything is switched on that is off otherwise. */
    private static final Rl2 SETTINGS = Rl2.published(1, PULLS).hidden(HIDDEN).training(
        t -> t.discount(0.9).trialsPerUpdate(TRIALS).learningRate(0.02).entropyCoefficient(0.05).epochs(3).weightDecay(0.5)
            .adamEpsilon(1e-3));

    static List<Trajectory> pulls() {
        var pulls = new ArrayList<Trajectory>();
        for (int i = 0; i < TRIALS * PULLS; i++) {
            var pull = new Trajectory(TASK, new double[1]);
            double[] arm = {i * 7 % 11 % ARMS};
            pull.add(arm, new Step(new double[1], (i * 5 % 13 - 4) / 4.0, false, true, new double[] {arm[0], 0}));
            pulls.add(pull);
        }
        return pulls;
    }

    private static void set(RecurrentNetwork network, int factor) {
        network.parameters.setValues(TwinFile.floats(network.parameters.values().length, factor, 1.5));
    }

    /** Networks of given numbers after one update on given trials. */
    static Map<String, Double> updated(TrialLearner learner) {
        set(learner.policyNetwork(), 37);
        set(learner.valueNetwork(), 41);
        learner.store(Seated.of(new int[TRIALS], PULLS, pulls()));
        return learner.update();
    }

    @Test
    void anUpdateByThePublishedSettingsEqualsPyTorch() {
        try (var learner = (TrialLearner) SETTINGS.learner(PROBLEM, 1)) {
            Map<String, Double> told = updated(learner);
            TWIN.requireEqual("policy", learner.policyNetwork().parameters.values(), 1e-5);
            TWIN.requireEqual("value", learner.valueNetwork().parameters.values(), 1e-5);
            TWIN.requireEqual("report", new double[] {told.get("policyLoss"), told.get("valueLoss"), told.get("entropy"),
                told.get("divergence")}, 1e-5);
        }
    }

    /** Each of the switches moves the networks away from the twin's, so that none of them is left out unseen. */
    @Test
    void everySwitchHasAnEffect() {
        var others = List.of(SETTINGS.rawAdvantages(false), SETTINGS.rawReturns(false), SETTINGS.huber(false), SETTINGS.weightDecay(0),
            SETTINGS.adamEpsilon(0));
        for (Rl2 other : others)
            try (var learner = (TrialLearner) other.learner(PROBLEM, 1)) {
                updated(learner);
                double away = 0;
                for (String name : List.of("policy", "value")) {
                    float[] now = (name.equals("policy") ? learner.policyNetwork() : learner.valueNetwork()).parameters.values();
                    for (int i = 0; i < now.length; i++) away = Math.max(away, Math.abs(now[i] - TWIN.row(name)[i]));
                }
                assertTrue(away > 1e-3, other + " moves nothing by more than " + away);
            }
    }

    static Stream<TrialMethod<?>> methods() {
        return Stream.of(Rl2.tabular(4).hidden(5), Snail.tabular(4).dense(3).filters(3).attention(2), Snail.published(3, 4).filters(2));
    }

    /** The memory lasts over the ends of episodes, and is told the same of the past, when it acts and when it learns. */
    @ParameterizedTest
    @MethodSource("methods")
    void whatWasLikelyInActingIsAsLikelyInLearning(TrialMethod<?> method) {
        List<Task> tasks = new RandomMdp(3, 2, 3).sample(4, RandomStream.of(1, "tasks"));
        Problem problem = Problem.of(tasks);
        var head = ActionDistribution.of(problem.actionSize(), true);
        try (var learner = (TrialLearner) method.trialsPerUpdate(TRIALS).learner(problem, 1);
            NDManager scope = NDManager.newBaseManager("PyTorch")) {
            RecurrentNetwork network = learner.policyNetwork();
            set(network, 37);
            List<List<Trajectory>> trials = Rollout.of(learner.plan(), tasks, RandomStream.of(2, "acting")).stream().map(Trial::episodes)
                .toList();
            TrialBatch batch = TrialBatch.of(trials, head, false);
            NDArray said = network.outputs(scope.create(batch.inputs(), new Shape(TRIALS, batch.length(), batch.inputSize())), null);
            float[] encoded = new float[batch.actions().length];
            for (int t = 0; t < batch.length(); t++)
                for (int i = 0; i < TRIALS; i++)
                    System.arraycopy(batch.actions(), (i * batch.length() + t) * 2, encoded, (t * TRIALS + i) * 2, 2);
            float[] logs = head.logProbability(said, scope.create(encoded, new Shape(encoded.length / 2, 2))).toFloatArray();
            double least = 0;
            for (int i = 0; i < TRIALS; i++)
                for (int t = 0; t < batch.length(); t++) {
                    assertEquals(trials.get(i).get(t / 3).logDensity(t % 3), logs[t * TRIALS + i], 2e-6);
                    least = Math.min(least, logs[t * TRIALS + i]);
                }
            assertEquals(12, batch.length());
            assertTrue(least < -0.75, "a policy that is not uniform: " + least);
        }
    }

    @Test
    void publishedSettingsHoldTheirStepsPerUpdate() {
        assertEquals(2_400, TrialPpo.published(10, 10).trialsPerUpdate());
        assertEquals(24_000, TrialPpo.published(1, 10).trialsPerUpdate());
        assertEquals(1, TrialPpo.published(1_000, 1_000).trialsPerUpdate());
        assertEquals(256, Rl2.published(10, 10).hidden());
        String message = assertThrows(IllegalArgumentException.class, () -> Rl2.published(0, 10)).getMessage();
        assertTrue(message.startsWith("stepsPerEpisode"), message);
    }

    @Test
    void aDecayOrAnEpsilonThatCannotBeIsRefused() {
        try (var p = new Parameters(Mlp.of(2, 1).initial(RandomStream.of(1, "x")))) {
            for (double wrong : new double[] {-1, Double.NaN, 1e300}) {
                assertTrue(assertThrows(IllegalArgumentException.class, () -> new Adam(p, 0.1, 1e-8, wrong)).getMessage()
                    .startsWith("weightDecay"));
                assertTrue(assertThrows(IllegalArgumentException.class, () -> new Adam(p, 0.1, wrong, 0)).getMessage()
                    .startsWith("epsilon"));
            }
        }
    }
}
