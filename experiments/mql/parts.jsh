// What the adaptation gains on the networks that long.jsh left, and what each of its parts is worth. Every variant adapts from the same
// first episode, and is judged by the same 20 start states as the policy before it. Writes results/parts-NAME-SEED.csv.
//   ./metarl jshell experiments/mql/parts.jsh cheetah-vel|ant-dir SEED [test tasks] [first episodes] [judged episodes]
var name = args[0];
long seed = Long.parseLong(args[1]);
int count = args.length < 3 ? 10 : Integer.parseInt(args[2]), firsts = args.length < 4 ? 1 : Integer.parseInt(args[3]);
int judged = args.length < 5 ? 20 : Integer.parseInt(args[4]);
var released = Mql.released(name);
var variants = new LinkedHashMap<String, Mql>();
variants.put("paper", released);
variants.put("released script", released.releasedScript());
variants.put("without eq. 18", released.withoutNewTaskUpdates());
variants.put("without eq. 19", released.withoutReplayUpdates());
variants.put("without the proximal term", released.fixedProximal(0));
variants.put("learning rate 3e-4", released.adaptationRate(3e-4));
var csv = new StringBuilder("set,hash,seed,updates,first,task,variant,before,after,ess,lambda\n");

/** Mean return of fresh episodes: the same start states for every policy. */
double judge(Policy policy, Task task, long first) {
    return Rollout.of(policy, Collections.nCopies(judged, task), RandomStream.of(first, "judged")).stream()
        .mapToDouble(Trajectory::totalReward).average().orElseThrow();
}

try (var run = MetaRun.load("runs/mql/" + name + "-long-" + seed)) {
    for (Task task : run.tasks().test().subList(0, Math.min(count, run.tasks().test().size())))
        for (int first = 1; first <= firsts; first++) {
            double before = judge(run.policy(), task, first);
            for (var variant : variants.entrySet())
                try (var adapted = run.adaptingBy(variant.getValue()).adapt(task, 1, first)) {
                    double after = judge(adapted.policy(), task, first);
                    csv.append(String.format(Locale.ROOT, "%s,%s,%d,%d,%d,\"%s\",%s,%.6g,%.6g,%.4g,%.4g%n", name, run.tasks().hash(), seed,
                        run.updates(), first, task.label(), variant.getKey(), before, after, adapted.evidence("ess"),
                        adapted.evidence("lambda")));
                }
            System.out.println(name + ", seed " + seed + ": " + task.label() + " done");
        }
}
Files.writeString(Path.of("experiments/mql/results/parts-" + name + "-" + seed + ".csv"), csv);
