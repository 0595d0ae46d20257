package metarl.diagnose.log;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Random;
import java.util.stream.Stream;
import metarl.BadInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of parts of a log, merged or stored in between, are the stream of the whole. */
class WeightStreamTest {
    private static final int ROWS = 30_000;

    private record Rows(double[] logs, double[] rewards) {
        /** Heavy-tailed weights, some of 0, around a scale that no double reaches. */
        static Rows random(long seed, double scale) {
            var random = new Random(seed);
            double[] logs = new double[ROWS], rewards = new double[ROWS];
            for (int i = 0; i < ROWS; i++) {
                logs[i] = random.nextInt(20) == 0 ? Double.NEGATIVE_INFINITY : scale + 2 * random.nextGaussian();
                rewards[i] = 10 + random.nextGaussian();
            }
            return new Rows(logs, rewards);
        }

        WeightStream add(WeightStream stream, int from, int to) {
            for (int i = from; i < to; i++) stream.add(logs[i], rewards[i]);
            return stream;
        }
    }

    /** What must be exact is; means agree to so many digits, and errors, where rewards lie ten times their spread from 0, to two less. */
    private static void assertSame(StreamedWeights expected, StreamedWeights found, double digits) {
        assertEquals(expected.n(), found.n());
        assertEquals(expected.zeros(), found.zeros());
        assertEquals(expected.largestLog(), found.largestLog());
        assertArrayEquals(expected.tail(), found.tail());
        assertEquals(expected.khat(), found.khat());
        close(expected.ess(), found.ess(), digits);
        close(expected.largestShare(), found.largestShare(), digits);
        close(expected.meanWeight(), found.meanWeight(), digits);
        close(expected.meanWeightError(), found.meanWeightError(), 100 * digits);
        assertEquals(expected.estimates().size(), found.estimates().size());
        for (int e = 0; e < expected.estimates().size(); e++) {
            StreamedWeights.Estimate one = expected.estimates().get(e), other = found.estimates().get(e);
            assertEquals(one.name(), other.name());
            close(one.value(), other.value(), digits);
            close(one.standardError(), other.standardError(), 100 * digits);
            assertEquals(one.clipped(), other.clipped());
        }
    }

    private static void close(double expected, double found, double digits) {
        assertEquals(expected, found, digits * Math.abs(expected));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -2_000, 300})
    void partsMergedAreTheWhole(double scale) {
        Rows rows = Rows.random(1, scale);
        StreamedWeights whole = rows.add(WeightStream.ofRewards(5), 0, ROWS).result();
        var random = new Random(2);
        for (int parts : new int[] {2, 3, 7, 40}) {
            var streams = new ArrayList<WeightStream>();
            int[] cuts = random.ints(parts - 1, 0, ROWS).sorted().toArray();
            for (int p = 0; p < parts; p++)
                streams.add(rows.add(WeightStream.ofRewards(5), p == 0 ? 0 : cuts[p - 1], p < parts - 1 ? cuts[p] : ROWS));
            Collections.shuffle(streams, random);
            var merged = WeightStream.ofRewards(5);
            for (WeightStream stream : streams) assertTrue(merged == merged.merge(stream));
            assertSame(whole, merged.result(), 1e-12);
        }
    }

    @Test
    void threeRowsInTwoPartsByHand() {
        double[] weights = {1, 2, 3}, rewards = {1, 0, 2};
        WeightStream first = WeightStream.ofRewards(2.5), second = WeightStream.ofRewards(2.5);
        first.add(Math.log(weights[0]), rewards[0]);
        for (int i = 1; i < 3; i++) second.add(Math.log(weights[i]), rewards[i]);
        StreamedWeights merged = first.merge(second).result();
        assertEquals(3, merged.n());
        assertEquals(36.0 / 14, merged.ess(), 1e-12);
        assertEquals(0.5, merged.largestShare(), 1e-12);
        assertEquals(7.0 / 3, merged.estimate("IPS").value(), 1e-12);
        assertEquals(7.0 / 6, merged.estimate("SNIPS").value(), 1e-12);
        assertEquals(2, merged.estimate("IPS, weights clipped").value(), 1e-12);
        assertEquals(1.0 / 3, merged.estimate("IPS, weights clipped").clipped(), 1e-12);
        // Σ(wr − 7/3)² = 16/9 + 49/9 + 121/9 over n(n − 1)
        assertEquals(Math.sqrt(186 / 9.0 / 6), merged.estimate("IPS").standardError(), 1e-12);
        assertEquals(7.0 / 3 - 1.959963984540054 * Math.sqrt(186 / 9.0 / 6), merged.estimate("IPS").interval().low(), 1e-9);
        assertEquals(2, second.result().n(), "stays as it is");
    }

    @Test
    void emptyPartsAndPartsOfWeightZeroAddNothing() {
        WeightStream stream = WeightStream.ofWeights(), zeros = WeightStream.ofWeights();
        for (int i = 0; i < 10; i++) zeros.add(Double.NEGATIVE_INFINITY, 0);
        stream.merge(WeightStream.ofWeights()).merge(zeros).merge(WeightStream.ofWeights());
        assertThrows(IllegalArgumentException.class, stream::result);
        stream.add(-800, 0);
        stream.merge(zeros);
        StreamedWeights result = stream.result();
        assertEquals(21, result.n());
        assertEquals(20, result.zeros());
        assertEquals(1, result.ess(), 1e-12);
        assertEquals(-800, result.largestLog());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4_095, 4_096, 29_999})
    void storedInBetweenAStreamGoesOnBitForBit(int at) throws Exception {
        Rows rows = Rows.random(3, 0);
        StreamedWeights whole = rows.add(WeightStream.ofRewards(), 0, ROWS).result();
        WeightStream bytes = WeightStream.ofBytes(rows.add(WeightStream.ofRewards(), 0, at).toBytes());
        assertSame(whole, rows.add(bytes, at, ROWS).result(), 0);
        var stored = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(stored)) {
            out.writeObject(rows.add(WeightStream.ofRewards(), 0, at));
        }
        try (var in = new ObjectInputStream(new ByteArrayInputStream(stored.toByteArray()))) {
            assertSame(whole, rows.add((WeightStream) in.readObject(), at, ROWS).result(), 0);
        }
    }

    @Test
    void fewRowsTakeFewBytes() {
        WeightStream few = WeightStream.ofRewards();
        for (int i = 0; i < 3; i++) few.add(-i, i);
        assertEquals(133, few.toBytes().length);
        for (int i = 0; i < 100_000; i++) few.add(-i % 7, i);
        assertTrue(few.toBytes().length < 8 * 110_000, few.toBytes().length + " bytes");
    }

    @Test
    void largestWeightsAreKeptWhateverTheOrder() {
        Rows rows = Rows.random(5, 0);
        double[] ascending = rows.logs.clone();
        Arrays.sort(ascending);
        WeightStream up = WeightStream.ofWeights(), down = WeightStream.ofWeights();
        for (double log : ascending) up.add(log, 0);
        for (int i = ROWS - 1; i >= 0; i--) down.add(ascending[i], 0);
        assertArrayEquals(up.result().tail(), down.result().tail());
        assertEquals(ascending[ROWS - 1], up.result().tail()[up.result().tail().length - 1]);
    }

    static Stream<Arguments> badInputs() {
        WeightStream stream = WeightStream.ofRewards(5);
        for (int i = 0; i < 5_000; i++) stream.add(-i % 11, i);
        byte[] bytes = stream.toBytes(), other = bytes.clone(), more = Arrays.copyOf(bytes, bytes.length + 1);
        other[0]++;
        return Stream.of(bad("itself", () -> stream.merge(stream), "the stream itself"),
            bad("other kind", () -> stream.merge(WeightStream.ofWeights()), "given a stream of weights alone, expected one of weights"),
            bad("other clip", () -> stream.merge(WeightStream.ofRewards(6)), "clipped at 6.0, expected"),
            bad("other bytes", () -> WeightStream.ofBytes(other), "do not begin as those of a stream"),
            bad("more bytes", () -> WeightStream.ofBytes(more), "too many"),
            bad("no bytes", () -> WeightStream.ofBytes(new byte[0]), "they end early"));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsNamed(BadInput input) {
        input.isNamed();
    }

    @Test
    void bytesThatEndEarlyAreRefused() {
        WeightStream stream = WeightStream.ofRewards();
        for (int i = 0; i < 20; i++) stream.add(-i, i);
        byte[] bytes = stream.toBytes();
        for (int length = 0; length < bytes.length; length++) {
            byte[] part = Arrays.copyOf(bytes, length);
            assertThrows(IllegalArgumentException.class, () -> WeightStream.ofBytes(part));
        }
    }
}
