package metarl.task;

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import metarl.basics.RandomStream;
import metarl.env.Environment;
import metarl.env.Space;
import metarl.env.Step;

/**
 * An episode that happens again as it was recorded, whatever is done: shows what a wrapper makes of actions and rewards. Nothing is seen.
 */
final class Recording implements Environment {
    private final Sizes sizes;
    private final double[][] outcomes, received;
    private final double[] rewards;
    private int steps;

    /** The spaces inside a wrapper, and the horizon with it. */
    record Sizes(Space observations, Space actions, List<String> outcomeNames, int horizon) {
        static Sizes of(TaskFamily inner, UnaryOperator<Environment> wrapper) {
            try (Environment inside = inner.environment(Fingerprint.tasks(inner).get(0))) {
                return new Sizes(inside.observations(), inside.actions(), inside.outcomeNames(), wrapper.apply(inside).horizon());
            }
        }
    }

    Recording(Sizes sizes, double[][] outcomes, double[] rewards) {
        this.sizes = sizes;
        this.outcomes = outcomes;
        this.rewards = rewards;
        received = new double[outcomes.length][];
    }

    /** The rewards that a wrapper pays for these actions. */
    double[] play(UnaryOperator<Environment> wrapper, double[][] actions) {
        if (actions.length == 0) return new double[0];
        Environment wrapped = wrapper.apply(this);
        wrapped.reset(RandomStream.of(0, "recording"));
        return Arrays.stream(actions).mapToDouble(action -> wrapped.step(action).reward()).toArray();
    }

    /** The actions that came through the wrapper. */
    double[][] received() {
        return received;
    }

    @Override
    public Space observations() {
        return sizes.observations;
    }

    @Override
    public Space actions() {
        return sizes.actions;
    }

    @Override
    public int horizon() {
        return outcomes.length;
    }

    @Override
    public List<String> outcomeNames() {
        return sizes.outcomeNames;
    }

    @Override
    public double[] reset(RandomGenerator random) {
        steps = 0;
        return new double[sizes.observations.size()];
    }

    @Override
    public Step step(double[] action) {
        int t = steps++;
        received[t] = sizes.actions.accept(action);
        return new Step(new double[sizes.observations.size()], rewards[t], false, steps == outcomes.length, outcomes[t]);
    }

    @Override
    public void close() {}
}
