package metarl.agent.gradient;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import metarl.agent.Evidence;
import metarl.basics.Figures;
import metarl.basics.Require;
import metarl.chart.Chart;
import metarl.chart.HeatMap;
import metarl.data.Trajectory;
import metarl.env.Step;
import metarl.task.Task;
import metarl.task.TaskSet;

/**
 * What the attention of a {@link Snail} policy took from each element of a trial. The t-th element is the observation before the t-th step,
 * with what was done and paid in the step before; row t of the weights α says how much each element up to t counted when the t-th action
 * was chosen.
 *
 * <p>Evaluations log, of the last layer and as means over the trial, {@code looksBack}: Σ_s α_ts (t − s), how many steps ago; and
 * {@code looksAt}: exp(−Σ_s α_ts log α_ts), at how many elements, from 1 (one alone) to t (all alike).
 *
 * @param layers α of each attention, from the input on: {@code layers.get(l)[t][s]}, rows that sum to 1, 0 for s above t
 * @param trial the episodes of the trial, in order
 * @param elements what each element tells, such as "3: arm 2, 1"
 */
public record AttentionToPast(List<float[][]> layers, List<Trajectory> trial, List<String> elements) implements Evidence {
    static AttentionToPast of(List<float[][]> layers, List<Trajectory> trial, boolean choices) {
        var elements = new ArrayList<String>(List.of("1: nothing"));
        for (Trajectory episode : trial)
            for (int t = 0; t < episode.length(); t++) elements.add(told(elements.size() + 1, episode.action(t), episode.step(t), choices));
        return new AttentionToPast(layers, List.copyOf(trial), elements.subList(0, elements.size() - 1));
    }

    private static String told(int number, double[] action, Step step, boolean choice) {
        String done = choice ? String.format(Locale.ROOT, "action %.0f, ", action[0]) : "";
        return number + ": " + done + "reward " + Figures.number(step.reward(), 2);
    }

    /** Steps of the trial. */
    public int length() {
        return elements.size();
    }

    @Override
    public Map<String, Double> numbers() {
        double back = 0, at = 0;
        float[][] last = layers.get(layers.size() - 1);
        for (int t = 0; t < last.length; t++) {
            double entropy = 0;
            for (int s = 0; s <= t; s++) {
                back += (double) last[t][s] * (t - s) / last.length;
                if (last[t][s] > 0) entropy -= last[t][s] * Math.log(last[t][s]);
            }
            at += Math.exp(entropy) / last.length;
        }
        var numbers = new LinkedHashMap<String, Double>();
        numbers.put("looksBack", back);
        numbers.put("looksAt", at);
        return numbers;
    }

    @Override
    public String sentence() {
        Map<String, Double> numbers = numbers();
        return "The parameters of the network did not change; over " + length() + " steps the attention looked "
            + Figures.number(numbers.get("looksBack"), 2)
            + " steps back and was spread over " + Figures.number(numbers.get("looksAt"), 2) + " elements, on average.";
    }

    /** The last attention: rows are the steps that look, columns the elements that are looked at. */
    @Override
    public Optional<Chart> chart(TaskSet tasks, Task adaptedTo) {
        return Optional.of(heatMap(layers.size(), "What the attention takes from a trial on " + adaptedTo.label()).chart());
    }

    /**
     * One attention as a picture, in fair shares: t α_ts, which is 1 everywhere in row t if all of its t elements count alike. What lies in
     * the future is blank.
     *
     * @param layer 1 for the first
     */
    public HeatMap heatMap(int layer, String title) {
        Require.that(layer >= 1 && layer <= layers.size(), "layer", layer, "1 to " + layers.size());
        double[][] values = Arrays.stream(layers.get(layer - 1)).map(AttentionToPast::wide).toArray(double[][]::new);
        for (int t = 0; t < values.length; t++) {
            for (int s = 0; s <= t; s++) values[t][s] *= t + 1;
            Arrays.fill(values[t], t + 1, values.length, Double.NaN);
        }
        String[] steps = IntStream.rangeClosed(1, length()).mapToObj(Integer::toString).toArray(String[]::new);
        return HeatMap.of(title, "element that is looked at", "what a step has just learned when it looks", steps,
            elements.toArray(String[]::new), values,
            "attention, in fair shares");
    }

    private static double[] wide(float[] row) {
        return IntStream.range(0, row.length).mapToDouble(s -> row[s]).toArray();
    }
}
