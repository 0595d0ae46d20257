package metarl.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import metarl.agent.value.Td3;
import metarl.diagnose.log.StreamedWeights;
import metarl.diagnose.log.StreamedWeightsReader;
import metarl.diagnose.log.WeightStream;
import metarl.sweep.Sweep;
import metarl.sweep.SweepResults;
import metarl.sweep.Workers;
import metarl.task.TaskSet;
import metarl.task.families.PointRobot;
import metarl.train.MetaRun;
import metarl.train.MetaRuns;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The same jar on a cluster: a master and three workers, each a process of its own, of which two are killed. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterTest {
    @TempDir
    private static Path folder;
    private static Cluster cluster;

    @BeforeAll
    static void start() throws IOException {
        cluster = new Cluster(folder, 3);
    }

    @AfterAll
    static void stop() throws IOException {
        cluster.close();
    }

    /** Spark finds what the reader of one machine finds, file by file. */
    @Test
    @Order(1)
    void aSubmittedJobTellsWhatOneMachineFinds() throws IOException, InterruptedException {
        StreamedWeightsReader reader = StreamedWeights.reader().clip(2).group("country").dropBad();
        Path logs = Files.createDirectories(folder.resolve("logs"));
        var random = new Random(1);
        var all = new StringBuilder("reward,propensity,target_propensity,country\n");
        for (int file = 0; file < 4; file++) {
            var rows = new StringBuilder();
            for (int i = 0; i < 500; i++) rows.append(random.nextInt(2)).append(',').append(0.1 + 0.4 * random.nextDouble()).append(',')
                .append(i == 7 ? "?" : "" + 0.3 * random.nextDouble()).append(",c").append(i % 3).append('\n');
            Files.writeString(logs.resolve("part" + file + ".csv"), "reward,propensity,target_propensity,country\n" + rows);
            all.append(rows);
        }
        StreamedWeights expected = reader.read(Files.writeString(folder.resolve("all.csv"), all));
        String told = cluster.submit("metarl.spark.Main", logs + "/*.csv", "--clip", "2", "--group", "country", "--drop-bad");
        double[] numbers = numbers(expected.summary().print());
        assertEquals(17, numbers.length);
        assertArrayEquals(numbers, numbers(told.substring(told.indexOf("streamed weights"), told.indexOf("effective sample size"))),
            1e-12 * 2_000);
        assertTrue(told.contains("4 of 2,000 rows cannot be used: target propensity 'target_propensity' is not a number in rows"), told);
        assertTrue(told.contains("2,000 rows in ") && told.contains(" on " + cluster.master()), told);

        String refused = cluster.submit("metarl.spark.Main", logs + "/*.csv");
        assertTrue(refused.contains("4 of 2,000 rows cannot be used") && refused.contains(".dropBad()"), refused);
        assertFalse(refused.contains("Exception in thread"), refused);
    }

    /** All numbers of a printed table but those in names. */
    private static double[] numbers(String table) {
        return Pattern.compile("(?<=\\|)\\s*-?[0-9.]+(?=\\s*\\|)").matcher(table).results()
            .mapToDouble(m -> Double.parseDouble(m.group().strip()))
            .toArray();
    }

    private static Sweep sweep(String name) {
        Td3 small = Td3.pointRobot().hidden(4).batchSize(4).contextLength(2).contextSize(3).randomSteps(20).updatesPerStep(0.1)
            .replayCapacity(400);
        return Sweep.of(TaskSet.of(PointRobot.dense()).train(3).test(2).sample(7)).algorithm("small", small)
            .algorithm("no context", small.contextLength(0)).seeds(3).steps(600).evaluateEvery(50).adaptTasks(0).episodes(1)
            .saveTo(folder.resolve(name));
    }

    private static List<String> logs(SweepResults results) throws IOException {
        var logs = new ArrayList<String>();
        for (MetaRuns runs : results.runs()) for (MetaRun run : runs.runs()) logs.add(run.log().print(10_000));
        return logs;
    }

    /** Its runs go on elsewhere, from their checkpoints, bit for bit. */
    @Test
    @Order(2)
    void aSweepWhoseWorkerIsKilledIsTheUndisturbedOne() throws IOException, InterruptedException {
        SweepResults undisturbed = sweep("undisturbed").run(Workers.threads(1));
        try (SparkSession spark = Sparks.at(cluster.master(), cluster.toolkit())) {
            assertFalse(Sparks.workers().inThisProcess());
            var killer = new Thread(() -> {
                try {
                    // when a run has begun to train, and has been saved
                    while (!Files.exists(folder.resolve("disturbed"))) Thread.sleep(20);
                    for (boolean saved = false; !saved; Thread.sleep(20))
                        try (Stream<Path> files = Files.walk(folder.resolve("disturbed"))) {
                            saved = files.anyMatch(f -> f.getFileName().toString().startsWith("checkpoint"));
                        } catch (UncheckedIOException e) {
                            // a file that was replaced meanwhile
                            saved = false;
                        }
                } catch (IOException | InterruptedException e) {
                    return;
                }
                cluster.kill(0);
            });
            killer.start();
            SweepResults results = sweep("disturbed").run(Sparks.workers());
            killer.join();
            assertTrue(results.isComplete(), results.words());
            assertEquals(logs(undisturbed), logs(results));
        }
    }

    /** A worker that is killed with its half of the work loses nothing. */
    @Test
    @Order(3)
    void aWorkerThatIsKilledLosesNothing() throws IOException, InterruptedException {
        int rows = 6_000_000;
        WeightStream whole = WeightStream.ofWeights();
        for (long id = 0; id < rows; id++) whole.add(Math.log(1 + id % 1_009), 0);
        try (SparkSession spark = Sparks.at(cluster.master(), cluster.toolkit())) {
            var log = spark.range(0, rows, 1, 12).selectExpr("cast(1 + id % 1009 as double) as w");
            var killer = new Thread(() -> {
                try {
                    while (spark.sparkContext().statusTracker().getActiveStageIds().length == 0) Thread.sleep(20);
                    Thread.sleep(1_500);
                } catch (InterruptedException e) {
                    return;
                }
                cluster.kill(1);
            });
            killer.start();
            StreamedWeights found = SparkWeights.of(log).by(StreamedWeights.reader().weight("w")).report().weights();
            killer.join();
            assertEquals(rows, found.n());
            assertEquals(whole.result().ess(), found.ess(), 1e-12 * rows);
            assertArrayEquals(whole.result().tail(), found.tail());
        }
    }
}
