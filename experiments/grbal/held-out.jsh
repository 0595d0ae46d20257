// The error of the models of poles.jsh (pendulum-motor, seeds 1 to 5) on held-out motors without a change, before and after one step on the last K; random actions. Writes results/held-out.csv.
var csv = new StringBuilder("bed,seed,task,modelErrorBefore,modelErrorAfter\n");
for (int seed = 1; seed <= 5; seed++)
    try (var run = MetaRun.load("runs/grbal/pendulum-motor-GrBAL-" + seed)) {
        var held = TaskSet.of(Pendulum.motor()).train(1).test(20).sample(78).test();
        var model = run.adapt(held.get(0), 1, seed).evidence(ModelEvidence.class);
        var random = Rollout.of(Policy.random(1), held, RandomStream.of(seed, "held out"));
        double b = 0, a = 0; int wins = 0;
        for (int i = 0; i < held.size(); i++) { var e = model.errors(random.get(i)); b += e.meanBefore() / 20; a += e.meanAfter() / 20; if (e.meanAfter() < e.meanBefore()) wins++;
            csv.append(String.format(Locale.ROOT, "pendulum-motor,%d,%s,%.5g,%.5g%n", seed, held.get(i).label(), e.meanBefore(), e.meanAfter())); }
        System.out.println("seed " + seed + ": before " + b + " after " + a + ", below in " + wins + " of 20 tasks");
    }
Files.writeString(Path.of("experiments/grbal/results/held-out.csv"), csv);
