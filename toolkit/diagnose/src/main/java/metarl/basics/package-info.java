/**
 * Checks of arguments, random streams, intervals, numbers in words, and stored numbers. It imports nothing of the toolkit; every room
 * may import it.
 *
 * <p>Start with {@link metarl.basics.Require} for checks, {@link metarl.basics.RandomStream} for randomness that a seed repeats, and
 * {@link metarl.basics.Interval} for what an estimate may be.
 */
package metarl.basics;
