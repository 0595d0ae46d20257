package metarl.diagnose.log;

import java.util.List;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Texts that are tables, or hold them, but not as CSV: told by their first lines, so that nobody is asked for the columns of a JSON file.
 */
final class ForeignText {
    private record Kind(String what, String remedy, BiPredicate<String, String> fits) {}

    private static final String EXPECTED = "; expected CSV or Parquet: ";
    private static final Pattern BLANKS = Pattern.compile("[ \\t]+");
    private static final Pattern VOWPAL_LABEL = Pattern.compile("(shared|[-+.\\d][-+.\\d:eE \\t]*)('\\S*)?\\s*");
    private static final List<Kind> KINDS = List.of(
        kind("JSON, one object per line", "convert it, in Python by pandas.read_json(path, lines=True).to_csv(…, index=False)",
            "(?s)\\s*\\{\\s*[\"'}].*", ".*\\}\\s*,?\\s*"),
        kind("JSON", "convert it, in Python by pandas.read_json(path).to_csv(…, index=False)",
            "\\s*(\\{\\s*([\"'}].*)?|\\[\\s*([\\[{\"'\\d-].*|\\]\\s*)?)", null),
        kind("HTML or XML", "take the table out of it, in Python by pandas.read_html(path)", "\\s*<(?![^>]*>[,;\\t|])[A-Za-z!?].*", null),
        kind("an ARFF file", "convert it, in Python by scipy.io.arff", "(?i)\\s*@relation\\b.*", null),
        kind("a matrix in the Matrix Market format", "write it as a table with a header", "%%MatrixMarket.*", null),
        kind("SQL", "load it into a database, and write the table as CSV from there",
            "(?i)\\s*(create table|insert into|drop table|-- (mysql|postgresql|mariadb)).*", null),
        kind("YAML", "convert it to a table with a header and a row per logged choice",
            "---\\s*|- +[\\w\"'].*|[\\w\"']+:\\s*|[\\w\"']+: +[^,;|\\t]*", null),
        kind("a table in Markdown", "take out the line of dashes and the outer bars, so that | parts the cells", "\\s*\\|?.*\\|.*",
            "\\s*\\|?\\s*:?-+:?\\s*\\|[-:|\\s]*"),
        kind("pairs of names and values", "write the names into a header, and the values into a row per logged choice",
            "\\w+=[^\\s,;]*([ ,;\\t]+\\w+=[^\\s,;]*)+\\s*", null),
        kind("the LIBSVM format", "write a header and a column per feature, in Python by sklearn.datasets.load_svmlight_file",
            "[-+]?[\\d.]+\\S*( +\\d+:\\S+)+\\s*", null),
        new Kind("Vowpal Wabbit's format",
            "write the action, cost and probability of each line, and its features, as columns with a header",
            (first, second) -> isVowpal(first)));

    private ForeignText() {}

    /** A kind whose first line, and second where one is given, fit patterns. */
    private static Kind kind(String what, String remedy, String first, String second) {
        Pattern one = Pattern.compile(first), two = second == null ? null : Pattern.compile(second);
        return new Kind(what, remedy, (a, b) -> one.matcher(a).matches() && (two == null || two.matcher(b).matches()));
    }

    private static boolean isVowpal(String first) {
        int bar = first.indexOf('|');
        if (bar < 0) return false;
        String label = first.substring(0, bar);
        boolean numbers = Stream.of(first.split("\\|", -1)).allMatch(NumberText::isDecimal);
        return VOWPAL_LABEL.matcher(label).matches() && !numbers
            && (label.indexOf(':') >= 0 || label.endsWith(" ") || label.startsWith("shared"));
    }

    /**
     * What the text is, and what to do; null if it may be CSV.
     *
     * @param first line that is neither blank nor a comment
     * @param second such line, "" if there is none
     */
    static String what(String first, String second) {
        // an object per line ends where the line does; one that goes on is a document
        String end = second.isEmpty() ? first : second;
        for (Kind kind : KINDS)
            if (kind.fits.test(first, kind.what.startsWith("JSON, one") ? end : second)) return "is " + kind.what + EXPECTED + kind.remedy;
        return null;
    }

    /** How many cells runs of blanks part a line into. */
    static int words(String line) {
        return BLANKS.split(line.strip()).length;
    }
}
