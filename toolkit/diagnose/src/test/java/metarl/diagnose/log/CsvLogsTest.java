package metarl.diagnose.log;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import metarl.BadInput;
import metarl.diagnose.bandit.Estimate;
import metarl.diagnose.bandit.Estimators;
import metarl.diagnose.bandit.OffPolicyEvaluation;
import metarl.diagnose.bandit.RewardModel;
import metarl.diagnose.log.TrajectoryLog.End;
import metarl.diagnose.weights.PenalizedRegression;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What CSV files hold beside good rows: comments, quotes, ends of lines, other delimiters and formats, numbers that are none, actions and
 * propensities that are not what they seem.
 */
class CsvLogsTest {
    private static final String HEADER = "action,reward,propensity\n";
    private static final String ROWS = "0,1,0.5\n1,0,0.5\n2,1,0.25\n";

    @TempDir
    private static Path folder;

    private static Path bytes(byte[] content) {
        return LogFiles.bytes(folder, content);
    }

    private static Path text(String content) {
        return LogFiles.text(folder, content);
    }

    private static BanditLog read(String content) {
        return BanditLog.read(text(content));
    }

    private static byte[] gzip(String content) {
        var packed = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(packed)) {
            out.write(content.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    private static byte[] joined(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) all.writeBytes(part);
        return all.toByteArray();
    }

    private static void assertFine(BanditLog log) {
        assertArrayEquals(new int[] {0, 1, 2}, log.actions(), log.toString());
        assertArrayEquals(new double[] {1, 0, 1}, log.rewards(), log.toString());
        assertArrayEquals(new double[] {0.5, 0.5, 0.25}, log.propensities(), log.toString());
        assertEquals(List.of(), log.warnings());
    }

    private static String refusal(BanditLogReader reader, String content) {
        return assertThrows(IllegalArgumentException.class, () -> reader.read(text(content))).getMessage();
    }

    private static void assertTells(String message, String... parts) {
        for (String part : parts) assertTrue(message.contains(part), message);
    }

    @Test
    void commentsStandAboveTheHeaderOnly() {
        String half = IntStream.range(0, 1_000).mapToObj(i -> (i % 2 == 0 ? "#" : "") + "tea,1,0.5\n").collect(Collectors.joining());
        BanditLog log = read(HEADER + half);
        assertEquals(1_000, log.size());
        assertEquals(List.of("#tea", "tea"), log.actionNames());
        BanditLog noted = read("# by \"hand\n\n# 2 of 2\n" + HEADER + ROWS);
        assertFine(noted);
        assertEquals(2, noted.badRows().comments());
        assertEquals(1, noted.badRows().blankLines());
        assertEquals(List.of("A line above the header is blank.", "2 lines above the header are comments (the first is line 1)."),
            noted.badRows()
                .notes());
        assertTells(noted.toString(), "2 lines above the header are comments");
        assertTells(refusal(BanditLog.reader(), HEADER + ROWS.repeat(5) + "# the end\n"), "1 of 16 rows",
            "not as many cells as the header, 3, in row 16 (1)",
            "below it, a line that begins with # is a row");
        BanditLog numpy = read("# " + HEADER + "0.000e+00,1.000e+00,5.000e-01\n1.0e+00,0,0.5\n2,1,2.5e-1\n");
        assertFine(numpy);
        assertEquals(List.of("The header is the comment in line 1."), numpy.badRows().notes());
    }

    @Test
    void anOpenQuoteTakesItsOwnLineAlone() {
        String head = "action,reward,propensity,text\n", good = "0,1,0.5,x\n";
        Path open = text(head + good.repeat(5) + "0,1,0.5,\"x\n" + good.repeat(994));
        String message = assertThrows(IllegalArgumentException.class, () -> BanditLog.read(open)).getMessage();
        assertTells(message,
            "1 of 1,000 rows cannot be used: the row cannot be parted into cells (is a quote left open?) in row 6 (line 7).");
        assertEquals(999, BanditLog.reader().dropBad().read(open).size());
        // the second quote closes the first, and all between is one cell by the letter
        Path pair = text(head + good.repeat(5) + "0,1,0.5,\"x\n" + good.repeat(9) + "0,1,0.5,x\"\n" + good);
        assertTells(assertThrows(IllegalArgumentException.class, () -> BanditLog.read(pair)).getMessage(), "1 of 17 rows",
            "has a quote around lines that look like rows", "in row 6 (line 7)");
        assertEquals(16, BanditLog.reader().dropBad().read(pair).size());
        assertTells(refusal(BanditLog.reader(), HEADER + "0,1,\"0.5\"x\n" + ROWS.repeat(3)), "1 of 10 rows",
            "goes on after a closing quote (quotes within quotes must be doubled) in row 1 (line 2)");
        // what stands before the quote may be blank
        assertTells(refusal(BanditLog.reader(), "text,action,reward,propensity\n,\"1,0,0.5\n\"a\",1,\"0\",0.5\n"), "1 of 2 rows",
            "goes on after a closing quote", "in row 1 (line 2)");
        // a cell of several lines is one row where it is well formed
        BanditLog lines = BanditLog.reader().category("text").read(text(head + "0,1,0.5,\"x\r\n\r\ny, z\"\n1,0,0.5,\"\"\"\"\n"));
        assertEquals(2, lines.size());
        assertEquals(List.of("text = \"", "text = x\r\n\r\ny, z"), lines.contextNames());
        assertEquals(0, lines.badRows().blankLines());
    }

    @Test
    void oneQuoteCostsOneRowOfAMillion() {
        int rows = 1_200_000;
        Path open = text("w,text\n1,\"x\n" + "1,y\n".repeat(rows) + "1,\"z\n" + "1,y\n");
        StreamedWeights weights = StreamedWeights.reader().weight("w").dropBad().read(open);
        assertEquals(rows + 1, weights.n());
        assertEquals(2, weights.badRows().bad());
        assertEquals(List.of("1 (line 2)", "1200002 (line 1200003)"), weights.badRows().faults().get(0).first());
        Path endless = text("w,text\n1,x\n1," + "y".repeat(CsvText.LONGEST_RECORD + 100_000));
        assertTells(assertThrows(IllegalArgumentException.class, () -> StreamedWeights.reader().weight("w").read(endless)).getMessage(),
            "line 3 is longer than 4194304 characters; expected about 2 cells");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void endsOfLinesMayBeMixed(String end) {
        String[] rows = ROWS.split("\n");
        assertFine(read(HEADER.strip() + end + rows[0] + "\r\n" + rows[1] + end + rows[2] + "\n"));
        assertFine(read(HEADER.strip() + "\n" + rows[0] + end + rows[1] + "\r" + rows[2]));
    }

    @Test
    void blankLinesAreCounted() {
        BanditLog log = read(HEADER + ROWS.replaceFirst("\n", "\n\n  \n") + "\n");
        assertFine(log);
        assertEquals(3, log.badRows().blankLines());
        assertEquals("All 3 rows can be used. 3 lines are blank (the first is line 3).", log.badRows().words());
        // with one column a blank line is a blank cell, unless no row follows
        String message = assertThrows(IllegalArgumentException.class, () -> StreamedWeights.reader().weight("w")
            .read(text("w\n1\n\n2\n3\n4\n5\n\n\n"))).getMessage();
        assertTells(message, "1 of 6 rows cannot be used: weight 'w' is blank in row 2", "2 lines are blank (the first is line 8)");
    }

    @Test
    void cellsAreKeptAsTheyAre() {
        BanditLog log = BanditLog.reader().category("c")
            .read(text("action,reward,propensity,c\n0,1,0.5, a\u0001\n1,0,0.5,a \n0,1, 0.5\t,b\n"));
        assertEquals(List.of("c =  a\u0001", "c = a ", "c = b"), log.contextNames());
        assertEquals(
            List.of("Two values of the category 'c' differ in blanks or control characters alone, ' a\ufffd' and 'a ': they count as two."),
            log.warnings());
        assertTells(refusal(BanditLog.reader(), HEADER + ROWS + "0,\u00011,0.5\n"), "reward 'reward' is not a number in row 4 (\ufffd1)");
        assertTells(refusal(BanditLog.reader(), HEADER + ROWS + "\0\0\0\0"), "not as many cells as the header, 3, in row 4 (1)");
        assertFine(read("\u200b" + HEADER.replace(",", " ,\u00a0") + ROWS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PAR1", "PARENT", "PK", "PK\t", "ORC", "FEA1", "RDX3", "BZh91AY&SY", "Rar!", "MATLAB 5.0 MAT-file", "<TICKER>",
        "[x]"})
    void lettersOfASignatureMayBeginAHeader(String name) {
        assertFine(read(name + "," + HEADER + ROWS.replaceAll("(?m)^", "7,")));
        assertFine(BanditLog.read(bytes(gzip(name + "," + HEADER + ROWS.replaceAll("(?m)^", "7,")))));
    }

    @Test
    void gzipIsReadToItsLastByte() {
        byte[] one = gzip(HEADER + "0,1,0.5\n"), two = gzip("1,0,0.5\n2,1,0.25\n");
        assertFine(BanditLog.read(bytes(joined(one, two))));
        assertFine(BanditLog.read(bytes(joined(one, gzip(""), two, new byte[1_000]))));
        byte[] wrong = joined(one, two);
        wrong[wrong.length - 5] ^= 1;
        for (Object[] damage : new Object[][] {{joined(one, two, "2,1,0.25\n".getBytes(StandardCharsets.UTF_8)),
            "something that is not gzip follows"},
            {Arrays.copyOf(joined(one, two), one.length + two.length - 3), "the file was cut short"}, {joined(one, Arrays.copyOf(two, 7)),
                "the file was cut short"},
            {wrong, "cannot be read to its end: its gzip data is damaged"}, {gzip(""), "is empty within its gzip"},
            {gzip(new String(gzip(HEADER), StandardCharsets.ISO_8859_1)), ""}}) {
            String message = assertThrows(IllegalArgumentException.class,
                () -> BanditLog.reader().dropBad().read(bytes((byte[]) damage[0])))
                .getMessage();
            assertTells(message, (String) damage[1]);
        }
    }

    @Test
    void noBitOfGzipMayFlip() {
        byte[] packed = gzip(HEADER + ROWS.repeat(100));
        var random = new Random(3);
        int sameText = 0;
        for (int i = 0; i < 500; i++) {
            byte[] damaged = packed.clone();
            int at = random.nextInt(packed.length);
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            try {
                assertEquals(300, BanditLog.read(bytes(damaged)).size());
                // time, system and speed of the packing are no part of the text, nor are the guess that it is text and the bits that fill
                // up the last byte
                assertTrue(at >= 3 && at <= 9 || at == packed.length - 9, "byte " + at);
                sameText++;
            } catch (IllegalArgumentException e) {
                assertFalse(at >= 4 && at <= 9, e.getMessage());
            }
        }
        assertTrue(sameText > 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {";", "\t", "|"})
    void delimitersAreFound(String delimiter) {
        String text = (HEADER + ROWS).replace(",", delimiter);
        assertFine(read(text));
        String note = "1,2;3|4\t5".replace(delimiter, "");
        assertFine(read(text.replace("propensity\n", "propensity" + delimiter + "\"a,b,c,d;e;f;g|h|i|j\"\n").replaceAll("(0.2?5)\n", "$1"
            + delimiter + note + "\n")));
        BanditLog excel = read("sep=" + delimiter + "\r\n" + text);
        assertFine(excel);
        assertEquals(1, excel.badRows().notes().size());
        assertFine(BanditLog.reader().delimiter(delimiter.charAt(0)).read(text(text)));
    }

    @Test
    void otherDelimitersCanBeNamed() {
        for (char delimiter : "^~:\u0001 ".toCharArray()) {
            String text = (HEADER + ROWS).replace(',', delimiter);
            assertFine(BanditLog.reader().delimiter(delimiter).read(text(text)));
            assertTells(refusal(BanditLog.reader(), text),
                delimiter == ' ' ? "parted by blanks" : delimiter == '\u0001' ? ".delimiter((char) 1)"
                    : ".delimiter('" + delimiter + "')");
        }
        assertEquals(6.0 / 14 * 6, StreamedWeights.reader().weight("w").delimiter('^').read(text("w^v\n1^0\n2^0\n3^0\n")).ess(), 1e-12);
        assertEquals(1, TrajectoryLog.reader().delimiter('^').read(text("episode^reward^propensity^target_propensity\na^1^1^1\n")).size());
    }

    @Test
    void quotesBehindABackslashAreRead() {
        String head = "context,action,reward,propensity\n";
        BanditLog log = BanditLog.reader().category("context")
            .read(text(head + "\"{\\\"age\\\": 3, \\\"c\\\": \\\"x\\\\n\\\"}\",0,1,0.5\n\"{\\\"age\\\": 4}\",1,0,0.5\n"));
        assertEquals(List.of("context = {\"age\": 3, \"c\": \"x\\n\"}", "context = {\"age\": 4}"), log.contextNames());
        assertTells(log.toString(), "Quotes within quotes come behind a backslash");
        BanditLog path = BanditLog.reader().category("context").read(text(head + "\"C:\\dir\\\",0,1,0.5\nx,1,0,0.5\n"));
        assertEquals(List.of("context = C:\\dir\\", "context = x"), path.contextNames());
        String late = refusal(BanditLog.reader(), head + "\"x\",0,1,0.5\n".repeat(100) + "\"a \\\"b\\\", c\",0,1,0.5\n");
        assertTells(late, "1 of 101 rows", "goes on after a closing quote", "in row 101 (line 102)",
            "come behind a backslash in some rows: write them doubled");
    }

    static Stream<Arguments> otherFormats() {
        return Stream.of(
            bad("JSON lines", () -> read("{\"action\":0,\"p\":[0.5,0.5]}\n{\"action\":1,\"p\":[0.5,0.5]}\n"),
                "is JSON, one object per line; expected CSV or Parquet"),
            bad("one line of JSON", () -> read("{\"_label_cost\":-1,\"p\":[0.8,0.2]}"), "is JSON, one object per line"),
            bad("a JSON array", () -> read("[\n {\"action\": 0}\n]\n"), "is JSON; expected"),
            bad("a JSON object", () -> read("{\n  \"rounds\": []\n}"), "is JSON; expected"),
            bad("Python's repr", () -> read("{'action': 0}\n{'action': 1}\n"), "is JSON, one object per line"),
            bad("Vowpal Wabbit, labels", () -> read("0:1:0.5 | a b c\n1:0:0.5 | b\n"), "is Vowpal Wabbit's format"),
            bad("Vowpal Wabbit, regression", () -> read("1 |f price:.23\n0 |f price:.1\n"), "is Vowpal Wabbit's format"),
            bad("Vowpal Wabbit, shared", () -> read("shared | a b\n0:1:0.5 | x\n"), "is Vowpal Wabbit's format"),
            bad("LIBSVM", () -> read("1 1:0.5 3:1\n0 2:0.5\n"), "is the LIBSVM format"),
            bad("HTML", () -> read("<!DOCTYPE html>\n<table>"), "is HTML or XML"),
            bad("XML", () -> read("<?xml version='1.0'?>\n<a/>"), "is HTML or XML"),
            bad("YAML", () -> read("- action: 0\n  reward: 1\n"), "is YAML"),
            bad("a YAML document", () -> read("rounds:\n  - action: 0\n"), "is YAML"),
            bad("ARFF", () -> read("@RELATION log\n@ATTRIBUTE a numeric\n"), "is an ARFF file"),
            bad("Markdown", () -> read("| action | reward |\n|---|---|\n| 0 | 1 |\n"), "is a table in Markdown"),
            bad("pairs", () -> read("action=0 reward=1 propensity=0.5\naction=1 reward=0 propensity=0.5\n"),
                "is pairs of names and values"),
            bad("SQL", () -> read("INSERT INTO log VALUES (0, 1, 0.5);\n"), "is SQL"),
            bad("blanks", () -> read("action reward propensity\n0 1 0.5\n1 0 0.5\n"), "its cells seem to be parted by blanks"),
            bad("fixed width", () -> read("action   reward   propensity\n0        1        0.5\n"),
                "its cells seem to be parted by blanks"),
            bad("a title above the header", () -> read("My experiment of 3 May\naction,reward,propensity\n0,1,0.5\n1,0,0.5\n"),
                "line 1: 'My experiment of 3 May' is no header, because the lines below it have 3 cells, parted by ','"),
            bad("a title above the header, with carriage returns",
                () -> read("My experiment\r\naction,reward,propensity\r\n0,1,0.5\r\n1,0,0.5\r\n"),
                "line 1: 'My experiment' is no header, because the lines below it have 3 cells"),
            bad("a comment of another language", () -> read("// made today\naction;reward;propensity\n0;1;0.5\n"),
                "line 1: '// made today' is no header"),
            bad("a comment with the delimiter of others", () -> read("; made today\naction,reward,propensity\n0,1,0.5\n"),
                "line 1: '; made today' is no header"),
            bad("a quote left open in the header", () -> read("\"action,reward,propensity\n0,1,0.5\n1,0,0.5\n"),
                "line 1: the header cannot be parted into cells (is a quote left open?)"),
            bad("numbers parted by |", () -> read("0|1|0.5\n1|0|0.5\n"), "begins with numbers (0, 1, 0.5)"),
            bad("a row for a header", () -> read("tea,1,0.5\nmilk,0,0.5\n"), "If the first line is a row and not a header"),
            bad("row names", () -> read(HEADER + ROWS.replaceAll("(?m)^", "1,")), "Every row has one cell more than the header"),
            bad("decimal commas", () -> read((HEADER + ROWS).replace(',', ';').replace('.', ',')),
                "Decimal commas, as in 0,5: expected decimal points"),
            bad("decimal commas among commas", () -> read(HEADER + "0,1,0,5\n1,0,0,5\n"), "decimal commas?"),
            bad("thousands", () -> read(HEADER + "0,\"1,234,000\",0.5\n" + ROWS), "Commas within numbers, as in 1,234,000"),
            bad("percent signs", () -> read(HEADER + "0,1,50%\n" + ROWS), "Percentages, as in 50%"),
            bad("percentages", () -> read(HEADER + "0,1,50\n1,0,50\n"),
                "The largest propensity 'propensity' is 50: if these are percentages, "
                    + "divide them by 100"),
            bad("logarithms", () -> read(HEADER + "0,1,-0.6931\n1,0,-1.386\n"),
                "these look like logarithms. Write the probabilities themselves"),
            bad("logarithms of targets", () -> StreamedWeights.read(text("reward,propensity,target_propensity\n1,0.5,-0.7\n1,0.5,-0.7\n")),
                "No target propensity 'target_propensity' is above 0: these look like"),
            bad("a blank before quotes", () -> read(HEADER + "0, \"1\", 0.5\n" + ROWS), "Some quotes have a blank in front of them"),
            bad("UTF-16 without a mark", () -> BanditLog.read(bytes((HEADER + ROWS).getBytes(StandardCharsets.UTF_16LE))),
                "say .encoding(StandardCharsets.UTF_16LE)"),
            bad("bytes", () -> BanditLog.read(bytes(new byte[] {1, 2, 0, 4, 5, 10, 7, 8})), "holds control characters in its first line"),
            bad("an old spreadsheet", () -> BanditLog.read(signature("d0cf11e0a1b11ae1")), "is an old Excel spreadsheet"),
            bad("zstd", () -> BanditLog.read(signature("28b52ffd0400")), "is packed by zstd"),
            bad("xz", () -> BanditLog.read(signature("fd377a585a00")), "is packed by xz"),
            bad("bzip2", () -> BanditLog.read(signature("425a68393141592653590001")), "is packed by bzip2"),
            bad("lz4", () -> BanditLog.read(signature("04224d1860")), "is packed by lz4"),
            bad("7z", () -> BanditLog.read(signature("377abcaf271c0004")), "is a 7z archive"),
            bad("Arrow", () -> BanditLog.read(signature("4152524f57310000")), "is an Arrow or Feather file"),
            bad("HDF5", () -> BanditLog.read(signature("894844460d0a1a0a")), "is an HDF5 file"),
            bad("numpy", () -> BanditLog.read(signature("934e554d50590100")), "is a numpy array"),
            bad("SQLite", () -> BanditLog.read(signature("53514c69746520666f726d6174203300")), "is an SQLite"),
            bad("a pickle", () -> BanditLog.read(signature("80049500")), "is a pickle of Python"),
            bad("Avro", () -> BanditLog.read(signature("4f626a0104")), "is an Avro file"),
            bad("ORC", () -> BanditLog.read(signature("4f524308031000")), "is an ORC file"),
            bad("R", () -> BanditLog.read(bytes(gzip("RDX3\nX\n\0\0\0\3"))), "what is in it is an R workspace"),
            bad("gzip twice", () -> BanditLog.read(bytes(gzipTwice())), "packed by gzip once more"),
            bad("Git LFS", () -> read("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"), "is a pointer of Git LFS"),
            bad("Parquet without its beginning", () -> BanditLog.read(bytes("\0\1\2\3PAR1".getBytes(StandardCharsets.ISO_8859_1))),
                "cannot be read as Parquet"),
            bad("a delimiter that cannot be", () -> BanditLog.reader().delimiter('1'), "delimiter('1')"));
    }

    private static byte[] gzipTwice() {
        var packed = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(packed)) {
            out.write(gzip(HEADER + ROWS));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    private static Path signature(String hex) {
        byte[] bytes = new byte[hex.length() / 2];
        for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16);
        return bytes(joined(bytes, new byte[] {0, 1, 2, 3, 4, 5, 6, 7}));
    }

    @ParameterizedTest
    @MethodSource("otherFormats")
    void otherFormatsAreNamed(BadInput input) {
        input.isNamed();
    }

    @Test
    void encodingsAreTold() {
        for (String encoding : List.of("UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"))
            assertFine(BanditLog.read(bytes(("\ufeff" + HEADER + ROWS).getBytes(Charset.forName(encoding)))));
        assertEquals(List.of("Prämie", "keine"), read(HEADER + "Prämie,1,0.5\nkeine,0,0.5\n").actionNames());
    }

    /**
     * The right column is Python's float(text), or refused; beyond it, words of truth are numbers here, and underscores and other scripts'
     * digits are not.
     */
    @ParameterizedTest
    @CsvSource(delimiterString = "->", value = {"1 -> 1", "' 1 ' -> 1", "+1 -> 1", "-1 -> -1", "00012 -> 12", ".5 -> 0.5", "5. -> 5",
        "+.5e-3 -> 0.0005", "1e5 -> 100000", "1E+05 -> 100000", "1.e3 -> 1000",
        "1e22 -> 1e22", "1e23 -> 1e23", "9007199254740993 -> 9007199254740992", "123456789012345678901234567890 -> 1.2345678901234568e+29",
        "0.1e-323 -> 0", "1e-400 -> 0",
        "1e-999999999999 -> 0", "0e999999999999 -> 0", "2.2250738585072011e-308 -> 2.225073858507201e-308",
        "1.7976931348623157e308 -> 1.7976931348623157e308", "true -> 1", "False -> 0",
        "1e400 -> infinite", "-1e400 -> infinite", "1.7976931348623159e308 -> infinite", "inf -> infinite", "-Infinity -> infinite",
        "+inf -> infinite", "1e999999999999 -> infinite",
        "nan -> NaN", "-NaN -> NaN", "0X1P3 -> refused", "0x10 -> refused", "0x1p3 -> refused", "1d -> refused", "1f -> refused",
        "1.0D -> refused",
        "1e5f -> refused", "1L -> refused",
        "1_000 -> refused", "٣ -> refused", "１ -> refused", "1e -> refused", "1e+ -> refused", "e5 -> refused", ". -> refused",
        "+ -> refused",
        "-. -> refused", "--1 -> refused",
        "+-1 -> refused", "1 2 -> refused", "1.2.3 -> refused", "1e1.5 -> refused", "0b1 -> refused", "infinit -> refused",
        "NULL -> refused",
        "None -> refused", "½ -> refused",
        "−1 -> refused", "∞ -> refused", "\u00a01 -> refused", "\ufeff1 -> refused", "'1\u0000' -> refused", "'1\u001f' -> refused",
        "$1 -> refused",
        "1% -> refused", "#1 -> refused"})
    void numbersAreWhatPythonTakesForNumbers(String cell, String expected) {
        double value = NumberText.parse(cell);
        Path path = text(HEADER + "0," + cell + ",1\n");
        if (expected.matches("[-0-9.e+]+")) {
            assertEquals(Double.parseDouble(expected), value);
            assertEquals(value, BanditLog.read(path).rewards()[0]);
            return;
        }
        assertTrue(expected.equals("infinite") ? Double.isInfinite(value) : Double.isNaN(value), cell);
        String message = assertThrows(IllegalArgumentException.class, () -> BanditLog.read(path)).getMessage();
        assertTells(message, expected.equals("infinite") ? "is infinite in row 1" : "reward 'reward' is");
    }

    @Test
    void numbersAreTheNearestDoubles() {
        var random = new Random(4);
        for (int i = 0; i < 200_000; i++) {
            int digits = 1 + random.nextInt(20), point = random.nextInt(digits + 1);
            String all = random.ints(digits, 0, 10).mapToObj(Integer::toString).collect(Collectors.joining());
            String text = (random.nextBoolean() ? "-" : "") + all.substring(0, point) + "." + all.substring(point)
                + (random.nextBoolean() ? "e"
                    + (random.nextInt(60) - 30) : "");
            assertEquals(Double.parseDouble(text), NumberText.parse(text), text);
        }
    }

    @Test
    void aMistypedActionIsABadRow() {
        String twelve = IntStream.range(0, 1_200).mapToObj(i -> i % 12 + "," + (i % 12 == 2 ? 1 : 0) + ",0.0833333\n")
            .collect(Collectors.joining());
        assertEquals(List.of(), read(HEADER + twelve).warnings());
        Path path = text(HEADER + twelve + "1O,1,0.0833333\n-1,1,0.5\n2.5,0,0.5\n4000000,1,0.5\n1O,x,0.5\n");
        assertTells(assertThrows(IllegalArgumentException.class, () -> BanditLog.read(path)).getMessage(), "5 of 1,205 rows",
            "action 'action' is not a whole number, though the others are, in rows 1201 (1O), 1205 (1O), 1203 (2.5)",
            "is below 0, though the others are whole numbers from 0, in row 1202 (-1)",
            "is rather an identifier than the number of an action (limit 100000), in row 1204 (4000000)",
            "reward 'reward' is not a number in row 1205 (x)", ".actionNames(…)");
        BanditLog log = BanditLog.reader().dropBad().read(path);
        assertEquals(1_200, log.size());
        assertEquals(5, log.badRows().bad());
        assertEquals(12, log.actionCount());
        double[] second = new double[12];
        second[2] = 1;
        assertEquals(1, OffPolicyEvaluation.of(log).target(second).estimate("ips").get("ips").value(), 1e-5);
        assertTells(refusal(BanditLog.reader(), HEADER + ROWS + "1O,1,0.5\n"),
            "3 of 4 rows hold a whole number, the others names, such as in row "
                + "4 (1O)");
        assertTells(read(HEADER + "tea,1,0.5\nmilk,0,0.5\n".repeat(10) + "7,1,0.5\n").warnings().get(0),
            "Some actions are called by numbers (7)");
        assertTells(refusal(BanditLog.reader().actionCount(2), HEADER + "a,1,0.5\nb,1,0.5\nc,1,0.5\n"),
            "there are 3 names of actions, and actionCount is 2");
    }

    @Test
    void numbersOfActionsMayBeWrittenInAnyWay() {
        BanditLog log = read(HEADER + Stream.of("+1", "01", " 1 ", "1.0", "1.", "1e0", "0", "0.00", "\"2\"").map(a -> a + ",1,0.5\n")
            .collect(Collectors.joining()));
        assertArrayEquals(new int[] {1, 1, 1, 1, 1, 1, 0, 0, 2}, log.actions());
        assertEquals(List.of("0", "1", "2"), log.actionNames());
        BanditLog named = BanditLog.reader().actionNames("1", "2", "x").read(text(HEADER + "1.0,1,0.5\n2,0,0.5\n x,1,0.5\n"));
        assertArrayEquals(new int[] {0, 1, 2}, named.actions());
    }

    @Test
    void numbersThatBeginLaterOrHaveGapsAreTold() {
        BanditLog log = read(HEADER + "1,1,0.333333333333\n2,0,0.333333333333\n3,0,0.333333333333\n".repeat(100));
        assertEquals(4, log.actionCount());
        assertEquals(
            "Action numbers begin at 1: action 0 does not occur, but counts among the 4 actions. If it does not exist, name those that "
                + "do, by .actionNames(\"1\", \"2\", \"3\"); if it "
                + "does, say .actionCount(4).",
            log.warnings().get(0));
        BanditLog named = BanditLog.reader().actionNames("1", "2", "3")
            .read(text(HEADER + "1,1,0.333333333333\n2,0,0.333333333333\n3,0,0.333333333333\n".repeat(100)));
        assertEquals(List.of(), named.warnings());
        assertEquals(1.0 / 3,
            OffPolicyEvaluation.of(named).target(new double[] {1.0 / 3, 1.0 / 3, 1.0 / 3}).estimate("ips").get("ips").value(),
            1e-9);
        assertEquals(1, BanditLog.reader().actionCount(4).read(text(HEADER + "1,1,0.5\n2,0,0.5\n3,0,0.5\n")).warnings().size());
        assertTells(read(HEADER + ROWS + "111,0,0.5\n").warnings().get(0), "run from 0 to 111, but only 4 of these 112 occur",
            "Is a number mistyped?", ".actionNames(\"0\", \"1\", \"2\", \"111\")");
        assertTells(
            read(HEADER + IntStream.rangeClosed(5, 40).mapToObj(i -> i + "," + i + ",0.5\n").collect(Collectors.joining())).warnings()
                .get(0),
            "begin at 5: actions 0 to 4 do not occur, but count "
                + "among the 41",
            "IntStream.rangeClosed(5, 40)");
    }

    @Test
    void roundedProbabilitiesAreProbabilities() {
        BanditLog log = read("action,reward,propensity,target_propensity\n0,1,1.0000001,1.00004\n1,0,0.5,0.5\n2,0,0.99999994,0.5\n");
        assertArrayEquals(new double[] {1, 0.5, 0.99999994}, log.propensities());
        assertArrayEquals(new double[] {1, 0.5, 0.5}, log.targetPropensities());
        BanditLog array = BanditLog.of(new double[2][0], new int[] {0, 1}, new double[] {1, 0}, new double[] {1.0000001, 0.5}, 2)
            .targetPropensities(new double[] {1.0000001, 0.5});
        assertArrayEquals(new double[] {1, 1}, array.weights().values(), 1e-15);
        assertEquals(2, StreamedWeights.read(text("propensity,target_propensity\n1.0000001,1\n1,1.0000001\n")).ess(), 1e-12);
        assertEquals(1, TrajectoryLog.read(text("episode,reward,propensity,target_propensity\na,1,1.0000001,1\n")).policyRatios()[0][0]);
        assertTells(refusal(BanditLog.reader(), HEADER + ROWS.repeat(5) + "1,1,1.01\n"), "is above 1 in row 16 (1.01)",
            "rows whose choice was certain must not be left out");
        double[][] rounded = {{0.3333, 0.3333, 0.3333}, {0.6667, 0.1667, 0.1667}};
        double[] rewards = {1, 1}, propensities = {0.5, 0.5};
        assertEquals((0.3333 + 0.6667) / 0.5 / 2, Estimators.ips(rewards, new int[] {0, 0}, propensities, rounded).value(), 1e-12);
        String message = assertThrows(IllegalArgumentException.class, () -> Estimators.ips(rewards, new int[] {0, 0}, propensities,
            new double[][] {{0.33, 0.33, 0.33}, {1, 0, 0}})).getMessage();
        assertTells(message, "row 0 of the target policy sums to 0.99", "if they were rounded, divide each row by its sum");
        assertEquals(List.of(), read(HEADER + IntStream.range(0, 1_200).mapToObj(i -> i % 12 + "," + i % 2 + ",0.083\n")
            .collect(Collectors.joining())).warnings());
    }

    private static String withoutPropensities(long seed, int rows) {
        var random = new Random(seed);
        var text = new StringBuilder("action,reward,age\n");
        for (int i = 0; i < rows; i++) {
            double age = random.nextGaussian();
            int action = random.nextDouble() < 1 / (1 + Math.exp(-age)) ? 1 : 0;
            text.append(action).append(',').append(random.nextDouble() < 0.3 + 0.2 * action ? 1 : 0).append(',').append(age).append('\n');
        }
        return text.toString();
    }

    @Test
    void aLogWithoutPropensitiesAnswersWhatNeedsNone() {
        Path path = text(withoutPropensities(6, 4_000));
        String message = assertThrows(IllegalArgumentException.class, () -> BanditLog.read(path)).getMessage();
        assertTells(message, "no column for the propensity", "there are action, reward, age", ".withoutPropensities()");
        assertFalse(message.contains(".propensity(\"age\")"), message);
        BanditLog log = BanditLog.reader().withoutPropensities().context("age").read(path);
        assertFalse(log.hasPropensities());
        assertEquals(List.of(), log.warnings());
        assertEquals(7, log.summary().rowCount());
        assertEquals("BanditLog: 4,000 rounds, 2 actions, 1 feature, no propensities", log.toString());
        double[][] always = new double[4_000][];
        Arrays.fill(always, new double[] {0, 1});
        // worth 0.5
        assertEquals(0.5, Estimators.balanced(log, always, 1).value(), 0.03);
        OffPolicyEvaluation evaluation = OffPolicyEvaluation.of(log).target(always).rewardModel(RewardModel.logistic(1));
        assertEquals(0.5, evaluation.estimate().get("dm").value(), 0.03);
        assertEquals(1, evaluation.estimate().summary().rowCount());
        assertTells(evaluation.estimate().warnings().toString(), "Compare with Estimators.balanced");
        for (String key : List.of("ips", "snips", "dr", "switchDr", "switchDr(2)", "mrdr", "clippedIps"))
            assertTells(assertThrows(IllegalStateException.class, () -> evaluation.estimate(key), key).getMessage(),
                "holds no propensities",
                "withFittedPropensities(1, 5, 7)", "estimate(\"dm\")");
        assertTells(assertThrows(IllegalStateException.class, log::propensities).getMessage(), "holds no propensities");
        assertThrows(IllegalStateException.class, () -> log.targetPropensities(log.rewards()).weights());
    }

    @Test
    void propensitiesCanBeFitted() {
        BanditLog log = BanditLog.reader().withoutPropensities().context("age").read(text(withoutPropensities(6, 4_000)));
        BanditLog fitted = log.withFittedPropensities(1, 5, 7);
        double error = 0;
        for (int i = 0; i < log.size(); i++) {
            double p = 1 / (1 + Math.exp(-log.contexts()[i][0]));
            error += Math.abs(fitted.propensities()[i] - (log.actions()[i] == 1 ? p : 1 - p)) / log.size();
        }
        assertTrue(error < 0.02, "mean error " + error);
        assertTells(fitted.warnings().get(0), "Propensities were fitted to 1 feature (C = 1.0, 5 folds), not logged");
        double[] always = {0, 1};
        Estimate snips = OffPolicyEvaluation.of(fitted).target(always).estimate("snips").get("snips");
        assertEquals(0.5, snips.value(), 4 * snips.standardError());
        // without features it is how often the other folds chose the action
        int[] actions = {0, 0, 0, 0, 1, 1, 2, 2};
        double[] shares = BanditLog.of(new double[8][0], actions, new double[8], 3).withFittedPropensities(1, 2, 3).propensities();
        assertArrayEquals(new double[] {0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25}, shares, 1e-15);
        assertTells(assertThrows(IllegalArgumentException.class, () -> BanditLog.of(new double[3][0], new int[] {0, 0, 1}, new double[3], 2)
            .withFittedPropensities(1, 2, 3)).getMessage(),
            "action 1 was taken only once");
        assertTells(assertThrows(IllegalArgumentException.class, () -> log.withFittedPropensities(1, 1, 3)).getMessage(), "folds is 1");
        assertTells(assertThrows(IllegalArgumentException.class, () -> log.withFittedPropensities(0, 2, 3)).getMessage(),
            "inverseStrength is 0.0");
    }

    @Test
    void threeActionsAreFittedEachAgainstTheRest() {
        var random = new Random(8);
        int n = 300;
        double[][] contexts = new double[n][];
        int[] actions = new int[n];
        for (int i = 0; i < n; i++) {
            contexts[i] = new double[] {random.nextGaussian(), random.nextGaussian()};
            actions[i] = random.nextInt(3);
        }
        double[] fitted = BehaviorPropensities.fit(contexts, actions, 3, 0.5, n, 2);
        // with a fold for each round the fit of round 0 is that on all others
        double[] p = new double[3];
        for (int a = 0; a < 3; a++) {
            int action = a;
            double[] ones = new double[n - 1], chosen = IntStream.range(1, n).mapToDouble(i -> actions[i] == action ? 1 : 0).toArray();
            Arrays.fill(ones, 1);
            double[] theta = PenalizedRegression.logistic(Arrays.copyOfRange(contexts, 1, n), chosen, ones, 0.5);
            p[a] = 1 / (1 + Math.exp(-PenalizedRegression.linear(theta, contexts[0])));
        }
        assertEquals(p[actions[0]] / Arrays.stream(p).sum(), fitted[0], 1e-10);
    }

    @Test
    void episodesWithoutPropensitiesCanBeRead() {
        Path path = text("episode,t,reward,state,terminated\na,0,1,5,0\na,1,2,6,1\nb,0,3,7,1\n");
        assertTells(assertThrows(IllegalArgumentException.class, () -> TrajectoryLog.read(path)).getMessage(),
            "no column for the propensity",
            ".withoutPropensities()");
        TrajectoryLog log = TrajectoryLog.reader().withoutPropensities().columns("state").read(path);
        assertArrayEquals(new double[] {3, 3}, log.returns(1));
        assertArrayEquals(new double[][] {{5, 6}, {7}}, log.column("state"));
        assertEquals(List.of(), log.warnings());
        assertEquals(10, log.summary().rowCount());
        assertTells(log.toString(), "2 episodes, 3 steps, no propensities");
        for (Runnable asked : List.<Runnable>of(log::weights, log::policyRatios, log::essByStep, log::behaviorPropensities,
            log::targetPropensities))
            assertTells(assertThrows(IllegalStateException.class, asked::run).getMessage(), "holds no propensities", "propensities(…)");
        assertArrayEquals(new double[] {0.25, 1},
            log.propensities(new double[][] {{1, 1}, {1}}, new double[][] {{0.5, 0.5}, {1}}).weights().values(),
            1e-15);
        assertTells(assertThrows(IllegalArgumentException.class, () -> StreamedWeights.read(text("reward\n1\n"))).getMessage(),
            "name them by .weight(\"…\")");
    }

    @Test
    void whatWasFoundByItsNameCanBeSwitchedOff() {
        Path path = text("episode,t,reward,propensity,target_propensity,terminal,timeout\na,20.5,1,1,1,3,x\na,21,1,1,1,4,y\n");
        String message = assertThrows(IllegalArgumentException.class, () -> TrajectoryLog.read(path)).getMessage();
        assertTells(message, "Column 't' was taken for the step by its name; if it is something else, say .withoutStep().",
            ".withoutTerminated()",
            ".withoutTruncated()");
        TrajectoryLog log = TrajectoryLog.reader().withoutStep().withoutTerminated().withoutTruncated().read(path);
        assertEquals(List.of(End.UNKNOWN), log.ends());
        assertArrayEquals(new double[][] {{1, 1}}, log.rewards());
        Path target = text("action,reward,propensity,target_propensity\n0,1,1,50\n1,1,1,7\n");
        assertTells(assertThrows(IllegalArgumentException.class, () -> BanditLog.read(target)).getMessage(), ".withoutTargetPropensity()");
        assertEquals(2, BanditLog.reader().withoutTargetPropensity().read(target).size());
        Path click = text("click,propensity,target_propensity\nyes,1,1\nno,1,1\n");
        assertTells(assertThrows(IllegalArgumentException.class, () -> StreamedWeights.read(click)).getMessage(), ".withoutReward()");
        assertEquals(2, StreamedWeights.reader().withoutReward().read(click).ess(), 1e-12);
    }

    @Test
    void episodesThatLookAlikeAreNotTwo() {
        String message = assertThrows(IllegalArgumentException.class,
            () -> TrajectoryLog.read(text("episode,reward,propensity,target_propensity\na,1,1,1\na ,1,1,1\nb,1,1,1\n"))).getMessage();
        assertTells(message, "episode 'episode' differs from another episode's in blanks or control characters alone in row 2 (a )");
    }
}
