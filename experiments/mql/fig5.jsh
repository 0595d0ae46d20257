// Figure 5 of the paper: λ and ESS/n while meta-training goes on; every evaluation adapts to two test tasks. Writes results/fig5-NAME.csv and .png.
//   ./metarl jshell experiments/mql/fig5.jsh cheetah-vel|cheetah-dir|ant-dir [short|paper] [seed]
var name = args.length > 0 ? args[0] : "cheetah-dir";
var isShort = args.length < 2 || args[1].equals("short");
long seed = args.length < 3 ? 1 : Long.parseLong(args[2]);
var tasks = TaskSet.published("mql/" + name);
var released = Mql.released(name);
int updates = !isShort ? (int) (5_000_000 * released.base().updatesPerStep()) : name.equals("cheetah-vel") ? 20_000 : name.equals("cheetah-dir") ? 18_000 : 12_000;
long steps = released.base().randomSteps() + (long) (updates / released.base().updatesPerStep());
try (var run = MetaTraining.on(tasks).algorithm(released).steps(steps).evaluateEvery((long) (updates / (isShort ? 8 : 100) / released.base().updatesPerStep())).adaptTasks(2).seed(seed)
        .saveTo("runs/mql/fig5-" + name + (isShort ? "-short" : "-paper")).listen(new ProgressBar()).run()) {
    Files.createDirectories(Path.of("experiments/mql/results"));
    var csv = new StringBuilder("set,hash,scale,seed,step,metric,mean\n");
    for (Row r : run.curve())
        if (r.getString("metric").equals("ess") || r.getString("metric").equals("lambda"))
            csv.append(String.join(",", name, tasks.hash(), isShort ? "short" : "paper", "" + seed, "" + r.getLong("step"), r.getString("metric"), String.format(Locale.ROOT, "%.6g", r.getDouble("mean")))).append('\n');
    Files.writeString(Path.of("experiments/mql/results/fig5-" + name + ".csv"), csv);
    Plots.curve("ESS/n of old data on two test tasks while training", "ess", "ESS / n", run).savePng("experiments/mql/results/fig5-" + name + ".png");
    System.out.println(csv);
}
