// A whole short meta-training, MCAT on five HalfCheetah armatures with late rewards, one thread: ours against PyTorch eager + gymnasium with the same counts of steps and updates.
var python = System.getenv("METARL_BENCH_PYTHON");
int randomSteps = 10_000, steps = 20_000, updates = 500;

double ours() {
    long start = System.nanoTime();
    MetaTraining.on(TaskSet.published("mcat/cheetah-armature-delayed-500")).algorithm(Mcat.small().base(t -> t.randomSteps(randomSteps)).modelEvery(1_000_000).modelUpdates(updates).translatorUpdates(updates))
        .steps(steps).evaluateEvery(1_000_000).adaptTasks(0).episodes(1).seed(1).run().close();
    return (System.nanoTime() - start) / 1e9;
}

double peer() throws Exception {
    var process = new ProcessBuilder(python, "bench/peers/mcat_run.py", "" + randomSteps, "" + steps, "" + updates).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String text = new String(process.getInputStream().readAllBytes()).trim();
    if (process.waitFor() != 0) throw new IllegalStateException("bench/peers/mcat_run.py failed");
    return Double.parseDouble(text);
}

// alternating, best of two each, after one to warm up
double java = ours(), torch = Double.MAX_VALUE;
for (int round = 0; round < 2; round++) {
    java = Math.min(java, ours());
    torch = Math.min(torch, peer());
}
System.out.println(String.format(Locale.ROOT, "MCAT, %,d random steps of %,d, %,d updates of the models, 1 thread: ours %.1f s = %.2f times as fast as PyTorch + gymnasium (%.1f s)", randomSteps, steps, updates, java, torch / java, torch));
