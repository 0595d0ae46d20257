package metarl.env;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.basics.RandomStream;
import metarl.env.world.Dynamics;
import metarl.env.wrapper.ChangingEnvironment;
import metarl.env.wrapper.DelayedReward;
import metarl.env.wrapper.TimeLimit;
import metarl.task.Task;
import metarl.task.TaskFamily;
import metarl.task.families.Bandit;
import metarl.task.families.HalfCheetah;
import metarl.task.families.Hopper;
import metarl.task.families.Pendulum;
import metarl.task.families.Sawyer;
import metarl.task.families.ShippedFamilies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Environments go on from a state as the one it was read from, bit for bit. */
class RestorableTest {
    private static final Dynamics WALK = Dynamics.of("x", "y")
        .moving((s, a, random) -> new double[] {s[0] + a[0] + random.nextGaussian(), s[1] + random.nextDouble()});

    private static Task pendulum() {
        return Pendulum.swingUp().task(0.9, 1.1);
    }

    private static boolean isRestorable(TaskFamily family) {
        try (Environment environment = family.sample(1, RandomStream.of(1, "x")).get(0).environment()) {
            return environment instanceof Restorable;
        }
    }

    /** Of those that come with the toolkit; tests may have registered others. */
    static Stream<TaskFamily> families() {
        return new ShippedFamilies().families().stream().filter(f -> !f.name().startsWith("sawyer") || Sawyer.isAvailable())
            .filter(RestorableTest::isRestorable);
    }

    @Test
    void worldsAndBodiesAreRestorable() {
        List<String> names = families().map(TaskFamily::name).toList();
        assertTrue(
            names.containsAll(List.of("pendulum", "cart-pole", "half-cheetah-crippled", "ant-goal", "humanoid-direction", "arm-goal")),
            names.toString());
        assertEquals(Sawyer.isAvailable() ? 37 : 35, names.size());
    }

    @ParameterizedTest
    @MethodSource("families")
    void anotherOneGoesOnAsTheOneWhoseStateItWasGiven(TaskFamily family) {
        Task task = family.sample(1, RandomStream.of(2, "task")).get(0);
        goesOn(task.environment(), task.environment(), 6);
        goesOn(new TimeLimit(task.environment(), 40), CheckedEnvironment.of(new TimeLimit(task.environment(), 40)), 6);
    }

    @Test
    void whatChanceAddsIsPartOfTheState() {
        goesOn(WALK.environment(30, (o, a) -> o[0]), WALK.environment(30, (o, a) -> o[0]), 12);
        var rescaled = Dynamics.of("x").moving((s, a) -> new double[] {s[0] + a[0]});
        assertArrayEquals(new double[] {0, 7}, ((Restorable) rescaled.environment(5, (o, a) -> 0)).stateOf(new double[] {7}, 0));
    }

    private static void goesOn(Environment first, Environment second, int steps) {
        var random = RandomStream.of(3, "actions");
        try (Restorable one = Restorable.of(first); Restorable other = Restorable.of(second)) {
            one.reset(RandomStream.of(4, "start"));
            // some bodies fall early under wild actions
            for (int t = 0; t < steps; t++) one.step(small(one, random));
            double[] state = one.state();
            assertEquals(steps, state[0]);
            for (int again = 0; again < 2; again++) {
                other.restore(state);
                assertArrayEquals(state, other.state());
                if (again == 0) for (int t = 0; t < 3; t++) other.step(new double[one.actions().size()]);
            }
            for (int t = 0; t < 8; t++) {
                double[] action = small(one, random);
                Step here = one.step(action), there = other.step(action);
                assertArrayEquals(here.observation(), there.observation(), "observation " + t);
                assertArrayEquals(here.outcome(), there.outcome(), "outcome " + t);
                assertEquals(here.reward(), there.reward(), "reward " + t);
                if (here.last()) return;
            }
            assertArrayEquals(one.state(), other.state());
        }
    }

    private static double[] small(Environment environment, RandomStream random) {
        if (environment.actions() instanceof Space.Discrete choices) return choices.sample(random);
        return random.doubles(environment.actions().size(), -0.4, 0.4).toArray();
    }

    @Test
    void theStateBehindAnObservationMovesOnTheSameWay() {
        for (String name : List.of("pendulum", "cart-pole", "half-cheetah-crippled", "half-cheetah-damped", "half-cheetah-armature",
            "ant-damping")) {
            Task task = TaskFamily.named(name).sample(1, RandomStream.of(2, "task")).get(0);
            // warm starts differ, so that the solver of contacts ends elsewhere within its tolerance
            double tolerance = name.matches("pendulum|cart-pole") ? 1e-12 : 1e-5;
            var random = RandomStream.of(3, "actions");
            try (Restorable one = Restorable.of(task.environment()); Restorable other = Restorable.of(task.environment())) {
                double[] seen = one.reset(RandomStream.of(4, "start"));
                for (int t = 0; t < 20; t++) {
                    other.restore(other.stateOf(seen, t));
                    double[] action = small(one, random);
                    Step here = one.step(action), there = other.step(action);
                    assertArrayEquals(here.observation(), shifted(name, here, there), tolerance, name + ", step " + t);
                    if (!name.startsWith("ant")) assertEquals(here.outcome()[0], there.outcome()[0], tolerance, name + ", step " + t);
                    seen = here.observation();
                }
            }
        }
    }

    /** Where the place of the torso is seen, so is x; elsewhere it is 0 and seen nowhere. */
    private static double[] shifted(String name, Step here, Step there) {
        if (name.matches("half-cheetah-(crippled|damped)")) assertEquals(here.outcome()[1], there.outcome()[1], 1e-6, name);
        return there.observation();
    }

    @Test
    void stepsCountAgainstTheTimeLimit() {
        try (Restorable environment = Restorable.of(CheckedEnvironment.of(new TimeLimit(pendulum().environment(), 10)))) {
            environment.restore(new double[] {8, 1, 0});
            assertTrue(!environment.step(new double[1]).last());
            assertTrue(environment.step(new double[1]).truncated());
            assertThrows(IllegalStateException.class, () -> environment.step(new double[1]));
            environment.restore(new double[] {9, 1, 0});
            assertTrue(environment.step(new double[1]).truncated());
        }
    }

    @Test
    void itIsFoundBehindBordersAndInsideATimeLimit() {
        Environment raw = pendulum().environment();
        assertSame(raw, Restorable.of(raw));
        CheckedEnvironment checked = CheckedEnvironment.of(new TimeLimit(raw, 5));
        assertSame(checked, Restorable.of(checked));
    }

    @Test
    void whereObservationsHideSomethingThisIsSaid() {
        Dynamics half = Dynamics.of("x", "hidden").moving((s, a) -> s).seeing(1, s -> new double[] {s[0]});
        var error = assertThrows(UnsupportedOperationException.class,
            () -> ((Restorable) half.environment(3, (o, a) -> 0)).stateOf(new double[1], 0));
        assertTrue(error.getMessage().contains("say how it is found: .seeing(size, rule, inverse)"), error.getMessage());
        try (Restorable hopper = Restorable.of(Hopper.size().task(0.05).environment())) {
            error = assertThrows(UnsupportedOperationException.class, () -> hopper.stateOf(new double[11], 0));
            assertTrue(error.getMessage().contains("it sees [POSITIONS_WITHOUT_X, CLIPPED_VELOCITIES]"), error.getMessage());
        }
    }

    @Test
    void aStateNeedsARunningEpisode() {
        for (Environment environment : List.of(pendulum().environment(), new TimeLimit(pendulum().environment(), 5),
            HalfCheetah.velocity().task(1).environment())) {
            try (Restorable restorable = Restorable.of(environment)) {
                var error = assertThrows(IllegalStateException.class, restorable::state);
                assertTrue(error.getMessage().contains("needs a running episode: call reset(random) first"), error.getMessage());
            }
        }
        var walk = (Restorable) WALK.environment(5, (o, a) -> 0);
        var error = assertThrows(IllegalStateException.class, () -> walk.stateOf(new double[2], 0));
        assertTrue(error.getMessage().contains("moves by chance"), error.getMessage());
    }

    static Stream<Arguments> badInputs() {
        var pendulum = Restorable.of(pendulum().environment());
        var limited = Restorable.of(new TimeLimit(pendulum().environment(), 5));
        var cheetah = Restorable.of(HalfCheetah.velocity().task(1).environment());
        Environment arm = Bandit.bernoulli(2).task(0.5, 0.5).environment();
        return Stream.of(
            bad("a bandit", () -> Restorable.of(arm), "bernoulli-bandit-2(mean=[0.500 0.500]) cannot be put into a state"),
            bad("a bandit with a limit", () -> Restorable.of(CheckedEnvironment.of(new TimeLimit(arm, 1))),
                "bernoulli-bandit-2(mean=[0.500 0.500]) cannot be put into a state"),
            bad("a delay", () -> Restorable.of(new DelayedReward(pendulum().environment(), 3)), "DelayedReward cannot be put into a state"),
            bad("a short state", () -> pendulum.restore(new double[2]), "the length of the state is 2, expected 3, as state() gives it"),
            bad("no number", () -> pendulum.restore(new double[] {0, Double.NaN, 0}), "state 1 is NaN, expected a finite number"),
            bad("half a step", () -> pendulum.restore(new double[] {0.5, 0, 0}), "the steps done, is 0.5, expected a whole number"),
            bad("the end", () -> pendulum.restore(new double[] {200, 0, 0}), "is 200.0, expected a whole number from 0 to 199"),
            bad("beyond a limit", () -> limited.restore(new double[] {5, 0, 0}), "is 5.0, expected at most 4"),
            bad("a body's short state", () -> cheetah.restore(new double[2]), "the length of the state is 2"),
            bad("a short observation", () -> pendulum.stateOf(new double[2], 0), "the length of the observation is 2, expected 3 entries"),
            bad("a body's short observation", () -> cheetah.stateOf(new double[2], 0), "the length of the observation is 2, expected 20"),
            bad("no rule of telling", () -> WALK.telling(List.of("x"), null), "telling is null"),
            bad("nothing told", () -> WALK.telling(List.of(), (before, after) -> after), "the names of telling is []"),
            bad("no inverse", () -> WALK.seeing(1, s -> s, null), "the inverse of seeing is null"),
            bad("a change at the start", () -> new ChangingEnvironment(pendulum, limited, 0), "steps is 0, expected 1 to 4"),
            bad("a change at the end", () -> new ChangingEnvironment(pendulum, limited, 5), "steps is 5, expected 1 to 4"),
            bad("another body", () -> new ChangingEnvironment(pendulum, cheetah, 5), "the observations of the second environment is"));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsNamed(BadInput input) {
        input.isNamed();
    }
}
