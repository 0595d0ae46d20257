package metarl.diagnose.log;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A column of a log and what it holds.
 *
 * @param role such as "propensity"
 * @param name as in the header
 * @param index from 0
 */
record LogColumn(String role, String name, int index) {
    private static final int SHOWN = 30;
    /** A mistyped name differs by at most one letter in so many. */
    private static final int LETTERS_PER_SLIP = 4;

    /**
     * The column of a name, or, where none is given, the one with a usual name.
     *
     * @param verb of the reader that names the column
     * @param given the name, or null
     * @param usual names tried in turn, in any case, where none is given
     * @return null if none is given and no usual one is there
     * @throws IllegalArgumentException if the given one is not there, or is there twice
     */
    static LogColumn find(Path path, List<String> columns, String role, String given, List<String> usual) {
        if (given != null) {
            int index = columns.indexOf(given);
            if (index < 0) throw new IllegalArgumentException(
                path + " has no column '" + given + "' (" + role + "); there are " + list(columns) + nearest(given, columns));
            return once(path, columns, role, index);
        }
        for (String name : usual)
            for (int i = 0; i < columns.size(); i++) if (columns.get(i).equalsIgnoreCase(name)) return once(path, columns, role, i);
        return null;
    }

    /**
     * As {@link #find}, but it must be there.
     *
     * @param otherwise what can be done if the file does not hold it, as a sentence; "" for nothing
     */
    static LogColumn require(Path path, List<String> columns, String role, String verb, String given, List<String> usual,
        String otherwise) {
        LogColumn found = find(path, columns, role, given, usual);
        if (found != null) return found;
        String near = columns.stream()
            .filter(c -> usual.stream().anyMatch(u -> distance(c.toLowerCase(Locale.ROOT), u) <= u.length() / LETTERS_PER_SLIP)).findFirst()
            .orElse(null);
        boolean rowForHeader = columns.stream().anyMatch(c -> NumberText.isDecimal(c) && c.contains("."));
        throw new IllegalArgumentException(path + " has no column for the " + role + ": none is called " + String.join(", ", usual)
            + "; there are " + list(columns)
            + ". Name yours, as in ." + verb + "(\"" + (near == null ? "…" : near) + "\")" + (otherwise.isEmpty() ? "" : ". " + otherwise)
            + (rowForHeader ? ". If the first line is a row and not a header, write a header above it" : ""));
    }

    /**
     * The columns that any of some patterns fits whole: a name, or a regular expression.
     *
     * @throws IllegalArgumentException if a pattern fits none or is none
     */
    static List<LogColumn> matching(Path path, List<String> columns, String role, List<String> patterns) {
        var found = new ArrayList<LogColumn>();
        for (String pattern : patterns) {
            int before = found.size();
            for (int i = 0; i < columns.size(); i++) {
                int index = i;
                boolean fits = columns.contains(pattern) ? columns.get(i).equals(pattern) : fits(pattern, columns.get(i));
                if (fits && found.stream().noneMatch(c -> c.index == index)) found.add(once(path, columns, role, i));
            }
            if (found.size() == before)
                throw new IllegalArgumentException(
                    path + " has no further column that '" + pattern + "' (" + role + ") fits; there are " + list(columns)
                        + nearest(pattern, columns));
        }
        found.sort(Comparator.comparingInt(LogColumn::index));
        return found;
    }

    private static boolean fits(String pattern, String name) {
        try {
            return Pattern.matches(pattern, name);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                "'" + pattern + "' is neither a column nor a regular expression: " + e.getDescription() + "; to mean any characters write "
                    + ".*",
                e);
        }
    }

    private static LogColumn once(Path path, List<String> columns, String role, int index) {
        String name = columns.get(index);
        if (columns.lastIndexOf(name) != columns.indexOf(name))
            throw new IllegalArgumentException(
                path + " has two columns called '" + name + "' (" + role + "); expected one: rename the other in the header");
        return new LogColumn(role, name, index);
    }

    private static String list(List<String> columns) {
        String names = columns.stream().limit(SHOWN).collect(Collectors.joining(", "));
        return columns.size() > SHOWN ? names + " and " + (columns.size() - SHOWN) + " more" : names;
    }

    private static String nearest(String wanted, List<String> columns) {
        String name = columns.stream()
            .min(Comparator.comparingInt(c -> distance(wanted.toLowerCase(Locale.ROOT), c.toLowerCase(Locale.ROOT)))).orElse("");
        return distance(wanted.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT)) <= Math.max(2, wanted.length() / 2)
            ? "; did you mean '" + name + "'?" : "";
    }

    /** Levenshtein's: how many letters to insert, delete or replace. */
    private static int distance(String a, String b) {
        int[] row = IntStream.rangeClosed(0, b.length()).toArray();
        for (int i = 1; i <= a.length(); i++) {
            int[] last = Arrays.copyOf(row, row.length);
            row[0] = i;
            for (int j = 1; j <= b.length(); j++)
                row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1));
        }
        return row[b.length()];
    }

    /** As errors name it. */
    @Override
    public String toString() {
        return shown(role, name);
    }

    static String shown(String role, String name) {
        return role + " '" + name + "'";
    }
}
