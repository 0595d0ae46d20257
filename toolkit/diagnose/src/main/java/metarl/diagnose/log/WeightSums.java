package metarl.diagnose.log;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts, sums and squared deviations of weights and weighted rewards, of rows in any order and any number of parts.
 *
 * <p>Weights are summed relative to a power of two near the largest so far, w·2^(−b) with b = ⌈log₂ max w⌉: another largest weight moves
 * exponents and rounds nothing. Deviations of two parts are joined as by Chan, Golub and LeVeque (1983), Σd² = Σ₁d² + Σ₂d² + n₁n₂/(n₁ + n₂)
 * (m₁ − m₂)², so that 10⁸ rows lose no digits to cancellation. Every sum is kept with its rounding
 * error (two doubles), so that only the order within a block of rows counts, at most 10⁻¹² of Σ|t| and usually 10⁻¹⁵.
 *
 * <p>Of SNIPS, ρ = Σwr / Σw, the squared residuals are Σ (w(r − ρ))² = Σw² (r − m)² + (m − ρ)² Σw² with m = Σw²r / Σw²: no difference of
 * large numbers, however far rewards lie from 0.
 */
final class WeightSums {
    // the kinds of terms whose sums and deviations are kept
    static final int WEIGHT = 0, WEIGHTED = 1, CLIPPED = 2, REWARD = 3;
    private static final int KINDS = 4;
    // where the sums of squared deviations begin; then Σw², Σw²r, and Σw² (r − m)² around their ratio m
    private static final int SQUARES = KINDS, SQUARED = 2 * KINDS, SQUARED_PAID = SQUARED + 1, SPREAD = SQUARED + 2, SUMS = SQUARED + 3;
    /** Up to here log weights are exact enough for the power of two to matter: b ln 2 is then taken off without rounding. */
    private static final double EXACT = 1 << 20;
    /** ln 2 in two parts, the first of 32 bits, as in fdlibm. */
    private static final double LN2_HIGH = 0x1.62e42feep-1, LN2_LOW = 0x1.a39ef35793c76p-33;
    private static final int BEYOND_DOUBLES = 5_000;

    private final double[] high = new double[SUMS];
    private final double[] low = new double[SUMS];
    private double max = Double.NEGATIVE_INFINITY;
    private long count;
    private long zeros;
    private long clipped;

    /** Rows. */
    long count() {
        return count;
    }

    /** Rows of weight 0. */
    long zeros() {
        return zeros;
    }

    /** ln max w; −∞ where all weights are 0. */
    double max() {
        return max;
    }

    private double value(int sum) {
        return high[sum] + low[sum];
    }

    /** Mean of a kind of terms, of weights relative to the power of two. */
    private double mean(int kind) {
        return value(kind) / count;
    }

    /** Σ (t − mean)² of a kind of terms. */
    private double squares(int kind) {
        return Math.max(0, value(SQUARES + kind));
    }

    /** (Σw)² / Σw²; 0 where all weights are 0. */
    double ess() {
        if (max == Double.NEGATIVE_INFINITY) return 0;
        double sum = value(WEIGHT), sumOfSquares = squares(WEIGHT) + sum * mean(WEIGHT);
        // rounding may leave the exact bounds by one unit in the last place
        return Math.max(1, Math.min(count, sum * sum / sumOfSquares));
    }

    /** max w / Σw; 0 where all weights are 0. */
    double largestShare() {
        return max == Double.NEGATIVE_INFINITY ? 0 : relative(max, max) / value(WEIGHT);
    }

    /** What part of all weight that of these rows is. */
    double shareOf(WeightSums all) {
        return max == Double.NEGATIVE_INFINITY ? 0 : factor(max, all.max) * value(WEIGHT) / all.value(WEIGHT);
    }

    double meanWeight() {
        return unscaled(mean(WEIGHT));
    }

    double meanWeightError() {
        return unscaled(standardError(squares(WEIGHT)));
    }

    /** The mean reward as logged, IPS, SNIPS (NaN where all weights are 0), and clipped IPS where there is a clip. */
    List<StreamedWeights.Estimate> estimates(double logClip) {
        var found = new ArrayList<StreamedWeights.Estimate>();
        found.add(new StreamedWeights.Estimate("behavior policy", mean(REWARD), standardError(squares(REWARD)), 0));
        found.add(new StreamedWeights.Estimate("IPS", unscaled(mean(WEIGHTED)), unscaled(standardError(squares(WEIGHTED))), 0));
        double ratio = mean(WEIGHTED) / mean(WEIGHT);
        // Σ (w(r − ratio))², whose terms have the mean 0: of sums alone, nearly equal numbers would be subtracted
        double between = weightedMean() - ratio, residuals = Math.max(0, value(SPREAD)) + value(SQUARED) * between * between;
        found.add(new StreamedWeights.Estimate("SNIPS", ratio, standardError(residuals) / mean(WEIGHT), 0));
        if (logClip < Double.POSITIVE_INFINITY)
            found.add(new StreamedWeights.Estimate("IPS, weights clipped at " + (float) Math.exp(logClip), mean(CLIPPED),
                standardError(squares(CLIPPED)), (double) clipped / count));
        return found;
    }

    /** Of a mean, from the sum of squared deviations. */
    private double standardError(double sumOfSquares) {
        return count > 1 ? Math.sqrt(sumOfSquares / (count - 1) / count) : Double.POSITIVE_INFINITY;
    }

    /** Room for the terms of so many rows; rewards are terms as they are. */
    static double[][] room(int rows) {
        return new double[REWARD][rows];
    }

    /**
     * The sums of the first {@code n} rows.
     *
     * @param logLargest ln of a weight, at least the largest of them: it tells the power of two
     * @param terms {@link #room} for them
     */
    static WeightSums of(double[] logs, double[] rewards, int n, double logClip, double logLargest, double[][] terms) {
        var sums = new WeightSums();
        sums.count = n;
        sums.max = logLargest;
        boolean clips = logClip < Double.POSITIVE_INFINITY;
        int zeros = 0, clipped = 0;
        double upper = upper(logLargest), lower = lower(logLargest);
        for (int i = 0; i < n; i++) {
            double w = logs[i] == Double.NEGATIVE_INFINITY ? 0 : Math.exp(logs[i] - upper - lower);
            if (logs[i] == Double.NEGATIVE_INFINITY) zeros++;
            if (logs[i] > logClip) clipped++;
            terms[WEIGHT][i] = w;
            terms[WEIGHTED][i] = w * rewards[i];
            if (clips) terms[CLIPPED][i] = Math.exp(Math.min(logs[i], logClip)) * rewards[i];
        }
        sums.zeros = zeros;
        sums.clipped = clipped;
        sums.takeWeights(terms[WEIGHT], terms[WEIGHTED], rewards, n);
        if (clips) sums.take(CLIPPED, terms[CLIPPED], n, sum(terms[CLIPPED], n) / n);
        sums.take(REWARD, rewards, n, sum(rewards, n) / n);
        return sums;
    }

    private void takeWeights(double[] weights, double[] weighted, double[] rewards, int n) {
        double weight = 0, other = 0, product = 0, another = 0, squared = 0, paid = 0;
        int i = 0;
        for (; i + 1 < n; i += 2) {
            double w = weights[i], v = weights[i + 1], p = weighted[i], q = weighted[i + 1];
            weight += w;
            other += v;
            product += p;
            another += q;
            squared += w * w + v * v;
            paid += w * p + v * q;
        }
        if (i < n) {
            weight += weights[i];
            product += weighted[i];
            squared += weights[i] * weights[i];
            paid += weights[i] * weighted[i];
        }
        take(WEIGHT, weights, n, (weight + other) / n);
        take(WEIGHTED, weighted, n, (product + another) / n);
        if (squared > 0) takeSquared(weights, rewards, n, squared, paid / squared);
    }

    /** Sum and squared deviations of values, from what is their mean but for rounding. */
    private void take(int kind, double[] values, int n, double center) {
        // chains of additions apart, which do not wait for each other
        double residual = 0, residuals = 0, deviations = 0, others = 0;
        int i = 0;
        for (; i + 1 < n; i += 2) {
            double d = values[i] - center, e = values[i + 1] - center;
            residual += d;
            residuals += e;
            deviations += d * d;
            others += e * e;
        }
        if (i < n) {
            double d = values[i] - center;
            residual += d;
            deviations += d * d;
        }
        residual += residuals;
        set(kind, n, center, residual);
        deviations += others;
        high[SQUARES + kind] = Double.isInfinite(deviations) ? deviations : Math.max(0, deviations - residual * residual / n);
    }

    private static double sum(double[] values, int n) {
        double a = 0, b = 0, c = 0, d = 0;
        int i = 0;
        for (; i + 3 < n; i += 4) {
            a += values[i];
            b += values[i + 1];
            c += values[i + 2];
            d += values[i + 3];
        }
        for (; i < n; i++) a += values[i];
        return a + b + (c + d);
    }

    private void takeSquared(double[] weights, double[] rewards, int n, double squared, double center) {
        double residual = 0, residuals = 0, spread = 0, others = 0;
        int i = 0;
        for (; i + 1 < n; i += 2) {
            double d = rewards[i] - center, e = rewards[i + 1] - center;
            double v = weights[i] * weights[i] * d, u = weights[i + 1] * weights[i + 1] * e;
            residual += v;
            residuals += u;
            spread += v * d;
            others += u * e;
        }
        if (i < n) {
            double d = rewards[i] - center, v = weights[i] * weights[i] * d;
            residual += v;
            spread += v * d;
        }
        residual += residuals;
        spread += others;
        high[SQUARED] = squared;
        set(SQUARED_PAID, squared, center, residual);
        high[SPREAD] = Double.isInfinite(spread) ? spread : Math.max(0, spread - residual * residual / squared);
    }

    /** Makes a sum of how many terms there are, what is near their mean, and what they add up to beyond it. */
    private void set(int sum, double terms, double center, double residual) {
        high[sum] = terms * center;
        low[sum] = Double.isFinite(high[sum]) ? Math.fma(terms, center, -high[sum]) : 0;
        add(sum, residual);
    }

    /** Adds to a sum and keeps what is lost by rounding (Knuth's sum of two). */
    private void add(int sum, double value) {
        double before = high[sum], after = before + value, part = after - before;
        high[sum] = after;
        // an infinite sum has no error
        low[sum] = Double.isFinite(after) ? low[sum] + (before - (after - part) + (value - part)) : 0;
    }

    /** Joins the sums of other rows to these. */
    void join(WeightSums other) {
        if (other.count == 0) return;
        double larger = Math.max(max, other.max);
        double own = factor(max, larger), others = factor(other.max, larger);
        if (own != 1) for (int sum = 0; sum < SUMS; sum++) {
            double scale = scale(sum, own);
            high[sum] *= scale;
            low[sum] *= scale;
        }
        if (count > 0) joinDeviations(other, others);
        for (int sum = 0; sum < SUMS; sum++) {
            double scale = scale(sum, others);
            add(sum, scale * other.high[sum]);
            add(sum, scale * other.low[sum]);
        }
        max = larger;
        count += other.count;
        zeros += other.zeros;
        clipped += other.clipped;
    }

    /** What lies between the means of both, before the other rows are counted. */
    private void joinDeviations(WeightSums other, double factor) {
        double both = count * ((double) other.count / (count + other.count));
        for (int kind = 0; kind < KINDS; kind++) {
            double mean = mean(kind), others = other.mean(kind), scale = scale(kind, factor);
            double apart = scale * others - mean
                + (scale * other.error(kind, others, other.count, 0) - error(kind, mean, count, 0));
            add(SQUARES + kind, apart * apart * both);
        }
        double own = value(SQUARED), theirs = scale(SQUARED, factor) * other.value(SQUARED);
        if (own == 0 || theirs == 0) return;
        double mean = weightedMean(), others = other.weightedMean(), apart = others - mean
            + (other.error(SQUARED_PAID, others, other.high[SQUARED], other.low[SQUARED])
                - error(SQUARED_PAID, mean, high[SQUARED], low[SQUARED]));
        add(SPREAD, apart * apart * (own * (theirs / (own + theirs))));
    }

    /** Σw²r / Σw². */
    private double weightedMean() {
        return value(SQUARED_PAID) / value(SQUARED);
    }

    /** What rounding took from a mean, a sum over how many there are in two parts, so that means that nearly agree can be subtracted. */
    private double error(int sum, double mean, double terms, double rest) {
        return Double.isFinite(mean) ? (Math.fma(-mean, terms, high[sum]) - mean * rest + low[sum]) / terms : 0;
    }

    /** By what a sum is to be multiplied when its weights are. */
    private static double scale(int sum, double factor) {
        return switch (sum) {
            case WEIGHT, WEIGHTED -> factor;
            case SQUARES + WEIGHT, SQUARES + WEIGHTED, SQUARED, SQUARED_PAID, SPREAD -> factor * factor;
            default -> 1;
        };
    }

    /** What weights relative to one largest weight are multiplied by to be relative to another; a power of two, which rounds nothing. */
    private static double factor(double max, double other) {
        if (max == other) return 1;
        if (max == Double.NEGATIVE_INFINITY) return 0;
        if (exact(max) && exact(other)) return Math.scalb(1.0, (int) (exponent(max) - exponent(other)));
        return Math.exp(upper(max) - upper(other) + (lower(max) - lower(other)));
    }

    private static boolean exact(double max) {
        return Math.abs(max) <= EXACT;
    }

    /** b, such that 2^b is the least power of two above e^max, or nearly. */
    private static double exponent(double max) {
        return Math.ceil(max / LN2_HIGH);
    }

    /** Of b ln 2 the part that is taken off log weights without rounding; their largest itself where they are beyond all exactness. */
    private static double upper(double max) {
        return exact(max) ? exponent(max) * LN2_HIGH : max;
    }

    private static double lower(double max) {
        return exact(max) ? exponent(max) * LN2_LOW : 0;
    }

    private static double relative(double log, double max) {
        return Math.exp(log - upper(max) - lower(max));
    }

    /** On the scale of the weights; what no double holds is infinite or 0. */
    private double unscaled(double value) {
        if (max == Double.NEGATIVE_INFINITY || value == 0) return value;
        return exact(max) ? Math.scalb(value, (int) Math.max(-BEYOND_DOUBLES, Math.min(BEYOND_DOUBLES, exponent(max))))
            : value * Math.exp(max);
    }

    void write(DataOutputStream out) throws IOException {
        out.writeLong(count);
        if (count == 0) return;
        out.writeLong(zeros);
        out.writeLong(clipped);
        out.writeDouble(max);
        for (int sum = 0; sum < SUMS; sum++) {
            out.writeDouble(high[sum]);
            out.writeDouble(low[sum]);
        }
    }

    /** @throws IOException if it was damaged */
    static WeightSums read(DataInputStream in) throws IOException {
        var sums = new WeightSums();
        sums.count = in.readLong();
        if (sums.count == 0) return sums;
        sums.zeros = in.readLong();
        sums.clipped = in.readLong();
        if (sums.count < 0 || sums.zeros < 0 || sums.zeros > sums.count || sums.clipped < 0 || sums.clipped > sums.count)
            throw new IOException("found " + sums.zeros + " weights of 0 and " + sums.clipped + " clipped ones of " + sums.count);
        sums.max = in.readDouble();
        for (int sum = 0; sum < SUMS; sum++) {
            sums.high[sum] = in.readDouble();
            sums.low[sum] = in.readDouble();
        }
        return sums;
    }
}
