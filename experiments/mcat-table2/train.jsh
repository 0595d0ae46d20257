// Table 2 of MCAT: five methods on five families of bodies, rewards paid every 500 steps. MCAT without transfer stands beside them, as in Table 3.
//   ./metarl jshell experiments/mcat-table2/train.jsh [methods] [families] [seeds] [steps]
//   ./metarl jshell experiments/mcat-table2/train.jsh mcat,pearl hopper-size,ant-cripple 1,2,3 80000
// Started again, it resumes, and prolongs runs that have fewer steps. The paper's runs make 2,000,000 steps. Then results.jsh makes the page.
// A run writes results/FAMILY-METHOD-SEED.csv: at every evaluation a row per test task (what the policy earns; "adapted": after two episodes of exploration, of methods that adapt),
// and per train task the mean return of the episodes collected since the last one. The share of episodes by transferred policies is MCAT's alone.
//
// One protocol: networks of 2 × 128 numbers, a learning rate of 1e-3, an update per two steps on about 128 steps of all tasks together, 2,000 random steps per task.
// What is left is what makes a method: its losses, its kind of context, what it knows of the task.
var methods = args.length < 1 ? List.of("mql", "pearl", "distral", "hip-bmdp", "mcat", "mcat-none") : List.of(args[0].split(","));
var families = args.length < 2 ? List.of("hopper-size", "cheetah-armature", "cheetah-mass", "ant-damping", "ant-cripple") : List.of(args[1].split(","));
long[] seeds = args.length < 3 ? new long[] {1, 2, 3} : Arrays.stream(args[2].split(",")).mapToLong(Long::parseLong).toArray();
long steps = args.length < 4 ? 80_000 : Long.parseLong(args[3]);
int evaluations = 20_000;
Files.createDirectories(Path.of("experiments/mcat-table2/results"));

/** The settings by name, for a number of tasks, each of which has the same share of a batch and of the random steps. */
Map<String, Algorithm> settings(int tasks) {
    int random = 2_000 * tasks, episode = 1_000;
    UnaryOperator<Sac> sac = b -> b.hidden(128).learningRate(1e-3).temperature(0.1).randomSteps(random).updatesPerStep(0.5).episodesPerRound(tasks).replayCapacity(500_000);
    var mcat = Mcat.small().base(b -> b.randomSteps(random).episodesPerRound(tasks));
    var mql = Mql.defaults().base(b -> b.hidden(128).learningRate(1e-3).batchSize(128).policyDelay(2).explorationNoise(0.1).targetNoise(0.2).contextLength(10).randomSteps(random).updatesPerStep(0.5)
        .episodesPerRound(tasks).replayCapacity(500_000));
    // tasks differ in how they move, so the encoder sees the next observation
    var pearl = Pearl.quickCheetah().withNextObservation().hidden(128).learningRate(1e-3).batchSize(32).tasksPerUpdate(4).tasksPerIteration(tasks).initialSteps(2_000).priorSteps(episode)
        .posteriorSteps(episode).updatesPerIteration(episode * tasks).replayCapacity(500_000);
    // of each task; its updates are per step of one task, so that as many steps are learned from
    var distral = Distral.asShippedByMtrl().base(b -> sac.apply(b).batchSize(128));
    var hip = HipBmdp.small().base(b -> sac.apply(b).batchSize(128));
    return Map.of("mql", mql, "pearl", pearl, "distral", distral, "hip-bmdp", hip, "mcat", mcat, "mcat-none", mcat.transfer(false));
}
for (String name : methods) if (!settings(5).containsKey(name)) throw new IllegalArgumentException("the method is '" + name + "', expected one of " + new TreeSet<>(settings(5).keySet()));

String summary(Table log) {
    var csv = new StringBuilder("step,task,kind,return,episodes,transferred\n");
    var sums = new TreeMap<String, double[]>();
    for (Row row : log) {
        String task = row.getString("task"), metric = row.getString("metric");
        double value = row.getDouble("value");
        long step = row.getLong("step");
        double[] of = sums.computeIfAbsent(task, t -> new double[3]);
        if (metric.equals("trainReturn")) { of[0] += value; of[1]++; }
        if (metric.equals("transferredFrom") && value >= 0) of[2]++;
        if (!metric.equals("testReturn") && !metric.equals("adaptedReturn")) continue;
        for (var train : sums.entrySet())
            if (train.getValue()[1] > 0) csv.append(String.format(Locale.ROOT, "%d,%s,train,%.5g,%.0f,%.0f%n", step, train.getKey(), train.getValue()[0] / train.getValue()[1], train.getValue()[1], train.getValue()[2]));
        sums.clear();
        csv.append(String.format(Locale.ROOT, "%d,%s,%s,%.5g,,%n", step, task, metric.equals("testReturn") ? "test" : "adapted", value));
    }
    return csv.toString();
}

/** 0 where there is none. */
long stepsIn(Path csv) throws Exception {
    if (!Files.exists(csv)) return 0;
    var lines = Files.readAllLines(csv);
    return Long.parseLong(lines.get(lines.size() - 1).split(",")[0]);
}

// the methods of one family and seed one after another, so that a comparison is whole as early as it can be
for (long seed : seeds)
    for (String family : families)
        for (String method : methods) {
            String id = family + "-" + method + "-" + seed;
            var file = Path.of("experiments/mcat-table2/results/" + id + ".csv");
            if (stepsIn(file) >= steps) continue;
            var tasks = TaskSet.published("mcat/" + family + "-delayed-500");
            var algorithm = settings(tasks.train().size()).get(method);
            boolean explores = method.equals("mql") || method.equals("pearl");
            try (var run = MetaTraining.on(tasks).algorithm(algorithm).steps(steps).evaluateEvery(evaluations).shots(explores ? 2 : 0).adaptTasks(explores ? tasks.test().size() : 0).episodes(1).seed(seed)
                    .saveTo("runs/mcat-table2/" + id).listen(new ProgressBar()).run()) {
                Files.writeString(file, summary(run.log()));
                System.out.println(String.format(Locale.ROOT, "%n%s: %,d steps, %.1f minutes", id, run.steps(), run.seconds() / 60));
            }
        }
