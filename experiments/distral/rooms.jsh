// Distral by tables beside soft Q-learning of each task alone, in the two rooms; writes results/rooms.csv, results/rooms-curves.csv, a figure and README.md with the words of reading.md:
//   ./metarl jshell experiments/distral/rooms.jsh [seeds, such as 1,2,3]
//   ./metarl jshell experiments/distral/rooms.jsh choose      the settings, on seeds that are not reported; writes results/rooms-choice.csv
int episodes = 100;
var distral = TabularDistral.twoRooms();
double separateBeta = 50;
var beds = new LinkedHashMap<String, TaskSet>();
beds.put("3 tasks, place seen", TaskSet.published("distral/two-rooms-cells"));
beds.put("3 tasks, last step seen too", TaskSet.published("distral/two-rooms"));
beds.put("8 tasks, place seen", TaskSet.of(TwoRooms.cells()).train(8).test(8).sample(1337));
beds.put("8 tasks, last step seen too", TaskSet.published("distral/two-rooms-both-ways"));

/** The return of every episode, mean of the tasks. */
double[] returns(TabularDistral settings, TaskSet tasks, long seed) {
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

void choose() throws Exception {
    long[] seeds = {101, 102, 103};
    var candidates = new LinkedHashMap<String, TabularDistral>();
    for (double beta : new double[] {20, 50, 100, 200, 500}) candidates.put("separate,0," + beta + ",", distral.separate().beta(beta));
    for (double alpha : new double[] {0.5, 0.9, 1})
        for (double beta : new double[] {10, 20, 50})
            for (double count : new double[] {0.5, 0.05}) candidates.put("Distral," + alpha + "," + beta + "," + count, distral.alpha(alpha).beta(beta).priorCount(count));
    var csv = new StringBuilder("method,alpha,beta,priorCount,bed,seeds,return of the first 100 episodes\n");
    for (var c : candidates.entrySet()) {
        double all = 0;
        for (var bed : beds.entrySet()) {
            double mean = Arrays.stream(seeds).mapToDouble(seed -> sum(returns(c.getValue(), bed.getValue(), seed), 0, episodes)).average().getAsDouble();
            csv.append(String.format(Locale.ROOT, "%s,\"%s\",101 to 103,%.1f%n", c.getKey(), bed.getKey(), mean));
            all += mean / beds.size();
        }
        System.out.println(String.format(Locale.ROOT, "%s: %.1f", c.getKey(), all));
    }
    Files.writeString(Path.of("experiments/distral/results/rooms-choice.csv"), csv);
}

void compare(long[] seeds) throws Exception {
    var methods = new LinkedHashMap<String, TabularDistral>();
    methods.put("Distral", distral);
    methods.put("separate, the same settings", distral.separate());
    methods.put("separate, the same cost of entropy", distral.separate().beta(distral.beta() / (1 - distral.alpha())));
    methods.put("separate, its own best β", distral.separate().beta(separateBeta));
    var csv = new StringBuilder("bed,hash,method,alpha,beta,seed,first 10,first 100,last 20\n");
    var curves = new StringBuilder("bed,method,episode,mean return\n");
    var page = new StringBuilder("# Distral: two rooms\n\nMade by `experiments/distral/rooms.jsh`, which writes `results/rooms.csv`, `results/rooms-curves.csv` and the figure.\n\n");
    page.append(String.format(Locale.ROOT, "Sum of the returns of the first %d episodes, mean of the tasks, %d seeds. Intervals are Student's 95 %% intervals over the seeds; differences are paired by seed. Distral: α = %s, β = %s, γ = %s, η = %s, %s of each action counted beforehand, an episode of one task between two estimates of π₀. Separate learning is soft Q-learning with the same γ and η.%n", episodes, seeds.length, distral.alpha(), distral.beta(), distral.discount(), distral.learningRate(), distral.priorCount()));
    var lines = new ArrayList<Series>();
    for (var bed : beds.entrySet()) {
        var sums = new LinkedHashMap<String, double[][]>();
        for (var method : methods.entrySet()) {
            double[][] all = Arrays.stream(seeds).mapToObj(seed -> returns(method.getValue(), bed.getValue(), seed)).toArray(double[][]::new);
            sums.put(method.getKey(), all);
            for (int i = 0; i < seeds.length; i++)
                csv.append(String.format(Locale.ROOT, "\"%s\",%s,\"%s\",%s,%s,%d,%.2f,%.2f,%.2f%n", bed.getKey(), bed.getValue().hash(), method.getKey(), method.getValue().alpha(), method.getValue().beta(), seeds[i], sum(all[i], 0, 10), sum(all[i], 0, episodes), sum(all[i], episodes - 20, episodes)));
            double[] mean = new double[episodes];
            for (int e = 0; e < episodes; e++) {
                int episode = e;
                mean[e] = Arrays.stream(all).mapToDouble(r -> r[episode]).average().getAsDouble();
                curves.append(String.format(Locale.ROOT, "\"%s\",\"%s\",%d,%.3f%n", bed.getKey(), method.getKey(), e + 1, mean[e]));
            }
            if (bed.getKey().equals("8 tasks, place seen") && !method.getKey().equals("separate, the same settings"))
                lines.add(Series.line(method.getKey(), IntStream.rangeClosed(1, 30).asDoubleStream().toArray(), Arrays.copyOf(mean, 30)));
        }
        page.append("\n**" + bed.getKey() + "**\n\n| | first 100 episodes | first 10 | last 20 | Distral less this, first 100 |\n|---|---|---|---|---|\n");
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
    Plots.lines("Two rooms, 8 tasks, place seen, mean of " + seeds.length + " seeds", "episode of each task", "return", lines.toArray(Series[]::new)).savePng("experiments/distral/results/rooms.png");
    page.append("\n![return of the first episodes](results/rooms.png)\n");
    if (Files.exists(Path.of("experiments/distral/reading.md"))) page.append("\n" + Files.readString(Path.of("experiments/distral/reading.md")).strip() + "\n");
    Files.writeString(Path.of("experiments/distral/README.md"), page);
    System.out.println(page);
}

if (args.length > 0 && args[0].equals("choose")) choose();
else compare(args.length > 0 ? Arrays.stream(args[0].split(",")).mapToLong(Long::parseLong).toArray() : LongStream.rangeClosed(1, 20).toArray());
