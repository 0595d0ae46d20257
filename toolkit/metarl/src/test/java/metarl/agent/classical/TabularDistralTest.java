package metarl.agent.classical;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.agent.Learner;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.agent.Trial;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;
import metarl.task.Task;
import metarl.task.TaskSet;
import metarl.task.families.Bandit;
import metarl.task.families.PointRobot;
import metarl.task.families.RandomMdp;
import metarl.task.families.TwoRooms;
import metarl.train.Rollout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Soft values, policies and prior against closed forms, and learning against textbook code. */
class TabularDistralTest {
    private static final double EXACT = 1e-10, ALPHA = 0.6, BETA = 3, DISCOUNT = 0.9;
    private static final List<Task> ROOMS = TaskSet.published("distral/two-rooms-cells").train();

    /** One state for ever. */
    private static TabularProcess arms(double... rewards) {
        double[][][] p = {Stream.generate(() -> new double[] {1}).limit(rewards.length).toArray(double[][]::new)};
        return new TabularProcess(p, new double[][] {rewards}, new double[] {1}, DISCOUNT);
    }

    /** From state 0 action 0 leads to state 1 and action 1 to the end; state 1 is the last one. */
    private static TabularProcess chain(double... rewards) {
        double[][][] p = {{{0, 1}, {0, 0}}, {{0, 0}, {0, 0}}};
        return new TabularProcess(p, new double[][] {{rewards[0], rewards[1]}, {rewards[2], rewards[3]}}, new double[] {1, 0}, DISCOUNT);
    }

    private static double power(double prior, double reward) {
        return Math.pow(prior, ALPHA) * Math.exp(BETA * reward);
    }

    @Test
    void aChoiceIsTheBestOneUnderItsObjective() {
        double[] q = {0.3, -0.4, 1.1}, prior = {0.5, 0.2, 0.3};
        double sum = power(0.5, 0.3) + power(0.2, -0.4) + power(0.3, 1.1);
        double value = SoftChoice.value(q, prior, ALPHA, BETA);
        assertEquals(Math.log(sum) / BETA, value, EXACT);
        double[] policy = SoftChoice.policy(q, prior, ALPHA, BETA);
        assertArrayEquals(new double[] {power(0.5, 0.3) / sum, power(0.2, -0.4) / sum, power(0.3, 1.1) / sum}, policy, EXACT);
        assertEquals(value, objective(policy, q, prior), EXACT);
        var random = RandomStream.of(1, "policies");
        for (int i = 0; i < 200; i++) {
            double[] other = random.doubles(3, 0.01, 1).toArray();
            double total = Arrays.stream(other).sum();
            for (int a = 0; a < 3; a++) other[a] /= total;
            assertTrue(objective(other, q, prior) < value);
        }
    }

    private static double objective(double[] policy, double[] q, double[] prior) {
        double sum = 0;
        for (int a = 0; a < q.length; a++)
            sum += policy[a] * (q[a] + ALPHA / BETA * Math.log(prior[a]) - Math.log(policy[a]) / BETA);
        return sum;
    }

    @Test
    void itsLimitsAreKnown() {
        double[] q = {1, 2}, prior = {0.75, 0.25}, none = {1, 0};
        assertEquals(Math.log(Math.exp(2) + Math.exp(4)) / 2, SoftChoice.value(q, prior, 0, 2), EXACT, "soft Q-learning");
        assertEquals(SoftChoice.value(q, none, 0, 2), SoftChoice.value(q, prior, 0, 2), "whatever the prior is");
        assertEquals(2, SoftChoice.value(q, prior, 0.5, 1e6), 1e-5, "the largest");
        assertArrayEquals(prior, SoftChoice.policy(q, prior, 1, 1e-9), 1e-8, "the prior");
        assertArrayEquals(none, SoftChoice.policy(q, none, 0.5, 5), "what the prior never does is not done");
        assertEquals(1000 + Math.log(2) / 5, SoftChoice.value(new double[] {1000, 1000}, prior, 0, 5), 1e-9, "nothing overflows");
    }

    @Test
    void oneStateIsSolvedByAFormula() {
        double[][] prior = {{0.7, 0.3}};
        double sum = power(0.7, 1) + power(0.3, 0.4);
        assertEquals(Math.log(sum) / BETA / (1 - DISCOUNT), arms(1, 0.4).softValues(prior, ALPHA, BETA)[0], EXACT);
        assertEquals(power(0.7, 1) / sum, arms(1, 0.4).softPolicy(prior, ALPHA, BETA)[0][0], EXACT);
        assertEquals(1 / (1 - DISCOUNT), arms(1, 0.4).visits(prior)[0], EXACT);
    }

    @Test
    void aChainIsSolvedBackwards() {
        double[][] prior = {{0.7, 0.3}, {0.4, 0.6}};
        double last = Math.log(power(0.4, 2) + power(0.6, 1)) / BETA;
        double go = power(0.7, -0.5 + DISCOUNT * last), stop = power(0.3, 0.8);
        assertArrayEquals(new double[] {Math.log(go + stop) / BETA, last}, chain(-0.5, 0.8, 2, 1).softValues(prior, ALPHA, BETA), EXACT);
        double[][] policy = chain(-0.5, 0.8, 2, 1).softPolicy(prior, ALPHA, BETA);
        assertEquals(go / (go + stop), policy[0][0], EXACT);
        assertArrayEquals(new double[] {1, DISCOUNT * policy[0][0]}, chain(-0.5, 0.8, 2, 1).visits(policy), EXACT);
    }

    /** By symmetry the prior of a pair that wants opposite things is uniform; of others it is the root of one equation. */
    @Test
    void thePriorOfAPairIsItsClosedForm() {
        DistralSolution opposite = DistralSolution.of(List.of(arms(1, 0), arms(0, 1)), ALPHA, BETA);
        assertArrayEquals(new double[] {0.5, 0.5}, opposite.prior()[0], EXACT);
        double value = Math.log(power(0.5, 1) + power(0.5, 0)) / BETA / (1 - DISCOUNT);
        for (double[] values : opposite.values()) assertEquals(value, values[0], EXACT);
        assertEquals(2 * value, opposite.objectives()[opposite.objectives().length - 1], EXACT);
        double low = 0.5, high = 1;
        while (high - low > 1e-14) {
            double p = (low + high) / 2, mean = (share(p, 1, 0.4) + share(p, 0.5, 0.6)) / 2;
            if (mean > p) low = p;
            else high = p;
        }
        DistralSolution solution = DistralSolution.of(List.of(arms(1, 0.4), arms(0.5, 0.6)), ALPHA, BETA);
        assertEquals(low, solution.prior()[0][0], EXACT);
        assertEquals(share(low, 1, 0.4), solution.policies().get(0)[0][0], EXACT);
        assertEquals(share(low, 0.5, 0.6), solution.policies().get(1)[0][0], EXACT);
    }

    private static double share(double p, double first, double second) {
        return power(p, first) / (power(p, first) + power(1 - p, second));
    }

    @Test
    void thePriorCountsEachTaskByHowOftenItComes() {
        List<TabularProcess> tasks = List.of(chain(1, 0, 2, 1), chain(-1, 0, 0, 1));
        double[][] one = {{0.9, 0.1}, {0.8, 0.2}}, other = {{0.2, 0.8}, {0.3, 0.7}};
        double[][] prior = DistralSolution.prior(tasks, List.of(one, other));
        assertEquals((0.9 + 0.2) / 2, prior[0][0], EXACT);
        assertEquals((0.9 * 0.8 + 0.2 * 0.3) / (0.9 + 0.2), prior[1][0], EXACT);
        double[][] stopped = {{0, 1}, {0.5, 0.5}};
        assertArrayEquals(new double[] {0.5, 0.5}, DistralSolution.prior(tasks, List.of(stopped, stopped))[1], "nobody comes there");
    }

    private static TabularProcess known(Task task, double discount) {
        var family = (TwoRooms) task.family();
        double[] start = new double[family.states()];
        start[family.state((int) task.value(0), (int) task.value(1))] = 1;
        return new TabularProcess(family.transitions(task), family.rewards(task), start, discount);
    }

    /** Each half makes J larger, and at the end no small change of the prior does. */
    @Test
    void bothHalvesClimb() {
        List<TabularProcess> tasks = ROOMS.stream().map(t -> known(t, DISCOUNT)).toList();
        DistralSolution solution = DistralSolution.of(tasks, ALPHA, BETA);
        double[] climbed = solution.objectives();
        for (int i = 1; i < climbed.length; i++) assertTrue(climbed[i] >= climbed[i - 1] - 1e-12, "round " + i);
        assertTrue(climbed[climbed.length - 1] > climbed[0] + 0.01, Arrays.toString(climbed));
        double best = total(tasks, solution.prior());
        assertEquals(climbed[climbed.length - 1], best, EXACT);
        for (int s : new int[] {0, 14, 17}) {
            double[][] changed = Arrays.stream(solution.prior()).map(double[]::clone).toArray(double[][]::new);
            double h = 1e-4 * changed[s][4];
            changed[s][4] += h;
            changed[s][2] -= h;
            double above = total(tasks, changed);
            changed[s][4] -= 2 * h;
            changed[s][2] += 2 * h;
            assertEquals(0, (above - total(tasks, changed)) / (2 * h), 1e-6, "gradient in state " + s);
        }
    }

    private static double total(List<TabularProcess> tasks, double[][] prior) {
        return tasks.stream().mapToDouble(t -> t.atStart(t.softValues(prior, ALPHA, BETA))).sum();
    }

    private static List<Trial> collected(Learner learner, List<Task> tasks, int round) {
        return Rollout.of(learner.plan(), tasks, RandomStream.of(4, "round " + round));
    }

    /** Soft Q-learning as a textbook has it, of one task. */
    private static final class Textbook {
        final double[][] q;
        final double beta, rate, discount;

        Textbook(int states, int actions, TabularDistral settings) {
            q = new double[states][actions];
            beta = settings.beta();
            rate = settings.learningRate();
            discount = settings.discount();
        }

        double value(int s) {
            double largest = Arrays.stream(q[s]).max().orElseThrow(), sum = 0;
            for (double v : q[s]) sum += Math.exp(beta * v - beta * largest);
            return (beta * largest + Math.log(sum)) / beta;
        }

        void live(Trajectory episode) {
            for (int t = 0; t < episode.length(); t++) {
                int s = Trials.state(episode.observation(t)), a = (int) episode.action(t)[0],
                    next = Trials.state(episode.observation(t + 1));
                double following = episode.step(t).terminated() ? 0 : value(next);
                q[s][a] += rate * (episode.step(t).reward() + discount * following - q[s][a]);
            }
        }
    }

    @Test
    void withoutCostOfTheDivergenceEachTaskLearnsBySoftQLearningExactly() {
        TabularDistral settings = TabularDistral.twoRooms().separate().beta(50).learningRate(0.3).episodesPerRound(2);
        try (var learner = (TabularDistralLearner) settings.learner(Problem.of(ROOMS), 3)) {
            var books = ROOMS.stream().map(t -> new Textbook(32, 5, settings)).toList();
            for (int round = 0; round < 9; round++) {
                List<Trial> trials = collected(learner, ROOMS, round);
                assertEquals(2, trials.size());
                for (Trial trial : trials) books.get(trial.task()).live(trial.episodes().get(0));
                learner.store(trials);
            }
            for (int i = 0; i < 3; i++)
                assertArrayEquals(Arrays.stream(books.get(i).q).flatMapToDouble(Arrays::stream).toArray(), learner.valuesOf(i),
                    "task " + i);
        }
    }

    @Test
    void whatIsDistilledIsCountedExactly() {
        TabularDistral settings = TabularDistral.twoRooms().episodesPerRound(3).priorCount(0.25);
        try (var learner = (TabularDistralLearner) settings.learner(Problem.of(ROOMS), 3)) {
            double[][] counts = new double[32][5];
            for (double[] row : counts) Arrays.fill(row, 0.25);
            for (int round = 0; round < 4; round++) {
                List<Trial> trials = collected(learner, ROOMS, round);
                for (Trial trial : trials) {
                    Trajectory episode = trial.episodes().get(0);
                    for (int t = 0; t < episode.length(); t++)
                        counts[Trials.state(episode.observation(t))][(int) episode.action(t)[0]] += Math.pow(settings.discount(), t);
                }
                learner.store(trials);
            }
            for (int s = 0; s < 32; s++) {
                double sum = Arrays.stream(counts[s]).sum();
                for (int a = 0; a < 5; a++) assertEquals(counts[s][a] / sum, learner.prior(s)[a], 1e-12);
            }
        }
    }

    /** With a table that is told every step again and again the values become those of soft value iteration with the same prior. */
    @Test
    void whatIsLearnedIsTheSolutionOfTheKnownProcess() {
        double beta = 0.3;
        var settings = new TabularDistral(ALPHA, beta, DISCOUNT, 1, 0, 1e6, 3);
        var chains = new RandomMdp(3, 2, 8);
        // each action goes on to one state; priorCount is so large that π₀ stays uniform
        Task first = chains.task(1, 0, 0.5, -1, 0, 2, 0, 1, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 1, 0);
        Task second = chains.task(-1, 0, 0.5, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 1, 0);
        List<Task> tasks = List.of(first, second);
        try (var learner = (TabularDistralLearner) settings.learner(Problem.of(tasks), 1)) {
            for (int round = 0; round < 150; round++) learner.store(withoutNoise(collected(learner, tasks, round), chains));
            double[][] uniform = {{0.5, 0.5}, {0.5, 0.5}, {0.5, 0.5}};
            for (int i = 0; i < 2; i++) {
                Task task = tasks.get(i);
                double[][] rewards = IntStream.range(0, 3).mapToObj(
                    s -> new double[] {chains.meanReward(task, s, 0), chains.meanReward(task, s, 1)}).toArray(double[][]::new);
                var process = new TabularProcess(chains.transitions(task), rewards, new double[] {1, 0, 0}, DISCOUNT);
                double[] expected = Arrays.stream(process.actionValues(process.softValues(uniform, ALPHA, beta)))
                    .flatMapToDouble(Arrays::stream).toArray();
                // π₀ is uniform but for the thousand actions beside the million it began with
                assertArrayEquals(expected, learner.valuesOf(i), 2e-2);
            }
        }
    }

    private static List<Trial> withoutNoise(List<Trial> trials, RandomMdp family) {
        var quiet = new ArrayList<Trial>();
        for (Trial trial : trials) {
            Trajectory episode = trial.episodes().get(0), copy = new Trajectory(episode.task(), episode.observation(0));
            for (int t = 0; t < episode.length(); t++) {
                var step = episode.step(t);
                copy.add(episode.action(t), new metarl.env.Step(step.observation(), step.reward() - step.outcome()[3], false,
                    step.truncated(), step.outcome()));
            }
            quiet.add(new Trial(trial.seat(), List.of(copy)));
        }
        return quiet;
    }

    private static double[] returns(TabularDistral settings, int rounds) {
        double[] sums = new double[rounds];
        try (Learner learner = settings.learner(Problem.of(ROOMS), 1)) {
            for (int round = 0; round < rounds; round++) {
                List<Trial> trials = collected(learner, ROOMS, round);
                sums[round] = trials.stream().mapToDouble(Trial::totalReward).sum();
                learner.store(trials);
            }
        }
        return sums;
    }

    @Test
    void theRoomsAreLearnedAndRepeat() {
        TabularDistral settings = TabularDistral.twoRooms().episodesPerRound(3);
        double[] returns = returns(settings, 60);
        // the shortest ways take 13, 9 and 13 steps
        double best = 3 * 1 - 0.1 * (13 + 9 + 13), late = Arrays.stream(returns, 40, 60).average().orElseThrow();
        assertTrue(returns[0] < -20 && late > best - 3, "from " + returns[0] + " to " + late + " of " + best);
        assertArrayEquals(returns, returns(settings, 60));
    }

    @Test
    void thePriorActsInTasksThatAreNotKnown() {
        TabularDistral settings = TabularDistral.twoRooms().episodesPerRound(3);
        try (var learner = (TabularDistralLearner) settings.learner(Problem.of(ROOMS), 1)) {
            for (int round = 0; round < 20; round++) learner.store(collected(learner, ROOMS, round));
            double[] seen = new double[32];
            seen[7] = 1;
            double[][] right = {{4}};
            try (Policy.Actor own = learner.policy().start(new int[] {2}, RandomStream.of(1, "x"));
                Policy.Actor shared = learner.policy().start(1, RandomStream.of(1, "x"))) {
                double prior = shared.logDensities(new double[][] {seen}, right)[0];
                assertEquals(Math.log(learner.prior(7)[4]), prior, 1e-12);
                double[] q = Arrays.copyOfRange(learner.valuesOf(2), 35, 40);
                double[] policy = SoftChoice.policy(q, learner.prior(7), settings.alpha(), settings.beta());
                assertEquals(Math.log(policy[4]), own.logDensities(new double[][] {seen}, right)[0], 1e-12);
                double action = own.act(new double[][] {seen})[0][0];
                assertEquals(Math.log(policy[(int) action]), own.logDensities()[0], 1e-12);
                assertNotEquals(prior, Math.log(policy[4]));
            }
        }
    }

    static Stream<Arguments> badInputs() {
        TabularDistral good = TabularDistral.twoRooms();
        double[][][] loop = {{{1}}};
        double[][] reward = {{1}};
        double[] start = {1};
        return Stream.of(
            bad("real actions", () -> good.learner(Problem.of(List.of(PointRobot.dense().task(0, 0))), 1), "needs a number of choices"),
            bad("no state", () -> good.learner(Problem.of(ROOMS), 1).policy().start(1, RandomStream.of(1, "x"))
                .act(new double[][] {{0.5, 0.2}}), "needs a state, one-hot"),
            bad("alpha above 1", () -> good.alpha(1.5), "alpha is 1.5, expected 0"),
            bad("no beta", () -> DistralSolution.of(List.of(arms(1, 0)), 0.5, 0), "beta is 0.0, expected above 0"),
            bad("no tasks", () -> DistralSolution.of(List.of(), 0.5, 1), "the number of tasks is 0"),
            bad("tasks of two sizes", () -> DistralSolution.of(List.of(arms(1, 0), arms(1, 0, 2)), 0.5, 1), "is of a different size"),
            bad("a prior of another size", () -> arms(1, 0).softValues(new double[][] {{1}}, 0.5, 1), "a table of a different size"),
            bad("a choice of another size", () -> SoftChoice.value(new double[2], new double[3], 0.5, 1), "the prior is 3 probabilities"),
            bad("more than certain", () -> new TabularProcess(new double[][][] {{{1.5}}}, reward, start, 0.9), "the sum of transitions[0]"),
            bad("a negative chance", () -> new TabularProcess(new double[][][] {{{-1}}}, reward, start, 0.9), "a probability of"),
            bad("no start", () -> new TabularProcess(loop, reward, new double[] {0.5}, 0.9), "the sum of start is 0.5, expected 1"),
            bad("for ever", () -> new TabularProcess(loop, reward, start, 1), "discount is 1.0"),
            bad("no reward", () -> new TabularProcess(loop, new double[][] {{Double.NaN}}, start, 0.5), "is NaN, expected a finite"),
            bad("no states", () -> new TabularProcess(new double[0][][], new double[0][], new double[0], 0.5), "and at least 1"));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsNamed(BadInput input) {
        input.isNamed();
    }

    /** A bandit is the case of one state. */
    @Test
    void armsOfWhichAllTasksLikeOneAreFoundTogether() {
        List<Task> tasks = List.of(Bandit.bernoulli(3).task(0, 1, 0), Bandit.bernoulli(3).task(0.2, 1, 0.1));
        try (var learner = (TabularDistralLearner) TabularDistral.twoRooms().alpha(0.5).beta(5).learningRate(0.1).priorCount(10).learner(
            Problem.of(tasks),
            1)) {
            for (int round = 0; round < 200; round++) learner.store(collected(learner, tasks, round));
            assertTrue(learner.prior(0)[1] > 0.8, Arrays.toString(learner.prior(0)));
        }
    }
}
