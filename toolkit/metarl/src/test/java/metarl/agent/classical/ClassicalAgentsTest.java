package metarl.agent.classical;

import static metarl.BadInput.bad;
import static metarl.agent.classical.TabularPrior.PUBLISHED;
import static metarl.agent.classical.TabularPrior.WELL_SPECIFIED;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;
import metarl.task.Task;
import metarl.task.families.Bandit;
import metarl.task.families.Point;
import metarl.task.families.RandomMdp;
import metarl.train.Rollout;
import metarl.train.ShotEvaluation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The agents against closed forms, and against means that were recomputed from 4000 (bandits) and 1000 (processes) independent trials. */
class ClassicalAgentsTest {
    private static final RandomMdp MDP = RandomMdp.published();
    private static final int TRIALS = 1000;

    @Test
    void gittinsIndexEqualsItsClosedForms() {
        for (int s = 0; s < 5; s++)
            for (int f = 0; f < 5; f++) assertEquals((1.0 + s) / (2 + s + f), GittinsIndex.index(s, f, 1), 1e-5, "one pull left: the mean");
        // pull once, go on after a success: (1/2 + 1/2 · 2/3) / (1 + 1/2)
        assertEquals(5.0 / 9, GittinsIndex.index(0, 0, 2), 1e-5);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 5", "1, 0, 9", "3, 2, 5", "0, 4, 6", "2, 2, 6", "0, 0, 10"})
    void gittinsIndexEqualsABruteForceSearch(int successes, int failures, int remaining) {
        double low = 0, high = 1;
        while (high - low > 1e-9) {
            double middle = (low + high) / 2;
            if (advantage(successes, failures, remaining, middle) > 0) low = middle;
            else high = middle;
        }
        assertEquals(low, GittinsIndex.index(successes, failures, remaining), 1e-5);
    }

    @Test
    void gittinsIndexOfALongTrialIsExact() {
        // bisected by backward induction in double precision, table by table
        assertEquals(bisected(84, 0, 14), GittinsIndex.index(84, 0, 14), 2e-5);
        assertEquals(bisected(0, 0, 100), GittinsIndex.index(0, 0, 100), 2e-5);
        assertEquals(bisected(20, 10, 70), GittinsIndex.index(20, 10, 70), 2e-5);
    }

    private static double bisected(int successes, int failures, int remaining) {
        double low = 0, high = 1;
        while (high - low > 1e-10) {
            double middle = (low + high) / 2;
            double[] next = new double[remaining + 2];
            for (int left = 1; left <= remaining; left++) {
                double[] now = new double[remaining + 2];
                for (int more = 0; more <= remaining - left; more++) {
                    int s = successes + more, n = successes + failures + remaining - left;
                    double p = (1.0 + s) / (2 + n);
                    now[more] = p - middle + p * Math.max(0, next[more + 1]) + (1 - p) * Math.max(0, next[more]);
                }
                next = now;
            }
            if (next[0] > 0) low = middle;
            else high = middle;
        }
        return low;
    }

    /** Of the arm over a sure payment, by plain recursion. */
    private static double advantage(int successes, int failures, int remaining, double payment) {
        if (remaining == 0) return 0;
        double p = (1.0 + successes) / (2 + successes + failures);
        return p - payment + p * Math.max(0, advantage(successes + 1, failures, remaining - 1, payment))
            + (1 - p) * Math.max(0, advantage(successes, failures + 1, remaining - 1, payment));
    }

    static Stream<Arguments> banditMeans() {
        return Stream.of(
            bandit("random", 5, 10, 5.0, 0.03, k -> BanditAgents.random(k)),
            bandit("random", 5, 100, 50.0, 0.25, k -> BanditAgents.random(k)),
            bandit("Gittins", 5, 10, 6.65, 0.03, BanditAgents::gittins), bandit("Gittins", 10, 10, 6.73, 0.03, BanditAgents::gittins),
            bandit("Gittins", 50, 10, 6.71, 0.03, BanditAgents::gittins), bandit("Gittins", 5, 100, 78.5, 0.25, BanditAgents::gittins),
            bandit("Gittins", 10, 100, 83.7, 0.25, BanditAgents::gittins), bandit("Gittins", 50, 100, 85.5, 0.25, BanditAgents::gittins),
            bandit("Thompson", 5, 10, 5.85, 0.03, BanditAgents::thompson), bandit("Thompson", 5, 100, 75.0, 0.25, BanditAgents::thompson),
            bandit("Thompson", 10, 100, 77.1, 0.25, BanditAgents::thompson),
            bandit("Thompson", 50, 100, 64.7, 0.25, BanditAgents::thompson),
            bandit("Thompson", 5, 500, 402.6, 1.2, BanditAgents::thompson),
            bandit("greedy", 5, 10, 6.55, 0.03, BanditAgents::greedy), bandit("greedy", 5, 100, 75.1, 0.25, BanditAgents::greedy),
            bandit("greedy", 10, 100, 78.1, 0.25, BanditAgents::greedy), bandit("greedy", 50, 100, 78.2, 0.25, BanditAgents::greedy),
            bandit("UCB1 0.2", 5, 100, 78.3, 0.25, k -> BanditAgents.ucb1(k, 0.2)),
            bandit("UCB1 0.2", 10, 100, 83.2, 0.25, k -> BanditAgents.ucb1(k, 0.2)),
            bandit("UCB1 0.2", 50, 100, 84.7, 0.25, k -> BanditAgents.ucb1(k, 0.2)),
            bandit("densest of 20", 10, 100, 80.8, 0.25, k -> BanditAgents.densestThompson(k, 20)));
    }

    private static Arguments bandit(String name, int arms, int pulls, double mean, double standardError,
        Function<Integer, TrialAgent> agent) {
        return Arguments.of(name + ", " + arms + " arms, " + pulls + " pulls", mean, standardError,
            Trials.evaluate(Bandit.bernoulli(arms), t -> agent.apply(arms), pulls, TRIALS, 7));
    }

    static Stream<Arguments> processMeans() {
        return Stream.of(
            process("PSRL, prior mean 0", 138.2, t -> TabularAgents.psrl(MDP, PUBLISHED)),
            process("PSRL, prior mean 1", 134.0, t -> TabularAgents.psrl(MDP, WELL_SPECIFIED)),
            process("OPSRL of 5, prior mean 0", 141.5, t -> TabularAgents.opsrl(MDP, PUBLISHED, 5)),
            process("OPSRL of 5, prior mean 1", 134.6, t -> TabularAgents.opsrl(MDP, WELL_SPECIFIED, 5)),
            process("greedy, prior mean 0", 135.4, t -> TabularAgents.greedy(MDP, PUBLISHED)),
            process("greedy, nearly flat prior", 134.8, t -> TabularAgents.greedy(MDP, TabularPrior.NEARLY_FLAT)),
            process("greedy, prior mean 1", 154.2, t -> TabularAgents.greedy(MDP, WELL_SPECIFIED)),
            process("BEB, prior mean 1", 155.9, t -> TabularAgents.beb(MDP, WELL_SPECIFIED, 0.06)),
            process("optimum", 217.3, TabularAgents::optimal),
            process("random", 100.1, t -> TabularAgents.random(MDP)));
    }

    private static Arguments process(String name, double mean, Function<Task, TrialAgent> agent) {
        return Arguments.of(name, mean, 0.9, Trials.evaluate(MDP, agent, 10, TRIALS, 7));
    }

    /** Within two standard errors of the difference. */
    @ParameterizedTest(name = "{0}")
    @MethodSource({"banditMeans", "processMeans"})
    void meansEqualTheIndependentRecomputation(String name, double mean, double standardError, Trials trials) {
        assertEquals(mean, trials.mean(), 2 * Math.hypot(standardError, trials.standardError()), name);
    }

    @Test
    void theOptimumOfAChainIsKnown() {
        var chain = new RandomMdp(2, 2, 3);
        // action 1 of state 0 moves to state 1 and pays 0, state 1 pays 5 for action 0 and stays; action 0 of state 0 stays and pays 1
        Task task = chain.task(1, 0, 5, 0, 1, 0, 0, 1, 0, 1, 0, 1);
        assertEquals(10, TabularAgents.optimalReturn(task), 1e-12);
        double[] returns = Trials.run(TabularAgents.optimal(task), task.environment(), 2000, RandomStream.of(1, "e"),
            RandomStream.of(1, "a"));
        assertEquals(10, Arrays.stream(returns).average().orElseThrow(), 2 * Math.sqrt(3.0 / 2000) + 0.01);
    }

    @Test
    void agentsLearnWithinATrialAndForgetAfterIt() {
        Task task = Bandit.bernoulli(2).task(0, 1);
        for (TrialAgent agent : List.of(BanditAgents.greedy(2), BanditAgents.gittins(2), BanditAgents.thompson(2),
            BanditAgents.optimisticThompson(2), BanditAgents.densestThompson(2, 3))) {
            double[] first = Trials.run(agent, task.environment(), 50, RandomStream.of(1, "e"), RandomStream.of(1, "a"));
            assertTrue(Arrays.stream(first).sum() > 44, "learns which arm pays");
            assertArrayEquals(first, Trials.run(agent, task.environment(), 50, RandomStream.of(1, "e"), RandomStream.of(1, "a")),
                "a second trial begins afresh");
        }
    }

    /** The quick loop of {@link Trials} and the protocol of learners give the same returns, draw for draw. */
    @Test
    void asPoliciesTheyDoTheSame() {
        List<Task> arms = Bandit.bernoulli(4).sample(3, RandomStream.of(1, "tasks")),
            processes = MDP.sample(3, RandomStream.of(1, "tasks"));
        List<Supplier<TrialAgent>> ofArms = List.of(() -> BanditAgents.gittins(4), () -> BanditAgents.thompson(4),
            () -> BanditAgents.ucb1(4, 0.2), () -> BanditAgents.epsilonGreedy(4, 0.3), () -> BanditAgents.densestThompson(4, 3));
        List<Supplier<TrialAgent>> ofProcesses = List.of(() -> TabularAgents.psrl(MDP, PUBLISHED),
            () -> TabularAgents.ucrl2(MDP, TabularPrior.UCRL2, 0.1), () -> TabularAgents.epsilonGreedy(MDP, PUBLISHED, 0.2));
        for (var agent : ofArms) assertSameReturns(i -> agent.get(), arms, 20);
        for (var agent : ofProcesses) assertSameReturns(i -> agent.get(), processes, 4);
        assertSameReturns(i -> TabularAgents.optimal(processes.get(i)), processes, 4);
    }

    private static void assertSameReturns(IntFunction<TrialAgent> agents, List<Task> tasks, int episodes) {
        RandomStream random = RandomStream.of(5, "trials"), ofPolicy = random.split("policy");
        var trials = Rollout.trials(TrialAgent.policy(agents, episodes), tasks, episodes, random);
        for (int i = 0; i < tasks.size(); i++)
            assertArrayEquals(
                Trials.run(agents.apply(i), tasks.get(i).environment(), episodes, random.split("start " + i), ofPolicy.split("agent " + i)),
                trials.get(i).stream().mapToDouble(Trajectory::totalReward).toArray());
    }

    @Test
    void theirRoundsAreThoseOfLearners() {
        Task task = Bandit.bernoulli(2).task(0, 1);
        ShotEvaluation shots = ShotEvaluation.of(TrialAgent.policy(i -> BanditAgents.gittins(2), 10), Collections.nCopies(50, task), 5, 2,
            1);
        // ties go to the first arm, which fails: then the other pays to the end
        assertEquals(0.5, shots.round(0).value());
        assertEquals(1, shots.episodic().value());
    }

    @Test
    void resultsDoNotDependOnTheNumberOfThreads() {
        Trials one = Trials.evaluate(MDP, t -> TabularAgents.ucrl2(MDP, TabularPrior.UCRL2, 0.1), 5, 40, 3, 1),
            three = Trials.evaluate(MDP, t -> TabularAgents.ucrl2(MDP, TabularPrior.UCRL2, 0.1), 5, 40, 3, 3);
        assertArrayEquals(one.totals(), three.totals());
        assertEquals(1, one.summary().rowCount());
    }

    static Stream<Arguments> badInputs() {
        return Stream.of(
            bad("no arms", () -> BanditAgents.greedy(0), "arms is 0"),
            bad("negative epsilon", () -> BanditAgents.epsilonGreedy(5, -0.1), "epsilon is -0.1"),
            bad("negative scale", () -> BanditAgents.ucb1(5, -1), "scale is -1.0"),
            bad("no samples", () -> BanditAgents.densestThompson(5, 0), "samples is 0"),
            bad("too many pulls", () -> GittinsIndex.prepare(5000), "pulls is 5000"),
            bad("no pulls left", () -> GittinsIndex.index(5, 5, 0), "remaining is 0"),
            bad("negative successes", () -> GittinsIndex.index(-1, 5, 1), "-1 successes"),
            bad("no episodes", () -> Trials.evaluate(MDP, t -> TabularAgents.random(MDP), 0, 1, 1), "0 episodes"),
            bad("no trials", () -> Trials.evaluate(MDP, t -> TabularAgents.random(MDP), 1, 0, 1), "0 trials"),
            bad("a prior that is no number", () -> new TabularPrior(1, Double.NaN, 1), "rewardMean is NaN"),
            bad("a prior without weight", () -> new TabularPrior(0, 0, 1), "count is 0.0"),
            bad("no drawn process", () -> TabularAgents.opsrl(MDP, PUBLISHED, 0), "samples is 0"),
            bad("negative bonus", () -> TabularAgents.beb(MDP, PUBLISHED, -1), "scale is -1.0"),
            bad("an optimum of something else", () -> TabularAgents.optimal(Point.navigation().task(0, 0)), "no tabular process"),
            bad("a policy of no episodes", () -> TrialAgent.policy(i -> BanditAgents.greedy(2), 0), "episodes is 0"),
            bad("more episodes than were told",
                () -> Rollout.trials(TrialAgent.policy(i -> BanditAgents.greedy(2), 3), List.of(Bandit.bernoulli(2).task(0, 1)), 4,
                    RandomStream.of(1, "x")),
                "trials of 3 episodes, and one more has begun"),
            bad("a policy without states",
                () -> TrialAgent.policy(i -> BanditAgents.greedy(2), 1).start(1, RandomStream.of(1, "x")).act(new double[][] {{0.5, 0.2}}),
                "needs a state, one-hot"),
            bad("an environment without choices", () -> Trials.evaluate(Point.navigation(), t -> BanditAgents.greedy(2), 1, 1, 1),
                "needs a number of choices"));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsNamed(BadInput input) {
        input.isNamed();
    }
}
