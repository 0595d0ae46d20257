// Trials/s of posterior sampling on random tabular processes, one thread: ours against plain numpy.
var python = System.getenv("METARL_BENCH_PYTHON");

double ours(int trials) {
    var family = RandomMdp.published();
    long start = System.nanoTime();
    Trials.evaluate(family, task -> TabularAgents.psrl(family, TabularPrior.WELL_SPECIFIED), 10, trials, 1, 1);
    return trials / ((System.nanoTime() - start) / 1e9);
}

double peer(int trials) throws Exception {
    var process = new ProcessBuilder(python, "bench/peers/psrl.py", "" + trials).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String text = new String(process.getInputStream().readAllBytes()).trim();
    if (process.waitFor() != 0) throw new IllegalStateException("bench/peers/psrl.py failed");
    return Double.parseDouble(text);
}

ours(10_000);
// alternating, best of three each: a busy machine then slows all alike
double java = 0, numpy = 0;
for (int round = 0; round < 3; round++) {
    java = Math.max(java, ours(20_000));
    numpy = Math.max(numpy, peer(1_000));
}
System.out.println(String.format(Locale.ROOT, "PSRL, 10 episodes, 1 thread: ours %,.0f trials/s = %.1f of numpy (%,.0f)", java, java / numpy, numpy));
