// Meta-gradients per second of main-thread CPU time: MAML's outer gradient through one inner step, policy 2-64-64-2, against torch.autograd and JAX compiled on the same
// network, and the resident memory over 10 000 adaptations. One task of 20 rows is all overhead; 20 tasks of 2 000 rows are one update of 2-D navigation.
var python = System.getenv("METARL_BENCH_PYTHON");
var problem = new Problem(20, 2, 2, 4);
var threads = java.lang.management.ManagementFactory.getThreadMXBean();

/** Rounds of random numbers: every task has {@code rows} steps in episodes of at most 100. */
List<Trajectory> round(int tasks, int rows, RandomStream random) {
    var episodes = new ArrayList<Trajectory>();
    for (int i = 0; i < tasks * Math.max(1, rows / 100); i++) {
        var episode = new Trajectory(Point.navigation().task(0.1, 0.2), random.doubles(2).toArray());
        for (int t = 0; t < Math.min(rows, 100); t++)
            episode.add(new double[] {random.nextGaussian(), random.nextGaussian()}, new Step(random.doubles(2).toArray(), -random.nextDouble(), false, t == Math.min(rows, 100) - 1, new double[4]));
        episodes.add(episode);
    }
    return episodes;
}

/** Meta-gradients/s; each is one outer step of Adam, with the copies into native arrays. */
double ours(int tasks, int rows, int count) {
    int perTask = Math.max(1, rows / 100);
    var maml = Maml.navigation().hidden(64).tasksPerUpdate(tasks).episodesPerTask(perTask).outer(Maml.Outer.ADAM).learningRate(1e-9);
    var random = RandomStream.of(1, "bench");
    List<Trial> first = round(tasks, rows, random).stream().map(e -> Trial.of(0, e)).toList(), second = round(tasks, rows, random).stream().map(e -> Trial.of(0, e)).toList();
    double nanos = 0;
    try (var learner = maml.learner(problem, 1)) {
        for (int i = -count / 5 - 1; i < count; i++) {
            learner.store(first);
            learner.store(second);
            long start = threads.getCurrentThreadCpuTime();
            learner.update();
            if (i >= 0) nanos += threads.getCurrentThreadCpuTime() - start;
        }
    }
    return count / (nanos / 1e9);
}

double[] peer(String script, int... arguments) throws Exception {
    var command = new ArrayList<>(List.of(python, "bench/peers/" + script));
    for (int argument : arguments) command.add("" + argument);
    var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String text = new String(process.getInputStream().readAllBytes()).trim();
    if (process.waitFor() != 0) throw new IllegalStateException("bench/peers/" + script + " failed: " + text);
    return Arrays.stream(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
}

for (int[] size : new int[][] {{1, 20, 2_000}, {20, 200, 100}, {20, 2_000, 8}}) {
    double java = 0, loop = 0, batched = 0, jax = 0;
    for (int repeat = 0; repeat < 3; repeat++) {
        java = Math.max(java, ours(size[0], size[1], size[2]));
        double[] torch = peer("metagradient.py", size);
        loop = Math.max(loop, torch[0]);
        batched = Math.max(batched, torch[1]);
        jax = Math.max(jax, peer("metagradient_jax.py", size)[0]);
    }
    System.out.println(String.format(Locale.ROOT, "%d tasks of %,d rows, 2-64-64-2, 1 thread: ours %.2f meta-gradients/s = %.2f of torch.autograd task by task (%.2f), %.2f of torch.autograd on stacked weights (%.2f), %.2f of JAX compiled (%.2f)",
        size[0], size[1], java, java / loop, loop, java / batched, batched, java / jax, jax));
}

String resident() throws Exception {
    return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(l -> l.startsWith("VmRSS")).findFirst().map(l -> l.replaceAll("\\D", "")).orElse("0");
}

try (var learner = Maml.navigation().learner(problem, 1)) {
    var shots = round(1, 200, RandomStream.of(1, "shots"));
    for (int i = 0; i <= 10_000; i++) {
        if (i % 2_500 == 0) {
            System.gc();
            System.out.println(String.format(Locale.ROOT, "after %,6d adaptations: %d MB", i, Integer.parseInt(resident()) / 1024));
        }
        learner.adapt(shots, RandomStream.of(1, "adapt")).close();
    }
}
