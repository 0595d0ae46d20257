package metarl.agent.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import metarl.agent.Adaptation;
import metarl.agent.Learner;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.agent.Trial;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;
import metarl.env.world.Dynamics;
import metarl.task.Family;
import metarl.task.Parameter;
import metarl.task.Task;
import metarl.task.TaskFamily;
import metarl.train.Rollout;
import org.junit.jupiter.api.Test;

/** What goes through the learner as a whole: which steps of a run do what, what shots leave behind, and what a planner is shown. */
class GrBalLearnerTest {
    private static final int K = 4;
    private static final GrBal SETTINGS = GrBal.classical().hidden(16).innerRate(0.1).support(K).query(K).runsPerUpdate(8)
        .learningRate(3e-3).randomEpisodes(20).episodesPerRound(20).updatesPerRound(200)
        .planner(Planner.crossEntropy(30, 4).iterations(2));

    private static Trajectory random(Task task, long seed) {
        return Rollout.of(Policy.random(1), List.of(task), RandomStream.of(seed, "random")).get(0);
    }

    /** With one episode of K + 1 steps, every run of an update is that episode: K steps are adapted to, the one behind them judges. */
    @Test
    void anUpdateAdaptsToTheFirstStepsAndIsJudgedByTheRest() {
        TaskFamily brief = Family.define("brief").parameter("gain", "", -1, 1, Parameter.Changes.DYNAMICS).lasting(K + 1)
            .dynamics(task -> Dynamics.of("x (m)").moving((s, a) -> new double[] {s[0] + task.value(0) * a[0]}))
            .showing((observation, action, next) -> next).paying((task, outcome, action) -> outcome[0]);
        Task task = brief.task(0.7);
        try (Learner learner = SETTINGS.query(1).updatesPerRound(5).learner(Problem.of(List.of(task)), 3)) {
            Trajectory episode = random(task, 9);
            assertFalse(learner.isDue());
            learner.store(List.of(Trial.of(0, episode)));
            try (Adaptation adaptation = learner.adapt(List.of(episode), RandomStream.of(1, "none"))) {
                double expected = adaptation.evidence(ModelEvidence.class).shots().get(0).after()[K];
                assertEquals(expected, learner.update().get("modelError"), 1e-5 * expected);
            }
            for (int i = 1; i < 5; i++) {
                assertTrue(learner.isDue());
                learner.update();
            }
            assertFalse(learner.isDue());
        }
    }

    /** The first action after shots goes towards the aim whichever way the motor turns; without shots it cannot know. Eight steps tell. */
    @Test
    void theLastStepsOfTheShotsAreRemembered() {
        double shown = 0, fresh = 0;
        int n = 0;
        for (long seed = 1; seed <= 3; seed++)
            try (GrBalLearner learner = GainPoint.trained(SETTINGS.innerRate(0.2).support(8).query(8), 1, seed)) {
                for (Task task : GainPoint.TASKS.test()) {
                    double away = Math.signum(task.value(0));
                    fresh += away * first(learner.policy());
                    try (Adaptation adaptation = learner.adapt(List.of(random(task, seed)), RandomStream.of(1, "none"))) {
                        shown += away * first(adaptation.policy());
                    }
                    n++;
                }
            }
        assertTrue(shown / n < -0.5 && Math.abs(fresh / n) < 0.4, shown / n + " after shots, " + fresh / n + " without");
    }

    private static double first(Policy policy) {
        try (Policy.Actor actor = policy.start(1, RandomStream.of(2, "acting"))) {
            return actor.act(new double[][] {{1.5}})[0][0];
        }
    }

    /** Paths begin at what is seen, and each is paid what it is said to earn: also where an observation has several entries. */
    @Test
    void whatThePlannerSeesIsWhatItIsPaidFor() {
        TaskFamily plane = Family.define("plane").parameter("gain", "", -1, 1, Parameter.Changes.DYNAMICS).lasting(30)
            .dynamics(task -> Dynamics.of("x (m)", "speed (m/s)").starting(1, -0.5)
                .moving((s, a) -> new double[] {s[0] + 0.3 * s[1], s[1] + task.value(0) * a[0]}))
            .showing((observation, action, next) -> next).paying((task, o, action) -> -o[0] * o[0] - 0.1 * o[1]);
        try (Learner learner = SETTINGS.planner(Planner.crossEntropy(200, 4)).learner(Problem.of(List.of(plane.task(0.5))), 1)) {
            Trajectory episode = random(plane.task(0.7), 3);
            learner.store(List.of(Trial.of(0, episode)));
            try (Adaptation adaptation = learner.adapt(List.of(episode), RandomStream.of(1, "none"))) {
                ModelEvidence.Foreseen foreseen = adaptation.evidence(ModelEvidence.class).foreseen(episode, 10, 100,
                    RandomStream.of(1, "foreseen"));
                for (double[][] path : foreseen.paths()) assertArrayEquals(episode.observation(10), path[0]);
                assertEquals(1 + SETTINGS.planner().horizon(), foreseen.plan().length);
                for (int i = 0; i < 100; i++) assertEquals(foreseen.returns()[i], paid(foreseen.paths()[i]), 1e-9);
                double best = Arrays.stream(foreseen.returns()).max().getAsDouble();
                assertTrue(paid(foreseen.plan()) >= best, "the plan earns " + paid(foreseen.plan()) + ", the best drawn " + best);
            }
        }
    }

    private static double paid(double[][] path) {
        return Arrays.stream(path).skip(1).mapToDouble(o -> -o[0] * o[0] - 0.1 * o[1]).sum();
    }
}
