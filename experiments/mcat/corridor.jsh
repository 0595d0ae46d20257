// Does a policy that has learned one task help in the others? Four points whose controls are rotated by 0, 90, 180 and 270 degrees, in a corridor with a bend: who reaches its end is paid
// 10, and who leaves it is out. In one task a point starts anywhere in the corridor, so that random actions find the end; in the others it starts at the beginning, and they do not.
// No direction that is held leads to the end: a policy whose actions drift while it learns the first task does not find the others by luck alone, as it does on open ground (an older bed).
//   ./metarl jshell experiments/mcat/corridor.jsh [seeds] [methods, such as "MCAT,without transfer"]
// Settings were chosen on seeds 11 to 14; the ten seeds that count were fixed after that. Counted is the mean return of the episodes that were collected in the three far tasks, and the
// mean return of the learned policy there over all evaluations. Started again, it resumes. Writes results/corridor.csv (by method, seed and task: episodes collected, by transferred
// policies, their returns, and the returns of the learned policy) and keeps the logs in runs/mcat/corridor-METHOD-SEED.
var seeds = args.length < 1 ? LongStream.rangeClosed(21, 30).toArray() : Arrays.stream(args[0].split(",")).mapToLong(Long::parseLong).toArray();
int steps = 20_000, every = 2_000;
double bend = 1.6, half = 0.45, step = 0.15, pay = 10;
boolean inside(double x, double y) {
    return x > -half && x < bend + half && Math.abs(y) < half || Math.abs(x - bend) < half && y > -half && y < bend + half;
}
boolean isEnd(double x, double y) { return inside(x, y) && y > bend - 0.1; }
// start 0: at the beginning; 1: anywhere in the corridor
var family = Family.define("corridor").described("A point whose controls are rotated is paid for reaching the end of a corridor with a bend.")
    .parameter("angle", "rad", -Math.PI, Math.PI, Parameter.Changes.DYNAMICS).parameter("start", "", 0, 1, Parameter.Changes.DYNAMICS)
    .dynamics(task -> Dynamics.of("x (m)", "y (m)").acting(Space.box(2, 1))
        .starting(random -> {
            double along = task.value(1) * random.nextDouble(0, 2 * bend - 0.2), aside = random.nextDouble(-0.1, 0.1);
            return along < bend ? new double[] {along, aside} : new double[] {bend + aside, along - bend};
        })
        .moving((s, a) -> {
            double cos = step * Math.cos(task.value(0)), sin = step * Math.sin(task.value(0));
            return new double[] {s[0] + cos * a[0] - sin * a[1], s[1] + sin * a[0] + cos * a[1]};
        })
        .ending(s -> !inside(s[0], s[1]) || isEnd(s[0], s[1])))
    .lasting(50).paying((task, outcome, action) -> isEnd(outcome[0], outcome[1]) ? pay : 0).register();
var train = List.of(family.task(0, 1), family.task(Math.PI / 2, 0), family.task(Math.PI, 0), family.task(-Math.PI / 2, 0));
// judged on the tasks that are learned: how an unknown rotation is read is not the question here
var tasks = TaskSet.of(train, train);
var mcat = Mcat.small().base(b -> b.hidden(64).batchSize(64).learningRate(1e-3).discount(0.97).targetRate(0.01).randomSteps(2_000).episodesPerRound(4).replayCapacity(100_000))
    .model(m -> m.contextSize(4).history(4).ahead(4).hidden(64).batchSize(64)).modelEvery(1_000).modelUpdates(700).translatorUpdates(700)
    .translator(t -> t.objective(ActionTranslator.Objective.DISTANCE).batchSize(64)).policyPenalty(0.03);
var methods = new LinkedHashMap<String, Mcat>();
methods.put("MCAT", mcat);
methods.put("without transfer", mcat.withoutTransfer());
methods.put("without penalty", mcat.policyPenalty(0));
if (args.length > 1) methods.keySet().retainAll(List.of(args[1].split(",")));

Files.createDirectories(Path.of("experiments/mcat/results"));
var csv = new StringBuilder("method,seed,hash,task,collected,episodes,transferred,transferredReturn,learned\n");
var collected = new TreeMap<String, List<Double>>();
var learned = new TreeMap<String, List<Double>>();
for (long seed : seeds)
    for (var method : methods.entrySet())
        try (var run = MetaTraining.on(tasks).algorithm(method.getValue()).steps(steps).evaluateEvery(every).episodes(5).seed(seed)
                .saveTo("runs/mcat/corridor-" + method.getKey().replace(' ', '-') + "-" + seed).run()) {
            var log = run.log();
            double far = 0, tested = 0;
            for (int i = 0; i < train.size(); i++) {
                String label = train.get(i).label();
                double paid = 0, episodes = 0, transferred = 0, earned = 0, tests = 0, evaluations = 0;
                for (int row = 0; row < log.rowCount(); row++) {
                    if (!log.stringColumn("task").get(row).equals(label)) continue;
                    double value = log.doubleColumn("value").get(row);
                    String metric = log.stringColumn("metric").get(row);
                    if (metric.equals("trainReturn")) { episodes++; paid += value; }
                    // the row before is the return of the same episode
                    if (metric.equals("transferredFrom") && value >= 0) { transferred++; earned += log.doubleColumn("value").get(row - 1); }
                    if (metric.equals("testReturn")) { evaluations++; tests += value; }
                }
                csv.append(String.format(Locale.ROOT, "%s,%d,%s,%s,%.4g,%.0f,%.0f,%.4g,%.4g%n", method.getKey(), seed, tasks.hash(), label.replace(", ", ";"), paid / episodes, episodes, transferred, transferred > 0 ? earned / transferred : Double.NaN, tests / evaluations));
                if (i > 0) { far += paid / episodes / 3; tested += tests / evaluations / 3; }
            }
            collected.computeIfAbsent(method.getKey(), m -> new ArrayList<>()).add(far);
            learned.computeIfAbsent(method.getKey(), m -> new ArrayList<>()).add(tested);
            System.out.println(String.format(Locale.ROOT, "%s, seed %d: in the three far tasks episodes earned %.2f while they were collected, the learned policy %.2f; %.1f minutes", method.getKey(), seed, far, tested, run.seconds() / 60));
            Files.writeString(Path.of("experiments/mcat/results/corridor.csv"), csv);
        }
for (String other : methods.keySet().stream().skip(1).toList())
    for (var of : Map.of("episodes as they were collected", collected, "learned policy", learned).entrySet()) {
        double[] gains = IntStream.range(0, seeds.length).mapToDouble(i -> of.getValue().get("MCAT").get(i) - of.getValue().get(other).get(i)).toArray();
        System.out.println("MCAT less " + other + ", " + of.getKey() + ": " + (gains.length > 1 ? Interval.ofFew(gains).toString() : gains[0] + ""));
    }
