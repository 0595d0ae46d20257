package metarl.agent;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import metarl.chart.Chart;
import metarl.task.Task;
import metarl.task.TaskSet;

/**
 * What an adaptation rests on, and how far it can be trusted: importance weights of old data, a posterior, the error of a model. An
 * evaluation logs the numbers under their names; a notebook shows sentence, table and chart.
 */
public interface Evidence {
    /** Nothing: no data but the new task's own episodes. */
    Evidence NONE = of(Map.of(), "");

    /** A few numbers by the names under which they are logged, such as {@code ess}, in the order in which they are shown. */
    Map<String, Double> numbers();

    /** One of these numbers; NaN where there is none of this name. */
    default double number(String name) {
        return numbers().getOrDefault(name, Double.NaN);
    }

    /** What they mean, in a sentence; empty if there is nothing to say. */
    String sentence();

    /** All numbers worth showing, by name: those that are logged, or more. */
    default Map<String, Double> details() {
        return numbers();
    }

    /** A picture, where people would rather look than read. */
    default Optional<Chart> chart(TaskSet tasks, Task adaptedTo) {
        return Optional.empty();
    }

    /** Numbers and a sentence. */
    static Evidence of(Map<String, Double> numbers, String sentence) {
        /** As they are given. */
        record Told(Map<String, Double> numbers, String sentence) implements Evidence {
            @Override
            public String toString() {
                return sentence.isEmpty() ? numbers.toString() : sentence;
            }
        }
        return new Told(new LinkedHashMap<>(numbers), sentence);
    }
}
