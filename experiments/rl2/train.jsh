// RL² or SNAIL on bandits or random tabular processes, on the same train tasks and the same 1,000 unseen ones. Writes results/NAME-METHOD.csv, a seed at a time;
// started again, it goes on where it was. "classical" are the agents that know the prior, on the same trials.
//   ./metarl jshell experiments/rl2/train.jsh rl2|snail|classical bandit PULLS ARMS UPDATES [seeds]
//   ./metarl jshell experiments/rl2/train.jsh rl2|snail|classical mdp EPISODES - UPDATES [seeds]
var method = args[0];
boolean bandit = args[1].equals("bandit");
int episodes = Integer.parseInt(args[2]), updates = Integer.parseInt(args[4]);
int arms = bandit ? Integer.parseInt(args[3]) : 0;
var seeds = args.length < 6 ? List.of(1L, 2L, 3L) : Arrays.stream(args[5].split(",")).map(Long::parseLong).toList();
TaskFamily family = bandit ? Bandit.bernoulli(arms) : RandomMdp.published();
var name = bandit ? "bandit-" + episodes + "-" + arms : "mdp-" + episodes;
// fresh tasks would be drawn in every update; this many are as good, and can be stored
var tasks = TaskSet.of(family).train(bandit ? 20_000 : 3_000).test(1_000).sample(7);
var file = Path.of("experiments/rl2/results/" + name + "-" + method + ".csv");
Files.createDirectories(file.getParent());

// short trials are cheap, and ten arms want many
int perUpdate = bandit && arms > 5 && episodes < 50 ? 1_024 : 256;
long steps = (long) perUpdate * episodes * family.horizon();

Algorithm settings(UnaryOperator<TrialPpo> change) {
    if (method.equals("rl2")) return (bandit ? Rl2.bandit(episodes) : Rl2.tabular(episodes)).training(change);
    if (method.equals("snail")) return (bandit ? Snail.bandit(episodes) : Snail.tabular(episodes)).training(change);
    throw new IllegalArgumentException("the method is '" + method + "', expected rl2, snail or classical");
}

/** Keeps the rows of other seeds, and writes these anew. */
void write(String who, List<String> rows) throws Exception {
    var all = new ArrayList<String>(List.of("problem,method,seed,update,seconds,return,standardError"));
    if (Files.exists(file)) Files.readAllLines(file).stream().skip(1).filter(r -> !r.startsWith(name + "," + who + ",")).forEach(all::add);
    all.addAll(rows);
    Files.write(file, all);
    System.out.println(rows.get(rows.size() - 1));
}

/** Mean and its standard error of trials' returns, as a row. */
String row(String who, double seconds, double[] totals) {
    double mean = Arrays.stream(totals).average().orElseThrow();
    double variance = Arrays.stream(totals).map(t -> (t - mean) * (t - mean)).sum() / (totals.length - 1);
    return String.format(Locale.ROOT, "%s,%s,final,%.0f,%.4f,%.4f", name, who, seconds, mean, Math.sqrt(variance / totals.length));
}

/** The same 1,000 tasks for an agent that knows what they are drawn from. */
void classical(String who, TrialAgent agent) throws Exception {
    double[] totals = IntStream.range(0, tasks.test().size()).mapToDouble(i -> {
        try (var environment = tasks.test().get(i).environment()) {
            return Arrays.stream(Trials.run(agent, environment, episodes, RandomStream.of(i, "environment"), RandomStream.of(i, "agent"))).sum();
        }
    }).toArray();
    write(who + ",", List.of(row(who + ",", 0, totals)));
}

void train(long seed) throws Exception {
    var algorithm = settings(t -> t.trialsPerUpdate(perUpdate).decaySteps(steps * updates));
    try (var run = MetaTraining.on(TaskSet.of(tasks.train(), tasks.test().subList(0, 200))).algorithm(algorithm)
            .steps(steps * updates).evaluateEvery(steps * Math.max(1, updates / 10)).episodes(1).adaptTasks(0).seed(seed)
            .saveTo("runs/rl2/" + name + "-" + method + "-" + seed).listen(new TrainingListener() {
                public void evaluated(Evaluation e) {
                    System.out.println(String.format(Locale.ROOT, "%s %s seed %d, update %d: %.2f", name, method, seed, e.step() / steps, e.meanBefore()));
                }
            }).run()) {
        var rows = new ArrayList<String>();
        for (Row r : run.curve())
            if (r.getString("metric").equals("testReturn"))
                rows.add(String.format(Locale.ROOT, "%s,%s,%d,%d,,%.4f,", name, method, seed, r.getLong("step") / steps, r.getDouble("mean")));
        var trials = run.shots(tasks.test(), 1, episodes, 7);
        rows.add(row(method + "," + seed, run.seconds(), Arrays.stream(trials.returns()).mapToDouble(v -> v[0] * episodes).toArray()));
        write(method + "," + seed, rows);
    }
}

if (!method.equals("classical")) {
    for (long seed : seeds) train(seed);
} else if (bandit) {
    GittinsIndex.prepare(episodes);
    classical("exact Gittins", BanditAgents.gittins(arms));
    classical("Thompson", BanditAgents.thompson(arms));
} else {
    classical("PSRL", TabularAgents.psrl((RandomMdp) family, TabularPrior.PUBLISHED));
    classical("BEB right prior", TabularAgents.beb((RandomMdp) family, TabularPrior.WELL_SPECIFIED, 0.0631));
}
