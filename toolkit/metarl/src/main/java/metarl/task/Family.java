package metarl.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import metarl.basics.Copy;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.env.Environment;
import metarl.env.body.Bodies;
import metarl.env.body.Body;
import metarl.env.world.Dynamics;
import metarl.env.wrapper.TimeLimit;

/**
 * A family described part by part: of a world of one's own, of a simulated body, or of any other machine.
 *
 * <pre>{@code
 * var family = Family.define("spring")
 *     .parameter("goal", "m", -1, 1)
 *     .dynamics(task -> Dynamics.of("x (m)", "speed (m/s)")
 *         .moving((s, a) -> new double[] {s[0] + 0.1 * s[1], s[1] + 0.1 * (a[0] - s[0])}))
 *     .lasting(50)
 *     .paying((task, outcome, action) -> -Math.abs(outcome[0] - task.value("goal")))
 *     .register();
 * }</pre>
 *
 * <p>Immutable: every verb returns a changed copy, in any order. Needed are a machine ({@link #dynamics}, {@link #body} or
 * {@link #machine}), {@link #lasting} unless the machine has a time limit of its own, and {@link #paying}; what is missing is named when
 * it is first needed, at the latest by {@link #register}. Two families are equal if they have the same name and {@link #fingerprint}.
 */
public final class Family implements TaskFamily {
    /** The reward of a step in a task: a pure function. */
    @FunctionalInterface
    public interface Rule {
        /** The reward; see {@link TaskFamily#reward}. */
        double reward(Task task, double[] outcome, double[] action);
    }

    /** What one step says about how well a task is done. */
    @FunctionalInterface
    public interface Measure {
        /** A number in the task's own terms, such as the error of a speed. */
        double of(Task task, double[] outcome);
    }

    /** What a step led to, told from what was seen. */
    @FunctionalInterface
    public interface Shown {
        /** The outcome; see {@link TaskFamily#outcome}. */
        double[] outcome(double[] observation, double[] action, double[] next);
    }

    /** Makes the environment of a task; a horizon of 0 is not yet known. */
    private interface Machine {
        Environment of(Task task, int horizon);
    }

    /** How tasks are drawn. */
    private interface Sampler {
        List<Task> draw(Family family, int count, RandomGenerator random);
    }

    /** Null or 0 is what is not said. */
    private record Parts(String name, String description, List<Parameter> parameters, int horizon, Machine machine, Rule rule,
        Rule shaping, BiPredicate<Task, double[]> end, Shown shown, String measureName, double measuredFrom, Measure measure,
        Sampler sampler, double[] nominal) {}

    private static final int LONGEST_NAME = 100;

    private final Parts parts;
    private int machineHorizon;
    private String fingerprint;

    private Family(Parts parts) {
        this.parts = parts;
    }

    /**
     * Begins a family.
     *
     * @param name for scripts and files, such as {@code my-family}: letters, digits, '-', '_' and '.'
     */
    public static Family define(String name) {
        Require.that(name != null && name.matches("[\\p{Alnum}][\\p{Alnum}._-]*") && name.length() <= LONGEST_NAME,
            "the name of the family",
            name == null ? null : "'" + name + "'",
            "letters, digits, '-', '_' and '.', at most " + LONGEST_NAME + " of them, such as \"my-family\"");
        return new Family(new Parts(name, null, List.of(), 0, null, null, null, null, null, null, 0, null, null, null));
    }

    private Family with(String part, Object value) {
        return new Family(Copy.with(parts, part, value));
    }

    private <T> T given(T value, String verb, String example) {
        if (value == null)
            throw new IllegalArgumentException("the family '" + name() + "': " + verb + " was given null, expected " + example);
        return value;
    }

    private <T> T needed(T part, String what, String verb) {
        if (part == null) throw new IllegalStateException("the family '" + name() + "' does not say " + what + ": add " + verb);
        return part;
    }

    /** With one sentence on the body, what differs, and where it was published. */
    public Family described(String description) {
        return with("description", given(description, "described", "a sentence"));
    }

    /** With one more parameter, which changes what is rewarded. */
    public Family parameter(String name, String unit, double low, double high) {
        return parameter(name, unit, low, high, Parameter.Changes.REWARD);
    }

    /** With one more parameter in which the tasks differ, drawn from U(low, high) unless {@link #drawn} or {@link #among} say otherwise. */
    public Family parameter(String name, String unit, double low, double high, Parameter.Changes changes) {
        return parameters(List.of(new Parameter(name, unit, low, high, changes)));
    }

    /** With more parameters. */
    public Family parameters(List<Parameter> more) {
        var all = new ArrayList<>(parts.parameters);
        for (Parameter parameter : more) {
            Require.that(all.stream().noneMatch(p -> p.name().equals(parameter.name())), "the parameter '" + parameter.name() + "'",
                "given twice to the family '" + name() + "'", "a name of its own for each");
            all.add(parameter);
        }
        return with("parameters", List.copyOf(all));
    }

    /** With tasks drawn by this rule, which gives the values of all parameters. */
    public Family drawn(Function<RandomGenerator, double[]> values) {
        given(values, "drawn", "a rule such as random -> new double[] {random.nextGaussian()}");
        return with("sampler", (Sampler) (family, count, random) -> {
            var tasks = new ArrayList<Task>();
            for (int i = 0; i < count; i++) tasks.add(family.task(values.apply(random)));
            return tasks;
        });
    }

    /** With these tasks only, of one parameter: they are dealt in random order, and again from the start if more are asked for. */
    public Family among(double... values) {
        return among(Arrays.stream(values).mapToObj(v -> new double[] {v}).toArray(double[][]::new));
    }

    /** With these tasks only, each given by the values of all parameters; they are dealt in random order, and again from the start. */
    public Family among(double[]... tasks) {
        Require.that(tasks.length >= 1, "the number of tasks in among", tasks.length, "at least 1");
        double[][] choices = Arrays.stream(tasks).map(double[]::clone).toArray(double[][]::new);
        return with("sampler", (Sampler) (family, count, random) -> {
            var dealt = new ArrayList<Task>();
            var order = RandomStream.resume(random.nextLong());
            while (dealt.size() < count)
                for (int i : order.permutation(choices.length)) if (dealt.size() < count) dealt.add(family.task(choices[i]));
            return dealt;
        });
    }

    /** With these values as the task in which nothing is changed; it may lie outside the range that is drawn. */
    public Family nominal(double... values) {
        return with("nominal", given(values, "nominal", "the values of all parameters").clone());
    }

    /** With episodes of so many steps. */
    public Family lasting(int steps) {
        Require.count(steps, 1, "lasting", "at least 1 step");
        return with("horizon", steps);
    }

    /** With environments of one's own. One that lasts longer than the family's episodes is cut, truncated, by a time limit. */
    public Family machine(Function<Task, Environment> machine) {
        given(machine, "machine", "a rule such as task -> new MyEnvironment(task)");
        return with("machine", (Machine) (task, horizon) -> {
            Environment environment = machine.apply(task);
            return environment != null && horizon > 0 && horizon < environment.horizon() ? new TimeLimit(environment, horizon)
                : environment;
        });
    }

    /** With a world given by how its state moves. */
    public Family dynamics(Function<Task, Dynamics> dynamics) {
        given(dynamics, "dynamics", "a rule such as task -> Dynamics.of(\"x (m)\").moving(…)");
        return with("machine", (Machine) (task, horizon) -> dynamics.apply(task).environment(lasting(horizon, ".dynamics(…)"), task));
    }

    /** With a body that MuJoCo simulates. */
    public Family body(Function<Task, Body> body) {
        given(body, "body", "a rule such as task -> Body.mjcf(xml)");
        return with("machine",
            (Machine) (task, horizon) -> Bodies.find().environment(body.apply(task), lasting(horizon, ".body(…)"), task));
    }

    private int lasting(int horizon, String verb) {
        return needed(horizon == 0 ? null : horizon, "how many steps an episode has, which " + verb + " needs", ".lasting(steps)");
    }

    /** With this reward. The environments must pay it: those of one's own are given their task, which is a {@link metarl.env.Reward}. */
    public Family paying(Rule rule) {
        return with("rule", given(rule, "paying", "a rule such as (task, outcome, action) -> -Math.abs(outcome[0] - task.value(0))"));
    }

    /**
     * With this reward to learn from in place of the one that is paid, for methods that ask for it ({@link TaskFamily#isShaped}): a dense
     * one beside a sparse one.
     */
    public Family shapedBy(Rule rule) {
        return with("shaping", given(rule, "shapedBy", "a rule such as (task, outcome, action) -> -Math.abs(outcome[0] - task.value(0))"));
    }

    /**
     * With episodes that end for good at these outcomes, where tasks differ in it. The environments must end them by the same rule; it is
     * asked when an episode is scored for another task.
     */
    public Family endingAt(BiPredicate<Task, double[]> rule) {
        return with("end", given(rule, "endingAt", "a rule such as (task, outcome) -> Math.abs(outcome[0] - task.value(0)) < 0.1"));
    }

    /** With observations that show the outcome of a step, by this rule; it must be the outcome that the environments tell. */
    public Family showing(Shown rule) {
        return with("shown", given(rule, "showing", "a rule such as (observation, action, next) -> new double[] {next[0]}"));
    }

    /** With the mean of this over the steps of an episode as its measure; without, it is the mean reward. */
    public Family measuring(String name, Measure measure) {
        return measuring(name, 0, measure);
    }

    /**
     * The same over the end of an episode.
     *
     * @param from the share of the episode after which its steps count, 0 to 1; 1 counts the last step only
     */
    public Family measuring(String name, double from, Measure measure) {
        Require.number(from, from >= 0 && from <= 1, "from", "0 (all steps) to 1 (the last step)");
        given(measure, "measuring", "a rule such as (task, outcome) -> Math.abs(outcome[0] - task.value(0))");
        return new Family(Copy.with(Copy.with(Copy.with(parts, "measureName", given(name, "measuring", "a name")), "measuredFrom", from),
            "measure", measure));
    }

    @Override
    public Family register() {
        needed(parts.machine, "what moves", ".dynamics(task -> …), .body(task -> …) or .machine(task -> …)");
        needed(parts.rule, "what is rewarded", ".paying((task, outcome, action) -> …)");
        Families.register(this);
        return this;
    }

    @Override
    public String name() {
        return parts.name;
    }

    @Override
    public String description() {
        return parts.description != null ? parts.description : TaskFamily.super.description();
    }

    @Override
    public List<Parameter> parameters() {
        return parts.parameters;
    }

    @Override
    public synchronized int horizon() {
        if (parts.horizon > 0) return parts.horizon;
        if (machineHorizon == 0) {
            try (Environment environment = made(Fingerprint.tasks(this).get(0))) {
                machineHorizon = environment.horizon();
            }
        }
        return machineHorizon;
    }

    @Override
    public Environment environment(Task task) {
        Environment environment = made(task);
        if (environment.horizon() < parts.horizon) {
            int own = environment.horizon();
            environment.close();
            throw new IllegalStateException("the episodes of the family '" + name() + "' last " + parts.horizon
                + " steps, but its machine ends them after " + own + ": say .lasting(" + own + ") or less, or give the machine more steps");
        }
        return environment;
    }

    private Environment made(Task task) {
        Environment environment = needed(parts.machine, "what moves", ".dynamics(task -> …), .body(task -> …) or .machine(task -> …)")
            .of(task, parts.horizon);
        if (environment == null)
            throw new IllegalStateException(
                "the machine of the family '" + name() + "' gave null for " + task + ", expected an environment");
        return environment;
    }

    @Override
    public double reward(Task task, double[] outcome, double[] action) {
        return asked(needed(parts.rule, "what is rewarded", ".paying((task, outcome, action) -> …)"), task, outcome, action);
    }

    @Override
    public boolean showsOutcome() {
        return parts.shown != null;
    }

    @Override
    public double[] outcome(double[] observation, double[] action, double[] next) {
        return parts.shown == null ? TaskFamily.super.outcome(observation, action, next) : parts.shown.outcome(observation, action, next);
    }

    @Override
    public boolean endsByTask() {
        return parts.end != null;
    }

    @Override
    public boolean ends(Task task, double[] outcome) {
        return parts.end == null ? TaskFamily.super.ends(task, outcome) : parts.end.test(task, outcome);
    }

    @Override
    public boolean isShaped() {
        return parts.shaping != null;
    }

    @Override
    public double shapedReward(Task task, double[] outcome, double[] action) {
        return parts.shaping == null ? reward(task, outcome, action) : asked(parts.shaping, task, outcome, action);
    }

    private double asked(Rule rule, Task task, double[] outcome, double[] action) {
        try {
            return rule.reward(task, outcome, action);
        } catch (ArrayIndexOutOfBoundsException e) {
            throw new IllegalStateException("the reward of the family '" + name() + "' asks for an entry that is not there: outcomes have "
                + outcome.length + " entries, actions " + action.length + ". " + e.getMessage(), e);
        }
    }

    @Override
    public String measureName() {
        return parts.measure != null ? parts.measureName : TaskFamily.super.measureName();
    }

    @Override
    public double measure(Task task, double[][] outcomes, double[][] actions) {
        return parts.measure == null ? TaskFamily.super.measure(task, outcomes, actions) : measure(outcomes, t -> task);
    }

    /** The measure of an episode in which every step has a task; there is one to ask for if the family {@link #hasMeasure}. */
    double measure(double[][] outcomes, IntFunction<Task> tasks) {
        int from = Math.min(outcomes.length - 1, (int) (parts.measuredFrom * outcomes.length));
        return IntStream.range(Math.max(0, from), outcomes.length).mapToDouble(t -> parts.measure.of(tasks.apply(t), outcomes[t])).average()
            .orElse(Double.NaN);
    }

    boolean hasMeasure() {
        return parts.measure != null;
    }

    @Override
    public Optional<Task> nominal() {
        return Optional.ofNullable(parts.nominal).map(this::task);
    }

    @Override
    public List<Task> sample(int count, RandomGenerator random) {
        Task.requireRoom(this, count);
        return parts.sampler == null ? TaskFamily.super.sample(count, random) : parts.sampler.draw(this, count, random);
    }

    /** What a few steps in three tasks lead to and pay, as eight hexadecimal digits; none for a family that comes with the toolkit. */
    @Override
    public synchronized String fingerprint() {
        if (fingerprint == null) fingerprint = Families.isShipped(this) ? "" : Fingerprint.of(this);
        return fingerprint;
    }

    @Override
    public boolean equals(Object o) {
        return this == o || o instanceof Family other && name().equals(other.name()) && fingerprint().equals(other.fingerprint());
    }

    @Override
    public int hashCode() {
        return name().hashCode();
    }

    @Override
    public String toString() {
        return name();
    }
}
