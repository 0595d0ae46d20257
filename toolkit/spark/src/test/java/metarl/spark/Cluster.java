package metarl.spark;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A standalone cluster of Spark's on this machine: a master and some workers of one core each, all processes of their own. */
final class Cluster implements AutoCloseable {
    /** Processes that live for seconds are quicker with the first compiler alone. */
    private static final String QUICK = "-XX:TieredStopAtLevel=1";
    private static final List<String> OPTIONS = List.of("-Xmx600m", QUICK, "-XX:+UseSerialGC", "-Dspark.ui.enabled=false",
        "-Dspark.worker.cleanup.enabled=true");

    private final Path folder;
    private final String master;
    private final List<Process> processes = new ArrayList<>();

    Cluster(Path folder, int workers) throws IOException {
        this.folder = folder;
        Path jars = Files.createDirectories(folder.resolve("home/jars"));
        for (Path jar : classPath()) if (Files.isRegularFile(jar) && !isToolkit(jar) && !hidesHadoop(jar))
            Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar);
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        master = "spark://127.0.0.1:" + port;
        start("master", "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", "" + port, "--webui-port", "0");
        awaitText("master", "I have been elected leader");
        for (int w = 0; w < workers; w++)
            start("worker" + w, "org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1", "--cores", "1",
                "--memory", "1g", "--webui-port", "0", "--work-dir", folder.resolve("work" + w).toString(), master);
        for (int w = 0; w < workers; w++) awaitText("worker" + w, "Successfully registered with master");
    }

    /** Its address. */
    String master() {
        return master;
    }

    private static boolean isToolkit(Path jar) {
        return jar.getFileName().toString().startsWith("metarl");
    }

    private static boolean hidesHadoop(Path jar) {
        return jar.getFileName().toString().startsWith("parquet-floor");
    }

    private static List<Path> classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator)).map(Path::of).toList();
    }

    /** The toolkit in jars, as it is when it is built. */
    List<Path> toolkit() {
        var jars = new ArrayList<Path>();
        for (Path entry : classPath()) {
            if (Files.isRegularFile(entry) && isToolkit(entry)) jars.add(entry);
            if (!Files.isDirectory(entry) || entry.endsWith("test-classes")) continue;
            Path jar = folder.resolve("classes" + jars.size() + ".jar");
            if (!Files.exists(jar))
                ToolProvider.findFirst("jar").orElseThrow().run(System.out, System.err, "--create", "--file", jar.toString(),
                    "-C", entry.toString(), ".");
            jars.add(jar);
        }
        Collections.reverse(jars);
        return jars;
    }

    private Process start(String name, String main, String... arguments) throws IOException {
        var command = new ArrayList<String>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(OPTIONS);
        // as the script spark-submit says, too
        for (String opened : List.of("java.nio", "java.lang.invoke", "java.util"))
            command.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED");
        command.addAll(List.of("-cp", folder.resolve("home/jars") + "/*", main));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(folder.resolve(name + ".log").toFile());
        builder.environment().put("SPARK_HOME", folder.resolve("home").toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.13");
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    /** What spark-submit does, to the end; its output. */
    String submit(String main, String... arguments) throws IOException, InterruptedException {
        List<Path> jars = toolkit();
        var all = new ArrayList<String>(List.of("--master", master, "--class", main, "--conf", "spark.executor.memory=512m", "--conf",
            "spark.ui.enabled=false", "--conf", "spark.cores.max=2", "--conf", "spark.executor.extraJavaOptions=" + QUICK, "--jars",
            jars.subList(1, jars.size()).stream().map(jar -> "local:" + jar).collect(Collectors.joining(",")), jars.get(0).toString()));
        all.addAll(List.of(arguments));
        Process process = start("submit", "org.apache.spark.deploy.SparkSubmit", all.toArray(String[]::new));
        process.waitFor();
        return text("submit");
    }

    /** Kills a worker, and first what works for it, with no word of farewell. */
    void kill(int worker) {
        Process process = processes.get(1 + worker);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private String text(String name) throws IOException {
        return Files.readString(folder.resolve(name + ".log"));
    }

    private void awaitText(String name, String text) throws IOException {
        long begin = System.nanoTime();
        while (!text(name).contains(text)) {
            assertTrue(System.nanoTime() - begin < 60e9, name + ": " + text(name));
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (Process process : processes) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        // the folder is to be deleted, what the links lead to is not
        try (Stream<Path> links = Files.list(folder.resolve("home/jars"))) {
            for (Path link : links.toList()) Files.delete(link);
        }
    }
}
