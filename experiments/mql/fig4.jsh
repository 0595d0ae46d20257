// Figure 4 of the paper: what each part of the adaptation is worth, on the networks and the replay that train.jsh left in runs/. Writes results/fig4-NAME.csv.
//   ./metarl jshell experiments/mql/fig4.jsh cheetah-vel|cheetah-dir|ant-dir [short|paper] [seeds] [test tasks]
var name = args.length > 0 ? args[0] : "cheetah-dir";
var scale = args.length > 1 ? args[1] : "short";
var seeds = args.length < 3 ? List.of(1L, 2L, 3L) : Arrays.stream(args[2].split(",")).map(Long::parseLong).toList();
int count = args.length < 4 ? 2 : Integer.parseInt(args[3]);
var released = Mql.released(name);
var variants = new LinkedHashMap<String, Mql>();
variants.put("paper", released);
variants.put("released script", released.releasedScript());
variants.put("without eq. 18", released.withoutNewTaskUpdates());
variants.put("without eq. 19", released.withoutReplayUpdates());
variants.put("λ = 0.5", released.fixedProximal(0.5));
variants.put("no logit clip", released.withoutLogitClip());
variants.put("learning rate 3e-4", released.adaptationRate(3e-4));
var csv = new StringBuilder("set,hash,scale,seed,task,variant,before,after\n");
for (long seed : seeds) {
    try (var run = MetaRun.load("runs/mql/" + name + "-" + scale + "-" + seed)) {
        for (var variant : variants.entrySet())
            for (var result : run.adaptingBy(variant.getValue()).evaluate(run.tasks().test().subList(0, count), 1, seed).tasks()) {
                csv.append(String.join(",", name, run.tasks().hash(), scale, "" + seed, "\"" + result.task().label() + "\"", variant.getKey(),
                    String.format(Locale.ROOT, "%.6g", result.before()), String.format(Locale.ROOT, "%.6g", result.after()))).append('\n');
                System.out.println(name + " seed " + seed + " " + variant.getKey() + " " + result.task().label() + ": " + result.before() + " → " + result.after());
            }
    }
    Files.writeString(Path.of("experiments/mql/results/fig4-" + name + ".csv"), csv);
}
