// Which task should learn from an episode, where all tasks move alike? PEARL on the four corners of Hindsight Foresight Relabeling.
//   ./metarl jshell experiments/drat/corners.jsh [rules, as none,random,foresight] [seeds, as 1-10]
// Rules: none, random (one other task for each episode), paid (those in which it would have ended at the goal), inverse and advantage (Generalized Hindsight), foresight (HFR).
// Writes results/corners-RULE-SEED.csv and skips what is there. A row: the mean over the tasks of what an episode earns after four episodes of exploration, at an evaluation. Between -20 (nowhere) and about -9.
var rules = new LinkedHashMap<String, Relabeller>();
rules.put("none", Relabeller.none());
rules.put("random", Relabeller.random(1));
rules.put("reached", new Relabeller.Paid(-8.7));
rules.put("advantage", Relabeller.advantage(2, 3));
rules.put("inverse", Relabeller.inverse(2, 3, 200));
rules.put("foresight", Relabeller.foresight(1 / Pearl.sparsePoint().rewardScale()));
var names = args.length < 1 || args[0].equals("every") ? List.copyOf(rules.keySet()) : List.of(args[0].split(","));
String[] range = (args.length < 2 ? "1-10" : args[1]).split("-");
long[] seeds = LongStream.rangeClosed(Long.parseLong(range[0]), Long.parseLong(range[range.length - 1])).toArray();
int iterations = 30;
var tasks = TaskSet.published("hfr/four-corners");
var settings = Pearl.sparsePoint().tasksPerIteration(4).initialSteps(200).posteriorSteps(200).updatesPerIteration(500);
long perIteration = (long) settings.tasksPerIteration() * (settings.priorSteps() + settings.posteriorSteps());
long steps = (long) tasks.train().size() * settings.initialSteps() + iterations * perIteration;
for (long seed : seeds)
    for (String rule : names) {
        var file = Path.of("experiments/drat/results/corners-" + rule + "-" + seed + ".csv");
        if (Files.exists(file)) continue;
        var returns = new TreeMap<Long, List<Double>>();
        try (var run = MetaTraining.on(tasks).algorithm(settings.relabeller(rules.get(rule))).steps(steps).evaluateEvery(3 * perIteration).shots(4).adaptTasks(4).episodes(2).seed(seed).run()) {
            for (Row row : run.log()) if (row.getString("metric").equals("adaptedReturn")) returns.computeIfAbsent(row.getLong("step"), k -> new ArrayList<>()).add(row.getDouble("value"));
            var csv = new StringBuilder("step,return\n");
            for (var at : returns.entrySet()) csv.append(String.format(Locale.ROOT, "%d,%.4f%n", at.getKey(), Interval.mean(at.getValue().stream().mapToDouble(v -> v).toArray())));
            Files.writeString(file, csv);
            System.out.println(String.format(Locale.ROOT, "%s %d: %.1f minutes%n%s", rule, seed, run.seconds() / 60, csv));
        }
    }
