package metarl.diagnose.log;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What the cells of a log's actions say, and the number of each: the one written, where they are whole numbers from 0, in any way of
 * writing them (3, 3.0, 03, 3e0); else the place among the names, in alphabetical order or as listed.
 *
 * <p>Where nearly all are numbers, the few others are faults, not names: one mistyped cell must not renumber the rest.
 */
final class ActionLabels {
    /** More actions than this are rather identifiers. */
    private static final int MOST_ACTIONS = 100_000;
    /** So large a share of numbers means that the others were meant to be numbers, and so small a one that the numbers are names. */
    private static final double NEARLY_ALL = 0.9;
    private static final double HARDLY_ANY = 0.1;
    private static final int SHOWN = 5;
    private static final int LISTED = 12;
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}]");

    private static final class Label {
        private final int index;
        private final String text;
        private final double number;
        private final String fault;
        private final List<String> first = new ArrayList<>();
        private long rows;
        private long good;

        private Label(int index, String text, String fault) {
            this.index = index;
            this.text = text;
            this.fault = fault;
            number = NumberText.isDecimal(text) ? NumberText.parse(text) : Double.NaN;
        }

        private boolean whole() {
            return number >= 0 && number == Math.rint(number) && number < Double.POSITIVE_INFINITY;
        }

        private boolean action() {
            return whole() && number <= MOST_ACTIONS;
        }

        /** What is wrong with it among whole numbers. */
        private String problem() {
            if (number < 0) return "is below 0, though the others are whole numbers from 0,";
            return whole() ? "is rather an identifier than the number of an action (limit " + MOST_ACTIONS + "),"
                : "is not a whole number, though the others are,";
        }
    }

    private final int actionCount;
    private final List<String> actionNames;
    private final Map<String, Label> labels = new LinkedHashMap<>();
    private final List<Label> inOrder = new ArrayList<>();
    private long rows;

    /** With the number and the names of actions as far as they are known: 0 and none if not. */
    ActionLabels(int actionCount, List<String> actionNames) {
        this.actionCount = actionCount;
        this.actionNames = actionNames;
    }

    /**
     * Takes note of a row's cell and returns its index among those that were met; −1 for a blank. What cannot be an action is a fault of
     * the row.
     */
    int met(LogColumn action, String text, CheckedRows row) {
        if (text.isEmpty()) return -1;
        Label label = labels.get(text);
        if (label == null) {
            label = new Label(inOrder.size(), text, fault(text));
            labels.put(text, label);
            inOrder.add(label);
        }
        label.rows++;
        rows++;
        if (label.first.size() < SHOWN) label.first.add(row.row() + " (" + text + ")");
        if (label.fault != null) row.fault(action, label.fault, text);
        return label.index;
    }

    /** Takes note that the row could be used. */
    void good(int index) {
        inOrder.get(index).good++;
    }

    private String fault(String text) {
        if (!actionNames.isEmpty()) return named(text) < 0 ? "is none of the named actions" : null;
        var label = new Label(-1, text, null);
        return actionCount > 0 && label.whole() && label.number >= actionCount ? "is not below actionCount, " + actionCount + "," : null;
    }

    /** The place of a text among the listed names; numbers may be written in another way. */
    private int named(String text) {
        int exact = actionNames.indexOf(text);
        if (exact >= 0) return exact;
        double number = NumberText.isDecimal(text) ? NumberText.parse(text) : Double.NaN;
        return IntStream.range(0, actionNames.size())
            .filter(i -> NumberText.isDecimal(actionNames.get(i)) ? NumberText.parse(actionNames.get(i)) == number
                : actionNames.get(i).equals(text.strip()))
            .findFirst().orElse(-1);
    }

    private long count(Predicate<Label> which) {
        return labels.values().stream().filter(which).mapToLong(l -> l.rows).sum();
    }

    private boolean nearlyAllNumbers() {
        return actionNames.isEmpty() && count(Label::action) >= NEARLY_ALL * rows;
    }

    /** After the last row: what is no action among so many that are becomes a fault. */
    void judge(LogColumn action, CheckedRows row) {
        if (!nearlyAllNumbers()) return;
        var kinds = new LinkedHashMap<String, List<Label>>();
        for (Label label : labels.values())
            if (!label.action() && label.fault == null) kinds.computeIfAbsent(label.problem(), k -> new ArrayList<>()).add(label);
        kinds.forEach((problem, odd) -> row.faultFoundLater(action, problem, odd.stream().mapToLong(l -> l.rows).sum(),
            odd.stream().flatMap(l -> l.first.stream()).toList(),
            odd.stream().mapToLong(l -> l.good).sum()));
        if (kinds.values().stream().anyMatch(odd -> odd.stream().anyMatch(l -> Double.isNaN(l.number))))
            row.hint("If actions have names, list them all by .actionNames(…).");
    }

    /**
     * The number of each label, by its index; −1 for a label whose rows are bad.
     *
     * @throws IllegalArgumentException if the labels are neither whole numbers from 0 nor names
     */
    int[] numbering(Path path, LogColumn action) {
        int[] numbers = IntStream.generate(() -> -1).limit(inOrder.size()).toArray();
        Collection<Label> used = inOrder.stream().filter(l -> l.good > 0).toList();
        if (!actionNames.isEmpty()) used.forEach(l -> numbers[l.index] = named(l.text));
        else if (nearlyAllNumbers()) used.stream().filter(Label::action).forEach(l -> numbers[l.index] = (int) l.number);
        else {
            refuseNumbers(path, action, used);
            var names = new TreeMap<String, Label>();
            used.forEach(l -> names.put(l.text, l));
            int next = 0;
            for (Label label : names.values()) numbers[label.index] = next++;
            if (actionCount > 0 && next > actionCount)
                throw new IllegalArgumentException(path + ", " + action + ": there are " + next + " names of actions, and actionCount is "
                    + actionCount + "; expected at most as many");
        }
        return numbers;
    }

    private void refuseNumbers(Path path, LogColumn action, Collection<Label> used) {
        Label identifier = used.stream().filter(l -> l.whole() && !l.action()).findFirst().orElse(null);
        if (identifier != null && used.stream().allMatch(Label::whole))
            throw new IllegalArgumentException(path + ", " + action + ": " + identifier.text
                + " is rather an identifier than the number of an action (limit " + MOST_ACTIONS
                + "); list them in the order they are to be numbered in by .actionNames(…)");
        Label other = used.stream().filter(l -> !Double.isNaN(l.number) && !l.whole()).findFirst().orElse(null);
        if (other != null)
            throw new IllegalArgumentException(
                path + ", " + action + ": " + other.text + " is no action; expected whole numbers from 0, or names. If these are names, "
                    + "list them by .actionNames(…)");
        long numbers = count(Label::whole);
        if (numbers > HARDLY_ANY * rows)
            throw new IllegalArgumentException(String.format(Locale.ROOT,
                "%s, %s: %,d of %,d rows hold a whole number, the others names, such as %s; expected all numbers or all names. "
                    + "If all are names, list them by .actionNames(…)",
                path, action, numbers, rows,
                used.stream().filter(l -> !l.whole()).limit(SHOWN).map(l -> l.first.get(0))
                    .collect(Collectors.joining(", ", "in row ", ""))));
    }

    /** What each action is called. */
    List<String> names(int[] numbering) {
        if (!actionNames.isEmpty()) return actionNames;
        int largest = IntStream.of(numbering).max().orElse(0);
        String[] names = IntStream.range(0, Math.max(actionCount, 1 + largest)).mapToObj(i -> "" + i).toArray(String[]::new);
        if (!nearlyAllNumbers()) for (Label label : inOrder) if (numbering[label.index] >= 0) names[numbering[label.index]] = label.text;
        return List.of(names);
    }

    /** What makes the numbering doubtful. */
    List<String> warnings(int[] numbering) {
        if (!actionNames.isEmpty()) return List.of();
        var found = new ArrayList<String>();
        if (nearlyAllNumbers()) {
            if (actionCount == 0) gaps(IntStream.of(numbering).filter(i -> i >= 0).distinct().sorted().toArray()).ifPresent(found::add);
            return found;
        }
        List<String> texts = inOrder.stream().filter(l -> l.good > 0).map(l -> l.text).toList();
        String numbers = inOrder.stream().filter(l -> l.good > 0 && l.whole()).limit(SHOWN).map(l -> l.text)
            .collect(Collectors.joining(", "));
        if (!numbers.isEmpty()) found.add("Some actions are called by numbers (" + numbers
            + "), most by names: all are taken for names, and numbered in alphabetical order.");
        found.addAll(alike("action", texts));
        return found;
    }

    private static Optional<String> gaps(int[] met) {
        int first = met[0], last = met[met.length - 1], span = last - first + 1;
        String names = met.length <= LISTED ? IntStream.of(met).mapToObj(i -> "\"" + i + "\"").collect(Collectors.joining(", "))
            : met.length == span ? "IntStream.rangeClosed(" + first + ", " + last + ").mapToObj(Integer::toString).toArray(String[]::new)"
                : "…";
        String remedy = " If these do not exist, name those that do, by .actionNames(" + names + "); if they do, say .actionCount("
            + (last + 1) + ").";
        if (met.length < (span + 1) / 2)
            return Optional.of("The actions run from " + first + " to " + last + ", but only " + met.length + " of these " + span
                + " occur: all " + (last + 1)
                + " from 0 on count as actions. Is a number mistyped?" + remedy);
        if (first == 0) return Optional.empty();
        return Optional
            .of("Action numbers begin at " + first + ": " + (first == 1 ? "action 0 does" : "actions 0 to " + (first - 1) + " do")
                + " not occur, but count"
                + (first == 1 ? "s" : "") + " among the " + (last + 1) + " actions."
                + remedy.replace("these do", first == 1 ? "it does" : "these do").replace("if they do,",
                    first == 1 ? "if it does," : "if they do,"));
    }

    /** Warnings of labels that look the same. */
    static List<String> alike(String what, Collection<String> texts) {
        Map<String, String> seen = new HashMap<>();
        return new TreeSet<>(texts).stream().flatMap(text -> {
            String before = seen.putIfAbsent(plain(text), text);
            return before == null ? Stream.empty()
                : Stream.of("Two values of the " + what + " differ in blanks or control characters alone, '"
                    + UNSEEN.matcher(before).replaceAll("\ufffd") + "' and '"
                    + UNSEEN.matcher(text).replaceAll("\ufffd") + "': they count as two.");
        }).limit(SHOWN).toList();
    }

    /** A text without what cannot be seen of it. */
    static String plain(String text) {
        return UNSEEN.matcher(text).replaceAll("").strip();
    }
}
