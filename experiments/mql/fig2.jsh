// Figure 2 of the paper: the same training without a context. Writes results/fig2-NAME.csv; results.jsh draws it beside NAME.csv.
//   ./metarl jshell experiments/mql/fig2.jsh cheetah-vel|cheetah-dir|ant-dir [short|paper] [seeds]
var name = args.length > 0 ? args[0] : "cheetah-vel";
var isShort = args.length < 2 || args[1].equals("short");
var seeds = args.length < 3 ? new long[] {1, 2, 3} : Arrays.stream(args[2].split(",")).mapToLong(Long::parseLong).toArray();
var tasks = TaskSet.published("mql/" + name);
var released = Mql.released(name).base();
int updates = !isShort ? (int) (5_000_000 * released.updatesPerStep()) : name.equals("cheetah-vel") ? 20_000 : name.equals("cheetah-dir") ? 18_000 : 12_000;
long steps = released.randomSteps() + (long) (updates / released.updatesPerStep()), evaluateEvery = (long) (updates / (isShort ? 4 : 100) / released.updatesPerStep());
var csv = new StringBuilder("set,hash,scale,seed,step,task,metric,value\n");
try (var runs = MetaTraining.on(tasks).algorithm(released.contextLength(0)).steps(steps).evaluateEvery(evaluateEvery).adaptTasks(0).episodes(tasks.test().size() == 2 ? 4 : 2)
        .saveTo("runs/mql/fig2-" + name + (isShort ? "-short" : "-paper")).listen(new ProgressBar()).seeds(seeds).run()) {
    for (var run : runs.runs())
        for (Row r : run.log())
            if (r.getString("metric").startsWith("test"))
                csv.append(String.join(",", name, tasks.hash(), isShort ? "short" : "paper", "" + run.training().seed(), "" + r.getLong("step"), "\"" + r.getString("task") + "\"",
                    r.getString("metric"), String.format(Locale.ROOT, "%.6g", r.getDouble("value")))).append('\n');
    System.out.println(runs.summary().print());
}
Files.createDirectories(Path.of("experiments/mql/results"));
Files.writeString(Path.of("experiments/mql/results/fig2-" + name + ".csv"), csv);
