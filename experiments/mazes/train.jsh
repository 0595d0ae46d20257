// A method with a memory on small mazes, one seed; then both episodes of unseen small and large mazes. Writes results/METHOD-VIEW-SCALE-SEED.csv:
//   ./metarl jshell experiments/mazes/train.jsh rl2|snail pictures|cells short|published SEED [STEPS]
// Resumable: the run lies in runs/mazes/METHOD-VIEW-SCALE-SEED.
String method = args[0], view = args[1], scale = args[2];
long seed = Long.parseLong(args[3]);
boolean pictures = view.equals("pictures"), published = scale.equals("published");
String suffix = pictures ? "-first-person" : "", name = String.join("-", method, view, scale, "" + seed);
TaskSet small = TaskSet.published("rl2/maze-small" + suffix), large = TaskSet.published("rl2/maze-large" + suffix);
// 250 steps a trial at most, about 20 when it has learned
long steps = args.length > 4 ? Long.parseLong(args[4]) : published ? 100_000_000L : 2_000_000L;
TrialMethod<?> asked = method.equals("rl2") ? published ? Rl2.released("maze", 2) : Rl2.maze(2) : published ? Snail.maze(2).dense(0).pictureFeatures(256) : Snail.maze(2);
Algorithm settings = asked.decaySteps(steps);
var csv = new StringBuilder("method,view,scale,seed,minutes,mazes,maze,fewest,steps1,steps2,arrived1,arrived2\n");

/** Both episodes of each maze, a row each; what is told is the mean. */
void judge(Policy policy, String who, String seed, double minutes, String mazes, List<Task> tasks) {
    double[] lengths = new double[2], arrived = new double[2];
    var trials = Rollout.trials(policy, tasks, 2, RandomStream.of(7, "mazes"));
    for (int i = 0; i < trials.size(); i++) {
        int[] length = new int[2], there = new int[2];
        for (int e = 0; e < 2; e++) {
            var episode = trials.get(i).get(e);
            length[e] = episode.length();
            there[e] = episode.step(episode.length() - 1).terminated() ? 1 : 0;
            lengths[e] += length[e] / (double) tasks.size();
            arrived[e] += there[e] / (double) tasks.size();
        }
        int fewest = ((Maze) tasks.get(i).family()).layout(tasks.get(i)).fewestActions();
        csv.append(String.format(Locale.ROOT, "%s,%s,%s,%s,%.1f,%s,%d,%d,%d,%d,%d,%d%n", who, view, scale, seed, minutes, mazes, i, fewest, length[0], length[1], there[0], there[1]));
    }
    System.out.println(String.format(Locale.ROOT, "%s %s %s: steps %.2f %.2f, arrived %.3f %.3f", who, seed, mazes, lengths[0], lengths[1], arrived[0], arrived[1]));
}

var curve = new TrainingListener() {
    public void evaluated(Evaluation e) {
        System.out.println(String.format(Locale.ROOT, "%d steps: return of a first episode %.3f, steps %.2f", e.step(), e.meanBefore(), e.meanMeasureBefore()));
    }
};
try (var run = MetaTraining.on(TaskSet.of(small.train(), small.test().subList(0, 100))).algorithm(settings).steps(steps).evaluateEvery(steps / 20).episodes(1).adaptTasks(0).seed(seed)
        .saveTo("runs/mazes/" + name).listen(curve).run()) {
    judge(run.policy(), method, "" + seed, run.seconds() / 60, "small", small.test());
    judge(run.policy(), method, "" + seed, run.seconds() / 60, "large", large.test().subList(0, 300));
}
if (seed == 1) {
    Policy any = (environments, random) -> seen -> Arrays.stream(seen).map(o -> new double[] {random.nextInt(4)}).toArray(double[][]::new);
    judge(any, "random", "-", 0, "small", small.test());
    judge(any, "random", "-", 0, "large", large.test().subList(0, 300));
}
Files.createDirectories(Path.of("experiments/mazes/results"));
Files.writeString(Path.of("experiments/mazes/results/" + name + ".csv"), csv);
