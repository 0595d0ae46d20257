// HalfCheetah with a motor that fails at step 100: GrBAL, its own model without adapting, and a model trained without adapting.
//   ./metarl jshell experiments/grbal/cheetah.jsh [seeds] [methods]
// Started again, it resumes. Writes results/cheetah-SEED-METHOD.csv; results.jsh makes the page. Train tasks: no motor fails, or one of 0 to 3; every test episode begins with all
// motors, and motor 4 or 5 fails, which failed in no training. 40,000 steps.
var seeds = args.length < 1 ? new long[] {1, 2, 3} : Arrays.stream(args[0].split(",")).mapToLong(Long::parseLong).toArray();
var names = args.length < 2 ? List.of("GrBAL", "trained without adapting") : List.of(args[1].split(","));
int steps = 40_000, episodesPerTask = 3;
var family = HalfCheetah.crippled();
var late = family.changingAt(100);
var set = TaskSet.of(IntStream.rangeClosed(-1, 3).mapToObj(family::task).toList(), List.of(family.task(4), family.task(5)));
var test = IntStream.range(0, 2 * episodesPerTask).mapToObj(i -> late.task(4 + i % 2)).toList();
Files.createDirectories(Path.of("experiments/grbal/results"));
for (long seed : seeds)
    for (String name : names) {
        var settings = name.equals("GrBAL") ? GrBal.cheetah() : GrBal.cheetah().innerRate(0);
        var csv = new StringBuilder("bed,method,seed,steps,minutes,hash,task,return,measure,modelErrorBefore,modelErrorAfter\n");
        try (var run = MetaTraining.on(set).algorithm(settings).steps(steps).evaluateEvery(steps).adaptTasks(0).episodes(1).seed(seed)
                .saveTo("runs/grbal/cheetah-" + name.replace(' ', '-') + "-" + seed).listen(new ProgressBar()).run()) {
            var policies = new LinkedHashMap<String, Policy>(Map.of(name, run.policy()));
            if (name.equals("GrBAL")) policies.put("GrBAL's model without adapting", run.adaptingBy(settings.innerRate(0)).policy());
            for (var policy : policies.entrySet()) {
                var episodes = Rollout.of(policy.getValue(), test, RandomStream.of(seed, "changes"));
                for (int i = 0; i < test.size(); i++) {
                    var errors = policy.getKey().equals("GrBAL") ? run.adapt(family.task(-1), 1, seed).evidence(ModelEvidence.class).errors(episodes.get(i)) : null;
                    csv.append(String.format(Locale.ROOT, "half-cheetah-crippled,%s,%d,%d,%.1f,%s,%s,%.6g,%.4g,%.4g,%.4g%n", policy.getKey(), seed, steps, run.seconds() / 60, set.hash(), test.get(i).label(),
                        episodes.get(i).totalReward(), episodes.get(i).measure(), errors == null ? Double.NaN : errors.meanBefore(), errors == null ? Double.NaN : errors.meanAfter()));
                }
                System.out.println(policy.getKey() + ", seed " + seed + ": " + Arrays.toString(episodes.stream().mapToDouble(Trajectory::totalReward).toArray()));
            }
        }
        Files.writeString(Path.of("experiments/grbal/results/cheetah-" + name.replace(' ', '-') + "-" + seed + ".csv"), csv);
    }
