// Whose experience may a task learn from, on bodies that differ? Soft actor-critic for every task (Distral without its prior) on HalfCheetah: three speeds, rewarded only near the asked one, on each of two bodies.
//   ./metarl jshell experiments/drat/cheetah.jsh [rules, as none,paid,paid-ratio] [seeds, as 1-3] [rounds]
// A round is an episode of 200 steps in each of the six tasks, then 600 updates of all of them. Appends to results/cheetah.csv and skips what is there, by seed and rule.
// A row: what a task's policy earns without noise, mean over the tasks and two episodes each, after so many rounds.
var rules = new LinkedHashMap<String, Relabeller>();
rules.put("none", Relabeller.none());
rules.put("all", Relabeller.all());
rules.put("paid", Relabeller.paid());
rules.put("paid-half", Relabeller.paid().halved());
rules.put("paid-ratio", Relabeller.paid().weighted(5));
rules.put("paid-trusted", Relabeller.paid().weighted(5).trusted(0.5));
rules.put("paid-capped", Relabeller.paid().weighted(1).trusted(0.5));
var names = args.length < 1 || args[0].equals("every") ? List.copyOf(rules.keySet()) : List.of(args[0].split(","));
for (String name : names) if (!rules.containsKey(name)) throw new IllegalArgumentException("the rule is '" + name + "', expected one of " + rules.keySet());
String[] range = (args.length < 2 ? "1-3" : args[1]).split("-");
long[] seeds = LongStream.rangeClosed(Long.parseLong(range[0]), Long.parseLong(range[range.length - 1])).toArray();
int rounds = args.length < 3 ? 80 : Integer.parseInt(args[2]), every = Math.max(1, rounds / 20);
var tasks = TaskSet.published("drat/cheetah-vel-armature").train();
var settings = Distral.published(0, 10).base(b -> b.hidden(128).learningRate(1e-3).discount(0.99).targetRate(0.005).batchSize(64).randomSteps(6_000).updatesPerStep(0.5).episodesPerRound(tasks.size()).replayCapacity(1_000_000))
    .ratios(new LearnedRatios.Settings(1_000, 4_000, DynamicsRatio.Features.CHANGES, 1, 0));
TreeMap<Integer, double[]> run(Distral algorithm, long seed) {
    var found = new TreeMap<Integer, double[]>();
    var random = RandomStream.of(seed, "collection");
    double ess = Double.NaN, foreign = 0;
    try (var learner = algorithm.learner(Problem.of(tasks), seed)) {
        for (int round = 1; round <= rounds; round++) {
            learner.store(Rollout.of(learner.plan(), tasks, random.split("round " + round)));
            while (learner.isDue()) {
                var numbers = learner.update();
                ess = numbers.getOrDefault("foreignEss", Double.NaN);
                foreign = numbers.getOrDefault("foreignTasks", 0.0);
            }
            if (round % every != 0) continue;
            double sum = 0;
            for (int j = 0; j < tasks.size(); j++) for (int k = 0; k < 2; k++) {
                var one = new Plan(List.of(new Plan.Seat(j, learner.policy(), 1, Integer.MAX_VALUE, "")), 0);
                sum += Rollout.of(one, tasks, random.split("evaluation " + round + " " + k)).get(0).totalReward() / tasks.size() / 2;
            }
            found.put(round, new double[] {sum, foreign, ess});
            System.out.println(String.format(Locale.ROOT, "  %d: %.1f", round, sum));
        }
    }
    return found;
}
var file = Path.of("experiments/drat/results/cheetah" + System.getProperty("suffix", "") + ".csv");
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
        System.out.println(String.format(Locale.ROOT, "%s %d: %.0f s; %s", rule, seed, (System.nanoTime() - begin) / 1e9, found.entrySet().stream().map(e -> String.format(Locale.ROOT, "%d: %.1f", e.getKey(), e.getValue()[0])).collect(Collectors.joining(" "))));
    }
