package metarl.agent.transfer;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import metarl.basics.Figures;
import metarl.basics.Findings;
import metarl.chart.Axis;
import metarl.chart.Chart;
import metarl.chart.Panel;
import metarl.chart.Series;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Proposition 1 of MCAT (Guo et al. 2022) computed exactly, beside the true difference of values of a policy π_j in the source and π_i in
 * the target of a {@link TabularTransfer}. As printed, for every state s
 *
 * <pre>
 * |V_i(s) − V_j(s)| ≤ d / (1 − γ),   d = sup_s 2 M D_TV(p_j(· | s, π_j(s)), p_i(· | s, π_i(s))),   M = sup_{s,s′} |r(s, s′) + γ V_j(s)|
 * </pre>
 *
 * <p>The proof (ours; the paper's is in an appendix that is not public): with δ(s) = Σ_{s′} (p_i − p_j)(s′) (r(s, s′) + γ V_j(s′)) it is
 * V_i(s) − V_j(s) = δ(s) + γ Σ p_i(s′) (V_i(s′) − V_j(s′)), hence |V_i − V_j| ≤ sup |δ| / (1 − γ), and |δ| ≤ M ‖p_i − p_j‖₁ = 2 M D_TV. So
 * the factor 2 is right for D_TV = ½ ‖·‖₁, but M has to hold the value of the <em>next</em> state,
 *
 * <pre>
 * M = sup_{s,s′} |r(s, s′) + γ V_j(s′)|.
 * </pre>
 *
 * <p>With V_j(s), as printed, it is no bound: {@link TabularTransfer#counterexample} has a gap of up to 1 + γ times d / (1 − γ). As p_i −
 * p_j sums to 0, a constant may be taken off, and 2 M can be replaced by the largest span, max − min over s′, of r(s, s′) + γ V_j(s′):
 * never more, and at most half of it where no reward is negative. Proposition 1 is reached in the limit: see that example.
 *
 * <p>The paper goes on with D_TV² ≤ D_KL(p_j ‖ p_i), which is right but twice what Pinsker's inequality gives, D_TV² ≤ ½ D_KL.
 *
 * <p>Where the dynamics are deterministic, as those of simulated bodies are, D_TV is 1 unless the action is exactly equivalent, and D_KL is
 * infinite, however near the next states are: such a bound says next to nothing.
 *
 * @param sourceValues V_j, [S]
 * @param targetValues V_i, [S]
 * @param totalVariations D_TV of the next states, [S]
 * @param divergences D_KL(p_j ‖ p_i) of the next states, [S]; infinite where the target cannot go where the source does
 * @param residual sup |δ|
 * @param largest M with V_j(s′), which the proof needs
 * @param largestAsPrinted M with V_j(s)
 * @param span the largest span of r(s, s′) + γ V_j(s′) over s′
 * @param range the largest reward less the least
 * @param discount γ
 */
public record TransferBound(double[] sourceValues, double[] targetValues, double[] totalVariations, double[] divergences, double residual,
    double largest, double largestAsPrinted, double span, double range, double discount) implements Findings {
    /** Gaps below are rounding. */
    private static final double ROUNDING = 1e-9;

    static TransferBound of(TabularTransfer pair, int[] sourcePolicy, int[] targetPolicy) {
        double[] before = pair.sourceValues(sourcePolicy), after = pair.targetValues(targetPolicy);
        int states = before.length;
        double[] variations = new double[states], divergences = new double[states];
        double residual = 0, largest = 0, printed = 0, span = 0;
        for (int s = 0; s < states; s++) {
            double[] p = pair.source()[s][sourcePolicy[s]], q = pair.target()[s][targetPolicy[s]], paid = pair.rewards()[s];
            variations[s] = TabularTransfer.totalVariation(p, q);
            divergences[s] = divergence(p, q);
            residual = Math.max(residual, Math.abs(pair.ahead(q, s, before) - pair.ahead(p, s, before)));
            double now = pair.discount() * before[s];
            var next = IntStream.range(0, states).mapToDouble(to -> paid[to] + pair.discount() * before[to]).summaryStatistics();
            largest = Math.max(largest, Math.max(Math.abs(next.getMax()), Math.abs(next.getMin())));
            printed = Math.max(printed, Arrays.stream(paid).map(r -> Math.abs(r + now)).max().orElse(0));
            span = Math.max(span, next.getMax() - next.getMin());
        }
        var all = Arrays.stream(pair.rewards()).flatMapToDouble(Arrays::stream).summaryStatistics();
        return new TransferBound(before, after, variations, divergences, residual, largest, printed, span, all.getMax() - all.getMin(),
            pair.discount());
    }

    private static double divergence(double[] p, double[] q) {
        double sum = 0;
        for (int to = 0; to < p.length; to++) if (p[to] > 0) sum += p[to] * Math.log(p[to] / q[to]);
        // of equal ones rounding may leave less than nothing
        return Math.max(0, sum);
    }

    /** |V_i(s) − V_j(s)| of every state. */
    public double[] gaps() {
        return IntStream.range(0, sourceValues.length).mapToDouble(s -> Math.abs(targetValues[s] - sourceValues[s])).toArray();
    }

    /** The largest of them. */
    public double gap() {
        return largest(gaps());
    }

    /** d / (1 − γ) with the M of the proof. */
    public double bound() {
        return over(2 * largest * largest(totalVariations));
    }

    /** d / (1 − γ) with the M that is printed: no bound. */
    public double asPrinted() {
        return over(2 * largestAsPrinted * largest(totalVariations));
    }

    /** The same bound with the span in place of 2 M. */
    public double ofSpan() {
        return over(span * largest(totalVariations));
    }

    /** sup |δ| / (1 − γ): what is lost is only that errors are summed up as if the worst state were met at every step. */
    public double ofResidual() {
        return over(residual);
    }

    /** The paper's step to what is trained on: D_TV ≤ √D_KL. */
    public double ofDivergence() {
        return over(2 * largest * Math.sqrt(largest(divergences)));
    }

    /** The same by Pinsker's inequality, D_TV ≤ √(½ D_KL). */
    public double ofPinsker() {
        return over(2 * largest * Math.sqrt(largest(divergences) / 2));
    }

    /** What is known without looking at any action: both values lie between the least and the largest reward, over 1 − γ. */
    public double ofRange() {
        return over(range);
    }

    /** The bound over the gap; NaN where there is no gap. */
    public double looseness() {
        return times(bound());
    }

    private double times(double bound) {
        return gap() < ROUNDING ? Double.NaN : bound / gap();
    }

    private double over(double d) {
        return d / (1 - discount);
    }

    private static double largest(double[] values) {
        return Arrays.stream(values).max().orElse(0);
    }

    /** One row per bound, and how many times the true gap it is. */
    @Override
    public Table summary() {
        String[] names = {"true gap", "sup |δ|", "span · D_TV", "2 M D_TV, M with V(s′)", "2 M D_TV, M with V(s), as printed",
            "2 M √(½ D_KL), Pinsker", "2 M √D_KL, as printed", "range of the rewards"};
        double[] values = {gap(), ofResidual(), ofSpan(), bound(), asPrinted(), ofPinsker(), ofDivergence(), ofRange()};
        var times = DoubleColumn.create("times the gap", DoubleStream.of(values).map(this::times).toArray());
        var holds = BooleanColumn.create("always holds", IntStream.range(0, names.length).mapToObj(i -> i != 4).toArray(Boolean[]::new));
        return Table.create("transfer bound", StringColumn.create("over 1 − γ", names), DoubleColumn.create("value", values), times, holds);
    }

    /** How far the values are apart, and what the bound is worth. */
    @Override
    public String words() {
        String gap = gap() < ROUNDING ? "The values are the same in all states"
            : "The values differ by at most " + Figures.number(gap(), 3) + ", in state " + worst();
        String bound = "; Proposition 1 allows " + Figures.number(bound(), 3)
            + (gap() < ROUNDING ? "" : ", " + Figures.number(looseness(), 2) + " times as much");
        return gap + bound + (bound() < ofRange() ? "."
            : ". This bound says nothing: the range of the rewards already keeps the difference within " + Figures.number(ofRange(), 3)
                + ".");
    }

    private int worst() {
        double[] gaps = gaps();
        return IntStream.range(0, gaps.length).reduce((a, b) -> gaps[b] > gaps[a] ? b : a).orElse(0);
    }

    /** The true gap of every state, and the bounds as lines above them. */
    public Chart chart() {
        double[] gaps = gaps(), states = IntStream.range(0, gaps.length).asDoubleStream().toArray();
        double last = Math.max(1, gaps.length - 1);
        return new Chart(new Panel("The true gap of values and its bounds", Axis.of("state"), Axis.of("|V target − V source|"),
            List.of(Series.points("true gap", states, gaps), Series.line("sup |δ|", new double[] {0, last}, twice(ofResidual())),
                Series.line("span · D_TV", new double[] {0, last}, twice(ofSpan())),
                Series.line("2 M D_TV (Proposition 1)", new double[] {0, last}, twice(bound())),
                Series.reference("range of the rewards", ofRange(), 0, last))));
    }

    private static double[] twice(double value) {
        return new double[] {value, value};
    }

    /** Bound against true gap of many pairs, on logarithmic axes; on the dashed line they are equal. Pairs without a gap are left out. */
    public static Chart chart(String title, List<TransferBound> pairs) {
        List<TransferBound> shown = pairs.stream().filter(b -> b.gap() >= ROUNDING && b.ofSpan() > 0).toList();
        if (shown.isEmpty())
            throw new IllegalArgumentException("none of the " + pairs.size() + " pairs has a gap of values; expected at least one");
        double[] gaps = shown.stream().mapToDouble(TransferBound::gap).toArray(),
            bounds = shown.stream().mapToDouble(TransferBound::bound).toArray(),
            spans = shown.stream().mapToDouble(TransferBound::ofSpan).toArray();
        double low = Arrays.stream(gaps).min().orElse(1), high = Arrays.stream(bounds).max().orElse(1);
        return new Chart(new Panel(title, Axis.of("true gap of values"), Axis.of("bound"),
            List.of(new Series("equal", new double[] {low, high}, new double[] {low, high}, Series.Style.REFERENCE),
                Series.points("2 M D_TV (Proposition 1)", gaps, bounds), Series.points("span · D_TV", gaps, spans))))
            .logX().logY();
    }
}
