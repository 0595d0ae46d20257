package metarl.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import metarl.agent.DivergedException;
import metarl.agent.Policy;
import metarl.agent.classical.BanditAgents;
import metarl.agent.classical.Trials;
import metarl.agent.value.Td3;
import metarl.basics.RandomStream;
import metarl.env.CheckedEnvironment;
import metarl.env.Environment;
import metarl.env.EnvironmentCheck;
import metarl.env.EnvironmentException;
import metarl.env.Space;
import metarl.env.Step;
import metarl.env.VectorEnvironment;
import metarl.env.WrappedEnvironment;
import metarl.env.wrapper.DelayedReward;
import metarl.env.wrapper.NormalizedReward;
import metarl.env.wrapper.RunningStatistics;
import metarl.task.Parameter;
import metarl.task.Task;
import metarl.task.TaskFamily;
import metarl.task.TaskSet;
import metarl.task.families.PointRobot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tech.tablesaw.api.Row;

/** What an environment does wrong is told as its own fault, with step and entry, by whoever asks it. */
class BorderTest {
    private static final int HORIZON = 6, BAD_STEP = 3;
    private static final RandomStream RANDOM = RandomStream.of(1, "border");

    /** What a faulty environment does in its third step, and what must be said of it. */
    private record Fault(String name, UnaryStep change, String told) {
        @Override
        public String toString() {
            return name;
        }
    }

    @FunctionalInterface
    private interface UnaryStep {
        Step of(Step good);
    }

    private static Step with(Step s, double[] observation, double reward, double[] outcome) {
        return new Step(observation, reward, s.terminated(), s.truncated(), outcome);
    }

    static Stream<Fault> faults() {
        String number = "expected a finite number (at most 3.4e38 in size: networks compute in single precision)";
        return Stream.of(
            new Fault("a reward that is NaN", s -> with(s, s.observation(), Double.NaN, s.outcome()), "the reward is NaN, " + number),
            new Fault("an infinite reward", s -> with(s, s.observation(), Double.NEGATIVE_INFINITY, s.outcome()),
                "the reward is -Infinity, " + number),
            new Fault("a reward beyond single precision", s -> with(s, s.observation(), 1e39, s.outcome()),
                "the reward is 1.0E39, " + number),
            new Fault("NaN in an observation", s -> with(s, new double[] {1, Double.NaN}, 0, s.outcome()),
                "the observation has NaN in entry 1, " + number),
            new Fault("infinity in an observation", s -> with(s, new double[] {Double.POSITIVE_INFINITY, 0}, 0, s.outcome()),
                "the observation has Infinity in entry 0, " + number),
            new Fault("a long observation", s -> with(s, new double[3], 0, s.outcome()),
                "the observation has 3 entries [0.0, 0.0, 0.0], expected 2, the size of observations()"),
            new Fault("a short observation", s -> with(s, new double[0], 0, s.outcome()),
                "the observation has 0 entries [], expected 2, the size of observations()"),
            new Fault("no observation", s -> with(s, null, 0, s.outcome()), "the observation is null, expected 2 numbers"),
            new Fault("a long outcome", s -> with(s, s.observation(), 0, new double[9]),
                "the outcome has 9 entries [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, …], expected 1, one for each of outcomeNames()"),
            new Fault("a short outcome", s -> with(s, s.observation(), 0, new double[0]),
                "the outcome has 0 entries [], expected 1, one for each of outcomeNames()"),
            new Fault("no outcome", s -> with(s, s.observation(), 0, null), "the outcome is null, expected 1 numbers"),
            new Fault("NaN in an outcome", s -> with(s, s.observation(), 0, new double[] {Double.NaN}),
                "the outcome has NaN in entry 0 (speed (m/s)), " + number),
            new Fault("no step", s -> null, "step() gave null, expected a Step"),
            new Fault("an exception", s -> {
                throw new IllegalArgumentException("the action was refused");
            }, "the environment failed with IllegalArgumentException: the action was refused"),
            new Fault("a failed assertion", s -> {
                throw new AssertionError();
            }, "the environment failed with AssertionError"),
            new Fault("endless recursion", BorderTest::recurse, "the environment failed with StackOverflowError"));
    }

    private static Step recurse(Step s) {
        return recurse(new Step(s.observation(), s.reward() + 1, false, false, s.outcome()));
    }

    /** Written by a user: it keeps no promise by itself. */
    private static final class Scripted implements Environment {
        private final UnaryStep change;
        private final boolean discrete, endless;
        private int steps;

        Scripted(UnaryStep change, boolean discrete, boolean endless) {
            this.change = change;
            this.discrete = discrete;
            this.endless = endless;
        }

        @Override
        public Space observations() {
            return Space.unbounded(2);
        }

        @Override
        public Space actions() {
            return discrete ? Space.discrete(3) : Space.box(1, 1);
        }

        @Override
        public int horizon() {
            return HORIZON;
        }

        @Override
        public List<String> outcomeNames() {
            return List.of("speed (m/s)");
        }

        @Override
        public double[] reset(RandomGenerator random) {
            steps = 0;
            return new double[2];
        }

        @Override
        public Step step(double[] action) {
            var good = new Step(new double[2], 1, false, ++steps == HORIZON && !endless, new double[] {action[0]});
            return steps == BAD_STEP ? change.of(good) : good;
        }

        @Override
        public BufferedImage render(int width, int height) {
            return null;
        }

        @Override
        public void close() {}
    }

    private record Family(UnaryStep change, boolean discrete) implements TaskFamily {
        @Override
        public String name() {
            return "my-family";
        }

        @Override
        public String description() {
            return "";
        }

        @Override
        public List<Parameter> parameters() {
            return List.of(new Parameter("mass", "kg", 0, 1, Parameter.Changes.DYNAMICS));
        }

        @Override
        public int horizon() {
            return HORIZON;
        }

        @Override
        public Environment environment(Task task) {
            return new Scripted(change, discrete, false);
        }

        @Override
        public double reward(Task task, double[] outcome, double[] action) {
            return 1;
        }

        @Override
        public String measureName() {
            return "measure";
        }

        @Override
        public double measure(Task task, double[][] outcomes, double[][] actions) {
            return 0;
        }
    }

    private static final String PLACE = ", step 3 of episode 1: ";

    @ParameterizedTest
    @MethodSource("faults")
    void whoeverAsksNamesTheFault(Fault fault) {
        Task task = new Family(fault.change, false).task(0.25), choosing = new Family(fault.change, true).task(0.25);
        assertEquals("my-family(mass=0.250)" + PLACE + fault.told,
            assertThrows(EnvironmentException.class, () -> Rollout.of(Policy.zero(1), List.of(task), RANDOM)).getMessage());
        assertEquals("my-family(mass=0.250)" + PLACE + fault.told,
            assertThrows(EnvironmentException.class, () -> Trials.evaluate(choosing.family(), t -> BanditAgents.greedy(3), 2, 1, 1))
                .getMessage().replaceAll("mass=[^)]*", "mass=0.250"));
        assertEquals("BorderTest$Scripted" + PLACE + fault.told, assertThrows(EnvironmentException.class,
            () -> Trials.run(BanditAgents.greedy(3), choosing.environment(), 2, RANDOM, RANDOM)).getMessage());
        try (var vector = VectorEnvironment.of(List.of(new Scripted(s -> s, false, false), task.environment()), 2)) {
            vector.reset(RANDOM);
            for (int t = 1; t < BAD_STEP; t++) vector.step(new double[2][1]);
            assertEquals("environment 1 of 2: BorderTest$Scripted" + PLACE + fault.told,
                assertThrows(EnvironmentException.class, () -> vector.step(new double[2][1])).getMessage());
            vector.reset(1);
            vector.step(new double[2][1]);
        }
        try (var inside = new DelayedReward(new NormalizedReward(task.environment(), RunningStatistics.of(1), 0.9), 2)) {
            inside.reset(RANDOM);
            inside.step(new double[1]);
            inside.step(new double[1]);
            assertEquals("BorderTest$Scripted" + PLACE + fault.told,
                assertThrows(EnvironmentException.class, () -> inside.step(new double[1])).getMessage());
        }
        boolean told = false;
        for (Row row : EnvironmentCheck.of(task.environment()))
            told |= !row.getBoolean("holds") && row.getString("seen").contains(fault.told);
        assertTrue(told, EnvironmentCheck.of(task.environment()).print(50));
    }

    @Test
    void aFaultOfAWrapperNamesTheWrapper() {
        class Scale extends WrappedEnvironment {
            Scale(Environment inner) {
                super(inner);
            }

            @Override
            public Step step(double[] action) {
                Step s = super.step(action);
                return new Step(s.observation(), Double.NaN, s.terminated(), s.truncated(), s.outcome());
            }
        }
        Environment around = new DelayedReward(new Scale(PointRobot.dense().task(0.5, -0.5).environment()), 3);
        around.reset(RANDOM);
        assertEquals("BorderTest$1Scale around point-robot-dense(goalX=0.500 goalY=-0.500), step 1 of episode 1: the reward is NaN, "
            + "expected a finite number (at most 3.4e38 in size: networks compute in single precision)",
            assertThrows(EnvironmentException.class, () -> around.step(new double[2])).getMessage());
    }

    /** Pays too much, or NaN in the third step, as long as it is broken. */
    private static boolean broken;

    private static MetaTraining training(UnaryStep change, Path folder) {
        var family = new Family(change, false);
        return MetaTraining.on(TaskSet.of(List.of(family.task(0.25)), List.of(family.task(0.75))))
            .algorithm(Td3.pointRobot().randomSteps(60).hidden(8).batchSize(8)).steps(120)
            .evaluateEvery(1000).seed(3).saveTo(folder);
    }

    @Test
    void aLearnerThatDivergesSaysSoWithItsLastFiniteLossesAndKeepsTheCheckpoint(@TempDir Path folder) {
        var seen = new int[1];
        broken = false;
        UnaryStep change = s -> with(s, s.observation(), broken ? 3e38 : 1, s.outcome());
        var error = assertThrows(TrainingStoppedException.class, () -> training(change, folder).listen(new TrainingListener() {
            @Override
            public void progressed(Progress progress) {
                broken = ++seen[0] >= 30;
            }
        }).run());
        String message = error.getMessage();
        assertTrue(message.matches(
            "(?s)Ended by an error after \\d+ of 120 steps: TD3-context at step \\d+: criticLoss became Infinity at update \\d+: "
                + "learning diverged\\. "
                + "Lower learningRate \\(of MAML also innerRate\\), or scale the rewards down\\. The last finite losses were those of "
                + "update \\d+: criticLoss .*"),
            message);
        assertTrue(error.getCause() instanceof DivergedException);
    }

    @Test
    void anEpisodeThatGoesOnBeyondItsHorizonIsStopped() {
        var checked = CheckedEnvironment.of(new Scripted(s -> s, false, true));
        checked.reset(RANDOM);
        for (int t = 1; t < HORIZON; t++) checked.step(new double[1]);
        assertEquals("BorderTest$Scripted, step 6 of episode 1: the episode goes on, but horizon() announced at most 6 steps; "
            + "expected terminated or truncated in this step at the latest",
            assertThrows(EnvironmentException.class, () -> checked.step(new double[1])).getMessage());
        assertEquals("BorderTest$Scripted: step() needs a running episode: call reset(random) first",
            assertThrows(IllegalStateException.class, () -> checked.step(new double[1])).getMessage());
        checked.reset(RANDOM);
        checked.step(new double[1]);
    }

    @Test
    void stepsAfterTheEndAndBadActionsAreRefusedForAnyEnvironment() {
        var checked = CheckedEnvironment.of(new Scripted(s -> s, false, false));
        assertThrows(IllegalStateException.class, () -> checked.step(new double[1]));
        checked.reset(RANDOM);
        for (double[] bad : new double[][] {null, {}, {0, 0}, {Double.NaN}}) {
            String message = assertThrows(IllegalArgumentException.class, () -> checked.step(bad)).getMessage();
            assertTrue(message.startsWith("BorderTest$Scripted, step 1 of episode 1: the action was refused: "), message);
        }
        for (int t = 0; t < HORIZON; t++) checked.step(new double[1]);
        assertThrows(IllegalStateException.class, () -> checked.step(new double[1]));
        var choices = CheckedEnvironment.of(new Scripted(s -> s, true, false));
        choices.reset(RANDOM);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> choices.step(new double[] {3})).getMessage()
            .contains("entry 0 is 3.0, expected one of the whole numbers 0 … 2"));
    }

    /** It hands out one array again and again, and changes the action it is given. */
    private static Environment reusing(double[] shared) {
        return new WrappedScript(shared);
    }

    private static final class WrappedScript implements Environment {
        private final Scripted inner = new Scripted(s -> s, false, false);
        private final double[] shared;
        private int count;

        WrappedScript(double[] shared) {
            this.shared = shared;
        }

        @Override
        public Space observations() {
            return inner.observations();
        }

        @Override
        public Space actions() {
            return inner.actions();
        }

        @Override
        public int horizon() {
            return HORIZON;
        }

        @Override
        public List<String> outcomeNames() {
            return inner.outcomeNames();
        }

        @Override
        public double[] reset(RandomGenerator random) {
            inner.reset(random);
            shared[0] = ++count;
            return shared;
        }

        @Override
        public Step step(double[] action) {
            action[0] = 5;
            shared[0] = ++count;
            Step s = inner.step(action);
            return new Step(shared, s.reward(), s.terminated(), s.truncated(), shared.length == 2 ? s.outcome() : shared);
        }

        @Override
        public BufferedImage render(int width, int height) {
            return null;
        }

        @Override
        public void close() {}
    }

    @Test
    void anArrayThatTheEnvironmentGoesOnChangingDoesNoHarmAndIsTold() {
        var checked = CheckedEnvironment.of(reusing(new double[2]));
        var seen = new ArrayList<double[]>();
        seen.add(checked.reset(RANDOM));
        double[] action = {0.5};
        for (int t = 0; t < 3; t++) seen.add(checked.step(action).observation());
        for (int t = 0; t < 4; t++) assertArrayEquals(new double[] {t + 1, 0}, seen.get(t));
        assertArrayEquals(new double[] {0.5}, action);
        for (Row row : EnvironmentCheck.of(reusing(new double[2]))) {
            String property = row.getString("property");
            boolean wrong = property.equals("an array that was given out is not changed later")
                || property.equals("an action is not changed")
                || property.startsWith("the same seed") || property.startsWith("actions outside the space")
                || property.startsWith("an action of the wrong length")
                || property.startsWith("an action that is not a number") || property.startsWith("a step after the last");
            assertEquals(!wrong || row.getBoolean("holds"), row.getBoolean("holds"), property + ": " + row.getString("seen"));
            if (property.equals("an array that was given out is not changed later") || property.equals("an action is not changed"))
                assertFalse(row.getBoolean("holds"));
        }
    }

    @Test
    void whatIsAnnouncedIsCheckedAtOnce() {
        assertEquals("my task: the environment is null; expected one",
            assertThrows(EnvironmentException.class, () -> CheckedEnvironment.of(null, "my task")).getMessage());
        var cancelled = CheckedEnvironment.of(new Scripted(s -> {
            throw new CancellationException("stop");
        }, false, false));
        cancelled.reset(RANDOM);
        cancelled.step(new double[1]);
        cancelled.step(new double[1]);
        assertEquals("stop", assertThrows(CancellationException.class, () -> cancelled.step(new double[1])).getMessage());
    }

    @Test
    void aPolicyThatGivesNoActionIsNotTheEnvironmentsFault() {
        Task task = new Family(s -> s, false).task(0.25);
        Policy none = (n, random) -> observations -> null, nan = (n, random) -> observations -> new double[][] {{Double.NaN}};
        assertEquals("the policy gave null, expected 1, one per environment",
            assertThrows(IllegalStateException.class, () -> Rollout.of(none, List.of(task), RANDOM)).getMessage());
        assertEquals(
            "the policy gave an action that its environment cannot take. my-family(mass=0.250), step 1 of episode 1: the action was "
                + "refused: entry 0 of [NaN] is NaN; expected a number",
            assertThrows(IllegalArgumentException.class, () -> Rollout.of(nan, List.of(task), RANDOM)).getMessage());
        assertNotNull(Rollout.of(Policy.zero(1), Collections.nCopies(2, task), RANDOM));
        assertTrue(assertThrows(IllegalArgumentException.class,
            () -> Rollout.of(Policy.zero(1), Arrays.asList(task, PointRobot.dense().task(0, 0)), RANDOM)).getMessage()
            .contains("[2, 1, 1] in the first task and [2, 2, 4] in a different one"));
    }
}
