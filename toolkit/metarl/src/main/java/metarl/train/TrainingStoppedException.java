package metarl.train;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Training ended before its last step. The message says why, what was kept and how to go on; the cause is what came in between.
 *
 * <p>Without {@code saveTo}, or where saving failed, the run as far as it came is in {@link #run()}. It is freed with this exception,
 * unless you close it yourself.
 */
public class TrainingStoppedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final transient Kept kept;

    /**
     * What is left of a run that ended early.
     *
     * @param folder where it was kept; null if nothing was saved
     * @param steps environment steps of the checkpoint there
     * @param run the run in memory, or null
     */
    record Kept(Path folder, long steps, MetaRun run) {
        static final Kept NOTHING = new Kept(null, 0, null);
    }

    TrainingStoppedException(String message, Throwable cause, Kept kept) {
        super(message, cause);
        this.kept = kept;
    }

    /** The folder from which the training can go on; empty if nothing was saved. */
    public Optional<Path> folder() {
        return Optional.ofNullable(kept.folder);
    }

    /** The environment steps up to which the run was saved; empty if nothing was. */
    public OptionalLong keptSteps() {
        return kept.folder == null ? OptionalLong.empty() : OptionalLong.of(kept.steps);
    }

    /** The run up to here, where it is not on the disk and can still be used: to evaluate it, or to save its networks elsewhere. */
    public Optional<MetaRun> run() {
        return Optional.ofNullable(kept.run);
    }
}
