package metarl.data;

import metarl.basics.Require;

/**
 * Transitions with what happened before each of them in its episode, as {@link MetaReplay#withContext} reads it.
 *
 * <p>A window holds the last L + 1 triples (action, reward, observation) up to and including the transition itself. Rows 0 … L − 1 of it
 * are the context before the transition, rows 1 … L the context after it. In front of an episode's first triple stands one with action 0,
 * reward 0 and the first observation, as MQL's released code has it (there the action is noise instead of 0); what lies before that is
 * zero. Triples that have been overwritten in the replay are zero too.
 *
 * @param batch the transitions, n rows
 * @param contextLength L; 0: no context
 * @param windows n × (L + 1) × (action size + 1 + observation size); empty if L is 0
 */
public record ContextBatch(Batch batch, int contextLength, float[] windows) {
    /** Numbers in one triple (action, reward, observation) of a window. */
    public static int tripleSize(int observationSize, int actionSize) {
        return actionSize + 1 + observationSize;
    }

    /** Transitions alone: L = 0. */
    public static ContextBatch withoutWindows(Batch batch) {
        return new ContextBatch(batch, 0, new float[0]);
    }

    /** Zeros, of the length that the windows of so many rows have. */
    static float[] noWindows(int rows, int contextLength, int tripleSize) {
        Require.count(contextLength, 0, "contextLength", "0 (no context) or more steps");
        if (contextLength == 0) return new float[0];
        return new float[Require.tensor("the context windows of a batch", "contextLength or batchSize", rows, contextLength + 1L,
            tripleSize)];
    }

    /** Number of rows n. */
    public int size() {
        return batch.size();
    }
}
