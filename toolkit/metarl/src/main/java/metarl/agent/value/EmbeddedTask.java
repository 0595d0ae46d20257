package metarl.agent.value;

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
import metarl.chart.Axis;
import metarl.chart.Chart;
import metarl.chart.Panel;
import metarl.chart.Series;
import metarl.task.Task;
import metarl.task.TaskSet;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;

/**
 * Where HiP-BMDP puts a new task among its train tasks: an embedding, and how well it foretells the task's own steps. Evaluations log the
 * mean squared error of foretold changes under {@code error}, and that of the mean embedding under {@code errorOfMean}; a change counts in
 * units of its deviation where states are not encoded, else in those of the encoder.
 *
 * <pre>{@code
 * var embedded = run.adapt(task, 1, seed).evidence(EmbeddedTask.class);
 * embedded.train()                                   // θ of every train task
 * embedded.coordinates(1)                            // their place on the axis along which they differ most
 * embedded.chart(run.tasks(), task).get()            // that place against the true parameter
 * }</pre>
 *
 * @param train θ_i of every train task
 * @param embedding θ of the new task
 * @param steps of the new task that were seen
 * @param updates of its embedding; 0: it is the mean of the others
 * @param errorOfMean error of foretold changes with the mean embedding; NaN where no step was seen
 * @param error the same with its own
 */
public record EmbeddedTask(double[][] train, double[] embedding, int steps, int updates, double errorOfMean, double error)
    implements Evidence {
    private static final double SMALL = 1e-12;

    /** Checks the sizes and keeps copies. */
    public EmbeddedTask {
        Require.that(train.length >= 1, "the number of train tasks", train.length, "at least 1");
        train = Arrays.stream(train).map(double[]::clone).toArray(double[][]::new);
        for (double[] one : train)
            Require.that(one.length == embedding.length, "the size of a train task's embedding", one.length, "" + embedding.length);
        embedding = embedding.clone();
    }

    /** ‖θ_i − θ_j‖ of two train tasks. */
    public double distance(int i, int j) {
        return distance(train[i], train[j]);
    }

    private static double distance(double[] one, double[] other) {
        return Math.sqrt(IntStream.range(0, one.length).mapToDouble(k -> (one[k] - other[k]) * (one[k] - other[k])).sum());
    }

    /** The train task whose embedding is nearest to the new one's. */
    public int nearest() {
        int nearest = 0;
        for (int i = 1; i < train.length; i++)
            if (distance(train[i], embedding) < distance(train[nearest], embedding)) nearest = i;
        return nearest;
    }

    /**
     * Places on the axes along which the embeddings of the train tasks differ most (their principal components), the first axis first: a
     * row for each train task, then one for the new task. The mean of the train tasks is at 0, and the first of them is not above it.
     *
     * @param axes how many, at most as many as there are train tasks and numbers in θ
     */
    public double[][] coordinates(int axes) {
        int n = train.length, size = embedding.length, most = Math.min(n, size);
        Require.that(axes >= 1 && axes <= most, "axes", axes, "1 to " + most + ", for " + n + " train tasks with embeddings of " + size);
        double[] mean = new double[size];
        for (double[] one : train) for (int k = 0; k < size; k++) mean[k] += one[k] / n;
        double[][] all = new double[n + 1][size];
        for (int i = 0; i <= n; i++) for (int k = 0; k < size; k++) all[i][k] = (i < n ? train[i] : embedding)[k] - mean[k];
        RealMatrix centred = MatrixUtils.createRealMatrix(all), known = centred.getSubMatrix(0, n - 1, 0, size - 1);
        var found = new EigenDecompositionSymmetric(known.transposeMultiply(known), SMALL, true);
        double[][] places = new double[n + 1][axes];
        for (int k = 0; k < axes; k++) {
            double[] axis = centred.operate(found.getEigenvector(k).toArray());
            double sign = axis[0] > 0 ? -1 : 1;
            for (int i = 0; i <= n; i++) places[i][k] = sign * axis[i];
        }
        return places;
    }

    @Override
    public Map<String, Double> numbers() {
        var numbers = new LinkedHashMap<String, Double>();
        if (steps > 0) {
            numbers.put("error", error);
            numbers.put("errorOfMean", errorOfMean);
        }
        return numbers;
    }

    @Override
    public String sentence() {
        if (steps == 0) return "the mean embedding of " + train.length + " train tasks: no step of this task was seen";
        String seen = steps == 1 ? "1 step" : String.format(Locale.ROOT, "%,d steps", steps);
        if (updates == 0) return "the mean embedding of " + train.length + " train tasks: its error of prediction on " + seen
            + " is " + Figures.number(error, 2);
        return "an embedding fitted to " + seen + ": its error of prediction is " + Figures.number(error, 2)
            + ", with the mean embedding " + Figures.number(errorOfMean, 2);
    }

    @Override
    public Map<String, Double> details() {
        var details = new LinkedHashMap<String, Double>();
        details.put("steps of the task", (double) steps);
        details.put("updates of its embedding", (double) updates);
        if (steps > 0) {
            details.put("error with the mean embedding", errorOfMean);
            details.put("error with its embedding", error);
        }
        details.put("number of the nearest train task", (double) nearest());
        details.put("distance to it", distance(train[nearest()], embedding));
        return details;
    }

    /** The first coordinate of every task against its first parameter. */
    @Override
    public Optional<Chart> chart(TaskSet tasks, Task adaptedTo) {
        if (tasks.train().size() != train.length) return Optional.empty();
        int n = train.length;
        double[][] places = coordinates(1);
        double[] x = IntStream.range(0, n).mapToDouble(i -> tasks.train().get(i).value(0)).toArray(),
            y = IntStream.range(0, n).mapToDouble(i -> places[i][0]).toArray();
        return Optional.of(new Chart(new Panel("Embeddings of the tasks, and of " + adaptedTo.label(),
            Axis.of(tasks.family().parameters().get(0).label()), Axis.of("first coordinate of the embedding"),
            List.of(Series.points("train tasks", x, y),
                Series.points("new task", new double[] {adaptedTo.value(0)}, new double[] {places[n][0]})))));
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof EmbeddedTask e && Arrays.deepEquals(train, e.train) && Arrays.equals(embedding, e.embedding)
            && numbers().equals(e.numbers());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(embedding);
    }
}
