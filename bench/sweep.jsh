// A sweep of 24 short runs: one worker against two, threads of this process and cores of Spark's. All must leave the same logs.
var tasks = TaskSet.of(PointRobot.dense()).train(10).test(4).sample(7);
var td3 = Td3.pointRobot().hidden(64).randomSteps(100);
int steps = Integer.getInteger("steps", 600);
Path folder = Files.createTempDirectory("bench");
Sweep sweep(String name) {
    return Sweep.of(tasks).algorithm("context", td3).algorithm("no context", td3.contextLength(0)).seeds(12).steps(steps).evaluateEvery(steps / 2).episodes(1).saveTo(folder.resolve(name));
}
String logs(SweepResults results) {
    return Arrays.stream(results.runs()).flatMap(r -> r.runs().stream()).map(r -> r.log().print(100_000)).collect(Collectors.joining());
}
// once before, as the JVM compiles what runs often
Sweep.of(tasks).algorithm("warm", td3).seeds(1).steps(steps).evaluateEvery(steps).saveTo(folder.resolve("warm")).run(Workers.threads(1));
var seconds = new LinkedHashMap<String, Double>();
String expected = null;
for (String who : List.of("one thread", "two threads", "Spark, one core", "Spark, two cores")) {
    if (who.startsWith("Spark")) Sparks.local(who.contains("two") ? 2 : 1);
    Workers workers = who.startsWith("Spark") ? Sparks.workers() : Workers.threads(who.contains("two") ? 2 : 1);
    long begin = System.nanoTime();
    SweepResults results = sweep(who).run(workers);
    seconds.put(who, (System.nanoTime() - begin) / 1e9);
    String found = logs(results);
    if (expected == null) expected = found;
    System.out.println(String.format(Locale.ROOT, "%-18s %6.1f s, %.2f of one thread, %s", who, seconds.get(who), seconds.get("one thread") / seconds.get(who), results.isComplete() && found.equals(expected) ? "the same logs" : "OTHER LOGS"));
}
Sparks.session().stop();
try (var all = Files.walk(folder)) { all.sorted(Comparator.reverseOrder()).forEach(p -> p.toFile().delete()); }
