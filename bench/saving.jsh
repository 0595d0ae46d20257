// What it costs to save a run with a large replay: seconds per save, and how often it is then done. An evaluation or 60 s ask for a save; it waits
// until saving takes at most 2 % of the time (and 1 s). A million transitions of the size of an Ant (27 numbers seen, 8 acted) are 286 MB.
import java.io.*;

var problem = new Problem(10, 27, 8, 4, false, 200);
var random = RandomStream.of(1, "bench");
var task = PointRobot.dense().task(0, 0);
for (int capacity : new int[] {10_000, 100_000, 1_000_000}) {
    var settings = Td3.withContext().randomSteps(0).replayCapacity(capacity);
    try (var learner = settings.learner(problem, 1)) {
        var trajectory = new Trajectory(task, random.doubles(27).toArray());
        for (int t = 0; t < 200; t++)
            trajectory.add(random.doubles(8, -1, 1).toArray(),
                new Step(random.doubles(27).toArray(), random.nextDouble(), false, t == 199, new double[4]));
        for (int e = 0; e < capacity / 200; e++) learner.store(List.of(Trial.of(e % 10, trajectory)));
        Path file = Files.createTempFile("metarl-saving", ".bin");
        double best = Double.POSITIVE_INFINITY;
        for (int repeat = 0; repeat < 3; repeat++) {
            long start = System.nanoTime();
            var sum = new java.util.zip.CRC32C();
            try (var bytes = new FileOutputStream(file.toFile());
                 var checked = new java.util.zip.CheckedOutputStream(new BufferedOutputStream(bytes, 1 << 16), sum);
                 var out = new DataOutputStream(new BufferedOutputStream(checked, 1 << 16))) {
                learner.state().save(out);
                learner.state().saveReplay(out);
                out.flush();
                bytes.getFD().sync();
            }
            best = Math.min(best, (System.nanoTime() - start) / 1e9);
        }
        System.out.println(String.format(Locale.ROOT, "%,9d transitions: %4d MB in %.2f s; saved every %.0f s at most", capacity,
            Files.size(file) / 1_000_000, best, Math.max(60, best / 0.02)));
        Files.delete(file);
    }
}
