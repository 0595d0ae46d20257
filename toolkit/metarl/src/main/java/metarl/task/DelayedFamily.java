package metarl.task;

import java.util.List;
import java.util.random.RandomGenerator;
import metarl.env.Environment;
import metarl.env.wrapper.DelayedReward;

/** The tasks of another family with rewards paid late; see {@link TaskFamily#delayed}. */
record DelayedFamily(TaskFamily prompt, int delay) implements TaskFamily {
    DelayedFamily {
        if (delay < 1) throw new IllegalArgumentException("delay is " + delay + ", expected at least 1 step");
    }

    @Override
    public String name() {
        return prompt.name() + "-delayed-" + delay;
    }

    @Override
    public String description() {
        return prompt.description() + " Rewards are paid every " + delay + " steps.";
    }

    @Override
    public List<Parameter> parameters() {
        return prompt.parameters();
    }

    @Override
    public int horizon() {
        return prompt.horizon();
    }

    @Override
    public Environment environment(Task task) {
        return new DelayedReward(prompt.environment(task), delay);
    }

    @Override
    public double reward(Task task, double[] outcome, double[] action) {
        return prompt.reward(task, outcome, action);
    }

    @Override
    public String measureName() {
        return prompt.measureName();
    }

    @Override
    public double measure(Task task, double[][] outcomes) {
        return prompt.measure(task, outcomes);
    }

    @Override
    public List<Task> sample(int count, RandomGenerator random) {
        return prompt.sample(count, random).stream().map(task -> new Task(this, task.values())).toList();
    }
}
