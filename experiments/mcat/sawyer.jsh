// The last two rows of MCAT's Table 1: the rule that brings a cylinder to its goal, on a mug and on a cube, as it is and through the action translator.
//   ./metarl jshell experiments/mcat/sawyer.jsh [mug,cube,cylinder] [seeds] [scale] [episodes of data]
// scale: 1 makes as many updates as the release does for the other rows (300,000 of the forward model, 90,000 of the translator); 0.01 and 20 episodes stand in results/. Needs the models of the Sawyer arm (./metarl setup).
// The paper collects by "adding noise to the action drawn from the good policy", here of 0.1 to 0.5, and does not say whose policy acts on the target: the source's ("data: source") or that which was made for the
// target ("data: own"); both are tried. "told the middle" is the source rule told where the middle of the object is (2 cm higher): the frame of mug and cube lies under them, that of the cylinder is its middle.
// "cylinder" is a control: source and target are one task, and a translator that does what it is asked changes nothing. It is not among the objects unless it is named.
// Writes results/sawyer-OBJECT-SEED.csv, and skips what is there; then sawyer.md of all that is there.
var objects = args.length < 1 ? List.of("mug", "cube") : List.of(args[0].split(","));
var seeds = args.length < 2 ? new long[] {1, 2, 3} : Arrays.stream(args[1].split(",")).mapToLong(Long::parseLong).toArray();
double scale = args.length < 3 ? 0.01 : Double.parseDouble(args[2]);
int episodesPerTask = args.length < 4 ? 20 : Integer.parseInt(args[3]), testEpisodes = 10;
int updates(int published) { return (int) Math.max(1, Math.round(scale * published)); }
Policy toldTheMiddle(Policy policy) {
    return (environments, random) -> {
        var actor = policy.start(environments, random);
        return observations -> actor.act(Arrays.stream(observations).map(o -> {
            double[] told = o.clone();
            told[6] += 0.02;
            return told;
        }).toArray(double[][]::new));
    };
}
void collect(ReplayBuffer data, Task task, Policy policy, RandomStream random) {
    for (int batch = 0; batch < 5; batch++)
        for (var episode : Rollout.of(policy.withNoise(0.1 * (batch + 1)), Collections.nCopies(Math.max(1, episodesPerTask / 5), task), random.split("batch " + batch))) data.add(episode);
}
interface Scoring { void of(String data, String name, Task on, Policy policy); }
void compare(Task source, Task target, long seed, Scoring score) {
    Policy rule = Policy.of(Sawyer.rule(source)), own = Policy.of(Sawyer.rule(target));
    score.of("none", "source rule on the source", source, rule);
    score.of("none", "source rule", target, rule);
    score.of("none", "source rule, told the middle", target, toldTheMiddle(rule));
    score.of("none", "rule of the target", target, own);
    var problem = Problem.of(List.of(source));
    for (String kind : List.of("source", "own")) {
        var data = new MetaReplay(2, problem.observationSize(), problem.actionSize(), problem.outcomeSize(), 2 * episodesPerTask * 500);
        collect(data.of(0), source, rule, RandomStream.of(seed, "source data"));
        collect(data.of(1), target, kind.equals("own") ? own : rule, RandomStream.of(seed, "target data"));
        try (var model = ContextModel.released().contextSize(0).start(problem.observationSize(), problem.actionSize(), seed)) {
            model.fit(data, new int[] {1}, updates(300_000), RandomStream.of(seed, "model"));
            for (var settings : List.of(ActionTranslator.released(), ActionTranslator.released().normalized(true), ActionTranslator.paper()))
                try (var translator = settings.learningRate(RateSchedule.released(updates(90_000))).start(model, seed)) {
                    translator.fit(data, 0, 1, updates(90_000), RandomStream.of(seed, "translator"));
                    String name = "translated by " + settings.objective().name().toLowerCase(Locale.ROOT) + (settings.normalized() && settings.objective() == ActionTranslator.Objective.DISTANCE ? " in units" : "");
                    score.of(kind, name, target, TransferredPolicy.of(rule, translator));
                    score.of(kind, name + ", told the middle", target, TransferredPolicy.of(toldTheMiddle(rule), translator));
                }
        }
    }
}
for (String object : objects)
    for (long seed : seeds) {
        var file = Path.of("experiments/mcat/results/sawyer-" + object + "-" + seed + ".csv");
        if (Files.exists(file)) continue;
        Task source = Sawyer.push().task(0), target = object.equals("cylinder") ? source : TaskSet.published("mcat/table-1-" + object).test().get(0);
        var rows = new StringBuilder("object,seed,scale,data,policy,episode,return,success\n");
        compare(source, target, seed, (data, name, on, policy) -> {
            var episodes = Rollout.of(policy, Collections.nCopies(testEpisodes, on), RandomStream.of(seed, "test"));
            for (int i = 0; i < episodes.size(); i++)
                rows.append(String.format(Locale.ROOT, "%s,%d,%s,%s,\"%s\",%d,%.0f,%.0f%n", object, seed, scale, data, name, i, episodes.get(i).totalReward(), episodes.get(i).measure()));
            System.out.println(object + " seed " + seed + ", data: " + data + ", " + name + ": return " + episodes.stream().mapToDouble(Trajectory::totalReward).average().getAsDouble()
                + ", success " + episodes.stream().mapToDouble(Trajectory::measure).average().getAsDouble());
        });
        Files.createDirectories(file.getParent());
        Files.writeString(file, rows);
    }

// what stands in the files, seed by seed: means of the episodes
record Means(TreeMap<Integer, Double> returns, TreeMap<Integer, Double> successes) {}
double[] numbers(Collection<Double> values) { return values.stream().mapToDouble(v -> v).toArray(); }
String interval(Collection<Double> values) { return values.size() == 1 ? Figures.number(values.iterator().next(), 4) + " (one seed)" : Interval.ofFew(numbers(values)).toString(); }
var published = Map.of("mug", "Published: 0.0 for the source policy, 395.6 ± 19.4 for MCAT, 308.1 ± 75.3 for cycle-consistency.", "cube",
    "Published: 0.0 for the source policy, 446.1 ± 1.1 for MCAT, 262.4 ± 48.1 for cycle-consistency.", "cylinder", "A control: source and target are the same.");
var page = new StringBuilder("# A rule for a cylinder, on a mug and on a cube\n\nMade by `experiments/mcat/sawyer.jsh`. Return of 500 steps, 1 in each in which the object is at the goal; success is the share of " + testEpisodes
    + " episodes in which it was there at all. Means with Student's t interval of 95 % over the seeds, which draw data, networks and episodes anew.\n");
/** Of the displacement that one action asks for, the share that is made after 1, 2, … steps. */
String lag() {
    var rule = Sawyer.rule(Sawyer.push().task(0));
    try (var arm = Restorable.of(Sawyer.push().task(0).environment())) {
        double[] seen = arm.reset(RandomStream.of(1, "start"));
        for (int t = 0; t < 30; t++) seen = arm.step(rule.apply(seen)).observation();
        double[] from = arm.state(), apart = new double[8];
        for (int side = -1; side <= 1; side += 2) {
            arm.restore(from);
            for (int t = 0; t < apart.length; t++) apart[t] += side * arm.step(new double[] {t == 0 ? side : 0, 0, 0, 0.6}).observation()[0];
        }
        return Arrays.stream(apart).mapToObj(d -> String.format(Locale.ROOT, "%.0f %%", 100 * d / 0.02)).collect(Collectors.joining(", "));
    }
}
for (String object : List.of("mug", "cube", "cylinder")) {
    var means = new LinkedHashMap<List<String>, Means>();
    double used = Double.NaN;
    try (var files = Files.list(Path.of("experiments/mcat/results"))) {
        for (var file : files.filter(f -> f.getFileName().toString().matches("sawyer-" + object + "-\\d+\\.csv")).sorted().toList()) {
            var table = Table.read().csv(file.toFile());
            used = table.numberColumn("scale").getDouble(0);
            for (var row : table) {
                var key = List.of(row.getString("policy"), row.getString("data"));
                if (means.containsKey(key) && means.get(key).returns().containsKey(row.getInt("seed"))) continue;
                var of = table.where(table.stringColumn("policy").isEqualTo(key.get(0)).and(table.stringColumn("data").isEqualTo(key.get(1))));
                var mean = means.computeIfAbsent(key, k -> new Means(new TreeMap<>(), new TreeMap<>()));
                mean.returns().put(row.getInt("seed"), of.numberColumn("return").mean());
                mean.successes().put(row.getInt("seed"), of.numberColumn("success").mean());
            }
        }
    }
    if (means.isEmpty()) continue;
    page.append("\n## Cylinder to " + object + "\n\nUpdates × " + used + " of the release. " + published.get(object) + "\n\n| policy | data of the target | seeds | return | success |\n|---|---|---|---|---|\n");
    means.forEach((key, mean) -> page.append("| " + key.get(0) + " | " + (key.get(1).equals("none") ? "" : key.get(1)) + " | " + mean.returns().size() + " | " + interval(mean.returns().values()) + " | "
        + interval(mean.successes().values()) + " |\n"));
}
page.append("\nOf the displacement that one action asks for, the hand has made " + lag() + " after 1 to 8 steps.\n");
if (Files.exists(Path.of("experiments/mcat/sawyer-reading.md"))) page.append("\n" + Files.readString(Path.of("experiments/mcat/sawyer-reading.md")).strip() + "\n");
Files.writeString(Path.of("experiments/mcat/sawyer.md"), page);
System.out.println(page);
