package metarl.agent.transfer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import metarl.basics.Require;
import metarl.nn.Mlp;
import metarl.nn.Network;
import metarl.nn.Parameters;

/**
 * An embedding θ_i for every task i, learned like any other parameter (Zhang et al. 2021): a table with a row per task, whose
 * positive parts pass through a network of their own, as in the release. Rows begin as draws from N(0, I).
 *
 * @param tasks rows of the table
 * @param trunk from a row of the table to θ
 */
public record TaskEmbeddings(int tasks, Mlp trunk) implements Network {
    private static final int LEAST_ROW = 16;

    /** Checks the number of tasks. */
    public TaskEmbeddings {
        Require.count(tasks, 1, "tasks", "at least 1");
    }

    /**
     * With rows of as many entries as θ has, and one hidden layer of twice as many: 50, 100 and 50 in the release. Rows have at least 16
     * entries: a row without a positive one would stay as it is for ever, and of two entries every fourth begins so.
     */
    public static TaskEmbeddings of(int tasks, int size) {
        Require.count(size, 1, "size", "at least 1, usually 2 to 50");
        int row = Math.max(size, LEAST_ROW);
        return new TaskEmbeddings(tasks, Mlp.of(row, 2 * row, size));
    }

    /** Numbers in θ. */
    public int size() {
        return trunk.outputs();
    }

    @Override
    public List<Array> arrays() {
        return Stream.concat(Stream.of(new Array("table", new Shape(tasks, trunk.inputs()))), trunk.arrays().stream()).toList();
    }

    @Override
    public List<Parameters.Initial> initial(RandomGenerator random) {
        float[] rows = new float[Require.tensor("the table of embeddings", "embeddingSize", tasks, trunk.inputs())];
        for (int i = 0; i < rows.length; i++) rows[i] = (float) random.nextGaussian();
        return Stream.concat(Stream.of(new Parameters.Initial(rows, new Shape(tasks, trunk.inputs()))), trunk.initial(random).stream())
            .toList();
    }

    /**
     * θ of all tasks, tasks × θ, recorded if operations are.
     *
     * @param own the arrays of this network
     * @param scope where the result lives
     */
    public NDArray all(NDList own, NDManager scope) {
        // the table lasts, so that it must not be the receiver
        NDArray rows = scope.eye(tasks).matMul(own.get(0));
        return trunk.forward(rows.getNDArrayInternal().relu(), own.subNDList(1));
    }

    /**
     * θ of each row, rows × θ.
     *
     * @param all θ of all tasks
     * @param tasks the number of each row's task
     */
    public static NDArray of(NDArray all, int[] tasks) {
        int count = (int) all.getShape().get(0);
        float[] chosen = new float[Require.tensor("the tasks of a batch", "batchSize", tasks.length, count)];
        for (int i = 0; i < tasks.length; i++) {
            Require.that(tasks[i] >= 0 && tasks[i] < count, "the task of row " + i, tasks[i], "0 to " + (count - 1));
            chosen[i * count + tasks[i]] = 1;
        }
        return all.getManager().create(chosen, new Shape(tasks.length, count)).matMul(all);
    }
}
