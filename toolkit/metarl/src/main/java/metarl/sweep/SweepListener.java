package metarl.sweep;

/** Is told how the runs of a sweep stand, on a thread of its own, about once a second. */
@FunctionalInterface
public interface SweepListener {
    /** How the runs stand now. */
    void changed(SweepBoard board);

    /** How they stand at the end of this sitting, whether all is done, some failed, or it was interrupted. */
    default void ended(SweepBoard board) {
        changed(board);
    }
}
