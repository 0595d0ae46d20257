// Figure 4 beyond the practised range: what each part of the adaptation is worth at 4 m/s, where the stored networks practised 0 to 3.
// Several training seeds go on from the same stored networks, and each adapts from several first episodes.
// Writes results/beyond-cheetah-vel.csv, seed by seed.
//   ./metarl jshell experiments/mql/fig4-beyond.jsh [seeds] [first episodes] [speed]
var seeds = args.length < 1 ? List.of(1L, 2L, 3L, 4L, 5L) : Arrays.stream(args[0].split(",")).map(Long::parseLong).toList();
int draws = args.length < 2 ? 4 : Integer.parseInt(args[1]);
var asked = List.of(HalfCheetah.velocity().task(args.length < 3 ? 4 : Double.parseDouble(args[2])));
var stored = MetaRun.load("models/mql-cheetah-vel");
var gentle = Mql.defaults().adaptationRate(3e-4).updatesPerStep(0.1).base(b -> b.learningRate(1e-4));
var variants = new LinkedHashMap<String, Mql>();
variants.put("paper", gentle);
variants.put("released script", gentle.releasedScript());
variants.put("without eq. 18", gentle.withoutNewTaskUpdates());
variants.put("without eq. 19", gentle.withoutReplayUpdates());
var csv = new StringBuilder("set,hash,seed,draw,task,variant,before,after\n");
for (long seed : seeds) {
    try (var run = MetaTraining.on(stored.tasks()).startFrom(stored).algorithm(gentle)
            .steps(8_000).evaluateEvery(8_000).adaptTasks(0).seed(seed).run()) {
        for (int draw = 0; draw < draws; draw++)
            for (var variant : variants.entrySet())
                for (var r : run.adaptingBy(variant.getValue()).evaluate(asked, 1, draw).tasks())
                    csv.append(String.format(Locale.ROOT, "cheetah-vel,%s,%d,%d,\"%s\",%s,%.6g,%.6g%n", run.tasks().hash(), seed, draw,
                        r.task().label(), variant.getKey(), r.before(), r.after()));
    }
    Files.writeString(Path.of("experiments/mql/results/beyond-cheetah-vel.csv"), csv);
    System.out.println("seed " + seed + " done");
}
