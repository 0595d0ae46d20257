package metarl.agent.hindsight;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.agent.Rule;
import metarl.agent.classical.TabularQ;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;
import metarl.task.RelabelledEpisodes;
import metarl.task.Task;
import metarl.task.TaskSet;
import metarl.task.families.GoalGrid;
import metarl.train.MetaRun;
import metarl.train.MetaTraining;
import metarl.train.Rollout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Who learns from an episode, against cases that are worked out by hand; and what that does to a learner. */
class RelabellerTest {
    private static final double DISCOUNT = 0.9, EXACT = 1e-12;
    private static final GoalGrid GRID = new GoalGrid(GoalGrid.Shift.SIGN);
    /** Task 3: the corner below on the right, own controls; task 7 the same, with controls the other way round. */
    private static final List<Task> TASKS = GRID.all();
    /** Down to the border and then to the right: six steps to the corner of tasks 3 and 7, which is 48. */
    private static final Trajectory EPISODE = RelabelledEpisodes.alongCells(TASKS.get(3), 24, 31, 38, 45, 46, 47, 48);

    /** Every state is worth {@code task} tenths, every action twice as much, and actions have probability ½. */
    private static final TaskValues VALUES = new TaskValues() {
        @Override
        public double value(int task, double[] observation) {
            return task / 10.0;
        }

        @Override
        public double actionValue(int task, double[] observation, double[] action) {
            return task / 5.0;
        }

        @Override
        public double logDensity(int task, double[] observation, double[] action) {
            return Math.log(0.5);
        }

        @Override
        public double foresight(int task, Trajectory episode) {
            return task == 7 ? 2 : 1;
        }

        @Override
        public double[] ownForesights(int task) {
            return task == 0 ? new double[] {-9, -9} : new double[] {1, 1 + Math.log(3)};
        }
    };
    /** Thrice as probable in task 7 as in its own. */
    private static final DynamicsRatios THRICE = (from, to, steps) -> steps.stream().mapToDouble(step -> to == 7 ? 3 : 1).toArray();

    private static Hindsight hindsight(Trajectory episode, int from) {
        return new Hindsight(episode, from, TASKS, DISCOUNT, VALUES, THRICE);
    }

    private static int[] learners(Relabeller rule, Hindsight hindsight) {
        return rule.relabel(hindsight, RandomStream.of(1, "relabelling")).stream().mapToInt(Foreign::task).sorted().toArray();
    }

    @Test
    void anEpisodeIsSeenWithTheEyesOfEveryTask() {
        Hindsight hindsight = hindsight(EPISODE, 3);
        assertArrayEquals(new int[] {0, 1, 2, 4, 5, 6, 7}, hindsight.others());
        assertSame(EPISODE, hindsight.under(3), "relabelling to the same task changes nothing");
        assertEquals(EPISODE.totalReward(), EPISODE.relabel(TASKS.get(3)).totalReward());
        assertEquals(Math.pow(DISCOUNT, 5), hindsight.discountedReturn(3), EXACT);
        assertEquals(Math.pow(DISCOUNT, 5), hindsight.discountedReturn(7), EXACT);
        assertEquals(0, hindsight.discountedReturn(2));
        assertEquals(0.7, hindsight.startValue(7), EXACT);
        assertArrayEquals(new double[] {2, 2, 2, 2, 2, 2}, hindsight.ratios(7, 2));
        assertArrayEquals(new double[] {1, 1, 1, 1, 1, 1}, hindsight.ratios(6, 2));
    }

    /** Policy ratios are ½ / ¼ = 2. */
    @Test
    void doublyRobustValuesAreThoseOfTheFormula() {
        Hindsight hindsight = hindsight(EPISODE, 3);
        double v = 0.7, q = 1.4, g = DISCOUNT;
        double tight = v + 2 * (g * v - q), half = v + 2 * (g * v / 2 - q);
        assertEquals(tight, hindsight.doublyRobust(7, Hindsight.Form.TIGHT, 5)[0], EXACT);
        assertEquals(half, hindsight.doublyRobust(7, Hindsight.Form.SLIDES_OPTIMUM, 5)[0], EXACT);
        double ones = 0, ratios = 0;
        for (int t = 5; t >= 0; t--) {
            double reward = t == 5 ? 1 : 0;
            ones = v + 2 * (reward + g * ones - q);
            ratios = v + 2 * (reward + g * 2 * ratios - q);
        }
        assertEquals(ones, hindsight.doublyRobust(7, Hindsight.Form.ONES, 2)[0], EXACT);
        assertEquals(ratios, hindsight.doublyRobust(7, Hindsight.Form.RATIOS, 2)[0], EXACT);
        // clipped to 1, policy ratios and ratios of dynamics alike
        assertEquals(v + g * v - q, hindsight.doublyRobust(7, Hindsight.Form.TIGHT, 1)[0], EXACT);
    }

    /** Critics that say 0.7 and 1.1 of every state, and q of every action. */
    private static Hindsight twoCritics(double q) {
        return new Hindsight(EPISODE, 3, TASKS, DISCOUNT, new TaskValues() {
            @Override
            public double value(int task, double[] observation) {
                return 0.7;
            }

            @Override
            public double[] largerValues(int task, double[][] observations) {
                return IntStream.range(0, observations.length).mapToDouble(i -> 1.1).toArray();
            }

            @Override
            public double actionValue(int task, double[] observation, double[] action) {
                return q;
            }

            @Override
            public double logDensity(int task, double[] observation, double[] action) {
                return Math.log(0.5);
            }
        }, THRICE);
    }

    /** Policy ratios are 2, ratios of dynamics 2 at most. The last step ends the episode, so that both critics say 0 after it. */
    @Test
    void learntRatiosStayWithinWhatTwoCriticsSay() {
        double v = 0.7, g = DISCOUNT;
        boolean low = false, within = false, high = false;
        for (double q : new double[] {1.4, 1.1, 0.5}) {
            double tight = v + 2 * (1 - q), half = v + 2 * (1 - 0.5 - q);
            for (int t = 4; t >= 0; t--) {
                double learnt = g * 2 * tight;
                low |= learnt < g * 0.7;
                high |= learnt > g * 1.1;
                within |= learnt > g * 0.7 && learnt < g * 1.1;
                tight = v + 2 * (Math.max(g * 0.7, Math.min(g * 1.1, learnt)) - q);
                half = v + 2 * (Math.max(g * 0.35, Math.min(g * 0.55, g * 2 * half)) - q);
            }
            assertEquals(tight, twoCritics(q).doublyRobust(7, Hindsight.Form.TIGHT_INTERVAL, 2)[0], EXACT);
            assertEquals(half, twoCritics(q).doublyRobust(7, Hindsight.Form.INTERVAL, 2)[0], EXACT);
        }
        assertTrue(low && within && high, "a ratio below, one within and one above");
        // a learner of one estimate has the optimum
        Hindsight one = hindsight(EPISODE, 3);
        assertEquals(one.doublyRobust(7, Hindsight.Form.TIGHT, 2)[0], one.doublyRobust(7, Hindsight.Form.TIGHT_INTERVAL, 2)[0], EXACT);
        assertEquals(one.doublyRobust(7, Hindsight.Form.SLIDES_OPTIMUM, 2)[0], one.doublyRobust(7, Hindsight.Form.INTERVAL, 2)[0], EXACT);
    }

    @Test
    void rulesChooseTheTasksTheySay() {
        Hindsight hindsight = hindsight(EPISODE, 3);
        assertArrayEquals(new int[0], learners(Relabeller.none(), hindsight));
        assertArrayEquals(new int[] {0, 1, 2, 4, 5, 6, 7}, learners(Relabeller.all(), hindsight));
        assertArrayEquals(new int[] {7}, learners(Relabeller.paid(), hindsight));
        assertEquals(2, learners(Relabeller.random(2), hindsight).length);
        // R − V: task 0 has 0, its own 0.59 − 0.3 = 0.29, task 7 0.59 − 0.7
        assertArrayEquals(new int[0], learners(Relabeller.advantage(1, 7), hindsight), "the best task is its own");
        assertArrayEquals(new int[] {0}, learners(Relabeller.advantage(2, 7), hindsight));
        assertArrayEquals(new int[] {0, 1}, learners(Relabeller.advantage(3, 7), hindsight), "then task 1 with −0.1");
        // 2 (γ V − Q) is 0 for task 0 and negative for all others, for Q is twice V
        assertArrayEquals(new int[0], learners(Relabeller.doublyRobust(Hindsight.Form.TIGHT, 5), hindsight));
    }

    /** Of four recent episodes task 7 had returns 0, 0, 0.2 and 0.9, and all others 0.5 each. */
    @Test
    void anEpisodeIsRankedAmongRecentOnes() {
        var recent = new RecentReturns(8, 4);
        assertEquals(0.5, recent.rank(7, 1), "nothing is known");
        for (double seven : new double[] {-1, 0, 0, 0.2, 0.9}) {
            double[] returns = {0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, seven};
            recent.add(returns);
        }
        // the first one is forgotten
        assertEquals(0.25, recent.rank(7, 0));
        assertEquals(0.75, recent.rank(7, 0.5));
        assertEquals(0.5, recent.rank(2, 0.5));
        var hindsight = new Hindsight(EPISODE, 3, TASKS, DISCOUNT, VALUES, THRICE, recent);
        assertEquals(0.75, hindsight.rank(7), "0.59 is above three of four");
        assertEquals(1, hindsight.rank(3));
        assertEquals(0, hindsight.rank(2));
        assertArrayEquals(new int[0], learners(Relabeller.inverse(1, 7, 4), hindsight));
        assertArrayEquals(new int[] {7}, learners(Relabeller.inverse(2, 7, 4), hindsight));
        assertEquals(4, Relabeller.inverse(2, 7, 4).halved().weighted(5).recent());
    }

    /** U/T − log Z: task 0 stands out from its own, which are at −9; task 7 from 1 + log 2, others are at 1 of 1 + log 2. */
    @Test
    void foresightDrawsATaskForWhatTheEpisodeTeachesOfIt() {
        var rule = new Relabeller.Foresight(1);
        double[] logits = rule.logits(hindsight(EPISODE, 3));
        double usual = 1 + Math.log(2);
        assertArrayEquals(new double[] {10, 1 - usual, 1 - usual, 1 - usual, 1 - usual, 1 - usual, 1 - usual, 2 - usual}, logits, EXACT);
        assertArrayEquals(new int[] {0}, learners(rule, hindsight(EPISODE, 3)), "e^10 against less than 5");
        // a high temperature leaves chance: each task in one of eight cases, and its own, too
        var random = RandomStream.of(1, "draws");
        int[] drawn = new int[9];
        for (int i = 0; i < 4_000; i++) {
            List<Foreign> foreign = Relabeller.foresight(1e9).relabel(hindsight(EPISODE, 3), random);
            drawn[foreign.isEmpty() ? 8 : foreign.get(0).task()]++;
        }
        assertEquals(0, drawn[3]);
        for (int task : new int[] {0, 1, 2, 4, 5, 6, 7, 8}) assertEquals(500, drawn[task], 90, "task " + task);
    }

    /** A table knows its tasks by number, and infers none from an episode. */
    @Test
    void foresightNeedsALearnerThatInfersTasks() {
        var error = assertThrows(UnsupportedOperationException.class,
            () -> trained(TabularQ.goalGrid().relabeller(Relabeller.foresight(1)), TASKS, 1, 1));
        assertTrue(error.getMessage().contains("such as PEARL"), error.getMessage());
    }

    /** What is compared with recent episodes goes on from a stored state as if nothing had been. */
    @Test
    void recentReturnsAreStored(@TempDir Path folder) {
        var tasks = TaskSet.of(TASKS, TASKS);
        TabularQ settings = TabularQ.goalGrid().relabeller(Relabeller.inverse(2, 7, 5));
        MetaTraining training = MetaTraining.on(tasks).algorithm(settings).evaluateEvery(300).adaptTasks(0).episodes(1).seed(3);
        try (var whole = training.steps(600).run();
            var half = training.steps(300).saveTo(folder.toString()).run();
            var rest = training.steps(600).saveTo(folder.toString()).run()) {
            assertTrue(half.steps() < whole.steps());
            assertEquals(whole.log().where(whole.log().stringColumn("metric").isEqualTo("error")).doubleColumn("value").asList(),
                rest.log().where(rest.log().stringColumn("metric").isEqualTo("error")).doubleColumn("value").asList());
        }
    }

    @Test
    void anEpisodeOfUnknownProbabilitiesIsGivenToNobodyByADoublyRobustRule() {
        var nobody = Rollout.of(Policy.zero(1), List.of(TASKS.get(0)), RandomStream.of(1, "walk")).get(0);
        assertTrue(EPISODE.length() > 0 && hindsight(EPISODE, 3).isDensityKnown() && !hindsight(nobody, 0).isDensityKnown());
        assertArrayEquals(new int[0], learners(Relabeller.doublyRobust(Hindsight.Form.RATIOS, 5), hindsight(nobody, 0)));
    }

    private static Hindsight against(int task, double ratio) {
        return new Hindsight(EPISODE, 3, TASKS, DISCOUNT, VALUES,
            (from, to, steps) -> steps.stream().mapToDouble(step -> to == task ? ratio : 1).toArray());
    }

    @Test
    void howMuchAnEpisodeCountsIsSaidApart() {
        Hindsight hindsight = hindsight(EPISODE, 3);
        Foreign plain = Relabeller.paid().relabel(hindsight, RandomStream.of(1, "r")).get(0);
        assertTrue(!plain.halved() && Arrays.stream(plain.weights()).allMatch(w -> w == 1));
        Foreign halved = Relabeller.paid().halved().relabel(hindsight, RandomStream.of(1, "r")).get(0);
        assertTrue(halved.halved() && Arrays.stream(halved.weights()).allMatch(w -> w == 1));
        Foreign weighted = Relabeller.paid().weighted(5).halved().relabel(hindsight, RandomStream.of(1, "r")).get(0);
        assertTrue(weighted.halved() && Arrays.stream(weighted.weights()).allMatch(w -> w == 3));
        assertEquals(6, weighted.episode().length());
        // tasks but 7 count once, and 7 at most 0.2
        assertArrayEquals(new int[] {0, 1, 2, 4, 5, 6}, learners(Relabeller.all().weighted(1).trusted(1), against(7, 0.2)));
        assertArrayEquals(new int[] {0, 1, 2, 4, 5, 6, 7}, learners(Relabeller.all().weighted(1).trusted(0.2), against(7, 0.2)));
    }

    private static double[] trained(TabularQ settings, List<Task> tasks, int episodes, long seed) {
        var problem = Problem.of(tasks);
        try (var learner = settings.learner(problem, seed)) {
            for (int e = 0; e < episodes; e++) {
                learner.store(Rollout.of(learner.plan(), tasks, RandomStream.of(seed, "round " + e)));
                while (learner.isDue()) learner.update();
            }
            int[] numbers = IntStream.range(0, 40 * tasks.size()).map(i -> i % tasks.size()).toArray();
            double sum = 0;
            var steps = new double[tasks.size()];
            for (int n : numbers) {
                var one = new metarl.agent.Plan(List.of(new metarl.agent.Plan.Seat(n, learner.policy(), 1, Integer.MAX_VALUE, "")), 0);
                steps[n] += Rollout.of(one, tasks, RandomStream.of(seed, "test " + sum++)).get(0).totalReward() / 40;
            }
            return steps;
        }
    }

    /** Where tasks move alike, all learn from all; where they move the opposite way, that ruins them, and true ratios save them. */
    @Test
    void sharedStepsHelpWhereTasksMoveAlikeAndHarmWhereTheyDoNot() {
        TabularQ alone = TabularQ.goalGrid().updatesPerTask(5), all = alone.relabeller(Relabeller.all()),
            weighed = alone.relabeller(Relabeller.all().weighted(5)).ratios(TabularQ.Ratios.KNOWN);
        var alike = new GoalGrid(GoalGrid.Shift.NONE).all();
        double[] few = trained(alone, alike, 160, 1), shared = trained(all, alike, 160, 1);
        assertTrue(mean(shared) > mean(few) + 0.1, mean(shared) + " shared, alone " + mean(few));
        double[] ruined = trained(all, TASKS, 800, 2), saved = trained(weighed, TASKS, 800, 2);
        assertTrue(mean(ruined) < 0.4 && mean(saved) > 0.9, mean(ruined) + " without ratios, with them " + mean(saved));
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    @Test
    void aRuleOfOnesOwnIsALine() {
        Relabeller opposite = (hindsight, random) -> Relabeller.chosen(hindsight, task -> task == (hindsight.from() + 4) % 8);
        assertArrayEquals(new int[] {7}, learners(opposite, hindsight(EPISODE, 3)));
        double[] returns = trained(TabularQ.goalGrid().relabeller(opposite.weighted(5)).ratios(TabularQ.Ratios.COUNTED), TASKS, 80, 1);
        assertEquals(8, returns.length);
    }

    /** Of one's own, as a notebook would define it. */
    record Opposite(int distance) implements Relabeller {
        @Override
        public List<Foreign> relabel(Hindsight hindsight, RandomStream random) {
            return Relabeller.chosen(hindsight, task -> task == (hindsight.from() + distance) % 8);
        }
    }

    /** A stored run is read with its rule, that of a user, too; a rule that is no record is refused before anything is collected. */
    @Test
    void rulesAreStoredByName(@TempDir Path folder) {
        var tasks = TaskSet.of(TASKS, TASKS);
        for (Relabeller rule : List.of(Relabeller.paid().weighted(5).halved(), new Opposite(4))) {
            TabularQ settings = TabularQ.goalGrid().relabeller(rule);
            Path own = folder.resolve(rule.getClass().getSimpleName());
            MetaTraining.on(tasks).algorithm(settings).steps(60).evaluateEvery(60).adaptTasks(0).episodes(1).saveTo(own.toString()).run()
                .close();
            try (var loaded = MetaRun.load(own.toString())) {
                assertEquals(settings, loaded.training().algorithm());
            }
        }
        TabularQ lambda = TabularQ.goalGrid().relabeller((hindsight, random) -> List.of());
        var error = assertThrows(RuntimeException.class,
            () -> MetaTraining.on(tasks).algorithm(lambda).steps(60).saveTo(folder.resolve("l").toString()).run());
        assertTrue(error.getMessage().contains("is no record, so that a run with it cannot be stored"), error.getMessage());
        var unknown = assertThrows(IllegalArgumentException.class, () -> Rule.named(Relabeller.class, "Nobody"));
        assertTrue(unknown.getMessage().contains("All, "), unknown.getMessage());
    }

    static Stream<Arguments> badInputs() {
        return Stream.of(bad("no such task", () -> hindsight(EPISODE, 8), "the number of one of 8 train tasks"),
            bad("no steps", () -> hindsight(new Trajectory(TASKS.get(0), new double[49]), 0), "at least 1 step"),
            bad("no candidates", () -> Relabeller.advantage(1, 0), "candidates"), bad("nobody", () -> Relabeller.random(0), "count"),
            bad("trust beyond 1", () -> Relabeller.all().trusted(1.5), "least is 1.5"),
            bad("no recent ones", () -> Relabeller.inverse(1, 1, 0), "recent"),
            bad("no temperature", () -> Relabeller.foresight(0), "temperature"),
            bad("no limit", () -> Relabeller.all().weighted(0), "largest"),
            bad("a limit of DR", () -> Relabeller.doublyRobust(Hindsight.Form.TIGHT, Double.NaN), "largest"),
            bad("no rule", () -> new Relabeller.Halved(null), "a rule that chooses tasks"),
            bad("weights", () -> new Foreign(0, EPISODE, new double[2], false), "the number of weights"),
            bad("a negative weight", () -> new Foreign(0, EPISODE, new double[] {1, 1, -1, 1, 1, 1}, false), "weight"));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsNamed(BadInput input) {
        input.isNamed();
    }

    @Test
    void aDoublyRobustValueNeedsTheProbabilitiesOfTheActions() {
        var nobody = Rollout.of(Policy.zero(1), List.of(TASKS.get(0)), RandomStream.of(1, "walk")).get(0);
        var error = assertThrows(IllegalStateException.class, () -> hindsight(nobody, 0).doublyRobust(1, Hindsight.Form.TIGHT, 2));
        assertTrue(error.getMessage().contains("how probable the action of step 0 was"), error.getMessage());
    }
}
