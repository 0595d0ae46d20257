// Env-steps/s of every body on one thread: ours against Python gymnasium v5, and for the HalfCheetah against a C loop over the same library.
var python = System.getenv("METARL_BENCH_PYTHON");

double ours(Task task, int steps) {
    var random = RandomStream.of(1, "bench");
    try (var environment = task.environment()) {
        boolean last = true;
        long start = System.nanoTime();
        for (int t = 0, since = 0; t < steps; t++, since++) {
            if (last || since == 200) {
                environment.reset(random);
                since = 0;
            }
            last = environment.step(environment.actions().sample(random)).last();
        }
        return steps / ((System.nanoTime() - start) / 1e9);
    }
}

double peer(String... command) throws Exception {
    var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String text = new String(process.getInputStream().readAllBytes()).trim();
    if (process.waitFor() != 0) throw new IllegalStateException(String.join(" ", command) + " failed: " + text);
    return Double.parseDouble(text);
}

// alternating, best of three each: a busy machine then slows all alike
void compare(String body, Task task, int steps) throws Exception {
    double java = 0, c = 0, gymnasium = 0;
    ours(task, steps / 2);
    for (int round = 0; round < 3; round++) {
        java = Math.max(java, ours(task, steps));
        gymnasium = Math.max(gymnasium, peer(python, "bench/peers/gymnasium_bodies.py", body, "" + steps / 2));
        if (body.equals("half-cheetah")) c = Math.max(c, peer("sh", "bench/peers/half_cheetah.sh", "" + steps));
    }
    System.out.println(String.format(Locale.ROOT, "%-12s 1 thread: ours %,8.0f env-steps/s = %.2f of gymnasium (%,.0f)%s", body, java, java / gymnasium, gymnasium,
        c == 0 ? "" : String.format(Locale.ROOT, " = %.2f of C (%,.0f)", java / c, c)));
}

double[] ones(TaskFamily family) {
    double[] values = new double[family.parameters().size()];
    Arrays.fill(values, 1);
    return values;
}

compare("half-cheetah", HalfCheetah.velocity().task(1.5), 40_000);
compare("ant", Ant.goal().task(1, 1), 10_000);
compare("hopper", Hopper.size().task(0.05), 40_000);
compare("walker2d", Walker2d.randomParameters().task(ones(Walker2d.randomParameters())), 20_000);
compare("humanoid", Humanoid.direction().task(0), 5_000);
