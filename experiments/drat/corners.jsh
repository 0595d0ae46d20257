// Does foresight choose better than chance in the four corners of Hindsight Foresight Relabeling? PEARL, and one other task that learns from each episode.
//   ./metarl jshell experiments/drat/corners.jsh [rules, as none,random,foresight] [seeds, as 1-10]
// Appends to results/corners.csv and skips what is there, by seed and rule. A row: the mean over the four tasks of what an episode earns after two episodes of exploration, after so many iterations.
double number(String name, double usual) {
    return Double.parseDouble(System.getProperty(name, "" + usual));
}
double scale = number("scale", 2), discount = number("discount", 0.95);
var rules = new LinkedHashMap<String, Relabeller>();
rules.put("none", Relabeller.none());
rules.put("random", Relabeller.random(1));
rules.put("all", Relabeller.all());
rules.put("inverse", Relabeller.inverse(1, 3, 200));
rules.put("foresight", Relabeller.foresight(number("temperature", 1 / scale)));
var names = args.length < 1 || args[0].equals("every") ? List.copyOf(rules.keySet()) : List.of(args[0].split(","));
for (String name : names) if (!rules.containsKey(name)) throw new IllegalArgumentException("the rule is '" + name + "', expected one of " + rules.keySet());
String[] range = (args.length < 2 ? "1-10" : args[1]).split("-");
long[] seeds = LongStream.rangeClosed(Long.parseLong(range[0]), Long.parseLong(range[range.length - 1])).toArray();
int iterations = Integer.getInteger("iterations", 20), every = 2;
var tasks = TaskSet.published("hfr/four-corners");
var settings = Pearl.pointRobot().rewardScale(scale).discount(discount).klWeight(number("kl", 0.1)).heldStart(true).initialSteps(Integer.getInteger("initial", 400)).tasksPerIteration(4).tasksPerUpdate(4).batchSize(64).priorSteps(Integer.getInteger("prior", 100)).posteriorSteps(Integer.getInteger("posterior", 100)).updatesPerIteration(Integer.getInteger("updates", 400));
long perIteration = (long) settings.tasksPerIteration() * (settings.priorSteps() + settings.posteriorSteps());
long steps = (long) tasks.train().size() * settings.initialSteps() + iterations * perIteration;
var file = Path.of("experiments/drat/results/corners" + System.getProperty("suffix", "") + ".csv");
if (!Files.exists(file)) Files.writeString(file, "seed,rule,round,return,foreignTasks,foreignEss\n");
for (long seed : seeds)
    for (String rule : names) {
        String key = seed + "," + rule + ",";
        if (Files.readAllLines(file).stream().anyMatch(line -> line.startsWith(key))) continue;
        var returns = new TreeMap<Long, List<Double>>();
        try (var run = MetaTraining.on(tasks).algorithm(settings.relabeller(rules.get(rule))).steps(steps).evaluateEvery(every * perIteration).shots(2).adaptTasks(4).episodes(4).seed(seed).run()) {
            for (Row row : run.log()) if (row.getString("metric").equals("adaptedReturn")) returns.computeIfAbsent(row.getLong("step"), k -> new ArrayList<>()).add(row.getDouble("value"));
            var rows = new StringBuilder();
            int evaluation = 0;
            for (var at : returns.values()) rows.append(key).append(String.format(Locale.ROOT, "%d,%.4f,,%n", every * ++evaluation, Interval.mean(at.stream().mapToDouble(v -> v).toArray())));
            Files.writeString(file, rows, java.nio.file.StandardOpenOption.APPEND);
            System.out.println(String.format(Locale.ROOT, "%s %d: %.1f minutes; %s", rule, seed, run.seconds() / 60, returns.values().stream().map(v -> String.format(Locale.ROOT, "%.1f", Interval.mean(v.stream().mapToDouble(x -> x).toArray()))).collect(Collectors.joining(" "))));
        }
    }
