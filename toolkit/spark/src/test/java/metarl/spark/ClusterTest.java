package metarl.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import metarl.diagnose.log.StreamedWeights;
import metarl.diagnose.log.StreamedWeightsReader;
import metarl.diagnose.log.WeightStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same jar on a cluster: a master and two workers, each a process of its own. */
class ClusterTest {
    @TempDir
    private static Path folder;
    private static Cluster cluster;

    @BeforeAll
    static void start() throws IOException {
        cluster = new Cluster(folder, 2);
    }

    @AfterAll
    static void stop() throws IOException {
        cluster.close();
    }

    /** Spark finds what the reader of one machine finds, file by file. */
    @Test
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
        assertTrue(told.contains(expected.summary().print().strip()), told + "\n" + expected.summary().print());
        assertTrue(told.contains("4 of 2,000 rows cannot be used: target propensity 'target_propensity' is not a number in rows"), told);
        assertTrue(told.contains("2,000 rows in "), told);

        String refused = cluster.submit("metarl.spark.Main", logs + "/*.csv");
        assertTrue(refused.contains("4 of 2,000 rows cannot be used") && refused.contains(".dropBad()"), refused);
        assertFalse(refused.contains("\tat "), refused);
    }

    /** A worker that is killed with its half of the work loses nothing. */
    @Test
    void aWorkerThatIsKilledLosesNothing() throws IOException, InterruptedException {
        int rows = 12_000_000;
        WeightStream whole = WeightStream.ofWeights();
        for (long id = 0; id < rows; id++) whole.add(Math.log(1 + id % 1_009), 0);
        try (SparkSession spark = Sparks.at(cluster.master(), cluster.toolkit())) {
            var log = spark.range(0, rows, 1, 12).selectExpr("cast(1 + id % 1009 as double) as w");
            var killer = new Thread(() -> {
                try {
                    while (spark.sparkContext().statusTracker().getActiveStageIds().length == 0) Thread.sleep(20);
                    Thread.sleep(3_000);
                } catch (InterruptedException e) {
                    return;
                }
                cluster.kill(0);
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
