// Table 1 of MCAT: a policy of the source task, on the target task as it is, through the action translator, and through dynamics cycle-consistency.
//   ./metarl jshell experiments/mcat/table1.jsh [cheetah,ant] [seeds] [scale]
// Needs the source policies (sources.jsh). scale: 1 makes as many updates as the release (300,000 of the forward model, 90,000 of the translator; 90,000 and 90,000 of the cycle); 0.1 is what stands in results/.
// A mediocre policy of the source task collects 100 episodes on each of the two tasks, with noise of 0.1 to 0.5. The seeds of a row share the source policy, as in the paper. Writes results/table1-BODY-SEED.csv, and
// skips what is there; keeps the networks in runs/mcat/networks/table1-BODY-SEED.
var bodies = args.length < 1 ? List.of("cheetah", "ant") : List.of(args[0].split(","));
var seeds = args.length < 2 ? new long[] {1, 2, 3} : Arrays.stream(args[1].split(",")).mapToLong(Long::parseLong).toArray();
double scale = args.length < 3 ? 0.1 : Double.parseDouble(args[2]);
int episodesPerTask = 100, testEpisodes = 20;
int updates(int published) { return (int) Math.max(1, Math.round(scale * published)); }
void collect(MetaReplay data, int number, Task task, Policy policy, RandomStream random) {
    for (int batch = 0; batch < 5; batch++)
        for (var episode : Rollout.of(policy.withNoise(0.1 * (batch + 1)), Collections.nCopies(episodesPerTask / 5, task), random.split("batch " + batch))) data.of(number).add(episode);
}
for (String body : bodies)
    for (long seed : seeds) {
        var file = Path.of("experiments/mcat/results/table1-" + body + "-" + seed + ".csv");
        if (Files.exists(file)) continue;
        var kept = Path.of("runs/mcat/networks/table1-" + body + "-" + seed);
        var tasks = TaskSet.published("mcat/table-1-" + body);
        Task source = tasks.train().get(0), target = tasks.test().get(0);
        String number = body.equals("cheetah") ? "" + source.value(0) : "" + (int) source.value(0);
        try (var good = MetaRun.load("runs/mcat/networks/source-" + body + "-" + number + "-1"); var mediocre = MetaRun.load("runs/mcat/networks/source-" + body + "-" + number + "-1-mediocre")) {
            var rows = new StringBuilder("body,seed,scale,policy,episode,return,measure\n");
            var problem = Problem.of(tasks.train());
            var data = new MetaReplay(2, problem.observationSize(), problem.actionSize(), problem.outcomeSize(), 2 * episodesPerTask * 1000);
            collect(data, 0, source, mediocre.policy(), RandomStream.of(seed, "source data"));
            collect(data, 1, target, mediocre.policy(), RandomStream.of(seed, "target data"));
            java.util.function.BiFunction<String, Policy, List<Trajectory>> score = (name, policy) -> {
                var on = name.endsWith("on the source") ? source : target;
                var episodes = Rollout.of(policy, Collections.nCopies(testEpisodes, on), RandomStream.of(seed, "test"));
                for (int i = 0; i < episodes.size(); i++) rows.append(String.format(Locale.ROOT, "%s,%d,%s,\"%s\",%d,%.6g,%.5g%n", body, seed, scale, name, i, episodes.get(i).totalReward(), episodes.get(i).measure()));
                System.out.println(body + " seed " + seed + ", " + name + ": " + episodes.stream().mapToDouble(Trajectory::totalReward).average().getAsDouble());
                return episodes;
            };
            score.apply("mediocre on the source", mediocre.policy());
            score.apply("source policy on the source", good.policy());
            score.apply("source policy", good.policy());
            try (var model = ContextModel.released().contextSize(0).start(problem.observationSize(), problem.actionSize(), seed)) {
                model.fit(data, new int[] {1}, updates(300_000), RandomStream.of(seed, "model"));
                model.save(kept.resolve("forward.bin"));
                for (String form : List.of("translator", "translator, likelihood")) {
                    var settings = form.equals("translator") ? ActionTranslator.released() : ActionTranslator.paper();
                    try (var translator = settings.learningRate(RateSchedule.released(updates(90_000))).start(model, seed)) {
                        translator.fit(data, 0, 1, updates(90_000), RandomStream.of(seed, "translator"));
                        translator.save(kept.resolve(form + ".bin"));
                        score.apply(form, TransferredPolicy.of(good.policy(), translator));
                    }
                }
            }
            for (String form : List.of("cycle", "cycle, normalized")) {
                var settings = CycleConsistency.released().updatesPerEpoch(updates(3_000)).normalized(form.endsWith("normalized"));
                try (var cycle = settings.learningRate(RateSchedule.cycle(updates(90_000))).start(problem.observationSize(), problem.actionSize(), seed)) {
                    cycle.fit(data, 0, 1, RandomStream.of(seed, "cycle"));
                    cycle.save(kept.resolve(form + ".bin"));
                    score.apply(form + ", last epoch", TransferredPolicy.of(good.policy(), cycle));
                    var scores = cycle.scores(epoch -> Rollout.of(TransferredPolicy.of(good.policy(), epoch), Collections.nCopies(testEpisodes, target), RandomStream.of(seed, "test")).stream()
                        .mapToDouble(Trajectory::totalReward).average().getAsDouble());
                    rows.append(String.format(Locale.ROOT, "%s,%d,%s,\"%s\",%d,%.6g,%n", body, seed, scale, form + ", best epoch", scores.bestEpoch(), scores.best()));
                    System.out.println(form + ", best epoch " + scores.bestEpoch() + ": " + scores.best());
                }
            }
            Files.createDirectories(file.getParent());
            Files.writeString(file, rows);
        }
    }
