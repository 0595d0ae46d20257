package metarl.notebook;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;
import metarl.basics.Figures;
import metarl.basics.Findings;
import metarl.chart.Chart;
import metarl.plot.TablesawFigures;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;
import tech.tablesaw.plotly.components.Figure;

/** How values look in a notebook: each as a bundle of representations by MIME type. */
public final class Display {
    /** The types that show themselves as a cell's last value. */
    static final List<Class<?>> TYPES = List.of(Table.class, Chart.class, Figure.class, BufferedImage.class, Animation.class,
        Listing.class, Findings.class);

    private static final int ROWS = 20, COLUMNS = 20;
    private static final int LONGEST_CELL = 500;
    /** In a column where numbers have different sizes, the largest has no more than these. */
    private static final int MOST_DIGITS = 6;

    private Display() {}

    /** Shows a value now, as output of the running cell; elsewhere prints its text. */
    public static void show(Object value) {
        Kernel.current().show(bundle(value));
    }

    /** The representations of a value. */
    static Map<String, Object> bundle(Object value) {
        if (value instanceof Table table) return table("", table);
        if (value instanceof Chart chart) return chart(chart);
        if (value instanceof Figure figure) return figure(figure);
        if (value instanceof BufferedImage image)
            return picture("image/png", png(image), Gallery.description(image));
        if (value instanceof Animation animation) return movie(animation);
        if (value instanceof Listing listing) return listing(listing);
        if (value instanceof Findings findings) return table(findings.words(), findings.summary());
        return text(String.valueOf(value));
    }

    static Map<String, Object> text(String text) {
        return new LinkedHashMap<>(Map.of("text/plain", text));
    }

    private static Map<String, Object> chart(Chart chart) {
        Map<String, Object> bundle = text(chart.description());
        bundle.put("application/vnd.plotly.v1+json", chart.plotly());
        bundle.put("image/png", Base64.getEncoder().encodeToString(chart.png()));
        return bundle;
    }

    private static Map<String, Object> listing(Listing listing) {
        Map<String, Object> bundle = text(listing.code());
        bundle.put("text/markdown", listing.markdown());
        return bundle;
    }

    /** What screen readers say instead of a picture, as the viewers that look for it find it: by nbconvert in an image's alt. */
    static Map<String, Object> metadata(Map<String, Object> bundle) {
        return bundle.containsKey("image/png") ? Map.of("image/png", Map.of("alt", bundle.get("text/plain"))) : Map.of();
    }

    private static Map<String, Object> figure(Figure figure) {
        Map<String, Object> plotly = TablesawFigures.plotly(figure);
        Object title = ((Map<?, ?>) plotly.get("layout")).get("title");
        Map<String, Object> bundle = text("Tablesaw figure" + (title instanceof Map<?, ?> map ? ": " + map.get("text") : ""));
        bundle.put("application/vnd.plotly.v1+json", plotly);
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

    /** A sentence above a table; at most 20 rows and 20 columns of it, and none of the columns that have no value. */
    private static Map<String, Object> table(String sentence, Table table) {
        List<Column<?>> filled = table.rowCount() == 0 ? table.columns() : table.columns().stream().filter(Display::hasValue).toList();
        if (filled.isEmpty()) filled = table.columns();
        List<Column<?>> shown = filled.subList(0, Math.min(COLUMNS, filled.size()));
        int rows = Math.min(ROWS, table.rowCount());
        // rows of different quantities have digits of their own
        boolean mixed = table.columnCount() > 0 && table.column(0).name().equals("quantity");
        String[][] cells = new String[shown.size()][];
        for (int c = 0; c < cells.length; c++) cells[c] = texts(shown.get(c), rows, !mixed);
        Map<String, Object> bundle = text((sentence.isEmpty() ? "" : sentence + "\n") + plain(table, filled.size(), shown, cells));
        bundle.put("text/html",
            (sentence.isEmpty() ? "" : "<p>" + escape(sentence).replace("\n", "<br>") + "</p>") + html(table, filled.size(), shown, cells));
        return bundle;
    }

    private static boolean hasValue(Column<?> column) {
        for (int row = 0; row < column.size(); row++) if (!column.isMissing(row) && !String.valueOf(column.get(row)).isEmpty()) return true;
        return false;
    }

    private static String html(Table table, int columns, List<Column<?>> shown, String[][] cells) {
        var html = new StringBuilder("<table>");
        if (table.name() != null) html.append("<caption>").append(escape(cut(table.name()))).append("</caption>");
        html.append("<thead><tr>");
        for (Column<?> column : shown) html.append(cell("th", column, escape(cut(column.name()))));
        html.append("</tr></thead><tbody>");
        for (int row = 0; row < Math.min(ROWS, table.rowCount()); row++) {
            html.append("<tr>");
            for (int c = 0; c < cells.length; c++) html.append(cell("td", shown.get(c), escape(cells[c][row])));
            html.append("</tr>");
        }
        html.append("</tbody></table>");
        if (table.rowCount() > ROWS) html.append("<p>the first ").append(ROWS).append(" of ").append(table.rowCount()).append(" rows</p>");
        if (columns > COLUMNS) html.append("<p>the first ").append(COLUMNS).append(" of ").append(columns).append(" columns</p>");
        return html.toString();
    }

    private static String cell(String tag, Column<?> column, String text) {
        boolean words = column.type().equals(ColumnType.STRING);
        return "<" + tag + " style=\"text-align:" + (words ? "left" : "right") + "\">" + text + "</" + tag + ">";
    }

    /** The texts of a column's first cells; numbers with as many decimals as the one that needs most, four significant digits each. */
    private static String[] texts(Column<?> column, int rows, boolean alike) {
        String[] texts = new String[rows];
        for (int row = 0; row < rows; row++) {
            Object value = column.isMissing(row) ? "" : column.get(row);
            texts[row] = value instanceof Number n && isReal(n) ? number(n.doubleValue()) : cut(String.valueOf(value));
        }
        if (!alike || Arrays.stream(texts).anyMatch(text -> text.contains("e"))) return texts;
        int decimals = Arrays.stream(texts).mapToInt(Display::decimals).max().orElse(0);
        double largest = 0;
        for (int row = 0; row < rows; row++) if (!column.isMissing(row) && column.get(row) instanceof Number n && isReal(n))
            largest = Math.max(largest, Math.abs(n.doubleValue()));
        int whole = largest < 1 ? 0 : (int) Math.floor(Math.log10(largest)) + 1;
        int shown = Math.max(0, Math.min(decimals, MOST_DIGITS - whole));
        for (int row = 0; row < rows; row++) {
            if (column.isMissing(row) || !(column.get(row) instanceof Number n) || !isReal(n) || !Double.isFinite(n.doubleValue()))
                continue;
            double value = n.doubleValue();
            // what would be shown as nothing keeps its own digits
            if (value == 0 || Math.abs(value) >= Math.pow(10, -shown))
                texts[row] = String.format(Locale.ROOT, "%." + shown + "f", value + 0.0);
        }
        return texts;
    }

    private static boolean isReal(Number number) {
        return number instanceof Double || number instanceof Float;
    }

    private static int decimals(String number) {
        return number.matches("-?\\d+\\.\\d+") ? number.length() - number.indexOf('.') - 1 : 0;
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_CELL ? text : text.substring(0, LONGEST_CELL) + "…";
    }

    /** Four significant digits. */
    static String number(double value) {
        if (value == 0) return "0";
        double size = Math.abs(value);
        if (!Double.isFinite(value) || size >= 1e7 || size < 1e-4) return Figures.number(value, 3);
        if (value == Math.rint(value) && size >= 1000) return String.format(Locale.ROOT, "%.0f", value);
        int decimals = (int) Math.max(0, 3 - Math.floor(Math.log10(size)));
        String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
        return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
    }

    private static String plain(Table table, int columns, List<Column<?>> shown, String[][] cells) {
        int rows = Math.min(ROWS, table.rowCount());
        int[] width = new int[cells.length];
        for (int c = 0; c < cells.length; c++) {
            width[c] = cut(shown.get(c).name()).length();
            for (String text : cells[c]) width[c] = Math.max(width[c], text.length());
        }
        var text = new StringBuilder();
        for (int row = -1; row < rows; row++) {
            for (int c = 0; c < cells.length; c++) {
                String cell = row < 0 ? cut(shown.get(c).name()) : cells[c][row], blanks = " ".repeat(width[c] - cell.length());
                boolean words = shown.get(c).type().equals(ColumnType.STRING);
                text.append(words ? cell + blanks : blanks + cell).append(c + 1 < cells.length ? "  " : "\n");
            }
        }
        if (table.rowCount() > ROWS) text.append("… ").append(table.rowCount()).append(" rows\n");
        if (columns > COLUMNS) text.append("… ").append(columns).append(" columns\n");
        return text.toString();
    }

    /** One small line. */
    static Map<String, Object> small(String line) {
        Map<String, Object> bundle = text(line);
        bundle.put("text/html", "<small>" + escape(line) + "</small>");
        return bundle;
    }

    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
