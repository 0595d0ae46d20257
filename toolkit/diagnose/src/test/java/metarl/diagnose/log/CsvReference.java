package metarl.diagnose.log;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a CSV text of a log holds, found slowly and in another way than the toolkit's: a record is the shortest run of whole lines that the
 * grammar of RFC 4180 fits; where none does, the line is a record that cannot be parted.
 */
record CsvReference(List<String> header, List<Row> rows, long comments, long blankLines) {
    /** One record below the header; no cells if it cannot be parted. */
    record Row(List<String> cells, int lines) {}

    private static final Pattern NUMBER = Pattern.compile("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]{1,9})?");

    static CsvReference of(String text, char delimiter) {
        List<String> lines = lines(text);
        String d = Pattern.quote("" + delimiter);
        Pattern cell = Pattern.compile("(?:\"((?:[^\"]|\"\")*+)\"|((?!\")[^" + d + "\\r\\n]*+))(?:(" + d + ")|$)(?![\\r\\n])",
            Pattern.DOTALL);
        int at = 0;
        long comments = 0, blank = 0;
        for (; at < lines.size() && (lines.get(at).startsWith("#") || lines.get(at).isBlank()); at++) {
            if (lines.get(at).startsWith("#")) comments++;
            else blank++;
        }
        List<String> header = null;
        var rows = new ArrayList<Row>();
        boolean[] numeric = null;
        while (at < lines.size()) {
            Row row = record(lines, at, cell);
            at += row.lines;
            if (header == null) header = row.cells;
            else if (row.lines == 1 && lines.get(at - 1).chars().allMatch(c -> NumberText.blank((char) c))) blank++;
            else {
                if (row.cells.size() == header.size() && numeric == null) {
                    numeric = new boolean[header.size()];
                    for (int i = 0; i < numeric.length; i++) numeric[i] = number(row.cells.get(i)) != null;
                }
                boolean[] where = numeric;
                if (row.lines > 1 && row.cells.size() == header.size()
                    && lines.subList(at - row.lines, at).stream().allMatch(l -> looksLikeARow(withoutEnd(l).split(d, -1), where))) {
                    at -= row.lines - 1;
                    row = new Row(List.of(), 1);
                }
                rows.add(row);
            }
        }
        return new CsvReference(header, rows, comments, blank);
    }

    private static boolean looksLikeARow(String[] cells, boolean[] numeric) {
        boolean any = false;
        for (int i = 0; cells.length == numeric.length && i < cells.length; i++) {
            if (!numeric[i]) continue;
            any = true;
            if (number(cells[i].replace("\"", "")) == null) return false;
        }
        return any;
    }

    /** Lines with their ends. */
    private static List<String> lines(String text) {
        Matcher line = Pattern.compile("[^\\r\\n]*(\\r\\n|\\r|\\n)|[^\\r\\n]+$").matcher(text);
        var lines = new ArrayList<String>();
        while (line.find()) lines.add(line.group());
        return lines;
    }

    private static String withoutEnd(String line) {
        return line.replaceAll("[\\r\\n]+$", "");
    }

    private static Row record(List<String> lines, int first, Pattern cell) {
        var text = new StringBuilder();
        for (int last = first; last < lines.size(); last++) {
            text.append(lines.get(last));
            List<String> cells = cells(withoutOneEnd(text.toString()), cell);
            if (cells != null) return new Row(cells, last - first + 1);
        }
        return new Row(List.of(), 1);
    }

    private static String withoutOneEnd(String text) {
        return text.endsWith("\r\n") ? text.substring(0, text.length() - 2) : text.endsWith("\n") || text.endsWith("\r") ? text.substring(0,
            text.length() - 1) : text;
    }

    /** The cells of a text that is one whole record; null if it is not. */
    private static List<String> cells(String text, Pattern cell) {
        var cells = new ArrayList<String>();
        Matcher next = cell.matcher(text);
        int at = 0;
        while (true) {
            next.region(at, text.length());
            if (!next.lookingAt()) return null;
            cells.add(next.group(1) != null ? next.group(1).replace("\"\"", "\"") : next.group(2));
            at = next.end();
            if (next.group(3) == null) return at == text.length() ? cells : null;
        }
    }

    /** A number, null if the text is none. */
    static Double number(String text) {
        String plain = text.replaceAll("^[ \\t-\\r]+|[ \\t-\\r]+$", "");
        if (!NUMBER.matcher(plain).matches()) return null;
        // BigDecimal knows no −0
        return plain.startsWith("-") ? -new BigDecimal(plain).abs().doubleValue() : new BigDecimal(plain).doubleValue();
    }
}
