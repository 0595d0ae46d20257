package metarl.task;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The tasks of another family in environments that differ; what is not said otherwise is as there. */
abstract class DerivedFamily implements TaskFamily {
    final TaskFamily inner;
    private final String suffix, note;

    DerivedFamily(TaskFamily inner, String suffix, String note) {
        this.inner = inner;
        this.suffix = suffix;
        this.note = note;
    }

    @Override
    public String name() {
        return inner.name() + "-" + suffix;
    }

    @Override
    public String description() {
        return inner.description() + " " + note;
    }

    @Override
    public List<Parameter> parameters() {
        return inner.parameters();
    }

    @Override
    public int horizon() {
        return inner.horizon();
    }

    @Override
    public double reward(Task task, double[] outcome, double[] action) {
        return inner.reward(task, outcome, action);
    }

    @Override
    public boolean endsByTask() {
        return inner.endsByTask();
    }

    @Override
    public boolean ends(Task task, double[] outcome) {
        return inner.ends(task, outcome);
    }

    @Override
    public boolean isShaped() {
        return inner.isShaped();
    }

    @Override
    public double shapedReward(Task task, double[] outcome, double[] action) {
        return inner.shapedReward(task, outcome, action);
    }

    @Override
    public String measureName() {
        return inner.measureName();
    }

    @Override
    public List<Task> sample(int count, RandomGenerator random) {
        return inner.sample(count, random).stream().map(this::ours).toList();
    }

    @Override
    public Optional<Task> nominal() {
        return inner.nominal().map(this::ours);
    }

    private Task ours(Task task) {
        return new Task(this, task.values());
    }

    @Override
    public boolean equals(Object o) {
        return this == o || o instanceof DerivedFamily other && getClass() == other.getClass() && suffix.equals(other.suffix)
            && inner.equals(other.inner) && fingerprint().equals(other.fingerprint());
    }

    @Override
    public int hashCode() {
        return Objects.hash(inner, suffix);
    }

    @Override
    public String toString() {
        return name();
    }
}
