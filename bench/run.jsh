// A whole short meta-training, TD3 with context on HalfCheetah velocity, one thread: ours against PyTorch eager + gymnasium with the same counts of steps and updates.
var python = System.getenv("METARL_BENCH_PYTHON");
int randomSteps = 10_000, updates = 2_000;

double ours() {
    var tasks = TaskSet.of(HalfCheetah.velocity()).train(100).test(0).sample(1);
    long start = System.nanoTime();
    MetaTraining.on(tasks).algorithm(Mql.released("cheetah-vel").base().randomSteps(randomSteps)).steps(randomSteps + updates).evaluateEvery(1_000_000).seed(1).run().close();
    return (System.nanoTime() - start) / 1e9;
}

double peer() throws Exception {
    var process = new ProcessBuilder(python, "bench/peers/velocity_run.py", "" + randomSteps, "" + updates).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String text = new String(process.getInputStream().readAllBytes()).trim();
    if (process.waitFor() != 0) throw new IllegalStateException("bench/peers/velocity_run.py failed");
    return Double.parseDouble(text);
}

// alternating, best of two each, after one to warm up
double java = ours(), torch = Double.MAX_VALUE;
for (int round = 0; round < 2; round++) {
    java = Math.min(java, ours());
    torch = Math.min(torch, peer());
}
System.out.println(String.format(Locale.ROOT, "meta-training, %,d random steps and %,d updates, 1 thread: ours %.1f s = %.2f times as fast as PyTorch + gymnasium (%.1f s)", randomSteps, updates, java, torch / java, torch));
