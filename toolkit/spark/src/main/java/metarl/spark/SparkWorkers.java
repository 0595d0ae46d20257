package metarl.spark;

import java.io.Serializable;
import java.util.List;
import java.util.function.Consumer;
import metarl.sweep.SweepOutcome;
import metarl.sweep.SweepTask;
import metarl.sweep.Workers;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Function1;
import scala.Function2;
import scala.collection.Iterator;
import scala.reflect.ClassTag$;
import scala.runtime.BoxedUnit;

/**
 * Does the runs of a sweep as tasks of Spark's, one core each; see {@link Sparks#workers}. A run whose executor is lost goes on elsewhere
 * from its checkpoint, as all see the sweep's folder.
 */
final class SparkWorkers implements Workers {
    private final SparkContext context;

    SparkWorkers(SparkContext context) {
        this.context = context;
    }

    /** Within this JVM what the cells of a notebook define is known. */
    @Override
    public boolean inThisProcess() {
        return context.isLocal();
    }

    @Override
    public void run(List<SweepTask> tasks, Consumer<SweepOutcome> ended) throws InterruptedException {
        if (tasks.isEmpty()) return;
        var outcomes = JavaSparkContext.fromSparkContext(context).parallelize(tasks, tasks.size()).map(SweepTask::run);
        // each is told as soon as it is there
        Function2<Object, SweepOutcome, BoxedUnit> told = (partition, outcome) -> {
            ended.accept(outcome);
            return BoxedUnit.UNIT;
        };
        Job.run(context, tasks.size() + " runs of a sweep", () -> {
            context.runJob(outcomes.rdd(), (Function1<Iterator<SweepOutcome>, SweepOutcome> & Serializable) Iterator::next, told,
                ClassTag$.MODULE$.apply(SweepOutcome.class));
            return null;
        });
    }
}
