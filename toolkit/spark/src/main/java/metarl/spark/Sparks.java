package metarl.spark;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import metarl.basics.Activity;
import metarl.basics.Require;
import metarl.sweep.Workers;
import org.apache.spark.sql.SparkSession;

/** Sessions of Spark, with the settings that the toolkit needs. */
public final class Sparks {
    /** What Spark opens by reflection; a JVM that was not started with it fails in its midst. */
    private static final String OPENED = "java.nio";
    private static final String LOGGING = "log4j2.configurationFile";

    private Sparks() {}

    /** The session that is there, or the one that {@code spark-submit} asks for, or else {@link #local()}. */
    public static SparkSession session() {
        var active = SparkSession.getActiveSession();
        if (active.isEmpty()) active = SparkSession.getDefaultSession();
        if (active.isDefined() && !active.get().sparkContext().isStopped()) return active.get();
        String submitted = System.getProperty("spark.master");
        return submitted == null ? local() : start(submitted, SparkSession.builder());
    }

    /** Spark within this JVM, on all its cores. */
    public static SparkSession local() {
        return local(Runtime.getRuntime().availableProcessors());
    }

    /**
     * Spark within this JVM. A session that is there already is ended if it is another one.
     *
     * @param cores that work at the same time, at least 1
     */
    public static SparkSession local(int cores) {
        Require.that(cores >= 1, "cores", cores, "at least 1");
        return start("local[" + cores + "]", SparkSession.builder().config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1"));
    }

    /**
     * Spark on a cluster, driven from this JVM. Its machines must see the toolkit's jars at the same paths as this one: copy it to storage
     * that all of them share.
     *
     * @param master such as {@code spark://host:7077}
     */
    public static SparkSession at(String master) {
        return at(master, toolkit());
    }

    /** The same with other jars than those of this JVM. */
    static SparkSession at(String master, List<Path> jars) {
        return start(master,
            SparkSession.builder().config("spark.jars", jars.stream().map(jar -> "local:" + jar).collect(Collectors.joining(","))));
    }

    /** Who does the runs of a sweep: the cores of the {@linkplain #session session}, as in {@code sweep.run(Sparks.workers())}. */
    public static Workers workers() {
        return new SparkWorkers(session().sparkContext());
    }

    /** The jars of this JVM's class path that are not Spark's, as cluster machines need them. */
    static List<Path> toolkit() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator)).map(entry -> Path.of(entry).toAbsolutePath())
            .filter(Files::isRegularFile).filter(jar -> !jar.toString().contains("/spark/target/lib/")).toList();
    }

    private static SparkSession start(String master, SparkSession.Builder builder) {
        requireOpened();
        var running = SparkSession.getDefaultSession();
        if (running.isDefined() && !running.get().sparkContext().isStopped()) {
            if (running.get().sparkContext().master().equals(master)) return running.get();
            running.get().stop();
        }
        // told once, by the exception that comes of it, and not by pages of a log as well
        if (System.getProperty(LOGGING) == null) System.setProperty(LOGGING, "metarl/spark/log4j2.properties");
        try (var activity = Activity.of("starting Spark")) {
            return builder.master(master).appName("metarl").config("spark.ui.enabled", "false")
                .config("spark.ui.showConsoleProgress", "false").config("spark.log.structuredLogging.enabled", "false").getOrCreate();
        }
    }

    private static void requireOpened() {
        if (!Object.class.getModule().isOpen(OPENED, Sparks.class.getModule()))
            throw new IllegalStateException("this JVM keeps " + OPENED + " closed, which Spark needs; expected one that was started as "
                + "the kernel 'Java (meta-RL, Spark)' or ./metarl jshell --spark is, with --add-opens java.base/java.nio=ALL-UNNAMED and "
                + "the same for java.lang.invoke and java.util");
    }
}
