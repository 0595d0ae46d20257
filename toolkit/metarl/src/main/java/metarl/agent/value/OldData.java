package metarl.agent.value;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import metarl.agent.Evidence;
import metarl.basics.Figures;
import metarl.chart.Axis;
import metarl.chart.Chart;
import metarl.chart.Panel;
import metarl.chart.Series;
import metarl.diagnose.weights.Ess;
import metarl.diagnose.weights.ImportanceWeights;
import metarl.task.Task;
import metarl.task.TaskSet;

/**
 * What an adaptation took from the transitions of the train tasks, and how far it trusted them (MQL, eq. 19). Evaluations log ESS/n of the
 * weights as used under {@code ess} and λ under {@code lambda}.
 *
 * @param weights β = p_new/p_old of old transitions, as they were used
 * @param rawEss effective sample size of the weights before clipping
 * @param ess effective sample size of the weights as used
 * @param taskWeights the mean β of each train task's transitions: which old tasks were worth most; NaN for a task without data
 * @param proximalCoefficient λ, the strength of the pull to the meta-trained networks
 * @param newTaskUpdates updates on the new task's own episodes (eq. 18 of MQL); they come first
 * @param replayUpdates updates on old data (eq. 19 of MQL)
 */
public record OldData(ImportanceWeights weights, Ess rawEss, Ess ess, double[] taskWeights, double proximalCoefficient, int newTaskUpdates,
    int replayUpdates) implements Evidence {
    @Override
    public Map<String, Double> numbers() {
        return inOrder(List.of("ess", "lambda"), ess.fraction(), proximalCoefficient);
    }

    @Override
    public String sentence() {
        return ess.sentence();
    }

    @Override
    public Map<String, Double> details() {
        double mean = Arrays.stream(weights.values()).sum() / ess.n();
        return inOrder(List.of("old transitions judged", "ESS as used", "ESS / n as used", "ESS / n before clipping", "mean weight",
            "proximal coefficient λ", "updates on the new task", "updates on old data"), ess.n(), ess.value(), ess.fraction(),
            rawEss.fraction(),
            mean, proximalCoefficient, newTaskUpdates, replayUpdates);
    }

    private static Map<String, Double> inOrder(List<String> names, double... values) {
        var numbers = new LinkedHashMap<String, Double>();
        for (int i = 0; i < values.length; i++) numbers.put(names.get(i), values[i]);
        return numbers;
    }

    /** The train tasks with old data, by number, the most valuable first. */
    public int[] mostValuableTasks() {
        return IntStream.range(0, taskWeights.length).filter(i -> !Double.isNaN(taskWeights[i])).boxed()
            .sorted((a, b) -> Double.compare(taskWeights[b], taskWeights[a])).mapToInt(i -> i).toArray();
    }

    /** The mean weight of each train task's old transitions against the first parameter of the task, and where the new task stands. */
    @Override
    public Optional<Chart> chart(TaskSet tasks, Task adaptedTo) {
        int[] used = mostValuableTasks();
        double[] x = Arrays.stream(used).mapToDouble(i -> tasks.train().get(i).value(0)).toArray();
        double[] y = Arrays.stream(used).mapToDouble(i -> taskWeights[i]).toArray();
        double top = Arrays.stream(y).max().orElse(1), here = adaptedTo.value(0);
        String title = "Adapting to " + adaptedTo.label() + ": ESS/n " + Figures.percent(ess.fraction()) + ", λ = "
            + Figures.number(proximalCoefficient, 2);
        String label = tasks.family().parameters().get(0).label();
        return Optional.of(new Chart(new Panel(title, Axis.of(label + " of the old task"), Axis.of("mean weight of its transitions"),
            List.of(Series.points("old tasks", x, y),
                new Series("new task", new double[] {here, here}, new double[] {0, top}, Series.Style.REFERENCE)))));
    }
}
