package metarl.agent.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import metarl.TwinFile;
import metarl.agent.Adaptation;
import metarl.agent.Evidence;
import metarl.agent.Learner;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.agent.meta.InnerLoop;
import metarl.agent.meta.OuterLoss;
import metarl.agent.model.DynamicsModel.Units;
import metarl.agent.model.GrBalModel.Steps;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;
import metarl.env.Step;
import metarl.nn.Gradients;
import metarl.nn.Normalizer;
import metarl.nn.Parameters;
import metarl.nn.Sections;
import metarl.task.Task;
import metarl.task.TaskFamily;
import metarl.task.TaskSet;
import metarl.task.families.Pendulum;
import metarl.task.families.PointRobot;
import metarl.train.Rollout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** GrBAL: its meta-gradient, its adaptation by hand, who pays for what is predicted, and a point that nobody can steer unadapted. */
class GrBalTest {
    private static final int RUNS = 2, SUPPORT = 3, QUERY = 2;
    private static final double RATE = 0.3;
    private static final GrBalModel MODEL = GrBalModel.of(ReBalTest.FORM, 4, 2);
    /** For a point that must go to the origin. */
    private static final GrBal TINY = GrBal.classical().hidden(32).layers(1).innerRate(0.2).support(4).query(4).learningRate(1e-2)
        .randomEpisodes(10).episodesPerRound(10).updatesPerRound(150).planner(Planner.crossEntropy(40, 5).iterations(3));

    private static Steps inDoublePrecision(int from, int count, NDManager scope) {
        Steps steps = MODEL.steps(ReBalTest.rows(), RUNS, from, count, ReBalTest.units(), scope);
        return new Steps(steps.inputs().toType(DataType.FLOAT64, true), steps.targets().toType(DataType.FLOAT64, true),
            scope.create(DoubleStream.generate(() -> 1.0 / count).limit(RUNS * count).toArray(), steps.weights().getShape()));
    }

    /** The error after some inner steps, then its gradient. */
    private static double[] adaptedError(double[] values, int innerSteps, boolean firstOrder) {
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            var theta = new NDList();
            int at = 0;
            for (var array : MODEL.network().arrays()) {
                int n = (int) array.shape().size();
                NDArray p = scope.create(Arrays.copyOfRange(values, at, at += n), array.shape());
                p.setRequiresGradient(true);
                theta.add(p);
            }
            Steps before = inDoublePrecision(0, SUPPORT, scope), after = inDoublePrecision(SUPPORT, QUERY, scope);
            return Gradients.recorded(() -> {
                List<NDList> path = new InnerLoop(RATE, firstOrder).path(theta, RUNS,
                    Collections.nCopies(innerSteps, MODEL.loss(before)), scope);
                OuterLoss outer = OuterLoss.mean(MODEL.loss(after), RUNS);
                NDArray loss = outer.loss(outer.outputs(path), null);
                double[] all = new double[1 + values.length];
                all[0] = loss.toDoubleArray()[0];
                int place = 1;
                for (NDArray g : Gradients.of(loss, theta)) for (double v : g.toDoubleArray()) all[place++] = v;
                return all;
            });
        }
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1, false", "2, false", "1, true", "2, true"})
    void theMetaGradientIsThatOfPyTorchAndOfDifferences(int innerSteps, boolean firstOrder) {
        double[] theta = new double[(int) MODEL.network().parameters()];
        float[] floats = TwinFile.floats(theta.length, 41, 2);
        for (int i = 0; i < theta.length; i++) theta[i] = floats[i];
        double[] found = adaptedError(theta, innerSteps, firstOrder);
        new TwinFile(GrBalTest.class, "grbal_twin.csv").requireEqual("steps " + innerSteps + (firstOrder ? " first" : " exact"), found,
            1e-12);
        for (int i = 0; i < theta.length && !firstOrder; i++) {
            double[] up = theta.clone(), down = theta.clone();
            up[i] += 1e-6;
            down[i] -= 1e-6;
            double difference = (adaptedError(up, innerSteps, false)[0] - adaptedError(down, innerSteps, false)[0]) / 2e-6;
            assertEquals(difference, found[1 + i], 1e-7, "entry " + i);
        }
    }

    /** W₂ max(W₁ x + b₁, 0) + b₂ in double precision, with a gradient written out. */
    private record ByHand(double[][] w1, double[] b1, double[][] w2, double[] b2) {
        static ByHand of(float[] flat, int in, int hidden, int out) {
            int[] at = {0};
            return new ByHand(matrix(flat, at, hidden, in), matrix(flat, at, 1, hidden)[0], matrix(flat, at, out, hidden),
                matrix(flat, at, 1, out)[0]);
        }

        private static double[][] matrix(float[] flat, int[] at, int rows, int columns) {
            double[][] matrix = new double[rows][columns];
            for (double[] row : matrix) for (int j = 0; j < columns; j++) row[j] = flat[at[0]++];
            return matrix;
        }

        private static double[] layer(double[][] w, double[] b, double[] x, boolean last) {
            double[] y = b.clone();
            for (int i = 0; i < y.length; i++) {
                for (int j = 0; j < x.length; j++) y[i] += w[i][j] * x[j];
                if (!last) y[i] = Math.max(0, y[i]);
            }
            return y;
        }

        double[] of(double[] x) {
            return layer(w2, b2, layer(w1, b1, x, false), true);
        }

        double error(double[] x, double[] y) {
            double[] said = of(x);
            double sum = 0;
            for (int i = 0; i < y.length; i++) sum += (said[i] - y[i]) * (said[i] - y[i]) / y.length;
            return sum;
        }

        /** θ − α ∇ of the mean error of these steps. */
        ByHand stepped(double[][] xs, double[][] ys, double rate) {
            var to = new ByHand(copy(w1), b1.clone(), copy(w2), b2.clone());
            for (int k = 0; k < xs.length; k++) {
                double[] h = layer(w1, b1, xs[k], false), said = of(xs[k]), back = new double[h.length];
                for (int i = 0; i < said.length; i++) {
                    double slope = 2 * (said[i] - ys[k][i]) / said.length / xs.length;
                    to.b2[i] -= rate * slope;
                    for (int j = 0; j < h.length; j++) {
                        to.w2[i][j] -= rate * slope * h[j];
                        if (h[j] > 0) back[j] += slope * w2[i][j];
                    }
                }
                for (int j = 0; j < h.length; j++) {
                    to.b1[j] -= rate * back[j];
                    for (int i = 0; i < xs[k].length; i++) to.w1[j][i] -= rate * back[j] * xs[k][i];
                }
            }
            return to;
        }

        private static double[][] copy(double[][] w) {
            return Arrays.stream(w).map(double[]::clone).toArray(double[][]::new);
        }

        double[] flat() {
            return DoubleStream.concat(
                DoubleStream.concat(Arrays.stream(w1).flatMapToDouble(Arrays::stream), Arrays.stream(b1)),
                DoubleStream.concat(Arrays.stream(w2).flatMapToDouble(Arrays::stream), Arrays.stream(b2))).toArray();
        }
    }

    /** x̂ or ŷ of the steps of an episode of the point. */
    private static double[][] inUnits(Trajectory e, Normalizer units, boolean targets) {
        double[][] rows = new double[e.length()][];
        for (int t = 0; t < rows.length; t++) {
            double s = e.observation(t)[0];
            rows[t] = targets ? new double[] {e.step(t).observation()[0] - s} : new double[] {s, e.action(t)[0]};
            for (int j = 0; j < rows[t].length; j++) rows[t][j] = (rows[t][j] - units.means()[j]) / units.deviations()[j];
        }
        return rows;
    }

    /** Also: an environment with fewer than K steps keeps θ exactly. */
    @Test
    void adaptedIsOneStepAgainstTheGradientOfTheLastSteps() {
        var payments = new Payments(GrBal.Rewards.TASK, null, 0);
        GrBalModel model = GrBalModel.of(new ModelForm(1, 2, 1), 3, 1);
        var units = new Units(new Normalizer(new float[] {0.5f, 0.1f}, new float[] {2, 0.5f}),
            new Normalizer(new float[] {0.1f}, new float[] {0.25f}));
        List<Trajectory> episodes = GainPoint.episodes(Policy.random(1), GainPoint.TASKS.test());
        RecentSteps full = RecentSteps.of(model.form(), payments, 4, episodes.subList(0, 1)),
            few = new RecentSteps(model.form(), payments, 4);
        for (int t = 0; t < 3; t++) few.add(episodes.get(1), t);
        try (var p = new Parameters(Sections.of().and("model", model.network()), RandomStream.of(1, "model"));
            NDManager scope = NDManager.newBaseManager("PyTorch")) {
            NDList adapted = GrBalPolicy.adapted(TINY, model, p, units, List.of(full, few), scope);
            float[] values = p.values();
            Trajectory e = episodes.get(0);
            double[][] x = inUnits(e, units.inputs(), false), y = inUnits(e, units.targets(), true);
            double[] expected = ByHand.of(values, 2, 3, 1)
                .stepped(Arrays.copyOfRange(x, e.length() - 4, e.length()), Arrays.copyOfRange(y, e.length() - 4, e.length()), 0.2).flat();
            int at = 0;
            for (NDArray array : adapted) {
                float[] both = array.toFloatArray();
                for (int i = 0; i < both.length / 2; i++, at++) {
                    assertEquals(expected[at], both[i], 1e-5, "number " + at);
                    assertEquals(values[at], both[both.length / 2 + i], 0f);
                }
            }
            assertEquals(values.length, at);
            assertEquals(1, GrBalPolicy.adapted(TINY, model, p, units, List.of(few, few), scope).head().getShape().get(0));
            assertEquals(1, GrBalPolicy.adapted(TINY.innerRate(0), model, p, units, List.of(full, full), scope).head().getShape().get(0));
        }
    }

    /** Adaptation changes nothing, and what it says is what a calculation by hand says. */
    @Test
    void theEvidenceIsThatOfACalculationByHand() {
        GrBal settings = TINY.hidden(3).updatesPerRound(20);
        try (GrBalLearner learner = GainPoint.trained(settings, 1, 1)) {
            var checksums = learner.state().checksums();
            Trajectory e = GainPoint.episodes(Policy.random(1), GainPoint.TASKS.test()).get(0);
            try (Adaptation adaptation = learner.adapt(List.of(e), RandomStream.of(1, "x"))) {
                var evidence = adaptation.evidence(ModelEvidence.class);
                var errors = evidence.shots().get(0);
                double[][] x = inUnits(e, learner.units().inputs(), false), y = inUnits(e, learner.units().targets(), true);
                ByHand theta = ByHand.of(learner.parameters.values(), 2, 3, 1);
                double before = 0, after = 0;
                for (int t = 0; t < e.length(); t++) {
                    assertEquals(theta.error(x[t], y[t]), errors.before()[t], 1e-4);
                    if (t < 4) {
                        assertTrue(Double.isNaN(errors.after()[t]));
                        continue;
                    }
                    double adapted = theta.stepped(Arrays.copyOfRange(x, t - 4, t), Arrays.copyOfRange(y, t - 4, t), 0.2).error(x[t], y[t]);
                    assertEquals(adapted, errors.after()[t], 1e-4 * Math.max(1, adapted), "step " + t);
                    before += theta.error(x[t], y[t]) / (e.length() - 4);
                    after += adapted / (e.length() - 4);
                }
                assertEquals(before, evidence.number("modelErrorBefore"), 1e-4);
                assertEquals(after, evidence.number("modelErrorAfter"), 1e-4);
                assertEquals("[modelErrorBefore, modelErrorAfter]", evidence.numbers().keySet().toString());
                assertTrue(evidence.chart(GainPoint.TASKS, e.task()).isPresent());
                assertTrue(evidence.sentence().endsWith("rewards: the task's own reward, of outcomes that the predicted observations show"),
                    evidence.sentence());
            }
            assertEquals(checksums, learner.state().checksums());
        }
    }

    /** What the planner sees: paths begin where the episode is, and go on as the adapted model says, step by step. */
    @Test
    void whatIsForeseenIsTheAdaptedModelStepByStep() {
        GrBal settings = TINY.hidden(3).updatesPerRound(20);
        try (GrBalLearner learner = GainPoint.trained(settings, 1, 1)) {
            Trajectory e = GainPoint.episodes(Policy.random(1), GainPoint.TASKS.test()).get(0);
            try (Adaptation adaptation = learner.adapt(List.of(e), RandomStream.of(1, "x"))) {
                int t = 9, sequences = 4, horizon = 5;
                var seen = adaptation.evidence(ModelEvidence.class).foreseen(e, t, sequences, RandomStream.of(2, "seen"));
                Units u = learner.units();
                double[][] x = inUnits(e, u.inputs(), false), y = inUnits(e, u.targets(), true);
                ByHand adapted = ByHand.of(learner.parameters.values(), 2, 3, 1)
                    .stepped(Arrays.copyOfRange(x, t - 4, t), Arrays.copyOfRange(y, t - 4, t), 0.2);
                var random = RandomStream.of(2, "seen");
                for (int i = 0; i < sequences; i++) {
                    double s = e.observation(t)[0], total = 0;
                    assertEquals(s, seen.paths()[i][0][0], 0);
                    for (int k = 1; k <= horizon; k++) {
                        double[] now = {s, 2 * random.nextFloat() - 1};
                        for (int j = 0; j < 2; j++) now[j] = (now[j] - u.inputs().means()[j]) / u.inputs().deviations()[j];
                        s += u.targets().means()[0] + u.targets().deviations()[0] * adapted.of(now)[0];
                        total -= Math.abs(s);
                        assertEquals(s, seen.paths()[i][k][0], 1e-4, "sequence " + i + ", step " + k);
                    }
                    assertEquals(total, seen.returns()[i], 1e-3);
                }
                assertEquals(horizon + 1, seen.plan().length);
                assertEquals(e.observation(t)[0], seen.plan()[0][0], 0);
                ReBalTest.message("t is 30, expected 0 to 29",
                    () -> adaptation.evidence(ModelEvidence.class).foreseen(e, 30, 1, RandomStream.of(1, "x")));
            }
        }
    }

    @Test
    void unitsAreThoseOfAllDataAndComeBack() throws IOException {
        GrBal settings = TINY.hidden(3).updatesPerRound(2);
        try (GrBalLearner learner = GainPoint.trained(settings, 1, 1);
            Learner other = settings.learner(Problem.of(GainPoint.TASKS.train()), 2)) {
            Units first = learner.units();
            var trials = Rollout.of(learner.plan(), GainPoint.TASKS.train(), RandomStream.of(1, "round 0"));
            var again = Rollout.of(other.plan(), GainPoint.TASKS.train(), RandomStream.of(1, "round 0"));
            learner.store(trials);
            double[] actions = Stream.concat(again.stream(), trials.stream()).flatMap(t -> t.episodes().stream())
                .flatMapToDouble(e -> IntStream.range(0, e.length()).mapToDouble(t -> (float) e.action(t)[0])).toArray();
            double mean = Arrays.stream(actions).average().orElseThrow(),
                variance = Arrays.stream(actions).map(a -> (a - mean) * (a - mean)).average().orElseThrow();
            assertEquals(600, actions.length);
            assertEquals(mean, learner.units().inputs().means()[1], 1e-6);
            assertEquals(Math.sqrt(variance), learner.units().inputs().deviations()[1], 1e-6);
            assertNotEquals(first.inputs().means()[1], learner.units().inputs().means()[1]);
            var bytes = new ByteArrayOutputStream();
            learner.state().save(new DataOutputStream(bytes));
            other.state().load(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
            assertArrayEquals(learner.units().numbers(), ((GrBalLearner) other).units().numbers(), 0);
        }
    }

    private static Payments payments(GrBal.Rewards rewards, TaskFamily family) {
        return Payments.of(rewards, Problem.of(TaskSet.of(family).train(2).test(1).sample(1).train()));
    }

    /** Where observations show the outcome, nothing is foretold beside the change; elsewhere the outcome is. */
    @Test
    void theTaskPaysForWhatIsForeseen() {
        Payments shown = payments(GrBal.Rewards.TASK, Pendulum.swingUp());
        assertEquals(0, shown.heads());
        TaskFamily cheetah = TaskFamily.named("half-cheetah-armature");
        Payments foretold = payments(GrBal.Rewards.TASK, cheetah);
        assertTrue(!cheetah.showsOutcome() && foretold.heads() > 0);
        assertTrue(foretold.sentence().endsWith("of outcomes that the model predicts"));
        for (Payments p : List.of(shown, foretold)) {
            Task task = p.task();
            Trajectory e = Rollout.of(Policy.random(task.environment().actions().size()), List.of(task), RandomStream.of(1, "x")).get(0);
            for (int t = 0; t < 20; t++) {
                double[] next = e.step(t).observation();
                if (p.heads() > 0) {
                    assertEquals(p.heads(), e.step(t).outcome().length);
                    int o = next.length;
                    next = Arrays.copyOf(next, o + p.heads());
                    System.arraycopy(e.step(t).outcome(), 0, next, o, p.heads());
                }
                assertEquals(e.step(t).reward(), p.payment().of(0, e.observation(t), e.action(t), next), 1e-9);
                float[] written = new float[p.heads() + 2];
                p.copyHeads(e.step(t), written, 1);
                for (int j = 0; j < p.heads(); j++) assertEquals((float) e.step(t).outcome()[j], written[1 + j]);
            }
        }
        ReBalTest.message("rewards is TASK, expected LEARNED for the family 'point-robot-dense': its tasks differ in the reward",
            () -> payments(GrBal.Rewards.TASK, PointRobot.dense()));
        ReBalTest.message("LEARNED where there are no train tasks",
            () -> Payments.of(GrBal.Rewards.TASK, new Problem(2, 2, 2, 4, false, 20)));
    }

    @Test
    void theModelMayForetellTheReward() {
        Payments p = payments(GrBal.Rewards.LEARNED, PointRobot.dense());
        assertEquals(1, p.heads());
        assertEquals("the model predicts the reward", p.sentence());
        assertEquals(-0.75, p.payment().of(0, new double[2], new double[2], new double[] {5, 6, -0.75}));
        float[] written = new float[2];
        p.copyHeads(new Step(new double[2], -0.25, false, false, new double[4]), written, 1);
        assertArrayEquals(new float[] {0, -0.25f}, written);
    }

    /** Gate 1: on tasks that were never trained on, the error after the step is below the error before, whatever the seed. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void oneStepLowersTheErrorOnNewTasks(long seed) {
        try (GrBalLearner learner = GainPoint.trained(TINY.support(8).query(8).updatesPerRound(200), 1, seed)) {
            List<Trajectory> shots = GainPoint.episodes(Policy.random(1), GainPoint.TASKS.test());
            try (Adaptation adaptation = learner.adapt(shots, RandomStream.of(1, "x"))) {
                Evidence evidence = adaptation.evidence();
                assertTrue(evidence.number("modelErrorAfter") < 0.6 * evidence.number("modelErrorBefore"), evidence.numbers().toString());
            }
        }
    }

    /** Without adaptation the mean gain is 0, and planning is blind. */
    @Test
    void aPointWithAHiddenGainIsSteeredByAdaptingAlone() {
        try (GrBalLearner learner = GainPoint.trained(TINY, 3, 1); GrBalLearner plain = GainPoint.trained(TINY.innerRate(0), 3, 1)) {
            double adapting = GainPoint.meanReturn(learner.policy()), fixed = GainPoint.meanReturn(plain.policy()),
                held = GainPoint.meanReturn(learner.adaptingBy(TINY.innerRate(0)).policy()),
                still = GainPoint.meanReturn(Policy.zero(1));
            assertTrue(adapting > 0.4 * still && adapting > 0.5 * fixed && adapting > 0.5 * held,
                adapting + " adapting, " + fixed + " trained without, " + held + " with the adaptation left out, " + still
                    + " standing still");
            ReBalTest.doesNotMix(learner.policy());
        }
    }

    @Test
    void oneModelAdaptsByOtherSettings() {
        GrBal settings = TINY.hidden(3).updatesPerRound(2);
        try (GrBalLearner learner = GainPoint.trained(settings, 1, 1)) {
            List<Trajectory> shots = GainPoint.episodes(Policy.random(1), GainPoint.TASKS.test()).subList(0, 1);
            Learner fixed = learner.adaptingBy(settings.innerRate(0)), faster = learner.adaptingBy(settings.innerRate(1).support(6));
            try (Adaptation none = fixed.adapt(shots, RandomStream.of(1, "x"));
                Adaptation more = faster.adapt(shots, RandomStream.of(1, "x"));
                Adaptation own = learner.adapt(shots, RandomStream.of(1, "x"))) {
                var plain = none.evidence(ModelEvidence.class).shots().get(0);
                assertEquals(plain.meanBefore(), plain.meanAfter(), 0, "nothing is adapted");
                var errors = more.evidence(ModelEvidence.class).shots().get(0);
                assertTrue(Double.isNaN(errors.after()[5]) && !Double.isNaN(errors.after()[6]));
                assertArrayEquals(own.evidence(ModelEvidence.class).shots().get(0).before(), errors.before(), 1e-6);
                // with less than K steps behind them all plan alike; what the shots taught tells them apart
                assertArrayEquals(first(learner.policy()), first(fixed.policy()), 0);
                assertArrayEquals(first(fixed.policy()), first(none.policy()), 0);
                assertTrue(!Arrays.equals(first(none.policy()), first(own.policy())));
            }
            fixed.close();
            ReBalTest.message("the settings describe a different model (hidden 4,", () -> learner.adaptingBy(settings.hidden(4)));
            ReBalTest.message("can adapt by other settings of GrBAL, not by ReBAL", () -> learner.adaptingBy(ReBal.classical()));
        }
    }

    private static double[] first(Policy policy) {
        try (Policy.Actor actor = policy.start(1, RandomStream.of(4, "first"))) {
            return actor.act(new double[][] {{0.7}})[0];
        }
    }

    @Test
    void badSettingsAreExplained() {
        Problem points = Problem.of(GainPoint.TASKS.train());
        ReBalTest.message("support + query is 34, expected at most 30, the steps of an episode",
            () -> TINY.support(30).learner(points, 1));
        ReBalTest.message("replayCapacity is 79, expected at least 80: support + query steps of each of 10 tasks",
            () -> TINY.replayCapacity(79).learner(points, 1));
        ReBalTest.message("real numbers: sequences of choices are not planned by GrBAL",
            () -> TINY.learner(new Problem(2, 2, 3, 4, true, 20), 1));
        ReBalTest.message("environment is 'hopper', expected cheetah-crippled or ant-crippled", () -> GrBal.released("hopper"));
        ReBalTest.message("no settings for 'hopper'", () -> GrBal.published("hopper"));
    }
}
