// Six estimates (IPS, SNIPS, DM, DR, Switch-DR, DRos) of a million rounds of five actions with given predictions: ours, with error, ESS and warnings, against
// Open Bandit Pipeline's values alone, on the same rounds. Then half and twice as many, to see that cost grows in proportion.
var python = System.getenv("METARL_BENCH_PYTHON");
int rounds = 1_000_000, k = 5;
double lambda = 3;

record Rounds(double[] rewards, int[] actions, double[] propensities, double[][] target, double[][] predicted) {}

double[] distribution(SplittableRandom random) {
    double[] p = new double[k];
    double sum = 0;
    for (int a = 0; a < k; a++) sum += p[a] = 0.05 + random.nextDouble();
    for (int a = 0; a < k; a++) p[a] /= sum;
    return p;
}

Rounds draw(int n) {
    var random = new SplittableRandom(1);
    var drawn = new Rounds(new double[n], new int[n], new double[n], new double[n][], new double[n][k]);
    for (int i = 0; i < n; i++) {
        double[] behavior = distribution(random);
        drawn.target()[i] = distribution(random);
        double u = random.nextDouble() - behavior[0];
        int action = 0;
        while (u > 0 && action < k - 1) u -= behavior[++action];
        drawn.actions()[i] = action;
        drawn.propensities()[i] = behavior[action];
        drawn.rewards()[i] = random.nextDouble() < 0.1 * (action + 1) ? 1 : 0;
        for (int a = 0; a < k; a++) drawn.predicted()[i][a] = 0.1 * (a + 1) + 0.1 * (random.nextDouble() - 0.5);
    }
    return drawn;
}

void write(Rounds r, Path file) throws Exception {
    try (var out = new java.io.DataOutputStream(new java.io.BufferedOutputStream(Files.newOutputStream(file), 1 << 20))) {
        for (double v : r.rewards()) out.writeDouble(v);
        for (int v : r.actions()) out.writeDouble(v);
        for (double v : r.propensities()) out.writeDouble(v);
        for (double[] row : r.target()) for (double v : row) out.writeDouble(v);
        for (double[] row : r.predicted()) for (double v : row) out.writeDouble(v);
    }
}

var six = List.of(Estimator.ips(), Estimator.snips(), Estimator.dm(), Estimator.dr(), Estimator.switchDr(lambda), Estimator.drOs(lambda));

List<Estimate> ours(Rounds r) {
    var weighted = WeightedRounds.of(r.rewards(), r.actions(), r.propensities(), r.target(), r.predicted());
    return six.stream().map(weighted::estimate).toList();
}

double seconds(Rounds r) {
    long start = System.nanoTime();
    ours(r);
    return (System.nanoTime() - start) / 1e9;
}

double[] peer(Path file) throws Exception {
    var process = new ProcessBuilder(python, "bench/peers/bandits.py", file.toString(), "" + rounds, "" + k, "" + lambda).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String text = new String(process.getInputStream().readAllBytes()).trim();
    if (process.waitFor() != 0) throw new IllegalStateException("bench/peers/bandits.py failed: " + text);
    return Arrays.stream(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
}

var drawn = draw(rounds);
var file = Files.createTempFile("bandits", ".bin");
write(drawn, file);
double java = Double.MAX_VALUE, obp = Double.MAX_VALUE, apart = 0;
for (int i = 0; i < 3; i++) seconds(drawn);
// alternating, best of three each: a busy machine then slows all alike
for (int round = 0; round < 3; round++) {
    for (int i = 0; i < 3; i++) java = Math.min(java, seconds(drawn));
    double[] answer = peer(file);
    obp = Math.min(obp, answer[0]);
    var estimates = ours(drawn);
    for (int i = 0; i < six.size(); i++) apart = Math.max(apart, Math.abs(estimates.get(i).value() - answer[i + 1]));
}
Files.delete(file);
System.out.println(String.format(Locale.ROOT, "six bandit estimators, %,d rounds × %d actions, 1 thread: ours %.3f s = %.1f times as fast as Open Bandit Pipeline 0.4.1 (%.3f s); values at most %.1e apart", rounds, k, java, obp / java, obp, apart));

// interleaved for the same reason
var sizes = new int[] {rounds / 2, rounds, 2 * rounds};
var problems = Arrays.stream(sizes).mapToObj(n -> n == rounds ? drawn : draw(n)).toList();
double[] best = {1, 1, 1};
for (int round = 0; round < 10; round++) for (int i = 0; i < 3; i++) best[i] = Math.min(best[i], seconds(problems.get(i)));
for (int i = 0; i < 3; i++) System.out.println(String.format(Locale.ROOT, "%,9d rounds: %.3f s, %.0f ns per round", sizes[i], best[i], 1e9 * best[i] / sizes[i]));
