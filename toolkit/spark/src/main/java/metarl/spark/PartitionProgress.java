package metarl.spark;

import metarl.basics.Activity;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** How many partitions have been read. */
final class PartitionProgress extends SparkListener implements AutoCloseable {
    private final SparkContext context;
    private final Activity activity;

    PartitionProgress(SparkContext context, String name, int partitions) {
        this.context = context;
        activity = Activity.of(name, partitions);
        context.addSparkListener(this);
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
        activity.advance();
    }

    @Override
    public void close() {
        context.removeSparkListener(this);
        activity.close();
    }
}
