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
 * computed, not where it was written.
 *
 * <pre>{@code
 * Claims.of()
 *     .above("One inner step raises the return on unseen goals", exact.gain(1), 0)
 *     .undecided("A second step adds nothing that can be told from 0", second, 0)
 *     .equal("The gradient by hand is the toolkit's", byHand, byToolkit, 1e-6)
 * }</pre>
 */
public final class Claims implements Findings {
    /**
     * A sentence and its verdict.
     *
     * @param sentence what is claimed
     * @param evidence the number or interval, and what it is compared with
     * @param shown whether the evidence shows it
     */
    public record Claim(String sentence, String evidence, boolean shown) {}

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

    /** That no difference is shown: the interval holds the number. */
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
        var more = new ArrayList<>(claims);
        more.add(new Claim(sentence, evidence, shown));
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
            verdict.append(claim.shown ? "shown" : "not shown");
        }
        return Table.create(claims.stream().filter(Claim::shown).count() + " of " + claims.size() + " shown", sentence, evidence, verdict);
    }

    @Override
    public String toString() {
        return summary().print();
    }
}
