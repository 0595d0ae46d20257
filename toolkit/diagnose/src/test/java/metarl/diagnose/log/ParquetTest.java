package metarl.diagnose.log;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import metarl.BadInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files made by parquet_types.py: every type is read as Python reads it or refused by its name, and of a damaged file no other number is
 * read.
 */
class ParquetTest {
    private static final List<String> COLUMNS = List.of("action", "reward", "propensity", "name", "flag", "age", "half");
    private static final int ROWS = 40;
    private static final int GROUP = 25;
    private static final List<String> TWINS = Stream.of("none", "snappy", "gzip", "zstd", "lz4").flatMap(c -> Stream.of(c + "_1", c + "_2"))
        .toList();
    @TempDir
    private static Path folder;

    private static Path file(String name) {
        try {
            return Path.of(ParquetTest.class.getResource("parquet_" + name + ".parquet").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static LogRows open(String file, String column) {
        var rows = new ParquetRows(file(file));
        rows.select(new int[] {rows.columns().indexOf(column)});
        return rows;
    }

    private static double[] numbers(String file, String column) {
        var values = new ArrayList<Double>();
        try (LogRows rows = open(file, column)) {
            while (rows.next()) values.add(rows.number(rows.columns().indexOf(column)));
        }
        return values.stream().mapToDouble(v -> v).toArray();
    }

    private static List<String> texts(String file, String column) {
        var values = new ArrayList<String>();
        try (LogRows rows = open(file, column)) {
            while (rows.next()) values.add(rows.text(rows.columns().indexOf(column)));
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(strings = {"types_1", "types_2"})
    void readsEveryTypeOfNumber(String file) {
        double nan = Double.NaN;
        assertArrayEquals(new double[] {-128, 127, nan, 0}, numbers(file, "int8"));
        assertArrayEquals(new double[] {-32768, 32767, nan, 0}, numbers(file, "int16"));
        assertArrayEquals(new double[] {0, 255, nan, 7}, numbers(file, "uint8"));
        assertArrayEquals(new double[] {0, 65535, nan, 7}, numbers(file, "uint16"));
        assertArrayEquals(new double[] {0, 4294967295.0, nan, 2147483648.0}, numbers(file, "uint32"));
        assertArrayEquals(new double[] {0, 0x1p63, nan, 0x1p64 - 2048}, numbers(file, "uint64"));
        assertEquals(Arrays.asList("0", "9223372036854775808", null, "18446744073709549568"), texts(file, "uint64"));
        assertArrayEquals(new double[] {-0.333251953125, 65504, nan, 0x1p-24}, numbers(file, "half"));
        assertArrayEquals(new double[] {nan, Double.POSITIVE_INFINITY, nan, Double.NEGATIVE_INFINITY}, numbers(file, "odd half"));
        assertArrayEquals(new double[] {0.1f, nan, nan, -0.0}, numbers(file, "float"));
        assertArrayEquals(new double[] {0.1, nan, nan, -0.0}, numbers(file, "double"));
        assertArrayEquals(new double[] {1, 0, nan, 1}, numbers(file, "flag"));
        assertArrayEquals(new double[] {1, 2, nan, 3}, numbers(file, "a.b"));
        assertArrayEquals(new double[] {nan, nan, nan, 1.5}, numbers(file, "text"));
        assertArrayEquals(new double[] {0.5, nan, nan, 1}, numbers(file, "bytes as text"));
        assertArrayEquals(new double[] {nan, nan, nan, nan}, numbers(file, "all null"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"types_1", "types_2"})
    void readsEveryTypeOfText(String file) {
        assertEquals(Arrays.asList("9007199254740992", "-1152921504606846976", null, "9007199254740993"), texts(file, "int64"));
        assertEquals(Arrays.asList("ä", null, null, "1.5"), texts(file, "text"));
        assertEquals(Arrays.asList("b", "a", null, "b"), texts(file, "dictionary"));
        assertEquals(Arrays.asList("true", "false", null, "true"), texts(file, "flag"));
        assertEquals("2020-02-29", texts(file, "date").get(3));
        assertEquals("2020-02-29T12:30:15.000000", texts(file, "moment").get(3));
        assertEquals("12:30:15.000000", texts(file, "time").get(3));
        assertEquals("1.50", texts(file, "decimal").get(3));
        assertEquals("1.50", texts(file, "small decimal").get(3));
        assertEquals("00000000-0000-0000-0000-000000000005", texts(file, "uuid").get(3));
        assertEquals("{\"a\": 1}", texts(file, "json").get(3));
        List<String> columns = new ParquetRows(file(file)).columns();
        for (String nested : List.of("nested", "list", "map", "x")) assertFalse(columns.contains(nested), nested);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
            bad("too long for a double", () -> numbers("types_1", "int64"),
                "column 'int64' holds 9007199254740993, a whole number beyond 2^53"),
            bad("dates", () -> numbers("types_1", "date"), "column 'date' holds dates; expected numbers"),
            bad("moments", () -> numbers("types_1", "moment"), "column 'moment' holds points in time"),
            bad("times", () -> numbers("types_1", "time"), "column 'time' holds times of day"),
            bad("decimals", () -> numbers("types_1", "decimal"), "column 'decimal' holds decimals"),
            bad("decimals in 32 bits", () -> numbers("types_1", "small decimal"), "column 'small decimal' holds decimals"),
            bad("UUIDs", () -> numbers("types_1", "uuid"), "column 'uuid' holds UUIDs"),
            bad("bytes", () -> texts("types_1", "bytes"), "column 'bytes' holds bytes that are not text"),
            bad("bytes that are a float", () -> texts("types_1", "bytes as numbers"),
                "column 'bytes as numbers' holds bytes that are not text"),
            bad("bytes of fixed length", () -> texts("types_1", "fixed bytes"),
                "column 'fixed bytes' holds bytes (4 a cell) without a meaning"),
            bad("INT96", () -> texts("types_int96", "int96"), "column 'int96' holds timestamps of the old type INT96"),
            bad("one name twice", () -> StreamedWeights.reader().weight("x").read(file("types_twice")), "two columns called 'x'"),
            bad("no rows", () -> StreamedWeights.reader().weight("x").read(file("none")), "a header but no rows"),
            bad("no row groups", () -> StreamedWeights.reader().weight("x").read(file("none_at_all")), "a header but no rows"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatIsNoNumberIsNamed(BadInput input) {
        input.isNamed();
    }

    @Test
    void ofTwoColumnsOfOneNameEachKeepsItsValues() {
        try (var rows = new ParquetRows(file("types_twice"))) {
            assertEquals(List.of("x", "x", "y"), rows.columns());
            rows.select(new int[] {0, 1, 2});
            assertTrue(rows.next());
            for (int c = 0; c < 3; c++) assertEquals(c + 1, rows.number(c));
        }
    }

    @Test
    void aCellThatNobodyReadsDoesNotShiftTheNext() {
        try (LogRows rows = open("sum_none_1", "reward")) {
            for (int row = 0; rows.next(); row++) if (row % 3 == 2) assertEquals(expected(row, 1), rows.number(1));
        }
    }

    /** As the script makes them. */
    private static Object expected(int row, int column) {
        return switch (column) {
            case 0 -> (double) (row % 3);
            case 1 -> row % 11 == 7 ? Double.NaN : row / 7.0;
            case 2 -> 0.25 * (1 + row % 4);
            case 3 -> row == 3 ? null : List.of("anna", "bob", "carla").get(row / 3 % 3);
            case 4 -> row % 5 < 2 ? 1.0 : 0.0;
            case 5 -> 20.0 + row * row;
            default -> row / 8.0;
        };
    }

    /** What differs from the log that was written; null if nothing does. */
    private static String difference(Path path) {
        try (var rows = new ParquetRows(path)) {
            List<String> columns = rows.columns();
            int[] wanted = COLUMNS.stream().mapToInt(columns::indexOf).toArray();
            for (int c = 0; c < wanted.length; c++)
                if (wanted[c] < 0) throw new IllegalArgumentException("there is no column " + COLUMNS.get(c) + ": that is a refusal, too");
            rows.select(wanted);
            int row = 0;
            for (; rows.next(); row++)
                for (int c = 0; c < wanted.length; c++) {
                    Object read = c == 3 ? rows.text(wanted[c]) : (Object) rows.number(wanted[c]);
                    if (row >= ROWS || !Objects.equals(expected(row, c), read)) return COLUMNS.get(c) + " " + read + " in row " + row;
                }
            return row == ROWS ? null : row + " rows";
        }
    }

    private static List<String> sums() {
        return TWINS;
    }

    @ParameterizedTest
    @MethodSource("sums")
    void readsPagesWithChecksums(String twin) {
        assertEquals(null, difference(file("sum_" + twin)));
    }

    /** Single bytes of a file with checksums, changed at random: read as it was written, or refused in a sentence. */
    @ParameterizedTest
    @MethodSource("sums")
    void noDamagedFileIsReadAsOtherNumbers(String twin) throws IOException {
        var random = new Random(twin.hashCode());
        byte[] whole = Files.readAllBytes(file("sum_" + twin));
        Path mutant = Files.write(folder.resolve(twin), whole);
        var found = new ArrayList<String>();
        int refused = 0, count = 400;
        try (var changed = FileChannel.open(mutant, StandardOpenOption.WRITE)) {
            for (int i = 0; i < count; i++) {
                int at = random.nextInt(whole.length);
                byte damage = (byte) (random.nextBoolean() ? whole[at] ^ 1 << random.nextInt(8) : random.nextInt(256));
                changed.write(ByteBuffer.wrap(new byte[] {damage}), at);
                try {
                    String difference = difference(mutant);
                    if (difference != null) found.add("byte " + at + ", " + whole[at] + " → " + damage + ": " + difference);
                } catch (IllegalArgumentException e) {
                    refused++;
                } catch (Throwable e) {
                    found.add("byte " + at + ", " + whole[at] + " → " + damage + ": " + e);
                }
                changed.write(ByteBuffer.wrap(whole, at, 1), at);
            }
        }
        assertEquals(List.of(), found);
        assertTrue(refused > count / 2, refused + " of " + count);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none_1", "gzip_2"})
    void aFileCutShortIsRefused(String twin) throws IOException {
        byte[] whole = Files.readAllBytes(file("sum_" + twin));
        for (int length = 4; length < whole.length; length += 7) {
            Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(whole, length));
            assertTrue(
                assertThrows(IllegalArgumentException.class, () -> difference(cut)).getMessage().contains("cannot be read as Parquet"));
        }
    }

    @Test
    void aPageIsNamedWithItsRowGroupAndColumn() throws IOException {
        byte[] bytes = Files.readAllBytes(file("sum_none_1"));
        // the reward of row 26, in the dictionary of the second row group
        byte[] reward = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble((GROUP + 1) / 7.0).array();
        int at = 0;
        while (!Arrays.equals(Arrays.copyOfRange(bytes, at, at + 8), reward)) at++;
        bytes[at] ^= 1;
        Path damaged = Files.write(folder.resolve("damaged"), bytes);
        String message = assertThrows(IllegalArgumentException.class, () -> difference(damaged)).getMessage();
        assertTrue(message.contains("row group 2, column 'reward': the checksum of page 1 does not fit its bytes. The file is damaged"),
            message);
    }
}
