// Trials/s of a recurrent policy (GRU 64) on 256 bandits of 5 arms at once, 100 pulls each, one thread: against PyTorch and JAX with gymnasium's vector
// of environments, and against JAX with the bandits compiled, too.
var python = System.getenv("METARL_BENCH_PYTHON");
int trials = 256, pulls = 100, arms = 5;
var tasks = TaskSet.of(Bandit.bernoulli(arms)).train(trials).test(0).sample(1);
var learner = Rl2.bandit(pulls).learner(new Problem(trials, 1, arms, 2, true, 1), 1);

double ours() {
    long start = System.nanoTime();
    for (int round = 0; round < 3; round++) Rollout.trials(learner.policy(), tasks.train(), pulls, RandomStream.of(round, "bench"));
    return 3 * trials / ((System.nanoTime() - start) / 1e9);
}

double[] peer(String script, int... arguments) throws Exception {
    var command = new ArrayList<>(List.of(python, "bench/peers/" + script));
    for (int argument : arguments) command.add("" + argument);
    var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String text = new String(process.getInputStream().readAllBytes()).trim();
    if (process.waitFor() != 0) throw new IllegalStateException("bench/peers/" + script + " failed: " + text);
    return Arrays.stream(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
}

ours();
double java = 0, torch = 0;
double[] jax = new double[2];
for (int round = 0; round < 3; round++) {
    java = Math.max(java, ours());
    torch = Math.max(torch, peer("trials.py", trials, pulls, arms)[0]);
    double[] answer = peer("trials_jax.py", trials, pulls, arms);
    for (int i = 0; i < 2; i++) jax[i] = Math.max(jax[i], answer[i]);
}
System.out.println(String.format(Locale.ROOT, "trials of %d pulls, %d at once, 1 thread: ours %.0f trials/s = %.1f of PyTorch + gymnasium (%.0f), %.1f of JAX + gymnasium (%.0f), %.2f of JAX with compiled bandits (%.0f)",
    pulls, trials, java, java / torch, torch, java / jax[0], jax[0], java / jax[1], jax[1]));
