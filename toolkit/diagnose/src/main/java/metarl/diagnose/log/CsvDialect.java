package metarl.diagnose.log;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a CSV file is written, found from its first lines.
 *
 * @param delimiter between cells
 * @param backslash whether quotes within quotes come behind a backslash instead of being doubled
 * @param skipped lines above the header
 * @param commentedHeader the header, where it is a comment as numpy writes it, without the #; null otherwise
 * @param comments lines above the header that begin with #
 * @param blankLines blank lines above the header
 * @param notes what is worth telling about all that
 */
record CsvDialect(char delimiter, boolean backslash, int skipped, String commentedHeader, int comments, int blankLines,
    List<String> notes) {
    /** Characters that are looked at. */
    static final int HEAD = 1 << 18;
    private static final String USUAL = ",;\t|";
    private static final int LOOKED_AT = 50, LONGEST_SHOWN = 60;
    private static final Pattern EXCEL = Pattern.compile("\"?sep=(\\\\t|.)\"?", Pattern.CASE_INSENSITIVE);

    /** Records of the head under some dialect: cells of the first, and how many of the others go with it. */
    private record Attempt(int columns, int fitting, int others, boolean afterBackslash) {}

    /**
     * Looks at the first characters of a file.
     *
     * @param whole whether they are all there is
     * @param given the delimiter, if it was named; 0 otherwise
     * @throws IllegalArgumentException if they are not CSV
     */
    static CsvDialect of(Path path, String head, boolean whole, char given) {
        List<String> lines = head.lines().toList();
        var notes = new ArrayList<String>();
        char delimiter = given;
        int skipped = 0, comments = 0, blank = 0;
        Matcher excel = lines.isEmpty() ? null : EXCEL.matcher(lines.get(0).strip().isEmpty() ? "" : lines.get(0));
        if (excel != null && excel.matches()) {
            skipped++;
            notes.add("Line 1, " + lines.get(0) + ", names the delimiter and is not a row.");
            if (given == 0) delimiter = excel.group(1).equals("\\t") ? '\t' : excel.group(1).charAt(0);
        }
        var commentLines = new ArrayList<Integer>();
        for (; skipped < lines.size(); skipped++) {
            String line = lines.get(skipped);
            if (line.startsWith("#")) {
                comments++;
                commentLines.add(skipped + 1);
            } else if (line.isBlank()) blank++;
            else break;
        }
        if (blank > 0) notes.add(blank == 1 ? "A line above the header is blank." : blank + " lines above the header are blank.");
        if (skipped == lines.size())
            throw new IllegalArgumentException(path + (whole ? " holds nothing but " : " begins with " + HEAD + " characters of ")
                + (excel != null && excel.matches() ? "sep= and " : "") + (comments > 0 ? "comments and " : "")
                + "blank lines; expected a header with the names of the columns and a row per logged choice");
        String first = lines.get(skipped), second = lines.stream().skip(skipped + 1).filter(l -> !l.isBlank()).findFirst().orElse("");
        String foreign = given == 0 ? ForeignText.what(first, second) : null;
        if (foreign != null) throw new IllegalArgumentException(path + " " + foreign);
        int at = offset(head, skipped);
        if (delimiter == 0) delimiter = delimiter(path, head.substring(at), whole, first, skipped + 1);
        String commented = commentLines.isEmpty() ? null : commentedHeader(lines.get(commentLines.get(comments - 1) - 1), first, delimiter);
        if (commented != null) {
            notes.add("The header is the comment in line " + commentLines.remove(comments - 1) + ".");
            comments--;
        }
        if (comments > 0) notes.add(ofComments(comments, commentLines.get(0)));
        boolean backslash = backslash(head.substring(at), whole, delimiter);
        if (backslash) notes.add("Quotes within quotes come behind a backslash (Spark writes them so); they were read so.");
        return new CsvDialect(delimiter, backslash, skipped, commented, comments, blank, List.copyOf(notes));
    }

    private static String ofComments(int comments, int first) {
        return comments == 1 ? "Line " + first + " is a comment."
            : comments + " lines above the header are comments (the first is line " + first + ").";
    }

    private static int offset(String head, int lines) {
        int at = 0;
        for (int i = 0; i < lines; i++) {
            while (head.charAt(at) != '\n' && head.charAt(at) != '\r') at++;
            at += head.startsWith("\r\n", at) ? 2 : 1;
        }
        return at;
    }

    /** numpy writes names so. A comment has them if it has a name for each cell below, and those are not names. */
    private static String commentedHeader(String comment, String below, char delimiter) {
        String names = comment.substring(1).strip(), separator = Pattern.quote("" + delimiter);
        String[] cells = names.split(separator, -1), values = below.split(separator, -1);
        boolean fits = cells.length == values.length && Stream.of(values).anyMatch(NumberText::isDecimal)
            && Stream.of(cells).noneMatch(NumberText::isDecimal)
            && Stream.of(cells).noneMatch(String::isBlank) && (cells.length > 1 || !names.contains(" "));
        return fits ? names : null;
    }

    /** A line above the header that is none: the lines below it are a table, and it has not their delimiter. */
    private static void refuseTitle(Path path, String text, boolean whole, String first, int number) {
        if (text.length() == first.length() || first.startsWith("\"")) return;
        String below = text.substring(offset(text, 1));
        for (char candidate : USUAL.toCharArray()) {
            Attempt attempt = attempt(below, whole, candidate, false);
            if (attempt.columns > 1 && attempt.others > 0 && attempt.fitting == attempt.others && first.indexOf(candidate) < 0)
                throw new IllegalArgumentException(
                    path + ", line " + number + ": '" + (first.length() <= LONGEST_SHOWN ? first : first.substring(0, LONGEST_SHOWN) + "…")
                        + "' is no header, because the lines below it have " + attempt.columns + " cells, parted by " + shown(candidate)
                        + "; expected their names. If it is a title or a comment, take it out or let it begin with #");
        }
    }

    private static char delimiter(Path path, String text, boolean whole, String header, int line) {
        char best = 0;
        Attempt found = null;
        for (char candidate : USUAL.toCharArray()) {
            Attempt attempt = attempt(text, whole, candidate, false);
            if (attempt.columns > 1 && (found == null || better(attempt, found))) {
                best = candidate;
                found = attempt;
            }
        }
        if (best == 0 || found.fitting == 0) refuseTitle(path, text, whole, header, line);
        if (best != 0) return best;
        List<String> rows = text.lines().filter(l -> !l.isBlank()).skip(1).limit(LOOKED_AT).toList();
        String unusual = header.chars().filter(c -> !Character.isLetterOrDigit(c) && ("_-. \"'#()[]/%" + USUAL).indexOf(c) < 0)
            .mapToObj(c -> "" + (char) c).distinct()
            .filter(c -> !rows.isEmpty() && rows.stream().allMatch(r -> count(r, c) == count(header, c))).collect(Collectors.joining());
        if (!unusual.isEmpty())
            throw new IllegalArgumentException(path + ": its cells seem to be parted by " + shown(unusual.charAt(0))
                + "; expected comma, semicolon, tab or |. If they are, say .delimiter("
                + literal(unusual.charAt(0)) + ")");
        int words = ForeignText.words(header);
        if (words > 1 && !rows.isEmpty() && rows.stream().allMatch(r -> ForeignText.words(r) == words))
            throw new IllegalArgumentException(path
                + ": its cells seem to be parted by blanks; expected comma, semicolon, tab or |: write it again with commas, in Python by "
                + "pandas.read_csv(path, sep=r'\\s+').to_csv(…, index=False)");
        return ',';
    }

    private static long count(String line, String character) {
        return line.chars().filter(c -> c == character.charAt(0)).count();
    }

    private static String shown(char c) {
        return c < ' ' ? String.format(Locale.ROOT, "the character U+%04X", (int) c) : "'" + c + "'";
    }

    private static String literal(char c) {
        return c < ' ' ? String.format(Locale.ROOT, "(char) %d", (int) c) : c == '\'' || c == '\\' ? "'\\" + c + "'" : "'" + c + "'";
    }

    /** More of the records agree with the header, or as many with more columns. */
    private static boolean better(Attempt one, Attempt other) {
        long a = (long) one.fitting * Math.max(1, other.others), b = (long) other.fitting * Math.max(1, one.others);
        return a != b ? a > b : one.columns > other.columns;
    }

    private static boolean backslash(String text, boolean whole, char delimiter) {
        Attempt doubled = attempt(text, whole, delimiter, false);
        if (!doubled.afterBackslash) return false;
        Attempt behind = attempt(text, whole, delimiter, true);
        return behind.others - behind.fitting < doubled.others - doubled.fitting;
    }

    private static Attempt attempt(String text, boolean whole, char delimiter, boolean backslash) {
        try (var records = new CsvText(new StringReader(text), delimiter, backslash)) {
            if (!records.next()) return new Attempt(0, 0, 0, false);
            int columns = records.cells(), fitting = 0, others = 0;
            boolean after = records.afterBackslash();
            while (others < LOOKED_AT && records.next()) {
                if (records.blank()) continue;
                // the last may be cut where the head ends
                if (!whole && records.fault() == CsvText.Fault.OPEN_QUOTE) break;
                others++;
                after |= records.afterBackslash();
                if (records.fault() == null && records.cells() == columns) fitting++;
            }
            return new Attempt(columns, fitting, others, after);
        } catch (IOException | IllegalStateException e) {
            return new Attempt(0, 0, 0, false);
        }
    }
}
