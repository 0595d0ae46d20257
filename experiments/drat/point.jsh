// Whose experience may a task learn from, when networks learn, and learn the ratios of dynamics, too? Soft actor-critic for every task (Distral without its prior) on the point with opposite or turned controls.
// Or which task should learn, where all move alike: the four corners of Hindsight Foresight Relabeling.
//   ./metarl jshell experiments/drat/point.jsh [sign|turned|corners] [rules, as none,paid,paid-ratio] [seeds, as 1-10]
// Writes results/point-BED.csv and skips what is there, by seed and rule. A row: the mean over the tasks of the return of an episode without noise (start, goals and moves are fixed, so one episode says it), after so many rounds of one episode per task.
var bed = args.length < 1 ? "sign" : args[0];
var rules = new LinkedHashMap<String, Relabeller>();
rules.put("none", Relabeller.none());
rules.put("random", Relabeller.random(1));
rules.put("all", Relabeller.all());
rules.put("all-half", Relabeller.all().halved());
rules.put("all-ratio", Relabeller.all().weighted(5));
rules.put("paid", Relabeller.paid());
rules.put("paid-half", Relabeller.paid().halved());
rules.put("paid-ratio", Relabeller.paid().weighted(5));
rules.put("paid-trusted", Relabeller.paid().weighted(5).trusted(0.5));
rules.put("paid-capped", Relabeller.paid().weighted(1).trusted(0.5));
// an episode of 20 steps that does not end at the corner has a discounted return of at most -8.78
rules.put("reached", new Relabeller.Paid(-8.78));
rules.put("advantage", Relabeller.advantage(2, 3));
rules.put("inverse", Relabeller.inverse(2, 3, 200));
rules.put("drat-ratio", Relabeller.doublyRobust(Hindsight.Form.RATIOS, 5).weighted(5));
rules.put("drat-capped", Relabeller.doublyRobust(Hindsight.Form.RATIOS, 5).weighted(1).trusted(0.5));
rules.put("drat-interval", Relabeller.doublyRobust(Hindsight.Form.TIGHT_INTERVAL, 5).weighted(1).trusted(0.5));
rules.put("drat-slides", Relabeller.doublyRobust(Hindsight.Form.INTERVAL, 5).weighted(1).trusted(0.5));
var names = args.length < 2 || args[1].equals("every") ? List.copyOf(rules.keySet()) : List.of(args[1].split(","));
for (String name : names) if (!rules.containsKey(name)) throw new IllegalArgumentException("the rule is '" + name + "', expected one of " + rules.keySet());
String[] range = (args.length < 3 ? "1-10" : args[2]).split("-");
long[] seeds = LongStream.rangeClosed(Long.parseLong(range[0]), Long.parseLong(range[range.length - 1])).toArray();
var tasks = TaskSet.published(bed.equals("corners") ? "hfr/four-corners" : "drat/point-" + bed).train();
int rounds = Integer.getInteger("rounds", bed.equals("turned") ? 120 : 200), every = 10;
var settings = Distral.published(0, 20).base(b -> b.hidden(64).learningRate(1e-3).discount(0.9).targetRate(0.01).batchSize(32).randomSteps(100 * tasks.size()).updatesPerStep(0.5).episodesPerRound(tasks.size()).replayCapacity(500_000))
    .base(b -> bed.equals("corners") ? b.updatesPerStep(Double.parseDouble(System.getProperty("ups", "2"))).targetRate(0.02) : b)
    .ratios(new LearnedRatios.Settings(Integer.getInteger("window", 300), Integer.getInteger("every", 100), DynamicsRatio.Features.QUADRATIC, Double.parseDouble(System.getProperty("strength", "10")), 0));
TreeMap<Integer, double[]> run(Distral algorithm, long seed) {
    var found = new TreeMap<Integer, double[]>();
    var random = RandomStream.of(seed, "collection");
    double ess = Double.NaN, foreign = 0;
    try (var learner = algorithm.learner(Problem.of(tasks), seed)) {
        for (int round = 1; round <= rounds; round++) {
            // trembling about the start never reaches a corner; an action that is held for an episode does now and then
            var plan = bed.equals("corners") && round <= Integer.getInteger("held", 20) ? Plan.of(Policy.held(2), IntStream.range(0, tasks.size()).toArray()) : learner.plan();
            learner.store(Rollout.of(plan, tasks, random.split("round " + round)));
            while (learner.isDue()) {
                var numbers = learner.update();
                ess = numbers.getOrDefault("foreignEss", Double.NaN);
                foreign = numbers.getOrDefault("foreignTasks", 0.0);
            }
            if (round % every != 0) continue;
            double sum = 0;
            for (int j = 0; j < tasks.size(); j++) {
                var one = new Plan(List.of(new Plan.Seat(j, learner.policy(), 1, Integer.MAX_VALUE, "")), 0);
                sum += Rollout.of(one, tasks, random.split("evaluation " + round)).get(0).totalReward() / tasks.size();
            }
            found.put(round, new double[] {sum, foreign, ess});
        }
    }
    return found;
}
var file = Path.of("experiments/drat/results/point-" + bed + System.getProperty("suffix", "") + ".csv");
String header = "seed,rule,round,return,foreignTasks,foreignEss\n";
if (!Files.exists(file)) Files.writeString(file, header);
for (long seed : seeds)
    for (String rule : names) {
        String key = seed + "," + rule + ",";
        if (Files.readAllLines(file).stream().anyMatch(line -> line.startsWith(key))) continue;
        long begin = System.nanoTime();
        var found = run(settings.relabeller(rules.get(rule)), seed);
        var rows = new StringBuilder();
        for (var at : found.entrySet()) rows.append(key).append(String.format(Locale.ROOT, "%d,%.4f,%.0f,%.4f%n", at.getKey(), at.getValue()[0], at.getValue()[1], at.getValue()[2]));
        Files.writeString(file, rows, java.nio.file.StandardOpenOption.APPEND);
        System.out.println(String.format(Locale.ROOT, "%s %s %d: %.0f s; %s", bed, rule, seed, (System.nanoTime() - begin) / 1e9, found.entrySet().stream().map(e -> String.format(Locale.ROOT, "%d: %.2f", e.getKey(), e.getValue()[0])).collect(Collectors.joining(" "))));
    }
