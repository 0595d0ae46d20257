// MCAT's updates of TD3 on (s, z) per second of CPU time on one thread, with the context read off 10 steps and self-imitation, against PyTorch eager on the same machine, in turns.
var python = System.getenv("METARL_BENCH_PYTHON");
var threads = java.lang.management.ManagementFactory.getThreadMXBean();

/** Updates per second of the main thread's CPU time, on transitions of the cheetah's size that hold random numbers. */
double ours(Mcat settings, int updates) {
    var problem = new Problem(5, 20, 6, 2, false, 200);
    var random = RandomStream.of(1, "bench");
    var trajectory = new Trajectory(PointRobot.dense().task(0, 0), random.doubles(20).toArray());
    for (int t = 0; t < 200; t++)
        trajectory.add(random.doubles(6, -1, 1).toArray(), new Step(random.doubles(20).toArray(), random.nextDouble(), false, t == 199, new double[2]));
    var small = settings.withoutTransfer().modelUpdates(1).modelEvery(1_000_000_000).base(b -> b.randomSteps(19_000).episodesPerRound(5).updatesPerStep(1_000).replayCapacity(20_000));
    try (var learner = small.learner(problem, 1)) {
        while (!learner.isDue()) learner.store(learner.plan().seats().stream().map(s -> Trial.of(s.task(), trajectory)).toList());
        learner.update();
        learner.store(learner.plan().seats().stream().map(s -> Trial.of(s.task(), trajectory)).toList());
        for (int i = 0; i < 20; i++) learner.update();
        long start = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < updates; i++) learner.update();
        return updates / ((threads.getCurrentThreadCpuTime() - start) / 1e9);
    }
}

double peer(Mcat s, int updates) throws Exception {
    var command = new ArrayList<>(List.of(python, "bench/peers/mcat.py"));
    for (int argument : new int[] {s.base().batchSize(), s.base().hidden(), s.model().history(), s.model().contextSize(), updates}) command.add("" + argument);
    s.model().encoderHidden().forEach(width -> command.add("" + width));
    var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String text = new String(process.getInputStream().readAllBytes()).trim();
    if (process.waitFor() != 0) throw new IllegalStateException("bench/peers/mcat.py failed: " + text);
    return Double.parseDouble(text);
}

var sizes = new LinkedHashMap<String, Mcat>();
sizes.put("published, batch 256, 256-256, encoder 256-128-64", Mcat.published());
// the peer has no penalty
sizes.put("small, batch 128, 128-128, encoder 64-32", Mcat.small().policyPenalty(0));
sizes.forEach((name, settings) -> {
    int updates = settings.base().hidden() > 200 ? 200 : 500;
    double java = 0, torch = 0;
    for (int round = 0; round < 3; round++) {
        java = Math.max(java, ours(settings, updates));
        try {
            torch = Math.max(torch, peer(settings, updates));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
    System.out.println(String.format(Locale.ROOT, "MCAT, %s, 1 thread: ours %.1f updates/s = %.2f of PyTorch eager (%.1f)", name, java, java / torch, torch));
});
