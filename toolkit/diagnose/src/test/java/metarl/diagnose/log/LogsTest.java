package metarl.diagnose.log;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import metarl.BadInput;
import metarl.diagnose.log.TrajectoryLog.End;
import metarl.diagnose.weights.Ess;
import metarl.diagnose.weights.ImportanceWeights;
import metarl.diagnose.weights.WeightReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogsTest {
    private static final String FINE = """
        action,reward,propensity
        0,1,0.5
        2,0,0.25
        1,0.5,0.25
        """;
    private static final String EPISODES = """
        episode,step,reward,propensity,target_propensity,terminated,truncated,state
        a,0,1,0.5,0.25,0,0,3
        a,1,2,0.5,1,0,0,4
        a,2,4,0.25,0.5,1,0,5
        b,0,-1,0.5,0,0,1,6
        c,0,0,1,1,0,0,7
        c,1,8,0.8,0.4,0,1,8
        """;
    @TempDir
    private static Path folder;

    private static Path bytes(byte[] content) {
        return LogFiles.bytes(folder, content);
    }

    private static Path text(String content) {
        return LogFiles.text(folder, content);
    }

    private static Path packed(String content) throws IOException {
        Path path = LogFiles.path(folder, ".csv.gz");
        try (var out = new GZIPOutputStream(Files.newOutputStream(path))) {
            out.write(content.getBytes(StandardCharsets.UTF_8));
        }
        return path;
    }

    private static void assertFine(BanditLog log) {
        assertArrayEquals(new int[] {0, 2, 1}, log.actions());
        assertArrayEquals(new double[] {1, 0, 0.5}, log.rewards());
        assertArrayEquals(new double[] {0.5, 0.25, 0.25}, log.propensities());
        assertEquals(3, log.actionCount());
        assertEquals(0, log.contexts()[0].length);
        assertEquals(List.of(), log.warnings());
    }

    @Test
    void readsWhatPeopleHave() throws IOException {
        assertFine(BanditLog.read(text(FINE)));
        assertFine(BanditLog.read(packed(FINE)));
        assertFine(BanditLog.read(text(FINE.replace(',', ';'))));
        assertFine(BanditLog.read(text(FINE.replace(',', '\t'))));
        assertFine(BanditLog.read(text(FINE.replace("\n", "\r\n"))));
        assertFine(BanditLog.read(text(FINE.stripTrailing())));
        assertFine(BanditLog.read(text("\ufeff" + FINE)));
        assertFine(BanditLog.read(bytes(("\ufeff" + FINE).getBytes(StandardCharsets.UTF_16LE))));
        assertFine(BanditLog.read(text(FINE.replace("action", "Item_Id").replace("reward", "click").replace("propensity", "PSCORE"))));
        assertFine(BanditLog.read(text(FINE.replace("0,1,0.5", "\"0\", 1 ,5e-1").replace("2,0,", "2.0,false,"))));
        assertFine(BanditLog.reader().action("a b").read(text(FINE.replace("action", "\"a b\""))));
        assertFine(BanditLog.read(text(FINE.replace("\n", ",\"x\n\"\"y\"\",\"\n"))));
    }

    @Test
    void readsFeaturesByNameAndPattern() {
        Path path = text("""
            color,x1,who,x2,item,p,paid,q
            red,1,ann,2,tea,0.5,1,0.25
            blue,3,bob,4,milk,0.25,0,0.5
            red,5,ann,6,tea,0.5,2,0
            """);
        BanditLog log = BanditLog.reader().action("item").reward("paid").propensity("p").targetPropensity("q").context("x.*")
            .category("color", "who").read(path);
        assertEquals(List.of("milk", "tea"), log.actionNames());
        assertArrayEquals(new int[] {1, 0, 1}, log.actions());
        assertEquals(List.of("x1", "x2", "color = blue", "color = red", "who = ann", "who = bob"), log.contextNames());
        assertArrayEquals(new double[] {1, 2, 0, 1, 1, 0}, log.contexts()[0]);
        assertArrayEquals(new double[] {3, 4, 1, 0, 0, 1}, log.contexts()[1]);
        assertArrayEquals(new double[] {0.5, 2, 0}, log.weights().values(), 1e-15);
        assertEquals(2.5 * 2.5 / 4.25, log.weights().ess().value(), 1e-12);
        BanditLog named = BanditLog.reader().action("item").reward("paid").propensity("p").actionNames("tea", "milk", "water").read(path);
        assertArrayEquals(new int[] {0, 1, 0}, named.actions());
        assertEquals(3, named.actionCount());
        assertTrue(named.warnings().get(0).startsWith("1 of 3 actions were never taken"), named.toString());
        assertTrue(assertThrows(IllegalStateException.class, named::weights).getMessage().contains("targetPropensity"));
        assertArrayEquals(new double[] {2, 4, 0}, named.targetPropensities(new double[] {1, 1, 0}).weights().values(), 1e-15);
    }

    @Test
    void accountsForBadRows() {
        Path path = text("""
            action,reward,propensity
            0,1,0.5
            1,0,0
            1,0,
            0,1,1.5
            1,x,NaN
            0,1
            0,inf,0.5
            ,1,0.5
            1,1,-0.5
            1,2,0.5
            1,3,0
            """);
        String message = assertThrows(IllegalArgumentException.class, () -> BanditLog.read(path)).getMessage();
        for (String part : List.of("9 of 11 rows cannot be used", "propensity 'propensity' is 0, though it was chosen, in rows 2, 11",
            "is blank in row 3", "is above 1 in row 4 (1.5)",
            "is NaN in row 5", "reward 'reward' is not a number in row 5 (x)", "not as many cells as the header, 3, in row 6 (2)",
            "is infinite in row 7", "action 'action' is blank in row 8",
            "is below 0 in row 9 (-0.5)", ".dropBad()")) assertTrue(message.contains(part), message);
        BanditLog log = BanditLog.reader().dropBad().read(path);
        assertArrayEquals(new double[] {1, 2}, log.rewards());
        assertEquals(9, log.badRows().bad());
        assertEquals(11, log.badRows().rows());
        assertEquals(9, log.badRows().summary().rowCount());
        assertTrue(log.warnings().get(0).startsWith("9 of 11 rows cannot be used"), log.toString());
        assertEquals(9, log.summary().doubleColumn("value").get(1));
        String many = "action,reward,propensity\n" + "0,1,0\n".repeat(1_234) + "0,1,1\n";
        assertTrue(assertThrows(IllegalArgumentException.class, () -> BanditLog.read(text(many))).getMessage()
            .contains("in rows 1, 2, 3, 4, 5 and 1,229 more"));
    }

    @Test
    void warnsOfPropensitiesThatCannotBe() {
        var random = new Random(1);
        var lines = IntStream.range(0, 2_000).mapToObj(i -> random.nextInt(4) + ",1,").toList();
        String head = "action,reward,propensity\n";
        assertTrue(BanditLog.read(text(head + lines.stream().map(l -> l + "0.25\n").collect(Collectors.joining()))).warnings().get(0)
            .startsWith("All rewards are 1.0"));
        BanditLog swapped = BanditLog.read(text(head + lines.stream().map(l -> l + "0.05\n").collect(Collectors.joining())));
        assertTrue(swapped.warnings().get(1).contains("mean of 1/propensity is 20.00 (standard error"), swapped.toString());
        BanditLog sure = BanditLog.read(text(head + "0,1,1\n1,0,1\n"));
        assertTrue(sure.warnings().get(0).startsWith("All propensities are 1"), sure.toString());
        assertEquals(List.of(),
            BanditLog.of(new double[2][0], new int[] {0, 1}, new double[] {0, 1}, new double[] {0.5, 0.5}, 2).warnings());
    }

    @Test
    void readsEpisodes() {
        TrajectoryLog log = TrajectoryLog.reader().columns("state").read(text(EPISODES));
        assertEquals(List.of("a", "b", "c"), log.episodes());
        assertArrayEquals(new double[][] {{1, 2, 4}, {-1}, {0, 8}}, log.rewards());
        double[][] ratios = log.policyRatios();
        assertArrayEquals(new double[] {0.5, 2, 2}, ratios[0], 1e-15);
        assertArrayEquals(new double[] {0}, ratios[1], 1e-15);
        assertArrayEquals(new double[] {1, 0.5}, ratios[2], 1e-15);
        assertEquals(List.of(End.TERMINATED, End.TRUNCATED, End.TRUNCATED), log.ends());
        assertArrayEquals(new double[][] {{3, 4, 5}, {6}, {7, 8}}, log.column("state"));
        assertArrayEquals(new double[] {1 + 0.5 * 2 + 0.25 * 4, -1, 4}, log.returns(0.5), 1e-15);
        assertArrayEquals(new double[] {2, 0, 0.5}, log.weights().values(), 1e-15);
        assertArrayEquals(new double[] {0.5, 0, 1}, log.weights(1).values(), 1e-15);
        var ess = log.essByStep();
        assertArrayEquals(new double[] {2.25 / 1.25, 2.25 / 1.25, 6.25 / 4.25}, ess.doubleColumn("ESS").asDoubleArray(), 1e-12);
        assertEquals(List.of(3, 2, 1), ess.intColumn("episodes").asList());
        assertArrayEquals(new double[] {3, 0, 0, 6, 1, 3, 1, 2, 0, 14.0 / 3, 0.25, 2}, log.summary().doubleColumn("value").asDoubleArray(),
            1e-12);
    }

    @Test
    void anEpisodeWithABadRowIsLeftOutWhole() {
        Path gap = text(EPISODES.replace("a,1,2,0.5,1,0,0,4\n", "a,1,2,0.5\n"));
        String message = assertThrows(IllegalArgumentException.class, () -> TrajectoryLog.read(gap)).getMessage();
        assertTrue(message.contains("in row 2 (4)") && message.contains("does not follow the step before in row 3 (2 after 0)"), message);
        TrajectoryLog log = TrajectoryLog.reader().dropBad().read(gap);
        assertEquals(List.of("b", "c"), log.episodes());
        assertTrue(log.warnings().get(0).contains("Episodes left out with them: 1;"), log.toString());
        // without a column of steps the torn row at the end must be noticed all the same
        Path torn = text("episode,reward,propensity,target_propensity\na,1,1,1\nb,1,1,1\nb,1");
        assertEquals(List.of("a"), TrajectoryLog.reader().dropBad().read(torn).episodes());
        Path between = text("episode,reward,propensity,target_propensity\na,1,1,1\nb\nb,1,1,1\nc,1,1,1\n");
        assertEquals(List.of("c"), TrajectoryLog.reader().dropBad().read(between).episodes());
    }

    @Test
    void endsThatAreNotToldAreNoted() {
        String done = EPISODES.replace("terminated", "done").replace("truncated", "cut");
        TrajectoryLog log = TrajectoryLog.read(text(done));
        assertEquals(End.UNKNOWN, log.ends().get(0));
        assertTrue(log.warnings().get(0).startsWith("How 3 of 3 episodes ended is not known")
            && log.warnings().get(0).contains(".terminated(\"done\")"), log.toString());
        assertEquals(End.TERMINATED, TrajectoryLog.reader().terminated("done").read(text(done)).ends().get(0));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void streamedSumsEqualDirectOnes(long seed) {
        var random = new Random(seed);
        int n = 1 + random.nextInt(20_000);
        double scale = seed == 4 ? 30 : 1;
        double[] logs = random.doubles(n).map(u -> u < 0.01 ? Double.NEGATIVE_INFINITY : scale * (4 * u - 2)).toArray(),
            rewards = random.doubles(n, -1, 3).toArray();
        StreamedWeights streamed = StreamedWeights.reader().clip(2).read(n, i -> logs[(int) i], i -> rewards[(int) i]);
        Ess ess = ImportanceWeights.ofLog(logs).ess();
        assertEquals(ess.value(), streamed.ess(), 1e-9 * ess.value());
        assertEquals(ess.largestShare(), streamed.largestShare(), 1e-12);
        assertEquals(ImportanceWeights.ofLog(logs).psis().khat(), streamed.khat(), 1e-9);
        assertEquals(ImportanceWeights.ofLog(logs).psis().threshold(), streamed.khatThreshold(), 1e-12);
        double[] w = Arrays.stream(logs).map(Math::exp).toArray();
        double ips = mean(n, i -> w[i] * rewards[i]), snips = ips / mean(n, i -> w[i]);
        close(ips, error(n, i -> w[i] * rewards[i]), streamed.estimate("IPS"));
        close(snips, error(n, i -> w[i] * (rewards[i] - snips)) / mean(n, i -> w[i]), streamed.estimate("SNIPS"));
        close(mean(n, i -> Math.min(2, w[i]) * rewards[i]), error(n, i -> Math.min(2, w[i]) * rewards[i]),
            streamed.estimate("IPS, weights clipped at 2.0"));
        close(mean(n, i -> rewards[i]), error(n, i -> rewards[i]), streamed.estimate("behavior policy"));
        assertEquals(Arrays.stream(w).filter(v -> v == 0).count(), streamed.zeros());
        assertEquals(Arrays.stream(w).filter(v -> v > 2).count() / (double) n, streamed.estimate("IPS, weights").clipped(), 1e-15);
        double[] sorted = logs.clone();
        Arrays.sort(sorted);
        int tail = (int) Math.ceil(Math.min(n / 5.0, 3 * Math.sqrt(n)));
        assertArrayEquals(Arrays.copyOfRange(sorted, Math.max(0, n - tail - 1), n), streamed.tail());
    }

    private interface Term {
        double at(int i);
    }

    private static double mean(int n, Term term) {
        return IntStream.range(0, n).mapToDouble(term::at).sum() / n;
    }

    private static double error(int n, Term term) {
        double mean = mean(n, term);
        return Math.sqrt(IntStream.range(0, n).mapToDouble(i -> (term.at(i) - mean) * (term.at(i) - mean)).sum() / (n - 1) / n);
    }

    private static void close(double value, double error, StreamedWeights.Estimate estimate) {
        assertEquals(value, estimate.value(), 1e-10 * Math.max(Math.abs(value), error));
        assertEquals(error, estimate.standardError(), 1e-9 * error);
    }

    @Test
    void streamsAFileAsItReadsIt() throws IOException {
        var random = new Random(5);
        var lines = new ArrayList<String>(List.of("action,click,pscore,p_new"));
        for (int i = 0; i < 10_000; i++)
            lines.add(random.nextInt(3) + "," + random.nextInt(2) + "," + (0.1 + 0.9 * random.nextDouble()) + "," + random.nextDouble());
        Path path = packed(String.join("\n", lines));
        var parts = new ArrayList<Double>();
        StreamedWeights streamed = StreamedWeights.reader().targetPropensity("p_new").progress(parts::add).read(path);
        BanditLog log = BanditLog.reader().targetPropensity("p_new").read(path);
        assertEquals(log.weights().ess().value(), streamed.ess(), 1e-8);
        double[] w = log.weights().values();
        close(mean(10_000, i -> w[i] * log.rewards()[i]), error(10_000, i -> w[i] * log.rewards()[i]), streamed.estimate("IPS"));
        assertEquals(List.of(), parts, "a short reading tells nothing");
        assertTrue(streamed.warnings().get(0).startsWith("The mean weight is"), streamed.toString());
        StreamedWeights weights = StreamedWeights.reader().weight("w").read(text("w\n1\n2\n3\n"));
        assertEquals(36.0 / 14, weights.ess(), 1e-12);
        assertEquals(7, weights.summary().rowCount());
    }

    @Test
    void numbersAreReadAsJavaReadsThem() {
        var random = new Random(11);
        var numbers = random.longs(2_000).mapToDouble(Double::longBitsToDouble).filter(Double::isFinite).toArray();
        Path path = text("action,reward,propensity\n"
            + Arrays.stream(numbers).mapToObj(v -> "0," + v + ",1\n").collect(Collectors.joining()) + "0,-.5e-3,1.\n0,+7,1e0\n");
        double[] read = BanditLog.read(path).rewards();
        assertArrayEquals(numbers, Arrays.copyOf(read, numbers.length));
        assertEquals(-5e-4, read[numbers.length]);
        assertEquals(7, read[numbers.length + 1]);
    }

    @Test
    void whatTakesLongIsTold() throws Exception {
        var parts = new ArrayList<Double>();
        StreamedWeights.reader().progress(parts::add).read(200_000, i -> {
            if (i == 1) {
                // a single wait may end early
                long until = System.nanoTime() + 2_100_000_000L;
                while (System.nanoTime() < until) LockSupport.parkNanos(until - System.nanoTime());
            }
            return 0;
        });
        assertEquals(List.of(65_536 / 200_000.0, 1.0), parts);
    }

    @Test
    void aFileBecomesAReportInTwoLines() {
        Path path = text("action,reward,propensity,target_propensity\n" + "0,1,0.5,0.25\n1,0,0.5,0.75\n".repeat(20));
        BanditLog log = BanditLog.read(path);
        WeightReport report = log.weights().report();
        assertEquals(40 / 1.25, report.ess().value(), 1e-12);
    }

    @Test
    void survivesWeightsBeyondADouble() {
        StreamedWeights streamed = StreamedWeights.reader().read(2, i -> 5_000 + i * Math.log(2), i -> i);
        assertEquals(9.0 / 5, streamed.ess(), 1e-12);
        assertEquals(2.0 / 3, streamed.estimate("SNIPS").value(), 1e-12);
        assertTrue(streamed.warnings().stream().anyMatch(w -> w.contains("largest log weight is 5001 (limit 709)")), streamed.toString());
        assertTrue(streamed.warnings().stream().anyMatch(w -> w.startsWith("PSIS k̂ cannot be estimated")), streamed.toString());
        StreamedWeights small = StreamedWeights.reader().read(3, i -> -5_000, i -> 1);
        assertEquals(3, small.ess(), 1e-12);
    }

    @Test
    void keepsTheLargestInAnyOrder() {
        for (int order = 0; order < 3; order++) {
            var largest = new LargestValues(10);
            var values = new ArrayList<>(IntStream.range(0, 1_000).boxed().toList());
            if (order == 1) java.util.Collections.reverse(values);
            if (order == 2) java.util.Collections.shuffle(values, new Random(2));
            values.forEach(v -> largest.add(v / 2));
            assertArrayEquals(new double[] {495, 495, 496, 496, 497, 497, 498, 498, 499, 499}, largest.ascending(10));
        }
    }

    private static Path parquet(String codec) {
        try {
            return Path.of(LogsTest.class.getResource("parquet_twin_" + codec + ".parquet").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "snappy", "gzip", "zstd", "lz4"})
    void readsParquet(String codec) {
        BanditLogReader reader = BanditLog.reader().context("flag", "age").category("name");
        String message = assertThrows(IllegalArgumentException.class, () -> reader.read(parquet(codec))).getMessage();
        for (String part : List.of("3 of 25 rows", "reward 'reward' is blank in row 8",
            "propensity 'propensity' is above 1 in row 12 (1.5)", "category 'name' is blank in row 4"))
            assertTrue(message.contains(part), message);
        BanditLog log = reader.dropBad().read(parquet(codec));
        assertEquals(22, log.size());
        assertEquals(List.of("flag", "age", "name = a", "name = b", "name = c"), log.contextNames());
        int[] rounds = IntStream.range(0, 25).filter(i -> i != 3 && i != 7 && i != 11).toArray();
        for (int k = 0; k < rounds.length; k++) {
            int i = rounds[k];
            assertEquals(i % 3, log.actions()[k]);
            assertEquals(i / 8.0, log.rewards()[k]);
            assertEquals(0.25 * (1 + i % 4), log.propensities()[k]);
            assertArrayEquals(new double[] {1 - i % 2, 20 + i, i % 3 == 0 ? 1 : 0, i % 3 == 1 ? 1 : 0, i % 3 == 2 ? 1 : 0},
                log.contexts()[k]);
        }
        assertEquals(log.size(), StreamedWeights.reader().targetPropensity("propensity").dropBad().read(parquet(codec)).ess() - 1, 1e-9,
            "all weights 1, and a name more");
    }

    private static BanditLog bandit(String content) {
        return BanditLog.read(text(content));
    }

    private static TrajectoryLog episodes(String from, String to) {
        return TrajectoryLog.read(text(EPISODES.replace(from, to)));
    }

    private static byte[] damaged(byte[] content) {
        Arrays.fill(content, 30, 200, (byte) 7);
        return content;
    }

    static Stream<Arguments> badInputs() {
        return Stream.of(
            bad("no such file", () -> BanditLog.read("nowhere.csv"), "there is no file"),
            bad("a folder", () -> BanditLog.read(folder), "is a folder"),
            bad("an empty file", () -> bandit(""), "is empty"),
            bad("blank lines", () -> bandit("\n\n"), "blank lines"),
            bad("no rows", () -> bandit("action,reward,propensity\n"), "a header but no rows"),
            bad("no header", () -> bandit("0,1,0.5\n1,0,0.5\n"), "begins with numbers (0, 1, 0.5)"),
            bad("a zip", () -> BanditLog.read(bytes(new byte[] {'P', 'K', 3, 4})), "zip archive or a spreadsheet"),
            bad("gzip cut short", () -> BanditLog.read(bytes(Arrays.copyOf(Files.readAllBytes(packed(FINE)), 30))),
                "cannot be read to its end"),
            bad("Latin-1", () -> BanditLog.read(bytes("Prämie,action\n".getBytes(StandardCharsets.ISO_8859_1))), "is not text in UTF-8"),
            bad("no such column", () -> BanditLog.reader().propensity("propensty").read(text(FINE)),
                "no column 'propensty' (propensity); there are action, reward, propensity; did you mean 'propensity'?"),
            bad("no usual column", () -> bandit(FINE.replace("reward", "money")),
                "no column for the reward: none is called reward, click, r; there are action, money, propensity. Name yours, as in "
                    + ".reward("),
            bad("two columns of a name", () -> bandit(FINE.replace("action,reward", "reward,reward")), "no column for the action"),
            bad("two rewards", () -> bandit("action,reward,reward,propensity\n0,1,1,1\n"), "two columns called 'reward'"),
            bad("a pattern that fits nothing", () -> BanditLog.reader().context("y.*").read(text(FINE)), "'y.*' (context)"),
            bad("not a pattern", () -> BanditLog.reader().context("x[").read(text(FINE)), "neither a column nor a regular expression"),
            bad("a cell of text", () -> bandit(FINE.replace("0.25\n1", "often\n1")),
                "propensity 'propensity' is not a number in row 2 (often)"),
            bad("a decimal comma", () -> bandit(FINE.replace(',', ';').replace("0.5", "0,5")), "is not a number in row 1 (0,5)"),
            bad("a row cut short", () -> bandit(FINE + "1,1"), "not as many cells as the header, 3, in row 4 (2)"),
            bad("a row too long", () -> bandit(FINE + "1,1,0.5,7"), "in row 4 (4)"),
            bad("propensity 0", () -> bandit(FINE.replace("0.25\n1", "0\n1")), "is 0, though it was chosen, in row 2"),
            bad("propensity above 1", () -> bandit(FINE.replace("0.25\n1", "1.01\n1")), "is above 1 in row 2 (1.01)"),
            bad("nothing but bad rows", () -> BanditLog.reader().dropBad().read(text(FINE.replace(",0.", ",7."))), "No row is left"),
            bad("a hexadecimal reward", () -> bandit(FINE.replace("0,1,", "0,0x1p3,").replace("2,0,", "2,1d,")),
                "is not a number in rows 1 (0x1p3), 2 (1d)"),
            bad("half an action", () -> bandit(FINE.replace("2,0", "1.5,0")), "1.5 is no action"),
            bad("action below 0", () -> bandit(FINE.replace("2,0", "-1,0")), "-1 is no action"),
            bad("an identifier", () -> bandit(FINE.replace("2,0", "90210123,0")), "rather an identifier"),
            bad("action beyond the count", () -> BanditLog.reader().actionCount(2).read(text(FINE)),
                "is not below actionCount, 2, in row 2 (2)"),
            bad("action of another name", () -> BanditLog.reader().actionNames("0", "1").read(text(FINE)),
                "is none of the named actions in row 2 (2)"),
            bad("a name twice", () -> BanditLog.reader().actionNames("0", "0"), "none twice"),
            bad("no names", () -> BanditLog.reader().context(), "no column was named for the context"),
            bad("a blank category", () -> BanditLog.reader().category("c").read(text("action,reward,propensity,c\n0,1,1,\n")),
                "category 'c' is blank in row 1"),
            bad("target above 1", () -> BanditLog.read(text(FINE)).targetPropensities(new double[] {1, 2, 0}),
                "target propensity 1 is 2.0"),
            bad("a quote left open", () -> bandit("action,reward,propensity\n0,1,\"" + "0".repeat(110_000)), "is a quote left open"),
            bad("Parquet packed by brotli", () -> BanditLog.read(parquet("brotli")), "packed by BROTLI; write it again"),
            bad("Parquet cut short", () -> BanditLog.read(bytes(Arrays.copyOf(Files.readAllBytes(parquet("zstd")), 500))),
                "cannot be read as Parquet"),
            bad("Parquet damaged", () -> BanditLog.read(bytes(damaged(Files.readAllBytes(parquet("zstd"))))), "cannot be read as Parquet"),
            bad("decimals", () -> BanditLog.reader().reward("price").read(parquet("none")), "column 'price' holds decimals"),
            bad("a list", () -> BanditLog.reader().context("list").read(parquet("none")), "no further column that 'list' (context) fits"),
            bad("a step left out", () -> episodes("a,1,2,0.5,1,0,0,4\n", ""),
                "step 'step' does not follow the step before in row 2 (2 after 0)"),
            bad("steps out of order", () -> episodes("c,1,", "c,7,"), "(7 after 0)"),
            bad("a beginning lost", () -> episodes("b,0,", "b,3,"), "is not 0 or 1 where an episode begins in row 4 (3)"),
            bad("an episode in two parts", () -> episodes("c,0,0,1,1,0,0,7\n", "a,0,0,1,1,0,0,7\n"),
                "comes back after other episodes (sort the file by episode and step) in row 5 (a)"),
            bad("a step after the end", () -> episodes("a,1,2,0.5,1,0", "a,1,2,0.5,1,1"),
                "has a step after its episode's end in row 3 (episode a)"),
            bad("a flag of 2", () -> episodes("5,1,0,5", "5,2,0,5"), "terminated flag 'terminated' is neither 0 nor 1 in row"),
            bad("no target", () -> episodes("target_propensity", "q"), "Name yours, as in .targetPropensity("),
            bad("target above 1 in a step", () -> episodes("0.5,0.25", "0.5,1.25"),
                "target propensity 'target_propensity' is above 1 in row 1 (1.25)"),
            bad("an unread column", () -> TrajectoryLog.read(text(EPISODES)).column("state"), "column 'state' was not read"),
            bad("discount", () -> TrajectoryLog.read(text(EPISODES)).returns(1.1), "discount is 1.1"),
            bad("no episodes", () -> TrajectoryLog.of(new double[0][], new double[0][], new double[0][]), "no episodes"),
            bad("an episode without steps", () -> TrajectoryLog.of(new double[1][0], new double[1][0], new double[1][0]),
                "episode 0 has no steps"),
            bad("lengths within an episode", () -> TrajectoryLog.of(new double[][] {{1}}, new double[][] {{1, 1}}, new double[][] {{1}}),
                "episode 0 has 1 rewards, 2 behavior and 1 target"),
            bad("behavior 0", () -> TrajectoryLog.of(new double[][] {{1, 1}}, new double[][] {{1, 0}}, new double[][] {{1, 1}}),
                "episode 0, step 1: the behavior propensity is 0.0"),
            bad("clip", () -> StreamedWeights.reader().clip(0), "clip(0.0)"),
            bad("no rows to stream", () -> StreamedWeights.reader().read(0, i -> 0), "n is 0"),
            bad("a weight of NaN", () -> StreamedWeights.reader().read(3, i -> i == 1 ? Double.NaN : 0), "log weight 1 is NaN"),
            bad("a reward of NaN", () -> StreamedWeights.reader().read(3, i -> 0, i -> i == 2 ? Double.NaN : 0), "reward 2 is NaN"),
            bad("all weights 0", () -> StreamedWeights.reader().read(3, i -> Double.NEGATIVE_INFINITY), "all 3 weights are 0"),
            bad("a weight below 0", () -> StreamedWeights.reader().weight("w").read(text("w\n1\n-1\n")),
                "weight 'w' is below 0 in row 2 (-1)"),
            bad("no such estimate", () -> StreamedWeights.reader().read(3, i -> 0).estimate("IPS"), "the stream held weights alone"));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsNamed(BadInput input) {
        input.isNamed();
    }

    @Test
    void otherEncodingsCanBeNamed() {
        Charset latin = StandardCharsets.ISO_8859_1;
        BanditLog log = BanditLog.reader().reward("Prämie").encoding(latin).read(bytes(FINE.replace("reward", "Prämie").getBytes(latin)));
        assertFine(log);
    }
}
