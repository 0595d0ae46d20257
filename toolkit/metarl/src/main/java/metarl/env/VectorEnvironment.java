package metarl.env;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.IntConsumer;
import metarl.basics.RandomStream;

/**
 * Many environments stepped in lockstep over the machine's cores. What comes out is the same, bit for bit, as from stepping them one by
 * one, whatever the number of threads.
 *
 * <p>An environment whose episode ends is reset at once: its {@link Step} holds the last observation of the old episode,
 * {@link #observations()} the first of the new one. All randomness of environment i comes from a stream of its own.
 *
 * <pre>{@code
 * try (var vector = VectorEnvironment.of(tasks.stream().map(Task::environment).toList())) {
 *     double[][] observations = vector.reset(RandomStream.of(7, "lockstep"));
 *     Step[] steps = vector.step(actions);
 *     observations = vector.observations();
 * }
 * }</pre>
 *
 * <p>Environments must not share anything that changes: running statistics are one per environment (and merged), or frozen.
 *
 * <p>One thread at a time may call. An exception in one environment is thrown after all others have finished their step; that one must then
 * be {@link #reset(int)}.
 */
public final class VectorEnvironment implements AutoCloseable {
    private final List<Environment> environments;
    private final RandomStream[] streams;
    private final double[][] observations;
    private final Step[] steps;
    private final boolean[] failed;
    private final Lockstep lockstep;
    private boolean closed;

    private VectorEnvironment(List<Environment> environments, int threads) {
        this.environments = environments.stream().<Environment>map(CheckedEnvironment::of).toList();
        int n = environments.size();
        streams = new RandomStream[n];
        observations = new double[n][];
        steps = new Step[n];
        failed = new boolean[n];
        lockstep = new Lockstep(threads);
    }

    /** These environments, on as many threads as there are cores; closing the whole closes them. */
    public static VectorEnvironment of(List<? extends Environment> environments) {
        return of(environments, Runtime.getRuntime().availableProcessors());
    }

    /**
     * These environments on this many threads, the caller's included.
     *
     * @throws IllegalArgumentException if there are none, they differ in spaces or outcomes, or threads is not positive
     */
    public static VectorEnvironment of(List<? extends Environment> environments, int threads) {
        if (environments.isEmpty()) throw new IllegalArgumentException("given no environments, expected at least one");
        if (threads < 1) throw new IllegalArgumentException("threads is " + threads + ", expected at least 1");
        if (Set.copyOf(environments).size() < environments.size())
            throw new IllegalArgumentException("an environment is there twice; each needs one of its own");
        Environment first = environments.get(0);
        for (int i = 1; i < environments.size(); i++) {
            Environment other = environments.get(i);
            requireSame("observations", i, first.observations(), other.observations());
            requireSame("actions", i, first.actions(), other.actions());
            requireSame("outcomes", i, first.outcomeNames(), other.outcomeNames());
        }
        return new VectorEnvironment(List.copyOf(environments), threads);
    }

    private static void requireSame(String what, int i, Object first, Object other) {
        if (!first.equals(other)) throw new IllegalArgumentException(
            "environment " + i + " has " + what + " " + other + ", but environment 0 has " + first + "; expected the same");
    }

    /** Number of environments. */
    public int size() {
        return environments.size();
    }

    /** The space of each environment's observations. */
    public Space observationSpace() {
        return environments.get(0).observations();
    }

    /** The space of each environment's actions. */
    public Space actionSpace() {
        return environments.get(0).actions();
    }

    /** Starts an episode in every environment; number i draws from {@code random.split("environment i")} from now on. */
    public double[][] reset(RandomStream random) {
        for (int i = 0; i < size(); i++) streams[i] = random.split("environment " + i);
        run(this::start);
        return observations();
    }

    /** Starts an episode in one environment, also after it failed; it goes on with its stream. */
    public double[] reset(int index) {
        if (index < 0 || index >= size())
            throw new IndexOutOfBoundsException("environment " + index + " of " + size() + "; numbers begin at 0");
        requireStarted();
        start(index);
        return observations[index];
    }

    private void start(int i) {
        observations[i] = environments.get(i).reset(streams[i]);
        failed[i] = false;
    }

    /** What each environment shows now: what to act on next. */
    public double[][] observations() {
        return observations.clone();
    }

    /**
     * Steps every environment.
     *
     * @param actions one per environment
     * @return what each action led to; the observation of a last step is that of the ended episode
     * @throws IllegalArgumentException for a wrong number of actions, or an action its environment refuses
     * @throws IllegalStateException before {@link #reset(RandomStream)}, or while a failed environment waits for its reset
     */
    public Step[] step(double[][] actions) {
        if (actions.length != size())
            throw new IllegalArgumentException("given " + actions.length + " actions, expected " + size() + ", one per environment");
        requireStarted();
        for (int i = 0; i < size(); i++)
            if (failed[i]) throw new IllegalStateException("environment " + i + " failed in an earlier step: call reset(" + i + ") first");
        run(i -> {
            Step step = environments.get(i).step(actions[i]);
            steps[i] = step;
            observations[i] = step.last() ? environments.get(i).reset(streams[i]) : step.observation();
        });
        return steps.clone();
    }

    private void requireStarted() {
        if (closed) throw new IllegalStateException("the environments are closed; make others");
        if (streams[0] == null) throw new IllegalStateException("step() needs running episodes: call reset(random) first");
    }

    private void run(IntConsumer work) {
        if (closed) throw new IllegalStateException("the environments are closed; make others");
        Throwable[] failures = lockstep.run(size(), work);
        for (int i = 0; i < size(); i++) failed[i] |= failures[i] != null;
        for (int i = 0; i < size(); i++) if (failures[i] != null) throw told(i, failures[i]);
    }

    private RuntimeException told(int i, Throwable e) {
        if (e instanceof CancellationException cancelled) return cancelled;
        String message = "environment " + i + " of " + size() + ": " + e.getMessage();
        if (e instanceof EnvironmentException) return new EnvironmentException(message, e);
        if (e instanceof IllegalArgumentException) return new IllegalArgumentException(message, e);
        return new IllegalStateException(e instanceof Error ? "environment " + i + " of " + size() + ": " + e : message, e);
    }

    /** Closes all environments and ends the threads; closing twice is fine. */
    @Override
    public void close() {
        if (closed) return;
        closed = true;
        lockstep.close();
        environments.forEach(Environment::close);
    }
}
