package metarl.task;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.agent.value.Mql;
import metarl.agent.value.Td3;
import metarl.basics.RandomStream;
import metarl.env.Environment;
import metarl.env.EnvironmentCheck;
import metarl.env.Space;
import metarl.env.Step;
import metarl.env.world.MazeEnvironment;
import metarl.env.world.TabularMdpEnvironment;
import metarl.plot.Plots;
import metarl.task.families.Ant;
import metarl.task.families.Bandit;
import metarl.task.families.HalfCheetah;
import metarl.task.families.Hopper;
import metarl.task.families.Maze;
import metarl.task.families.Point;
import metarl.task.families.PointRobot;
import metarl.task.families.RandomMdp;
import metarl.task.families.Sawyer;
import metarl.train.MetaRun;
import metarl.train.MetaTraining;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tech.tablesaw.api.Row;

class TaskSetTest {
    static Stream<TaskFamily> families() {
        return TaskFamily.names().stream().filter(name -> !name.startsWith("sawyer") || Sawyer.isAvailable()).map(TaskFamily::named);
    }

    @ParameterizedTest
    @MethodSource("families")
    void everyFamilyPassesTheEnvironmentCheck(TaskFamily family) {
        try (Environment environment = family.sample(3, RandomStream.of(1, "x")).get(1).environment()) {
            for (Row row : EnvironmentCheck.of(environment))
                assertTrue(row.getBoolean("holds"), family.name() + ": " + row.getString("property") + " – " + row.getString("seen"));
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void theRewardOfAnOutcomeIsTheRewardPaid(TaskFamily family) {
        var random = RandomStream.of(2, "x");
        Task task = family.sample(3, random).get(0);
        try (Environment environment = task.environment()) {
            environment.reset(random);
            for (int t = 0; t < Math.min(100, family.horizon()); t++) {
                double[] action = environment.actions().sample(random);
                Step step = environment.step(action);
                assertEquals(task.reward(step.outcome(), action), step.reward(), family.name());
                if (step.last()) environment.reset(random);
            }
        }
    }

    @Test
    void pointRobotRewards() {
        assertEquals(-5, PointRobot.dense().task(3, 4).reward(new double[] {0, 0}, new double[2]), 1e-12);
        assertEquals(0.9, PointRobot.sparse().task(0, 1).reward(new double[] {0, 0.9}, new double[2]), 1e-12);
        assertEquals(0, PointRobot.sparse().task(0, 1).reward(new double[] {0, 0.7}, new double[2]), 1e-12);
        assertEquals(-0.5 - 0.05 * 6, HalfCheetah.velocity().task(2).reward(new double[] {1.5, 0}, new double[] {1, 1, 1, 1, -1, -1}),
            1e-12);
        for (Task t : PointRobot.sparse().sample(5, RandomStream.of(1, "x"))) assertEquals(1, Math.hypot(t.value(0), t.value(1)), 1e-12);
    }

    @Test
    void samplingIsRepeatableAndTheHashTellsSetsApart() {
        TaskSet a = TaskSet.of(PointRobot.dense()).train(5).test(2).sample(7),
            b = TaskSet.of("point-robot-dense").train(5).test(2).sample(7);
        assertEquals(a, b);
        assertEquals(a.hash(), b.hash());
        assertNotEquals(a.hash(), TaskSet.of(PointRobot.dense()).train(5).test(2).sample(8).hash());
        assertNotEquals(a.hash(), TaskSet.of(PointRobot.sparse()).train(5).test(2).sample(7).hash());
        assertEquals(List.of(), a.warnings());
        assertEquals(4, a.summary().rowCount());
    }

    @Test
    void testTasksThatAreTrainTasksAreWarnedOf() {
        Task task = PointRobot.dense().task(0.5, 0.5);
        TaskSet set = TaskSet.of(List.of(task), List.of(task));
        assertTrue(set.warnings().get(0).contains("1 of 1 test tasks are also train tasks"), set.warnings().toString());
    }

    @Test
    void publishedSetsAreTheSameForEveryone() {
        for (String name : TaskSet.publishedNames()) {
            if (name.startsWith("rl2/")) continue;
            TaskSet set = TaskSet.published(name);
            assertEquals(set, TaskSet.published(name), name);
            boolean small = set.warnings().stream().anyMatch(w -> w.contains("also train tasks"));
            assertEquals(
                name.matches(".*/(cheetah-dir|point-corner|point-sign|point-turned|four-corners|cheetah-vel-armature)|mql/ant-dir"), small,
                name);
        }
        assertEquals(100, TaskSet.published("mql/cheetah-vel").train().size());
        assertEquals(30, TaskSet.published("mql/cheetah-vel").test().size());
        assertEquals(List.of(0.1), TaskSet.published("mcat/table-1-cheetah").train().get(0).values());
        assertEquals("f2ba28868db5", TaskSet.published("mql/cheetah-vel").hash());
        assertEquals(TaskSet.publishedNames().size(), TaskSet.publishedSummary().rowCount());
    }

    static Stream<String> mcatSets() {
        return Stream.of("hopper-size", "cheetah-armature", "cheetah-mass", "ant-damping", "ant-damping-uniform", "ant-cripple");
    }

    @ParameterizedTest
    @MethodSource("mcatSets")
    void mcatTasksSurroundEachOtherAndNeverEndEarly(String name) {
        TaskSet set = TaskSet.published("mcat/" + name);
        assertEquals(name.equals("ant-cripple") ? 4 : 5, set.train().size());
        assertEquals(4, set.test().size());
        assertEquals(1000, set.family().horizon());
        if (!name.equals("ant-cripple")) {
            var train = set.train().stream().mapToDouble(t -> t.value(0)).summaryStatistics();
            double[] test = set.test().stream().mapToDouble(t -> t.value(0)).toArray();
            assertTrue(test[0] < train.getMin() && train.getMin() < test[1] && test[2] < train.getMax() && train.getMax() < test[3], name);
            assertTrue(set.train().contains(set.family().nominal().orElseThrow()), "the standard body");
        }
        var random = RandomStream.of(6, name);
        for (Task task : List.of(set.test().get(0), set.test().get(3)))
            try (Environment environment = task.environment()) {
                environment.reset(random);
                for (int t = 1; t <= 1000; t++) {
                    Step step = environment.step(environment.actions().sample(random));
                    assertEquals(t == 1000, step.truncated());
                    assertTrue(!step.terminated() && Double.isFinite(step.reward()));
                }
            }
    }

    @Test
    void anyPublishedSetIsFoundWithItsRewardsPaidLate() {
        for (int delay : new int[] {200, 350, 500}) {
            TaskSet late = TaskSet.published("mcat/cheetah-armature-delayed-" + delay), prompt = TaskSet.published("mcat/cheetah-armature");
            assertEquals(prompt.delayed(delay), late);
            assertEquals(HalfCheetah.armature().delayed(delay), late.family());
            assertEquals(prompt.test().stream().map(Task::values).toList(), late.test().stream().map(Task::values).toList());
            assertNotEquals(prompt.hash(), late.hash());
        }
        assertEquals(30, TaskSet.published("mql/cheetah-vel-delayed-50").test().size());
    }

    @Test
    void oneLegOfTwoIsTheSameAntAsOneLeg() {
        for (int leg = 0; leg < 4; leg++)
            assertEquals(afterFive(Ant.crippled().task(leg)), afterFive(Ant.crippledLegs().task(leg, leg)));
        assertEquals(afterFive(Ant.crippledLegs().task(0, 2)), afterFive(Ant.crippledLegs().task(2, 0)));
        assertNotEquals(afterFive(Ant.crippled().task(0)), afterFive(Ant.crippledLegs().task(0, 2)));
        assertEquals(10, Ant.crippledLegs().sample(10, RandomStream.of(1, "x")).stream().distinct().count());
    }

    @Test
    void antsOfScaleOneAreOneAntHoweverTheyAreDamped() {
        assertEquals(afterFive(Ant.damping().task(1)), afterFive(Ant.dampingUniform().task(1)));
        assertNotEquals(afterFive(Ant.damping().task(3)), afterFive(Ant.dampingUniform().task(3)));
    }

    private static List<Double> afterFive(Task task) {
        try (Environment environment = task.environment()) {
            var random = RandomStream.of(3, "five");
            environment.reset(random);
            double[] seen = {};
            for (int t = 0; t < 5; t++) seen = environment.step(environment.actions().sample(random)).observation();
            return Arrays.stream(seen).boxed().toList();
        }
    }

    @Test
    void finiteFamiliesDealTheirTasksBeforeRepeatingOne() {
        List<Task> legs = Ant.crippled().sample(6, RandomStream.of(4, "x"));
        assertEquals(4, legs.subList(0, 4).stream().distinct().count());
        assertEquals(4, legs.stream().distinct().count());
    }

    @Test
    void groupsOfParametersTakeOneRowAndAShortLabel() {
        TaskSet set = TaskSet.published("mql/walker-rand-params");
        assertEquals(8, set.summary().rowCount());
        assertTrue(set.test().get(0).label().matches("mass=\\[7 values #[0-9a-f]{4}\\] inertia=.* damping=\\[.* friction=.*"),
            set.test().get(0).label());
        assertEquals("mean=[0.100 0.200 0.300 0.400 0.500]", Bandit.bernoulli(5).task(.1, .2, .3, .4, .5).label());
        assertEquals(2, TaskSet.of(RandomMdp.published()).train(2).test(0).sample(1).summary().rowCount());
    }

    @Test
    void aDrawnMazeIsWalkedToTheGoal() {
        Task maze = Maze.small().drawn("""
            >   #
            ### #
            G   #
            # ###
            #   #
            """);
        var environment = (MazeEnvironment) maze.environment();
        environment.reset(RandomStream.of(1, "x"));
        assertTrue(environment.text().startsWith("#######\n#>   ##\n"), environment.text());
        int[] way = {2, 2, 2, 1, 2, 2, 1, 2, 2, 2};
        double total = 0;
        for (int i = 0; i < way.length; i++) {
            Step step = environment.step(new double[] {way[i]});
            total += step.reward();
            assertEquals(i == way.length - 1, step.terminated());
        }
        assertEquals(1 - 0.04 * way.length, total, 1e-12);
        environment.reset(RandomStream.of(1, "x"));
        assertEquals(-0.041, environment.step(new double[] {3}).reward(), 1e-12);
        assertEquals(8, Maze.small().layout(maze).shortestWay());
    }

    @Test
    void mazesAreConnectedAndTheirGoalsCanBeSeen() {
        for (Task task : Maze.large().sample(50, RandomStream.of(1, "x"))) assertTrue(Maze.large().layout(task).shortestWay() > 0);
        var environment = Maze.small().drawn("""
            #####
            #>  G
            #####
            #####
            #####
            """).environment();
        double[] seen = environment.reset(RandomStream.of(1, "x"));
        assertEquals(1, seen[(3 * 3 + 1) * 3 + 1], "the goal straight ahead, three cells away");
        assertEquals(1, seen[0], "a wall to the left of the agent");
        environment.step(new double[] {1});
        double[] wall = environment.step(new double[] {2}).observation();
        assertEquals(1, wall[(3 + 1) * 3], "a wall straight ahead");
        assertEquals(0, wall[(2 * 3 + 1) * 3 + 2], "what is behind it cannot be seen");
    }

    @Test
    void aDelayedFamilyPaysLateAndRemembersThePromptReward() {
        TaskFamily delayed = TaskFamily.named("point-robot-dense-delayed-5");
        assertEquals(PointRobot.dense().delayed(5), delayed);
        Task task = delayed.sample(1, RandomStream.of(1, "x")).get(0);
        try (Environment environment = task.environment()) {
            environment.reset(RandomStream.of(1, "x"));
            double owed = 0;
            for (int t = 1; t <= 20; t++) {
                Step step = environment.step(new double[] {0.3, 0.1});
                owed += task.reward(step.outcome(), new double[] {0.3, 0.1});
                assertEquals(t % 5 == 0 ? owed : 0, step.reward(), 1e-12);
                if (t % 5 == 0) owed = 0;
            }
        }
        assertEquals(7, TaskFamily.named("bernoulli-bandit-7").parameters().size());
    }

    @Test
    void pointRewards() {
        assertEquals(-0.5, Point.navigation().task(0.3, 0.4).reward(new double[] {0, 0, 0, 0}, new double[2]), 1e-12);
        Task corner = Point.corner().task(2, 2);
        assertEquals(0, corner.reward(new double[] {0.2, 0.2, 0.1, 0.1}, new double[2]), 1e-12);
        assertEquals(0.1 * Math.sqrt(2), corner.reward(new double[] {0.4, 0.4, 0.3, 0.3}, new double[2]), 1e-12);
        assertEquals(0, corner.reward(new double[] {-0.4, 0.4, -0.3, 0.3}, new double[2]), 1e-12);
        try (Environment shifted = Point.shiftedSparse().task(Math.PI / 2, 0.02, -0.01, 1.5).environment()) {
            shifted.reset(RandomStream.of(1, "x"));
            double[] position = shifted.step(new double[] {1, -1}).observation();
            assertEquals(0.15 + 0.02, position[0], 1e-12);
            assertEquals(-0.15 - 0.01, position[1], 1e-12);
        }
        try (Environment navigation = Point.navigation().task(0.1, 0).environment()) {
            navigation.reset(RandomStream.of(1, "x"));
            assertTrue(navigation.step(new double[] {1, 0}).terminated());
        }
    }

    static Stream<Arguments> badInputs() {
        TaskSet fine = TaskSet.of(PointRobot.dense()).train(2).test(1).sample(1);
        return Stream.of(
            bad("unknown family", () -> TaskFamily.named("half-cheetah-velocty"), "nearest: [half-cheetah-velocity"),
            bad("too few values", () -> PointRobot.dense().task(1), "2 parameter(s) [goalX, goalY], given 1"),
            bad("NaN value", () -> HalfCheetah.velocity().task(Double.NaN), "speed is NaN"),
            bad("no train tasks", () -> TaskSet.of(PointRobot.dense()).train(0), "train(0)"),
            bad("negative test tasks", () -> TaskSet.of(PointRobot.dense()).test(-1), "test(-1)"),
            bad("empty list", () -> TaskSet.of(List.of(), List.of()), "at least one train task"),
            bad("mixed families", () -> TaskSet.of(List.of(PointRobot.dense().task(0, 0)), List.of(HalfCheetah.velocity().task(1))),
                "one family"),
            bad("bounds", () -> new Space.Box(new double[] {1}, new double[] {0}), "expected low ≤ high"),
            bad("discount", () -> Td3.defaults().discount(1), "discount is 1.0, expected in [0, 1)"),
            bad("learning rate", () -> Td3.defaults().learningRate(-1), "learningRate is -1.0"),
            bad("batch size", () -> Td3.defaults().batchSize(0), "batchSize is 0"),
            bad("context length", () -> Mql.defaults().contextLength(-1), "contextLength is -1"),
            bad("logit clip", () -> Mql.defaults().logitClip(0), "logitClip is 0.0"),
            bad("strength", () -> Mql.defaults().inverseStrength(0), "inverseStrength is 0.0"),
            bad("updates per step NaN", () -> Mql.defaults().updatesPerStep(Double.NaN), "updatesPerStep is NaN"),
            bad("steps", () -> MetaTraining.on(fine).steps(0), "steps is 0"),
            bad("evaluateEvery", () -> MetaTraining.on(fine).evaluateEvery(0), "evaluateEvery is 0"),
            bad("shots", () -> MetaTraining.on(fine).shots(-1), "shots is -1"),
            bad("no run there", () -> MetaRun.load("no/such/run"), "there is no run in"),
            bad("unknown published set", () -> TaskSet.published("mql/cheetah-veI"), "nearest: [mql/cheetah-vel"),
            bad("no delay", () -> PointRobot.dense().delayed(0), "delay is 0"),
            bad("a delay longer than the episode", () -> HalfCheetah.armature().delayed(1001),
                "delay is 1001, expected at most the 1000 steps of an episode of half-cheetah-armature"),
            bad("such a delay by name", () -> TaskSet.published("mcat/cheetah-armature-delayed-2000"), "delay is 2000"),
            bad("a delay of an unknown set", () -> TaskSet.published("mcat/cheetah-armor-delayed-200"), "nearest: [mcat/cheetah-armature"),
            bad("a fifth leg", () -> Ant.crippledLegs().task(0, 4).environment(), "otherLeg is 4.0"),
            bad("no arms", () -> Bandit.bernoulli(0), "arms is 0"),
            bad("a mean that is no probability", () -> Bandit.bernoulli(2).task(0.5, 1.5).environment(), "mean of arm 1 is 1.5"),
            bad("no states", () -> new RandomMdp(0, 5, 10), "0 states"),
            bad("a process without steps", () -> new RandomMdp(10, 5, 0), "horizon is 0"),
            bad("transitions that do not sum to 1", () -> new TabularMdpEnvironment(new double[][][] {{{0.5}}}, 3, (o, a) -> 0),
                "sums to 0.5"),
            bad("a negative transition", () -> new TabularMdpEnvironment(new double[][][] {{{-1, 2}}, {{0, 1}}}, 3, (o, a) -> 0),
                "[0][0][0] is -1.0"),
            bad("an even maze", () -> new Maze(6, 10), "size is 6"),
            bad("a drawing of the wrong size", () -> Maze.small().drawn(">G"), "expected 5 each"),
            bad("a drawing without a goal", () -> Maze.small().drawn(">    \n#####\n#####\n#####\n#####"), "one goal (G)"),
            bad("a walled-in goal", () -> Maze.small().drawn(">   #\n#####\nG####\n#####\n#####").environment(), "cannot be reached"),
            bad("an arm that does not exist", () -> step(Bandit.bernoulli(3).task(0, 0, 0), 3), "0 … 2"),
            bad("half an action", () -> step(Bandit.bernoulli(3).task(0, 0, 0), 0.5), "entry 0 is 0.5"),
            bad("a motor that does not exist", () -> HalfCheetah.crippled().task(6).environment(),
                "motor is 6.0, expected a whole number from -1 to 5"),
            bad("a leg that is no number", () -> Ant.crippled().task(0.5).environment(), "leg is 0.5"),
            bad("a negative armature", () -> HalfCheetah.armature().task(-1).environment(), "armature is -1.0"),
            bad("a negative mass", () -> HalfCheetah.mass().task(-1).environment(), "is -1.0, expected a finite number of at least 0"),
            bad("a hopper without body", () -> Hopper.size().task(0).environment(), "is 0.0 m, expected a positive"),
            bad("a plot of nothing", () -> Plots.taskSet(TaskSet.of(HalfCheetah.twoLegs()).train(1).test(0).sample(1)),
                "differ in nothing"),
            bad("a gamma draw", () -> RandomStream.of(1, "x").nextGamma(0), "shape is 0.0"),
            bad("a choice among none", () -> Space.discrete(0), "count is 0"),
            bad("an endless box", () -> Space.box(2, 1).accept(new double[] {Double.NaN, 0}), "entry 0"),
            bad("action of wrong length", () -> step(new double[3]), "given 3 values"),
            bad("action NaN", () -> step(new double[] {Double.NaN, 0}), "entry 0"));
    }

    private static void step(Task task, double... action) {
        try (Environment environment = task.environment()) {
            environment.reset(RandomStream.of(1, "x"));
            environment.step(action);
        }
    }

    private static void step(double[] action) {
        try (Environment environment = PointRobot.dense().task(0, 0).environment()) {
            environment.reset(RandomStream.of(1, "x"));
            environment.step(action);
        }
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsNamed(BadInput input) {
        input.isNamed();
    }
}
