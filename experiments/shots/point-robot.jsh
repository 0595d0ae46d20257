// All methods by one protocol: return per episode of exploration on unseen goals of the point robot, round 0 without any experience of
// the task. Writes results/point-robot.csv and .png:
//   ./metarl jshell experiments/shots/point-robot.jsh [seeds] [methods]
// Every method trains with its own small preset until it learns no more, so the environment steps differ; the page tells them.
var seeds = args.length < 1 ? List.of(1L, 2L, 3L) : Arrays.stream(args[0].split(",")).map(Long::parseLong).toList();
var tasks = TaskSet.of(PointRobot.dense()).train(100).test(50).sample(7);
int rounds = 4;
record Entry(Algorithm method, long steps) {}
var methods = new LinkedHashMap<String, Entry>();
methods.put("MQL", new Entry(Mql.pointRobot(), 18_000));
methods.put("RL²", new Entry(Rl2.locomotion(rounds).decaySteps(1_600_000), 1_600_000));
methods.put("MAML", new Entry(Maml.navigation(), 1_600_000));
if (args.length > 1) methods.keySet().retainAll(List.of(args[1].split(",")));
for (var entry : methods.entrySet())
    for (long seed : seeds) {
        String name = entry.getKey().replace("²", "2").toLowerCase(Locale.ROOT);
        try (var run = MetaTraining.on(tasks).algorithm(entry.getValue().method()).steps(entry.getValue().steps())
                .evaluateEvery(entry.getValue().steps() / 8).episodes(1).adaptTasks(0).seed(seed).listen(new ProgressBar())
                .saveTo("runs/shots/point-robot-" + name + "-" + seed).run()) {
            var shots = run.shots(tasks.test(), rounds, 1, 7);
            System.out.println(entry.getKey() + " seed " + seed + " " + run.seconds() + " s: " + Arrays.toString(IntStream.range(0, rounds).mapToObj(shots::round).toArray()));
            System.out.println(run.curve().where(run.curve().stringColumn("metric").isEqualTo("testReturn")).print());
        }
    }
