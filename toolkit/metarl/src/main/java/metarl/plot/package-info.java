/**
 * Charts of results: learning curves, adaptation, weights, beliefs, and the profiles of sweeps. It may import every room but {@link
 * metarl.notebook}.
 *
 * <p>Start with {@link metarl.plot.Plots}; {@link metarl.plot.SweepPlots} draws what a {@linkplain metarl.sweep sweep} found.
 */
package metarl.plot;
