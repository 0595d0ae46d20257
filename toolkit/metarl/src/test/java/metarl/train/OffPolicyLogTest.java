package metarl.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import metarl.agent.Learner;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.agent.gradient.Maml;
import metarl.agent.gradient.Rl2;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;
import metarl.diagnose.log.TrajectoryLog;
import metarl.diagnose.log.TrajectoryLog.End;
import metarl.diagnose.sequential.SequentialEstimate;
import metarl.diagnose.sequential.SequentialEstimators;
import metarl.diagnose.sequential.TabularPair;
import metarl.env.Step;
import metarl.task.Task;
import metarl.task.families.Bandit;
import metarl.task.families.Point;
import metarl.task.families.RandomMdp;
import org.junit.jupiter.api.Test;

/** The toolkit's own runs, judged by its own estimators. */
class OffPolicyLogTest {
    private static final RandomStream RANDOM = RandomStream.of(1, "off-policy log");

    /** π(a|s) from a table; a bandit has one state. */
    private record Tabular(double[][] probabilities) implements Policy {
        @Override
        public Actor start(int environments, RandomStream random) {
            return new Actor() {
                private double[] last;

                @Override
                public double[][] act(double[][] observations) {
                    double[][] actions = new double[observations.length][1];
                    for (int i = 0; i < actions.length; i++) {
                        double[] row = row(observations[i]);
                        double left = random.nextDouble() - row[0];
                        while (left >= 0 && actions[i][0] < row.length - 1) left -= row[(int) ++actions[i][0]];
                    }
                    last = logDensities(observations, actions);
                    return actions;
                }

                @Override
                public double[] logDensities() {
                    return last;
                }

                @Override
                public double[] logDensities(double[][] observations, double[][] actions) {
                    double[] logs = new double[actions.length];
                    for (int i = 0; i < logs.length; i++) logs[i] = Math.log(row(observations[i])[(int) actions[i][0]]);
                    return logs;
                }
            };
        }

        private double[] row(double[] observation) {
            for (int s = 0; s < observation.length; s++) if (observation[s] == 1) return probabilities[s];
            return probabilities[0];
        }
    }

    private static Trajectory pull(int arm, double reward, double probability) {
        var episode = new Trajectory(Bandit.bernoulli(2).task(0.5, 0.5), new double[1]);
        episode.add(new double[] {arm}, new Step(new double[1], reward, false, true, new double[2]), Math.log(probability));
        return episode;
    }

    /** Weights 2, 2/3 and 2/3 of rewards 1, 0 and 1: (2 + 0 + 2/3)/3 = 8/9, and 8/3 over the sum of the weights, 10/3. */
    @Test
    void threePullsByHand() {
        TrajectoryLog log = OffPolicyLog.of(List.of(pull(0, 1, 0.25), pull(1, 0, 0.75), pull(1, 1, 0.75)),
            new Tabular(new double[][] {{0.5, 0.5}}));
        assertEquals(List.of(End.TRUNCATED, End.TRUNCATED, End.TRUNCATED), log.ends());
        assertArrayEquals(new double[] {1, 0, 1}, log.returns(1));
        double[] weights = Arrays.stream(log.policyRatios()).mapToDouble(r -> r[0]).toArray();
        assertArrayEquals(new double[] {2, 2 / 3.0, 2 / 3.0}, weights, 1e-15);
        assertEquals(8 / 9.0, SequentialEstimators.pdis(log.rewards(), log.policyRatios(), 1).value(), 1e-15);
        assertEquals(0.8, SequentialEstimators.perDecisionWis(log.rewards(), log.policyRatios(), 1).value(), 1e-15);
    }

    @Test
    void estimatesOfAProcessAgreeWithItsTrueValue() {
        TabularPair pair = TabularPair.threeStates();
        pair = pair.targetDynamics(pair.sourceDynamics());
        var values = new ArrayList<Double>();
        for (double[] row : pair.rewards()) for (double r : row) values.add(r);
        for (double[][] state : pair.sourceDynamics()) for (double[] row : state) for (double p : row) values.add(p);
        Task task = new Task(new RandomMdp(3, 2, pair.horizon()), values);
        Policy behavior = new Tabular(pair.behaviorPolicy()), target = new Tabular(pair.evaluationPolicy());
        List<Trajectory> episodes = Rollout.of(behavior, Collections.nCopies(20_000, task), RANDOM);
        TrajectoryLog log = OffPolicyLog.of(episodes, target);
        double truth = pair.value(), discount = pair.discount();
        double collected = Arrays.stream(log.returns(discount)).average().orElseThrow();
        for (SequentialEstimate e : List.of(SequentialEstimators.tis(log.rewards(), log.policyRatios(), discount),
            SequentialEstimators.pdis(log.rewards(), log.policyRatios(), discount),
            SequentialEstimators.wis(log.rewards(), log.policyRatios(), discount),
            SequentialEstimators.perDecisionWis(log.rewards(), log.policyRatios(), discount))) {
            assertTrue(e.low() <= truth && truth <= e.high(), truth + " by " + e);
            assertTrue(Math.abs(collected - truth) > 3 * e.standardError(), collected + " is no estimate of " + truth + ": " + e);
        }
        assertEquals(1, Arrays.stream(log.policyRatios()).mapToDouble(r -> r[0]).average().orElseThrow(), 0.05, "weights are 1 on average");
    }

    private static Learner learner(boolean remembers, Task task) {
        Problem problem = Problem.of(List.of(task));
        return remembers ? Rl2.bandit(4).hidden(8).trialsPerUpdate(2).trialsPerBatch(1).learner(problem, 3)
            : Maml.navigation().hidden(8).learner(problem, 3);
    }

    static Stream<Task> tasks() {
        return Stream.of(Bandit.bernoulli(4).task(0.1, 0.3, 0.5, 0.7), Point.navigation().task(0.3, -0.2));
    }

    /** What a policy tells while it acts is what it tells when it is asked about what it did, memory included. */
    @Test
    void policiesThatDrawTellTheSameThenAndLater() {
        for (Task task : tasks().toList())
            for (boolean remembers : new boolean[] {true, false})
                try (Learner learner = learner(remembers, task)) {
                    var trials = Rollout.trials(learner.policy(), Collections.nCopies(300, task), 2, RANDOM);
                    TrajectoryLog log = OffPolicyLog.ofTrials(trials, learner.policy());
                    assertEquals(trials.get(0).get(0).length() * 2, log.rewards()[0].length);
                    for (double[] ratios : log.policyRatios()) for (double ratio : ratios) assertEquals(1, ratio, 1e-4);
                    assertEquals(trials.get(7).get(1).totalReward() + trials.get(7).get(0).totalReward(), log.returns(1)[7], 1e-9);
                }
    }

    /** A memory that began anew would tell otherwise: in the second episode what was seen in the first one counts. */
    @Test
    void aTrialIsJudgedWithItsMemory() {
        Task task = Bandit.bernoulli(4).task(0.1, 0.3, 0.5, 0.7);
        try (Learner learner = learner(true, task)) {
            var trials = Rollout.trials(learner.policy(), Collections.nCopies(3, task), 2, RANDOM);
            double[] later = OffPolicyLog.of(trials.stream().map(t -> t.get(1)).toList(), learner.policy()).policyRatios()[0];
            assertTrue(Math.abs(later[0] - 1) > 1e-4, "" + later[0]);
        }
    }

    @Test
    void probabilitiesOfChoicesAddUpToOneAndUniformActionsHaveTheirDensity() {
        Task task = Bandit.bernoulli(4).task(0.1, 0.3, 0.5, 0.7);
        double sum = 0;
        try (Learner learner = learner(true, task)) {
            for (int arm = 0; arm < 4; arm++)
                try (Policy.Actor actor = learner.policy().start(1, RANDOM)) {
                    sum += Math.exp(actor.logDensities(new double[1][1], new double[][] {{arm}})[0]);
                }
        }
        assertEquals(1, sum, 1e-6);
        Trajectory random = Rollout.of(Policy.random(2), List.of(Point.navigation().task(0.3, -0.2)), RANDOM).get(0);
        assertEquals(-2 * Math.log(2), random.logDensity(0), 1e-15);
        assertEquals(-2 * Math.log(2), random.relabel(Point.navigation().task(0, 0)).logDensity(3), 1e-15);
        assertThrows(IndexOutOfBoundsException.class, () -> random.logDensity(random.length()));
    }

    @Test
    void densitiesBeyondANumberKeepTheirRatio() {
        Policy far = (n, random) -> new Policy.Actor() {
            @Override
            public double[][] act(double[][] observations) {
                throw new IllegalStateException("it is only asked");
            }

            @Override
            public double[] logDensities(double[][] observations, double[][] actions) {
                return new double[] {-999 + Math.log(3)};
            }
        };
        var episode = new Trajectory(Bandit.bernoulli(2).task(0.5, 0.5), new double[1]);
        episode.add(new double[1], new Step(new double[1], 1, false, true, new double[2]), -999);
        assertEquals(3, OffPolicyLog.of(List.of(episode), far).policyRatios()[0][0], 1e-12);
    }

    @Test
    void whatIsNotToldIsAskedFor() {
        Task task = Point.navigation().task(0.3, -0.2);
        List<Trajectory> silent = Rollout.of(Policy.zero(2), List.of(task), RANDOM),
            told = Rollout.of(Policy.random(2), List.of(task), RANDOM);
        assertTrue(Double.isNaN(silent.get(0).logDensity(0)));
        assertMessage(() -> OffPolicyLog.of(silent, Policy.random(2)),
            "episode 0, step 0: the policy that collected it did not tell how likely its action was");
        assertMessage(() -> OffPolicyLog.of(told, Policy.zero(2)), "the target policy does not tell how likely an action is");
        assertMessage(() -> OffPolicyLog.of(List.of(), Policy.random(2)), "given no episodes");
        assertMessage(() -> OffPolicyLog.of(List.of(new Trajectory(task, new double[2])), Policy.random(2)), "episode 0 has no steps");
        assertMessage(() -> OffPolicyLog.of(told, Policy.random(2)).ends(List.of()), "given 0 ends of 1 episodes");
    }

    private static void assertMessage(Runnable attempt, String part) {
        String message = assertThrows(IllegalArgumentException.class, attempt::run).getMessage();
        assertTrue(message.contains(part), message);
    }
}
