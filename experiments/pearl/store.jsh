// Makes models/pearl-cheetah-vel or models/pearl-sparse-point of the run that cheetah-vel.jsh or sparse-point.jsh has left:
//   ./metarl jshell experiments/pearl/store.jsh cheetah-vel|sparse-point [SEED]
String name = args[0], seed = args.length > 1 ? args[1] : "1", to = "models/pearl-" + name;
boolean cheetah = name.equals("cheetah-vel");
try (var run = MetaRun.load("runs/pearl/" + name + "-short-" + (cheetah ? "pearl-" : "") + seed)) { run.saveNetworks(to); }
try (var files = Files.walk(Path.of(to))) { System.out.println(files.filter(Files::isRegularFile).mapToLong(f -> f.toFile().length()).sum() + " bytes in " + to); }
try (var run = MetaRun.load(to)) {
    int rounds = cheetah ? 4 : 16;
    var shots = run.shots(run.tasks().test(), rounds, 1, 7);
    for (int k = 0; k < rounds; k++) System.out.println("episode " + (k + 1) + ": " + shots.round(k));
}
