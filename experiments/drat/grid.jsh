// Whose experience may a task learn from, where tasks move differently? Q-learning by tables on GoalGrid under sixteen rules; writes results/grid.csv, skips what is there, then prints a table.
//   ./metarl jshell experiments/drat/grid.jsh [shifts] [seeds, as 1-30] [updates per task and episode]
// A row: the exact value of the greedy policy, mean over the tasks, after 80 and after 800 episodes of all tasks together; ties that are left are broken at random.
var shifts = args.length < 1 ? List.of(GoalGrid.Shift.values()) : Arrays.stream(args[0].split(",")).map(GoalGrid.Shift::valueOf).toList();
String[] range = (args.length < 2 ? "1-30" : args[1]).split("-");
long[] seeds = LongStream.rangeClosed(Long.parseLong(range[0]), Long.parseLong(range[range.length - 1])).toArray();
int updates = args.length < 3 ? 10 : Integer.parseInt(args[2]), episodes = 800;
var known = TabularQ.goalGrid().ratios(TabularQ.Ratios.KNOWN).updatesPerTask(updates);
var rules = new LinkedHashMap<String, TabularQ>();
rules.put("no transfer", known);
rules.put("all", known.relabeller(Relabeller.all()));
rules.put("all, halved", known.relabeller(Relabeller.all().halved()));
rules.put("all, by ratio", known.relabeller(Relabeller.all().weighted(5)));
rules.put("paid", known.relabeller(Relabeller.paid()));
rules.put("paid, halved", known.relabeller(Relabeller.paid().halved()));
rules.put("paid, by ratio", known.relabeller(Relabeller.paid().weighted(5)));
rules.put("slides' optimum, halved", known.relabeller(Relabeller.doublyRobust(Hindsight.Form.SLIDES_OPTIMUM, 5).halved()));
rules.put("tight", known.relabeller(Relabeller.doublyRobust(Hindsight.Form.TIGHT, 5)));
rules.put("several steps, ratio 1, halved", known.relabeller(Relabeller.doublyRobust(Hindsight.Form.ONES, 5).halved()));
rules.put("several steps, by ratio", known.relabeller(Relabeller.doublyRobust(Hindsight.Form.RATIOS, 5).weighted(5)));
rules.put("paid, by counts", known.relabeller(Relabeller.paid().weighted(5)).ratios(TabularQ.Ratios.COUNTED));
rules.put("best by advantage", known.relabeller(Relabeller.advantage(2, 100)));
rules.put("best by rank", known.relabeller(Relabeller.inverse(2, 100, 200)));
rules.put("best by rank, by ratio", known.relabeller(Relabeller.inverse(2, 100, 200).weighted(5)));
rules.put("paid, by counts, cautious", known.relabeller(Relabeller.paid().weighted(5)).ratios(TabularQ.Ratios.COUNTED_CAUTIOUSLY));
double[] oneHot(int s, int n) { double[] x = new double[n]; x[s] = 1; return x; }
/** The exact value of what the policy does in a task, from the start. */
double value(Policy policy, Task task, int number, TabularProcess process, long seed) {
    int states = process.states(), actions = process.actions();
    double[][] seen = IntStream.range(0, states).mapToObj(s -> oneHot(s, states)).toArray(double[][]::new);
    int[] numbers = new int[states];
    Arrays.fill(numbers, number);
    double[][] done = policy.start(numbers, RandomStream.of(seed, "ties")).act(seen), table = new double[states][actions];
    for (int s = 0; s < states; s++) table[s][(int) done[s][0]] = 1;
    return process.atStart(process.values(table));
}
double[] run(TabularQ settings, List<Task> tasks, long seed) {
    var processes = tasks.stream().map(t -> TabularProcess.of(t, settings.discount())).toList();
    double[] found = new double[2];
    var random = RandomStream.of(seed, "collection");
    try (var learner = settings.learner(Problem.of(tasks), seed)) {
        for (int e = 1; e <= episodes; e++) {
            learner.store(Rollout.of(learner.plan(), tasks, random.split("round " + e)));
            while (learner.isDue()) learner.update();
            if (e == episodes / 10 || e == episodes) {
                for (int j = 0; j < tasks.size(); j++) found[e == episodes ? 1 : 0] += value(learner.policy(), tasks.get(j), j, processes.get(j), seed) / tasks.size();
            }
        }
    }
    return found;
}
String file = "experiments/drat/results/grid" + (updates == 10 ? "" : "-" + updates) + ".csv";
var done = new LinkedHashMap<String, String>();
if (Files.exists(Path.of(file))) for (String line : Files.readAllLines(Path.of(file))) if (!line.startsWith("shift")) done.put(line.substring(0, line.lastIndexOf(',', line.lastIndexOf(',') - 1)), line);
for (var shift : shifts)
    for (var rule : rules.entrySet()) {
        for (long seed : seeds) {
            String key = shift + ",\"" + rule.getKey() + "\"," + seed;
            if (done.containsKey(key)) continue;
            double[] v = run(rule.getValue(), new GoalGrid(shift).all(), seed);
            done.put(key, key + String.format(Locale.ROOT, ",%.4f,%.4f", v[0], v[1]));
        }
        Files.writeString(Path.of(file), "shift,rule,seed,early,end\n" + String.join("\n", done.values()) + "\n");
        double[] early = new double[seeds.length], end = new double[seeds.length];
        for (int i = 0; i < seeds.length; i++) {
            String[] cells = done.get(shift + ",\"" + rule.getKey() + "\"," + seeds[i]).split(",");
            early[i] = Double.parseDouble(cells[cells.length - 2]); end[i] = Double.parseDouble(cells[cells.length - 1]);
        }
        System.out.println(shift + ", " + rule.getKey() + ": " + Interval.ofFew(early) + " / " + Interval.ofFew(end));
    }
