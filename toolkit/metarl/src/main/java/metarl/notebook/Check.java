package metarl.notebook;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import jdk.jshell.spi.SPIResolutionException;
import metarl.basics.Findings;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Feedback on an exercise: one line per question, with both numbers where an answer is wrong.
 *
 * <pre>{@code
 * Check.exercise("2.1 effective sample size")
 *     .close("equal weights all count", 4.0, () -> ess(new double[] {1, 1, 1, 1}))
 *     .matches("any weights", () -> ImportanceWeights.of(w).ess().value(), () -> ess(w))
 *     .rejects("negative weights", () -> ess(new double[] {-1, 1}))
 * }</pre>
 *
 * <p>To be graded, a cell ends with {@link #points points(5)}, or with {@link #orThrow} for all or nothing.
 *
 * <p>A stub that throws {@link UnsupportedOperationException} counts as not yet done, so that an unsolved notebook runs to its end.
 */
public final class Check implements Findings {
    /** How an answer was judged. */
    public enum Verdict {
        /** As expected. */
        OK,
        /** Not as expected. */
        NO,
        /** Not written yet. */
        TODO
    }

    /**
     * One question and its answer.
     *
     * @param question what was asked
     * @param verdict how it was judged
     * @param hint what was given and what was expected; empty if it is right
     */
    public record Line(String question, Verdict verdict, String hint) {}

    private static final double TOLERANCE = 1e-6;

    private final String title;
    private final List<Line> lines;

    private Check(String title, List<Line> lines) {
        this.title = title;
        this.lines = List.copyOf(lines);
    }

    /** An exercise without questions yet; each verb adds one. */
    public static Check exercise(String title) {
        return new Check(title, List.of());
    }

    /** The answer must equal {@code expected} up to 10⁻⁶ of its size (of 1, if it is smaller). */
    public Check close(String question, double expected, Callable<? extends Number> answer) {
        return close(question, expected, TOLERANCE * Math.max(1, Math.abs(expected)), answer);
    }

    /** The answer must lie within {@code tolerance} of {@code expected}. */
    public Check close(String question, double expected, double tolerance, Callable<? extends Number> answer) {
        return add(question, () -> {
            Number given = answer.call();
            if (given != null && Math.abs(given.doubleValue() - expected) <= tolerance) return "";
            return "given " + (given == null ? "nothing" : Display.number(given.doubleValue())) + ", expected " + Display.number(expected);
        });
    }

    /** The answer must equal {@code expected}. */
    public Check equal(String question, Object expected, Callable<?> answer) {
        return add(question, () -> {
            Object given = answer.call();
            return expected.equals(given) ? "" : "given " + given + ", expected " + expected;
        });
    }

    /** The answer must agree with {@code reference} up to 10⁻⁶ of its size (of 1, if it is smaller); the hint does not give it away. */
    public Check matches(String question, Callable<?> reference, Callable<?> answer) {
        return matches(question, TOLERANCE, reference, answer);
    }

    /**
     * The answer must agree with what {@code reference} computes, such as the toolkit's own method. The hint says whether the answer is too
     * small or too large, and where, but not what is expected.
     *
     * @param tolerance by how much a number may differ, as a part of the expected number's size (of 1, if that is smaller)
     * @param reference gives a number or an array of numbers
     * @param answer gives the same form
     */
    public Check matches(String question, double tolerance, Callable<?> reference, Callable<?> answer) {
        return add(question, () -> difference(reference.call(), answer.call(), tolerance));
    }

    /** What is wrong with an answer, without the expected value; empty if nothing is. */
    private static String difference(Object expected, Object given, double tolerance) {
        if (given == null) return "given nothing";
        if (expected instanceof Number wanted) {
            if (!(given instanceof Number number)) return "given " + given + ", expected a number";
            double right = wanted.doubleValue(), value = number.doubleValue();
            if (Math.abs(value - right) <= tolerance * Math.max(1, Math.abs(right)) || value == right) return "";
            return "given " + Display.number(value)
                + (value < right ? ", which is too small" : value > right ? ", which is too large" : "");
        }
        if (!expected.getClass().isArray()) return expected.equals(given) ? "" : "given " + given + ", which is not right";
        if (!given.getClass().isArray() || Array.getLength(given) != Array.getLength(expected))
            return "given " + (given.getClass().isArray() ? Array.getLength(given) + " numbers" : given) + ", expected "
                + Array.getLength(expected);
        for (int i = 0; i < Array.getLength(expected); i++) {
            String wrong = difference(Array.get(expected, i), Array.get(given, i), tolerance);
            if (!wrong.isEmpty()) return "at [" + i + "]" + (wrong.startsWith("at ") ? wrong.substring(3) : ": " + wrong);
        }
        return "";
    }

    /** The call must throw an {@link IllegalArgumentException}: that is how bad input is refused. */
    public Check rejects(String question, Callable<?> call) {
        return add(question, () -> {
            try {
                return "it gave " + call.call() + ", expected an IllegalArgumentException that says what is wrong";
            } catch (IllegalArgumentException e) {
                return "";
            }
        });
    }

    private Check add(String question, Callable<String> judge) {
        var more = new ArrayList<>(lines);
        try {
            String hint = judge.call();
            more.add(new Line(question, hint.isEmpty() ? Verdict.OK : Verdict.NO, hint));
        } catch (UnsupportedOperationException e) {
            more.add(new Line(question, Verdict.TODO, "write the code, then run this cell again"));
        } catch (SPIResolutionException e) {
            more.add(new Line(question, Verdict.NO, "it uses a name that is not declared"));
        } catch (StackOverflowError e) {
            more.add(new Line(question, Verdict.NO, "it calls itself without end"));
        } catch (Exception | AssertionError | LinkageError | OutOfMemoryError e) {
            // one wrong answer, whatever it throws, leaves the others their points
            more.add(new Line(question, Verdict.NO, "it threw " + Thrown.reason(e)));
        }
        return new Check(title, more);
    }

    /** The questions and how they were judged, in order. */
    public List<Line> lines() {
        return lines;
    }

    /** Whether every question is answered as expected. */
    public boolean passed() {
        return lines.stream().allMatch(line -> line.verdict == Verdict.OK);
    }

    /**
     * Shows the questions, and ends the cell with an error unless every one is answered as expected: for a grader that counts a cell
     * without an error as right.
     *
     * @throws AssertionError if a question is not answered as expected; the message lists those
     */
    public void orThrow() {
        if (lines.isEmpty()) throw new AssertionError(title + ": there are no questions; add them before orThrow()");
        List<String> open = lines.stream().filter(line -> line.verdict != Verdict.OK).map(line -> line.question + ": " + line.hint)
            .toList();
        Display.show(this);
        if (!open.isEmpty()) throw new AssertionError(title + ": " + (lines.size() - open.size()) + " of " + lines.size() + " right. "
            + String.join("; ", open));
    }

    /**
     * Shows the questions, and gives the score as the last value of a cell: a grader such as nbgrader reads the number.
     *
     * @param points what all questions together are worth; each counts the same
     * @return {@code points} times the share of questions that are answered as expected
     * @throws IllegalArgumentException if {@code points} is negative or not a number
     */
    public double points(double points) {
        if (!(points >= 0) || Double.isInfinite(points))
            throw new IllegalArgumentException("points are " + points + "; expected a number of at least 0");
        if (lines.isEmpty()) throw new IllegalStateException(title + ": there are no questions; add them before points(…)");
        long right = lines.stream().filter(line -> line.verdict == Verdict.OK).count();
        Display.show(this);
        return points * right / lines.size();
    }

    /** The table says it all. */
    @Override
    public String words() {
        return "";
    }

    /** The questions, verdicts and hints. */
    @Override
    public Table summary() {
        var verdict = StringColumn.create("");
        var question = StringColumn.create(title);
        var hint = StringColumn.create("hint");
        for (Line line : lines) {
            verdict.append(line.verdict.name().toLowerCase(Locale.ROOT));
            question.append(line.question);
            hint.append(line.hint);
        }
        return Table.create(lines.stream().filter(l -> l.verdict == Verdict.OK).count() + " of " + lines.size(), verdict, question, hint);
    }

    @Override
    public String toString() {
        return summary().print();
    }
}
