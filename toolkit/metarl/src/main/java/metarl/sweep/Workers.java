package metarl.sweep;

import java.util.List;
import java.util.function.Consumer;

/**
 * Who does the runs of a sweep: threads of this process, or the machines of a cluster that see the same folders.
 *
 * <p>What a run has come to lies in its folder, which decides; workers only have to call {@link SweepTask#run()} for each task. They may
 * lose a task, do it twice, or in any order: a run that is begun again goes on from its checkpoint, two processes cannot write to one run,
 * and a task of which nothing has come is asked for again, three times.
 *
 * <p>Workers of your own have to ensure that all processes have the same jars and see the sweep's folder by the same name, that a
 * task has a core to itself, and that machines are of one kind, because another processor rounds differently.
 */
public interface Workers {
    /**
     * Does the tasks, and returns when none is being done any more.
     *
     * @param tasks plain data, which may be sent to other processes
     * @param ended to be told what a task has come to, once it is known, from any thread; of a task that was lost, nothing
     * @throws InterruptedException if the calling thread is interrupted; first the threads that do tasks are interrupted, wherever they
     *     are, and waited for, so that each keeps its checkpoint
     * @throws RuntimeException if the tasks cannot be done, as where a cluster does not answer; if something had come of them by then, what
     *     is left is asked for again
     */
    void run(List<SweepTask> tasks, Consumer<SweepOutcome> ended) throws InterruptedException;

    /**
     * Whether tasks are done in this Java process, which knows what a notebook's cells define. Elsewhere only what is in a jar is known,
     * and a sweep refuses the rest before it begins.
     */
    default boolean inThisProcess() {
        return false;
    }

    /**
     * So many threads of this process. Each run has its share of the cores; how many threads there are changes no number.
     *
     * @param count at least 1
     */
    static Workers threads(int count) {
        return new ThreadWorkers(count);
    }
}
