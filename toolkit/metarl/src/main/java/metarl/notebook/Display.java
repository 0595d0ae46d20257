package metarl.notebook;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;
import metarl.agent.Adaptation;
import metarl.agent.MemoryNeed;
import metarl.diagnose.Findings;
import metarl.plot.Chart;
import metarl.task.TaskSet;
import metarl.train.Comparison;
import metarl.train.Evaluation;
import metarl.train.MetaRun;
import metarl.train.MetaRuns;
import metarl.train.ShotEvaluation;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** How values look in a notebook: each as a bundle of representations by MIME type. */
public final class Display {
    /** The types that show themselves as a cell's last value. */
    static final List<Class<?>> TYPES = List.of(Table.class, Chart.class, BufferedImage.class, Animation.class, Check.class, Findings.class, TaskSet.class,
        MetaRun.class, MetaRuns.class, Comparison.class, Evaluation.class, Evaluation.OfTask.class,
        ShotEvaluation.class, Adaptation.class, MemoryNeed.class);

    private static final int ROWS = 20;

    private Display() {}

    /** Shows a value now, as output of the running cell; elsewhere prints its text. */
    public static void show(Object value) {
        Kernel.current().show(bundle(value));
    }

    /** The representations of a value. */
    static Map<String, Object> bundle(Object value) {
        if (value instanceof Table table) return table("", table);
        if (value instanceof Chart chart) return chart(chart);
        if (value instanceof BufferedImage image) return picture("image/png", png(image), image.getWidth() + " × " + image.getHeight() + " picture");
        if (value instanceof Animation animation) return movie(animation);
        if (value instanceof Check check) return table("", check.summary());
        if (value instanceof Findings findings) return table(findings.words(), findings.summary());
        if (value instanceof TaskSet tasks) return table(tasks.toString(), tasks.summary());
        if (value instanceof MetaRun run) return table("", run.summary());
        if (value instanceof MetaRuns runs) return table("", runs.summary());
        if (value instanceof Comparison comparison) return table("", comparison.summary());
        if (value instanceof Evaluation evaluation) return table("", evaluation.summary());
        if (value instanceof Evaluation.OfTask result) return table(result.ess() == null ? "" : result.ess().sentence(), result.summary());
        if (value instanceof ShotEvaluation shots) return table(shots.toString(), shots.summary());
        if (value instanceof MemoryNeed need) return table(need.toString(), need.summary());
        if (value instanceof Adaptation adaptation) return table(adaptation.sentence(), adaptation.summary());
        return text(String.valueOf(value));
    }

    static Map<String, Object> text(String text) {
        return new LinkedHashMap<>(Map.of("text/plain", text));
    }

    private static Map<String, Object> chart(Chart chart) {
        Map<String, Object> bundle = text(chart.toString());
        bundle.put("application/vnd.plotly.v1+json", chart.plotly());
        bundle.put("image/png", Base64.getEncoder().encodeToString(chart.png()));
        return bundle;
    }

    private static Map<String, Object> picture(String type, byte[] bytes, String text) {
        Map<String, Object> bundle = text(text);
        bundle.put(type, Base64.getEncoder().encodeToString(bytes));
        return bundle;
    }

    /** As part of a page, because nbconvert and other viewers leave out image/gif. */
    private static Map<String, Object> movie(Animation animation) {
        Map<String, Object> bundle = text(animation.toString());
        String data = Base64.getEncoder().encodeToString(animation.gif());
        bundle.put("text/html", "<img alt=\"" + escape(animation.toString()) + "\" src=\"data:image/gif;base64," + data + "\">");
        return bundle;
    }

    private static byte[] png(BufferedImage image) {
        var bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** A sentence above a table; at most 20 rows of it. */
    private static Map<String, Object> table(String sentence, Table table) {
        Map<String, Object> bundle = text((sentence.isEmpty() ? "" : sentence + "\n") + plain(table));
        bundle.put("text/html", (sentence.isEmpty() ? "" : "<p>" + escape(sentence).replace("\n", "<br>") + "</p>") + html(table));
        return bundle;
    }

    private static String html(Table table) {
        var html = new StringBuilder("<table>");
        if (table.name() != null) html.append("<caption>").append(escape(table.name())).append("</caption>");
        html.append("<thead><tr>");
        for (Column<?> column : table.columns()) html.append(cell("th", column, escape(column.name())));
        html.append("</tr></thead><tbody>");
        for (int row = 0; row < Math.min(ROWS, table.rowCount()); row++) {
            html.append("<tr>");
            for (Column<?> column : table.columns()) html.append(cell("td", column, escape(value(column, row))));
            html.append("</tr>");
        }
        html.append("</tbody></table>");
        if (table.rowCount() > ROWS) html.append("<p>the first ").append(ROWS).append(" of ").append(table.rowCount()).append(" rows</p>");
        return html.toString();
    }

    private static String cell(String tag, Column<?> column, String text) {
        boolean words = column.type().equals(ColumnType.STRING);
        return "<" + tag + " style=\"text-align:" + (words ? "left" : "right") + "\">" + text + "</" + tag + ">";
    }

    private static String value(Column<?> column, int row) {
        if (column.isMissing(row)) return "";
        Object value = column.get(row);
        return value instanceof Double d ? number(d) : String.valueOf(value);
    }

    /** Four significant digits. */
    static String number(double value) {
        if (value == 0) return "0";
        double size = Math.abs(value);
        if (!Double.isFinite(value) || size >= 1e7 || size < 1e-4) return String.format(Locale.ROOT, "%.3g", value);
        if (value == Math.rint(value) && size >= 1000) return String.format(Locale.ROOT, "%.0f", value);
        int decimals = (int) Math.max(0, 3 - Math.floor(Math.log10(size)));
        String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
        return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
    }

    private static String plain(Table table) {
        int columns = table.columnCount(), rows = Math.min(ROWS, table.rowCount());
        String[][] cells = new String[rows + 1][columns];
        int[] width = new int[columns];
        for (int c = 0; c < columns; c++) {
            cells[0][c] = table.column(c).name();
            for (int r = 0; r < rows; r++) cells[r + 1][c] = value(table.column(c), r);
            for (String[] line : cells) width[c] = Math.max(width[c], line[c].length());
        }
        var text = new StringBuilder();
        for (String[] line : cells) {
            for (int c = 0; c < columns; c++) {
                String blanks = " ".repeat(width[c] - line[c].length());
                boolean words = table.column(c).type().equals(ColumnType.STRING);
                text.append(words ? line[c] + blanks : blanks + line[c]).append(c + 1 < columns ? "  " : "\n");
            }
        }
        if (table.rowCount() > ROWS) text.append("… ").append(table.rowCount()).append(" rows\n");
        return text.toString();
    }

    /** One small line. */
    static Map<String, Object> small(String line) {
        Map<String, Object> bundle = text(line);
        bundle.put("text/html", "<small>" + escape(line) + "</small>");
        return bundle;
    }

    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
