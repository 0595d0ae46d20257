// HalfCheetah env-steps/s on one thread: ours against a C loop over the same library, and against Python gymnasium.
var python = System.getenv("METARL_BENCH_PYTHON");

double ours(int steps) {
    var random = RandomStream.of(1, "bench");
    double[] action = new double[6];
    try (var environment = HalfCheetah.velocity().task(1.5).environment()) {
        long start = System.nanoTime();
        for (int t = 0; t < steps; t++) {
            if (t % 200 == 0) environment.reset(random);
            for (int j = 0; j < 6; j++) action[j] = random.nextDouble(-1, 1);
            environment.step(action);
        }
        return steps / ((System.nanoTime() - start) / 1e9);
    }
}

double peer(String... command) throws Exception {
    var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String text = new String(process.getInputStream().readAllBytes()).trim();
    if (process.waitFor() != 0) throw new IllegalStateException(String.join(" ", command) + " failed: " + text);
    return Double.parseDouble(text);
}

ours(20_000);
// alternating, best of three each: a busy machine then slows all alike
double java = 0, c = 0, gymnasium = 0;
for (int round = 0; round < 3; round++) {
    java = Math.max(java, ours(40_000));
    c = Math.max(c, peer("sh", "bench/peers/half_cheetah.sh", "40000"));
    gymnasium = Math.max(gymnasium, peer(python, "bench/peers/half_cheetah.py", "20000"));
}
System.out.printf("HalfCheetah, 1 thread: ours %,.0f env-steps/s = %.2f of C (%,.0f) = %.2f of gymnasium (%,.0f)%n", java, java / c, c, java / gymnasium, gymnasium);
