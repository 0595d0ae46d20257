package metarl.diagnose.log;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.diagnose.weights.Ess;
import metarl.diagnose.weights.ImportanceWeights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tech.tablesaw.api.Table;

/** However rows are parted, and in whatever order and tree the parts are merged or stored, the report is that of the whole. */
class WeightStreamPartsTest {
    private static final CheckedWeights CHECKS = CheckedWeights.ofWeights("w").reward("r").group("g");

    @TempDir
    private Path folder;

    /** What logs can be like. */
    private enum Shape {
        /** Heavy tails, one in twenty of weight 0, rewards ten times their spread from 0. */
        USUAL(15_000),
        /** One weight of e^250 times the others. */
        GIANT(9_000),
        /** The same, and nothing was paid for it, so that the sum of what was paid is of all the others. */
        GIANT_UNPAID(9_000),
        /** No tail, no spread. */
        EQUAL(9_000),
        /** Every part meets a larger weight than those before. */
        ASCENDING(9_000),
        /** Nine tenths are of one group, the others of two thousand. */
        MANY_GROUPS(9_000),
        /** A fifth cannot be used. */
        BAD(9_000),
        /** Fewer weights above 0 than the tail has draws. */
        NEARLY_ALL_ZERO(400),
        /** Fewer than the shortest tail takes. */
        FEW(12);

        private final int rows;

        Shape(int rows) {
            this.rows = rows;
        }

        private Rows rows(long seed) {
            var random = new Random(seed);
            var made = new Rows(new double[rows], new double[rows], new String[rows]);
            for (int i = 0; i < rows; i++) {
                made.weights[i] = weight(i, random);
                made.rewards[i] = 10 + random.nextGaussian();
                made.groups[i] = "g" + (this != MANY_GROUPS ? random.nextInt(5) : random.nextInt(10) > 0 ? 0 : random.nextInt(2_000));
                if (this == GIANT_UNPAID && i == 4_321) made.rewards[i] = 0;
                if (this == BAD && random.nextInt(5) == 0) spoil(made, i, random);
            }
            return made;
        }

        private double weight(int i, Random random) {
            double usual = random.nextInt(20) == 0 ? 0 : Math.exp(2 * random.nextGaussian());
            return switch (this) {
                case EQUAL -> 0.3;
                case GIANT, GIANT_UNPAID -> i == 4_321 ? Math.exp(250) : usual;
                case ASCENDING -> Math.exp(i * 0.01);
                case NEARLY_ALL_ZERO -> random.nextInt(20) == 0 ? usual : 0;
                default -> usual;
            };
        }

        private static void spoil(Rows rows, int i, Random random) {
            int kinds = 1 + random.nextInt(15);
            if ((kinds & 1) > 0) rows.weights[i] = new double[] {Double.NaN, -1, Double.POSITIVE_INFINITY}[random.nextInt(3)];
            if ((kinds & 2) > 0) rows.rewards[i] = random.nextBoolean() ? Double.NaN : Double.NEGATIVE_INFINITY;
            if ((kinds & 4) > 0) rows.groups[i] = random.nextBoolean() ? null : " ";
        }
    }

    private record Rows(double[] weights, double[] rewards, String[] groups) {
        private WeightStream stream(int... rows) {
            WeightStream stream = WeightStream.ofRewards(5).grouped();
            for (int i : rows) CHECKS.addWeight(stream, i + 1, weights[i], rewards[i], groups[i]);
            return stream;
        }

        private WeightStream whole() {
            return stream(IntStream.range(0, weights.length).toArray());
        }
    }

    /** Ways to part a log. */
    private enum Parts {
        CUT, SCATTERED, SINGLE, EMPTY;

        /** The part of each row. */
        private List<int[]> of(int n, Random random) {
            int parts = this == SINGLE ? n : 2 + random.nextInt(40);
            int[] cuts = random.ints(parts, 0, n + 1).sorted().toArray(), rows = IntStream.range(0, n).map(i -> switch (this) {
                case CUT -> (int) Arrays.stream(cuts).limit(parts - 1).filter(c -> c <= i).count();
                case SCATTERED -> random.nextInt(parts);
                case SINGLE -> i;
                case EMPTY -> parts / 2;
            }).toArray();
            var lists = Stream.generate(() -> IntStream.builder()).limit(parts).toList();
            for (int i = 0; i < n; i++) lists.get(rows[i]).add(i);
            return lists.stream().map(l -> l.build().toArray()).toList();
        }
    }

    static Stream<Arguments> logsAndParts() {
        return Arrays.stream(Shape.values()).flatMap(shape -> Arrays.stream(Parts.values()).map(parts -> Arguments.of(shape, parts)));
    }

    @ParameterizedTest
    @MethodSource("logsAndParts")
    void anyPartsInAnyTreeAreTheWhole(Shape shape, Parts parts) throws IOException {
        Rows rows = shape.rows(7);
        WeightStream whole = rows.whole();
        for (int seed = 0; seed < 3; seed++) {
            var random = new Random(seed);
            var streams = parts.of(shape.rows, random).stream().map(rows::stream).collect(Collectors.toCollection(ArrayList::new));
            Collections.shuffle(streams, random);
            // any two that lie near each other are merged, one of them by way of a file now and then
            while (streams.size() > 1) {
                int at = random.nextInt(Math.min(8, streams.size()) - 1);
                WeightStream other = streams.remove(at + 1), one = streams.get(at);
                streams.set(at, (random.nextInt(50) == 0 ? stored(one) : one).merge(random.nextInt(50) == 0 ? stored(other) : other));
            }
            assertSame(whole, streams.get(0));
        }
    }

    private static WeightStream stored(WeightStream stream) throws IOException {
        var bytes = new ByteArrayOutputStream();
        stream.save(new DataOutputStream(bytes));
        return WeightStream.load(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    }

    private static void assertSame(WeightStream whole, WeightStream merged) {
        StreamedWeights expected = whole.result(), found = merged.result();
        assertEquals(whole.rows(), merged.rows());
        assertEquals(expected.n(), found.n());
        assertEquals(expected.zeros(), found.zeros());
        assertEquals(expected.largestLog(), found.largestLog());
        assertArrayEquals(expected.tail(), found.tail());
        assertEquals(expected.khat(), found.khat());
        assertEquals(expected.badRows(), found.badRows());
        close(expected.ess(), found.ess(), 0);
        close(expected.largestShare(), found.largestShare(), 0);
        close(expected.meanWeight(), found.meanWeight(), 0);
        close(expected.meanWeightError(), found.meanWeightError(), 0);
        assertSame(expected.estimates(), found.estimates());
        List<WeightGroup> groups = whole.groups(), others = merged.groups();
        assertEquals(groups.size(), others.size());
        for (int g = 0; g < groups.size(); g++) {
            WeightGroup group = groups.get(g), other = others.get(g);
            assertEquals(group.name(), other.name());
            assertEquals(group.n(), other.n());
            assertEquals(group.zeros(), other.zeros());
            close(group.share(), other.share(), 0);
            close(group.ess(), other.ess(), 0);
            close(group.largestShare(), other.largestShare(), 0);
            assertSame(group.estimates(), other.estimates());
        }
    }

    private static void assertSame(List<StreamedWeights.Estimate> expected, List<StreamedWeights.Estimate> found) {
        assertEquals(expected.size(), found.size());
        for (int e = 0; e < expected.size(); e++) {
            StreamedWeights.Estimate one = expected.get(e), other = found.get(e);
            assertEquals(one.name(), other.name());
            close(one.value(), other.value(), 0);
            close(one.standardError(), other.standardError(), (one.name().equals("SNIPS") ? 1 : 1e-3) * Math.abs(one.value()));
            assertEquals(one.clipped(), other.clipped());
        }
    }

    /** To 12 digits of itself, or of more where an error may be 0. */
    private static void close(double expected, double found, double more) {
        if (Double.compare(expected, found) != 0) assertEquals(expected, found, 1e-12 * (Math.abs(expected) + more));
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void theWholeIsWhatWeightsInMemoryAre(Shape shape) {
        Rows rows = shape.rows(8);
        int[] good = IntStream.range(0, shape.rows).filter(i -> rows.weights[i] >= 0 && Double.isFinite(rows.weights[i])
            && Double.isFinite(rows.rewards[i]) && rows.groups[i] != null && !rows.groups[i].isBlank()).toArray();
        double[] weights = IntStream.of(good).mapToDouble(i -> rows.weights[i]).toArray();
        StreamedWeights result = rows.whole().result();
        assertEquals(shape.rows - good.length, result.badRows().bad());
        assertEquals(shape.rows, result.badRows().rows());
        ImportanceWeights all = ImportanceWeights.of(weights);
        assertEquals(all.ess().value(), result.ess(), 1e-11 * result.ess());
        double paid = IntStream.of(good).mapToDouble(i -> rows.weights[i] * rows.rewards[i]).sum();
        assertEquals(paid / good.length, result.estimate("IPS").value(), 1e-11 * paid / good.length);
        assertEquals(all.psis().khat(), result.khat());
        Table byGroup = all.essBy(IntStream.of(good).mapToObj(i -> rows.groups[i]).toArray(String[]::new)).sortOn("group"),
            found = rows.whole().result().essByGroup();
        for (String column : List.of("group", "n")) assertEquals(byGroup.column(column).asList().toString(),
            found.column(column).asList().toString());
        for (String column : List.of("share of the weight", "ESS", "ESS / n", "largest share"))
            assertArrayEquals(byGroup.doubleColumn(column).asDoubleArray(), found.doubleColumn(column).asDoubleArray(), 1e-10, column);
    }

    /** Five rows, three good, in two groups and two parts. */
    @Test
    void groupsAndBadRowsByHand() {
        WeightStream first = WeightStream.ofRewards().grouped(2), second = WeightStream.ofRewards().grouped(2);
        assertTrue(CHECKS.addWeight(second, 4, 3, 2, "a"));
        assertFalse(CHECKS.addWeight(second, 5, -1.5, Double.NaN, "a"));
        assertTrue(CHECKS.addWeight(first, 1, 1, 6, "a"));
        assertFalse(CHECKS.addWeight(first, 2, -2, 1, "c"));
        assertTrue(CHECKS.addWeight(first, 3, 4, 1, "b"));
        StreamedWeights result = second.merge(first).result();
        assertEquals(3, result.n());
        assertEquals(64 / 26.0, result.ess(), 1e-14);
        assertEquals(16 / 8.0, result.estimate("SNIPS").value(), 1e-14);
        assertEquals("2 of 5 rows cannot be used: weight 'w' is below 0 in rows 2 (-2), 5 (-1.5); reward 'r' is NaN in row 5.",
            result.badRows().sentence());
        WeightGroup a = second.groups().get(0), b = second.groups().get(1);
        assertEquals(List.of("a", "b"), List.of(a.name(), b.name()));
        assertEquals(16 / 10.0, a.ess(), 1e-14);
        assertEquals(0.5, a.share(), 1e-15);
        assertEquals(0.75, a.largestShare(), 1e-15);
        assertEquals(12 / 4.0, a.estimates().get(2).value(), 1e-14);
        assertEquals(1, b.ess(), 1e-15);
        assertEquals(1, b.largestShare(), 1e-15);
        assertEquals(2, second.result().essByGroup().rowCount());
        assertEquals(2, second.badRows());
        assertEquals(2, first.rows(), "stays as it is");
    }

    @Test
    void rowsAreCheckedAsThoseOfAFile() {
        double[][] rows = {{0.5, 0.25, 1}, {0, 0.5, 1}, {1.2, 0.5, Double.NaN}, {0.5, -0.25, 1}, {1.00001, 0.5, 3},
            {0.5, Double.POSITIVE_INFINITY, 1}, {Double.NaN, 2, 1}, {0.25, 0, 2}, {-1, Double.NaN, Double.POSITIVE_INFINITY}};
        Path file = LogFiles.text(folder, "p,q,r\n" + Arrays.stream(rows)
            .map(r -> Arrays.stream(r).mapToObj(v -> v == Math.rint(v) && !Double.isInfinite(v) ? "" + (int) v : "" + v)
                .collect(Collectors.joining(",")))
            .collect(Collectors.joining("\n")) + "\n");
        StreamedWeights expected = StreamedWeights.reader().propensity("p").targetPropensity("q").reward("r").dropBad().read(file);
        CheckedWeights checks = CheckedWeights.ofPropensities("q", "p").reward("r");
        WeightStream all = WeightStream.ofRewards();
        for (int i = rows.length; i-- > 0;) {
            WeightStream one = WeightStream.ofRewards();
            checks.addRatio(one, i + 1, rows[i][1], rows[i][0], rows[i][2], null);
            all.merge(one);
        }
        StreamedWeights found = all.result();
        assertEquals(expected.badRows(), found.badRows());
        assertEquals(3, found.n());
        assertEquals(expected.ess(), found.ess(), 1e-12);
        assertEquals(expected.toString(), found.toString());
    }

    @Test
    void weightsAloneTakeAnyReward() {
        WeightStream stream = WeightStream.ofWeights();
        assertTrue(CHECKS.addWeight(stream, 1, 2, Double.NaN, null));
        assertFalse(CHECKS.addWeight(stream, 2, Double.NaN, 0, null));
        assertTrue(CheckedWeights.ofPropensities("q", "p").densities().addRatio(stream, 3, 3, 1.5, 0, null));
        assertEquals(2, stream.result().ess(), 1e-15);
    }

    /** Of a million weights that are 1 and e^1000 in turn, each of the latter is a two millionth of the mean of e^1000/2. */
    @ParameterizedTest
    @CsvSource({"1000, 0", "-1000, 0", "1e7, 0", "300, 1e15"})
    void scalesApartAreJoined(double shift, double reward) {
        WeightStream low = WeightStream.ofRewards(), high = WeightStream.ofRewards();
        for (int i = 0; i < 10; i++) {
            low.add(shift, reward + 1);
            high.add(shift + 2, reward + 2);
        }
        StreamedWeights result = low.merge(high).result();
        double e = Math.exp(2);
        assertEquals(20 * (1 + e) * (1 + e) / (1 + e * e) / 2, result.ess(), 1e-11);
        assertEquals(reward + (1 + 2 * e) / (1 + e), result.estimate("SNIPS").value(), 1e-14 * Math.max(100, reward));
        // s² of ten 1s and ten 2s is 20/19 times ¼
        assertEquals(Math.sqrt(0.25 / 19), result.estimate("behavior policy").standardError(), 1e-14);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 3, 99, 100})
    void fewerRowsCanBeExpected(long rows) {
        WeightStream stream = WeightStream.ofWeights().expecting(100), any = WeightStream.ofWeights(), other = stream.expecting(100);
        for (int i = 0; i < rows + 1; i++) {
            (i % 3 == 0 ? stream : other).add(-Math.sqrt(i), 0);
            any.add(-Math.sqrt(i), 0);
        }
        stream.merge(other);
        if (rows < 100) assertArrayEquals(any.result().tail(), stream.result().tail());
        else assertTrue(
            assertThrows(IllegalArgumentException.class, stream::result).getMessage().contains("101 rows, expected at most 100"));
    }

    @Test
    void storedGroupsAndFaultsGoOnBitForBit() throws IOException {
        Rows rows = Shape.BAD.rows(9);
        WeightStream whole = WeightStream.ofRewards(5).grouped(), part = WeightStream.ofRewards(5).grouped();
        for (int i = 0; i < Shape.BAD.rows; i++) {
            CHECKS.addWeight(whole, i, rows.weights[i], rows.rewards[i], rows.groups[i]);
            CHECKS.addWeight(part, i, rows.weights[i], rows.rewards[i], rows.groups[i]);
            if (i % 500 == 0) part = stored(part);
        }
        assertEquals(whole.groups(), part.groups());
        assertEquals(whole.result().badRows(), part.result().badRows());
        assertEquals(whole.result().estimates(), part.result().estimates());
    }

    /** The bounds of the Javadoc, for a tail that is full and a thousand groups. */
    @Test
    void sizeIsBounded() {
        WeightStream stream = WeightStream.ofRewards().grouped();
        for (int i = 0; i < 1_300_000; i++) stream.add(i * 1e-6, 1, "group " + i % 1_000);
        int bytes = stream.toBytes().length;
        assertTrue(bytes < 8 * 300_001 + 82_000 + 1_000 * (200 + 11), bytes + " bytes");
        WeightStream hundred = WeightStream.ofWeights().expecting(100);
        for (int i = 0; i < 4_096; i++) hundred.add(i, 0);
        assertTrue(hundred.toBytes().length < 8 * 21 + 300, hundred.toBytes().length + " bytes");
    }

    static Stream<Arguments> badInputs() {
        WeightStream two = WeightStream.ofRewards().grouped(2), other = WeightStream.ofRewards().grouped(2),
            plain = WeightStream.ofRewards();
        two.add(0, 0, "a");
        two.add(0, 0, "b");
        other.add(0, 0, "c");
        WeightStream faults = WeightStream.ofRewards(), more = WeightStream.ofRewards();
        for (int i = 0; i < 1_000; i++) faults.addBad(i, "column", "is " + i, "");
        more.addBad(1, "column", "is odd", "");
        return Stream.of(bad("one group more", () -> two.add(0, 0, "c"), "'c' would be one more than 2 groups"),
            bad("one group more by merging", () -> two.merge(other), "'c' would be one more than 2 groups"),
            bad("groups of a plain stream", () -> plain.add(0, 0, "a"), "expected none: say .grouped()"),
            bad("no group", () -> two.add(0, 0), "a row without a group"),
            bad("group null", () -> two.add(0, 0, null), "the group is null"),
            bad("long group", () -> two.add(0, 0, "x".repeat(201)), "has 201 letters"),
            bad("groups of none", plain::groups, "the stream has no groups"),
            bad("grouped(0)", () -> plain.grouped(0), "groups is 0"),
            bad("grouped beyond", () -> plain.grouped(1_000_001), "groups is 1000001"),
            bad("expecting none", () -> plain.expecting(0), "rows is 0"),
            bad("other groups", () -> two.merge(plain), "given a stream of weights and rewards, expected one of weights and rewards, of at "
                + "most 2 groups"),
            bad("other rows", () -> plain.merge(plain.expecting(7)), "expecting 7 rows"),
            bad("too many kinds", () -> faults.addBad(7, "column", "is odd", ""), "one more than 1000 kinds of faults"),
            bad("too many kinds by merging", () -> faults.merge(more), "one more than 1000 kinds of faults"),
            bad("all bad", more::result, "had no rows; expected at least one: 1 of 1 rows cannot be used: column is odd in row 1."),
            bad("weight for propensities", () -> CheckedWeights.ofPropensities("q", "p").addWeight(plain, 1, 1, 1, null), "addRatio"),
            bad("propensities for weight", () -> CHECKS.addRatio(plain, 1, 1, 1, 1, null), "addWeight"));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsNamed(BadInput input) {
        input.isNamed();
    }

    @Test
    void whatIsRefusedChangesNothing() {
        WeightStream two = WeightStream.ofRewards().grouped(2), three = WeightStream.ofRewards().grouped(2);
        for (String group : List.of("a", "b")) two.add(0, 1, group);
        for (String group : List.of("a", "c")) three.add(0, 1, group);
        byte[] before = two.toBytes();
        assertThrows(IllegalArgumentException.class, () -> two.merge(three));
        assertThrows(IllegalArgumentException.class, () -> two.add(0, 1, "c"));
        assertThrows(IllegalArgumentException.class, () -> two.add(Double.NaN, 1, "a"));
        assertArrayEquals(before, two.toBytes());
    }

    @Test
    void damagedStreamsAreRefused() throws IOException {
        WeightStream stream = Shape.BAD.rows(10).stream(IntStream.range(0, 60).toArray());
        var bytes = new ByteArrayOutputStream();
        stream.save(new DataOutputStream(bytes));
        byte[] saved = bytes.toByteArray();
        for (int length = 0; length < saved.length; length++) {
            var part = new DataInputStream(new ByteArrayInputStream(saved, 0, length));
            assertThrows(IOException.class, () -> WeightStream.load(part));
        }
        var random = new Random(11);
        Map<String, Integer> ends = new TreeMap<>();
        for (int i = 0; i < 3_000; i++) {
            byte[] damaged = saved.clone();
            damaged[random.nextInt(damaged.length)] ^= 1 << random.nextInt(8);
            // a digit may change unseen; nothing but a refusal may come of it
            try {
                WeightStream.load(new DataInputStream(new ByteArrayInputStream(damaged)));
                ends.merge("read", 1, Integer::sum);
            } catch (IOException e) {
                ends.merge("refused", 1, Integer::sum);
            }
        }
        assertEquals(2, ends.size(), ends.toString());
    }

    @Test
    void sentencesOfGroups() {
        WeightStream stream = WeightStream.ofWeights().grouped();
        for (int i = 0; i < 10; i++) {
            stream.add(0, 0, "equal");
            stream.add(Double.NEGATIVE_INFINITY, 0, "zero");
        }
        WeightGroup equal = stream.groups().get(0), zero = stream.groups().get(1);
        assertEquals("ESS 10 of 10 (" + Ess.shown(1) + "): what was logged overlaps the target well.", equal.sentence());
        assertEquals("all weights of this group are 0: it does not count at all.", zero.sentence());
        assertEquals(List.of(0.0, 0.0, 0.0), List.of(zero.share(), zero.ess(), zero.largestShare()));
        assertEquals(List.of(), zero.estimates());
    }
}
