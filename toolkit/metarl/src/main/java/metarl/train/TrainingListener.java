package metarl.train;

/** Is told what happens in a run. All methods are called on the training thread: be quick, and never throw. */
public interface TrainingListener {
    /**
     * Whether it shows the user how far the run is. If none of a run's listeners does, a notebook shows a bar of its own after two seconds.
     * Unless told otherwise, this is taken to be so of all that listen to {@link #progressed}.
     */
    default boolean showsProgress() {
        try {
            return getClass().getMethod("progressed", Progress.class).getDeclaringClass() != TrainingListener.class;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Before the first step (also of a resumed run; {@code past} then holds what was logged before). */
    default void started(MetaTraining training, MetricLog past) {}

    /** After every update and every collection, many times a second. */
    default void progressed(Progress progress) {}

    /** After a number was logged. */
    default void logged(LogRow row) {}

    /** After an evaluation on the test tasks. */
    default void evaluated(Evaluation evaluation) {}

    /** After the last step. */
    default void finished(MetaRun run) {}

    /** When the run ends early, by interruption or error; what was computed is kept. */
    default void stopped(Throwable cause) {}
}
