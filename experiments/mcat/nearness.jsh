// Does a translated action do in the target what the action does in the source? Asked of the simulator itself, not of a model of it: on steps of the source policy in the source, the target is put into
// the same state, takes the translated action, and its next state is compared with the source's, in deviations of the change of the observation in the recorded data of the target.
//   ./metarl jshell experiments/mcat/nearness.jsh [seeds]
// Needs the networks that table1.jsh keeps for the cheetah. Writes results/nearness-cheetah.csv.
var seeds = args.length < 1 ? new long[] {1, 2, 3} : Arrays.stream(args[0].split(",")).mapToLong(Long::parseLong).toArray();
var tasks = TaskSet.published("mcat/table-1-cheetah");
Task source = tasks.train().get(0), target = tasks.test().get(0);
var csv = new StringBuilder("seed,policy,episode,distance\n");
try (var good = MetaRun.load("runs/mcat/networks/source-cheetah-0.1-1"); var body = (Restorable) target.environment()) {
    body.reset(RandomStream.of(1, "any"));
    for (long seed : seeds) {
        var folder = Path.of("runs/mcat/networks/table1-cheetah-" + seed);
        var model = FittedContextModel.load(folder.resolve("forward.bin"));
        float[] unit = model.units().targets().deviations();
        var maps = new LinkedHashMap<String, Translation>();
        maps.put("source policy", (observations, actions) -> actions);
        maps.put("translator", FittedTranslator.load(folder.resolve("translator.bin"), model));
        maps.put("translator, likelihood", FittedTranslator.load(folder.resolve("translator, likelihood.bin"), model));
        maps.put("cycle, last epoch", FittedCycle.load(folder.resolve("cycle.bin")));
        maps.put("cycle, normalized, last epoch", FittedCycle.load(folder.resolve("cycle, normalized.bin")));
        var episodes = Rollout.of(good.policy(), Collections.nCopies(5, source), RandomStream.of(seed, "nearness"));
        for (var map : maps.entrySet())
            for (int e = 0; e < episodes.size(); e++) {
                var episode = episodes.get(e);
                int n = episode.length();
                double[][] seen = IntStream.range(0, n).mapToObj(episode::observation).toArray(double[][]::new), meant = IntStream.range(0, n).mapToObj(episode::action).toArray(double[][]::new);
                double[][] done = map.getValue().translate(seen, meant);
                double distance = 0;
                for (int t = 0; t < n; t++) {
                    body.restore(body.stateOf(seen[t], 0));
                    double[] next = body.step(done[t]).observation(), wanted = episode.observation(t + 1);
                    for (int j = 0; j < next.length; j++) distance += Math.abs(next[j] - wanted[j]) / unit[j] / next.length / n;
                }
                csv.append(String.format(Locale.ROOT, "%d,\"%s\",%d,%.5f%n", seed, map.getKey(), e, distance));
            }
    }
}
Files.createDirectories(Path.of("experiments/mcat/results"));
Files.writeString(Path.of("experiments/mcat/results/nearness-cheetah.csv"), csv);
System.out.println(csv);
