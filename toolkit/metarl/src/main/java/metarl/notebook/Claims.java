package metarl.notebook;

import java.util.ArrayList;
import java.util.List;
import metarl.basics.Figures;
import metarl.basics.Findings;
import metarl.basics.Interval;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * What a notebook found, sentence by sentence, each judged by the number or the interval of this run: what is claimed holds where it is
 * computed, not where it was written. A question is for what may come out differently in another run.
 *
 * <pre>{@code
 * Claims.of()
 *     .above("One inner step raises the return on unseen goals", exact.gain(1), 0)
 *     .question("Does a second step raise it further?", second, 0)
 *     .equal("The gradient by hand is the toolkit's", byHand, byToolkit, 1e-6)
 * }</pre>
 */
public final class Claims implements Findings {
    /**
     * A sentence and its verdict.
     *
     * @param sentence what is claimed
     * @param evidence the number or interval, and what it is compared with
     * @param verdict "shown" or "not shown"; of a question its answer, "yes", "no" or "open"
     */
    public record Claim(String sentence, String evidence, String verdict) {
        /** Whether the evidence shows what is claimed. */
        public boolean shown() {
            return verdict.equals(SHOWN);
        }

        private boolean isQuestion() {
            return !shown() && !verdict.equals(NOT_SHOWN);
        }
    }

    private static final String SHOWN = "shown", NOT_SHOWN = "not shown";

    private final List<Claim> claims;

    private Claims(List<Claim> claims) {
        this.claims = List.copyOf(claims);
    }

    /** No claim yet; each verb adds one. */
    public static Claims of() {
        return new Claims(List.of());
    }

    /** Shown if the whole interval lies above a number. */
    public Claims above(String sentence, Interval interval, double number) {
        return add(sentence, interval.against(number), interval.excludes(number) && interval.low() > number);
    }

    /** Shown if the whole interval lies below a number. */
    public Claims below(String sentence, Interval interval, double number) {
        return add(sentence, interval.against(number), interval.excludes(number) && interval.high() < number);
    }

    /**
     * A question whose answer may differ from run to run: yes if the whole interval lies above a number, no if the whole of it lies below,
     * and open if it contains the number.
     */
    public Claims question(String sentence, Interval interval, double number) {
        return add(sentence, interval.against(number), !interval.excludes(number) ? "open" : interval.low() > number ? "yes" : "no");
    }

    /** That no difference is shown: the interval contains the number. */
    public Claims undecided(String sentence, Interval interval, double number) {
        return add(sentence, interval.against(number), !interval.ofOneValue() && interval.contains(number));
    }

    /** Shown if an exact number is above a different one. */
    public Claims above(String sentence, double value, double number) {
        return add(sentence, Figures.number(value, 4) + (value > number ? " is above " : " is not above ") + Figures.number(number, 4),
            value > number);
    }

    /** Shown if an exact number is below a different one. */
    public Claims below(String sentence, double value, double number) {
        return add(sentence, Figures.number(value, 4) + (value < number ? " is below " : " is not below ") + Figures.number(number, 4),
            value < number);
    }

    /** Shown if two numbers differ by no more than {@code tolerance}. */
    public Claims equal(String sentence, double value, double other, double tolerance) {
        double difference = Math.abs(value - other);
        return add(sentence, Figures.number(value, 4) + " and " + Figures.number(other, 4) + " differ by " + Figures.number(difference, 2),
            difference <= tolerance);
    }

    private Claims add(String sentence, String evidence, boolean shown) {
        return add(sentence, evidence, shown ? SHOWN : NOT_SHOWN);
    }

    private Claims add(String sentence, String evidence, String verdict) {
        var more = new ArrayList<>(claims);
        more.add(new Claim(sentence, evidence, verdict));
        return new Claims(more);
    }

    /** The claims and their verdicts, in order. */
    public List<Claim> claims() {
        return claims;
    }

    /** The table says it all. */
    @Override
    public String words() {
        return "";
    }

    /** Sentences, evidence and verdicts. */
    @Override
    public Table summary() {
        var sentence = StringColumn.create("what was found");
        var evidence = StringColumn.create("evidence in this run");
        var verdict = StringColumn.create("verdict");
        for (Claim claim : claims) {
            sentence.append(claim.sentence);
            evidence.append(claim.evidence);
            verdict.append(claim.verdict);
        }
        long shown = claims.stream().filter(Claim::shown).count(), questions = claims.stream().filter(Claim::isQuestion).count();
        String title = shown + " of " + (claims.size() - questions) + " shown"
            + (questions == 0 ? "" : questions == 1 ? ", 1 question" : ", " + questions + " questions");
        return Table.create(title, sentence, evidence, verdict);
    }

    @Override
    public String toString() {
        return summary().print();
    }
}
