// Damaged Parquet files with checksums: every bit of ten small files turned over one by one, then bytes and stretches overwritten at random. Each must be read as it was
// written or refused in a sentence; counts what was equal, refused, read as other numbers (expected 0), or failed otherwise (expected 0), by codec and kind of page.
// The files are those of the tests (parquet_types.py); ./metarl bench parquet takes about a minute on one idle core.
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

BanditLog read(Path file) {
    return BanditLog.reader().dropBad().context("flag", "age", "half").category("name").read(file);
}

String told(BanditLog log) {
    return Arrays.toString(log.actions()) + Arrays.toString(log.rewards()) + Arrays.toString(log.propensities()) + Arrays.deepToString(log.contexts()) + log.contextNames()
        + log.badRows().summary().print();
}

record Tally(int[] counts, List<String> examples) {
    void add(int kind, String example) {
        counts[kind]++;
        if (kind >= 2 && examples.size() < 20) examples.add(example);
    }
}

void attempt(Tally tally, Path file, String expected, String damage) {
    try {
        boolean equal = told(read(file)).equals(expected);
        tally.add(equal ? 0 : 2, damage + ": other numbers");
    } catch (IllegalArgumentException e) {
        tally.add(1, "");
    } catch (Throwable e) {
        tally.add(3, damage + ": " + e);
    }
}

int stretches = 4_000;
var examples = new ArrayList<String>();
System.out.println("file           bytes   mutants     equal   refused   other numbers   other failures");
for (String name : List.of("none_1", "none_2", "snappy_1", "snappy_2", "gzip_1", "gzip_2", "zstd_1", "zstd_2", "lz4_1", "lz4_2")) {
    byte[] whole = Files.readAllBytes(Path.of("toolkit/diagnose/src/test/resources/metarl/diagnose/log/parquet_sum_" + name + ".parquet"));
    Path mutant = Files.createTempFile("damaged", ".parquet");
    Files.write(mutant, whole);
    String expected = told(read(mutant));
    var tally = new Tally(new int[4], examples);
    var random = new Random(name.hashCode());
    try (var out = FileChannel.open(mutant, StandardOpenOption.WRITE)) {
        for (int bit = 0; bit < 8 * whole.length; bit++) {
            // a file that begins otherwise is no Parquet file
            if (bit / 8 < 4) continue;
            out.write(ByteBuffer.wrap(new byte[] {(byte) (whole[bit / 8] ^ 1 << bit % 8)}), bit / 8);
            attempt(tally, mutant, expected, name + " bit " + bit);
            out.write(ByteBuffer.wrap(whole, bit / 8, 1), bit / 8);
        }
        for (int i = 0; i < stretches; i++) {
            int length = 1 + random.nextInt(1 + random.nextInt(12)), at = 4 + random.nextInt(whole.length - 4 - length);
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            if (i % 4 == 0) Arrays.fill(bytes, (byte) (i % 8 == 0 ? 0 : 255));
            out.write(ByteBuffer.wrap(bytes), at);
            attempt(tally, mutant, expected, name + " at " + at + " " + Arrays.toString(bytes));
            out.write(ByteBuffer.wrap(whole, at, length), at);
        }
    }
    Files.delete(mutant);
    int[] counts = tally.counts();
    System.out.println(String.format(Locale.ROOT, "%-12s %7d %9d %9d %9d %15d %16d", name, whole.length, Arrays.stream(counts).sum(), counts[0], counts[1], counts[2], counts[3]));
}
examples.forEach(System.out::println);
