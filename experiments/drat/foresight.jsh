// Does foresight choose better than chance, where all tasks move alike? PEARL on the dense point robot with few steps, and one other task that learns from each episode.
//   ./metarl jshell experiments/drat/foresight.jsh [rules, as none,random,foresight] [seeds, as 1-5]
// Appends to results/foresight.csv and skips what is there, by seed and rule. A row: the mean over ten test tasks of what an episode earns after two episodes of exploration, after so many iterations.
var rules = new LinkedHashMap<String, Relabeller>();
rules.put("none", Relabeller.none());
rules.put("random", Relabeller.random(1));
rules.put("inverse", Relabeller.inverse(1, 19, 200));
rules.put("foresight", Relabeller.foresight(1 / Pearl.pointRobot().rewardScale()));
var names = args.length < 1 || args[0].equals("every") ? List.copyOf(rules.keySet()) : List.of(args[0].split(","));
for (String name : names) if (!rules.containsKey(name)) throw new IllegalArgumentException("the rule is '" + name + "', expected one of " + rules.keySet());
String[] range = (args.length < 2 ? "1-5" : args[1]).split("-");
long[] seeds = LongStream.rangeClosed(Long.parseLong(range[0]), Long.parseLong(range[range.length - 1])).toArray();
int iterations = Integer.getInteger("iterations", 20), every = 2;
var tasks = TaskSet.of(PointRobot.dense()).train(20).test(10).sample(1);
var settings = Pearl.pointRobot().initialSteps(40).tasksPerIteration(5);
long perIteration = (long) settings.tasksPerIteration() * (settings.priorSteps() + settings.posteriorSteps());
long steps = (long) tasks.train().size() * settings.initialSteps() + iterations * perIteration;
var file = Path.of("experiments/drat/results/foresight" + System.getProperty("suffix", "") + ".csv");
if (!Files.exists(file)) Files.writeString(file, "seed,rule,round,return,foreignTasks,foreignEss\n");
for (long seed : seeds)
    for (String rule : names) {
        String key = seed + "," + rule + ",";
        if (Files.readAllLines(file).stream().anyMatch(line -> line.startsWith(key))) continue;
        var returns = new TreeMap<Long, List<Double>>();
        try (var run = MetaTraining.on(tasks).algorithm(settings.relabeller(rules.get(rule))).steps(steps).evaluateEvery(every * perIteration).shots(2).adaptTasks(10).episodes(2).seed(seed).run()) {
            for (Row row : run.log()) if (row.getString("metric").equals("adaptedReturn")) returns.computeIfAbsent(row.getLong("step"), k -> new ArrayList<>()).add(row.getDouble("value"));
            var rows = new StringBuilder();
            int evaluation = 0;
            for (var at : returns.values()) rows.append(key).append(String.format(Locale.ROOT, "%d,%.4f,,%n", every * ++evaluation, Interval.mean(at.stream().mapToDouble(v -> v).toArray())));
            Files.writeString(file, rows, java.nio.file.StandardOpenOption.APPEND);
            System.out.println(String.format(Locale.ROOT, "%s %d: %.1f minutes; %s", rule, seed, run.seconds() / 60, rows.toString().replace('\n', ' ')));
        }
    }
