package metarl.agent.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import metarl.agent.DivergedException;
import metarl.basics.RandomStream;
import org.junit.jupiter.api.Test;

/** Both searches against problems whose best plan is known, and what goes wrong elsewhere: environments mixed up, entries not clipped. */
class PlannerTest {
    private static final int HORIZON = 4, ACTIONS = 2;

    /** −Σ (a − best)² over all entries; the best plan of each environment is another. */
    private static Foresight quadratic(double[]... best) {
        return s -> {
            double[] returns = new double[s.environments() * s.candidates()];
            for (int i = 0; i < returns.length; i++) {
                double[] aim = best[i / s.candidates()];
                int first = s.at(i / s.candidates(), i % s.candidates(), 0);
                for (int k = 0; k < aim.length; k++) returns[i] -= Math.pow(s.values()[first + k] - aim[k], 2);
            }
            return returns;
        };
    }

    private static double[] aims(String name) {
        return RandomStream.of(5, name).doubles(HORIZON * ACTIONS, -0.9, 0.9).toArray();
    }

    private static double[] flat(double[][] plan) {
        return Arrays.stream(plan).flatMapToDouble(Arrays::stream).toArray();
    }

    private static RandomStream random() {
        return RandomStream.of(3, "planner");
    }

    @Test
    void crossEntropyFindsTheBestPlanOfAQuadratic() {
        double[] aim = aims("one");
        Planning planning = Planner.crossEntropy(500, HORIZON).iterations(12).start(1, ACTIONS, random());
        double[][] actions = planning.next(quadratic(aim));
        assertArrayEquals(aim, flat(planning.plan(0)), 0.02);
        assertArrayEquals(planning.plan(0)[0], actions[0]);
    }

    /** A whole sequence of 8 entries is not hit by chance; one of 2 is: of 2,000 points in a square of 2 × 2, the nearest is near. */
    @Test
    void randomShootingTakesTheBestOfWhatItDraws() {
        double[] aim = {0.3, -0.7};
        Planning planning = Planner.randomShooting(2000, 1).start(1, 2, random());
        double[][] drawn = new double[2000][];
        double[] actions = planning.next(s -> {
            for (int c = 0; c < drawn.length; c++) drawn[c] = s.action(0, c, 0);
            return quadratic(aim).returns(s);
        })[0];
        assertArrayEquals(aim, actions, 0.05);
        double nearest = Arrays.stream(drawn).mapToDouble(a -> Math.hypot(a[0] - aim[0], a[1] - aim[1])).min().getAsDouble();
        assertEquals(nearest, Math.hypot(actions[0] - aim[0], actions[1] - aim[1]), 0);
        // drawn from the whole of [−1, 1]: mean 0, variance 1/3
        double[] all = flat(drawn);
        assertEquals(0, Arrays.stream(all).average().getAsDouble(), 0.03);
        assertEquals(1.0 / 3, Arrays.stream(all).map(a -> a * a).average().getAsDouble(), 0.02);
    }

    /** Each environment follows its own best sequences: the same plans, bit for bit, as where it is alone. */
    @Test
    void environmentsDoNotMix() {
        double[][] aims = {aims("a"), aims("b"), aims("c")};
        for (Planner planner : new Planner[] {Planner.crossEntropy(300, HORIZON), Planner.randomShooting(300, HORIZON)}) {
            Planning together = planner.start(3, ACTIONS, random());
            double[][] actions = together.next(quadratic(aims));
            Planning alone = planner.start(1, ACTIONS, random());
            assertArrayEquals(alone.next(quadratic(aims[0]))[0], actions[0], 0);
            for (int i = 0; i < 3 && planner.search() == Planner.Search.CROSS_ENTROPY; i++)
                assertArrayEquals(aims[i], flat(together.plan(i)), 0.2, "environment " + i);
        }
    }

    /** The best action lies outside of the bounds: what is scored is what would be done, and the plan ends at the bound. */
    @Test
    void candidatesAreClippedBeforeTheyAreScored() {
        double[] aim = IntStream.range(0, HORIZON * ACTIONS).mapToDouble(k -> k % 2 == 0 ? 1.5 : -3).toArray();
        var planner = Planner.crossEntropy(400, HORIZON).iterations(20).deviation(2);
        boolean[] outside = {false};
        Planning planning = planner.start(1, ACTIONS, random());
        double[] action = planning.next(s -> {
            for (float v : s.values()) outside[0] |= !(v >= -1 && v <= 1);
            return quadratic(aim).returns(s);
        })[0];
        assertEquals(false, outside[0]);
        // deviations stay at 0.03, and the mean of what is moved to a bound lies 0.4 of them before it
        assertArrayEquals(new double[] {1, -1}, action, 0.02);
    }

    /** The aim moves and is known before: one iteration per step is enough if it goes on from the last plan, and not if it does not. */
    @Test
    void aWarmStartHelps() {
        double[] track = RandomStream.of(9, "track").doubles(100, -0.9, 0.9).toArray();
        double warm = 0, cold = 0;
        Planner planner = Planner.crossEntropy(200, 10).iterations(1);
        Planning kept = planner.start(1, 1, random()), forgotten = planner.start(1, 1, random());
        for (int t = 0; t < 60; t++) {
            Foresight foresight = quadratic(Arrays.copyOfRange(track, t, t + 10));
            warm += Math.pow(kept.next(foresight)[0][0] - track[t], 2);
            cold += Math.pow(forgotten.next(foresight)[0][0] - track[t], 2);
            forgotten.ended(0);
        }
        assertTrue(warm < 0.1 * cold, warm + " with, " + cold + " without");
    }

    /** What is left of a plan is shifted by one step, in its own environment only, and forgotten where an episode ends. */
    @Test
    void aPlanIsShiftedAndForgotten() {
        Planner planner = Planner.crossEntropy(500, 3).iterations(15).least(1e-3);
        double[] aim = {0.8, -0.5, 0.6};
        Planning planning = planner.start(2, 1, random());
        planning.next(quadratic(aim, aim));
        assertArrayEquals(aim, flat(planning.plan(1)), 0.01);
        planning.ended(1);
        double[][] firstMeans = new double[2][3];
        boolean[] seen = {false};
        planning.next(s -> {
            if (!seen[0])
                for (int i = 0; i < 2; i++)
                    for (int c = 0; c < 500; c++)
                        for (int t = 0; t < 3; t++) firstMeans[i][t] += s.action(i, c, t)[0] / 500;
            seen[0] = true;
            return quadratic(aim, aim).returns(s);
        });
        assertArrayEquals(new double[] {-0.5, 0.6, 0}, firstMeans[0], 0.1);
        assertArrayEquals(new double[] {0, 0, 0}, firstMeans[1], 0.1);
    }

    /** ρ is the correlation of neighbouring draws of one entry, and every draw keeps its deviation. */
    @Test
    void drawsOfNeighbouringStepsAreCorrelated() {
        for (double correlation : new double[] {0, 0.8}) {
            var planner = Planner.crossEntropy(4000, 5).iterations(1).deviation(0.2).correlation(correlation);
            double[] sums = new double[3];
            planner.start(1, 2, random()).next(s -> {
                for (int c = 0; c < 4000; c++) {
                    double[] a = s.action(0, c, 3), b = s.action(0, c, 4);
                    sums[0] += b[0] * b[0] / 4000;
                    sums[1] += a[0] * b[0] / 4000;
                    sums[2] += b[0] * b[1] / 4000;
                }
                return new double[4000];
            });
            assertEquals(0.04, sums[0], 0.003);
            assertEquals(0.04 * correlation, sums[1], 0.003);
            assertEquals(0, sums[2], 0.003);
        }
    }

    /** Of two hills the mean of the elites is the valley between; the best sequence of all iterations stands on one. */
    @Test
    void theBestSequenceOfAllMayBeThePlan() {
        double[] most = {Double.NEGATIVE_INFINITY, 0};
        Foresight hills = s -> {
            double[] returns = new double[s.candidates()];
            for (int c = 0; c < returns.length; c++) {
                returns[c] = -Math.abs(Math.abs(s.action(0, c, 0)[0]) - 0.5);
                if (returns[c] > most[0]) {
                    most[0] = returns[c];
                    most[1] = s.action(0, c, 0)[0];
                }
            }
            return returns;
        };
        double action = Planner.crossEntropy(300, 1).iterations(3).best(true).start(1, 1, random()).next(hills)[0][0];
        assertEquals(most[1], action, 0);
        assertEquals(0.5, Math.abs(action), 0.01);
    }

    /** A plan that cannot be bettered is kept as it is, which draws of a deviation of 1.5 alone would not do. */
    @Test
    void aPlanThatIsGoodIsKept() {
        Planning planning = Planner.smoothCrossEntropy(50, HORIZON).start(1, ACTIONS, random());
        double[] zeros = new double[HORIZON * ACTIONS];
        for (int t = 0; t < 3; t++) assertArrayEquals(new double[ACTIONS], planning.next(quadratic(zeros))[0], 0);
    }

    @Test
    void oneStreamGivesOnePlan() {
        for (Planner planner : new Planner[] {Planner.crossEntropy(50, HORIZON), Planner.randomShooting(50, HORIZON)}) {
            Planning a = planner.start(2, ACTIONS, random()), b = planner.start(2, ACTIONS, random());
            for (int t = 0; t < 3; t++)
                assertArrayEquals(a.next(quadratic(aims("a"), aims("b"))), b.next(quadratic(aims("a"), aims("b"))));
            Planning other = planner.start(2, ACTIONS, RandomStream.of(4, "planner"));
            assertTrue(!Arrays.deepEquals(a.next(quadratic(aims("a"), aims("b"))), other.next(quadratic(aims("a"), aims("b")))));
        }
    }

    /** Models run away where they know nothing: such sequences are never taken, not for infinite rewards either. */
    @Test
    void whatIsNotFiniteIsWorst() {
        double[] aim = {0.3, -0.7};
        Foresight spoiled = s -> {
            double[] returns = quadratic(aim).returns(s);
            for (int c = 0; c < returns.length; c++)
                if (s.action(0, c, 0)[0] > 0) returns[c] = c % 2 == 0 ? Double.NaN : Double.POSITIVE_INFINITY;
            return returns;
        };
        for (Planner planner : new Planner[] {Planner.crossEntropy(300, 1).iterations(15), Planner.randomShooting(2000, 1)})
            assertArrayEquals(new double[] {0, -0.7}, planner.start(1, 2, random()).next(spoiled)[0], 0.1);
        // fewer than there are elites
        double[] few = Planner.randomShooting(100, 1).search(Planner.Search.CROSS_ENTROPY).start(1, 2, random()).next(s -> {
            double[] returns = new double[100];
            Arrays.fill(returns, 1, 100, Double.NaN);
            return returns;
        })[0];
        assertTrue(Double.isFinite(few[0]) && Double.isFinite(few[1]));
    }

    @Test
    void aModelThatForeseesNothingIsTold() {
        Planning planning = Planner.randomShooting(30, 2).start(2, 1, random());
        String message = assertThrows(DivergedException.class, () -> planning.next(s -> {
            double[] returns = new double[60];
            Arrays.fill(returns, 30, 60, Double.NaN);
            return returns;
        })).getMessage();
        assertTrue(message.contains("no finite return for any of 30 sequences of actions in environment 1; that of the first is NaN"),
            message);
        assertTrue(message.contains("Lower learningRate"), message);
    }

    @Test
    void badInputIsExplained() {
        Planner planner = Planner.randomShooting(30, 2);
        assertTrue(assertThrows(IllegalStateException.class, () -> planner.start(2, 1, random()).next(s -> new double[30])).getMessage()
            .contains("30 returns, expected 60: one per candidate, 30 for each of 2 environments"));
        assertTrue(assertThrows(IllegalStateException.class, () -> planner.start(2, 1, random()).next(s -> null)).getMessage()
            .contains("gave null"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> planner.elites(31)).getMessage()
            .contains("elites is 31, expected 1 to candidates, which are 30"));
        assertTrue(
            assertThrows(IllegalArgumentException.class, () -> planner.start(0, 1, random())).getMessage().contains("environments is 0"));
        assertTrue(
            assertThrows(IllegalArgumentException.class, () -> planner.start(1, 0, random())).getMessage().contains("actionSize is 0"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new Sequences(1, 2, 3, 4, new float[23])).getMessage()
            .contains("values is 23 numbers, expected 24 = 1 environments × 2 candidates × 3 steps × 4 entries"));
        assertTrue(
            assertThrows(IllegalArgumentException.class,
                () -> Planner.randomShooting(1_000_000, 1000).start(10, 1, random())).getMessage()
                .contains("Make candidates or horizon smaller"));
    }

    @Test
    void sequencesAreReadInOrder() {
        float[] values = new float[2 * 3 * 4 * 2];
        for (int i = 0; i < values.length; i++) values[i] = i;
        var sequences = new Sequences(2, 3, 4, 2, values);
        assertArrayEquals(new double[] {46, 47}, sequences.action(1, 2, 3));
        assertArrayEquals(new float[] {32, 33, 34, 35, 36, 37, 38, 39}, sequences.one(1, 1).values());
    }
}
