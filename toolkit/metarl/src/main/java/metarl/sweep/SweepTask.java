package metarl.sweep;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import metarl.basics.Require;
import metarl.env.Lockstep;
import metarl.train.MetaTraining;
import metarl.train.StoredTraining;

/**
 * One run of a sweep as plain data: what a worker needs to do it, in whatever Java process has the toolkit's jar and sees the folder.
 *
 * @param index its number in the sweep
 * @param name for people: method, task set and seed
 * @param folder the run's folder, from the root
 * @param algorithm the full name of the class of the algorithm
 * @param description the training as text
 */
public record SweepTask(int index, String name, String folder, String algorithm, String description) implements Serializable {
    private static final long serialVersionUID = 1L;
    /** What the cells of a notebook define cannot be made of a text: it waits here for the threads of this process. */
    private static final Map<SweepTask, MetaTraining> KNOWN_HERE = new ConcurrentHashMap<>();

    /** Checks that it is there. */
    public SweepTask {
        Require.that(index >= 0, "index", index, "0 or more");
        for (String part : new String[] {name, folder, algorithm, description})
            Require.that(part != null && !part.isBlank(), "a part of the task", part, "name, folder, class and description");
    }

    static SweepTask of(int index, String name, MetaTraining training) {
        return new SweepTask(index, name, training.folder().toString(), training.algorithm().getClass().getName(),
            StoredTraining.text(training));
    }

    void knownHere(MetaTraining training) {
        KNOWN_HERE.put(this, training);
    }

    void forgotten() {
        KNOWN_HERE.remove(this);
    }

    /** Does the run on this thread alone, or what is left of it, and returns what it came to. An error of the run is told, not thrown. */
    public SweepOutcome run() {
        return run(1);
    }

    /**
     * The same with several cores for its episodes, which changes no number.
     *
     * @param cores at least 1
     */
    public SweepOutcome run(int cores) {
        return Lockstep.limited(cores, () -> new SweepRun(index, Path.of(folder)).run(this::training));
    }

    private MetaTraining training() {
        MetaTraining here = KNOWN_HERE.get(this);
        if (here != null) return here;
        StoredTraining.register(algorithm);
        return StoredTraining.read(description, Path.of(folder));
    }
}
