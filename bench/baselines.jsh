// The classical baselines of RL² beside the published numbers; writes docs/baselines.md. A few minutes on two cores.
int trials = 1_000, sweepTrials = 200;
long seed = 7, sweepSeed = 8, begin = System.nanoTime();
var page = new StringBuilder();

void say(String line) {
    System.out.println(line);
    page.append(line).append('\n');
}

void progress(String what) {
    System.err.println(String.format(Locale.ROOT, "%4.0f s  %s", (System.nanoTime() - begin) / 1e9, what));
}

record Best(String setting, Trials trials) {}

// the setting that does best on trials of another seed, then measured on the trials that all agents meet
Best best(TaskFamily family, int episodes, double[] settings, Function<Double, Function<Task, TrialAgent>> agent) {
    double chosen = settings[0], highest = Double.NEGATIVE_INFINITY;
    for (double setting : settings) {
        if (settings.length == 1) break;
        double mean = Trials.evaluate(family, agent.apply(setting), episodes, sweepTrials, sweepSeed).mean();
        if (mean > highest) {
            highest = mean;
            chosen = setting;
        }
    }
    return new Best(settings.length == 1 ? "" : String.format(Locale.ROOT, "%.3g", chosen).replaceAll("\\.?0+$", ""), Trials.evaluate(family, agent.apply(chosen), episodes, trials, seed));
}

Best only(TaskFamily family, int episodes, Function<Task, TrialAgent> agent) {
    return best(family, episodes, new double[] {0}, nothing -> agent);
}

var far = new ArrayList<String>();
int compared = 0;

// notes where a published mean of as many trials is further off than three standard errors of the difference
String cell(String what, Best ours, double published) {
    double error = ours.trials().standardError(), mean = ours.trials().mean();
    if (!Double.isNaN(published)) {
        compared++;
        if (Math.abs(mean - published) > 3 * Math.sqrt(2) * error) far.add(String.format(Locale.ROOT, "%s: %.1f ± %.1f, published %.1f", what, mean, error, published));
    }
    String format = error < 0.1 ? "%.2f ± %.2f" : "%.1f ± %.1f";
    String setting = ours.setting().isEmpty() ? "" : " [" + ours.setting() + "]";
    return String.format(format, mean, error) + setting + (Double.isNaN(published) ? "" : " (" + published + ")");
}

double[] tenths = IntStream.rangeClosed(0, 10).mapToDouble(i -> i / 10.0).toArray();
double[] scales = IntStream.rangeClosed(0, 20).mapToDouble(i -> Math.pow(10, -4 + 0.2 * i)).toArray();
double[] draws = {1, 2, 3, 5, 8, 12, 20};

say("# Classical baselines: ours beside the published numbers\n");
say("Mean total reward of a trial ± its standard error over " + trials + " trials; in round brackets the number of the RL² paper (Duan et al. 2016, Tables 1 and 2; quoted from memory, not checked against the paper).");
say("Where the paper sweeps a setting, so do we; square brackets show the best setting of the sweep on " + sweepTrials + " other trials. All agents play the same tasks (seed " + seed + ").");
say("Made by `./metarl bench baselines`.\n");

// columns: random, Gittins, Thompson, densest Thompson, UCB1, ε-greedy, greedy, RL²
double[][] published = {{5.0, 6.6, 5.7, 6.5, 6.7, 6.6, 6.6, 6.7}, {5.0, 6.6, 5.5, 6.2, 6.7, 6.6, 6.6, 6.7}, {5.1, 6.5, 5.2, 5.5, 6.6, 6.5, 6.5, 6.8},
    {49.9, 78.3, 74.7, 77.9, 78.0, 75.4, 74.8, 78.7}, {49.9, 82.8, 76.7, 81.4, 82.4, 77.4, 77.1, 83.5}, {49.8, 85.2, 64.5, 67.7, 84.3, 78.3, 78.0, 84.9},
    {249.8, 405.8, 402.0, 406.7, 405.8, 388.2, 380.6, 401.6}, {249.0, 437.8, 429.5, 438.9, 437.1, 408.0, 395.0, 432.5}, {249.6, 463.7, 427.2, 437.6, 457.6, 413.6, 402.8, 438.9}};
say("## Bernoulli bandits\n");
say("Exact Gittins is the finite-horizon index for the pulls that are left. \"Densest Thompson\" is called optimistic Thompson sampling in RL²: of several joint draws it takes the one with the highest density. "
    + "Swept: c of UCB1 and ε over 0, 0.1, …, 1; draws over " + Arrays.stream(draws).mapToObj(d -> "" + (int) d).collect(Collectors.joining(", ")) + " (there 1 … 20).\n");
say("| pulls, arms | random | exact Gittins | Thompson | densest Thompson [draws] | UCB1 [c] | ε-greedy [ε] | greedy | RL² |");
say("|---|---|---|---|---|---|---|---|---|");
int row = 0;
for (int pulls : new int[] {10, 100, 500})
    for (int arms : new int[] {5, 10, 50}) {
        double[] p = published[row++];
        var family = Bandit.bernoulli(arms);
        progress("bandits: " + pulls + " pulls, " + arms + " arms");
        String where = pulls + " pulls, " + arms + " arms, ";
        List<String> cells = List.of(cell(where + "random", only(family, pulls, t -> BanditAgents.random(arms)), p[0]), cell(where + "Gittins", only(family, pulls, t -> BanditAgents.gittins(arms)), p[1]),
            cell(where + "Thompson", only(family, pulls, t -> BanditAgents.thompson(arms)), p[2]), cell(where + "densest Thompson", best(family, pulls, draws, d -> t -> BanditAgents.densestThompson(arms, d.intValue())), p[3]),
            cell(where + "UCB1", best(family, pulls, tenths, c -> t -> BanditAgents.ucb1(arms, c)), p[4]), cell(where + "ε-greedy", best(family, pulls, tenths, e -> t -> BanditAgents.epsilonGreedy(arms, e)), p[5]),
            cell(where + "greedy", only(family, pulls, t -> BanditAgents.greedy(arms)), p[6]), "(" + p[7] + ")");
        say("| " + pulls + ", " + arms + " | " + String.join(" | ", cells) + " |");
    }

// columns: random, PSRL, OPSRL, UCRL2, BEB, ε-greedy, greedy, RL²
double[][] publishedMdp = {{100.1, 138.1, 144.1, 146.6, 150.2, 132.8, 134.8, 156.2}, {250.2, 408.8, 425.2, 424.1, 427.8, 377.3, 368.8, 445.7},
    {499.7, 904.4, 930.7, 918.9, 917.8, 823.3, 769.3, 936.1}, {749.9, 1417.1, 1449.2, 1427.6, 1422.6, 1293.9, 1172.9, 1428.8},
    {999.4, 1939.5, 1973.9, 1942.1, 1935.1, 1778.2, 1578.5, 1913.7}};
int[] lengths = {10, 25, 50, 75, 100};
var mdp = RandomMdp.published();
say("\n## Random tabular processes\n");
say("10 states, 5 actions, 10 steps per episode. Mean rewards are drawn from N(1, 1), but the published baselines assume a mean of 0, the default of the program they used (TabulaRL). The first table repeats that. "
    + "In the second table the baselines know the prior that the tasks are drawn from; a learner should be compared with these. The optimum knows the process. "
    + "Swept: draws of OPSRL over " + Arrays.stream(draws).mapToObj(d -> "" + (int) d).collect(Collectors.joining(", ")) + " (there 1 … 20), scales of UCRL2 and BEB over 21 values from 1e-4 to 1, ε over 0.1, …, 1.");
for (TabularPrior prior : List.of(TabularPrior.PUBLISHED, TabularPrior.WELL_SPECIFIED)) {
    boolean asPublished = prior == TabularPrior.PUBLISHED;
    // the programs behind the published numbers have other defaults for some agents
    TabularPrior greedyPrior = asPublished ? TabularPrior.NEARLY_FLAT : prior, ucrlPrior = asPublished ? TabularPrior.UCRL2 : prior;
    say(asPublished ? "\nAs published: the agents expect mean rewards around 0; greedy, ε-greedy and UCRL2 have nearly flat priors:\n" : "\nWell specified: all agents know the prior that the processes are drawn from:\n");
    say("| episodes | random | PSRL | OPSRL [draws] | UCRL2 [scale] | BEB [scale] | ε-greedy [ε] | greedy | optimum | RL² |");
    say("|---|---|---|---|---|---|---|---|---|---|");
    for (int i = 0; i < lengths.length; i++) {
        int n = lengths[i];
        double[] p = publishedMdp[i];
        progress("processes: " + (asPublished ? "as published, " : "well specified, ") + n + " episodes");
        // the well-specified agents are no repetition of the published ones
        double[] q = asPublished ? p : DoubleStream.generate(() -> Double.NaN).limit(p.length).toArray();
        String where = n + " episodes, ";
        List<String> cells = List.of(cell(where + "random", only(mdp, n, t -> TabularAgents.random(mdp)), q[0]), cell(where + "PSRL", only(mdp, n, t -> TabularAgents.psrl(mdp, prior)), q[1]),
            cell(where + "OPSRL", best(mdp, n, draws, d -> t -> TabularAgents.opsrl(mdp, prior, d.intValue())), q[2]),
            cell(where + "UCRL2", best(mdp, n, scales, s -> t -> TabularAgents.ucrl2(mdp, ucrlPrior, s)), q[3]),
            cell(where + "BEB", best(mdp, n, scales, s -> t -> TabularAgents.beb(mdp, prior, s)), q[4]),
            cell(where + "ε-greedy", best(mdp, n, Arrays.copyOfRange(tenths, 1, 11), e -> t -> TabularAgents.epsilonGreedy(mdp, greedyPrior, e)), q[5]),
            cell(where + "greedy", only(mdp, n, t -> TabularAgents.greedy(mdp, greedyPrior)), q[6]), cell(where + "optimum", only(mdp, n, TabularAgents::optimal), Double.NaN), "(" + p[7] + ")");
        say("| " + n + " | " + String.join(" | ", cells) + " |");
    }
}
say("\n## Where ours and the published numbers differ\n");
say((compared - far.size()) + " of " + compared + " published means lie within three standard errors of the difference (assuming that the published standard errors are as large as ours). The others:\n");
far.forEach(line -> say("- " + line));
say("\nThe published BEB has a different bonus (TabulaRL: 1/(τ + 1) on rewards and β H (steps left)/(1 + Σα) on values), and the published UCRL2 changes the transitions in place while it plans. Settings "
    + "were swept in the paper on the same trials that are reported. The well-specified BEB and UCRL2 equal or beat RL² at every length: they are what a learner has to beat.");
Files.writeString(Path.of("docs/baselines.md"), page);
progress("done: docs/baselines.md");
