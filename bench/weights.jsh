// ESS and Pareto smoothing of a million log weights, one thread: ours against numpy and ArviZ on the same numbers; then the cost of ever more weights.
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

var python = System.getenv("METARL_BENCH_PYTHON");

double[] logWeights(int n) {
    var random = new Random(1);
    double[] logs = new double[n];
    for (int i = 0; i < n; i++) logs[i] = 1.5 * random.nextGaussian();
    return logs;
}

/** Seconds of the checked copy, ESS and smoothing, best of some. */
double ours(double[] logs, int repeats) {
    double best = Double.MAX_VALUE;
    for (int i = 0; i < repeats; i++) {
        long start = System.nanoTime();
        var weights = ImportanceWeights.ofLog(logs);
        double ess = weights.ess().value(), khat = weights.psis().khat();
        best = Math.min(best, (System.nanoTime() - start) / 1e9);
    }
    return best;
}

/** Seconds, ESS and k̂ of the peer on the same weights. */
double[] peer(Path file, int repeats) throws Exception {
    var process = new ProcessBuilder(python, "bench/peers/weights.py", file.toString(), "" + repeats).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String text = new String(process.getInputStream().readAllBytes()).trim();
    if (process.waitFor() != 0) throw new IllegalStateException("bench/peers/weights.py failed");
    return Arrays.stream(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
}

double[] million = logWeights(1_000_000);
Path file = Files.createTempFile("weights", ".bin");
var bytes = ByteBuffer.allocate(8 * million.length).order(ByteOrder.LITTLE_ENDIAN);
bytes.asDoubleBuffer().put(million);
Files.write(file, bytes.array());

ours(million, 10);
// alternating, best of all: a busy machine then slows both alike
double java = Double.MAX_VALUE, arviz = Double.MAX_VALUE, essDifference = 0, khatDifference = 0;
for (int round = 0; round < 3; round++) {
    java = Math.min(java, ours(million, 10));
    double[] other = peer(file, 10);
    arviz = Math.min(arviz, other[0]);
    var weights = ImportanceWeights.ofLog(million);
    essDifference = Math.abs(weights.ess().value() / other[1] - 1);
    khatDifference = Math.abs(weights.psis().khat() - other[2]);
}
Files.delete(file);
System.out.println(String.format(Locale.ROOT, "ESS and PSIS of 1,000,000 weights, 1 thread: ours %.1f ms = %.1f times as fast as numpy and ArviZ (%.1f ms); ESS differs by %.0e of itself, "
    + "k̂ by %.0e", 1e3 * java, arviz / java, 1e3 * arviz, essDifference, khatDifference));

for (int n : new int[] {100_000, 1_000_000, 10_000_000}) {
    double seconds = ours(logWeights(n), Math.max(5, 20_000_000 / n));
    System.out.println(String.format(Locale.ROOT, "%,11d weights: %7.1f ms, %.1f ns a weight", n, 1e3 * seconds, 1e9 * seconds / n));
}
