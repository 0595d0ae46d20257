/**
 * Drawing, without knowledge of what is drawn: series, axes, panels and heat maps, as a picture or as an interactive figure. It may
 * import {@link metarl.basics}.
 *
 * <p>Start with {@link metarl.chart.Chart}. Charts of results are made in {@link metarl.plot}.
 */
package metarl.chart;
