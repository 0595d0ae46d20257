// RL² on bandits or random tabular processes against the classical agents that know the prior, on the same trials. Writes results/NAME.csv:
//   ./metarl jshell experiments/rl2/train.jsh bandit PULLS ARMS UPDATES [seeds]
//   ./metarl jshell experiments/rl2/train.jsh mdp EPISODES - UPDATES [seeds]
boolean bandit = args[0].equals("bandit");
int episodes = Integer.parseInt(args[1]), updates = Integer.parseInt(args[3]);
int arms = bandit ? Integer.parseInt(args[2]) : 0;
var seeds = args.length < 5 ? List.of(1L, 2L, 3L) : Arrays.stream(args[4].split(",")).map(Long::parseLong).toList();
TaskFamily family = bandit ? Bandit.bernoulli(arms) : new RandomMdp(10, 5, 10);
var name = bandit ? "bandit-" + episodes + "-" + arms : "mdp-" + episodes;
// fresh tasks would be drawn in every update; this many are as good, and can be stored
var tasks = TaskSet.of(family).train(bandit ? 20_000 : 3_000).test(1_000).sample(7);
// short trials are cheap, and ten arms want many
Rl2 settings = bandit ? Rl2.bandit(episodes).trialsPerUpdate(arms > 5 && episodes < 50 ? 1_024 : 256) : Rl2.tabular(episodes);
long perUpdate = (long) settings.training().trialsPerUpdate() * episodes * family.horizon();
settings = settings.decaySteps(perUpdate * updates);
var file = Path.of("experiments/rl2/results/" + name + ".csv");
var csv = new StringBuilder("problem,seed,update,seconds,return,standardError\n");

/** Mean and its standard error of trials' returns, as a row. */
String row(String who, double seconds, double[] totals) {
    double mean = Arrays.stream(totals).average().orElseThrow();
    double variance = Arrays.stream(totals).map(t -> (t - mean) * (t - mean)).sum() / (totals.length - 1);
    return String.format(Locale.ROOT, "%s,%s,final,%.0f,%.4f,%.4f", name, who, seconds, mean, Math.sqrt(variance / totals.length));
}

void tell(String row) {
    csv.append(row).append('\n');
    System.out.println(row);
}

/** The same 1,000 tasks for an agent that knows what they are drawn from. */
double[] classical(TrialAgent agent) {
    return IntStream.range(0, tasks.test().size()).mapToDouble(i -> {
        try (var environment = tasks.test().get(i).environment()) {
            return Arrays.stream(Trials.run(agent, environment, episodes, RandomStream.of(i, "environment"), RandomStream.of(i, "agent"))).sum();
        }
    }).toArray();
}

if (bandit) {
    GittinsIndex.prepare(episodes);
    tell(row("exact Gittins", 0, classical(BanditAgents.gittins(arms))));
    tell(row("Thompson", 0, classical(BanditAgents.thompson(arms))));
} else {
    tell(row("PSRL", 0, classical(TabularAgents.psrl((RandomMdp) family, TabularPrior.PUBLISHED))));
    tell(row("BEB right prior", 0, classical(TabularAgents.beb((RandomMdp) family, TabularPrior.WELL_SPECIFIED, 0.0631))));
}
for (long seed : seeds) {
    var curve = new TrainingListener() {
        final long begin = System.nanoTime();
        public void evaluated(Evaluation e) {
            tell(String.format(Locale.ROOT, "%s,%d,%d,%.0f,%.4f,", name, seed, e.step() / perUpdate, (System.nanoTime() - begin) / 1e9, e.meanBefore()));
        }
    };
    try (var run = MetaTraining.on(TaskSet.of(tasks.train(), tasks.test().subList(0, 200))).algorithm(settings).steps(perUpdate * updates)
            .evaluateEvery(perUpdate * Math.max(1, updates / 10)).episodes(1).adaptTasks(0).seed(seed).listen(curve).run()) {
        var trials = run.shots(tasks.test(), 1, episodes, 7);
        tell(row("" + seed, run.seconds(), Arrays.stream(trials.returns()).mapToDouble(v -> v[0] * episodes).toArray()));
        run.saveNetworks("runs/rl2/" + name + "-" + seed);
    }
    Files.createDirectories(file.getParent());
    Files.writeString(file, csv);
}
