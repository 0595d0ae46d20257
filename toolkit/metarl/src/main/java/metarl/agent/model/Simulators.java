package metarl.agent.model;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import metarl.basics.RandomStream;
import metarl.env.Lockstep;
import metarl.env.Restorable;
import metarl.env.Step;
import metarl.task.Task;

/**
 * Environments that sequences of actions are played in: several of each task, so that the machine's cores share the candidates among them.
 */
final class Simulators implements AutoCloseable {
    private final RandomStream[] streams;
    /** Of each task, one that is asked for states, and then those that are played in. */
    private final List<List<Restorable>> environments = new ArrayList<>();
    private final Lockstep lockstep;
    private final int shares;

    Simulators(List<Task> tasks, RandomStream random) {
        int threads = Lockstep.cores();
        streams = IntStream.range(0, tasks.size()).mapToObj(i -> random.split("environment " + i)).toArray(RandomStream[]::new);
        shares = (threads + tasks.size() - 1) / tasks.size();
        lockstep = new Lockstep(threads);
        try {
            for (Task task : tasks) {
                var own = new ArrayList<Restorable>();
                environments.add(own);
                for (int k = 0; k <= shares; k++) own.add(Restorable.of(task.environment()));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The state behind an observation; where a world moves by chance, with draws of its own from now on. */
    double[] state(int environment, double[] observation, int steps) {
        Restorable asked = environments.get(environment).get(0);
        asked.reset(streams[environment]);
        return asked.stateOf(observation, steps);
    }

    /** What sequences earn from these states; nothing where a state is null. */
    Foresight from(double[][] states) {
        return sequences -> {
            double[] returns = new double[states.length * sequences.candidates()];
            for (Throwable failure : lockstep.run(states.length * shares, piece -> play(piece, states, sequences, returns))) {
                if (failure instanceof RuntimeException e) throw e;
                if (failure instanceof Error e) throw e;
            }
            return returns;
        };
    }

    /** Plays a share of the candidates of one environment. */
    private void play(int piece, double[][] states, Sequences sequences, double[] returns) {
        int i = piece / shares, share = piece % shares, n = sequences.candidates();
        if (states[i] == null) return;
        Restorable environment = environments.get(i).get(1 + share);
        for (int c = (int) ((long) n * share / shares); c < (int) ((long) n * (share + 1) / shares); c++) {
            environment.restore(states[i]);
            returns[i * n + c] = played(environment, sequences, i, c);
        }
    }

    private static double played(Restorable environment, Sequences sequences, int i, int candidate) {
        double sum = 0;
        for (int t = 0; t < sequences.horizon(); t++) {
            Step step = environment.step(sequences.action(i, candidate, t));
            sum += step.reward();
            if (step.last()) break;
        }
        return sum;
    }

    @Override
    public void close() {
        lockstep.close();
        for (List<Restorable> own : environments) own.forEach(Restorable::close);
    }
}
