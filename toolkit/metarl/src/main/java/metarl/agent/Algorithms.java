package metarl.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The methods that a stored run can be read with, by the name of their record: those that ship, and a user's own once they have been
 * trained with or registered.
 */
public final class Algorithms {
    private static final Map<String, Class<? extends Algorithm>> KNOWN = new TreeMap<>();

    static {
        for (String name : shipped()) {
            try {
                register(Class.forName(name).asSubclass(Algorithm.class));
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(
                    "the toolkit's jar names the method " + name + ", but does not hold it; build it again with ./metarl setup", e);
            }
        }
    }

    private Algorithms() {}

    /** Listed in a resource, so that the contract knows none of the methods that keep it. */
    private static List<String> shipped() {
        try (InputStream in = Algorithms.class.getResourceAsStream("/metarl/algorithms")) {
            if (in == null)
                throw new IllegalStateException("metarl/algorithms is missing from the toolkit's jar; build it again with ./metarl setup");
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> !line.isBlank()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Makes a method known, so that its stored runs can be loaded; of two with one name the newest counts.
     *
     * @param algorithm a record
     * @throws IllegalArgumentException if it is no record
     */
    public static synchronized void register(Class<? extends Algorithm> algorithm) {
        requireRecord(algorithm);
        KNOWN.put(algorithm.getSimpleName(), algorithm);
    }

    /** Refuses what cannot be stored: only the components of a record say what the settings are. */
    public static void requireRecord(Class<? extends Algorithm> algorithm) {
        if (algorithm.isRecord()) return;
        throw new IllegalArgumentException("the algorithm " + algorithm.getName() + " is no record, so that its settings cannot be stored. "
            + "Write it as a record, such as: record MyMethod(double rate) implements Algorithm { … }");
    }

    /** The known names. */
    public static synchronized List<String> names() {
        return List.copyOf(KNOWN.keySet());
    }

    /**
     * The record of this name.
     *
     * @throws IllegalArgumentException if there is none; the message says what to do
     */
    public static synchronized Class<? extends Algorithm> named(String name) {
        Class<? extends Algorithm> found = KNOWN.get(name);
        if (found != null) return found;
        throw new IllegalArgumentException(
            "the algorithm is '" + name + "', which is not known here (known are " + String.join(", ", KNOWN.keySet())
                + "). If it is one of your own, run the cell that defines it, and load with its class: MetaRun.load(folder, " + name
                + ".class)");
    }
}
