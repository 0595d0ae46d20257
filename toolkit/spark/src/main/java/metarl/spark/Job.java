package metarl.spark;

import java.util.UUID;
import java.util.concurrent.Callable;
import metarl.basics.Activity;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Work of Spark's that tells how far it is, and ends when the thread that waits for it is interrupted. */
final class Job implements AutoCloseable {
    private final SparkContext context;
    private final Activity activity;
    private final String group = UUID.randomUUID().toString();
    private final SparkListener listener = new SparkListener() {
        @Override
        public void onTaskEnd(SparkListenerTaskEnd end) {
            activity.advance();
        }
    };

    Job(SparkContext context, String name, int parts) {
        this.context = context;
        activity = Activity.of(name, parts);
        context.addSparkListener(listener);
        context.setJobGroup(group, name, true);
    }

    /** Does the work, and ends Spark's part of it if this thread is interrupted. */
    <T> T run(Callable<T> work) {
        try {
            return work.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            // Scala throws what Java has to declare
            if (e instanceof InterruptedException) Thread.currentThread().interrupt();
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        context.cancelJobGroup(group);
        context.clearJobGroup();
        context.removeSparkListener(listener);
        activity.close();
    }
}
