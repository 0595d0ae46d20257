// MAML on 2-D navigation, second order against first order, three seeds; writes results/navigation.csv and results/navigation.png:
//   ./metarl jshell experiments/maml/navigation.jsh [short|paper] [seeds]
// Started again, it resumes. After training, each test task is adapted to from ten fresh episodes per inner step.
var name = "navigation";
var isShort = args.length < 1 || args[0].equals("short");
var seeds = args.length < 2 ? new long[] {1, 2, 3} : Arrays.stream(args[1].split(",")).mapToLong(Long::parseLong).toArray();
var tasks = TaskSet.of(Point.navigation()).train(200).test(20).sample(7);
var settings = isShort ? Maml.navigation() : Maml.released(name);
int updates = isShort ? 30 : 500, horizon = tasks.family().horizon(), shots = settings.episodesPerTask(), inner = 3;
long stepsPerUpdate = 2L * settings.tasksPerUpdate() * settings.episodesPerTask() * horizon;
var csv = new StringBuilder("set,hash,scale,method,seed,step,task,metric,value\n");

void row(String method, long seed, long step, String task, String metric, double value) {
    csv.append(String.join(",", name, tasks.hash(), isShort ? "short" : "paper", method, "" + seed, "" + step, "\"" + task + "\"", metric, String.format(Locale.ROOT, "%.6g", value))).append('\n');
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
        for (Row r : run.curve())
            if (r.getString("metric").matches("(una|a)daptedReturn")) row(label, seeds[s], r.getLong("step"), "mean", r.getString("metric"), r.getDouble("mean"));
        // one inner step per round, each on fresh episodes of the policy it starts from; the same start states and noise for both methods
        double[][] returns = run.shots(tasks.test(), inner + 1, shots, seeds[s]).returns();
        for (int i = 0; i < returns.length; i++)
            for (int k = 0; k <= inner; k++) {
                row(label, seeds[s], run.steps(), tasks.test().get(i).label(), "returnAfter" + k, returns[i][k]);
                means[s][k] += returns[i][k] / returns.length;
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
    System.out.println("second less first order after " + k + " inner steps, " + seeds.length + " seeds: " + Interval.ofFew(paired));
}
double[] gains = Arrays.stream(after.get("second order")).mapToDouble(a -> a[1] - a[0]).toArray();
System.out.println("one inner step, second order: " + Arrays.toString(gains) + ", mean " + Interval.ofFew(gains));
Files.createDirectories(Path.of("experiments/maml/results"));
Files.writeString(Path.of("experiments/maml/results/" + name + ".csv"), csv);

/** The values of one metric at each evaluation: steps differ a little between seeds, because episodes end at the goal. */
double[] curve(MetaRuns runs, String metric, String column) {
    double[][] perSeed = runs.runs().stream().map(r -> r.curve().where(t -> t.stringColumn("metric").isEqualTo(metric)).numberColumn(column).asDoubleArray()).toArray(double[][]::new);
    int n = Arrays.stream(perSeed).mapToInt(v -> v.length).min().orElse(0);
    return IntStream.range(0, n).mapToDouble(k -> Arrays.stream(perSeed).mapToDouble(v -> v[k]).average().orElse(Double.NaN)).toArray();
}

var series = new ArrayList<Series>();
var areas = new LinkedHashMap<String, double[]>();
for (var runs : curves.entrySet()) {
    for (String metric : List.of("unadaptedReturn", "adaptedReturn"))
        series.add(Series.line(runs.getKey() + (metric.startsWith("un") ? ", before" : ", after one inner step"), curve(runs.getValue(), metric, "step"), curve(runs.getValue(), metric, "mean")));
    areas.put(runs.getKey(), runs.getValue().runs().stream().mapToDouble(r -> Interval.mean(curve(MetaRuns.of("one", r), "adaptedReturn", "mean"))).toArray());
}
double[] sooner = IntStream.range(0, seeds.length).mapToDouble(s -> areas.get("second order")[s] - areas.get("first order")[s]).toArray();
System.out.println("second less first order, mean return after one step over all evaluations: " + Arrays.toString(sooner) + ", mean " + Interval.ofFew(sooner));
Plots.lines("MAML on " + tasks.family().name() + ", mean of " + seeds.length + " seeds", "environment steps", "return on test tasks", series.toArray(Series[]::new))
    .savePng("experiments/maml/results/" + name + ".png");
curves.values().forEach(MetaRuns::close);
