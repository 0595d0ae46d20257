// A process that trains is killed at a random moment of its first two seconds, started again and killed again: 5 trainings, 20 kills each. At the end
// the log of each must have the bytes of one that nobody disturbed. Counts kills, the steps that were on the disk, and logs that differ (must be 0).
var place = Files.createTempDirectory("metarl-kills");
var child = Files.writeString(place.resolve("child.jsh"), """
    var algorithm = Mql.pointRobot().base(b -> b.hidden(16).batchSize(16).randomSteps(200)).newTaskUpdates(2).replayUpdates(3);
    var tasks = TaskSet.of(PointRobot.dense()).train(10).test(3).sample(7);
    MetaTraining.on(tasks).algorithm(algorithm).steps(Long.parseLong(args[1])).evaluateEvery(200).adaptTasks(1)
        .seed(Long.parseLong(args[2])).saveTo(args[0]).run().close();
    """);

Process start(Path folder, long steps, long seed) throws Exception {
    return new ProcessBuilder(ProcessHandle.current().info().command().orElse("java"), "-Dai.djl.offline=true", "-Dai.djl.pytorch.num_threads=1",
        "-cp", System.getProperty("java.class.path"), "metarl.notebook.ScriptRunner", child.toString(), folder.toString(), "" + steps, "" + seed)
        .redirectErrorStream(true).redirectOutput(place.resolve("child.txt").toFile()).start();
}

void finish(Path folder, long steps, long seed) throws Exception {
    if (start(folder, steps, seed).waitFor() != 0) throw new IllegalStateException(Files.readString(place.resolve("child.txt")));
}

long locked(Path folder) throws Exception {
    Path lock = folder.resolve("metarl.lock");
    return Files.exists(lock) ? Files.getLastModifiedTime(lock).toMillis() : 0;
}

long stored(Path folder) throws Exception {
    if (!Files.exists(folder.resolve("run.json"))) return 0;
    var step = java.util.regex.Pattern.compile("\"step\" : (\\d+)").matcher(Files.readString(folder.resolve("run.json")));
    return step.find() ? Long.parseLong(step.group(1)) : 0;
}

var random = new Random(7);
int kills = 0, different = 0;
for (int seed = 0; seed < 5; seed++) {
    Path folder = place.resolve("killed-" + seed), whole = place.resolve("whole-" + seed);
    for (int i = 0; i < 20; i++) {
        Process process = start(folder, 1_000_000, seed);
        // the lock is written when training begins
        long before = locked(folder);
        while (process.isAlive() && locked(folder) <= before) Thread.sleep(2);
        if (!process.isAlive()) throw new IllegalStateException("the training ended by itself: " + Files.readString(place.resolve("child.txt")));
        Thread.sleep(random.nextInt(2_000));
        process.destroyForcibly().waitFor();
        kills++;
    }
    long kept = stored(folder), steps = (kept / 200 + 2) * 200;
    finish(folder, steps, seed);
    finish(whole, steps, seed);
    boolean same = Arrays.equals(Files.readAllBytes(folder.resolve("log.csv")), Files.readAllBytes(whole.resolve("log.csv")));
    if (!same) different++;
    System.out.println(String.format(Locale.ROOT, "training %d: %d kills, %,d steps on the disk, log of %,d steps %s", seed, kills, kept, steps,
        same ? "the same" : "DIFFERENT"));
}
System.out.println(kills + " kills, " + different + " logs differ");
if (different > 0) throw new IllegalStateException("the logs in " + place + " differ");
