package metarl.agent.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import metarl.TwinFile;
import metarl.agent.Adaptation;
import metarl.agent.Learner;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.agent.model.DynamicsModel.Units;
import metarl.agent.model.ModelForm.Rows;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;
import metarl.env.Step;
import metarl.nn.Gradients;
import metarl.nn.Loss;
import metarl.nn.Normalizer;
import metarl.nn.Parameters;
import metarl.task.families.PointRobot;
import org.junit.jupiter.api.Test;

/** ReBAL: the gradient, the memory step by step against whole sequences, what candidates foresee, and a hidden gain. */
class ReBalTest {
    static final ModelForm FORM = new ModelForm(2, 3, 3);
    private static final int RUNS = 2, LENGTH = 5, HIDDEN = 4;
    private static final ReBalModel MODEL = ReBalModel.of(FORM, HIDDEN);
    private static final ReBal TINY = ReBal.classical().hidden(16).runLength(15).runsPerUpdate(16).learningRate(1e-2).randomEpisodes(10)
        .episodesPerRound(10).updatesPerRound(150).planner(Planner.crossEntropy(40, 6).iterations(3));

    private static Normalizer unit(int factor) {
        float[] deviations = TwinFile.floats(3, factor + 6, 1);
        for (int i = 0; i < 3; i++) deviations[i] = 1 + deviations[i];
        return new Normalizer(TwinFile.floats(3, factor, 1), deviations);
    }

    /** The steps and units of the twin. */
    static Rows rows() {
        return new Rows(TwinFile.floats(RUNS * LENGTH * 3, 37, 2), TwinFile.floats(RUNS * LENGTH * 3, 17, 2));
    }

    static Units units() {
        return new Units(unit(13), unit(29));
    }

    private static Parameters parameters() {
        var parameters = new Parameters(MODEL.sections(), RandomStream.of(1, "model"));
        parameters.setValues(TwinFile.floats(parameters.values().length, 41, 2));
        return parameters;
    }

    @Test
    void theGradientIsThatOfPyTorch() {
        try (Parameters p = parameters(); NDManager scope = NDManager.newBaseManager("PyTorch")) {
            ReBalModel.Runs runs = MODEL.runs(rows(), RUNS, units(), scope);
            float[] found = new float[1 + p.values().length];
            Gradients.recorded(() -> {
                Loss loss = MODEL.loss(runs, p);
                found[0] = loss.number();
                int at = 1;
                for (NDArray g : loss.gradients(p)) for (float v : g.toFloatArray()) found[at++] = v;
                return null;
            });
            new TwinFile(ReBalTest.class, "grbal_twin.csv").requireEqual("recurrent", found, 2e-6);
        }
    }

    /** Followed step by step, and one step ahead with one candidate: what is foretold of whole sequences at once. */
    @Test
    void theMemoryStepByStepIsThatOfWholeSequences() {
        Rows rows = rows();
        var payments = new Payments(GrBal.Rewards.LEARNED, null, 1);
        try (Parameters p = parameters(); NDManager scope = NDManager.newBaseManager("PyTorch")) {
            float[] errors = MODEL.errors(MODEL.runs(rows, RUNS, units(), scope), p);
            var memories = new ReBalMemories(MODEL, p, units(), payments, RUNS);
            for (int t = 0; t < LENGTH; t++) {
                double[][] observations = new double[RUNS][2], actions = new double[RUNS][1];
                Step[] steps = new Step[RUNS];
                for (int run = 0; run < RUNS; run++) {
                    int at = (run * LENGTH + t) * 3;
                    for (int j = 0; j < 2; j++) observations[run][j] = rows.inputs()[at + j];
                    actions[run][0] = rows.inputs()[at + 2];
                    double[] next = {rows.inputs()[at] + (double) rows.targets()[at],
                        rows.inputs()[at + 1] + (double) rows.targets()[at + 1]};
                    steps[run] = new Step(next, rows.targets()[at + 2], false, false, new double[0]);
                }
                float[] flat = {(float) actions[0][0], (float) actions[1][0]};
                NDArray foretold = memories.foresight(observations, scope).foretold(new Sequences(RUNS, 1, 1, 1, flat), scope);
                assertEquals(new Shape(1, 1, 3, RUNS), foretold.getShape());
                for (int run = 0; run < RUNS; run++) {
                    double error = 0;
                    for (int j = 0; j < 3; j++) {
                        double y = foretold.getFloat(0, 0, j, run) - (j < 2 ? observations[run][j] : 0);
                        double expected = rows.targets()[(run * LENGTH + t) * 3 + j];
                        error += Math.pow((y - expected) / units().targets().deviations()[j], 2) / 3;
                    }
                    assertEquals(errors[t * RUNS + run], error, 2e-5, "run " + run + ", step " + t);
                }
                memories.follow(observations, actions, steps);
            }
        }
    }

    /** Drives points with a gain each, of episodes of different lengths; what was done in the first, step after step. */
    static List<double[]> driven(Policy policy, double[] gains, int steps) {
        var done = new ArrayList<double[]>();
        double[][] seen = new double[gains.length][];
        int[] left = new int[gains.length];
        for (int i = 0; i < gains.length; i++) seen[i] = new double[] {1, 0};
        for (int i = 0; i < gains.length; i++) left[i] = 7 + (int) Math.round(4 * gains[i] + 4);
        try (Policy.Actor actor = policy.start(gains.length, RandomStream.of(3, "driven"))) {
            for (int t = 0; t < steps; t++) {
                double[][] observations = new double[gains.length][];
                for (int i = 0; i < gains.length; i++) observations[i] = new double[] {seen[i][0]};
                double[][] actions = actor.act(observations);
                done.add(actions[0]);
                Step[] told = new Step[gains.length];
                for (int i = 0; i < gains.length; i++) {
                    double next = seen[i][0] + 0.3 * gains[i] * actions[i][0];
                    boolean last = --left[i] == 0;
                    told[i] = new Step(new double[] {next}, -Math.abs(next), false, last, new double[] {next});
                    seen[i][0] = last ? 1 : next;
                    if (last) left[i] = 9;
                    // one that has no episodes any more
                    if (gains[i] == 1.25 && t > 12) told[i] = null;
                }
                actor.received(actions, told);
            }
        }
        return done;
    }

    static void doesNotMix(Policy policy) {
        double[] gains = {0.75, -1.25, 1.25};
        for (int first = 0; first < 3; first++) {
            List<double[]> together = driven(policy, new double[] {gains[first], gains[(first + 1) % 3], gains[(first + 2) % 3]}, 25),
                alone = driven(policy, new double[] {gains[first]}, 25);
            for (int t = 0; t < (gains[first] == 1.25 ? 13 : 25); t++)
                assertArrayEquals(alone.get(t), together.get(t), 1e-4, "environment " + first + ", step " + t);
        }
    }

    @Test
    void aHiddenGainIsFoundUnderWay() {
        try (ReBalLearner learner = GainPoint.trained(TINY, 4, 1)) {
            double learned = GainPoint.meanReturn(learner.policy()), still = GainPoint.meanReturn(Policy.zero(1));
            assertTrue(learned > 0.4 * still, learned + ", of a point that stands still " + still);
            doesNotMix(learner.policy());
            List<Trajectory> shots = GainPoint.episodes(learner.policy(), GainPoint.TASKS.test());
            try (Adaptation adaptation = learner.adapt(shots, RandomStream.of(1, "x"))) {
                var evidence = adaptation.evidence(ModelEvidence.class);
                assertTrue(evidence.number("modelErrorAfter") < 0.5 * evidence.number("modelErrorBefore"), evidence.numbers().toString());
                assertTrue(evidence.sentence().startsWith("adapted to the steps before each, the model's error is 0."),
                    evidence.sentence());
                var seen = evidence.foreseen(shots.get(0), 10, 3, RandomStream.of(2, "x"));
                assertArrayEquals(shots.get(0).observation(10), seen.plan()[0]);
            }
        }
    }

    @Test
    void badSettingsAreExplained() {
        Problem points = Problem.of(GainPoint.TASKS.train());
        message("runLength is 31, expected at most 30, the steps of an episode", () -> TINY.runLength(31).learner(points, 1));
        message("replayCapacity is 100, expected at least 150: runLength steps of each of 10 tasks",
            () -> TINY.replayCapacity(100).learner(points, 1));
        message("its tasks differ in the reward", () -> TINY.learner(Problem.of(List.of(PointRobot.dense().task(0, 0))), 1));
        try (Learner learner = TINY.learner(points, 1)) {
            message("change only the planner", () -> learner.adaptingBy(TINY.hidden(3)));
            message("can plan by other settings of ReBAL, not by GrBAL", () -> learner.adaptingBy(GrBal.classical()));
        }
    }

    static void message(String expected, Runnable call) {
        String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
        assertTrue(message.contains(expected), message);
    }
}
