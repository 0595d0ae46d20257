package metarl.agent;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A setting that is a rule instead of a number: an interface of its own with a record for each rule, such as
 * {@link metarl.agent.hindsight.Relabeller}. A run is stored with the name of the record and its components.
 *
 * <p>Rules that ship are nested in their interface. One's own is found by its name once it was trained with or registered.
 */
public interface Rule {
    /**
     * Makes a rule known, so that runs with it can be loaded; of two with one name the newest counts.
     *
     * @throws IllegalArgumentException if it is no record
     */
    static void register(Class<? extends Rule> rule) {
        if (!rule.isRecord())
            throw new IllegalArgumentException(
                "the rule " + rule.getName() + " is no record, so that a run with it cannot be stored. Write "
                    + "it as a record, such as: record MyRule(double above) implements …");
        Known.RULES.put(rule.getSimpleName(), rule);
    }

    /**
     * The record of this name.
     *
     * @param kind the interface of the rule
     * @throws IllegalArgumentException if there is none; the message says what to do
     */
    static <R extends Rule> Class<? extends R> named(Class<R> kind, String name) {
        Map<String, Class<?>> known = Stream.concat(Arrays.stream(kind.getDeclaredClasses()), Known.RULES.values().stream())
            .filter(c -> c.isRecord() && kind.isAssignableFrom(c))
            .collect(Collectors.toMap(Class::getSimpleName, c -> c, (one, other) -> other, TreeMap::new));
        if (known.containsKey(name)) return known.get(name).asSubclass(kind);
        throw new IllegalArgumentException("the rule is '" + name + "', which is not known here (known are "
            + String.join(", ", known.keySet()) + "). If it is one of your own, run the cell that defines it, and Rule.register(" + name
            + ".class)");
    }

    /** The rules that were registered. */
    final class Known {
        private static final Map<String, Class<? extends Rule>> RULES = new ConcurrentSkipListMap<>();

        private Known() {}
    }
}
