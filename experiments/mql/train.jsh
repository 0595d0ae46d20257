// Trains MQL on one of the paper's task sets with several seeds, adapts to its test tasks at the end, and writes results/NAME.csv:
//   ./metarl jshell experiments/mql/train.jsh cheetah-vel|cheetah-dir|ant-dir [short|paper] [seeds]
// Started again, it resumes. The figures are made from these files by fig*.jsh.
var name = args.length > 0 ? args[0] : "cheetah-vel";
var isShort = args.length < 2 || args[1].equals("short");
var seeds = args.length < 3 ? List.of(1L, 2L, 3L) : Arrays.stream(args[2].split(",")).map(Long::parseLong).toList();
var tasks = TaskSet.published("mql/" + name);
var released = Mql.released(name);
// the paper collects five million steps; the short scale keeps the released start of random steps, which costs next to nothing
int randomSteps = released.base().randomSteps();
int updates = !isShort ? (int) (5_000_000 * released.base().updatesPerStep()) : name.equals("cheetah-vel") ? 20_000 : name.equals("cheetah-dir") ? 18_000 : 12_000;
long steps = randomSteps + (long) (updates / released.base().updatesPerStep()), evaluateEvery = (long) (updates / (isShort ? 4 : 100) / released.base().updatesPerStep());
int adapted = Math.min(10, tasks.test().size()), episodes = tasks.test().size() == 2 ? 4 : 2;
var csv = new StringBuilder("set,hash,scale,seed,step,task,metric,value\n");

void row(long seed, long step, Task task, String metric, double value) {
    csv.append(String.join(",", name, tasks.hash(), isShort ? "short" : "paper", "" + seed, "" + step, "\"" + task.label() + "\"", metric, String.format(Locale.ROOT, "%.6g", value))).append('\n');
}

for (long seed : seeds) {
    var run = MetaTraining.on(tasks).algorithm(released)
        .steps(steps).evaluateEvery(evaluateEvery).adaptTasks(0).episodes(episodes).seed(seed)
        .saveTo("runs/mql/" + name + "-" + (isShort ? "short" : "paper") + "-" + seed).listen(new ProgressBar()).run();
    for (Row r : run.log())
        if (r.getString("metric").startsWith("test"))
            csv.append(String.join(",", name, tasks.hash(), isShort ? "short" : "paper", "" + seed, "" + r.getLong("step"), "\"" + r.getString("task") + "\"", r.getString("metric"),
                String.format(Locale.ROOT, "%.6g", r.getDouble("value")))).append('\n');
    for (var task : tasks.test().subList(0, adapted)) {
        long begin = System.nanoTime();
        var result = run.evaluate(task, 1, seed);
        double seconds = (System.nanoTime() - begin) / 1e9;
        row(seed, steps, task, "unadaptedReturn", result.before());
        row(seed, steps, task, "adaptedReturn", result.after());
        row(seed, steps, task, "unadaptedMeasure", result.measureBefore());
        row(seed, steps, task, "adaptedMeasure", result.measureAfter());
        row(seed, steps, task, "ess", result.evidence("ess"));
        row(seed, steps, task, "lambda", result.evidence("lambda"));
        row(seed, steps, task, "adaptationSeconds", seconds);
    }
    Files.createDirectories(Path.of("experiments/mql/results"));
    Files.writeString(Path.of("experiments/mql/results/" + name + ".csv"), csv);
    System.out.println(run.summary().print());
    run.close();
}
