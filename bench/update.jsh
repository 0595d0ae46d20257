// Updates per second of CPU time on one thread: TD3 and TD3 with context, 300-300, batch 256, against PyTorch eager and JAX compiled (one core) on the same machine, in turns.
var python = System.getenv("METARL_BENCH_PYTHON");
var threads = java.lang.management.ManagementFactory.getThreadMXBean();
var tasks = TaskSet.of(PointRobot.dense()).train(4).test(0).sample(1);

/** Updates per second of the main thread's CPU time, on transitions of the cheetah's size that hold random numbers. */
double ours(int contextLength, int updates) {
    var problem = new Problem(1, 20, 6, 2);
    var settings = Td3.withContext().contextLength(contextLength).randomSteps(0).updatesPerStep(1_000);
    var task = PointRobot.dense().task(0, 0);
    var random = RandomStream.of(1, "bench");
    var trajectory = new Trajectory(task, random.doubles(20).toArray());
    for (int t = 0; t < 200; t++)
        trajectory.add(random.doubles(6, -1, 1).toArray(), new Step(random.doubles(20).toArray(), random.nextDouble(), false, t == 199, new double[2]));
    try (var learner = settings.learner(problem, 1)) {
        for (int e = 0; e < 50; e++) learner.store(List.of(Trial.of(0, trajectory)));
        for (int i = 0; i < 60; i++) learner.update();
        long start = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < updates; i++) learner.update();
        return updates / ((threads.getCurrentThreadCpuTime() - start) / 1e9);
    }
}

double[] peer(String script, int... arguments) throws Exception {
    var command = new ArrayList<>(List.of(python, "bench/peers/" + script));
    for (int argument : arguments) command.add("" + argument);
    var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String text = new String(process.getInputStream().readAllBytes()).trim();
    if (process.waitFor() != 0) throw new IllegalStateException("bench/peers/" + script + " failed: " + text);
    return Arrays.stream(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
}

for (int contextLength : new int[] {0, 20}) {
    double java = 0, torch = 0, jax = 0;
    for (int round = 0; round < 3; round++) {
        java = Math.max(java, ours(contextLength, 300));
        torch = Math.max(torch, peer("td3.py", contextLength, 300)[0]);
        jax = Math.max(jax, peer("td3_jax.py", contextLength, 300)[0]);
    }
    String what = contextLength == 0 ? "TD3" : "TD3-context, GRU 15 over 20 steps";
    System.out.println(String.format(Locale.ROOT, "%s, 300-300, batch 256, 1 thread: ours %.1f updates/s = %.2f of PyTorch eager (%.1f), %.2f of JAX compiled (%.1f)", what, java, java / torch, torch, java / jax, jax));
}
