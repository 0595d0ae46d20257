package metarl.agent.transfer;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.agent.transfer.TabularTransfer.Match;
import metarl.basics.RandomStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TransferBoundTest {
    /** Of any kind: rewards of both signs, impossible transitions, few or no actions in common. */
    private static TabularTransfer any(RandomStream random) {
        int states = 1 + random.nextInt(6), actions = 1 + random.nextInt(3), others = 1 + random.nextInt(4);
        double size = Math.pow(10, random.nextDouble(-2, 2)), shift = random.nextDouble(-1, 1);
        double[][] rewards = table(states, states, random, () -> size * (shift + random.nextDouble(-1, 1)));
        double discount = random.nextInt(4) == 0 ? 0 : 1 - Math.pow(10, -random.nextDouble(0.01, 2.5));
        return new TabularTransfer(dynamics(states, actions, random), dynamics(states, others, random), rewards, new double[states][0],
            discount);
    }

    private static double[][] table(int rows, int columns, RandomStream random, DoubleSupplier draw) {
        return IntStream.range(0, rows).mapToObj(r -> IntStream.range(0, columns).mapToDouble(c -> draw.getAsDouble()).toArray())
            .toArray(double[][]::new);
    }

    private static double[][][] dynamics(int states, int actions, RandomStream random) {
        double sparse = random.nextDouble();
        var p = new double[states][][];
        for (int s = 0; s < states; s++) {
            p[s] = table(actions, states, random, () -> random.nextDouble() < sparse ? 0 : random.nextExponential());
            for (double[] row : p[s]) {
                row[random.nextInt(states)] += 0.1;
                double sum = Arrays.stream(row).sum();
                for (int to = 0; to < states; to++) row[to] /= sum;
            }
        }
        return p;
    }

    private static int[] policy(double[][][] dynamics, RandomStream random) {
        return IntStream.range(0, dynamics.length).map(s -> random.nextInt(dynamics[s].length)).toArray();
    }

    @Test
    void noTrueGapOfThousandsOfPairsExceedsTheBounds() {
        var random = RandomStream.of(1, "pairs");
        double tightest = Double.POSITIVE_INFINITY;
        int infinite = 0;
        for (int i = 0; i < 5000; i++) {
            TabularTransfer pair = any(random);
            TransferBound bound = pair.bound(policy(pair.source(), random), policy(pair.target(), random));
            double rounding = 1e-9 * (1 + bound.ofRange());
            double[] rising = {bound.gap(), bound.ofResidual(), bound.ofSpan(), bound.bound(), bound.ofPinsker(), bound.ofDivergence()};
            for (int k = 1; k < rising.length; k++) assertTrue(rising[k - 1] <= rising[k] + rounding, i + ", bound " + k);
            assertTrue(bound.gap() <= bound.ofRange() + rounding);
            if (bound.gap() > 1e-6) tightest = Math.min(tightest, bound.looseness());
            if (Double.isInfinite(bound.ofDivergence())) infinite++;
        }
        assertTrue(tightest < 1.3, "some are nearly reached: " + tightest);
        assertTrue(infinite > 500 && infinite < 4500, infinite + " pairs in which the target cannot go where the source does");
    }

    @Test
    void asPrintedItIsNoBound() {
        double leap = 0.001, discount = 0.9;
        TransferBound bound = TabularTransfer.counterexample(leap, discount).bound(new int[3], new int[3]);
        double value = leap * (1 + discount) / (1 - discount * (1 - leap));
        assertArrayEquals(new double[] {-value, -1, 1}, bound.sourceValues(), 1e-12);
        assertArrayEquals(new double[] {value, -1, 1}, bound.targetValues(), 1e-12);
        assertEquals(2 * value, bound.gap(), 1e-12);
        assertEquals(1 + discount * value, bound.largestAsPrinted(), 1e-12);
        assertEquals(1 + discount, bound.largest(), 1e-12);
        assertEquals(2 * (1 + discount) * leap / (1 - discount), bound.bound(), 1e-12);
        assertTrue(bound.gap() > 1.8 * bound.asPrinted(), bound.gap() + " against " + bound.asPrinted());
        // with the value of the next state it holds, and is reached as the leap becomes rare
        assertEquals((1 - discount * (1 - leap)) / (1 - discount), bound.looseness(), 1e-9);
        assertTrue(bound.looseness() > 1 && bound.looseness() < 1.01);
        assertEquals(Double.POSITIVE_INFINITY, bound.ofDivergence());
    }

    @Test
    void valuesSolveTheirEquationAndTheOptimumIsTheBestOfAllPolicies() {
        TabularTransfer pair = TabularTransfer.random(3, 2, 0.5, 0.9, 4);
        int[] best = pair.sourceOptimum();
        double[] values = pair.sourceValues(best);
        for (int s = 0; s < 3; s++) assertEquals(pair.ahead(pair.source()[s][best[s]], s, values), values[s], 1e-12);
        for (int code = 0; code < 8; code++) {
            double[] others = pair.sourceValues(code & 1, code >> 1 & 1, code >> 2);
            for (int s = 0; s < 3; s++) assertTrue(others[s] <= values[s] + 1e-12);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Match.class, names = {"EXACT", "TOTAL_VARIATION", "LIKELIHOOD", "MEAN"})
    void turnedControlsAreTurnedBack(Match match) {
        TabularTransfer pair = TabularTransfer.slippery(4, 0.2, 0.2);
        for (int s = 0; s < 15; s++) for (int a = 0; a < 4; a++) {
            double[] wanted = pair.source()[s][a];
            assertArrayEquals(wanted, pair.target()[s][pair.translated(s, a, match)], 1e-12, "state " + s + ", action " + a);
        }
        TransferBound bound = pair.bound(pair.sourceOptimum(), pair.translated(pair.sourceOptimum(), match));
        assertEquals(0, bound.gap(), 1e-12);
        assertEquals(0, bound.bound(), 1e-12);
        assertTrue(bound.words().startsWith("The values are the same in all states"), bound.words());
        assertTrue(pair.bound(pair.sourceOptimum(), pair.translated(pair.sourceOptimum(), Match.NONE)).gap() > 0.5);
    }

    @Test
    void whereNoActionIsEquivalentTheBestIsTakenAndTheBoundHolds() {
        TabularTransfer pair = TabularTransfer.slippery(4, 0.1, 0.4);
        int[] best = pair.sourceOptimum();
        for (Match match : List.of(Match.TOTAL_VARIATION, Match.LIKELIHOOD, Match.MEAN)) {
            int[] translated = pair.translated(best, match);
            TransferBound bound = pair.bound(best, translated);
            for (int s = 0; s < 15; s++) assertEquals((best[s] + 3) % 4, translated[s], match + " in state " + s);
            assertEquals(0.3, Arrays.stream(bound.totalVariations()).max().orElse(0), 1e-12);
            assertTrue(bound.gap() > 0.01 && bound.gap() < bound.ofSpan() && bound.ofSpan() < bound.bound());
        }
    }

    /** The released objective looks at means alone: in processes that are not near their means it takes the wrong action now and then. */
    @Test
    void meansMayTakeAnotherActionAlthoughAnEquivalentOneExists() {
        int all = 0, right = 0;
        for (int seed = 0; seed < 50; seed++) {
            TabularTransfer pair = TabularTransfer.random(10, 5, 0, 0.9, seed);
            for (int s = 0; s < 10; s++) for (int a = 0; a < 5; a++) {
                int exact = pair.translated(s, a, Match.EXACT);
                assertEquals(exact, pair.translated(s, a, Match.TOTAL_VARIATION));
                assertEquals(exact, pair.translated(s, a, Match.LIKELIHOOD));
                all++;
                if (exact == pair.translated(s, a, Match.MEAN)) right++;
            }
        }
        assertTrue(right > 0.2 * all && right < 0.6 * all, right + " of " + all);
    }

    @Test
    void likelihoodAvoidsWhatIsImpossible() {
        double[][][] source = {{{0.5, 0.5, 0}}, {{0, 1, 0}}, {{0, 0, 1}}};
        double[][][] target = {{{1, 0, 0}, {0.05, 0.05, 0.9}}, {{0, 1, 0}, {0, 1, 0}}, {{0, 0, 1}, {0, 0, 1}}};
        var pair = new TabularTransfer(source, target, new double[3][3], new double[3][1], 0.5);
        assertEquals(0, pair.translated(0, 0, Match.TOTAL_VARIATION), "½ of the mass is right");
        assertEquals(1, pair.translated(0, 0, Match.LIKELIHOOD), "a tenth is, but nothing is left out");
    }

    @Test
    void itSaysWhatItIsWorth() {
        TabularTransfer pair = TabularTransfer.random(10, 5, 0.2, 0.99, 1);
        TransferBound bound = pair.bound(pair.sourceOptimum(), pair.translated(pair.sourceOptimum(), Match.TOTAL_VARIATION));
        assertEquals(8, bound.summary().rowCount());
        assertEquals(bound.looseness(), bound.summary().doubleColumn("times the gap").getDouble(3), 1e-12);
        assertFalse(bound.summary().booleanColumn("always holds").get(4));
        assertTrue(bound.words()
            .matches("The values differ by at most .*in state \\d; Proposition 1 allows .* times as much\\. This bound says nothing: the "
                + "range of the rewards already keeps the difference within .*"),
            bound.words());
        assertTrue(bound.chart().png().length > 1000);
        assertTrue(TransferBound.chart("One", List.of(bound)).png().length > 1000);
    }

    static Stream<Arguments> badInputs() {
        double[][][] one = {{{1}}};
        double[][] zero = {{0}};
        TabularTransfer unequal = TabularTransfer.slippery(3, 0.1, 0.4);
        int[] up = new int[9];
        return Stream.of(
            bad("no states", () -> new TabularTransfer(one, one, new double[0][], zero, 0.9), "the number of states is 0"),
            bad("no actions", () -> new TabularTransfer(one, new double[1][0][], zero, zero, 0.9),
                "the number of actions of the target is 0"),
            bad("a reward too many", () -> new TabularTransfer(one, one, new double[][] {{0, 1}}, zero, 0.9),
                "the length of rewards of state 0 is 2, expected 1"),
            bad("a reward that is no number", () -> new TabularTransfer(one, one, new double[][] {{Double.NaN}}, zero, 0.9),
                "rewards of state 0, entry 0 is NaN"),
            bad("half a probability", () -> new TabularTransfer(one, new double[][][] {{{0.5}}}, zero, zero, 0.9),
                "the sum of p(· | 0, 0) of the target is 0.5, expected 1"),
            bad("a negative probability", () -> new TabularTransfer(new double[][][] {{{-1}}}, one, zero, zero, 0.9),
                "p(· | 0, 0) of the source, entry 0 is -1.0"),
            bad("a state too many", () -> new TabularTransfer(one, new double[][][] {{{1}}, {{1}}}, zero, zero, 0.9),
                "the number of states of the target is 2, expected 1"),
            bad("no coordinates", () -> new TabularTransfer(one, one, zero, new double[0][], 0.9), "the number of coordinates is 0"),
            bad("no discounting", () -> new TabularTransfer(one, one, zero, zero, 1), "discount is 1.0"),
            bad("a policy of too few states", () -> unequal.sourceValues(0, 0),
                "the number of actions of the policy is 2, expected one per"),
            bad("a fifth action", () -> unequal.bound(up, new int[] {4, 0, 0, 0, 0, 0, 0, 0, 0}),
                "the policy's action in the target, in state 0 is 4, expected 0 to 3"),
            bad("an action without equivalent", () -> unequal.translated(up, Match.EXACT),
                "in state 0 no action of the target is equivalent to action 0 of the source"),
            bad("a state that does not exist", () -> unequal.translated(9, 0, Match.MEAN), "the state is 9, expected 0 to 8"),
            bad("a slip of more than 1", () -> TabularTransfer.slippery(3, 0.1, 1.1), "slip is 1.1"),
            bad("a square of one cell", () -> TabularTransfer.slippery(1, 0, 0), "size is 1"),
            bad("a shift of more than 1", () -> TabularTransfer.random(3, 2, 2, 0.9, 1), "shift is 2.0"),
            bad("a leap of more than 1", () -> TabularTransfer.counterexample(2, 0.9), "leap is 2.0"),
            bad("a chart of nothing", () -> TransferBound.chart("none", List.of()), "none of the 0 pairs has a gap"));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsNamed(BadInput input) {
        input.isNamed();
    }
}
