package metarl.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import metarl.TwinFile;
import metarl.basics.RandomStream;
import metarl.env.Environment;
import metarl.env.Restorable;
import metarl.env.Step;
import metarl.env.wrapper.RescaledAction;
import metarl.env.wrapper.TimeLimit;
import metarl.task.families.CartPole;
import metarl.task.families.HalfCheetah;
import metarl.task.families.Pendulum;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pendulum and cart-pole against Gymnasium's, and the outcomes that observations show. */
class PolesTest {
    private static final TwinFile TWIN = new TwinFile(PolesTest.class, "poles_twin.csv");

    /** Numbers that jump about around a slow wave, as in poles_twin.py. */
    private static double action(int t) {
        return (2 * (t * 5 % 16) - 16) / 32.0 + (t / 20 % 2 == 0 ? 0.5 : -0.5);
    }

    private static void equalsTheTwin(String run, Task task, double... state) {
        try (Restorable environment = Restorable.of(task.environment())) {
            environment.restore(state);
            for (int t = 0; t < 120; t++) {
                Step step = environment.step(new double[] {action(t)});
                TWIN.requireEqual(run + " step " + t,
                    DoubleStream.concat(DoubleStream.of(step.reward()), DoubleStream.of(step.observation())).toArray(), 1e-9);
                assertFalse(step.last());
            }
        }
    }

    @Test
    void aPendulumMovesAndPaysAsGymnasiums() {
        equalsTheTwin("pendulum 1 1", Pendulum.swingUp().nominal().orElseThrow(), 0, 3, 0.5);
        equalsTheTwin("pendulum 0.75 1.25", Pendulum.swingUp().task(0.75, 1.25), 0, 3, 0.5);
    }

    @Test
    void aCartPoleMovesAsGymnasiums() {
        equalsTheTwin("cart-pole 10 0.5", CartPole.balance().nominal().orElseThrow(), 0, 0.25, -0.5, 0.125, 0.25);
        equalsTheTwin("cart-pole 15 0.4", CartPole.balance().task(15, 0.4), 0, 0.25, -0.5, 0.125, 0.25);
    }

    @Test
    void episodesStartAsPublishedAndNothingEndsThemEarly() {
        double highest = 0, fastest = 0, off = 0;
        try (Environment pendulum = Pendulum.swingUp().task(1, 1).environment();
            Environment cartPole = CartPole.balance().task(10, 0.5).environment()) {
            for (int episode = 0; episode < 400; episode++) {
                double[] seen = pendulum.reset(RandomStream.of(episode, "x"));
                highest = Math.max(highest, Math.abs(Math.atan2(seen[1], seen[0])));
                fastest = Math.max(fastest, Math.abs(seen[2]));
                for (double entry : cartPole.reset(RandomStream.of(episode, "x")))
                    if (entry < 0.9) off = Math.max(off, Math.abs(entry));
            }
            assertTrue(highest > 3.1 && fastest > 0.98 && fastest <= 1 && off > 0.049 && off <= 0.05);
            for (Environment environment : List.of(pendulum, cartPole))
                for (int t = 1; t <= 200; t++) assertEquals(t == 200, environment.step(new double[] {1}).truncated());
        }
    }

    @Test
    void theRewardTellsHowWellThePoleStands() {
        Task task = CartPole.balance().task(10, 0.5);
        assertEquals(1, task.reward(new double[] {0, 3, 0, 5}, new double[] {1}));
        assertEquals(-1 - 0.1, task.reward(new double[] {Math.sqrt(3), 0, Math.PI, 0}, new double[1]), 1e-15);
        assertEquals(0.5, CartPole.balance().measure(task, new double[][] {{0, 0, 0.2, 0}, {0, 0, -0.22, 0}}, new double[2][1]));
        assertEquals(-4 - 0.1 * 9 - 0.001 * 4, Pendulum.swingUp().task(1, 1).reward(new double[] {0, 0, 2, 3}, new double[] {-1}), 1e-15);
    }

    static Stream<TaskFamily> showing() {
        return Stream.concat(TaskFamily.names().stream().map(TaskFamily::named).filter(TaskFamily::showsOutcome),
            Stream.of(HalfCheetah.crippled().delayed(3), HalfCheetah.damped().changingAt(20)));
    }

    /** The rule reads off observations what the environment tells, from the first step of an episode to its last. */
    @ParameterizedTest
    @MethodSource("showing")
    void theOutcomeShownIsTheOutcomeTold(TaskFamily family) {
        var random = RandomStream.of(5, "x");
        for (Task task : family.sample(2, random)) {
            try (Environment environment = task.environment()) {
                double[] before = environment.reset(random);
                for (int t = 0; t < Math.min(200, family.horizon()); t++) {
                    double[] action = environment.actions().sample(random);
                    Step step = environment.step(action);
                    assertArrayEquals(step.outcome(), family.outcome(before, action, step.observation()), 1e-9, "step " + t);
                    before = step.observation();
                }
            }
        }
    }

    @Test
    void aFamilyShowsOutcomesWhereItsObservationsDo() {
        assertEquals(
            List.of("point-turned-sparse", "point-four-corners", "point-rotated", "pendulum", "pendulum-motor", "cart-pole",
                "half-cheetah-velocity", "half-cheetah-velocity-sparse", "half-cheetah-velocity-armature-sparse",
                "half-cheetah-forward-backward", "half-cheetah-crippled", "half-cheetah-damped"),
            TaskFamily.names().stream().filter(name -> TaskFamily.named(name).showsOutcome() && !name.contains("own")).toList());
        TaskFamily wrapped = Pendulum.swingUp().wrapped("shorter",
            e -> new TimeLimit(new RescaledAction(e, (metarl.env.Space.Box) e.actions()), 5));
        assertFalse(wrapped.showsOutcome());
        for (TaskFamily hiding : List.of(wrapped, HalfCheetah.armature(), HalfCheetah.armature().delayed(3))) {
            var error = assertThrows(UnsupportedOperationException.class,
                () -> hiding.outcome(new double[3], new double[1], new double[3]));
            assertTrue(error.getMessage().contains("do not show the outcome of a step"), error.getMessage());
        }
    }

    /** A cheetah of which no motor fails is the one that runs at a speed, paid for its speed alone. */
    @Test
    void noMotorFailsWhereItsNumberIsMinusOne() {
        Task whole = HalfCheetah.crippled().nominal().orElseThrow(), runner = HalfCheetah.velocity().task(1);
        assertEquals(List.of(-1.0), whole.values());
        assertTrue(HalfCheetah.crippled().sample(50, RandomStream.of(1, "x")).stream().allMatch(task -> task.value(0) >= 1));
        try (Environment one = whole.environment(); Environment other = runner.environment()) {
            one.reset(RandomStream.of(1, "x"));
            other.reset(RandomStream.of(1, "x"));
            var random = RandomStream.of(2, "x");
            for (int t = 0; t < 20; t++) {
                double[] action = one.actions().sample(random);
                Step step = one.step(action);
                assertArrayEquals(other.step(action).observation(), step.observation());
                assertEquals(step.outcome()[0] - 0.05 * DoubleStream.of(action).map(a -> a * a).sum(), step.reward(), 1e-12);
            }
        }
    }
}
