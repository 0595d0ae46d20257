// Control steps/s of random shooting, 500 candidates × horizon 15, in one environment, one thread: the draws, the learned model (float32) and the rewards of
// what it foretells, against PyTorch eager and JAX compiled. Small: 3 observations and 1 action, two hidden layers of 64, the reward of a pendulum; large: the
// size of HalfCheetah, 20 observations and 6 actions, three hidden layers of 512, speed − 0.05 ‖a‖².
import metarl.agent.model.*;
var python = System.getenv("METARL_BENCH_PYTHON");
var threads = java.lang.management.ManagementFactory.getThreadMXBean();
int candidates = 500, horizon = 15;

double ours(int observations, int actions, int hidden, int depth, ModelForesight.Payment payment, int count) {
    int[] widths = new int[depth + 2];
    Arrays.fill(widths, hidden);
    widths[0] = observations + actions;
    widths[depth + 1] = observations;
    var random = RandomStream.of(1, "bench");
    var model = new StepsAhead(Mlp.of(widths), Normalizer.none(widths[0]), Normalizer.none(observations));
    var planning = Planner.randomShooting(candidates, horizon).start(1, actions, random);
    try (var parameters = new Parameters(model.network().initial(random)); var scope = parameters.manager().newSubManager()) {
        var stacked = Mlp.stacked(parameters.list(), 1, scope);
        double[] seen = random.doubles(observations, -1, 1).toArray();
        double nanos = 0;
        for (int i = -count / 5 - 1; i < count; i++) {
            long start = threads.getCurrentThreadCpuTime();
            planning.next(new ModelForesight(model, stacked, new double[][] {seen}, payment));
            if (i >= 0) nanos += threads.getCurrentThreadCpuTime() - start;
        }
        return count / (nanos / 1e9);
    }
}

double[] peer(String script, int... arguments) throws Exception {
    var command = new ArrayList<>(List.of(python, "bench/peers/" + script));
    for (int argument : arguments) command.add("" + argument);
    var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String text = new String(process.getInputStream().readAllBytes()).trim();
    if (process.waitFor() != 0) throw new IllegalStateException("bench/peers/" + script + " failed: " + text);
    return Arrays.stream(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
}

ModelForesight.Payment pendulum = (i, o, a, next) -> {
    double angle = Math.atan2(o[1], o[0]);
    return -(angle * angle + 0.1 * o[2] * o[2] + 0.004 * a[0] * a[0]);
};
ModelForesight.Payment cheetah = (i, o, a, next) -> next[8] - 0.05 * Reward.squares(a);

for (int[] size : new int[][] {{3, 1, 64, 2, 1_000}, {20, 6, 512, 3, 30}}) {
    double java = 0, torch = 0, jax = 0;
    for (int repeat = 0; repeat < 3; repeat++) {
        java = Math.max(java, ours(size[0], size[1], size[2], size[3], size[0] == 3 ? pendulum : cheetah, size[4]));
        torch = Math.max(torch, peer("planning.py", size)[0]);
        jax = Math.max(jax, peer("planning_jax.py", size)[0]);
    }
    System.out.println(String.format(Locale.ROOT, "%d candidates × %d steps, %d observations, %d actions, %d layers of %d, 1 thread: ours %.1f control steps/s = %.2f of PyTorch eager (%.1f), %.2f of JAX compiled (%.1f)",
        candidates, horizon, size[0], size[1], size[3], size[2], java, java / torch, torch, java / jax, jax));
}
