/**
 * Importance weights: how to estimate them, and how far they can be trusted. Of the toolkit it imports {@link metarl.basics} alone.
 *
 * <p>Start with {@link metarl.diagnose.weights.ImportanceWeights}. Its {@link metarl.diagnose.weights.WeightReport} says in numbers and
 * words whether old data can answer a new question.
 */
package metarl.diagnose.weights;
