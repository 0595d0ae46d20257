// Short runs with fixed seeds of every algorithm, on families that pay by speed, end early, or are won: their logs, byte for byte.
// Without arguments the logs are compared with those in experiments/golden/results, on the machine that wrote them; "write" writes them anew.
// A change of code that is meant to change no number changes no log. The digits depend on the processor, so that no test can ask for them.
boolean write = args.length > 0 && args[0].equals("write");
var results = Path.of("experiments/golden/results");
var td3 = Td3.defaults().hidden(32).batchSize(32).randomSteps(600).updatesPerStep(0.2).replayCapacity(20_000);
var context = Td3.withContext().hidden(32).batchSize(32).contextLength(8).contextSize(10).randomSteps(600).randomEpisodeLength(50).updatesPerStep(0.2).replayCapacity(20_000);
var algorithms = new LinkedHashMap<String, Algorithm>();
algorithms.put("td3", td3);
algorithms.put("td3-context", context);
algorithms.put("mql", Mql.defaults().base(b -> context).newTaskUpdates(3).replayUpdates(6).snapshot(300));
algorithms.put("rl2", Rl2.maze(2).hidden(24).trialsPerUpdate(6).trialsPerBatch(3).epochs(3));
algorithms.put("maml", Maml.navigation().hidden(24).tasksPerUpdate(3).episodesPerTask(3));
algorithms.put("maml-adam", Maml.navigation().hidden(24).tasksPerUpdate(3).episodesPerTask(3).outer(Maml.Outer.ADAM).innerSteps(2));
var families = List.of(HalfCheetah.velocity(), Walker2d.randomParameters(), Point.navigation(), Bandit.bernoulli(5));

String log(Algorithm algorithm, TaskFamily family) throws Exception {
    var tasks = TaskSet.of(family).train(8).test(3).sample(3);
    try (var run = MetaTraining.on(tasks).algorithm(algorithm).steps(family.horizon() * 40L).evaluateEvery(family.horizon() * 20L).shots(2).adaptTasks(2).episodes(2).seed(5).run()) {
        return run.log().write().toString("csv");
    }
}

int same = 0;
var different = new ArrayList<String>();
for (var algorithm : algorithms.entrySet())
    for (var family : families) {
        if (family.name().startsWith("bernoulli") && !algorithm.getValue().choosesDiscretely()) continue;
        var file = results.resolve(algorithm.getKey() + "-" + family.name() + ".csv");
        String now = log(algorithm.getValue(), family);
        if (write) Files.writeString(file, now);
        else if (Files.readString(file).equals(now)) same++;
        else {
            different.add(file.getFileName().toString());
            Path aside = Files.writeString(Path.of("build").resolve(file.getFileName()), now);
            System.out.println("differs: " + file + ", now " + aside);
        }
    }
System.out.println(write ? "logs written to " + results : same + " logs are the same, " + different.size() + " differ " + different);
if (!different.isEmpty()) throw new IllegalStateException("logs differ: " + different);
