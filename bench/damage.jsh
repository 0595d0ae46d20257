// A run on the disk is damaged in one file (a bit, some bytes, cut short, longer, deleted), loaded and trained on. Each of 3,000 damages must be
// refused in words, or be without effect: then the log has the bytes of an undisturbed one. Counts both, and everything else (must be 0).
var place = Files.createTempDirectory("metarl-damage");
var tasks = TaskSet.of(PointRobot.dense()).train(4).test(2).sample(7);
var algorithm = Mql.pointRobot().newTaskUpdates(1).replayUpdates(1)
    .base(b -> b.hidden(8).batchSize(8).randomSteps(40).replayCapacity(400).updatesPerStep(0.1).episodesPerRound(2));
var training = MetaTraining.on(tasks).algorithm(algorithm).evaluateEvery(80).adaptTasks(1).episodes(1).seed(5);
training.steps(200).saveTo(place.resolve("whole")).run().close();
training.steps(80).saveTo(place.resolve("stored")).run().close();
var whole = Files.readAllBytes(place.resolve("whole/log.csv"));

List<Path> files(Path folder) throws Exception {
    try (var all = Files.walk(folder)) {
        return all.filter(Files::isRegularFile).map(folder::relativize).sorted().toList();
    }
}

String damage(Path file, Random random) throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    int at = random.nextInt(bytes.length), kind = random.nextInt(6);
    switch (kind) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes = Arrays.copyOf(bytes, at);
        case 2 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 512), (byte) 0);
        case 3 -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(1000));
        case 4 -> {
            for (int i = 0; i < 4 && at + i < bytes.length; i++) bytes[at + i] = (byte) random.nextInt();
        }
        default -> {
            Files.delete(file);
            return "deleted";
        }
    }
    Files.write(file, bytes);
    return "damage " + kind + " at " + at;
}

var names = files(place.resolve("stored"));
var random = new Random(7);
int refused = 0, without = 0, wrong = 0;
for (int i = 0; i < 3_000; i++) {
    Path run = place.resolve("run");
    for (Path name : names) {
        Files.createDirectories(run.resolve(name).getParent());
        Files.copy(place.resolve("stored").resolve(name), run.resolve(name));
    }
    Path name = names.get(i % names.size());
    String what = name + ", " + damage(run.resolve(name), random);
    try {
        MetaRun.load(run).close();
        training.steps(200).saveTo(run).run().close();
        if (Arrays.equals(whole, Files.readAllBytes(run.resolve("log.csv")))) without++;
        else System.out.println(++wrong + ". " + what + ": another log");
    } catch (IllegalStateException e) {
        if (e.getMessage().contains(run.toString()) && e.getMessage().matches("(?s).*(delete the folder|in its place to go on).*")) refused++;
        else System.out.println(++wrong + ". " + what + ": " + e);
    } catch (Throwable e) {
        System.out.println(++wrong + ". " + what + ": " + e);
    }
    try (var all = Files.walk(run)) {
        for (Path p : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(p);
    }
}
System.out.println(refused + " refused in words, " + without + " without effect, " + wrong + " wrong");
if (wrong > 0) throw new IllegalStateException(wrong + " damages went unnoticed or ended in another exception");
