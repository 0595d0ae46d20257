// Figure 5 of MCAT: one translator for all pairs of tasks. Relative improvement (transferred − source) / max(|source|, 1) on every target.
//   ./metarl jshell experiments/mcat/figure5.jsh [cheetah or ant] [seeds] [scale]
// Needs the source policies of all tasks (sources.jsh). Data: 100 episodes per task by the mediocre policy of that task with noise of 0.1 to 0.5. scale 1 makes 300,000 updates of encoder and forward model and 90,000 of the translator.
// Writes results/figure5-BODY-SEED.csv, and skips what is there.
String body = args.length < 1 ? "cheetah" : args[0];
var seeds = args.length < 2 ? new long[] {1, 2, 3} : Arrays.stream(args[1].split(",")).mapToLong(Long::parseLong).toArray();
double scale = args.length < 3 ? 0.1 : Double.parseDouble(args[2]);
int episodesPerTask = 100, testEpisodes = 10;
var family = body.equals("cheetah") ? HalfCheetah.armature() : Ant.crippled();
double[] values = body.equals("cheetah") ? new double[] {0.1, 0.2, 0.3, 0.5, 0.7} : new double[] {0, 1, 2, 3};
var tasks = Arrays.stream(values).mapToObj(v -> family.task(v)).toList();
int n = tasks.size();
int[] all = IntStream.range(0, n).toArray();
String folder(double value) { return "runs/mcat/networks/source-" + body + "-" + (body.equals("cheetah") ? "" + value : "" + (int) value) + "-1"; }
for (long seed : seeds) {
    var file = Path.of("experiments/mcat/results/figure5-" + body + "-" + seed + ".csv");
    if (Files.exists(file)) continue;
    var problem = Problem.of(tasks);
    var data = new MetaReplay(n, problem.observationSize(), problem.actionSize(), problem.outcomeSize(), n * episodesPerTask * 1000);
    for (int i = 0; i < n; i++)
        try (var mediocre = MetaRun.load(folder(values[i]) + "-mediocre")) {
            for (int batch = 0; batch < 5; batch++)
                for (var episode : Rollout.of(mediocre.policy().withNoise(0.1 * (batch + 1)), Collections.nCopies(episodesPerTask / 5, tasks.get(i)), RandomStream.of(seed, "data " + i + " " + batch))) data.of(i).add(episode);
        }
    var rows = new StringBuilder("body,seed,scale,source,target,policy,return,measure\n");
    try (var model = ContextModel.released().start(problem.observationSize(), problem.actionSize(), seed)) {
        model.fit(data, all, (int) (300_000 * scale), RandomStream.of(seed, "model"));
        try (var translator = ActionTranslator.releasedForAllPairs().start(model, seed)) {
            translator.fit(data, all, (int) (90_000 * scale), RandomStream.of(seed, "translator"));
            for (int j = 0; j < n; j++)
                try (var source = MetaRun.load(folder(values[j]))) {
                    float[] feature = model.feature(data, j, 1024, RandomStream.of(seed, "feature " + j));
                    var on = IntStream.range(0, n * testEpisodes).mapToObj(k -> tasks.get(k / testEpisodes)).toList();
                    for (boolean transferred : new boolean[] {false, true}) {
                        var policy = transferred ? TransferredPolicy.of(source.policy(), translator, feature) : source.policy();
                        var episodes = Rollout.of(policy, on, RandomStream.of(seed, "test"));
                        double[] returns = new double[n];
                        for (int k = 0; k < on.size(); k++) {
                            returns[k / testEpisodes] += episodes.get(k).totalReward() / testEpisodes;
                            rows.append(String.format(Locale.ROOT, "%s,%d,%s,%s,%s,%s,%.6g,%.5g%n", body, seed, scale, values[j], values[k / testEpisodes], transferred ? "transferred" : "source", episodes.get(k).totalReward(), episodes.get(k).measure()));
                        }
                        System.out.println(body + " seed " + seed + ", from " + values[j] + (transferred ? ", transferred " : ", as it is ") + Arrays.toString(returns));
                    }
                }
        }
    }
    Files.createDirectories(file.getParent());
    Files.writeString(file, rows);
}
