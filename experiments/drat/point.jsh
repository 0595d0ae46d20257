// Whose experience may a task learn from, when networks learn and ratios of dynamics are learned, too? PEARL on the sparse point with opposite or turned controls.
//   ./metarl jshell experiments/drat/point.jsh [sign|turned] [rules, as none,paid,ratio] [seeds, as 1-10]
// Rules: none, all, paid, half (paid, with halved targets), ratio (paid, each step weighted by the learned ratio), all-ratio (all, so weighted). Writes results/point-BED-RULE-SEED.csv and skips what is there.
// A row: the mean over the tasks of what an episode earns after four episodes of exploration, at an evaluation.
var bed = args.length < 1 ? "sign" : args[0];
var rules = new LinkedHashMap<String, Relabeller>();
rules.put("none", Relabeller.none());
rules.put("all", Relabeller.all());
rules.put("paid", Relabeller.paid());
rules.put("half", Relabeller.paid().halved());
rules.put("ratio", Relabeller.paid().weighted(5));
rules.put("all-ratio", Relabeller.all().weighted(5));
var names = args.length < 2 || args[1].equals("every") ? List.copyOf(rules.keySet()) : List.of(args[1].split(","));
String[] range = (args.length < 3 ? "1-10" : args[2]).split("-");
long[] seeds = LongStream.rangeClosed(Long.parseLong(range[0]), Long.parseLong(range[range.length - 1])).toArray();
int iterations = 30;
var tasks = TaskSet.published("drat/point-" + bed);
// tasks differ in how they move, so the encoder sees the next observation
var settings = Pearl.sparsePoint().withNextObservation().shaped(false).initialSteps(200).posteriorSteps(200).updatesPerIteration(500);
long perIteration = (long) settings.tasksPerIteration() * (settings.priorSteps() + settings.posteriorSteps());
long steps = (long) tasks.train().size() * settings.initialSteps() + iterations * perIteration;
for (long seed : seeds)
    for (String rule : names) {
        var file = Path.of("experiments/drat/results/point-" + bed + "-" + rule + "-" + seed + ".csv");
        if (Files.exists(file)) continue;
        var csv = new StringBuilder("step,return,foreignEss\n");
        try (var run = MetaTraining.on(tasks).algorithm(settings.relabeller(rules.get(rule))).steps(steps).evaluateEvery(3 * perIteration).shots(4).adaptTasks(tasks.test().size()).episodes(2).seed(seed).run()) {
            var shares = new ArrayList<Double>();
            var returns = new TreeMap<Long, List<Double>>();
            var ess = new TreeMap<Long, Double>();
            for (Row row : run.log()) {
                if (row.getString("metric").equals("foreignEss")) shares.add(row.getDouble("value"));
                if (!row.getString("metric").equals("adaptedReturn")) continue;
                returns.computeIfAbsent(row.getLong("step"), k -> new ArrayList<>()).add(row.getDouble("value"));
                ess.computeIfAbsent(row.getLong("step"), k -> shares.stream().mapToDouble(v -> v).average().orElse(Double.NaN));
                shares.clear();
            }
            for (var at : returns.entrySet()) {
                double[] values = at.getValue().stream().mapToDouble(v -> v).toArray();
                csv.append(String.format(Locale.ROOT, "%d,%.4f,%.4f%n", at.getKey(), Interval.mean(values), ess.get(at.getKey())));
            }
            Files.writeString(file, csv);
            System.out.println(String.format(Locale.ROOT, "%s %s %d: %.1f minutes%n%s", bed, rule, seed, run.seconds() / 60, csv));
        }
    }
