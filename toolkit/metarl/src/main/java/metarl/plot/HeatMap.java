package metarl.plot;

import java.awt.Color;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.knowm.xchart.AnnotationText;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.HeatMapStyler;
import tech.tablesaw.plotly.components.Axis;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.components.HoverLabel;
import tech.tablesaw.plotly.components.Layout;
import tech.tablesaw.plotly.components.TickSettings;
import tech.tablesaw.plotly.traces.HeatmapTrace;
import tech.tablesaw.plotly.traces.Trace;

/**
 * A table of numbers as coloured cells, with both twins of its chart.
 *
 * <p>The colours are viridis (Smith and van der Walt 2015): lightness rises evenly from the lowest number to the highest, also in grey and for colour-blind readers, and none of it is the white of a
 * blank cell.
 *
 * @param title title of the chart
 * @param xName what the columns are
 * @param yName what the rows are
 * @param xLabels one per column, from the left
 * @param yLabels one per row, from the bottom
 * @param values {@code values[row][column]}; NaN is left blank
 * @param valueName what the colour bar says
 * @param low the number of the darkest colour
 * @param high the number of the brightest colour; what lies outside of the two has the colour of the nearer one
 */
record HeatMap(String title, String xName, String yName, String[] xLabels, String[] yLabels, double[][] values, String valueName, double low, double high) {
    static final String[] COLOURS = {"#440154", "#482576", "#414487", "#35608D", "#2A788E", "#21908C", "#22A884", "#43BF71", "#7AD151", "#BBDF27", "#FDE725"};
    private static final Font LABEL_FONT = new Font(Font.SANS_SERIF, Font.BOLD, 12), BAR_FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 11);
    private static final int LABEL_GAP = 12;
    /** Width of the paddings and of the name of the rows, and height of the cells, in pixels. */
    private static final int AROUND = 70;
    private static final int PLOT_HEIGHT = 336;
    private static final int BAR_WIDTH = 20;
    private static final int BAR_HEIGHT = 220;
    private static final int LEAST_PADDING = 10;
    /** Where the colour bar's name ends, from the right, and how high its middle is. */
    private static final int NAME_MARGIN = 6;
    private static final int NAME_HEIGHT = 360;

    HeatMap {
        if (values.length == 0 || values[0].length == 0) throw new IllegalArgumentException("the heat map '" + title + "' has no cells; expected at least one row with one value");
        for (int row = 0; row < values.length; row++) {
            if (values[row].length != values[0].length)
                throw new IllegalArgumentException("row " + row + " of the heat map '" + title + "' has " + values[row].length + " values and row 0 has " + values[0].length
                    + "; expected as many");
            for (int column = 0; column < values[row].length; column++)
                if (Double.isInfinite(values[row][column]))
                    throw new IllegalArgumentException("the value in row " + row + ", column " + column + " of the heat map '" + title + "' is " + values[row][column]
                        + "; expected a number, or NaN for a blank cell");
        }
        checkLabels(title, "column", xLabels, values[0].length);
        checkLabels(title, "row", yLabels, values.length);
        if (Arrays.stream(values).flatMapToDouble(Arrays::stream).allMatch(Double::isNaN))
            throw new IllegalArgumentException("all values of the heat map '" + title + "' are NaN; expected at least one number");
        if (valueName.isBlank()) throw new IllegalArgumentException("the values of the heat map '" + title + "' have no name; expected what the colour bar has to say");
        if (!(low < high) || Double.isInfinite(high - low))
            throw new IllegalArgumentException("the colours of the heat map '" + title + "' go from " + low + " to " + high + "; expected finite numbers, the first below the second");
    }

    private static void checkLabels(String title, String what, String[] labels, int expected) {
        if (labels.length != expected)
            throw new IllegalArgumentException("the heat map '" + title + "' has " + labels.length + " " + what + " labels and " + expected + " " + what + "s; expected a label for each");
        var seen = new HashSet<String>();
        for (String label : labels)
            // Plotly would draw both into one
            if (label.isBlank() || !seen.add(label))
                throw new IllegalArgumentException("the " + what + " label '" + label + "' of the heat map '" + title + "' is " + (label.isBlank() ? "blank" : "given twice")
                    + "; expected labels that differ");
    }

    /** With colours from the least number to the greatest, a little rounded outwards so that the ends of the colour bar are short numbers. */
    static HeatMap of(String title, String xName, String yName, String[] xLabels, String[] yLabels, double[][] values, String valueName) {
        double[] numbers = Arrays.stream(values).flatMapToDouble(Arrays::stream).filter(Double::isFinite).toArray();
        double least = Arrays.stream(numbers).min().orElse(0), greatest = Arrays.stream(numbers).max().orElse(1);
        if (greatest - least <= 1e-12 * Math.abs(greatest)) {
            double margin = Math.max(0.5, Math.abs(least) / 100);
            return new HeatMap(title, xName, yName, xLabels, yLabels, values, valueName, least - margin, least + margin);
        }
        int digits = 2 - (int) Math.floor(Math.log10(greatest - least));
        return new HeatMap(title, xName, yName, xLabels, yLabels, values, valueName, rounded(least, digits, RoundingMode.FLOOR), rounded(greatest, digits, RoundingMode.CEILING));
    }

    private static double rounded(double value, int digits, RoundingMode mode) {
        return BigDecimal.valueOf(value).setScale(digits, mode).doubleValue();
    }

    Chart chart() {
        return new Chart(title, figure(), picture());
    }

    private Figure figure() {
        String scale = IntStream.range(0, COLOURS.length).mapToObj(i -> "[" + (double) i / (COLOURS.length - 1) + ",'" + COLOURS[i] + "']").collect(Collectors.joining(","));
        String colours = ",colorscale:[" + scale + "],zmin:" + low + ",zmax:" + high + ",hoverongaps:false,"
            + "colorbar:{title:{text:'" + valueName.replace("\\", "\\\\").replace("'", "\\'") + "'}}";
        Layout layout = Layout.builder(title).width(Chart.WIDTH).height(Chart.HEIGHT).xAxis(categories(xName, xEvery())).yAxis(categories(yName, yEvery())).build();
        return new Figure(layout, new Coloured(HeatmapTrace.builder(xLabels, yLabels, values).build(), colours));
    }

    /** Labels such as "10" would otherwise be taken as numbers. */
    private static Axis categories(String name, int every) {
        return Axis.builder().title(name).type(Axis.Type.CATEGORY).tickSettings(TickSettings.builder().tickMode(TickSettings.TickMode.LINEAR).dTick(every).build()).build();
    }

    /** Tablesaw's trace has no colours of its own to set. */
    private record Coloured(HeatmapTrace trace, String colours) implements Trace {
        @Override
        public String asJavascript(int number) {
            String script = trace.asJavascript(number);
            int end = script.lastIndexOf('}');
            return script.substring(0, end).stripTrailing().replaceAll(",$", "") + colours + script.substring(end);
        }

        @Override
        public String name() {
            return trace.name();
        }

        @Override
        public HoverLabel hoverLabel() {
            return trace.hoverLabel();
        }

        @Override
        public boolean showLegend() {
            return trace.showLegend();
        }
    }

    private HeatMapChart picture() {
        HeatMapChart chart = new HeatMapChartBuilder().width(Chart.WIDTH).height(Chart.HEIGHT).title(title).xAxisTitle(xName).yAxisTitle(yName).build();
        HeatMapStyler styler = chart.getStyler();
        styler.setChartBackgroundColor(Color.WHITE).setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 14));
        styler.setPlotContentSize(1).setPlotBorderVisible(false);
        styler.setPlotGridLinesVisible(false).setAxisTicksMarksVisible(false).setAxisTicksLineVisible(false).setYAxisLabelAlignment(AxesChartStyler.TextAlignment.Right);
        styler.setAxisTickLabelsFont(LABEL_FONT).setLegendFont(BAR_FONT).setAnnotationTextFont(BAR_FONT).setLegendBorderColor(Color.WHITE).setLegendPadding(barPadding());
        styler.setGradientColorColumnWeight(BAR_WIDTH).setGradientColorColumnHeight(BAR_HEIGHT);
        // without borders the background shines through between the cells
        styler.setRangeColors(Arrays.stream(COLOURS).map(Color::decode).toArray(Color[]::new)).setMin(low).setMax(high).setDrawBorder(true);
        var cells = new ArrayList<Number[]>();
        for (int row = 0; row < values.length; row++)
            for (int column = 0; column < values[row].length; column++) if (!Double.isNaN(values[row][column])) cells.add(new Number[] {column, row, values[row][column]});
        chart.addSeries(valueName, thinned(xLabels, xEvery()), thinned(yLabels, yEvery()), cells);
        // XChart's colour bar has no name: it is written above
        chart.addAnnotation(new AnnotationText(valueName, Chart.WIDTH - NAME_MARGIN - barSpace() / 2, NAME_HEIGHT, true));
        return chart;
    }

    /** Around the colour bar and between it and its numbers: enough that the whole is as wide as its name. */
    private int barPadding() {
        return (int) Math.max(LEAST_PADDING, Math.ceil((width(valueName, BAR_FONT) - BAR_WIDTH - numberWidth()) / 3));
    }

    private double barSpace() {
        return 3 * barPadding() + BAR_WIDTH + numberWidth();
    }

    private double numberWidth() {
        return Math.max(width("" + low, BAR_FONT), width("" + high, BAR_FONT));
    }

    private static double width(String text, Font font) {
        return font.getStringBounds(text, new FontRenderContext(null, true, false)).getWidth();
    }

    private int xEvery() {
        double widest = Arrays.stream(yLabels).mapToDouble(label -> width(label, LABEL_FONT)).max().orElse(0);
        return every(xLabels, label -> width(label, LABEL_FONT), (Chart.WIDTH - AROUND - widest - barSpace()) / xLabels.length);
    }

    private int yEvery() {
        return every(yLabels, label -> LABEL_FONT.getSize(), (double) PLOT_HEIGHT / yLabels.length);
    }

    /** 1 if all labels can be shown without touching, or else 2, 5, 10, 20, 50, …: every so many. */
    private static int every(String[] labels, ToDoubleFunction<String> size, double cell) {
        int step = 1;
        for (int i = 0; touching(labels, size, cell, step); i++) step *= i % 3 == 1 ? 2.5 : 2;
        return step;
    }

    private static boolean touching(String[] labels, ToDoubleFunction<String> size, double cell, int step) {
        for (int i = step; i < labels.length; i += step)
            if ((size.applyAsDouble(labels[i - step]) + size.applyAsDouble(labels[i])) / 2 + LABEL_GAP > step * cell) return true;
        return false;
    }

    /** XChart cannot draw a text of no length. */
    private static List<String> thinned(String[] labels, int every) {
        return IntStream.range(0, labels.length).mapToObj(i -> i % every == 0 ? labels[i] : " ").toList();
    }
}
