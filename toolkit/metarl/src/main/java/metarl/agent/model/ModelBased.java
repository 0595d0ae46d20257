package metarl.agent.model;

import metarl.agent.Algorithm;
import metarl.agent.Problem;
import metarl.basics.Require;
import metarl.nn.Adam;

/** Settings that methods share which learn a model of the dynamics from a replay and plan with it; see {@link GrBal}. */
sealed interface ModelBased extends Algorithm permits GrBal, ReBal {
    int runsPerUpdate();

    double learningRate();

    int randomEpisodes();

    int episodesPerRound();

    int updatesPerRound();

    int replayCapacity();

    GrBal.Rewards rewards();

    Planner planner();

    /** Steps of a run that is learned from. */
    int run();

    /** What the steps of a run are called in the settings. */
    String runSetting();

    /** Checks the values of all of these. */
    static void require(Planner planner, int runsPerUpdate, double learningRate, int randomEpisodes, int episodesPerRound,
        int updatesPerRound, int replayCapacity) {
        Require.that(planner != null, "planner", null, "one such as Planner.crossEntropy(200, 15)");
        Require.count(runsPerUpdate, 1, "runsPerUpdate", "at least 1, usually 10 to 32");
        Adam.requireRate(learningRate, "learningRate");
        Require.count(randomEpisodes, 1, "randomEpisodes", "at least 1: a model needs data before it can be planned with, usually 5 to 20");
        Require.count(episodesPerRound, 1, "episodesPerRound", "at least 1, usually 5 to 10");
        Require.count(updatesPerRound, 1, "updatesPerRound", "at least 1, usually 500 to 2 000");
        Require.count(replayCapacity, 1, "replayCapacity", "at least 1, usually 50 000 to 500 000");
    }

    /** Checks that runs are to be had from a problem. */
    default void requireRuns(Problem problem) {
        Require.that(!problem.discrete(), "the actions", problem.actionSize() + " choices",
            "real numbers: sequences of choices are not planned by " + name());
        int perTask = replayCapacity() / problem.tasks();
        Require.that(problem.horizon() >= run(), runSetting(), run(),
            "at most " + problem.horizon() + ", the steps of an episode: a run comes from one");
        Require.that(perTask >= run(), "replayCapacity", replayCapacity(), "at least " + Require.times(problem.tasks(), run()) + ": "
            + runSetting() + " steps of each of " + problem.tasks() + " tasks");
    }
}
