package metarl.agent.hindsight;

import java.io.DataInputStream;
import java.io.IOException;
import metarl.agent.LearnerState;
import metarl.basics.Require;

/**
 * What the last episodes of all tasks together would have earned in every task: what the return of an episode is compared with.
 */
public final class RecentReturns {
    private final int tasks, capacity;
    /** Episode × task, a ring. */
    private final double[] returns;
    private long added;

    /** Of so many episodes at most. */
    public RecentReturns(int tasks, int capacity) {
        this.tasks = tasks;
        this.capacity = capacity;
        returns = new double[Require.length("the returns of recent episodes", "recent or the number of tasks", capacity, tasks)];
    }

    /** Takes in an episode by its discounted return in every task. */
    public void add(double[] ofTasks) {
        if (capacity > 0) System.arraycopy(ofTasks, 0, returns, (int) (added++ % capacity) * tasks, tasks);
    }

    /** The share of the episodes that are kept which earned less than this in the task, equal ones by half; ½ where none is kept. */
    public double rank(int task, double value) {
        int kept = (int) Math.min(added, capacity);
        double below = 0;
        for (int e = 0; e < kept; e++) {
            double other = returns[e * tasks + task];
            below += other < value ? 1 : other == value ? 0.5 : 0;
        }
        return kept == 0 ? 0.5 : below / kept;
    }

    LearnerState declare(LearnerState state) {
        return state.numbers("recent returns", returns).part("recent episodes", out -> out.writeLong(added), this::load);
    }

    private void load(DataInputStream in) throws IOException {
        added = in.readLong();
        if (added < 0) throw new IOException("the stored run counts " + added + " recent episodes");
    }
}
