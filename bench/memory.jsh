// Memory over 20 000 updates of a small learner with context: resident set after every 5 000 (Linux), in MB.
var problem = new Problem(1, 20, 6, 2);
var settings = Td3.withContext().hidden(32).batchSize(32).randomSteps(0).updatesPerStep(1_000).replayCapacity(10_000);
var task = PointRobot.dense().task(0, 0);
var random = RandomStream.of(1, "bench");
var trajectory = new Trajectory(task, random.doubles(20).toArray());
for (int t = 0; t < 200; t++)
    trajectory.add(random.doubles(6, -1, 1).toArray(), new Step(random.doubles(20).toArray(), random.nextDouble(), false, t == 199, new double[2]));

String resident() throws Exception {
    return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(l -> l.startsWith("VmRSS")).findFirst().map(l -> l.replaceAll("\\D", "")).orElse("0");
}

try (var learner = settings.learner(problem, 1)) {
    for (int e = 0; e < 50; e++) learner.store(List.of(Trial.of(0, trajectory)));
    for (int i = 0; i <= 20_000; i++) {
        if (i % 5_000 == 0) {
            System.gc();
            System.out.println(String.format(Locale.ROOT, "after %,6d updates: %d MB", i, Integer.parseInt(resident()) / 1024));
        }
        learner.update();
    }
}
