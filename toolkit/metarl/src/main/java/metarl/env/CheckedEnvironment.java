package metarl.env;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.random.RandomGenerator;

/**
 * The border that every environment is asked through, by rollouts, {@link VectorEnvironment}, classical agents and wrappers: what it
 * answers is checked, and a fault is told as its own, with the step and the entry, before a learner can be spoilt by it.
 *
 * <p>Checked are: that nothing is null; that observations and outcomes have the announced length; that they and the reward are numbers
 * which single precision holds, because networks compute in it; that an episode ends no later than {@link #horizon()}; that nobody steps a
 * finished episode. Actions are checked before the environment sees them. Arrays are copied in both directions, so that an environment that
 * keeps and changes its arrays does no harm. What the environment throws is the cause of an {@link EnvironmentException}.
 *
 * <p>It can be put into a state if what is behind it can: see {@link Restorable#of}.
 */
public final class CheckedEnvironment implements Restorable {
    private static final int NOT_STARTED = -1;
    private static final int SHOWN_VALUES = 8;
    private static final String EXPECTED_NUMBER = "expected a finite number (at most 3.4e38 in size: networks compute in single precision)";

    private final Environment inner;
    private final Object name;
    private final Space observations, actions;
    private final List<String> outcomeNames;
    private final int horizon;
    private long episode;
    private int steps = NOT_STARTED;

    private CheckedEnvironment(Environment inner, Object name) {
        this.inner = inner;
        this.name = name;
        observations = announced(inner.observations(), "observations()", "a space");
        actions = announced(inner.actions(), "actions()", "a space");
        outcomeNames = List.copyOf(announced(inner.outcomeNames(), "outcomeNames()", "a list of names"));
        horizon = inner.horizon();
        if (horizon < 1) throw new EnvironmentException(name() + ": horizon() gave " + horizon + ", expected at least 1 step", null);
    }

    private <T> T announced(T given, String what, String expected) {
        if (given == null) throw new EnvironmentException(name() + ": " + what + " gave null, expected " + expected, null);
        return given;
    }

    /** The environment behind its border; one that is already behind it stays as it is. */
    public static CheckedEnvironment of(Environment environment) {
        return environment instanceof CheckedEnvironment checked ? checked : of(environment, null);
    }

    /**
     * The same with a name for messages.
     *
     * @param name whose text names the environment, such as its task; null: it is named by its task or its class
     */
    public static CheckedEnvironment of(Environment environment, Object name) {
        if (environment == null)
            throw new EnvironmentException((name == null ? "an environment" : name) + ": the environment is null; expected one", null);
        return new CheckedEnvironment(environment instanceof CheckedEnvironment checked ? checked.inner : environment, name);
    }

    private String name() {
        return inner instanceof WrappedEnvironment wrapped ? wrapped.chain(name) : name == null ? nameOf(inner) : name.toString();
    }

    static String nameOf(Environment environment) {
        if (environment instanceof CheckedEnvironment checked) return checked.name();
        if (environment instanceof EpisodicEnvironment episodic && episodic.taskName() != null) return episodic.taskName();
        String full = environment.getClass().getName();
        return full.substring(full.lastIndexOf('.') + 1);
    }

    @Override
    public double[] reset(RandomGenerator random) {
        steps = NOT_STARTED;
        episode++;
        double[] observation;
        try {
            observation = inner.reset(random);
        } catch (Exception | AssertionError | StackOverflowError | LinkageError e) {
            throw failed("reset", e);
        }
        double[] copy = copy("reset(random) gave an observation", observation, observations.size(), null);
        steps = 0;
        return copy;
    }

    @Override
    public Step step(double[] action) {
        if (steps == NOT_STARTED) throw new IllegalStateException(name() + ": step() needs a running episode: call reset(random) first");
        if (!acceptable(action)) throw refusal(action);
        int number = steps + 1;
        // whatever goes wrong from here on ends the episode
        steps = NOT_STARTED;
        Step step;
        try {
            step = inner.step(action.clone());
        } catch (Exception | AssertionError | StackOverflowError | LinkageError e) {
            throw failed(place(number), e);
        }
        if (step == null) throw fault(number, "step() gave null, expected a Step");
        if (!isNumber(step.reward())) throw fault(number, "the reward is " + step.reward() + ", " + EXPECTED_NUMBER);
        double[] observation = copy("the observation", step.observation(), observations.size(), number);
        double[] outcome = copy("the outcome", step.outcome(), outcomeNames.size(), number);
        if (step.last()) return new Step(observation, step.reward(), step.terminated(), step.truncated(), outcome);
        if (number >= horizon)
            throw fault(number, "the episode goes on, but horizon() announced at most " + horizon
                + " steps; expected terminated or truncated in this step at the latest");
        steps = number;
        return new Step(observation, step.reward(), false, false, outcome);
    }

    Environment inner() {
        return inner;
    }

    @Override
    public double[] state() {
        return Restorable.of(inner).state();
    }

    @Override
    public void restore(double[] state) {
        Restorable.of(inner).restore(state);
        steps = (int) state[0];
    }

    @Override
    public double[] stateOf(double[] observation, int steps) {
        return Restorable.of(inner).stateOf(observation, steps);
    }

    private static boolean isNumber(double x) {
        return Math.abs(x) <= Float.MAX_VALUE;
    }

    private boolean acceptable(double[] action) {
        if (action == null || action.length != actions.size()) return false;
        if (actions instanceof Space.Discrete) return actions.contains(action);
        for (double a : action) if (Double.isNaN(a)) return false;
        return true;
    }

    private IllegalArgumentException refusal(double[] action) {
        String why;
        try {
            if (action == null) why = "it is null";
            else {
                if (inner instanceof EpisodicEnvironment episodic) episodic.accept(action);
                why = Arrays.toString(actions.accept(action));
            }
        } catch (IllegalArgumentException e) {
            why = e.getMessage();
        }
        String prefix = EpisodicEnvironment.REFUSED;
        return new IllegalArgumentException(name() + ", " + place(steps + 1) + ": " + (why.startsWith(prefix) ? why : prefix + why));
    }

    private double[] copy(String what, double[] given, int expected, Integer step) {
        if (given == null) throw fault(step, what + (step == null ? " that is null" : " is null") + ", expected " + expected + " numbers");
        if (given.length != expected)
            throw fault(step, what + (step == null ? " of " : " has ") + given.length + " entries " + shortened(given) + ", expected "
                + expected + announcedBy(what));
        double[] copy = given.clone();
        for (int i = 0; i < copy.length; i++)
            if (!isNumber(copy[i]))
                throw fault(step,
                    what + (step == null ? " with " : " has ") + copy[i] + " in entry " + i + entryName(what, i) + ", " + EXPECTED_NUMBER);
        return copy;
    }

    private String entryName(String what, int i) {
        return what.equals("the outcome") ? " (" + outcomeNames.get(i) + ")" : "";
    }

    private static String announcedBy(String what) {
        return what.equals("the outcome") ? ", one for each of outcomeNames()" : ", the size of observations()";
    }

    private static String shortened(double[] values) {
        if (values.length <= SHOWN_VALUES) return Arrays.toString(values);
        String first = Arrays.toString(Arrays.copyOf(values, SHOWN_VALUES));
        return first.substring(0, first.length() - 1) + ", …]";
    }

    private String place(int step) {
        return "step " + step + " of episode " + episode;
    }

    private EnvironmentException fault(Integer step, String what) {
        return new EnvironmentException(name() + ", " + (step == null ? "start of episode " + episode : place(step)) + ": " + what, null);
    }

    /** Faults that were told further inside, and cancellations, are passed on as they are. */
    private RuntimeException failed(String where, Throwable e) {
        if (e instanceof EnvironmentException told) return told;
        if (e instanceof CancellationException cancelled) return cancelled;
        return new EnvironmentException(
            name() + ", " + (where.equals("reset") ? "start of episode " + episode : where) + ": the environment failed with "
                + e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage()),
            e);
    }

    @Override
    public Space observations() {
        return observations;
    }

    @Override
    public Space actions() {
        return actions;
    }

    @Override
    public int horizon() {
        return horizon;
    }

    @Override
    public List<String> outcomeNames() {
        return outcomeNames;
    }

    @Override
    public BufferedImage render(int width, int height) {
        return inner.render(width, height);
    }

    @Override
    public void close() {
        inner.close();
    }

    @Override
    public String toString() {
        return inner.toString();
    }
}
