// Which task should learn from an episode, where all tasks move alike? PEARL on the four corners of Hindsight Foresight Relabeling.
//   ./metarl jshell experiments/drat/corners.jsh [rules, as none,random,foresight] [seeds, as 1-10]
// Rules: none, random (one other task for each episode), paid (those in which it would have ended at the goal), inverse and advantage (Generalized Hindsight), foresight (HFR).
// Appends to results/corners.csv and skips what is there, by seed and rule. A row: the mean over the tasks of what an episode earns after four episodes of exploration, after so many iterations. Between -20 (nowhere) and about -9.
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
var file = Path.of("experiments/drat/results/corners" + System.getProperty("suffix", "") + ".csv");
if (!Files.exists(file)) Files.writeString(file, "seed,rule,round,return,foreignTasks,foreignEss\n");
for (long seed : seeds)
    for (String rule : names) {
        String key = seed + "," + rule + ",";
        if (Files.readAllLines(file).stream().anyMatch(line -> line.startsWith(key))) continue;
        var returns = new TreeMap<Long, List<Double>>();
        try (var run = MetaTraining.on(tasks).algorithm(settings.relabeller(rules.get(rule))).steps(steps).evaluateEvery(3 * perIteration).shots(4).adaptTasks(4).episodes(2).seed(seed).run()) {
            for (Row row : run.log()) if (row.getString("metric").equals("adaptedReturn")) returns.computeIfAbsent(row.getLong("step"), k -> new ArrayList<>()).add(row.getDouble("value"));
            var rows = new StringBuilder();
            int evaluation = 0;
            for (var at : returns.values()) rows.append(key).append(String.format(Locale.ROOT, "%d,%.4f,,%n", 3 * ++evaluation, Interval.mean(at.stream().mapToDouble(v -> v).toArray())));
            Files.writeString(file, rows, java.nio.file.StandardOpenOption.APPEND);
            System.out.println(String.format(Locale.ROOT, "%s %d: %.1f minutes%n%s", rule, seed, run.seconds() / 60, rows));
        }
    }
