// A change under way on the classical beds: GrBAL, its own model without adapting, a model trained without adapting, ReBAL, and the true simulator as the model.
//   ./metarl jshell experiments/grbal/poles.jsh [pendulum-motor,cart-pole,pendulum] [seeds]
// Started again, it resumes. Writes results/BED.csv; results.jsh makes the page of all beds. Train tasks are drawn from the family's range; every test episode begins as the
// nominal task and changes at half time: of pendulum-motor into one whose motor pushes the other way, of the others into one outside of the range (CaDM's).
var beds = args.length < 1 ? List.of("pendulum-motor", "cart-pole", "pendulum") : List.of(args[0].split(","));
var seeds = args.length < 2 ? new long[] {1, 2, 3} : Arrays.stream(args[1].split(",")).mapToLong(Long::parseLong).toArray();
int trainTasks = 20, testTasks = 12, change = 100;
Map<String, Integer> steps = Map.of("pendulum-motor", 8_000, "cart-pole", 8_000, "pendulum", 8_000);

/** Values outside of the range of the training, low and high in turn. */
double[] outside(String bed, int i, RandomStream random) {
    double[][] first = bed.equals("cart-pole") ? new double[][] {{2, 3.5}, {16.5, 18}} : new double[][] {{0.2, 0.4}, {1.5, 1.7}};
    double[][] second = bed.equals("cart-pole") ? new double[][] {{0.15, 0.3}, {0.7, 0.85}} : first;
    return new double[] {random.nextDouble(first[i % 2][0], first[i % 2][1]), random.nextDouble(second[i / 2 % 2][0], second[i / 2 % 2][1])};
}

List<Task> changing(String bed) {
    var family = TaskFamily.named(bed);
    var late = bed.equals("pendulum-motor") ? family.changingAt(change) : family.changingAt(change, bed.equals("pendulum") ? family.task(1, 1) : family.task(10, 0.5));
    var random = RandomStream.of(77, bed);
    if (!bed.equals("pendulum-motor")) return IntStream.range(0, testTasks).mapToObj(i -> late.task(outside(bed, i, random))).toList();
    return TaskSet.of(family).train(1).test(4 * testTasks).sample(77).test().stream().filter(t -> t.value(0) < 0).limit(testTasks).map(t -> late.task(t.value(0))).toList();
}

Files.createDirectories(Path.of("experiments/grbal/results"));
for (String bed : beds) {
    var csv = new StringBuilder("bed,method,seed,steps,minutes,hash,task,return,measure,modelErrorBefore,modelErrorAfter\n");
    var test = changing(bed);
    for (long seed : seeds) {
        var set = TaskSet.of(TaskFamily.named(bed)).train(trainTasks).test(1).sample(seed);
        var methods = new LinkedHashMap<String, Algorithm>();
        methods.put("GrBAL", GrBal.classical());
        methods.put("trained without adapting", GrBal.classical().innerRate(0));
        methods.put("ReBAL", ReBal.classical());
        for (var method : methods.entrySet())
            try (var run = MetaTraining.on(set).algorithm(method.getValue()).steps(steps.get(bed)).evaluateEvery(steps.get(bed)).adaptTasks(0).episodes(1).seed(seed)
                    .saveTo("runs/grbal/" + bed + "-" + method.getKey().replace(' ', '-') + "-" + seed).run()) {
                boolean adapting = method.getKey().equals("GrBAL");
                var by = new LinkedHashMap<String, Policy>(Map.of(method.getKey(), run.policy()));
                if (adapting) by.put("GrBAL's model without adapting", run.adaptingBy(GrBal.classical().innerRate(0)).policy());
                for (var policy : by.entrySet()) {
                    var episodes = Rollout.of(policy.getValue(), test, RandomStream.of(seed, "changes"));
                    for (int i = 0; i < test.size(); i++) {
                        var errors = adapting && policy.getKey().equals("GrBAL") ? run.adapt(set.test().get(0), 1, seed).evidence(ModelEvidence.class).errors(episodes.get(i)) : null;
                        csv.append(String.format(Locale.ROOT, "%s,%s,%d,%d,%.1f,%s,%s,%.6g,%.4g,%.4g,%.4g%n", bed, policy.getKey(), seed, steps.get(bed), run.seconds() / 60, set.hash(), test.get(i).label().replace(' ', ';'),
                            episodes.get(i).totalReward(), episodes.get(i).measure(), errors == null ? Double.NaN : errors.meanBefore(), errors == null ? Double.NaN : errors.meanAfter()));
                    }
                    System.out.println(bed + ", " + policy.getKey() + ", seed " + seed + ": " + Interval.mean(episodes.stream().mapToDouble(Trajectory::totalReward).toArray()));
                }
            }
        var planner = GrBal.classical().planner();
        var best = Rollout.of(new TrueModel(test, planner), test, RandomStream.of(seed, "changes"));
        for (int i = 0; i < test.size(); i++)
            csv.append(String.format(Locale.ROOT, "%s,%s,%d,0,0,%s,%s,%.6g,%.4g,NaN,NaN%n", bed, "true simulator", seed, set.hash(), test.get(i).label().replace(' ', ';'), best.get(i).totalReward(), best.get(i).measure()));
        System.out.println(bed + ", true simulator, seed " + seed + ": " + Interval.mean(best.stream().mapToDouble(Trajectory::totalReward).toArray()));
        Files.writeString(Path.of("experiments/grbal/results/" + bed + ".csv"), csv);
    }
}
