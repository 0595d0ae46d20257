// Does a policy that has learned one task help in the others? Four points whose controls are rotated; all are paid late for being far to the right. One starts near to where that
// begins, so that random actions find it; the others hardly ever do (it lies three deviations of a random walk away).
// Transferred policies earn there (2.5 to 5 of 7.9 on average), and the learned policy does not take it over: where every action pays 0 for long, the actor of TD3 ends in a corner of
// tanh (seen in the one run that was looked at: (1, 1) at every step of every task), and its gradient is 0 when the reward comes at last.
// So 12 000 steps show no difference between MCAT and MCAT without transfer (3 seeds: -0.34 [-5.2, 4.5]).
//   ./metarl jshell experiments/mcat/points.jsh [seeds]
// Started again, it resumes. Writes results/points.csv: the return of the learned policy in every train task as it is learned, and who collected; returns are at most 16.5 and 7.9.
var seeds = args.length < 1 ? new long[] {1, 2, 3} : Arrays.stream(args[0].split(",")).mapToLong(Long::parseLong).toArray();
int steps = 12_000, every = 2_000;
double away = 0.8, step = 0.1, near = 0.6;
var family = Family.define("far-point").described("A point whose controls are rotated is paid for being far to the right.")
    .parameter("angle", "rad", -Math.PI, Math.PI, Parameter.Changes.DYNAMICS).parameter("start", "m", 0, 1, Parameter.Changes.DYNAMICS)
    .dynamics(task -> Dynamics.of("x (m)", "y (m)").acting(Space.box(2, 1))
        .starting(random -> new double[] {task.value(1) + random.nextDouble(-step, step), random.nextDouble(-step, step)})
        .moving((s, a) -> {
            double cos = step * Math.cos(task.value(0)), sin = step * Math.sin(task.value(0));
            return new double[] {s[0] + cos * a[0] - sin * a[1], s[1] + sin * a[0] + cos * a[1]};
        }))
    .lasting(20).paying((task, outcome, action) -> Math.max(0, outcome[0] - away)).register().delayed(20);
var train = List.of(family.task(0, near), family.task(Math.PI / 2, 0), family.task(Math.PI, 0), family.task(-Math.PI / 2, 0));
// judged on the tasks that are learned: how an unknown rotation is read is not the question here
var tasks = TaskSet.of(train, train);
var mcat = Mcat.small().base(b -> b.hidden(64).batchSize(64).discount(0.97).targetRate(0.01).randomSteps(2_000).episodesPerRound(4).replayCapacity(100_000))
    .model(m -> m.contextSize(4).history(4).ahead(4).hidden(64).batchSize(64)).modelEvery(2_000).modelUpdates(1_000).translatorUpdates(500)
    .translator(t -> t.objective(ActionTranslator.Objective.DISTANCE).batchSize(64));
var methods = new LinkedHashMap<String, Mcat>();
methods.put("MCAT", mcat);
methods.put("without transfer", mcat.withoutTransfer());

Files.createDirectories(Path.of("experiments/mcat/results"));
var csv = new StringBuilder("method,seed,steps,hash,task,return,episodes,transferred,transferredReturn\n");
var last = new TreeMap<String, List<Double>>();
for (long seed : seeds)
    for (var method : methods.entrySet())
        try (var run = MetaTraining.on(tasks).algorithm(method.getValue()).steps(steps).evaluateEvery(every).episodes(5).seed(seed)
                .saveTo("runs/mcat/points-" + method.getKey().replace(' ', '-') + "-" + seed).run()) {
            var log = run.log();
            double hard = 0;
            for (int i = 0; i < train.size(); i++) {
                String label = train.get(i).label();
                double[] of = new double[3];
                for (int row = 0; row < log.rowCount(); row++) {
                    if (!log.stringColumn("task").get(row).equals(label)) continue;
                    double value = log.doubleColumn("value").get(row);
                    switch (log.stringColumn("metric").get(row)) {
                        case "trainReturn" -> of[0]++;
                        // the row before is the return of the same episode
                        case "transferredFrom" -> { if (value >= 0) { of[1]++; of[2] += log.doubleColumn("value").get(row - 1); } }
                        case "testReturn" -> {
                            csv.append(String.format(Locale.ROOT, "%s,%d,%d,%s,%s,%.4g,%.0f,%.0f,%.4g%n", method.getKey(), seed, log.longColumn("step").get(row), tasks.hash(), label.replace(", ", ";"), value, of[0], of[1], of[2] / of[1]));
                            if (i > 0 && log.longColumn("step").get(row) == run.steps()) hard += value / (train.size() - 1);
                        }
                        default -> { }
                    }
                }
            }
            last.computeIfAbsent(method.getKey(), m -> new ArrayList<>()).add(hard);
            System.out.println(String.format(Locale.ROOT, "%s, seed %d: %.2f in the three tasks that are far, %.1f minutes", method.getKey(), seed, hard, run.seconds() / 60));
            Files.writeString(Path.of("experiments/mcat/results/points.csv"), csv);
        }
double[] gains = IntStream.range(0, seeds.length).mapToDouble(i -> last.get("MCAT").get(i) - last.get("without transfer").get(i)).toArray();
System.out.println("MCAT less without transfer: " + (gains.length > 1 ? Interval.ofFew(gains).toString() : gains[0] + ""));
