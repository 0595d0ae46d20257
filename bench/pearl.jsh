// PEARL's updates per second of CPU time on one thread: released sizes (16 tasks × 256 rows, 300-300-300) and small ones, against PyTorch eager on the same machine, in turns.
var python = System.getenv("METARL_BENCH_PYTHON");
var threads = java.lang.management.ManagementFactory.getThreadMXBean();

/** Updates per second of the main thread's CPU time, on transitions of the cheetah's size that hold random numbers. */
double ours(Pearl settings, int updates) {
    var problem = new Problem(16, 20, 6, 2);
    var random = RandomStream.of(1, "bench");
    var trajectory = new Trajectory(PointRobot.dense().task(0, 0), random.doubles(20).toArray());
    for (int t = 0; t < 200; t++)
        trajectory.add(random.doubles(6, -1, 1).toArray(), new Step(random.doubles(20).toArray(), random.nextDouble(), false, t == 199, new double[2]));
    try (var learner = settings.initialSteps(2_000).priorSteps(1).posteriorSteps(0).tasksPerIteration(16).updatesPerIteration(1_000_000).replayCapacity(160_000).learner(problem, 1)) {
        while (!learner.isDue()) learner.store(learner.plan().seats().stream().map(s -> Trial.of(s.task(), trajectory)).toList());
        for (int i = 0; i < 5; i++) learner.update();
        long start = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < updates; i++) learner.update();
        return updates / ((threads.getCurrentThreadCpuTime() - start) / 1e9);
    }
}

double peer(Pearl s, int updates) throws Exception {
    var command = new ArrayList<>(List.of(python, "bench/peers/pearl.py"));
    for (int argument : new int[] {s.tasksPerUpdate(), s.batchSize(), s.contextSize(), s.hidden(), s.encoderHidden(), s.layers(), updates}) command.add("" + argument);
    var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String text = new String(process.getInputStream().readAllBytes()).trim();
    if (process.waitFor() != 0) throw new IllegalStateException("bench/peers/pearl.py failed: " + text);
    return Double.parseDouble(text);
}

var sizes = new LinkedHashMap<String, Pearl>();
sizes.put("released, 16 × 256 rows, 300-300-300", Pearl.defaults());
sizes.put("small, 8 × 64 rows, 128-128", Pearl.quickCheetah().tasksPerUpdate(8).batchSize(64).contextSize(64).hidden(128).encoderHidden(64).layers(2));
sizes.forEach((name, settings) -> {
    int updates = settings.hidden() > 200 ? 15 : 300;
    double java = 0, torch = 0;
    for (int round = 0; round < 3; round++) {
        java = Math.max(java, ours(settings, updates));
        try {
            torch = Math.max(torch, peer(settings, updates));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
    System.out.println(String.format(Locale.ROOT, "PEARL, %s, 1 thread: ours %.1f updates/s = %.2f of PyTorch eager (%.1f)", name, java, java / torch, torch));
});
