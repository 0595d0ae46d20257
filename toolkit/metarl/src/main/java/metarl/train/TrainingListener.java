package metarl.train;

/** Is told what happens in a run. All methods are called on the training thread: be quick, and never throw. */
public interface TrainingListener {
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
