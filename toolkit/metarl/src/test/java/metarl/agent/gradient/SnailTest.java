package metarl.agent.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import metarl.TwinFile;
import metarl.agent.Adaptation;
import metarl.agent.Evidence;
import metarl.agent.Problem;
import metarl.agent.Seated;
import metarl.basics.RandomStream;
import metarl.chart.HeatMap;
import metarl.data.Trajectory;
import metarl.nn.CausalStack;
import metarl.task.TaskSet;
import metarl.task.families.Bandit;
import metarl.train.MetaRun;
import metarl.train.MetaTraining;
import metarl.train.ShotEvaluation;
import org.junit.jupiter.api.Test;

class SnailTest {
    private static final TwinFile TWIN = new TwinFile(SnailTest.class, "snail_twin.csv");
    private static final int PULLS = 4, ARMS = 3;
    private static final Problem PROBLEM = new Problem(1, 1, ARMS, 2, true, 1);
    /** The settings of the twin. */
    private static final Snail SETTINGS = Snail.published(1, PULLS).dense(4).filters(3).valueFilters(2).attention(2)
        .form(Snail.Form.TWO_LOOKS).training(t -> t.discount(0.9).trialsPerUpdate(5).learningRate(0.02).entropyCoefficient(0.05).epochs(3)
            .weightDecay(0.5).adamEpsilon(1e-3));

    @Test
    void anUpdateEqualsPyTorch() {
        try (var learner = (SnailLearner) SETTINGS.learner(PROBLEM, 1)) {
            Map<String, Double> told = TrialPpoTest.updated(learner);
            TWIN.requireEqual("policy", learner.policyNetwork().parameters.values(), 1e-5);
            TWIN.requireEqual("value", learner.valueNetwork().parameters.values(), 1e-5);
            TWIN.requireEqual("report",
                new double[] {told.get("policyLoss"), told.get("valueLoss"), told.get("entropy"), told.get("divergence")}, 1e-5);
        }
    }

    @Test
    void theNetworksAreThoseOfThePaper() {
        Snail bandit = Snail.published(1, 100), maze = Snail.maze(2).dense(0);
        assertEquals(CausalStack.of(8, 100).dense(32).convolutions(32).convolutions(32).attention(32, 32), bandit.policyStack(8, 100));
        assertEquals(CausalStack.of(9, 100).dense(32).convolutions(16).convolutions(16).attention(32, 32), bandit.valueStack(9, 100));
        assertEquals(CausalStack.of(8, 500).convolutions(32).attention(16, 16).convolutions(32).attention(16, 16),
            maze.policyStack(8, 500));
        assertEquals(CausalStack.of(9, 500).convolutions(16).convolutions(16), maze.valueStack(9, 500));
        assertTrue(10 * Snail.tabular(10).policyStack(8, 100).parameters() < bandit.policyStack(8, 100).parameters());
        assertEquals(Rl2.published(10, 10).training(), Snail.published(10, 10).training());
        // few convolutions see little, so the value looks back, too
        assertEquals(CausalStack.of(8, 100).dense(32).convolutions(32, 1).attention(32, 32).convolutions(32, 1).attention(32, 32),
            Snail.tabular(10).valueStack(8, 100));
        assertEquals(Snail.tabular(10).policyStack(8, 100), Snail.bandit(100).policyStack(8, 100));
        // without a horizon a trial counts as 1,000 steps per episode
        assertEquals(2_000, Snail.maze(2).steps(new Problem(1, 3, 2, 1)));
        assertEquals(500, Snail.maze(2).steps(new Problem(1, 3, 4, 1, true, 250)));
    }

    @Test
    void whatIsTrainedOnIsWhatWasActedOn() {
        try (var learner = (SnailLearner) SETTINGS.learner(PROBLEM, 1)) {
            List<Trajectory> trial = TrialPpoTest.pulls().subList(0, PULLS);
            learner.store(Seated.of(new int[5], PULLS, TrialPpoTest.pulls()));
            Map<String, Double> report = learner.update();
            assertTrue(report.get("epochs") == 3 && report.values().stream().allMatch(Double::isFinite), report.toString());
            var actor = learner.policy().start(1, RandomStream.of(1, "actor"));
            double[] alone = new double[PULLS];
            for (int t = 0; t < PULLS; t++) {
                double[][] action = {trial.get(t).action(0)};
                alone[t] = actor.logDensities(new double[][] {trial.get(t).observation(0)}, action)[0];
                actor.received(action, new metarl.env.Step[] {trial.get(t).step(0)});
            }
            try (Adaptation adapted = learner.adapt(trial.subList(0, PULLS - 1), RandomStream.of(1, "x"))) {
                var after = adapted.policy().start(1, RandomStream.of(1, "actor"));
                assertEquals(alone[PULLS - 1],
                    after.logDensities(new double[][] {{0}}, new double[][] {trial.get(PULLS - 1).action(0)})[0], 1e-6);
            }
        }
    }

    @Test
    void theAttentionOverATrialIsTheEvidence() {
        var task = Bandit.bernoulli(ARMS).task(0.1, 0.5, 0.9);
        var tasks = TaskSet.of(List.of(task), List.of(task));
        try (var learner = SETTINGS.learner(PROBLEM, 1);
            Adaptation adapted = learner.adapt(TrialPpoTest.pulls().subList(0, 7), RandomStream.of(1, "x"));
            Adaptation unadapted = learner.adapt(List.of(), RandomStream.of(1, "x"))) {
            assertEquals(Evidence.NONE, unadapted.evidence());
            var attention = adapted.evidence(AttentionToPast.class);
            assertEquals(2, attention.layers().size());
            assertEquals(List.of("1: nothing", "2: action 0, reward -1.0", "3: action 1, reward 0.25"),
                attention.elements().subList(0, 3));
            for (float[][] layer : attention.layers())
                for (int t = 0; t < 7; t++) {
                    double sum = 0;
                    for (int s = 0; s < 7; s++) sum += layer[t][s];
                    assertEquals(1, sum, 1e-6);
                    assertEquals(7, layer[t].length);
                }
            // almost alike at first: half of 6 steps back in the last row, half of that over all
            assertEquals(1.5, attention.number("looksBack"), 0.5);
            assertEquals(4, attention.number("looksAt"), 0.3);
            HeatMap picture = attention.heatMap(2, "attention");
            assertTrue(Double.isNaN(picture.values()[2][3]));
            assertEquals(3 * attention.layers().get(1)[2][2], picture.values()[2][2], 1e-6);
            assertEquals("What the attention takes from a trial on " + task.label(), adapted.chart(tasks, task).orElseThrow().title());
            assertTrue(adapted.sentence().contains("over 7 steps the attention looked 1"), adapted.sentence());
            String message = assertThrows(IllegalArgumentException.class, () -> attention.heatMap(3, "none")).getMessage();
            assertEquals("layer is 3, expected 1 to 2", message);
        }
    }

    /** Exactly half of the past in each row, by hand. */
    @Test
    void howFarAndAtHowManyItLooksIsAMeanOverTheTrial() {
        float[][] alike = {{1, 0, 0}, {0.5f, 0.5f, 0}, {0.25f, 0.25f, 0.5f}};
        var attention = new AttentionToPast(List.of(alike, alike), List.of(), List.of("1", "2", "3"));
        assertEquals((0 + 0.5 + 0.75) / 3, attention.number("looksBack"), 1e-12);
        assertEquals((1 + 2 + Math.exp(0.5 * Math.log(4) + 0.5 * Math.log(2))) / 3, attention.number("looksAt"), 1e-12);
    }

    /** One arm always pays, the other never: 9.5 of 10 pulls can be right, 5 without learning. */
    @Test
    void itLearnsToLearnWhichOfTwoArmsPays() {
        var family = Bandit.bernoulli(2);
        var tasks = TaskSet.of(List.of(family.task(0, 1), family.task(1, 0)), List.of(family.task(0, 1), family.task(1, 0)));
        Snail settings = Snail.bandit(10).dense(8).filters(8).valueFilters(4).attention(8).trialsPerUpdate(32).trialsPerBatch(16)
            .learningRate(5e-3);
        long steps = 40 * 10 * 32;
        try (MetaRun run = MetaTraining.on(tasks).algorithm(settings).steps(steps).evaluateEvery(steps).adaptTasks(0).seed(1).run()) {
            var many = Collections.nCopies(100, run.tasks().test()).stream().flatMap(List::stream).toList();
            ShotEvaluation shots = run.shots(many, 10, 1, 3);
            assertTrue(shots.online().value() > 9.2 && shots.round(0).value() < 0.65, shots.toString());
        }
    }

    @Test
    void trialsThatCannotFitAreRefused() {
        String message = assertThrows(IllegalArgumentException.class,
            () -> Snail.maze(1_000).learner(new Problem(4, 20, 4, 2, true, 10_000), 1)).getMessage();
        assertTrue(message.startsWith("SNAIL with these settings takes about "), message);
    }
}
