// Updates per second of CPU time on one thread of the action translator, at the released sizes, against PyTorch eager on the same machine, in turns.
var python = System.getenv("METARL_BENCH_PYTHON");
var threads = java.lang.management.ManagementFactory.getThreadMXBean();

/** Two tasks of the cheetah's sizes whose transitions hold random numbers. */
MetaReplay data() {
    var random = RandomStream.of(1, "bench");
    var replay = new MetaReplay(2, 17, 6, 1, 20_000);
    for (int task = 0; task < 2; task++)
        for (int episode = 0; episode < 50; episode++) {
            var trajectory = new Trajectory(PointRobot.dense().task(0, 0), random.doubles(17).toArray());
            for (int t = 0; t < 200; t++)
                trajectory.add(random.doubles(6, -1, 1).toArray(), new Step(random.doubles(17).toArray(), 0, false, t == 199, new double[1]));
            replay.of(task).add(trajectory);
        }
    return replay;
}

double ours(ActionTranslator settings, int updates) {
    var replay = data();
    var random = RandomStream.of(1, "updates");
    try (var dynamics = ContextModel.released().contextSize(settings.withFeatures() ? 10 : 0).start(17, 6, 1); var translator = settings.start(dynamics, 1)) {
        dynamics.measure(replay, 0, 1);
        translator.fit(replay, 0, 1, 30, random);
        long start = threads.getCurrentThreadCpuTime();
        translator.fit(replay, 0, 1, updates, random);
        return updates / ((threads.getCurrentThreadCpuTime() - start) / 1e9);
    }
}

double ours(CycleConsistency settings, int updates) {
    var replay = data();
    var random = RandomStream.of(1, "updates");
    try (var cycle = settings.start(17, 6, 1)) {
        for (int i = 0; i < 30; i++) cycle.step(replay, 0, 1, random);
        long start = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < updates; i++) cycle.step(replay, 0, 1, random);
        return updates / ((threads.getCurrentThreadCpuTime() - start) / 1e9);
    }
}

double peer(String form, int updates) {
    try {
        var process = new ProcessBuilder(python, "bench/peers/translator.py", form, "" + updates).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String text = new String(process.getInputStream().readAllBytes()).trim();
        if (process.waitFor() != 0) throw new IllegalStateException("bench/peers/translator.py failed: " + text);
        return Double.parseDouble(text);
    } catch (java.io.IOException | InterruptedException e) {
        throw new IllegalStateException(e);
    }
}

interface Ours { double of(int updates); }

void compare(String name, String form, Ours measured, int updates) {
    double java = 0, torch = 0;
    for (int round = 0; round < 3; round++) {
        java = Math.max(java, measured.of(updates));
        torch = Math.max(torch, peer(form, updates));
    }
    System.out.println(String.format(Locale.ROOT, "%s, 1 thread: ours %.0f updates/s = %.2f of PyTorch eager (%.0f)", name, java, java / torch, torch));
}

compare("Translator, one pair, L1 (released)", "pair", n -> ours(ActionTranslator.released(), n), 400);
compare("Translator, one pair, −log F", "likelihood", n -> ours(ActionTranslator.paper(), n), 400);
compare("Translator with features, L1 (released)", "features", n -> ours(ActionTranslator.releasedForAllPairs(), n), 200);
compare("Dynamics cycle (released)", "cycle", n -> ours(CycleConsistency.released(), n), 600);
