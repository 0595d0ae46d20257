package metarl.env.world;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.basics.RandomStream;
import metarl.env.Environment;
import metarl.env.EnvironmentCheck;
import metarl.env.Space;
import metarl.env.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tech.tablesaw.api.Row;

class DynamicsTest {
    private static final Dynamics COUNTER = Dynamics.of("x").moving((s, a) -> new double[] {s[0] + a[0]});

    @Test
    void aStateMovesByItsRule() {
        try (Environment environment = COUNTER.starting(5).ending(s -> s[0] > 6).environment(10, (outcome, action) -> 2 * outcome[0])) {
            assertArrayEquals(new double[] {5}, environment.reset(RandomStream.of(1, "x")));
            Step step = environment.step(new double[] {0.75});
            assertArrayEquals(new double[] {5.75}, step.observation());
            assertArrayEquals(new double[] {5.75}, step.outcome());
            assertEquals(11.5, step.reward());
            assertEquals(List.of("x"), environment.outcomeNames());
            assertTrue(environment.step(new double[] {1}).terminated());
        }
    }

    @Test
    void partOfItIsSeenAndChancePlaysIn() {
        Dynamics walk = Dynamics.of("x", "hidden").acting(Space.discrete(3)).starting(random -> new double[] {random.nextDouble(), 7})
            .moving((s, a, random) -> new double[] {s[0] + a[0] + random.nextGaussian(), s[1]}).seeing(1, s -> new double[] {s[0]});
        try (Environment environment = walk.environment(5, (outcome, action) -> outcome[1])) {
            for (Row row : EnvironmentCheck.of(environment))
                assertTrue(row.getBoolean("holds"), row.getString("property") + " – " + row.getString("seen"));
            RandomStream random = RandomStream.of(1, "x"), same = RandomStream.of(1, "x");
            double start = environment.reset(random)[0];
            assertEquals(same.nextDouble(), start);
            Step step = environment.step(new double[] {2});
            assertEquals(start + 2 + same.nextGaussian(), step.observation()[0]);
            assertEquals(1, step.observation().length);
            assertEquals(7, step.reward());
        }
    }

    @Test
    void aRuleThatWritesIntoItsArraysDoesNoHarm() {
        Dynamics writing = Dynamics.of("x").starting(1).moving((s, a) -> {
            s[0] += a[0];
            a[0] = 9;
            return s;
        }).seeing(1, s -> {
            s[0] *= 2;
            return s;
        });
        try (Environment environment = writing.environment(5, (outcome, action) -> action[0])) {
            for (int episode = 0; episode < 2; episode++) {
                assertArrayEquals(new double[] {2}, environment.reset(RandomStream.of(1, "x")));
                Step step = environment.step(new double[] {0.5});
                assertArrayEquals(new double[] {3}, step.observation());
                assertArrayEquals(new double[] {1.5}, step.outcome());
                assertEquals(0.5, step.reward());
            }
        }
    }

    @Test
    void aTraceShowsWhatCameOut() {
        try (Environment environment = COUNTER.environment(500, (outcome, action) -> 0)) {
            environment.reset(RandomStream.of(1, "x"));
            int before = inked(environment.render(200, 100));
            for (int t = 0; t < 300; t++) environment.step(new double[] {Math.sin(t)});
            assertTrue(inked(environment.render(200, 100)) > before + 100, "a line where there was none");
            environment.reset(RandomStream.of(1, "x"));
            assertEquals(before, inked(environment.render(200, 100)), "a new episode begins with an empty trace");
        }
        var names = IntStream.range(0, 40).mapToObj(i -> "entry " + i).toArray(String[]::new);
        try (Environment environment = Dynamics.of(names).moving((s, a) -> s).environment(5, (outcome, action) -> 0)) {
            environment.reset(RandomStream.of(1, "x"));
            environment.step(new double[1]);
            assertEquals(60, environment.render(50, 60).getHeight());
        }
    }

    /** The least that an environment is. */
    private static final class Silent implements Environment {
        @Override
        public Space observations() {
            return Space.unbounded(1);
        }

        @Override
        public Space actions() {
            return Space.box(1, 1);
        }

        @Override
        public int horizon() {
            return 1;
        }

        @Override
        public List<String> outcomeNames() {
            return List.of();
        }

        @Override
        public double[] reset(RandomGenerator random) {
            return new double[1];
        }

        @Override
        public Step step(double[] action) {
            return new Step(new double[1], 0, true, false, new double[0]);
        }

        @Override
        public void close() {}
    }

    @Test
    void anEnvironmentWithoutAPictureSaysSo() {
        assertTrue(inked(new Silent().render(300, 100)) > 50, "a sentence is written");
    }

    private static int inked(BufferedImage picture) {
        int inked = 0;
        for (int x = 0; x < picture.getWidth(); x++)
            for (int y = 0; y < picture.getHeight(); y++) if ((picture.getRGB(x, y) & 0xFF0000) < 0x800000) inked++;
        return inked;
    }

    @Test
    void rulesOfTheWrongSizeAreNamed() {
        var error = assertThrows(IllegalStateException.class,
            () -> COUNTER.starting(1, 2).environment(3, (o, a) -> 0).reset(RandomStream.of(1, "x")));
        assertEquals("the rule of starting gave 2 entries [1.0, 2.0], expected 1: [x]", error.getMessage());
        error = assertThrows(IllegalStateException.class,
            () -> COUNTER.seeing(2, s -> s).environment(3, (o, a) -> 0).reset(RandomStream.of(1, "x")));
        assertEquals("the rule of seeing gave 1 entries [0.0], expected 2, the size it was given", error.getMessage());
        error = assertThrows(IllegalStateException.class, () -> Dynamics.of("x").environment(3, (o, a) -> 0));
        assertTrue(error.getMessage().contains("add .moving((state, action) -> …)"), error.getMessage());
    }

    static Stream<Arguments> badInputs() {
        return Stream.of(
            bad("no names", () -> Dynamics.of(), "the number of names is 0"),
            bad("no actions", () -> COUNTER.acting(null), "acting is null"),
            bad("no rule of moving", () -> COUNTER.moving((Dynamics.Move) null), "moving is null"),
            bad("nothing seen", () -> COUNTER.seeing(0, s -> s), "size is 0, expected at least 1"),
            bad("no rule of seeing", () -> COUNTER.seeing(1, null), "seeing is null"),
            bad("no rule of ending", () -> COUNTER.ending(null), "ending is null"),
            bad("no steps", () -> COUNTER.environment(0, (o, a) -> 0), "horizon is 0, expected at least 1 step"));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsNamed(BadInput input) {
        input.isNamed();
    }
}
