// Distral by tables beside soft Q-learning of each task alone, in the two rooms; writes results/rooms.csv, results/rooms-curves.csv, a figure and README.md with the words of reading.md:
//   ./metarl jshell experiments/distral/rooms.jsh [seeds, such as 1,2,3]
//   ./metarl jshell experiments/distral/rooms.jsh choose      the settings, on seeds that are not reported; writes results/rooms-choice.csv
int episodes = 100;
var distral = TabularDistral.twoRooms();
record Bed(TaskSet tasks, double initialValue, double bestBeta) {}
var drawn = TaskSet.of(TwoRooms.cells()).train(8).test(8).sample(1337);
var beds = new LinkedHashMap<String, Bed>();
beds.put("3 tasks, place seen", new Bed(TaskSet.published("distral/two-rooms-cells"), 0, 200));
beds.put("8 tasks, place seen", new Bed(drawn, 0, 500));
beds.put("8 tasks, place seen, values begin at −3", new Bed(drawn, -3, 100));
var goals = new ArrayList<Task>();
for (int cell = 0; cell < 14; cell++) goals.add(TwoRooms.cells().task(0, 0, cell / 2, 6 + cell % 2));
beds.put("14 goals, place seen", new Bed(TaskSet.of(goals, goals), 0, 200));
beds.put("3 tasks, last step seen too", new Bed(TaskSet.published("distral/two-rooms"), 0, 50));
beds.put("8 tasks, last step seen too", new Bed(TaskSet.published("distral/two-rooms-both-ways"), 0, 50));

/** The return of every episode, mean of the tasks. */
double[] returns(TabularDistral given, Bed bed, long seed) {
    var tasks = bed.tasks();
    var settings = given.initialValue(bed.initialValue());
    double[] means = new double[episodes];
    int[] lived = new int[tasks.train().size()];
    var random = RandomStream.of(seed, "collection");
    try (var learner = settings.learner(Problem.of(tasks.train()), seed)) {
        for (int round = 0; Arrays.stream(lived).sum() < episodes * lived.length; round++) {
            var trials = Rollout.of(learner.plan(), tasks.train(), random.split("round " + round));
            for (var trial : trials) means[lived[trial.task()]++] += trial.totalReward() / lived.length;
            learner.store(trials);
        }
    }
    return means;
}
double sum(double[] values, int from, int to) { return Arrays.stream(values, from, to).sum(); }

/** Distral's settings by the mean of the first two beds; separate learning's β for each bed by itself. */
void choose() throws Exception {
    long[] seeds = LongStream.rangeClosed(101, 110).toArray();
    var candidates = new LinkedHashMap<String, TabularDistral>();
    for (double beta : new double[] {20, 50, 100, 200, 500}) candidates.put("separate,0," + beta + ",", distral.separate().beta(beta));
    for (double alpha : new double[] {0.9, 0.95, 1})
        for (double beta : new double[] {20, 50, 100, 200})
            for (double count : new double[] {0.5, 0.05, 0.005}) candidates.put("Distral," + alpha + "," + beta + "," + count, distral.alpha(alpha).beta(beta).priorCount(count));
    var csv = new StringBuilder("method,alpha,beta,priorCount,bed,seeds,return of the first 100 episodes\n");
    for (var c : candidates.entrySet()) {
        var found = new ArrayList<Double>();
        for (var bed : beds.entrySet()) {
            if (found.size() == 2 && c.getKey().startsWith("Distral")) break;
            double mean = Arrays.stream(seeds).mapToDouble(seed -> sum(returns(c.getValue(), bed.getValue(), seed), 0, episodes)).average().getAsDouble();
            csv.append(String.format(Locale.ROOT, "%s,\"%s\",101 to 110,%.1f%n", c.getKey(), bed.getKey(), mean));
            found.add(mean);
        }
        System.out.println(String.format(Locale.ROOT, "%s: %.2f %s", c.getKey(), (found.get(0) + found.get(1)) / 2, found));
    }
    Files.writeString(Path.of("experiments/distral/results/rooms-choice.csv"), csv);
}

void compare(long[] seeds) throws Exception {
    var methods = new LinkedHashMap<String, TabularDistral>();
    methods.put("Distral", distral);
    methods.put("separate, the same settings", distral.separate());
    methods.put("separate, the same cost of entropy", distral.separate().beta(Math.rint(distral.beta() / (1 - distral.alpha()))));
    methods.put("separate, its own best β", distral.separate());
    var csv = new StringBuilder("bed,hash,method,alpha,beta,seed,first 10,first 100,last 20\n");
    var curves = new StringBuilder("bed,method,episode,mean return\n");
    var page = new StringBuilder("# Distral: two rooms\n\nMade by `experiments/distral/rooms.jsh`, which writes `results/rooms.csv`, `results/rooms-curves.csv` and the figure.\n\n");
    page.append(String.format(Locale.ROOT, "Sum of the returns of the first %d episodes, mean of the tasks, %d seeds. Intervals are Student's 95 %% intervals over the seeds; differences are paired by seed. Distral: α = %s, β = %s, γ = %s, η = %s, %s of each action counted beforehand, an episode of one task between two estimates of π₀. Separate learning is soft Q-learning with the same γ and η.%n", episodes, seeds.length, distral.alpha(), distral.beta(), distral.discount(), distral.learningRate(), distral.priorCount()));
    var lines = new ArrayList<Series>();
    for (var bed : beds.entrySet()) {
        var sums = new LinkedHashMap<String, double[][]>();
        for (var method : methods.entrySet()) {
            if (method.getKey().endsWith("best β")) method.setValue(distral.separate().beta(bed.getValue().bestBeta()));
            double[][] all = Arrays.stream(seeds).mapToObj(seed -> returns(method.getValue(), bed.getValue(), seed)).toArray(double[][]::new);
            sums.put(method.getKey(), all);
            for (int i = 0; i < seeds.length; i++)
                csv.append(String.format(Locale.ROOT, "\"%s\",%s,\"%s\",%s,%s,%d,%.2f,%.2f,%.2f%n", bed.getKey(), bed.getValue().tasks().hash(), method.getKey(), method.getValue().alpha(), method.getValue().beta(), seeds[i], sum(all[i], 0, 10), sum(all[i], 0, episodes), sum(all[i], episodes - 20, episodes)));
            double[] mean = new double[episodes];
            for (int e = 0; e < episodes; e++) {
                int episode = e;
                mean[e] = Arrays.stream(all).mapToDouble(r -> r[episode]).average().getAsDouble();
                curves.append(String.format(Locale.ROOT, "\"%s\",\"%s\",%d,%.3f%n", bed.getKey(), method.getKey(), e + 1, mean[e]));
            }
            if (bed.getKey().equals("3 tasks, place seen") && !method.getKey().equals("separate, the same settings"))
                lines.add(Series.line(method.getKey(), IntStream.rangeClosed(1, 30).asDoubleStream().toArray(), Arrays.copyOf(mean, 30)));
        }
        page.append("\n**" + bed.getKey() + "**\n\n| | first 100 episodes | first 10 | last 20 | Distral minus this, first 100 |\n|---|---|---|---|---|\n");
        for (var m : sums.entrySet()) {
            BiFunction<Integer, Integer, double[]> over = (from, to) -> Arrays.stream(m.getValue()).mapToDouble(r -> sum(r, from, to)).toArray();
            double[] own = over.apply(0, episodes), best = Arrays.stream(sums.get("Distral")).mapToDouble(r -> sum(r, 0, episodes)).toArray();
            String less = m.getKey().equals("Distral") ? "" : "" + Interval.ofFew(IntStream.range(0, own.length).mapToDouble(i -> best[i] - own[i]).toArray());
            page.append("| " + m.getKey() + " (β = " + methods.get(m.getKey()).beta() + ") | " + Interval.ofFew(own) + " | " + Interval.ofFew(over.apply(0, 10)) + " | " + Interval.ofFew(over.apply(episodes - 20, episodes)) + " | " + less + " |\n");
        }
        System.out.println(bed.getKey());
    }
    Files.writeString(Path.of("experiments/distral/results/rooms.csv"), csv);
    Files.writeString(Path.of("experiments/distral/results/rooms-curves.csv"), curves);
    Plots.lines("Two rooms, 3 tasks, place seen, mean of " + seeds.length + " seeds", "episode of each task", "return", lines.toArray(Series[]::new)).savePng("experiments/distral/results/rooms.png");
    page.append("\n![return of the first episodes](results/rooms.png)\n");
    if (Files.exists(Path.of("experiments/distral/reading.md"))) page.append("\n" + Files.readString(Path.of("experiments/distral/reading.md")).strip() + "\n");
    Files.writeString(Path.of("experiments/distral/README.md"), page);
    System.out.println(page);
}

if (args.length > 0 && args[0].equals("choose")) choose();
else compare(args.length > 0 ? Arrays.stream(args[0].split(",")).mapToLong(Long::parseLong).toArray() : LongStream.rangeClosed(1, 30).toArray());
