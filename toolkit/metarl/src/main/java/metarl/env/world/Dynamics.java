package metarl.env.world;

import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import metarl.basics.Copy;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.env.Environment;
import metarl.env.EpisodicEnvironment;
import metarl.env.Restorable;
import metarl.env.Reward;
import metarl.env.Space;

/**
 * A world given by how its state moves: s' = f(s, a), for environments in a few lines.
 *
 * <pre>{@code
 * Dynamics.of("x (m)", "speed (m/s)")
 *     .starting(random -> new double[] {random.nextDouble(-1, 1), 0})
 *     .moving((s, a) -> new double[] {s[0] + 0.1 * s[1], s[1] + 0.1 * a[0]})
 * }</pre>
 *
 * <p>Unless said otherwise the outcome is the state after the step, the whole state is seen, the action is one number in [−1, 1], an
 * episode starts from zeros, and only the time limit ends it. Rules get arrays of their own. Immutable: every verb returns a changed copy.
 */
public final class Dynamics {
    /** The state after a step. */
    @FunctionalInterface
    public interface Move {
        /** f(s, a) with whatever chance is drawn from {@code random}. */
        double[] of(double[] state, double[] action, RandomGenerator random);
    }

    /** A rule without chance. */
    private record Sure(BinaryOperator<double[]> rule) implements Move {
        @Override
        public double[] of(double[] state, double[] action, RandomGenerator random) {
            return rule.apply(state, action);
        }
    }

    private record Parts(List<String> names, Space actions, Function<RandomGenerator, double[]> start, Move move, int seen,
        UnaryOperator<double[]> sight, UnaryOperator<double[]> inverse, List<String> told, BinaryOperator<double[]> telling,
        Predicate<double[]> end) {}

    private final Parts parts;

    private Dynamics(Parts parts) {
        this.parts = parts;
    }

    /** A world whose state has these entries, given by their names with units. */
    public static Dynamics of(String... names) {
        Require.that(names.length >= 1, "the number of names", names.length, "at least one, one for each entry of the state");
        return new Dynamics(new Parts(List.of(names), Space.box(1, 1), random -> new double[names.length], null, names.length,
            UnaryOperator.identity(), UnaryOperator.identity(), List.of(names), (before, after) -> after, state -> false));
    }

    private Dynamics with(String part, Object value, String verb) {
        Require.that(value != null, verb, null, "a rule");
        return new Dynamics(Copy.with(parts, part, value));
    }

    /** With other actions, such as {@code Space.box(2, 1)} or {@code Space.discrete(3)}. */
    public Dynamics acting(Space actions) {
        return with("actions", actions, "acting");
    }

    /** With start states drawn by this rule. */
    public Dynamics starting(Function<RandomGenerator, double[]> start) {
        return with("start", start, "starting");
    }

    /** With this state always at the start. */
    public Dynamics starting(double... state) {
        double[] copy = state.clone();
        return starting((RandomGenerator random) -> copy);
    }

    /** Moving by this rule of state and action. */
    public Dynamics moving(BinaryOperator<double[]> rule) {
        Require.that(rule != null, "moving", null, "a rule such as (s, a) -> new double[] {s[0] + a[0]}");
        return moving(new Sure(rule));
    }

    /** Moving by this rule of state, action and chance. */
    public Dynamics moving(Move rule) {
        return with("move", rule, "moving");
    }

    /**
     * Seen through this rule of the state, which hides a part of it.
     *
     * @param size entries of an observation
     */
    public Dynamics seeing(int size, UnaryOperator<double[]> rule) {
        return seeing(size, rule, seen -> null);
    }

    /**
     * Seen through this rule of the state, which hides nothing of it.
     *
     * @param size entries of an observation
     * @param inverse the state behind an observation, for {@link Restorable#stateOf}: the same one, or one that moves in the same way
     */
    public Dynamics seeing(int size, UnaryOperator<double[]> rule, UnaryOperator<double[]> inverse) {
        Require.count(size, 1, "size", "at least 1 entry of an observation");
        Require.that(rule != null, "seeing", null, "a rule such as s -> new double[] {s[0]}");
        Require.that(inverse != null, "the inverse of seeing", null, "a rule such as seen -> new double[] {seen[0]}");
        return new Dynamics(Copy.with(Copy.with(Copy.with(parts, "seen", size), "sight", rule), "inverse", inverse));
    }

    /**
     * With this outcome in place of the state after the step.
     *
     * @param names of its entries, with units
     * @param rule of the states before and after the step
     */
    public Dynamics telling(List<String> names, BinaryOperator<double[]> rule) {
        Require.that(names != null && !names.isEmpty(), "the names of telling", names, "at least one, one for each entry of the outcome");
        Require.that(rule != null, "telling", null, "a rule such as (before, after) -> new double[] {after[0]}");
        return new Dynamics(Copy.with(Copy.with(parts, "told", List.copyOf(names)), "telling", rule));
    }

    /** With episodes that end for good in the states of which this is true. */
    public Dynamics ending(Predicate<double[]> end) {
        return with("end", end, "ending");
    }

    /**
     * An environment that moves so.
     *
     * @param horizon steps per episode
     * @throws IllegalStateException if nothing says how it moves
     */
    public Environment environment(int horizon, Reward reward) {
        if (parts.move == null) throw new IllegalStateException(
            "the dynamics of " + parts.names + " do not say how the state moves: add .moving((state, action) -> …)");
        return new World(parts, horizon, reward);
    }

    private static final class World extends EpisodicEnvironment implements Restorable {
        private final Parts parts;
        private RandomGenerator random;
        private double[] state;

        World(Parts parts, int horizon, Reward reward) {
            super(Space.unbounded(parts.seen), parts.actions, horizon, reward);
            this.parts = parts;
        }

        @Override
        public List<String> outcomeNames() {
            return parts.told;
        }

        @Override
        protected double[] begin(RandomGenerator random) {
            this.random = random;
            state = checked(parts.start.apply(random), "starting");
            return seen();
        }

        @Override
        protected Advance advance(double[] action) {
            double[] before = state;
            state = checked(parts.move.of(state.clone(), action.clone(), random), "moving");
            double[] outcome = checked(parts.telling.apply(before, state.clone()), "telling");
            return new Advance(seen(), outcome, parts.end.test(state.clone()));
        }

        @Override
        public double[] state() {
            return state(state, chance());
        }

        @Override
        public void restore(double[] from) {
            int size = parts.names.size(), chances = parts.move instanceof Sure ? 0 : 2;
            resume(from, 1 + size + chances);
            state = Arrays.copyOfRange(from, 1, 1 + size);
            if (chances > 0) random = RandomStream.resume((long) from[1 + size] << 32 | (long) from[2 + size]);
        }

        @Override
        public double[] stateOf(double[] observation, int steps) {
            Require.that(observation.length == parts.seen, "the length of the observation", observation.length, parts.seen + " entries");
            double[] behind = parts.inverse.apply(observation.clone());
            if (behind == null)
                throw new UnsupportedOperationException("observations of the world of " + parts.names
                    + " do not show its whole state; where they do, say how it is found: .seeing(size, rule, inverse)");
            return state(steps, checked(behind, "the inverse of seeing"), chance());
        }

        /** The state of the stream that a rule with chance draws from, in two halves that a double holds. */
        private double[] chance() {
            if (parts.move instanceof Sure) return new double[0];
            if (random instanceof RandomStream stream) return new double[] {stream.state() >>> 32, stream.state() & 0xFFFF_FFFFL};
            throw new IllegalStateException("the world of " + parts.names + " moves by chance, so its state holds that of its random "
                + "numbers: call reset(random) first, with a RandomStream");
        }

        private double[] seen() {
            double[] seen = parts.sight.apply(state.clone());
            if (seen == null || seen.length != parts.seen) throw wrong("seeing", seen, parts.seen);
            return seen.clone();
        }

        private double[] checked(double[] given, String verb) {
            int expected = (verb.equals("telling") ? parts.told : parts.names).size();
            if (given == null || given.length != expected) throw wrong(verb, given, expected);
            return given.clone();
        }

        private IllegalStateException wrong(String verb, double[] given, int expected) {
            return new IllegalStateException("the rule of " + verb + " gave "
                + (given == null ? "null" : given.length + " entries " + Arrays.toString(given)) + ", expected " + expected
                + (verb.equals("seeing") ? ", the size it was given" : ": " + (verb.equals("telling") ? parts.told : parts.names)));
        }
    }
}
