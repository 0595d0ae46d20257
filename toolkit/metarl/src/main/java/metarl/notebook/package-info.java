/**
 * How results look in Jupyter, and the kernel that runs cells. It may import every room; no room imports it.
 *
 * <p>Start with {@link metarl.notebook.Animation}, {@link metarl.notebook.LivePlot} and {@link metarl.notebook.ProgressBar} for what a
 * notebook shows, and with {@link metarl.notebook.Check} for exercises.
 */
package metarl.notebook;
