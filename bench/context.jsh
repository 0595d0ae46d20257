// Updates/s of MCAT's context encoder and forward model, one thread: draws of the segments, loss, gradient and Adam, against PyTorch eager and JAX compiled.
// The size of HalfCheetah, 17 observations and 6 actions, five tasks; widths and batches as released (one step of each segment), as published (all ten) and small.
var python = System.getenv("METARL_BENCH_PYTHON");
var threads = java.lang.management.ManagementFactory.getThreadMXBean();
int observations = 17, actions = 6, tasks = 5, stored = 20_000, length = 1_000;

MetaReplay data() {
    var random = RandomStream.of(1, "data");
    var replay = new MetaReplay(tasks, observations, actions, 0, tasks * stored);
    var task = PointRobot.dense().task(0, 0);
    for (int i = 0; i < tasks; i++)
        for (int episode = 0; episode < stored / length; episode++) {
            var steps = new Trajectory(task, random.doubles(observations, -1, 1).toArray());
            for (int t = 1; t <= length; t++)
                steps.add(random.doubles(actions, -1, 1).toArray(), new Step(random.doubles(observations, -1, 1).toArray(), 0, false, t == length, new double[0]));
            replay.of(i).add(steps);
        }
    return replay;
}

double ours(ContextModel settings, MetaReplay replay, int count) {
    try (var model = settings.start(observations, actions, 1)) {
        int[] all = IntStream.range(0, tasks).toArray();
        model.measure(replay, all);
        var random = RandomStream.of(1, "updates");
        long start = 0;
        for (int i = -count / 5 - 1; i < count; i++) {
            if (i == 0) start = threads.getCurrentThreadCpuTime();
            model.step(replay, all, random);
        }
        return count / ((threads.getCurrentThreadCpuTime() - start) / 1e9);
    }
}

double peer(String script, ContextModel settings, int count) throws Exception {
    var command = new ArrayList<>(List.of(python, "bench/peers/" + script, "" + settings.batchSize(), "" + settings.stepsDrawn(), "" + settings.hidden(), "" + settings.layers(), "" + count));
    for (int width : settings.encoderHidden()) command.add("" + width);
    var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String text = new String(process.getInputStream().readAllBytes()).trim();
    if (process.waitFor() != 0) throw new IllegalStateException("bench/peers/" + script + " failed: " + text);
    return Double.parseDouble(text);
}

var replay = data();
var sizes = new LinkedHashMap<String, ContextModel>();
sizes.put("released", ContextModel.released());
sizes.put("published", ContextModel.published());
sizes.put("small", ContextModel.small());
for (var size : sizes.entrySet()) {
    int count = switch (size.getKey()) {
        case "released" -> 100;
        case "published" -> 20;
        default -> 600;
    };
    double java = 0, torch = 0, jax = 0;
    for (int repeat = 0; repeat < 3; repeat++) {
        java = Math.max(java, ours(size.getValue(), replay, count));
        torch = Math.max(torch, peer("context_model.py", size.getValue(), count));
        jax = Math.max(jax, peer("context_model_jax.py", size.getValue(), count));
    }
    System.out.println(String.format(Locale.ROOT, "context model, %s, 1 thread: ours %.1f updates/s = %.2f of PyTorch eager (%.1f), %.2f of JAX compiled (%.1f)", size.getKey(), java, java / torch, torch, java / jax, jax));
}
