package metarl.data;

/**
 * Sampled transitions as flat arrays, row after row, ready to become tensors.
 *
 * @param size number of rows n
 * @param observations n × observation size
 * @param actions n × action size
 * @param rewards n
 * @param nextObservations n × observation size
 * @param notTerminated n, 1 where the next observation's value counts and 0 where the episode ended for good
 * @param windows n × (contextLength + 1) × (action size + 1 + observation size): the last contextLength + 1 (action, reward,
 *     observation) triples up to and including the transition itself, padded with zeros at the front. Rows 0 … L−1 are the context before the
 *     transition, rows 1 … L the context after it. Empty if contextLength is 0
 * @param contextLength L
 * @param tasks n, the index of each row's task
 */
public record Batch(int size, float[] observations, float[] actions, float[] rewards, float[] nextObservations, float[] notTerminated,
    float[] windows, int contextLength, int[] tasks) {}
