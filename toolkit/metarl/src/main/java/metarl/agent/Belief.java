package metarl.agent;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import metarl.basics.Figures;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.chart.Chart;
import metarl.task.Task;
import metarl.task.TaskSet;

/**
 * Evidence that is a belief about the task: a Gaussian over a latent variable z, before the first episode of the task and after each. A
 * policy acts by a z that is drawn from the last one.
 *
 * <p>Evaluations log the divergence from the prior under {@code kl}, the mean deviation under {@code spread}, and {@code episodes}.
 */
public interface Belief extends Evidence {
    /** The beliefs acted by before any episode of the task, after one, after two, and so on. */
    List<LatentGaussian> beliefs();

    /**
     * The policy that takes this z for the truth: what a point of the belief means for what is done. It is valid as long as the adaptation.
     *
     * @throws IllegalArgumentException if z has another size
     */
    Policy policyFor(double... z);

    /** Episodes of the task that it rests on. */
    default int episodes() {
        return beliefs().size() - 1;
    }

    /** The belief after all episodes. */
    default LatentGaussian last() {
        return beliefs().get(episodes());
    }

    /**
     * Values of z that are drawn from the belief after some episodes: with {@link #policyFor}, what the policy would do next.
     *
     * @param episodes how many episodes had been seen, 0 to {@link #episodes()}
     * @param count how many
     */
    default List<double[]> draws(int episodes, int count, long seed) {
        Require.that(episodes >= 0 && episodes <= episodes(), "episodes", episodes, "0 to " + episodes() + ", the episodes it rests on");
        Require.count(count, 0, "count", "0 or more draws");
        var random = RandomStream.of(seed, "draws of z");
        return Stream.generate(() -> beliefs().get(episodes).draw(random)).limit(count).toList();
    }

    @Override
    default Map<String, Double> numbers() {
        var numbers = new LinkedHashMap<String, Double>();
        numbers.put("kl", last().divergence());
        numbers.put("spread", last().spread());
        numbers.put("episodes", (double) episodes());
        return numbers;
    }

    @Override
    default String sentence() {
        String seen = episodes() == 0 ? "no episode yet" : episodes() == 1 ? "1 episode" : episodes() + " episodes";
        return "belief about the task after " + seen + ": mean deviation " + Figures.number(last().spread(), 2) + " (the prior's is 1), "
            + Figures.number(last().divergence(), 2) + " nats from the prior";
    }

    /** What is logged, and mean and deviation of every dimension. */
    @Override
    default Map<String, Double> details() {
        var details = new LinkedHashMap<String, Double>();
        details.put("episodes of the task", (double) episodes());
        details.put("nats from the prior", last().divergence());
        for (int j = 0; j < last().size(); j++) {
            details.put("mean of z" + (j + 1), last().mean()[j]);
            details.put("deviation of z" + (j + 1), last().deviations()[j]);
        }
        return details;
    }

    /** The belief before and after each episode. */
    @Override
    default Optional<Chart> chart(TaskSet tasks, Task adaptedTo) {
        return Optional.of(chart("Belief about " + adaptedTo.label()));
    }

    /**
     * The belief before and after each episode: of a z of two numbers an ellipse each, which holds it with 39 % (1 σ); of others a panel
     * each with an interval of 95 % for every number. Of many episodes the first and the last are shown.
     */
    default Chart chart(String title) {
        return BeliefChart.of(title, beliefs());
    }
}
