// A policy of the two-legged cheetah on the three-legged one: other states (17, 23) and other actions (6, 9). The paper's extension to bodies that differ, section 6, with a given state map (SharedStates).
//   ./metarl jshell experiments/mcat/legs.jsh [seeds] [scale] [copied,random]
// Needs the source policy of armature 0.1, the standard body (sources.jsh): at its end the policy that is transferred, at a quarter of its steps the mediocre one that collects data.
// scale: 1 makes as many updates as the release does for Table 1 (300,000 of the forward model, 90,000 of the translator); 0.1 is what stands in results/.
// Data: 100 episodes on each body, with noise of 0.1 to 0.5 on all motors. On the three-legged body the second hind leg gets the first one's controls plus noise of its own ("copied"), or random controls ("random"):
// the first kind shows the translator states like those that it is asked for, the second takes nothing for granted about actions. Writes results/legs-KIND-SEED.csv, and skips what is there; the first kind's has what needs no data, too. Then legs.md of all that is there.
var seeds = args.length < 1 ? new long[] {1, 2, 3} : Arrays.stream(args[0].split(",")).mapToLong(Long::parseLong).toArray();
double scale = args.length < 2 ? 0.1 : Double.parseDouble(args[1]);
var kinds = List.of((args.length < 3 ? "copied,random" : args[2]).split(","));
int episodesPerTask = 100, testEpisodes = 20;
int updates(int published) { return (int) Math.max(1, Math.round(scale * published)); }
var shared = SharedStates.of(17, HalfCheetah.twins());
Task two = HalfCheetah.twoLegs().task(), three = HalfCheetah.threeLegs().task();

/** The source's six controls as nine, the second hind leg's by a rule. */
Translation legs(double first, double second) {
    return (observations, actions) -> Arrays.stream(actions).map(a -> new double[] {first * a[0], first * a[1], first * a[2], second * a[0], second * a[1], second * a[2], a[3], a[4], a[5]}).toArray(double[][]::new);
}
Translation noisy(Translation rule, double deviation, boolean randomLeg, RandomStream random) {
    return (observations, actions) -> {
        double[][] all = rule.translate(observations, actions);
        for (double[] a : all) for (int j = 0; j < a.length; j++) a[j] = randomLeg && j >= 3 && j < 6 ? random.nextDouble(-1, 1) : Math.max(-1, Math.min(1, a[j] + deviation * random.nextGaussian()));
        return all;
    };
}
Translation asIs() { return (observations, actions) -> Arrays.stream(actions).map(double[]::clone).toArray(double[][]::new); }
MetaReplay collected(Task task, int size, int actionSize, Policy policy, Translation rule, boolean randomLeg, UnaryOperator<Trajectory> seen, RandomStream random) {
    var data = new MetaReplay(1, size, actionSize, 2, episodesPerTask * 1000);
    for (int batch = 0; batch < 5; batch++)
        for (var episode : Rollout.of(TransferredPolicy.of(policy, noisy(rule, 0.1 * (batch + 1), randomLeg, random.split("noise " + batch))), Collections.nCopies(episodesPerTask / 5, task), random.split("batch " + batch)))
            data.of(0).add(seen.apply(episode));
    return data;
}
interface Scoring { void of(String name, Task on, Policy policy); }
void compare(String kind, long seed, Policy source, Policy mediocre, Scoring score) {
    Policy there = shared.seen(source);
    if (kind.equals("copied")) {
        score.of("mediocre on two legs", two, mediocre);
        score.of("source on two legs", two, source);
        score.of("random on three legs", three, Policy.random(9));
        score.of("second leg limp", three, TransferredPolicy.of(there, legs(1, 0)));
        score.of("second leg copies", three, TransferredPolicy.of(there, legs(1, 1)));
        score.of("hind legs share", three, TransferredPolicy.of(there, legs(0.5, 0.5)));
    }
    var data = collected(two, 23, 6, mediocre, asIs(), false, shared::toTarget, RandomStream.of(seed, "source data"));
    var target = collected(three, 23, 9, shared.seen(mediocre), legs(1, 1), kind.equals("random"), episode -> episode, RandomStream.of(seed, "target data"));
    try (var model = ContextModel.released().contextSize(0).start(23, 9, seed)) {
        model.fit(target, new int[] {0}, updates(300_000), RandomStream.of(seed, "model"));
        for (var settings : List.of(ActionTranslator.released(), ActionTranslator.paper()))
            try (var translator = settings.learningRate(RateSchedule.released(updates(90_000))).start(model, 6, seed)) {
                translator.fit(data, 0, 0, updates(90_000), RandomStream.of(seed, "translator"));
                score.of("translated, " + settings.objective().name().toLowerCase(Locale.ROOT), three, TransferredPolicy.of(there, translator));
            }
    }
}
for (String kind : kinds)
    for (long seed : seeds) {
        var file = Path.of("experiments/mcat/results/legs-" + kind + "-" + seed + ".csv");
        if (Files.exists(file)) continue;
        var rows = new StringBuilder("seed,scale,data,policy,episode,return,speed\n");
        try (var good = MetaRun.load("runs/mcat/networks/source-cheetah-0.1-1"); var mediocre = MetaRun.load("runs/mcat/networks/source-cheetah-0.1-1-mediocre")) {
            compare(kind, seed, good.policy(), mediocre.policy(), (name, on, policy) -> {
                var episodes = Rollout.of(policy, Collections.nCopies(testEpisodes, on), RandomStream.of(seed, "test"));
                String data = name.startsWith("translated") ? kind : "none";
                for (int i = 0; i < episodes.size(); i++) rows.append(String.format(Locale.ROOT, "%d,%s,%s,%s,%d,%.6g,%.5g%n", seed, scale, data, name.replace(", ", " by "), i, episodes.get(i).totalReward(), episodes.get(i).measure()));
                System.out.println("seed " + seed + ", " + data + ", " + name + ": " + episodes.stream().mapToDouble(Trajectory::totalReward).average().getAsDouble());
            });
        }
        Files.createDirectories(file.getParent());
        Files.writeString(file, rows);
    }

// what stands in the files, seed by seed: means of the episodes
record Key(String policy, String data) {}
var means = new LinkedHashMap<Key, TreeMap<Integer, Double>>();
double usedScale = Double.NaN;
try (var files = Files.list(Path.of("experiments/mcat/results"))) {
    for (var file : files.filter(f -> f.getFileName().toString().matches("legs-[a-z]+-\\d+\\.csv")).sorted().toList()) {
        var table = Table.read().csv(file.toFile());
        usedScale = table.numberColumn("scale").getDouble(0);
        for (String name : new LinkedHashSet<>(table.stringColumn("policy").asList())) {
            var of = table.where(table.stringColumn("policy").isEqualTo(name));
            means.computeIfAbsent(new Key(name, of.stringColumn("data").get(0)), k -> new TreeMap<>()).put((int) of.numberColumn("seed").getDouble(0), of.numberColumn("return").mean());
        }
    }
}
double[] numbers(Collection<Double> values) { return values.stream().mapToDouble(v -> v).toArray(); }
String range(Collection<Double> values) { return values.size() == 1 ? Figures.number(values.iterator().next(), 4) : Interval.ofMean(numbers(values), 0).toString(); }
String interval(Collection<Double> values) { return values.size() == 1 ? Figures.number(values.iterator().next(), 4) + " (one seed)" : Interval.ofFew(numbers(values)).toString(); }
var page = new StringBuilder("# From two legs to three\n\nMade by `experiments/mcat/legs.jsh`; updates × " + usedScale + " of the release. One source policy; a seed draws data, networks and test episodes (" + testEpisodes
    + ") anew. Means over the seeds with their range; differences are paired by seed, with Student's t interval of 95 %.\n\n| policy | data | seeds | return | more than with the second leg limp |\n|---|---|---|---|---|\n");
var limp = means.get(new Key("second leg limp", "none"));
means.forEach((key, values) -> {
    var common = values.keySet().stream().filter(limp::containsKey).toList();
    String more = key.policy().contains("two legs") || key.policy().equals("second leg limp") ? "" : interval(common.stream().map(s -> values.get(s) - limp.get(s)).toList());
    page.append("| " + key.policy() + " | " + (key.data().equals("none") ? "" : key.data()) + " | " + values.size() + " | " + range(values.values()) + " | " + more + " |\n");
});
if (Files.exists(Path.of("experiments/mcat/legs-reading.md"))) page.append("\n" + Files.readString(Path.of("experiments/mcat/legs-reading.md")).strip() + "\n");
Files.writeString(Path.of("experiments/mcat/legs.md"), page);
System.out.println(page);
