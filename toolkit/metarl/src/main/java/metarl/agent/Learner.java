package metarl.agent;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import metarl.data.Trajectory;
import metarl.env.RandomStream;

/**
 * The state of an algorithm while it learns: networks, optimisers, replay, streams and counters.
 *
 * <p>Training alternates: collect episodes with {@link #explorer()} on {@link #nextTasks()}, {@link #store} them, and {@link #update()} as long
 * as an update {@link #isDue()}. Between any two of these calls the state can be saved, and training can stop.
 */
public interface Learner extends AutoCloseable {
    /** How to act while collecting. */
    Policy explorer();

    /** How to act when it counts: the learned policy without noise, before any adaptation. */
    Policy policy();

    /** The indices of the train tasks to collect one episode of each next. */
    int[] nextTasks();

    /** Steps after which the next episodes are to be cut short; a number beyond the horizon changes nothing. */
    default int episodeLimit() {
        return Integer.MAX_VALUE;
    }

    /** Takes in episodes of these train tasks. */
    void store(int[] tasks, List<Trajectory> trajectories);

    /** Whether an update is owed for what has been stored. */
    boolean isDue();

    /** One update; returns what can be logged of it, such as the losses. */
    Map<String, Double> update();

    /**
     * Specialises to a new task without changing this learner.
     *
     * @param shots episodes of the new task, collected with {@link #policy()}
     * @param random the source of everything the adaptation draws
     * @throws java.util.concurrent.CancellationException if the thread is interrupted
     */
    Adaptation adapt(List<Trajectory> shots, RandomStream random);

    /**
     * The same networks and old data, adapting by other settings: for ablations. The view need not be closed; it ends with this learner.
     *
     * @throws IllegalArgumentException if the settings describe other networks, or this learner does not adapt
     */
    default Learner adaptingBy(Algorithm other) {
        throw new IllegalArgumentException("this learner does not adapt, so it cannot adapt by " + other.name());
    }

    /** Writes the networks only: enough to act and to continue with fresh data. */
    void saveNetworks(DataOutputStream out) throws IOException;

    /** Reads what {@link #saveNetworks} wrote; what is not in it starts afresh. */
    void loadNetworks(DataInputStream in) throws IOException;

    /** Writes everything except the replay. */
    void saveState(DataOutputStream out) throws IOException;

    /** Reads what {@link #saveState} wrote. */
    void loadState(DataInputStream in) throws IOException;

    /** Writes the stored experience. */
    void saveReplay(DataOutputStream out) throws IOException;

    /** Reads what {@link #saveReplay} wrote. */
    void loadReplay(DataInputStream in) throws IOException;

    /** Skips the random steps at the start: for a learner that continues from loaded networks. */
    void skipRandomSteps();

    @Override
    void close();
}
