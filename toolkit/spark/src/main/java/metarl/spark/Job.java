package metarl.spark;

import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.spark.SparkContext;

/** Work of Spark's that ends, wherever it is done, when the thread that waits for it is interrupted. */
final class Job {
    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final int MILLIS_BETWEEN_LOOKS = 50;

    private Job() {}

    /**
     * Does the work.
     *
     * @throws InterruptedException if this thread is interrupted; first the threads that do tasks are, and are waited for
     */
    static <T> T run(SparkContext context, String name, Callable<T> work) throws InterruptedException {
        String group = UUID.randomUUID().toString();
        context.setJobGroup(group, name, true);
        try {
            return work.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            // Scala throws what Java has to declare
            if (!(e instanceof InterruptedException)) throw new IllegalStateException(e.getMessage(), e);
            context.cancelJobGroup(group);
            awaitIdle(context);
            throw (InterruptedException) e;
        } finally {
            context.clearJobGroup();
        }
    }

    /** An executor that was lost is not waited for longer than a minute. */
    private static void awaitIdle(SparkContext context) throws InterruptedException {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < PATIENCE_NANOS) {
            int running = 0;
            for (var executor : context.statusTracker().getExecutorInfos()) running += executor.numRunningTasks();
            if (running == 0) return;
            Thread.sleep(MILLIS_BETWEEN_LOOKS);
        }
    }
}
