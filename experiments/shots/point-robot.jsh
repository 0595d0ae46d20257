// Five methods by one protocol: return on unseen goals of the point robot, round by round; round 0 is without any experience of the task.
//   ./metarl jshell experiments/shots/point-robot.jsh [seeds] [methods]
// Writes results/point-robot.csv, results/point-robot.png and README.md once all runs have ended. Started again it resumes, so runs can be made one by one: the arguments say which.
// Each method learns by its own small settings, and as long as they need; the page says how many steps and minutes that was.
var seeds = args.length < 1 ? List.of(1L, 2L, 3L) : Arrays.stream(args[0].split(",")).map(Long::parseLong).toList();
var tasks = TaskSet.of(PointRobot.dense()).train(100).test(50).sample(7);
int rounds = 6;
record Entry(Algorithm method, long steps) {}
var methods = new LinkedHashMap<String, Entry>();
methods.put("PEARL", new Entry(Pearl.pointRobot(), 160_000));
methods.put("MQL", new Entry(Mql.pointRobot(), 18_000));
methods.put("RL²", new Entry(Rl2.locomotion(rounds).decaySteps(1_600_000), 1_600_000));
methods.put("SNAIL", new Entry(Snail.locomotion(rounds).decaySteps(1_600_000), 1_600_000));
methods.put("MAML", new Entry(Maml.navigation(), 1_600_000));
if (args.length > 1) methods.keySet().retainAll(List.of(args[1].split(",")));

var rows = new ArrayList<ShotComparison.OfMethod>();
var csv = new StringBuilder("method,hash,seed,steps,minutes,task,round,return\n");
var cost = new StringBuilder("| method | environment steps | minutes of each seed |\n|---|---|---|\n");
methods.forEach((name, entry) -> {
    var judged = new ArrayList<ShotEvaluation>();
    var minutes = new ArrayList<String>();
    for (long seed : seeds)
        try (var run = MetaTraining.on(tasks).algorithm(entry.method()).steps(entry.steps()).evaluateEvery(entry.steps() / 8).episodes(1).adaptTasks(0).seed(seed).listen(new ProgressBar())
                .saveTo("runs/shots/point-robot-" + name.replace("²", "2").toLowerCase(Locale.ROOT) + "-" + seed).run()) {
            var shots = run.shots(tasks.test(), rounds, 1, 7);
            judged.add(shots);
            minutes.add(String.format(Locale.ROOT, "%.1f", run.seconds() / 60));
            for (int i = 0; i < shots.returns().length; i++)
                for (int k = 0; k < rounds; k++)
                    csv.append(String.format(Locale.ROOT, "%s,%s,%d,%d,%s,%d,%d,%.4f%n", name, tasks.hash(), seed, run.steps(), minutes.get(minutes.size() - 1), i, k, shots.returns()[i][k]));
            System.out.println(name + ", seed " + seed + ": " + IntStream.range(0, rounds).mapToObj(k -> shots.round(k).toString()).toList());
        }
    rows.add(new ShotComparison.OfMethod(name, judged));
    cost.append("| " + name + " | " + String.format(Locale.ROOT, "%,d", entry.steps()) + " | " + String.join(", ", minutes) + " |\n");
});
if (args.length < 2) {
    var comparison = new ShotComparison(rows);
    Files.createDirectories(Path.of("experiments/shots/results"));
    Files.writeString(Path.of("experiments/shots/results/point-robot.csv"), csv);
    Plots.shots(comparison).savePng("experiments/shots/results/point-robot.png");
    var page = new StringBuilder("# Five methods, one protocol\n\nMade by `experiments/shots/point-robot.jsh`. The point robot with the dense reward, 100 train and 50 unseen test goals, " + seeds.size() + " seeds. Intervals are ranges over the seeds.\n\n");
    page.append("| method | " + IntStream.range(0, rounds).mapToObj(k -> "round " + k).collect(Collectors.joining(" | ")) + " | sum of all rounds |\n|---|" + "---|".repeat(rounds + 1) + "\n");
    for (var row : rows) page.append("| " + row.name() + " | " + IntStream.range(0, rounds).mapToObj(k -> row.round(k).toString()).collect(Collectors.joining(" | ")) + " | " + row.online() + " |\n");
    page.append("\n![return round by round](results/point-robot.png)\n\n" + cost);
    if (Files.exists(Path.of("experiments/shots/reading.md"))) page.append("\n" + Files.readString(Path.of("experiments/shots/reading.md")).strip() + "\n");
    Files.writeString(Path.of("experiments/shots/README.md"), page);
    System.out.println(page);
}
