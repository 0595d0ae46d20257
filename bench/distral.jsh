// Distral's updates (of all tasks) per second of CPU time on one thread: five tasks, soft actor-critic's sizes and small ones, against PyTorch eager on the same machine, in turns.
var python = System.getenv("METARL_BENCH_PYTHON");
var threads = java.lang.management.ManagementFactory.getThreadMXBean();
int tasks = 5;

/** Updates per second of the main thread's CPU time, on transitions of the cheetah's size that hold random numbers. */
double ours(Distral settings, int updates) {
    var problem = new Problem(tasks, 20, 6, 2);
    var random = RandomStream.of(1, "bench");
    var trajectory = new Trajectory(PointRobot.dense().task(0, 0), random.doubles(20).toArray());
    for (int t = 0; t < 200; t++)
        trajectory.add(random.doubles(6, -1, 1).toArray(), new Step(random.doubles(20).toArray(), random.nextDouble(), false, t == 199, new double[2]));
    try (var learner = settings.base(b -> b.randomSteps(0).updatesPerStep(1_000_000).episodesPerRound(tasks).replayCapacity(50_000)).learner(problem, 1)) {
        while (!learner.isDue()) learner.store(learner.plan().seats().stream().map(s -> Trial.of(s.task(), trajectory)).toList());
        for (int i = 0; i < 5; i++) learner.update();
        long start = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < updates; i++) learner.update();
        return updates / ((threads.getCurrentThreadCpuTime() - start) / 1e9);
    }
}

double peer(Distral s, int updates) throws Exception {
    var command = List.of(python, "bench/peers/distral.py", "" + tasks, "" + s.base().batchSize(), "" + s.base().hidden(), "" + updates);
    var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String text = new String(process.getInputStream().readAllBytes()).trim();
    if (process.waitFor() != 0) throw new IllegalStateException("bench/peers/distral.py failed: " + text);
    return Double.parseDouble(text);
}

var sizes = new LinkedHashMap<String, Distral>();
sizes.put("5 × 256 rows, 256-256", Distral.published(0.5, 10));
sizes.put("small, 5 × 64 rows, 64-64", Distral.pointRobot());
sizes.forEach((name, settings) -> {
    int updates = settings.base().hidden() > 200 ? 30 : 300;
    double java = 0, torch = 0;
    for (int round = 0; round < 3; round++) {
        java = Math.max(java, ours(settings, updates));
        try {
            torch = Math.max(torch, peer(settings, updates));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
    System.out.println(String.format(Locale.ROOT, "Distral, %s, 1 thread: ours %.1f updates/s = %.2f of PyTorch eager (%.1f)", name, java, java / torch, torch));
});
