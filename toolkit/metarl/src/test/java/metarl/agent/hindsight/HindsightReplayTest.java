package metarl.agent.hindsight;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.agent.LearnerState;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.basics.RandomStream;
import metarl.data.Batch;
import metarl.data.MetaReplay;
import metarl.data.Trajectory;
import metarl.data.Transition;
import metarl.diagnose.weights.DynamicsRatio;
import metarl.diagnose.weights.ImportanceWeights;
import metarl.env.Space;
import metarl.env.world.Dynamics;
import metarl.task.Family;
import metarl.task.Parameter;
import metarl.task.Task;
import metarl.task.TaskFamily;
import metarl.train.Rollout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What steps of others count, by their place; and ratios of dynamics against those that are known. */
class HindsightReplayTest {
    private static final double NOISE = 0.1;
    /** s' = s + g a + noise on a line, paid by the place; goals differ, and the sign g. */
    private static final TaskFamily SIGNS = Family.define("signs").parameter("goal", "", -1, 1, Parameter.Changes.REWARD)
        .parameter("gain", "", -1, 1, Parameter.Changes.DYNAMICS)
        .dynamics(task -> Dynamics.of("x").acting(Space.box(1, 1))
            .moving((s, a, random) -> new double[] {s[0] + task.value(1) * a[0] + NOISE * random.nextGaussian()}))
        .lasting(4).paying((task, outcome, action) -> outcome[0] > task.value(0) ? 1 : 0);
    private static final List<Task> TASKS = List.of(SIGNS.task(0, 1), SIGNS.task(0.5, 1), SIGNS.task(0, -1));
    private static final Problem PROBLEM = Problem.of(TASKS);
    /** The gains' sign says it all. */
    private static final DynamicsRatios HALF = (from, to, steps) -> steps.stream().mapToDouble(s -> to == 2 || from == 2 ? 0.25 : 1)
        .toArray();

    private static Trajectory lived(int task, long seed) {
        return Rollout.of(Policy.random(1), List.of(TASKS.get(task)), RandomStream.of(seed, "lived")).get(0);
    }

    private static MetaReplay replay(int capacity) {
        return new MetaReplay(3, 1, 1, 1, 3 * capacity);
    }

    private static HindsightReplay around(MetaReplay replay, Relabeller rule) {
        return new HindsightReplay(replay, PROBLEM, rule, LearnedRatios.Settings.defaults(), 0.9, episode -> episode,
            RandomStream.of(1, "relabelling"));
    }

    private static Batch all(MetaReplay replay, int task) {
        int size = replay.of(task).size();
        long added = replay.of(task).added();
        return replay.at(IntStream.generate(() -> task).limit(size).toArray(), LongStream.range(added - size, added).toArray());
    }

    @Test
    void stepsOfOthersCountWhatTheRuleSays() {
        MetaReplay replay = replay(100);
        HindsightReplay hindsight = around(replay, Relabeller.all().weighted(5).halved());
        hindsight.add(lived(0, 1), 0, null, HALF);
        assertNull(hindsight.weights(all(replay, 0)), "its own steps count once");
        assertNull(hindsight.scales(all(replay, 0)));
        assertNull(hindsight.weights(all(replay, 1)), "a ratio of 1");
        assertArrayEquals(new float[] {0.5f, 0.5f, 0.5f, 0.5f}, hindsight.scales(all(replay, 1)));
        assertArrayEquals(new float[] {0.25f, 0.25f, 0.25f, 0.25f}, hindsight.weights(all(replay, 2)));
        hindsight.add(lived(2, 2), 2, null, HALF);
        assertArrayEquals(new float[] {0.25f, 0.25f, 0.25f, 0.25f, 1, 1, 1, 1}, hindsight.weights(all(replay, 2)));
        assertArrayEquals(new float[] {1, 1, 1, 1, 0.25f, 0.25f, 0.25f, 0.25f}, hindsight.weights(all(replay, 0)));
        assertEquals(2, hindsight.numbers().get("foreignTasks"));
        assertEquals(1, hindsight.numbers().get("foreignEss"), 1e-12);
        for (int task = 0; task < 3; task++) {
            Batch rows = all(replay, task);
            for (int row = 0; row < rows.size(); row++)
                assertEquals(rows.outcomes()[row] > TASKS.get(task).value(0) ? 1 : 0, rows.rewards()[row], "paid as its own task pays");
        }
    }

    /** In a ring of six steps the marks go with the steps that are overwritten. */
    @Test
    void marksAreOverwrittenWithTheirSteps() {
        MetaReplay replay = replay(6);
        HindsightReplay hindsight = around(replay, Relabeller.all().weighted(5));
        hindsight.add(lived(0, 1), 0, null, HALF);
        hindsight.add(lived(2, 2), 2, null, HALF);
        assertArrayEquals(new float[] {0.25f, 0.25f, 1, 1, 1, 1}, hindsight.weights(all(replay, 2)));
        hindsight.add(lived(2, 3), 2, null, HALF);
        assertNull(hindsight.weights(all(replay, 2)));
    }

    private static List<Foreign> counting(double... weights) {
        var episode = new Trajectory(TASKS.get(0), new double[] {0});
        for (int t = 0; t < weights.length; t++)
            episode.add(new double[] {0}, new metarl.env.Step(new double[] {0}, 0, false, t == weights.length - 1, new double[1]));
        return List.of(new Foreign(1, episode, weights, false));
    }

    /** Over the steps of all tasks together, as the library judges weights anywhere; nothing where that would say nothing. */
    @Test
    void theTailOfTheWeightsIsJudged() {
        double[] pareto = IntStream.range(0, 200).mapToDouble(i -> Math.pow(1 - (i + 0.5) / 200, -0.8)).toArray();
        double khat = Foreign.tailShape(counting(pareto));
        assertEquals(ImportanceWeights.of(pareto).psis().khat(), khat);
        assertTrue(khat > 0.6 && khat < 0.9, khat + "");
        double[] half = Arrays.copyOf(pareto, 100), rest = Arrays.copyOfRange(pareto, 100, 200);
        assertEquals(khat, Foreign.tailShape(List.of(counting(half).get(0), counting(rest).get(0))), 1e-12);
        double[] clipped = Arrays.stream(pareto).map(w -> Math.min(2, w)).toArray(), ones = new double[200];
        Arrays.fill(ones, 1);
        for (double[] silent : List.of(clipped, ones, new double[200], Arrays.copyOf(pareto, 10), new double[0]))
            assertEquals(Double.NaN, Foreign.tailShape(silent.length == 0 ? List.of() : counting(silent)));
    }

    /** A rule that gives every step of the second task a weight of its own. */
    record Growing() implements Relabeller {
        @Override
        public List<Foreign> relabel(Hindsight hindsight, RandomStream random) {
            return counting(IntStream.range(0, 60).mapToDouble(i -> Math.exp(i / 10.0)).toArray());
        }
    }

    /** Two numbers were stored before there was a third. */
    @Test
    void whatWasStoredWithoutATailIsRead() throws IOException {
        HindsightReplay hindsight = around(replay(100), new Growing());
        hindsight.add(lived(0, 1), 0, null, HALF);
        assertTrue(hindsight.numbers().get("foreignKhat") < 2, hindsight.numbers() + "");
        var bytes = new ByteArrayOutputStream();
        LearnerState.of().stream("relabelling", RandomStream.of(1, "r")).numbers("last relabelling", new double[] {3, 0.25})
            .save(new DataOutputStream(bytes));
        hindsight.declare(LearnerState.of()).load(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        assertEquals(Map.of("foreignTasks", 3.0, "foreignEss", 0.25, "unfittedPairs", 0.0), hindsight.numbers());
    }

    @Test
    void withoutARuleItIsThePlainReplay() {
        MetaReplay replay = replay(100);
        HindsightReplay hindsight = around(replay, Relabeller.none());
        hindsight.add(lived(0, 1), 0, null, null);
        assertTrue(!hindsight.isUsed() && hindsight.numbers().isEmpty() && replay.size() == 4);
        assertEquals(List.of(), hindsight.declare(LearnerState.of()).names());
    }

    @Test
    void whatItKnowsIsStored() throws IOException {
        MetaReplay replay = replay(20);
        HindsightReplay hindsight = around(replay, Relabeller.all().weighted(5));
        hindsight.add(lived(0, 1), 0, null, HALF);
        var bytes = new ByteArrayOutputStream();
        LearnerState state = hindsight.declare(LearnerState.of().replay("replay", replay));
        state.save(new DataOutputStream(bytes));
        state.saveReplay(new DataOutputStream(bytes));
        MetaReplay other = replay(20);
        HindsightReplay again = around(other, Relabeller.all().weighted(5));
        LearnerState loaded = again.declare(LearnerState.of().replay("replay", other));
        var in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
        loaded.load(in);
        loaded.loadReplay(in);
        assertArrayEquals(hindsight.weights(all(replay, 2)), again.weights(all(other, 2)));
        assertEquals(hindsight.numbers(), again.numbers());
    }

    /** Of linear steps with normal noise the classifiers can be exact: log p_j/p_i is a quadratic of (s, a, s'). */
    @Test
    void learnedRatiosAreThoseOfTheDynamics() {
        var settings = new LearnedRatios.Settings(800, 100, DynamicsRatio.Features.QUADRATIC, 1e3, 0);
        var ratios = new LearnedRatios(settings, PROBLEM);
        List<Transition> asked = lived(0, 900).transitions();
        assertArrayEquals(new double[4], ratios.of(0, 2, asked), "of nothing nothing is known");
        assertArrayEquals(new double[] {1, 1, 1, 1}, ratios.of(0, 0, asked));
        for (int episode = 0; episode < 200; episode++)
            for (int task = 0; task < 3; task++) ratios.add(task, lived(task, 3L * episode + task));
        double alike = 0, apart = 0;
        int n = 0;
        for (long seed = 1000; seed < 1050; seed++)
            for (Transition step : lived(0, seed).transitions()) {
                alike += ratios.of(0, 1, List.of(step))[0];
                apart += Math.min(1, ratios.of(0, 2, List.of(step))[0]);
                double exact = Math.exp(density(step, -1) - density(step, 1)), found = ratios.of(0, 2, List.of(step))[0];
                // where a is small the two are alike
                if (exact > 0.01 && exact < 100) assertEquals(Math.log(exact), Math.log(found), 1.5, step.action()[0] + "");
                n++;
            }
        assertEquals(1, alike / n, 0.1);
        assertTrue(apart / n < 0.25, "opposite steps count " + apart / n);
    }

    private static double density(Transition step, double gain) {
        double off = step.nextObservation()[0] - step.observation()[0] - gain * step.action()[0];
        return -off * off / (2 * NOISE * NOISE);
    }

    /** A fit looks at a snapshot, so that it is the same after a run was stored, however many steps came since. */
    @Test
    void aPairIsFittedAnewNowAndThen() {
        var ratios = new LearnedRatios(new LearnedRatios.Settings(40, 40, null, 1, 1), PROBLEM);
        List<Transition> asked = lived(0, 900).transitions();
        for (int e = 0; e < 10; e++) for (int task = 0; task < 3; task++) ratios.add(task, lived(task, e));
        double[] first = ratios.of(0, 2, asked);
        for (int e = 0; e < 9; e++) for (int task = 0; task < 3; task++) ratios.add(task, lived(task, 50 + e));
        assertArrayEquals(first, ratios.of(0, 2, asked));
        ratios.add(0, lived(0, 99));
        assertTrue(first[0] != ratios.of(0, 2, asked)[0]);
    }

    /** A policy that always does the same tells nothing of its dynamics, and stops nobody. */
    @Test
    void whereNoFitIsStableThePairIsNotKnown() {
        var ratios = new LearnedRatios(new LearnedRatios.Settings(40, 4, null, 1e9, 0.5), PROBLEM);
        for (int e = 0; e < 10; e++) for (int task = 0; task < 3; task++) {
            var still = new Trajectory(TASKS.get(task), new double[] {0});
            for (int t = 0; t < 4; t++)
                still.add(new double[] {1e-9 * t}, new metarl.env.Step(new double[] {1e6 * task}, 0, false, t == 3, new double[1]));
            ratios.add(task, still);
        }
        double[] found = ratios.of(0, 2, lived(0, 1).transitions());
        for (double ratio : found) assertTrue(Double.isFinite(ratio) && ratio >= 0, ratio + "");
    }

    static Stream<Arguments> badInputs() {
        return Stream.of(bad("too few steps", () -> new LearnedRatios.Settings(5, 100, null, 1, 0), "steps is 5"),
            bad("never", () -> new LearnedRatios.Settings(50, 0, null, 1, 0), "every"),
            bad("no strength", () -> new LearnedRatios.Settings(50, 10, null, 0, 0), "inverseStrength"),
            bad("more than trust", () -> new LearnedRatios.Settings(50, 10, null, 1, 2), "unknown"));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsNamed(BadInput input) {
        input.isNamed();
    }
}
