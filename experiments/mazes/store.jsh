// Makes models/rl2-maze-small-first-person of the run that train.jsh has left:   ./metarl jshell experiments/mazes/store.jsh [RUN]
String from = args.length > 0 ? args[0] : "runs/mazes/rl2-pictures-short-1", to = "models/rl2-maze-small-first-person";
try (var run = MetaRun.load(from)) { run.saveNetworks(to); }
try (var files = Files.walk(Path.of(to))) { System.out.println(files.filter(Files::isRegularFile).mapToLong(f -> f.toFile().length()).sum() + " bytes in " + to); }
try (var run = MetaRun.load(to)) {
    var trials = Rollout.trials(run.policy(), TaskSet.published("rl2/maze-small-first-person").test(), 2, RandomStream.of(7, "mazes"));
    for (int e = 0; e < 2; e++) {
        int episode = e;
        System.out.println("episode " + (e + 1) + ": " + Interval.ofMean(trials.stream().mapToDouble(t -> t.get(episode).length()).toArray(), 7) + " steps");
    }
}
