// Bootstrap intervals of 95 % on tabular oracles: how often they hold the truth. From 90 to 99 % is what is asked of them where ESS/n is at least 10 %; below that the estimate itself warns.
// A biased estimator is listed to show that no interval helps it.
int repeats = 500, resamples = 400;

Map<String, Function<TabularLog, ? extends Grading.Answer>> estimators(TabularPair pair, double[][][] critic) {
    double[][] values = pair.stateValues(critic);
    var all = new LinkedHashMap<String, Function<TabularLog, ? extends Grading.Answer>>();
    all.put("direct DR", log -> log.drae(pair, critic, PairWeight.direct(pair)).bootstrap(resamples, 1));
    if (pair.targetDynamics() == pair.sourceDynamics()) {
        all.put("TIS", log -> SequentialEstimators.tis(log.rewards(), log.policyRatios(), pair.discount()).bootstrap(resamples, 1));
        all.put("PDIS", log -> SequentialEstimators.pdis(log.rewards(), log.policyRatios(), pair.discount()).bootstrap(resamples, 1));
        all.put("WIS", log -> SequentialEstimators.wis(log.rewards(), log.policyRatios(), pair.discount()).bootstrap(resamples, 1));
        all.put("per-decision WIS", log -> SequentialEstimators.perDecisionWis(log.rewards(), log.policyRatios(), pair.discount()).bootstrap(resamples, 1));
        all.put("WDR", log -> SequentialEstimators.wdr(log.rewards(), log.policyRatios(), log.stateValues(values), log.actionValues(critic), pair.discount()).bootstrap(resamples, 1));
        all.put("MAGIC", log -> SequentialEstimators.magic(log.rewards(), log.policyRatios(), log.stateValues(values), log.actionValues(critic), pair.discount()).bootstrap(resamples, 1));
    } else {
        all.put("biased: dynamics ignored", log -> log.drae(pair, critic, PairWeight.ones()).bootstrap(resamples, 1));
    }
    return all;
}

double[][][] wrong(double[][][] critic) {
    for (double[][] step : critic) for (double[] row : step) for (int a = 0; a < row.length; a++) row[a] += a % 2 == 0 ? 0.1 : -0.1;
    return critic;
}

void grade(String name, TabularPair pair, int n) {
    long start = System.nanoTime();
    var graded = estimators(pair, wrong(pair.actionValues()));
    Grading grading = Grading.of(graded, pair, n, repeats, 1);
    System.out.println(String.format(Locale.ROOT, "%s, %d trajectories, %d logs, %.0f s", name, n, repeats, (System.nanoTime() - start) / 1e9));
    for (var g : grading.grades()) {
        double ess = ((SequentialEstimate) graded.get(g.name()).apply(pair.sample(n, 99))).ess().fraction();
        String verdict = g.name().startsWith("biased") ? "biased" : g.covers() ? "ok" : ess < Ess.BARELY ? "warned of" : "MISSED";
        System.out.println(String.format(Locale.ROOT, "  %-24s coverage %5.1f %%  %-9s  ESS/n %3.0f %%  bias %+.4f ± %.4f  RMSE %.4f", g.name(), 100 * g.coverage(), verdict, 100 * ess, g.bias(), g.biasError(), g.rmse()));
    }
}

var documented = TabularPair.threeStates();
grade("one task, three states, four steps", documented.targetDynamics(documented.sourceDynamics()), 1_000);
grade("two tasks, three states, four steps", documented, 1_000);
var larger = TabularPair.random(5, 3, 8, 0.3, 2);
grade("one task, five states, eight steps", larger.targetDynamics(larger.sourceDynamics()), 1_000);
grade("two tasks, five states, eight steps", larger, 1_000);
