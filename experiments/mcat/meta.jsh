// Tables 3 and 4 of MCAT: meta-training with rewards that are paid late, with and without transfer.
//   ./metarl jshell experiments/mcat/meta.jsh SET DELAYS SEEDS STEPS [arms]
//   ./metarl jshell experiments/mcat/meta.jsh mcat/cheetah-armature 200,500 1,2,3 200000 transfer,none
// Started again, it resumes. Writes results/meta-SET-DELAY-ARM-SEED.csv: up to every evaluation by task the mean return of the episodes collected since the last one, how many there were, how
// many of them by transferred policies, and the return of these; for test tasks the return that was evaluated. The published runs make 1,000,000 steps (Tables 3 and 4) and 2,000,000 (Table 2), with Mcat.published().
String set = args.length < 1 ? "mcat/cheetah-armature" : args[0];
var delays = args.length < 2 ? "500,200" : args[1];
var seeds = args.length < 3 ? new long[] {1, 2, 3} : Arrays.stream(args[2].split(",")).mapToLong(Long::parseLong).toArray();
long steps = args.length < 4 ? 200_000 : Long.parseLong(args[3]);
var arms = (args.length < 5 ? "transfer,none" : args[4]).split(",");
var known = Map.of("transfer", Mcat.small(), "none", Mcat.small().transfer(false), "published", Mcat.published(), "published-none", Mcat.published().transfer(false));
for (String name : arms) if (!known.containsKey(name)) throw new IllegalArgumentException("the arm is '" + name + "', expected one of " + new TreeSet<>(known.keySet()));
Files.createDirectories(Path.of("experiments/mcat/results"));
String summary(Table log) {
    var csv = new StringBuilder("step,task,kind,return,episodes,transferred,transferredReturn\n");
    var sums = new TreeMap<String, double[]>();
    for (int row = 0; row < log.rowCount(); row++) {
        long step = log.longColumn("step").get(row);
        String task = log.stringColumn("task").get(row), metric = log.stringColumn("metric").get(row);
        double value = log.doubleColumn("value").get(row);
        double[] of = sums.computeIfAbsent(task, t -> new double[4]);
        if (metric.equals("trainReturn")) { of[0] += value; of[1]++; }
        // the row before is the return of the same episode
        if (metric.equals("transferredFrom") && value >= 0) { of[2]++; of[3] += log.doubleColumn("value").get(row - 1); }
        if (!metric.equals("testReturn")) continue;
        for (var train : sums.entrySet())
            if (train.getValue()[1] > 0) {
                double[] t = train.getValue();
                csv.append(String.format(Locale.ROOT, "%d,%s,train,%.5g,%.0f,%.0f,%.5g%n", step, train.getKey(), t[0] / t[1], t[1], t[2], t[2] > 0 ? t[3] / t[2] : Double.NaN));
            }
        sums.clear();
        csv.append(String.format(Locale.ROOT, "%d,%s,test,%.5g,,,%n", step, task, value));
    }
    return csv.toString();
}
for (long seed : seeds)
    for (String delay : delays.split(","))
        for (String name : arms) {
            String id = set.replace('/', '-') + "-" + delay + "-" + name + "-" + seed;
            var file = Path.of("experiments/mcat/results/meta-" + id + ".csv");
            if (Files.exists(file)) continue;
            try (var run = MetaTraining.on(TaskSet.published(set + "-delayed-" + delay)).algorithm(known.get(name)).steps(steps).evaluateEvery(10_000).adaptTasks(0).episodes(2).seed(seed)
                    .saveTo("runs/mcat/meta-" + id).listen(new ProgressBar()).run()) {
Files.writeString(file, summary(run.log()));
            }
        }
