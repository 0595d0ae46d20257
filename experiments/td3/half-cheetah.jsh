// TD3 on a single HalfCheetah (the reward of gymnasium v5, 1000 steps, 25 000 random steps, 256-256): return after 25 000 and 75 000 updates, three seeds.
// Peer: CleanRL's reported about 2450 and 4800. About half an hour on one core; started again, it resumes.
var cheetah = HalfCheetah.twoLegs().task();
var tasks = TaskSet.of(List.of(cheetah), List.of(cheetah));
var settings = Td3.defaults().hidden(256).learningRate(3e-4).explorationNoise(0.1).targetNoise(0.2).randomSteps(25_000).replayCapacity(1_000_000);
var returns = new TreeMap<Long, List<Double>>();
for (long seed = 1; seed <= 3; seed++) {
    try (var run = MetaTraining.on(tasks).algorithm(settings).steps(100_000).evaluateEvery(25_000).adaptTasks(0).episodes(5).seed(seed)
            .saveTo("runs/td3-half-cheetah/seed-" + seed).listen(new ProgressBar()).run()) {
        for (Row row : run.log()) if (row.getString("metric").equals("testReturn")) returns.computeIfAbsent(row.getLong("step"), s -> new ArrayList<>()).add(row.getDouble("value"));
    }
}
returns.forEach((step, values) -> System.out.println(String.format(Locale.ROOT, "TD3 HalfCheetah, %,6d updates: mean return %,.0f of seeds %s", Math.max(0, step - 25_000),
    values.stream().mapToDouble(v -> v).average().getAsDouble(), values.stream().map(v -> String.format(Locale.ROOT, "%,.0f", v)).toList())));
