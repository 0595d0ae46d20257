package metarl.agent.value;

import metarl.agent.LearnerState;
import metarl.agent.Problem;
import metarl.agent.transfer.FittedContextModel;
import metarl.agent.transfer.FittedTranslator;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.data.Batch;
import metarl.data.MetaReplay;

/**
 * What MCAT learns: C and F, H, and the networks of TD3 on observations (s, z). z reaches the latter as numbers: no gradient goes on to C.
 */
final class McatNetworks {
    private final int observationSize;
    private final int actionSize;
    private final int contextSize;
    private final int history;
    /** Null where there is no context. */
    final FittedContextModel model;
    /** Null where nothing is transferred. */
    final FittedTranslator translator;
    final ActorCritic actorCritic;

    McatNetworks(Mcat settings, Problem problem, long seed) {
        observationSize = problem.observationSize();
        actionSize = problem.actionSize();
        contextSize = settings.model().contextSize();
        history = settings.model().history();
        model = settings.hasContext() ? settings.model().start(observationSize, actionSize, seed) : null;
        translator = settings.transfer() ? settings.translator().start(model, seed) : null;
        actorCritic = new ActorCritic(settings.base(), withContext(settings, problem), RandomStream.of(seed, "networks"));
    }

    /** The problem of TD3: an observation is (s, z). */
    static Problem withContext(Mcat settings, Problem p) {
        int size = Require.length("an observation with its context", "contextSize", p.observationSize() + settings.model().contextSize());
        return new Problem(p.tasks(), size, p.actionSize(), p.outcomeSize(), false, p.horizon());
    }

    boolean hasContext() {
        return contextSize > 0;
    }

    int contextSize() {
        return contextSize;
    }

    int history() {
        return history;
    }

    int observationSize() {
        return observationSize;
    }

    int actionSize() {
        return actionSize;
    }

    /**
     * Transitions as TD3 sees them: (s, z), a, r, (s', z'), where z is read off the K steps before s and z' off those before s'.
     *
     * @param first transitions of the replay: s, a and r are theirs
     * @param last those that s' is taken from, usually the same; null where s' is not looked at
     */
    Batch seen(MetaReplay replay, Batch first, Batch last) {
        int n = first.size(), row = history * (actionSize + observationSize), sides = last == null ? 1 : 2;
        float[] contexts = new float[0];
        if (hasContext()) {
            float[] histories = new float[Require.tensor("the histories of a batch", "batchSize", sides, n, row)];
            float[] ofFirst = replay.histories(first, history);
            windows(ofFirst, 0, n, histories, 0);
            if (last != null) windows(last == first ? ofFirst : replay.histories(last, history), 1, n, histories, n);
            contexts = model.embeddings(histories, sides * n);
        }
        float[] now = joined(first.observations(), contexts, 0, n);
        Batch following = last == null ? first : last;
        return new Batch(n, now, first.actions(), first.rewards(), last == null ? now : joined(last.nextObservations(), contexts, n, n),
            following.notTerminated(), first.outcomes(), first.tasks(), first.positions());
    }

    /** Of the K + 1 steps of each row, K from this one on. */
    private void windows(float[] steps, int from, int n, float[] histories, int firstRow) {
        int width = actionSize + observationSize;
        for (int i = 0; i < n; i++)
            System.arraycopy(steps, (i * (history + 1) + from) * width, histories, (firstRow + i) * history * width, history * width);
    }

    private float[] joined(float[] observations, float[] contexts, int firstRow, int n) {
        if (!hasContext()) return observations;
        int width = observationSize + contextSize;
        float[] all = new float[n * width];
        for (int i = 0; i < n; i++) {
            System.arraycopy(observations, i * observationSize, all, i * width, observationSize);
            System.arraycopy(contexts, (firstRow + i) * contextSize, all, i * width + observationSize, contextSize);
        }
        return all;
    }

    /** z of the last K steps of so many environments; zeros as long as C has seen no data. */
    float[] contexts(float[] histories, int environments) {
        return model.isMeasured() ? model.embeddings(histories, environments) : new float[environments * contextSize];
    }

    /** π(s, z) of each row. */
    double[][] actions(double[][] observations, float[] contexts) {
        double[][] seen = new double[observations.length][observationSize + contextSize];
        for (int i = 0; i < seen.length; i++) {
            System.arraycopy(observations[i], 0, seen[i], 0, observationSize);
            for (int j = 0; j < contextSize; j++) seen[i][observationSize + j] = contexts[i * contextSize + j];
        }
        return actorCritic.actions(seen, null);
    }

    /** Adds all of them. */
    LearnerState declare(LearnerState state) {
        actorCritic.declare(state);
        if (model != null) model.declare(state, "");
        if (translator != null) translator.declare(state, "");
        return state;
    }
}
