// Long runs by the released settings: 300,000 updates on one seed. Leaves the run in runs/mql/NAME-long-SEED and its curve in
// results/long-NAME-SEED.csv. Started again, it resumes. parts.jsh then judges the adaptation on the final networks.
//   ./metarl jshell experiments/mql/long.jsh cheetah-vel|ant-dir SEED [updates]
var name = args[0];
long seed = Long.parseLong(args[1]);
int updates = args.length < 3 ? 300_000 : Integer.parseInt(args[2]);
var tasks = TaskSet.published("mql/" + name);
var released = Mql.released(name);
double perStep = released.base().updatesPerStep();
var csv = new StringBuilder("set,hash,scale,seed,step,updates,task,metric,value,seconds\n");
try (var run = MetaTraining.on(tasks).algorithm(released).steps(released.base().randomSteps() + (long) (updates / perStep))
        .evaluateEvery((long) (25_000 / perStep)).adaptTasks(0).episodes(tasks.test().size() == 2 ? 4 : 2).seed(seed)
        .saveTo("runs/mql/" + name + "-long-" + seed).listen(new ProgressBar()).run()) {
    for (Row r : run.log()) {
        long step = r.getLong("step"), done = Math.max(0, (long) ((step - released.base().randomSteps()) * perStep));
        if (r.getString("metric").startsWith("test"))
            csv.append(String.format(Locale.ROOT, "%s,%s,long,%d,%d,%d,\"%s\",%s,%.6g,%.0f%n", name, tasks.hash(), seed, step, done,
                r.getString("task"), r.getString("metric"), r.getDouble("value"), run.seconds()));
    }
    System.out.println(run.summary().print());
}
Files.createDirectories(Path.of("experiments/mql/results"));
Files.writeString(Path.of("experiments/mql/results/long-" + name + "-" + seed + ".csv"), csv);
