package metarl.task;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.agent.Policy;
import metarl.agent.value.Td3;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;
import metarl.env.Environment;
import metarl.env.EnvironmentCheck;
import metarl.env.Restorable;
import metarl.env.Step;
import metarl.env.world.Dynamics;
import metarl.task.families.CartPole;
import metarl.task.families.HalfCheetah;
import metarl.task.families.Pendulum;
import metarl.task.families.Point;
import metarl.task.families.PointRobot;
import metarl.train.MetaRun;
import metarl.train.MetaTraining;
import metarl.train.Rollout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tech.tablesaw.api.Row;

/** Tasks that set in during an episode. */
class ChangingFamilyTest {
    /** A counter that goes by its parameter and is paid and measured by it. */
    private static Family counter(String name) {
        return Family.define(name).parameter("stride", "", 1, 9, Parameter.Changes.DYNAMICS).lasting(6)
            .dynamics(task -> Dynamics.of("x").moving((s, a) -> new double[] {s[0] + task.value(0)}))
            .paying((task, outcome, action) -> 10 * outcome[0] + task.value(0)).nominal(1);
    }

    private static Trajectory episode(Task task) {
        return Rollout.of(Policy.zero(1), List.of(task), RandomStream.of(1, "x")).get(0);
    }

    private static double[] rewards(Trajectory episode) {
        return IntStream.range(0, episode.length()).mapToDouble(t -> episode.step(t).reward()).toArray();
    }

    @Test
    void aTaskSetsInFromTheStateWhereTheOtherOneIs() {
        Task task = counter("counter").changingAt(2).task(100);
        Trajectory episode = episode(task);
        assertArrayEquals(new double[] {1, 2, 102, 202, 302, 402},
            IntStream.range(0, 6).mapToDouble(t -> episode.step(t).outcome()[0]).toArray());
        assertArrayEquals(new double[] {11, 21, 1120, 2120, 3120, 4120}, rewards(episode));
        assertTrue(episode.step(5).truncated());
        assertEquals(3120, task.reward(new double[] {302}, new double[1]), "a single step is one after the change");
        assertArrayEquals(new double[] {11, 21, 1023, 2023, 3023, 4023},
            rewards(episode.relabel(counter("counter").changingAt(2).task(3))), "scored for another task, before the change for none");
        assertArrayEquals(rewards(episode), rewards(episode.relabel(task)));
    }

    @Test
    void everyStepIsMeasuredInItsOwnTask() {
        Family counter = counter("counter");
        assertEquals(Arrays.stream(rewards(episode(counter.changingAt(2).task(100)))).average().orElseThrow(),
            episode(counter.changingAt(2).task(100)).measure(), 1e-12);
        Family measured = counter.measuring("strides", (task, outcome) -> task.value(0));
        assertEquals((2 * 1 + 4 * 100) / 6.0, episode(measured.changingAt(2).task(100)).measure());
        assertEquals(100, episode(counter.measuring("stride", 1, (t, o) -> t.value(0)).changingAt(2).task(100)).measure());
        double[][] outcomes = {{0, 0}, {1, 1}, {2, 2}}, actions = new double[3][2];
        assertEquals("mean reward", counter.changingAt(2).measureName());
        assertEquals(Math.hypot(1, 1), new Own().changingAt(1, new Own().task(2, 2)).task(3, 3).family()
            .measure(new Own().task(3, 3), outcomes, actions), 1e-12, "a measure of one's own is that after the change");
        assertEquals(Math.hypot(2, 2), new Own().changingAt(1, new Own().task(2, 2)).measure(new Own().task(3, 3), new double[][] {{0, 0}},
            new double[1][2]), 1e-12);
    }

    /** A class of one's own: a point robot in a world that can be put into a state. */
    private record Own() implements TaskFamily {
        @Override
        public String name() {
            return "own-robot";
        }

        @Override
        public List<Parameter> parameters() {
            return PointRobot.dense().parameters();
        }

        @Override
        public int horizon() {
            return 20;
        }

        @Override
        public Environment environment(Task task) {
            return Dynamics.of("x", "y").acting(metarl.env.Space.box(2, 1)).moving((s, a) -> new double[] {s[0] + a[0], s[1] + a[1]})
                .environment(20, task);
        }

        @Override
        public double reward(Task task, double[] outcome, double[] action) {
            return PointRobot.dense().reward(task, outcome, action);
        }

        @Override
        public String measureName() {
            return "final distance";
        }

        @Override
        public double measure(Task task, double[][] outcomes, double[][] actions) {
            return PointRobot.dense().measure(task, outcomes, actions);
        }
    }

    @Test
    void aTaskMayChangeTwice() {
        TaskFamily once = counter("counter").changingAt(2), twice = once.changingAt(4, once.task(10));
        Trajectory episode = episode(twice.task(100));
        assertArrayEquals(new double[] {1, 2, 12, 22, 122, 222},
            IntStream.range(0, 6).mapToDouble(t -> episode.step(t).outcome()[0]).toArray());
        assertArrayEquals(rewards(episode), rewards(episode.relabel(twice.task(100))));
        assertArrayEquals(new double[] {11, 21, 130, 230, 1320, 2320}, rewards(episode));
        TaskFamily measured = counter("counter").measuring("strides", (task, outcome) -> task.value(0)).changingAt(2);
        assertEquals((2 * 1 + 2 * 10 + 2 * 100) / 6.0, episode(measured.changingAt(4, measured.task(10)).task(100)).measure());
        assertEquals("counter-from-2-from-4-as-10", twice.name());
    }

    /** Before the change it is the nominal cheetah, bit for bit, and after it the crippled one from there. */
    @Test
    void aMotorFailsUnderWay() {
        TaskFamily crippled = HalfCheetah.crippled();
        var random = RandomStream.of(1, "actions");
        try (Environment changing = crippled.changingAt(15).task(3).environment();
            Restorable whole = Restorable.of(crippled.task(-1).environment());
            Restorable lame = Restorable.of(crippled.task(3).environment())) {
            assertArrayEquals(whole.reset(RandomStream.of(2, "x")), changing.reset(RandomStream.of(2, "x")), "the start is the same");
            for (int t = 0; t < 30; t++) {
                if (t == 15) lame.restore(whole.state());
                double[] action = changing.actions().sample(random);
                Step expected = (t < 15 ? whole : lame).step(action), step = changing.step(action);
                assertArrayEquals(expected.observation(), step.observation(), "step " + t);
                assertArrayEquals(expected.outcome(), step.outcome());
                assertEquals(expected.reward(), step.reward());
            }
            whole.reset(RandomStream.of(3, "x"));
            changing.reset(RandomStream.of(3, "x"));
            assertArrayEquals(whole.step(new double[6]).observation(), changing.step(new double[6]).observation(), "and again");
        }
    }

    /** Looking ahead from a state, also across the change. */
    @Test
    void aChangingEnvironmentCanBePutIntoAStateItself() {
        Task task = CartPole.balance().changingAt(3).task(5, 0.6);
        for (int from : new int[] {1, 3, 5}) {
            try (Restorable one = Restorable.of(task.environment()); Restorable other = Restorable.of(task.environment())) {
                double[] seen = one.reset(RandomStream.of(1, "x"));
                for (int t = 0; t < from; t++) seen = one.step(new double[] {0.5}).observation();
                other.restore(one.state());
                assertArrayEquals(one.state(), other.stateOf(seen, from), 1e-12);
                for (int t = 0; t < 5; t++)
                    assertArrayEquals(one.step(new double[] {0.3}).observation(), other.step(new double[] {0.3}).observation());
            }
        }
    }

    @Test
    void itPassesTheEnvironmentCheckAndOthersMayBeAroundIt() {
        TaskFamily late = Pendulum.swingUp().changingAt(100).delayed(50);
        try (Environment environment = late.task(0.8, 1.2).environment()) {
            for (Row row : EnvironmentCheck.of(environment))
                assertTrue(row.getBoolean("holds"), row.getString("property") + " – " + row.getString("seen"));
        }
        Trajectory episode = episode(late.task(0.8, 1.2));
        assertEquals(4, DoubleStream.of(rewards(episode)).filter(r -> r != 0).count());
        assertArrayEquals(rewards(episode), rewards(episode.relabel(late.task(0.8, 1.2))), 1e-9);
        assertEquals(late, TaskFamily.named("pendulum-from-100-delayed-50"));
    }

    @Test
    void theNameSaysAllAndIsFound() {
        TaskFamily crippled = HalfCheetah.crippled();
        assertEquals("half-cheetah-crippled-from-100", crippled.changingAt(100).name());
        assertEquals(crippled.changingAt(100), crippled.changingAt(100, crippled.task(-1)));
        assertNotEquals(crippled.changingAt(100), crippled.changingAt(99));
        for (TaskFamily family : List.of(crippled.changingAt(100), crippled.changingAt(7, crippled.task(5)),
            Pendulum.swingUp().changingAt(5, Pendulum.swingUp().task(1e-5, -0.75)),
            TaskFamily.named("hopper-random-parameters").changingAt(9)))
            assertEquals(family, TaskFamily.named(family.name()), family.name());
        assertEquals("pendulum-from-5-as-1.0E-5_-0.75", Pendulum.swingUp().changingAt(5, Pendulum.swingUp().task(1e-5, -0.75)).name());
        TaskSet tasks = TaskSet.of("half-cheetah-crippled-from-100").train(4).test(1).sample(3);
        assertEquals(TaskSet.of(crippled.changingAt(100)).train(4).test(1).sample(3), tasks);
        assertEquals(TaskSet.of(crippled).train(4).test(1).sample(3).train().get(0).values(), tasks.train().get(0).values(), "drawn alike");
        assertEquals("", crippled.changingAt(100).fingerprint());
        assertTrue(crippled.changingAt(100).description().endsWith("(Nagabandi et al. 2019). The task sets in after 100 steps."));
        assertTrue(crippled.changingAt(7, crippled.task(5)).description().endsWith("after 7 steps, which are done as motor=5.00."));
    }

    @Test
    void oneOfOnesOwnIsFoundOnceItsInsideIsKnown() {
        Family counter = counter("counter-known").register();
        assertEquals(counter.changingAt(3), TaskFamily.named("counter-known-from-3"));
        assertNotEquals(counter.changingAt(3), counter.nominal(2).changingAt(3), "another beginning");
        assertNotEquals("", counter.changingAt(3).fingerprint());
        assertNotEquals(counter.changingAt(3).fingerprint(), counter.nominal(2).changingAt(3).fingerprint());
        assertThrows(IllegalArgumentException.class, () -> TaskFamily.named("counter-unknown-from-3"));
        int known = TaskFamily.names().size();
        counter.changingAt(3).register().delayed(2).register();
        assertEquals(known, TaskFamily.names().size(), "they need not be registered, but may be");
        assertThrows(IllegalArgumentException.class, () -> counter("counter-unknown").changingAt(3).register());
    }

    @Test
    void aRunOnItIsSavedAndLoaded(@TempDir Path folder) {
        counter("counter-saved").register();
        TaskSet tasks = TaskSet.of("counter-saved-from-3-delayed-2").train(3).test(2).sample(7);
        Td3 tiny = Td3.pointRobot().hidden(4).batchSize(4).contextLength(2).contextSize(3).randomSteps(20).updatesPerStep(0.1)
            .replayCapacity(90).episodesPerRound(2);
        MetaRun run = MetaTraining.on(tasks).algorithm(tiny).steps(60).evaluateEvery(40).adaptTasks(0).episodes(1).seed(5).saveTo(folder)
            .run();
        assertEquals(tasks, MetaRun.load(folder.toString()).tasks());
        assertEquals(run.log().print(), MetaRun.load(folder.toString()).log().print());
    }

    static Stream<Arguments> badInputs() {
        Family counter = counter("counter"), without = Family.define("without").parameter("a", "", 0, 1);
        TaskFamily walker = TaskFamily.named("walker2d-random-parameters");
        return Stream.of(
            bad("a change at the start", () -> counter.changingAt(0), "steps is 0, expected 1 to 5: fewer than an episode of counter has"),
            bad("a change at the end", () -> counter.changingAt(6), "steps is 6, expected 1 to 5"),
            bad("no beginning", () -> counter.changingAt(2, null), "before is null, expected a task of counter"),
            bad("the task of another family", () -> counter.changingAt(2, Pendulum.swingUp().task(1, 1)), "given 2 value(s)"),
            bad("a world without a state", () -> Point.corner().changingAt(5, Point.corner().task(2, 2)),
                "the tasks of point-corner cannot change in mid-episode: point-corner(goalX=2.00 goalY=2.00) cannot be put into a state"),
            bad("a delay inside", () -> counter.delayed(2).changingAt(3),
                "What delays or wraps belongs outside: family.changingAt(…).delayed(…)"),
            bad("many values", () -> walker.changingAt(5, walker.sample(1, RandomStream.of(1, "x")).get(0)),
                "a task with fewer values, for the name of the new family to hold"),
            bad("a name of this kind", () -> counter("my-from-5").register(), "belongs to a family that comes with the toolkit"),
            bad("too few values of the nominal task", () -> counter.nominal(1, 2).nominal(), "given 2 value(s)"),
            bad("no values of the nominal task", () -> counter.nominal((double[]) null), "nominal was given null"),
            bad("no rule of what is shown", () -> without.showing(null), "showing was given null"));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsNamed(BadInput input) {
        input.isNamed();
    }

    @Test
    void withoutANominalTaskTheBeginningIsAskedFor() {
        var error = assertThrows(IllegalStateException.class, () -> Point.corner().changingAt(5));
        assertTrue(
            error.getMessage().contains("names no nominal task for its episodes to begin as: say which one, .changingAt(5, family.task"),
            error.getMessage());
    }
}
