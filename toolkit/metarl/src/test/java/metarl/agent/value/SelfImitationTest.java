package metarl.agent.value;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import metarl.TwinFile;
import metarl.agent.Problem;
import metarl.basics.RandomStream;
import metarl.data.Batch;
import metarl.data.ContextBatch;
import metarl.data.MetaReplay;
import metarl.data.PriorityTree;
import metarl.data.Trajectory;
import metarl.env.Step;
import metarl.env.world.Dynamics;
import metarl.nn.Gradients;
import metarl.nn.Parameters;
import metarl.task.Family;
import metarl.task.Task;
import metarl.task.TaskFamily;
import metarl.task.TaskSet;
import metarl.task.families.PointRobot;
import metarl.train.MetaRun;
import metarl.train.MetaTraining;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lower bound of TD3: its loss by PyTorch and by differences, what is earned by hand, draws by counting, and a task that it solves. */
class SelfImitationTest {
    private static final Td3 TD3 = Td3.defaults().hidden(8).targetNoise(0).policyDelay(1).learningRate(1e-3).discount(0.9).targetRate(0.1);
    private static final Problem PROBLEM = new Problem(1, 5, 2, 1);
    private static final Task TASK = PointRobot.dense().task(0, 0);
    private static final double G = 0.5;

    private static Batch rows(int... factors) {
        float[] alive = new float[16];
        for (int i = 0; i < 16; i++) alive[i] = i % 5 == 0 ? 0 : 1;
        return new Batch(16, TwinFile.floats(80, factors[0], 1), TwinFile.floats(32, factors[1], 1),
            TwinFile.floats(16, factors[2], factors[4]),
            TwinFile.floats(80, factors[3], 1), alive, new float[16], new int[16], new long[16]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"returns", "steps"})
    void threeUpdatesEqualThoseOfPyTorch(String bound) {
        var twin = new TwinFile(SelfImitationTest.class, "mcat_twin.csv");
        Batch fresh = rows(11, 13, 17, 19, 1), old = rows(23, 29, 31, 37, 4);
        float[] weights = TwinFile.floats(16, 41, 1);
        for (int i = 0; i < 16; i++) weights[i] += 0.5f;
        try (var networks = new ActorCritic(TD3, PROBLEM, RandomStream.of(1, "networks"));
            var update = new Td3Update(TD3, networks, TD3.learningRate(), RandomStream.of(1, "noise"))) {
            for (Parameters p : networks.all()) p.setValues(TwinFile.floats(p.values().length, 7, 1));
            var settings = SelfImitation.released().weight(0.3).steps(bound.equals("returns") ? 0 : 5);
            var imitation = new LowerBound(settings, networks, null, RandomStream.of(1, "imitation"));
            for (int i = 0; i < 3; i++) {
                var gaps = new float[1][];
                Map<String, Double> losses = imitation.step(update, ContextBatch.withoutWindows(fresh), Td3Update.Change.none(), old,
                    weights,
                    told -> gaps[0] = told);
                twin.requireEqual(bound + " update " + i + " losses",
                    new double[] {losses.get("criticLoss"), losses.get("imitationLoss")}, 2e-6);
                twin.requireEqual(bound + " update " + i + " gaps", gaps[0], 2e-6);
            }
            List<String> names = List.of("actor", "critic", "target of the actor", "target of the critic");
            for (int i = 0; i < 4; i++) twin.requireEqual(bound + " " + names.get(i), networks.all().get(i).values(), 1e-5);
        }
    }

    /** By central differences; without a gradient where both critics are above the bound. */
    @Test
    void theGradientOfTheLowerBound() {
        Batch old = rows(23, 29, 31, 37, 4);
        try (var networks = new ActorCritic(TD3, PROBLEM, RandomStream.of(3, "networks"));
            NDManager scope = NDManager.newBaseManager("PyTorch")) {
            float[] theta = networks.critic.values();
            NDList gradients = Gradients.of(lowerBound(networks, old, scope), networks.critic.list());
            var analytic = new float[theta.length];
            int at = 0;
            for (NDArray g : gradients) for (float value : g.toFloatArray()) analytic[at++] = value;
            double largest = 0, worst = 0;
            for (float g : analytic) largest = Math.max(largest, Math.abs(g));
            for (int i = 0; i < theta.length; i += 5) {
                double difference = (moved(networks, theta, i, 1e-2f, old, scope) - moved(networks, theta, i, -1e-2f, old, scope)) / 2e-2;
                worst = Math.max(worst, Math.abs(difference - analytic[i]));
            }
            assertTrue(largest > 0.1 && worst < 0.01 * largest, "largest error " + worst + " of entries up to " + largest);
            networks.critic.setValues(theta);
            Arrays.fill(old.rewards(), -100);
            for (NDArray g : Gradients.of(lowerBound(networks, old, scope), networks.critic.list()))
                for (float value : g.toFloatArray()) assertEquals(0, value);
        }
    }

    private static NDArray lowerBound(ActorCritic networks, Batch old, NDManager scope) {
        ActorCritic.Tensors rows = networks.tensors(ContextBatch.withoutWindows(old), scope);
        NDList values = networks.values(networks.tensors(ContextBatch.withoutWindows(rows(11, 13, 17, 19, 1)), scope), rows);
        NDArray weights = scope.ones(new Shape(16, 1));
        return Gradients.recorded(() -> TemporalDifference.lowerBoundLoss(TemporalDifference.gap(values.get(2), rows.rewards()),
            TemporalDifference.gap(values.get(3), rows.rewards()), weights));
    }

    private static double moved(ActorCritic networks, float[] theta, int i, float h, Batch old, NDManager scope) {
        float[] values = theta.clone();
        values[i] += h;
        networks.critic.setValues(values);
        return lowerBound(networks, old, scope).getFloat();
    }

    /** With these rewards, and observations that count from {@code from}. */
    private static Trajectory episode(int from, boolean terminated, double... rewards) {
        var episode = new Trajectory(TASK, new double[] {from, 0});
        for (int t = 0; t < rewards.length; t++) {
            boolean last = t == rewards.length - 1;
            episode.add(new double[2],
                new Step(new double[] {from + t + 1, 0}, rewards[t], last && terminated, last && !terminated, new double[1]));
        }
        return episode;
    }

    private static EarnedReturns stored(SelfImitation settings, MetaReplay replay, Trajectory... episodes) {
        var returns = new EarnedReturns(settings, G, replay);
        for (Trajectory episode : episodes) {
            long first = replay.of(0).added();
            replay.of(0).add(episode);
            returns.add(0, first, episode);
        }
        return returns;
    }

    private static EarnedReturns.Drawn drawn(EarnedReturns returns, int count) {
        return returns.draw(count, RandomStream.of(5, "draws"));
    }

    /** What is earned from each observation on, by hand: rewards 8, 0, 4 and γ = ½ give 9, 2, 4. */
    @Test
    void whatIsEarnedToTheEnd() {
        var replay = new MetaReplay(1, 2, 2, 1, 100);
        var all = drawn(stored(SelfImitation.released(), replay, episode(10, false, 8, 0, 4), episode(20, true, 1)), 200);
        double[] earned = new double[30];
        for (int i = 0; i < 200; i++) earned[(int) all.first().observations()[2 * i]] = all.first().rewards()[i];
        assertArrayEquals(new double[] {9, 2, 4}, Arrays.copyOfRange(earned, 10, 13));
        assertEquals(1, earned[20]);
        assertEquals(null, all.last(), "nothing follows");
    }

    /** n = 2: two rewards, then γ² times the value of what was seen then; fewer where the episode is over; 0 if it ended for good. */
    @Test
    void whatIsEarnedInTwoSteps() {
        var replay = new MetaReplay(1, 2, 2, 1, 100);
        var all = drawn(stored(SelfImitation.released().steps(2), replay, episode(10, false, 8, 0, 4), episode(20, true, 1, 1)), 300);
        for (int i = 0; i < 300; i++) {
            int at = (int) all.first().observations()[2 * i];
            double[] expected = switch (at) {
                case 10 -> new double[] {8, 12, 0.5};
                case 11 -> new double[] {2, 13, 0.5};
                case 12 -> new double[] {4, 13, 1};
                case 20 -> new double[] {1.5, 22, 0};
                default -> new double[] {1, 22, 0};
            };
            assertArrayEquals(expected, new double[] {all.first().rewards()[i], all.last().nextObservations()[2 * i],
                all.last().notTerminated()[i]}, "from " + at);
        }
    }

    /** A replay of 3 transitions forgets the oldest, and so do the returns. */
    @Test
    void whatTheReplayForgetsIsForgotten() {
        var replay = new MetaReplay(1, 2, 2, 1, 3);
        var returns = stored(SelfImitation.released(), replay, episode(10, true, 8, 0), episode(20, true, 2, 2));
        boolean[] seen = new boolean[30];
        var all = drawn(returns, 100);
        for (float at : all.first().observations()) seen[(int) at] = true;
        assertTrue(seen[11] && seen[20] && seen[21] && !seen[10]);
        var longer = stored(SelfImitation.released(), new MetaReplay(1, 2, 2, 1, 3), episode(10, true, 1, 1, 1, 1, 1));
        for (float value : drawn(longer, 50).first().rewards()) assertTrue(List.of(1f, 1.5f, 1.75f).contains(value), "" + value);
    }

    /** p = (15, 0, 1) + 1e-8 and α = ½: draws in proportion to √p, W = (p / least)^(−αβ). */
    @Test
    void drawsGoByPriority() {
        var replay = new MetaReplay(1, 2, 2, 1, 100);
        var settings = SelfImitation.released().priorityExponent(0.5).correctionExponent(0.4);
        var returns = stored(settings, replay, episode(10, true, 8, 0, 4));
        returns.prioritize(new int[] {0, 1, 2}, new float[] {15, 0, 1});
        assertEquals(1e-4, returns.priority(0, 1), 1e-12);
        int n = 20_000;
        var all = drawn(returns, n);
        int[] counts = new int[3];
        for (int i = 0; i < n; i++) {
            int at = (int) all.first().observations()[2 * i] - 10;
            counts[at]++;
            double priority = at == 0 ? Math.sqrt(15) : at == 1 ? 1e-4 : 1;
            assertEquals(Math.pow(priority / 1e-4, -0.4), all.weights()[i], 1e-6);
        }
        assertEquals(Math.sqrt(15) / (1 + Math.sqrt(15)), (double) counts[0] / n, 0.01);
        // a new one has the highest priority that there ever was
        replay.of(0).add(episode(20, true, 1));
        returns.add(0, 3, episode(20, true, 1));
        assertEquals(Math.sqrt(15), returns.priority(0, 3), 1e-7);
    }

    @Test
    void theTreeSumsAndDraws() {
        var tree = new PriorityTree(5);
        assertThrows(IllegalStateException.class, () -> tree.draw(RandomStream.of(1, "x")));
        for (int i = 0; i < 5; i++) tree.set(i, i);
        assertEquals(10, tree.sum());
        assertEquals(1, tree.least());
        int[] counts = new int[5];
        var random = RandomStream.of(1, "draws");
        for (int i = 0; i < 50_000; i++) counts[tree.draw(random)]++;
        for (int i = 0; i < 5; i++) assertEquals(i / 10.0, counts[i] / 50_000.0, 0.01);
        tree.set(1, 0);
        assertEquals(2, tree.least());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> tree.set(0, -1)).getMessage().contains("priority is -1.0"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> tree.set(5, 1)).getMessage().contains("place 0 is 5"));
        var one = new PriorityTree(1);
        one.set(0, 2);
        assertEquals(0, one.draw(random));
    }

    /** The sum of max(x, 0) over 20 steps of a point on a line, paid at the end; at most 21. */
    private static TaskFamily lateLine() {
        return Family.define("late-line").parameter("push", "", 0.5, 1.5)
            .dynamics(task -> Dynamics.of("x", "time").moving((s, a) -> new double[] {s[0] + 0.1 * task.value(0) * a[0], s[1] + 0.05}))
            .lasting(20).paying((task, o, a) -> Math.max(0, o[0])).delayed(20);
    }

    private static double learned(SelfImitation settings, long seed) {
        Task task = lateLine().task(1);
        Td3 td3 = Td3.pointRobot().contextLength(0).discount(0.99).hidden(32).batchSize(64).targetRate(0.005).episodesPerRound(1)
            .randomSteps(400);
        Mcat mcat = Mcat.small().transfer(false).base(td3).model(m -> m.contextSize(0)).selfImitation(settings);
        try (MetaRun run = MetaTraining.on(TaskSet.of(List.of(task), List.of(task))).algorithm(mcat).steps(800).evaluateEvery(800)
            .episodes(1).seed(seed).run()) {
            return run.lastEvaluation().meanBefore();
        }
    }

    /** Differences of one step need many updates to carry a late reward back; what was earned is known at once. */
    @Test
    void aLateRewardIsLearnedSooner() {
        double with = 0, without = 0;
        for (long seed : new long[] {1, 3, 4}) {
            with += learned(SelfImitation.released().weight(1), seed) / 3;
            without += learned(SelfImitation.off(), seed) / 3;
        }
        assertTrue(with > 20 && without < 10, with + " with, " + without + " without");
    }
}
