package metarl.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import metarl.basics.RandomStream;
import metarl.env.Environment;
import metarl.env.body.Bodies;
import metarl.env.body.Body;

/** A family described part by part, of a simulated body or any other machine. Families are equal when their names are. */
public final class DescribedFamily implements TaskFamily {
    /** The reward of a step in a task. */
    @FunctionalInterface
    public interface Rule {
        double reward(Task task, double[] outcome, double[] action);
    }

    /** What one step says about how well a task is done. */
    @FunctionalInterface
    public interface Measure {
        double of(Task task, double[] outcome);
    }

    private final String name;
    private final List<Parameter> parameters = new ArrayList<>();
    private String description;
    private int horizon;
    private Function<Task, Environment> machine;
    private Rule rule;
    private String measureName;
    private Measure measure;
    /** The share of an episode after which its steps count for the measure; 1 counts only the last step. */
    private double measuredFrom;
    private Function<RandomGenerator, double[]> sampler;
    private double[][] choices;

    private DescribedFamily(String name) {
        this.name = name;
    }

    public static DescribedFamily named(String name) {
        return new DescribedFamily(name);
    }

    public DescribedFamily described(String description) {
        this.description = description;
        return this;
    }

    public DescribedFamily parameter(String name, String unit, double low, double high, Parameter.Changes changes) {
        parameters.add(new Parameter(name, unit, low, high, changes));
        return this;
    }

    public DescribedFamily parameters(List<Parameter> group) {
        parameters.addAll(group);
        return this;
    }

    /** Tasks are drawn by this rule instead of uniformly. */
    public DescribedFamily drawn(Function<RandomGenerator, double[]> sampler) {
        this.sampler = sampler;
        return this;
    }

    /** There are only these tasks, of one parameter: they are dealt in random order, and again from the start if more are asked for. */
    public DescribedFamily among(double... values) {
        return among(Arrays.stream(values).mapToObj(v -> new double[] {v}).toArray(double[][]::new));
    }

    public DescribedFamily among(double[]... tasks) {
        choices = tasks;
        return this;
    }

    public DescribedFamily lasting(int steps) {
        horizon = steps;
        return this;
    }

    public DescribedFamily machine(Function<Task, Environment> machine) {
        this.machine = machine;
        return this;
    }

    public DescribedFamily body(Function<Task, Body> body) {
        return machine(task -> Bodies.find().environment(body.apply(task), horizon, task));
    }

    public DescribedFamily paying(Rule rule) {
        this.rule = rule;
        return this;
    }

    /** The mean of a step's measure over the steps from this share of the episode on. */
    public DescribedFamily measuring(String name, double from, Measure measure) {
        measureName = name;
        measuredFrom = from;
        this.measure = measure;
        return this;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public List<Parameter> parameters() {
        return List.copyOf(parameters);
    }

    @Override
    public int horizon() {
        return horizon;
    }

    @Override
    public Environment environment(Task task) {
        return machine.apply(task);
    }

    @Override
    public double reward(Task task, double[] outcome, double[] action) {
        return rule.reward(task, outcome, action);
    }

    @Override
    public String measureName() {
        return measureName;
    }

    @Override
    public double measure(Task task, double[][] outcomes) {
        int from = Math.min(outcomes.length - 1, (int) (measuredFrom * outcomes.length));
        return Arrays.stream(outcomes, from, outcomes.length).mapToDouble(outcome -> measure.of(task, outcome)).average()
            .orElse(Double.NaN);
    }

    @Override
    public List<Task> sample(int count, RandomGenerator random) {
        Task.requireRoom(this, count);
        if (choices != null) return dealt(count, random);
        if (sampler == null) return TaskFamily.super.sample(count, random);
        var tasks = new ArrayList<Task>();
        for (int i = 0; i < count; i++) tasks.add(task(sampler.apply(random)));
        return tasks;
    }

    private List<Task> dealt(int count, RandomGenerator random) {
        var tasks = new ArrayList<Task>();
        var order = RandomStream.resume(random.nextLong());
        while (tasks.size() < count)
            for (int i : order.permutation(choices.length)) if (tasks.size() < count) tasks.add(task(choices[i]));
        return tasks;
    }

    /** Σ a². */
    public static double squares(double[] action) {
        double sum = 0;
        for (double a : action) sum += a * a;
        return sum;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof DescribedFamily other && name.equals(other.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
