package metarl.spark;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import metarl.diagnose.log.StreamedWeights;
import metarl.diagnose.log.StreamedWeightsReader;

/**
 * {@link SparkWeights} from a command line, as for {@code spark-submit}:
 *
 * <pre>
 * spark-submit --master spark://host:7077 --jars local:/shared/metarl-diagnose.jar,… --class metarl.spark.Main metarl-spark.jar \
 *     's3://logs/2026-*.parquet' --reward click --propensity p_old --target-propensity p_new --clip 10 --group country --drop-bad
 * </pre>
 */
public final class Main {
    private static final String USAGE = "expected LOG [--reward COLUMN] [--propensity COLUMN] [--target-propensity COLUMN] "
        + "[--weight COLUMN] [--without-reward] [--group COLUMN] [--clip NUMBER] [--densities] [--drop-bad] "
        + "[--calibrate PROBABILITY LABEL] [--expect ROWS]";

    private Main() {}

    /** Prints the report, or why there is none, and then exits with 1. */
    public static void main(String... arguments) {
        try {
            SparkReport report = weights(new ArrayDeque<>(List.of(arguments))).report();
            System.out.println(report + "\n" + report.summary().print());
            if (!report.weights().groups().isEmpty()) System.out.println(report.weights().essByGroup().print());
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    /** @throws IllegalArgumentException if the arguments are not as {@link #USAGE} says */
    static SparkWeights weights(Deque<String> arguments) {
        if (arguments.isEmpty() || arguments.peek().startsWith("--")) throw new IllegalArgumentException("no log is named; " + USAGE);
        String log = arguments.pop();
        StreamedWeightsReader reader = StreamedWeights.reader();
        String probability = null, label = null;
        long rows = 0;
        while (!arguments.isEmpty()) {
            String option = arguments.pop();
            switch (option) {
                case "--reward" -> reader = reader.reward(value(option, arguments));
                case "--propensity" -> reader = reader.propensity(value(option, arguments));
                case "--target-propensity" -> reader = reader.targetPropensity(value(option, arguments));
                case "--weight" -> reader = reader.weight(value(option, arguments));
                case "--without-reward" -> reader = reader.withoutReward();
                case "--group" -> reader = reader.group(value(option, arguments));
                case "--clip" -> reader = reader.clip(number(option, arguments));
                case "--densities" -> reader = reader.densities();
                case "--drop-bad" -> reader = reader.dropBad();
                case "--calibrate" -> {
                    probability = value(option, arguments);
                    label = value(option, arguments);
                }
                case "--expect" -> rows = (long) number(option, arguments);
                default -> throw new IllegalArgumentException("'" + option + "' is no option; " + USAGE);
            }
        }
        SparkWeights weights = SparkWeights.of(log).by(reader);
        if (probability != null) weights = weights.calibrating(probability, label);
        return rows == 0 ? weights : weights.expecting(rows);
    }

    private static String value(String option, Deque<String> arguments) {
        if (arguments.isEmpty()) throw new IllegalArgumentException(option + " has no value; " + USAGE);
        return arguments.pop();
    }

    private static double number(String option, Deque<String> arguments) {
        String text = value(option, arguments);
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " is '" + text + "'; expected a number", e);
        }
    }
}
