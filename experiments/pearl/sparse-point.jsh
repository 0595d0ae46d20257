// PEARL on the sparse point robot: three seeds, then the return of each episode of exploration on test tasks, as results/sparse-point-short.csv (or -paper.csv):
//   ./metarl jshell experiments/pearl/sparse-point.jsh [short|paper] [seeds]
// Started again, it resumes. Each network is judged twice: its belief is used at once ("1"), or after 13 episodes by the prior ("1 after 13"). Beside it two agents that know how the point moves and pays: an oracle that sees the goal, and exact Thompson sampling over the half-circle.
var scale = args.length > 0 ? args[0] : "short";
var seeds = args.length < 2 ? List.of(1L, 2L, 3L) : Arrays.stream(args[1].split(",")).map(Long::parseLong).toList();
boolean isShort = scale.equals("short");
var tasks = TaskSet.published("pearl/sparse-point-robot");
// the paper's run has 500 iterations; the short scale's are our own
var settings = isShort ? Pearl.sparsePoint() : Pearl.released("sparse-point");
int iterations = isShort ? 80 : 500, rounds = 20;
long perIteration = (long) settings.tasksPerIteration() * (settings.priorSteps() + settings.posteriorSteps());
long steps = (long) tasks.train().size() * settings.initialSteps() + iterations * perIteration;
var file = Path.of("experiments/pearl/results/sparse-point-" + scale + ".csv");
var csv = new StringBuilder("who,hash,updates,minutes,task,episode,return\n");

void rows(String who, long updates, double minutes, double[][] returns) {
    for (int i = 0; i < returns.length; i++)
        for (int e = 0; e < returns[i].length; e++)
            csv.append(String.format(Locale.ROOT, "%s,%s,%d,%.1f,%d,%d,%.4f%n", who, tasks.hash(), updates, minutes, i, e, returns[i][e]));
}

/** Positions and sparse rewards on the way to a place, as fast as it can be reached. */
List<double[]> walk(Task task, double x, double y) {
    var way = new ArrayList<double[]>();
    double px = 0, py = 0;
    for (int t = 0; t < 20; t++) {
        px += Math.max(-0.1, Math.min(0.1, x - px));
        py += Math.max(-0.1, Math.min(0.1, y - py));
        way.add(new double[] {px, py, task.reward(new double[] {px, py}, new double[2])});
    }
    return way;
}

/** Draws a goal from what the rewards so far leave, and goes there; the belief is a list of angles, all equally likely. */
double[] thompson(Task task, int episodes, RandomStream random) {
    var family = PointRobot.sparse();
    var left = IntStream.rangeClosed(0, 600).mapToDouble(i -> Math.PI * i / 600).boxed().collect(Collectors.toCollection(ArrayList::new));
    double[] returns = new double[episodes];
    for (int e = 0; e < episodes; e++) {
        double drawn = left.get(random.nextInt(left.size()));
        for (double[] step : walk(task, Math.cos(drawn), Math.sin(drawn))) {
            returns[e] += step[2];
            left.removeIf(a -> Math.abs(family.task(Math.cos(a), Math.sin(a)).reward(step, new double[2]) - step[2]) > 4e-3);
        }
        // a goal between two angles of the list
        if (left.isEmpty()) left.add(Math.atan2(task.value(1), task.value(0)));
    }
    return returns;
}

rows("oracle", 0, 0, tasks.test().stream().map(t -> new double[] {walk(t, t.value(0), t.value(1)).stream().mapToDouble(s -> s[2]).sum()}).toArray(double[][]::new));
// many draws: it is the mean that is to be known exactly
var many = IntStream.range(0, 20).boxed().flatMap(k -> IntStream.range(0, tasks.test().size()).mapToObj(i -> thompson(tasks.test().get(i), rounds, RandomStream.of(k, "thompson " + i)))).toList();
double[][] means = new double[tasks.test().size()][rounds];
for (int k = 0; k < many.size(); k++) for (int e = 0; e < rounds; e++) means[k % means.length][e] += many.get(k)[e] / 20;
rows("Thompson", 0, 0, means);
Files.createDirectories(file.getParent());
if (!Files.exists(file)) Files.writeString(file, csv);
for (long seed : seeds) {
    try (var run = MetaTraining.on(tasks).algorithm(settings).steps(steps).evaluateEvery(perIteration * Math.max(1, iterations / 5)).shots(5).adaptTasks(20).episodes(1).seed(seed)
            .saveTo("runs/pearl/sparse-point-" + scale + "-" + seed).listen(new ProgressBar()).run()) {
        rows("" + seed, run.updates(), run.seconds() / 60, run.shots(tasks.test(), rounds, 1, 7).returns());
        rows(seed + " after 13", run.updates(), run.seconds() / 60, run.adaptingBy(settings.priorEpisodes(13)).shots(tasks.test(), rounds, 1, 7).returns());
        System.out.println(run.summary().print());
    }
    Files.writeString(file, csv);
}
