// MAML on 2-D navigation (or another family), second order against first order, three seeds; writes results/NAME.csv and results/NAME.png:
//   ./metarl jshell experiments/maml/navigation.jsh [navigation|cheetah-dir] [short|paper] [seeds]
// Started again, it resumes. After training, each test task is adapted to from ten fresh episodes per inner step.
var name = args.length > 0 ? args[0] : "navigation";
var isShort = args.length < 2 || args[1].equals("short");
var seeds = args.length < 3 ? new long[] {1, 2, 3} : Arrays.stream(args[2].split(",")).mapToLong(Long::parseLong).toArray();
var onPlane = name.equals("navigation");
var tasks = onPlane ? TaskSet.of(Point.navigation()).train(200).test(20).sample(7) : TaskSet.published("mql/" + name);
var settings = !isShort ? Maml.released(name) : onPlane ? Maml.navigation() : Maml.released(name).tasksPerUpdate(10).episodesPerTask(10).inner(Maml.Inner.LIKELIHOOD_RATIO);
int updates = !isShort ? 500 : onPlane ? 30 : 100, horizon = tasks.family().horizon(), shots = settings.episodesPerTask(), inner = 3;
long stepsPerUpdate = 2L * settings.tasksPerUpdate() * settings.episodesPerTask() * horizon;
var csv = new StringBuilder("set,hash,scale,method,seed,step,task,metric,value\n");

void row(String method, long seed, long step, String task, String metric, double value) {
    csv.append(String.join(",", name, tasks.hash(), isShort ? "short" : "paper", method, "" + seed, "" + step, "\"" + task + "\"", metric, String.format("%.6g", value))).append('\n');
}

/** Mean return after 0, 1, … inner steps, each on fresh episodes of the policy it starts from; the same start states and noise for every method. */
double[] perStep(MetaRun run, Task task, long seed) {
    var rounds = new ArrayList<List<Trajectory>>();
    double[] returns = new double[inner + 1];
    var random = RandomStream.of(seed, "inner steps of " + task.label());
    for (int k = 0; k <= inner; k++) {
        try (var adaptation = rounds.isEmpty() ? Adaptation.none(run.policy()) : run.adaptInRounds(rounds, seed)) {
            var episodes = Rollout.of(adaptation.policy(), Collections.nCopies(shots, task), random.split("round " + k));
            returns[k] = episodes.stream().mapToDouble(Trajectory::totalReward).average().orElse(Double.NaN);
            rounds.add(episodes);
        }
    }
    return returns;
}

var methods = new LinkedHashMap<String, Maml>();
methods.put("second order", settings);
methods.put("first order", settings.firstOrder(true));
var curves = new LinkedHashMap<String, MetaRuns>();
// per method: mean return over the test tasks after k inner steps, [seed][k]
var after = new LinkedHashMap<String, double[][]>();
for (var method : methods.entrySet()) {
    String label = method.getKey();
    var runs = MetaTraining.on(tasks).algorithm(method.getValue()).steps(updates * stepsPerUpdate).evaluateEvery(Math.max(1, updates / 10) * stepsPerUpdate)
        .shots(shots).adaptTasks(tasks.test().size()).episodes(4)
        .saveTo("runs/maml/" + name + (isShort ? "-short-" : "-paper-") + label.replace(' ', '-')).listen(new ProgressBar()).seeds(seeds).run();
    double[][] means = new double[seeds.length][inner + 1];
    for (int s = 0; s < seeds.length; s++) {
        var run = runs.runs().get(s);
        for (Row r : run.log())
            if (r.getString("metric").matches("(una|a)daptedReturn")) row(label, seeds[s], r.getLong("step"), r.getString("task"), r.getString("metric"), r.getDouble("value"));
        for (var task : tasks.test()) {
            double[] returns = perStep(run, task, seeds[s]);
            for (int k = 0; k <= inner; k++) {
                row(label, seeds[s], run.steps(), task.label(), "returnAfter" + k, returns[k]);
                means[s][k] += returns[k] / tasks.test().size();
            }
        }
        row(label, seeds[s], run.steps(), "", "minutes", run.seconds() / 60);
        System.out.printf("%s, seed %d, %.1f minutes: %s%n", label, seeds[s], run.seconds() / 60, Arrays.toString(means[s]));
    }
    curves.put(label, runs.named(label));
    after.put(label, means);
}
for (int k = 0; k <= inner; k++) {
    int step = k;
    double[] paired = IntStream.range(0, seeds.length).mapToDouble(s -> after.get("second order")[s][step] - after.get("first order")[s][step]).toArray();
    System.out.println("second less first order after " + k + " inner steps, " + seeds.length + " seeds: " + Interval.ofMean(paired, 0));
}
double[] gains = Arrays.stream(after.get("second order")).mapToDouble(a -> a[1] - a[0]).toArray();
System.out.println("one inner step, second order: " + Arrays.toString(gains) + ", mean " + Interval.ofMean(gains, 0));
Files.createDirectories(Path.of("experiments/maml/results"));
Files.writeString(Path.of("experiments/maml/results/" + name + ".csv"), csv);
var series = new ArrayList<Series>();
for (var runs : curves.entrySet())
    for (String metric : List.of("unadaptedReturn", "adaptedReturn")) {
        var table = runs.getValue().curve(metric);
        series.add(Series.line(runs.getKey() + (metric.startsWith("un") ? ", before" : ", after one inner step"),
            table.stream().mapToDouble(r -> r.getLong("step")).toArray(), table.doubleColumn("mean").asDoubleArray()));
    }
Plots.lines("MAML on " + tasks.family().name() + ", mean of " + seeds.length + " seeds", "environment steps", "return on test tasks", series.toArray(Series[]::new))
    .savePng("experiments/maml/results/" + name + ".png");
curves.values().forEach(MetaRuns::close);
