package metarl.agent;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;

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

    /** Episodes of one task that the policy lives through in a row, to be judged by their sum: 1 unless it remembers from episode to episode. */
    default int episodesPerTrial() {
        return 1;
    }

    /**
     * Takes in episodes of these train tasks.
     *
     * @param trajectories {@link #episodesPerTrial()} of the first task, then of the second, …
     */
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
     * Specialises from several rounds of shots, of which each but the first was collected with the policy adapted to the rounds before it. Methods that use shots
     * without regard to who collected them need not tell rounds apart.
     *
     * @param rounds at least one, each of at least one episode
     */
    default Adaptation adaptInRounds(List<List<Trajectory>> rounds, RandomStream random) {
        return adapt(rounds.stream().flatMap(List::stream).toList(), random);
    }

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

    /** Writes the stored experience; nothing where none is kept beyond an update. */
    default void saveReplay(DataOutputStream out) throws IOException {}

    /** Reads what {@link #saveReplay} wrote. */
    default void loadReplay(DataInputStream in) throws IOException {}

    /** Skips the random steps at the start: for a learner that continues from loaded networks. */
    default void skipRandomSteps() {}

    @Override
    void close();
}
