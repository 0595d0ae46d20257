package metarl.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import metarl.agent.Algorithm;
import metarl.agent.Algorithms;

/**
 * A training as text, from which another Java process makes it again: the settings and the values of all tasks, but neither folder nor
 * listeners. It is what {@code run.json} begins with.
 */
public final class StoredTraining {
    private StoredTraining() {}

    /**
     * The text.
     *
     * @throws IllegalArgumentException if the algorithm is no record, or continues another run
     */
    public static String text(MetaTraining training) {
        if (training.start() != null)
            throw new IllegalArgumentException("a training with startFrom(…) cannot be stored by itself: the networks of a different run "
                + "are no settings. Leave startFrom out.");
        try {
            var node = RunDescription.begin(RunDescription.knobs(training));
            node.put("steps", training.steps());
            return new String(RunDescription.text(node), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The training of a text, to be kept in this folder.
     *
     * @throws IllegalArgumentException if it is damaged, or names a method or a family that is not known here; the message says which
     */
    public static MetaTraining read(String text, Path folder) {
        try {
            return RunDescription.parse(text.getBytes(StandardCharsets.UTF_8)).training(folder);
        } catch (RunDescription.Damaged e) {
            throw new IllegalArgumentException("the training that is stored for " + folder + " cannot be made here: " + e.getMessage(), e);
        }
    }

    /**
     * What stands against resuming the run in the training's folder: every knob that was asked for otherwise, as "batchSize was 16, now
     * 32", and a run that has come further than is asked for now. Empty if there is nothing, or no run yet.
     *
     * @throws IllegalStateException if the run's description is damaged
     */
    public static List<String> differences(MetaTraining training) {
        var folder = new RunFolder(training.folder());
        if (!folder.exists()) return List.of();
        RunDescription stored = folder.read();
        List<String> differences = stored.differences(RunDescription.knobs(training));
        if (stored.step() > training.steps() && stored.json().path("steps").asLong() != training.steps())
            differences.add("steps was " + stored.json().path("steps").asLong() + ", now " + training.steps());
        return differences;
    }

    /**
     * Refuses what exists in this Java process alone, as what a notebook's cell defines does.
     *
     * @throws IllegalArgumentException if another process cannot make this training of its {@link #text}
     */
    public static void requireFoundAnywhere(MetaTraining training) {
        Class<? extends Algorithm> type = training.algorithm().getClass();
        if (!isFoundAnywhere(type))
            throw new IllegalArgumentException("the algorithm " + training.algorithm().name() + " is known to this Java process alone: "
                + "other workers cannot make it. Run it on threads of this one, or put its class into a jar that all of them have.");
        if (!training.tasks().family().isFoundAnywhere())
            throw new IllegalArgumentException("the task family " + training.tasks().family().name() + " is known to this Java process "
                + "alone: other workers cannot make it. Run it on threads of this one, or put it into a jar with a catalogue "
                + "(metarl.task.Catalogue) that all of them have.");
        MetaTraining read = read(text(training), Path.of("elsewhere"));
        if (!read.algorithm().equals(training.algorithm()) || !read.tasks().equals(training.tasks()))
            throw new IllegalArgumentException(training.algorithm().name() + " on " + training.tasks().family().name()
                + " does not come back from its stored text as it was; it can be run on threads of this process only.");
    }

    private static boolean isFoundAnywhere(Class<?> type) {
        try {
            return Class.forName(type.getName(), false, Algorithm.class.getClassLoader()) == type;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /**
     * Makes a method known by the full name of its class, as it must be before {@link #read} of a method that does not ship.
     *
     * @throws IllegalArgumentException if this process does not have the class
     */
    public static void register(String className) {
        try {
            Algorithms.register(Class.forName(className, true, loader()).asSubclass(Algorithm.class));
        } catch (ClassNotFoundException | ClassCastException e) {
            throw new IllegalArgumentException("the algorithm " + className + " is not known to this Java process; put the jar that holds "
                + "it on the class path of all workers.", e);
        }
    }

    private static ClassLoader loader() {
        ClassLoader ofThread = Thread.currentThread().getContextClassLoader();
        return ofThread == null ? Algorithm.class.getClassLoader() : ofThread;
    }
}
