package metarl.agent;

import java.util.List;
import java.util.Map;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;

/**
 * An algorithm while it learns: networks, optimisers, replay, streams and counters. The package's page ({@link metarl.agent}) shows a whole
 * one.
 *
 * <p>Training asks for a {@link #plan()}, collects what it says, hands it to {@link #store}, and calls {@link #update()} as long as an
 * update {@link #isDue()}. Then it asks for the next plan. Between any two of these calls the {@link #state()} can be saved, and training
 * can stop.
 */
public interface Learner extends AutoCloseable {
    /** How to act when it counts, before any adaptation. */
    Policy policy();

    /**
     * What to collect next. It changes nothing: asked again before {@link #store}, it answers the same, because a collection that is broken
     * off is done again. What it has to draw it therefore draws from a {@linkplain RandomStream#copy() copy} of its stream, and
     * {@link #store} draws it again from the stream itself.
     */
    Plan plan();

    /**
     * Takes in what was collected.
     *
     * @param trials one per seat of the plan, in its order
     */
    void store(List<Trial> trials);

    /**
     * What can be logged of a trial under its task, beside its return; asked before {@link #store}. Nothing, unless a method says
     * otherwise.
     */
    default Map<String, Double> numbers(Trial trial) {
        return Map.of();
    }

    /** Whether an update is owed for what has been stored. */
    default boolean isDue() {
        return false;
    }

    /** One update; returns what can be logged of it, such as the losses. */
    default Map<String, Double> update() {
        return Map.of();
    }

    /** All that saving, loading and closing have to know of, always the same object. */
    LearnerState state();

    /**
     * Episodes of one task that the policy lives through in a row, to be judged by their sum: 1 unless it remembers from episode to
     * episode.
     */
    default int episodesPerTrial() {
        return 1;
    }

    /**
     * Specialises to a new task without changing this learner; unless a method says otherwise, not at all.
     *
     * @param shots episodes of the new task, collected with {@link #policy()}
     * @param random the source of everything the adaptation draws
     * @throws java.util.concurrent.CancellationException if the thread is interrupted
     */
    default Adaptation adapt(List<Trajectory> shots, RandomStream random) {
        return Adaptation.none(policy());
    }

    /**
     * Specialises from several rounds of shots, of which each but the first was collected with the policy adapted to the rounds before it.
     * Methods that use shots without regard to who collected them need not tell rounds apart.
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

    /** Frees the networks and all else that the state names. */
    @Override
    default void close() {
        state().close();
    }
}
