// Weights of more rows than memory holds, one thread: a hundred million made on the fly at flat memory, with known answers; then a CSV file against pandas read in pieces.
import java.lang.management.*;

var python = System.getenv("METARL_BENCH_PYTHON");

/** A number in (0, 1) from a row's number (the mixing of SplittableRandom). */
double uniform(long row) {
    long z = (row + 1) * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return (((z ^ (z >>> 31)) >>> 11) + 0.5) * 0x1p-53;
}

/** w = 0.6 u^−0.4, a Pareto tail of k = 0.4 with mean 1; paid is u, so that the target earns 0.6/1.6. */
StreamedWeights stream(long rows) {
    return StreamedWeights.reader().clip(10).progress(part -> { }).read(rows, i -> Math.log(0.6) - 0.4 * Math.log(uniform(i)), i -> uniform(i));
}

double megabytesUsed() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1e6;
}

stream(20_000_000);
for (long rows : new long[] {1_000_000, 10_000_000, 100_000_000}) {
    for (var pool : ManagementFactory.getMemoryPoolMXBeans()) pool.resetPeakUsage();
    double before = megabytesUsed();
    long start = System.nanoTime();
    StreamedWeights result = stream(rows);
    double seconds = (System.nanoTime() - start) / 1e9, kept = Math.max(0, megabytesUsed() - before);
    double peak = ManagementFactory.getMemoryPoolMXBeans().stream().filter(p -> p.getType() == MemoryType.HEAP).mapToLong(p -> p.getPeakUsage().getUsed()).sum() / 1e6;
    System.out.println(String.format(Locale.ROOT, "%,11d rows on the fly: %5.1f s, %5.1f ns a row, heap kept %.1f MB (peak %.0f MB); IPS %.5f (se %.5f, truth 0.375), ESS/n %.4f, k̂ %.3f (truth 0.4)",
        rows, seconds, 1e9 * seconds / rows, kept, peak, result.estimate("IPS").value(), result.estimate("IPS").standardError(), result.fraction(), result.khat()));
}

Path write(int rows) throws Exception {
    Path file = Files.createTempFile("log", ".csv");
    try (var out = Files.newBufferedWriter(file)) {
        out.write("action,reward,propensity,target_propensity\n");
        for (int i = 0; i < rows; i++)
            out.write((i % 7) + "," + (uniform(3L * i) < 0.3 ? 1 : 0) + "," + (0.05 + 0.95 * uniform(3L * i + 1)) + "," + uniform(3L * i + 2) + "\n");
    }
    return file;
}

/** Seconds, ESS and IPS of the peer on the same file. */
double[] peer(Path file) throws Exception {
    var process = new ProcessBuilder(python, "bench/peers/streaming.py", file.toString()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String text = new String(process.getInputStream().readAllBytes()).trim();
    if (process.waitFor() != 0) throw new IllegalStateException("bench/peers/streaming.py failed");
    return Arrays.stream(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
}

int rows = 3_000_000;
Path file = write(rows);
// alternating, best of three: a busy machine then slows both alike
double java = Double.MAX_VALUE, pandas = Double.MAX_VALUE, difference = 0;
for (int round = 0; round < 3; round++) {
    long start = System.nanoTime();
    StreamedWeights result = StreamedWeights.read(file);
    java = Math.min(java, (System.nanoTime() - start) / 1e9);
    double[] other = peer(file);
    pandas = Math.min(pandas, other[0]);
    difference = Math.max(Math.abs(result.ess() / other[1] - 1), Math.abs(result.estimate("IPS").value() / other[2] - 1));
}
System.out.println(String.format(Locale.ROOT, "CSV of %,d rows, %.0f MB, 1 thread: ours %.2f s (%,.0f rows/s) = %.2f times as fast as pandas in pieces (%.2f s); ESS and IPS differ by %.0e of themselves",
    rows, Files.size(file) / 1e6, java, rows / java, pandas / java, pandas, difference));
Files.delete(file);
