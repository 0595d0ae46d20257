// HalfCheetah forward and backward by RL² or MAML, one seed; writes results/METHOD-SEED.csv:
//   ./metarl jshell experiments/cheetah-dir/train.jsh rl2|maml SEED MINUTES
// Both are asked by one protocol: return per episode on both tasks, first without experience, then after one round of it. A round is one episode for RL², which
// remembers it, and as many episodes as an inner step has for MAML.
var method = args[0];
long seed = Long.parseLong(args[1]);
double minutes = Double.parseDouble(args[2]);
var tasks = TaskSet.published("maml/cheetah-dir");
int horizon = tasks.family().horizon();
var rl2 = Rl2.locomotion(2);
var maml = Maml.locomotion();
Algorithm settings = method.equals("rl2") ? rl2 : maml;
long perUpdate = horizon * (method.equals("rl2") ? rl2.training().trialsPerUpdate() * 2L : 2L * maml.tasksPerUpdate() * maml.episodesPerTask());
int perRound = method.equals("rl2") ? 1 : maml.episodesPerTask();
var csv = new StringBuilder("method,seed,steps,minutes,task,round,return\n");
long begin = System.nanoTime();

void tell(MetaRun run, double elapsed, int repeats) {
    for (Task task : tasks.test()) {
        // many trials of RL², because one is a single episode per round
        double[][] returns = run.shots(Collections.nCopies(repeats, task), 2, perRound, seed).returns();
        for (int round = 0; round < 2; round++) {
            int r = round;
            double mean = Arrays.stream(returns).mapToDouble(v -> v[r]).average().orElseThrow();
            csv.append(String.format(Locale.ROOT, "%s,%d,%d,%.2f,%s,%d,%.2f%n", method, seed, run.steps(), elapsed, task.value(0) > 0 ? "forward" : "backward", round, mean));
        }
    }
}

// stretch after stretch, each the continuation of the one before, so that the protocol can be asked in between
String folder = "runs/cheetah-dir/" + method + "-" + seed;
for (long updates = 10; ; updates += 10) {
    try (var run = MetaTraining.on(tasks).algorithm(settings).steps(updates * perUpdate).evaluateEvery(10 * perUpdate).adaptTasks(0).episodes(1).seed(seed).saveTo(folder).run()) {
        double elapsed = run.seconds() / 60;
        tell(run, elapsed, method.equals("rl2") ? 10 : 2);
        System.out.print(csv.substring(Math.max(0, csv.length() - 160)));
        Files.createDirectories(Path.of("experiments/cheetah-dir/results"));
        Files.writeString(Path.of("experiments/cheetah-dir/results/" + method + "-" + seed + ".csv"), csv);
        if (elapsed > minutes) break;
    }
}
