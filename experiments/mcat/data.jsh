// Do other data make a better translator? On a pair that is not the one of Table 1: HalfCheetah, armature 0.1 to 0.3.
//   ./metarl jshell experiments/mcat/data.jsh [mediocre,mediocrewide,half,good] [scale] [target armature]
// mediocre: as in table1.jsh; mediocrewide: twice the noise; half: two fifths of the episodes by the good policy; good: all by it. Needs the source policies (sources.jsh). Writes results/data.csv. One seed; half an hour on one core with scale 0.05.
double scale = args.length < 2 ? 0.05 : Double.parseDouble(args[1]);
long seed = 11;
int testEpisodes = 30;
int updates(int published) { return (int) Math.max(1, Math.round(scale * published)); }
var family = HalfCheetah.armature();
Task source = family.task(0.1), target = family.task(args.length < 3 ? 0.3 : Double.parseDouble(args[2]));
var good = MetaRun.load("runs/mcat/networks/source-cheetah-0.1-1"); var mediocre = MetaRun.load("runs/mcat/networks/source-cheetah-0.1-1-mediocre");
var problem = Problem.of(List.of(source));
double score(Policy policy) { return Rollout.of(policy, Collections.nCopies(testEpisodes, target), RandomStream.of(seed, "test")).stream().mapToDouble(Trajectory::totalReward).average().getAsDouble(); }
var csv = new StringBuilder("data,translation,return\n");
void told(String data, String translation, double value) {
    csv.append(String.format(Locale.ROOT, "%s,%s,%.6g%n", data, translation, value));
    System.out.println(data + ", " + translation + ": " + value);
}
told("", "source policy", score(good.policy()));
for (String what : (args.length < 1 ? "mediocre,mediocrewide,half,good" : args[0]).split(",")) {
    var data = new MetaReplay(2, problem.observationSize(), problem.actionSize(), problem.outcomeSize(), 200_000);
    for (int i = 0; i < 2; i++)
        for (int b = 0; b < 5; b++) {
            double noise = what.contains("wide") ? 0.2 * (b + 1) : 0.1 * (b + 1);
            Policy by = what.startsWith("mediocre") ? mediocre.policy() : what.startsWith("half") ? (b % 2 == 0 ? mediocre.policy() : good.policy()) : good.policy();
            for (var e : Rollout.of(by.withNoise(noise), Collections.nCopies(20, i == 0 ? source : target), RandomStream.of(seed, i + " " + b))) data.of(i).add(e);
        }
    try (var model = ContextModel.released().contextSize(0).start(problem.observationSize(), problem.actionSize(), seed)) {
        model.fit(data, new int[] {1}, updates(300_000), RandomStream.of(seed, "model"));
        for (var form : List.of(ActionTranslator.released(), ActionTranslator.paper().objective(ActionTranslator.Objective.DISTANCE), ActionTranslator.paper()))
            try (var translator = form.learningRate(RateSchedule.released(updates(90_000))).start(model, seed)) {
                translator.fit(data, 0, 1, updates(90_000), RandomStream.of(seed, "translator"));
                told(what, form.objective() + (form.normalized() ? " normalized" : ""), score(TransferredPolicy.of(good.policy(), translator)));
            }
    }
    try (var cycle = CycleConsistency.released().updatesPerEpoch(updates(3000)).normalized(true).learningRate(RateSchedule.cycle(updates(90_000))).start(problem.observationSize(), problem.actionSize(), seed)) {
        cycle.fit(data, 0, 1, RandomStream.of(seed, "cycle"));
        told(what, "cycle normalized", score(TransferredPolicy.of(good.policy(), cycle)));
    }
}
Files.createDirectories(Path.of("experiments/mcat/results"));
Files.writeString(Path.of("experiments/mcat/results/data.csv"), csv);
