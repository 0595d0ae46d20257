package metarl.task;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.agent.Policy;
import metarl.agent.value.Td3;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;
import metarl.env.Environment;
import metarl.env.EnvironmentCheck;
import metarl.env.EnvironmentException;
import metarl.env.Reward;
import metarl.env.Space;
import metarl.env.Step;
import metarl.env.body.Body;
import metarl.env.world.BanditEnvironment;
import metarl.env.world.Dynamics;
import metarl.env.wrapper.NormalizedObservation;
import metarl.env.wrapper.RescaledAction;
import metarl.env.wrapper.RunningStatistics;
import metarl.env.wrapper.SparseReward;
import metarl.notebook.Gallery;
import metarl.task.families.HalfCheetah;
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

/** A family of one's own: described, tried, registered, trained on, saved, loaded, wrapped, and scored again. */
class FamilyTest {
    private static final Td3 TINY = Td3.pointRobot().hidden(4).batchSize(4).contextLength(2).contextSize(3)
        .randomSteps(20).updatesPerStep(0.1).replayCapacity(90).episodesPerRound(2);

    /** A weight on a spring, which is to be held at a hidden place. */
    private static Family spring(String name) {
        return Family.define(name).parameter("goal", "m", -1, 1).parameter("stiffness", "N/m", 0.5, 2, Parameter.Changes.DYNAMICS)
            .dynamics(task -> Dynamics.of("x (m)", "speed (m/s)")
                .moving((s, a) -> new double[] {s[0] + 0.1 * s[1], s[1] + 0.1 * (a[0] - task.value("stiffness") * s[0])}))
            .lasting(20)
            .paying((task, outcome, action) -> -Math.abs(outcome[0] - task.value("goal")) - 0.1 * Reward.squares(action));
    }

    @Test
    void aFamilyOfOnesOwnMovesAndPaysByItsRules() {
        Task task = spring("spring").task(0.5, 2);
        try (Environment environment = task.environment()) {
            environment.reset(RandomStream.of(1, "x"));
            environment.step(new double[] {1});
            Step second = environment.step(new double[] {3});
            assertArrayEquals(new double[] {0.01, 0.2}, second.observation(), 1e-15);
            assertEquals(-0.49 - 0.1, second.reward(), 1e-15, "an action beyond the bound counts as the bound");
        }
        assertEquals(0.5, task.value("goal"));
        assertEquals("Tasks that differ in goal, stiffness.", task.family().description());
        assertEquals("One task.", Family.define("single").description());
    }

    @Test
    void itPassesTheEnvironmentCheck() {
        try (Environment environment = spring("spring").task(0.5, 1).environment()) {
            for (Row row : EnvironmentCheck.of(environment))
                assertTrue(row.getBoolean("holds"), row.getString("property") + " – " + row.getString("seen"));
        }
    }

    /** A rule that knows the task brings the weight to rest: a controlled spring is a damped one. */
    @Test
    void whoKnowsTheTaskHoldsTheWeightThere() {
        Family spring = spring("spring").lasting(200).measuring("final distance (m)", 1,
            (task, outcome) -> Math.abs(outcome[0] - task.value("goal")));
        for (Task task : List.of(spring.task(0.4, 0.5), spring.task(-0.3, 2))) {
            double goal = task.value("goal"), stiffness = task.value("stiffness");
            Policy rule = (environments, random) -> seen -> new double[][] {{stiffness * goal - 2 * Math.sqrt(stiffness) * seen[0][1]}};
            assertEquals(0, Rollout.of(rule, List.of(task), RandomStream.of(1, "x")).get(0).measure(), 1e-3);
            assertTrue(Rollout.of(Policy.zero(1), List.of(task), RandomStream.of(1, "x")).get(0).measure() > 0.2);
        }
    }

    @Test
    void everyVerbLeavesTheOriginalAsItWas() {
        Family spring = spring("spring"), longer = spring.lasting(50).described("Longer.").parameter("more", "", 0, 1);
        assertEquals(20, spring.horizon());
        assertEquals(2, spring.parameters().size());
        assertEquals(50, longer.horizon());
        assertEquals(3, longer.parameters().size());
        assertEquals("Longer.", longer.description());
    }

    @Test
    void aRunOnItIsSavedAndLoadedOnceItsNameIsKnown(@TempDir Path folder) {
        Family spring = spring("spring-saved").register();
        TaskSet tasks = TaskSet.of(spring).train(3).test(2).sample(7);
        MetaRun run = training(tasks, folder).run();
        assertEquals(tasks, MetaRun.load(folder.toString()).tasks());
        assertEquals(run.log().print(), MetaRun.load(folder.toString()).log().print());
        assertSame(spring, TaskFamily.named("spring-saved"));
        assertEquals(spring.delayed(5), TaskFamily.named("spring-saved-delayed-5"));
        assertTrue(TaskFamily.names().contains("spring-saved"));
        assertEquals(TaskFamily.names().size(), TaskFamily.summary().rowCount());
        assertEquals(tasks, TaskSet.of("spring-saved").train(3).test(2).sample(7));
    }

    @Test
    void aRunOnAFamilyThatIsNotKnownSaysWhatToDo(@TempDir Path folder) {
        training(TaskSet.of(spring("spring-unknown")).train(3).test(2).sample(7), folder).run();
        var error = assertThrows(IllegalArgumentException.class, () -> MetaRun.load(folder.toString()));
        assertTrue(error.getMessage().matches("the run in .* cannot be loaded yet: no task family is called 'spring-unknown'; nearest: .*"
            + "define it first: run the cell that makes it, with \\.register\\(\\) at its end\\..*"), error.getMessage());
        spring("spring-unknown").register();
        assertEquals(2, MetaRun.load(folder.toString()).tasks().test().size());
    }

    private static MetaTraining training(TaskSet tasks, Path folder) {
        return MetaTraining.on(tasks).algorithm(TINY).steps(100).evaluateEvery(80).adaptTasks(0).episodes(1).seed(5).saveTo(folder);
    }

    @Test
    void theNewestDefinitionCountsAndARunOnAnOlderOneIsNotResumed(@TempDir Path folder) {
        TaskSet old = TaskSet.of(spring("spring-changed").register()).train(3).test(2).sample(7);
        training(old, folder).run();
        Family changed = spring("spring-changed").paying((task, outcome, action) -> outcome[0]).register();
        assertSame(changed, TaskFamily.named("spring-changed"));
        TaskSet now = TaskSet.of("spring-changed").train(3).test(2).sample(7);
        assertNotEquals(old.hash(), now.hash());
        var error = assertThrows(IllegalStateException.class, () -> training(now, folder).steps(200).run());
        assertTrue(error.getMessage().contains("tasks.hash was " + old.hash() + ", now " + now.hash()), error.getMessage());
        var mixed = assertThrows(IllegalArgumentException.class, () -> TaskSet.of(old.train(), now.test()));
        assertTrue(mixed.getMessage().contains("the same name but other definitions: draw all tasks again"), mixed.getMessage());
    }

    @Test
    void aFingerprintNoticesWhatWasChangedAndNothingElse() {
        Family spring = spring("spring");
        assertEquals(spring, spring("spring"), "the same rules in other lambdas");
        assertEquals(8, spring.fingerprint().length());
        for (Family changed : List.of(
            spring.paying((task, outcome, action) -> -1.001 * Math.abs(outcome[0] - task.value("goal")) - 0.1 * Reward.squares(action)),
            spring.dynamics(
                task -> Dynamics.of("x (m)", "speed (m/s)").moving((s, a) -> new double[] {s[0] + 0.1 * s[1], s[1] + 0.1 * a[0]})),
            spring.parameter("more", "", 0, 1),
            spring.measuring("speed", (task, outcome) -> outcome[1])))
            assertNotEquals(spring, changed);
        assertEquals(spring, spring.described("The same."));
        Supplier<Family> random = () -> spring.dynamics(task -> Dynamics.of("x", "y").moving((s, a) -> new double[] {Math.random(), 0}));
        assertEquals(random.get().fingerprint(), random.get().fingerprint(), "what does not repeat itself counts without its numbers");
        assertEquals("", HalfCheetah.velocity().fingerprint());
        assertEquals("", HalfCheetah.velocity().delayed(5).fingerprint());
    }

    @Test
    void withoutTermsOfItsOwnTheMeasureIsTheMeanReward() {
        Trajectory episode = episode(spring("spring").task(0.5, 1), 1);
        assertEquals("mean reward", spring("spring").measureName());
        assertEquals(episode.totalReward() / 20, episode.measure(), 1e-15);
        Family measured = spring("spring").measuring("final x (m)", 1, (task, outcome) -> outcome[0]);
        assertEquals(episode.step(19).outcome()[0], episode(measured.task(0.5, 1), 1).measure());
    }

    @Test
    void tasksAreDrawnAsTheFamilySays() {
        var random = RandomStream.of(1, "x");
        Family one = Family.define("one").parameter("a", "", 2, 2);
        assertEquals(List.of(2.0), one.sample(1, random).get(0).values());
        assertEquals(List.of(7.0), one.drawn(r -> new double[] {7}).sample(1, random).get(0).values());
        assertEquals(3, one.among(1, 2, 3).sample(3, random).stream().distinct().count());
        double[][] given = {{1}, {2}};
        Family among = one.among(given);
        given[0][0] = 9;
        assertTrue(among.sample(2, random).stream().noneMatch(task -> task.value(0) == 9));
    }

    @Test
    void aMachineGivesTheHorizonAndALongerOneIsCut() {
        Family own = Family.define("own").machine(task -> Dynamics.of("x").moving((s, a) -> s).environment(30, task))
            .paying((task, outcome, action) -> 1);
        assertEquals(30, own.horizon());
        assertEquals(30, episode(own.task(), 1).length());
        assertEquals(10, own.lasting(10).horizon());
        Trajectory cut = episode(own.lasting(10).task(), 1);
        assertEquals(10, cut.length());
        assertTrue(cut.step(9).truncated());
        var error = assertThrows(IllegalStateException.class, () -> own.lasting(31).task().environment());
        assertTrue(error.getMessage().contains("last 31 steps, but its machine ends them after 30: say .lasting(30)"), error.getMessage());
    }

    @Test
    void itIsDrawnWithoutARuleForPictures() {
        var picture = Gallery.of(spring("spring").sample(2, RandomStream.of(1, "x")));
        assertTrue(IntStream.range(0, picture.getWidth() * picture.getHeight())
            .filter(i -> picture.getRGB(i % picture.getWidth(), i / picture.getWidth()) == 0xFF0072B2).count() > 100, "the trace is drawn");
    }

    /** An episode with actions that also go beyond the bounds. */
    private static Trajectory episode(Task task, double size) {
        var random = RandomStream.of(3, "episode");
        try (Environment environment = task.environment()) {
            var trajectory = new Trajectory(task, environment.reset(RandomStream.of(4, "start")));
            for (boolean last = false; !last;) {
                double[] action = random.doubles(environment.actions().size(), -1.5 * size, 1.5 * size).toArray();
                Step step = environment.step(action);
                trajectory.add(action, step);
                last = step.last();
            }
            return trajectory;
        }
    }

    private static double[] rewards(Trajectory trajectory) {
        return IntStream.range(0, trajectory.length()).mapToDouble(t -> trajectory.step(t).reward()).toArray();
    }

    static Stream<TaskFamily> families() {
        TaskFamily spring = spring("spring");
        var wide = Space.box(1, 4);
        return Stream.of(spring, Point.corner(), HalfCheetah.velocity(), spring.delayed(6), PointRobot.dense().delayed(7),
            PointRobot.sparse().wrapped("rarer", e -> new SparseReward(e, 0.9)), spring.delayed(3).delayed(4),
            spring.wrapped("wide", e -> new RescaledAction(e, wide)).delayed(6),
            spring.delayed(6).wrapped("wide", e -> new RescaledAction(e, wide)));
    }

    /** The point of scoring whole episodes: what was collected in one task is worth in another what its environment would have paid. */
    @ParameterizedTest
    @MethodSource("families")
    void anEpisodeIsScoredAgainAsItsEnvironmentWouldHave(TaskFamily family) {
        List<Task> two = family.sample(2, RandomStream.of(2, "tasks"));
        double[] values = two.get(1).values().stream().mapToDouble(v -> v).toArray();
        // the same dynamics, so that the same actions lead to the same states
        if (values.length > 1 && family.name().startsWith("spring")) values[1] = two.get(0).value(1);
        Task first = two.get(0), other = family.task(values);
        Trajectory collected = episode(first, 2), there = episode(other, 2);
        assertEquals(rewards(there).length, collected.length());
        assertArrayEquals(rewards(there), rewards(collected.relabel(other)), 1e-12);
        assertArrayEquals(rewards(collected), rewards(collected.relabel(first)), 1e-12);
        assertTrue(family.name().matches("point-(robot-sparse|corner).*") || !Arrays.equals(rewards(collected), rewards(there)));
    }

    @Test
    void delayedRewardsComeLateWhenScoredAgain() {
        Task near = PointRobot.dense().delayed(8).task(0, 0), far = PointRobot.dense().delayed(8).task(3, 4);
        double[] late = rewards(episode(near, 1).relabel(far));
        double[] prompt = rewards(episode(PointRobot.dense().task(0, 0), 1).relabel(PointRobot.dense().task(3, 4)));
        for (int t = 0; t < 20; t++) {
            int last = t;
            double owed = t == 19 ? Arrays.stream(prompt, 16, 20).sum()
                : (t + 1) % 8 == 0 ? Arrays.stream(prompt, last - 7, last + 1).sum() : 0;
            assertEquals(owed, late[t], 1e-12, "step " + t);
        }
    }

    /** The sparse point pays near its goal and is learned by the distance, also inside a wrapper, and by the action that was done. */
    @Test
    void aShapedFamilyPaysOneRewardAndNamesAnotherToLearnFrom() {
        for (TaskFamily family : List.of(PointRobot.sparse(), PointRobot.sparse().wrapped("rarer", e -> new SparseReward(e, 0.9)))) {
            Trajectory collected = episode(family.task(0, 1), 2), shaped = collected.shaped();
            assertTrue(family.isShaped() && Arrays.stream(rewards(collected)).allMatch(r -> r == 0), family.name());
            for (int t = 0; t < 20; t++) {
                double[] at = collected.step(t).outcome();
                assertEquals(-Math.hypot(at[0], at[1] - 1), shaped.step(t).reward(), 1e-12);
                assertArrayEquals(collected.step(t).observation(), shaped.step(t).observation());
            }
            assertTrue(shaped.step(19).truncated());
        }
        Trajectory dense = episode(PointRobot.dense().task(0, 1), 2);
        assertSame(dense, dense.shaped());
        Family spring = spring("shaped"), costly = spring.shapedBy((task, outcome, action) -> -action[0] * action[0]);
        Task task = costly.task(spring.sample(1, RandomStream.of(1, "x")).get(0).values().stream().mapToDouble(v -> v).toArray());
        assertFalse(spring.isShaped());
        assertNotEquals(spring, costly, "runs on one are not resumed on the other");
        assertEquals(spring.reward(task, new double[] {0.3, 0}, new double[] {0.5}), costly.reward(task, new double[] {0.3, 0},
            new double[] {0.5}));
        assertEquals(-0.25, costly.shapedReward(task, new double[] {0.3, 0}, new double[] {0.5}));
        assertArrayEquals(new double[] {-1}, costly.shapedRewards(task, new double[][] {{0.3, 0}}, new double[][] {{7}}),
            "of the action done");
    }

    @Test
    void aWrappedFamilyIsFoundByItsName() {
        TaskFamily wrapped = PointRobot.dense()
            .wrapped("standardized", e -> new NormalizedObservation(e, RunningStatistics.of(e.observations().size()))).register();
        assertSame(wrapped, TaskFamily.named("point-robot-dense-standardized"));
        TaskSet tasks = TaskSet.of(wrapped).train(2).test(1).sample(1);
        assertEquals(wrapped, tasks.train().get(0).family());
        assertEquals(20, wrapped.horizon());
        Trajectory episode = episode(tasks.train().get(0), 1);
        assertArrayEquals(new double[2], episode.observation(0), 1e-12, "the first observation is its own mean");
        Trajectory plain = episode(PointRobot.dense().task(tasks.train().get(0).values().stream().mapToDouble(v -> v).toArray()), 1);
        assertEquals(plain.measure(), episode.measure(), 1e-12);
        TaskFamily other = PointRobot.dense().wrapped("standardized", e -> new SparseReward(e, 0.5));
        assertNotEquals(wrapped, other);
        assertNotEquals(TaskSet.of(other).train(2).test(1).sample(1).hash(), tasks.hash());
    }

    @Test
    void faultsShowWhenAFamilyIsRegistered() {
        Family good = spring("faulty");
        var faults = List.of(
            fault(() -> Family.define("faulty").register(), "does not say what moves: add .dynamics(task -> …), .body"),
            fault(() -> Family.define("faulty").dynamics(t -> Dynamics.of("x").moving((s, a) -> s)).lasting(3).register(),
                "does not say what is rewarded: add .paying("),
            fault(() -> Family.define("faulty").dynamics(t -> Dynamics.of("x").moving((s, a) -> s)).paying((t, o, a) -> 0).register(),
                "how many steps an episode has, which .dynamics(…) needs: add .lasting(steps)"),
            fault(() -> Family.define("faulty").body(t -> Body.named("hopper")).paying((t, o, a) -> 0).register(),
                "which .body(…) needs: add .lasting(steps)"),
            fault(() -> good.paying((task, outcome, action) -> outcome[2]).register(),
                "asks for an entry that is not there: outcomes have 2 entries, actions 1"),
            fault(() -> good.paying((task, outcome, action) -> task.value("gaol")).register(),
                "has no parameter 'gaol', only [goal, stiffness]"),
            fault(() -> good.paying((task, outcome, action) -> Double.NaN).register(), "step 1 of episode 1: the reward is NaN"),
            fault(() -> good.dynamics(task -> Dynamics.of("x", "y").moving((s, a) -> new double[1])).register(),
                "the rule of moving gave 1 entries [0.0], expected 2: [x, y]"),
            fault(() -> good.machine(task -> null).register(), "the machine of the family 'faulty' gave null"),
            fault(() -> good.machine(task -> new BanditEnvironment(new double[] {2}, task)).register(), "mean of arm 0 is 2.0"),
            fault(() -> good.wrapped("odd", e -> null).register(), "the wrapper of the family 'faulty-odd' gave null"),
            fault(() -> good.parameter("far", "", 0, Double.POSITIVE_INFINITY).register(),
                "give it a finite range, or say how tasks are drawn"));
        for (Fault fault : faults) {
            var error = assertThrows(RuntimeException.class, fault.call::run, fault.message);
            assertTrue(error.getMessage().contains(fault.message), error.getMessage());
            assertTrue(error instanceof IllegalStateException || error instanceof IllegalArgumentException
                || error instanceof EnvironmentException, error.toString());
        }
        assertThrows(IllegalArgumentException.class, () -> TaskFamily.named("faulty"), "no faulty one is known");
    }

    private record Fault(Runnable call, String message) {}

    private static Fault fault(Runnable call, String message) {
        return new Fault(call, message);
    }

    static Stream<Arguments> badInputs() {
        Family family = Family.define("bad").parameter("goal", "m", -1, 1);
        return Stream.of(
            bad("no name", () -> Family.define(null), "the name of the family is null, expected letters"),
            bad("a name with a blank", () -> Family.define("my family"), "is 'my family', expected letters, digits"),
            bad("an empty name", () -> Family.define(""), "is '', expected"),
            bad("a name that ships", () -> spring("half-cheetah-velocity").register(), "belongs to a family that comes with the toolkit"),
            bad("a numbered name that ships", () -> spring("bernoulli-bandit-7").register(), "belongs to a family that comes"),
            bad("the name of delayed ones", () -> spring("spring-delayed-5").register(), "belongs to a family that comes"),
            bad("an unknown name", () -> TaskFamily.named("sprung"),
                "If it is one of your own, define it first: run the cell that makes it"),
            bad("a parameter twice", () -> family.parameter("goal", "m", 0, 1), "the parameter 'goal' is given twice to the family 'bad'"),
            bad("a nameless parameter", () -> family.parameter(" ", "m", 0, 1), "the name of a parameter is ' '"),
            bad("a parameter without unit", () -> family.parameter("x", null, 0, 1), "the unit or the change of x is null"),
            bad("a range that is none", () -> family.parameter("x", "m", 1, 0), "low and high of x are 1.0 and 0.0"),
            bad("no description", () -> family.described(null), "the family 'bad': described was given null, expected a sentence"),
            bad("no tasks", () -> family.among(new double[0]), "the number of tasks in among is 0"),
            bad("no sampler", () -> family.drawn(null), "drawn was given null"),
            bad("too few values", () -> family.among(new double[][] {{1, 2}}).sample(1, RandomStream.of(1, "x")), "given 2 value(s)"),
            bad("no steps", () -> family.lasting(0), "lasting is 0, expected at least 1 step"),
            bad("no machine", () -> family.machine(null), "machine was given null"),
            bad("no dynamics", () -> family.dynamics(null), "dynamics was given null"),
            bad("no body", () -> family.body(null), "body was given null"),
            bad("no reward", () -> family.paying(null), "paying was given null"),
            bad("no measure", () -> family.measuring("x", null), "measuring was given null"),
            bad("a nameless measure", () -> family.measuring(null, (t, o) -> 0), "measuring was given null"),
            bad("a share that is none", () -> family.measuring("x", 2, (t, o) -> 0), "from is 2.0, expected 0"),
            bad("no suffix", () -> family.wrapped("", e -> e), "suffix is ''"),
            bad("the suffix of delays", () -> family.wrapped("delayed-3", e -> e), "and not \"delayed-…\""),
            bad("no wrapper", () -> family.wrapped("odd", null), "wrapper is null"),
            bad("no parameter of this name", () -> family.task(1).value("gaol"), "bad has no parameter 'gaol', only [goal]"));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsNamed(BadInput input) {
        input.isNamed();
    }
}
