// HiP-BMDP's updates per second of CPU time on one thread: critics, encoder, model and embeddings at each, actor and targets at every second one, against PyTorch eager on the same
// machine, in turns.
var python = System.getenv("METARL_BENCH_PYTHON");
var threads = java.lang.management.ManagementFactory.getThreadMXBean();

/** Updates per second of the main thread's CPU time, on transitions of the cheetah's size that hold random numbers. */
double ours(HipBmdp settings, int updates) {
    var problem = new Problem(5, 20, 6, 2, false, 200);
    var random = RandomStream.of(1, "bench");
    var trajectory = new Trajectory(PointRobot.dense().task(0, 0), random.doubles(20).toArray());
    for (int t = 0; t < 200; t++)
        trajectory.add(random.doubles(6, -1, 1).toArray(), new Step(random.doubles(20).toArray(), random.nextDouble(), false, t == 199, new double[2]));
    try (var learner = settings.base(b -> b.randomSteps(19_000).episodesPerRound(5).updatesPerStep(1_000).replayCapacity(20_000)).learner(problem, 1)) {
        while (!learner.isDue()) learner.store(learner.plan().seats().stream().map(s -> Trial.of(s.task(), trajectory)).toList());
        for (int i = 0; i < 20; i++) learner.update();
        long start = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < updates; i++) learner.update();
        return updates / ((threads.getCurrentThreadCpuTime() - start) / 1e9);
    }
}

double peer(HipBmdp s, int updates) throws Exception {
    var command = new ArrayList<>(List.of(python, "bench/peers/hip.py"));
    for (int argument : new int[] {s.base().batchSize(), s.base().hidden(), s.latentSize(), s.encoderHidden(), s.embeddingSize(), s.modelHidden(), s.delay(), updates}) command.add("" + argument);
    var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String text = new String(process.getInputStream().readAllBytes()).trim();
    if (process.waitFor() != 0) throw new IllegalStateException("bench/peers/hip.py failed: " + text);
    return Double.parseDouble(text);
}

var sizes = new LinkedHashMap<String, HipBmdp>();
// the peer compares norms row by row
sizes.put("published, batch 128, 1024-1024, encoder 50-50-50, model 512", HipBmdp.published().wholeBatch(false));
sizes.put("small, batch 128, 128-128, encoder 64-64-32, model 128", HipBmdp.small());
sizes.forEach((name, settings) -> {
    int updates = settings.base().hidden() > 200 ? 60 : 400;
    double java = 0, torch = 0;
    for (int round = 0; round < 3; round++) {
        java = Math.max(java, ours(settings, updates));
        try {
            torch = Math.max(torch, peer(settings, updates));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
    System.out.println(String.format(Locale.ROOT, "HiP-BMDP, %s, 1 thread: ours %.1f updates/s = %.2f of PyTorch eager (%.1f)", name, java, java / torch, torch));
});
