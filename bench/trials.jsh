// Trials/s of a recurrent policy (GRU 64) on 256 bandits of 5 arms at once, 100 pulls each, one thread: against PyTorch and gymnasium's vector of environments.
var python = System.getenv("METARL_BENCH_PYTHON");
int trials = 256, pulls = 100, arms = 5;
var tasks = TaskSet.of(Bandit.bernoulli(arms)).train(trials).test(0).sample(1);
var learner = Rl2.bandit(pulls).learner(new Problem(trials, 1, arms, 2, true, 1), 1);

double ours() {
    long start = System.nanoTime();
    for (int round = 0; round < 3; round++) Rollout.trials(learner.policy(), tasks.train(), pulls, RandomStream.of(round, "bench"));
    return 3 * trials / ((System.nanoTime() - start) / 1e9);
}

double peer() throws Exception {
    var process = new ProcessBuilder(python, "bench/peers/trials.py", "" + trials, "" + pulls, "" + arms).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String text = new String(process.getInputStream().readAllBytes()).trim();
    if (process.waitFor() != 0) throw new IllegalStateException("the peer failed: " + text);
    return Double.parseDouble(text);
}

ours();
double java = 0, torch = 0;
for (int round = 0; round < 3; round++) {
    java = Math.max(java, ours());
    torch = Math.max(torch, peer());
}
System.out.println(String.format("trials of %d pulls, %d at once, 1 thread: ours %.0f trials/s = %.1f of PyTorch + gymnasium (%.0f)", pulls, trials, java, java / torch, torch));
