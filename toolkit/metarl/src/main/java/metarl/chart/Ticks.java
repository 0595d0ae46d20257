package metarl.chart;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Where an axis has its ticks, and what they say: multiples of 1, 2 or 5 times a power of ten, as near to each other as their labels allow.
 * Both twins of a chart use these.
 *
 * @param at places, increasing; on a logarithmic axis the logarithms to base 10
 * @param labels one for each
 * @param step the distance of neighbours; NaN where it differs
 */
record Ticks(double[] at, String[] labels, double step) {
    /** More ticks than this say no more. */
    private static final int MOST = 8;
    private static final double PLAIN_BELOW = 1e7;
    private static final double PLAIN_STEP = 1e-5;
    private static final int[] DECADES = {1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 500, 1000};
    private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    /**
     * Ticks of an even axis.
     *
     * @param least the step is not below this: 0, or 1 for whole numbers
     * @param pixels its length
     * @param size of a label along the axis, with the gap it needs, in pixels
     */
    static Ticks linear(double low, double high, double least, double pixels, ToDoubleFunction<String> size) {
        Ticks ticks = null;
        double step = Math.max(least, Math.pow(10, Math.floor(Math.log10((high - low) / MOST))));
        for (int i = 0; ticks == null || !ticks.apart(low, high, pixels, size); i++) {
            Ticks coarser = ofStep(low, high, stepAfter(step, i));
            // where not even two have room, one is better than none
            if (ticks != null && coarser.at.length == 0)
                return new Ticks(new double[] {ticks.at[0]}, new String[] {ticks.labels[0]}, ticks.step);
            ticks = coarser;
        }
        return ticks;
    }

    private static double stepAfter(double first, int i) {
        double decade = first * Math.pow(10, i / 3);
        return i % 3 == 0 ? decade : i % 3 == 1 ? 2 * decade : 5 * decade;
    }

    private static Ticks ofStep(double low, double high, double step) {
        double rounding = 1e-9 * (high - low);
        long from = (long) Math.ceil((low - rounding) / step), to = (long) Math.floor((high + rounding) / step);
        double[] at = new double[(int) Math.max(0, to - from + 1)];
        int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
        boolean plain = Math.max(Math.abs(low), Math.abs(high)) < PLAIN_BELOW && step >= PLAIN_STEP;
        String[] labels = new String[at.length];
        for (int i = 0; i < at.length; i++) {
            // by division where the step is a fraction, so that 0.3 is 0.3
            at[i] = step < 1 ? (from + i) / (1 / step) : (from + i) * step;
            labels[i] = plain ? minus(String.format(Locale.ROOT, "%,." + decimals + "f", at[i])) : scientific(at[i], step);
        }
        return new Ticks(at, labels, step);
    }

    private boolean apart(double low, double high, double pixels, ToDoubleFunction<String> size) {
        if (at.length > MOST) return false;
        double scale = pixels / (high - low);
        for (int i = 1; i < at.length; i++)
            if ((at[i] - at[i - 1]) * scale < (size.applyAsDouble(labels[i - 1]) + size.applyAsDouble(labels[i])) / 2) return false;
        return true;
    }

    /**
     * Ticks of a logarithmic axis: powers of ten, every so many where there are many; 1, 2 and 5 between them where there are few; even
     * ones where there are none.
     *
     * @param low logarithm to base 10 of the least number
     * @param high that of the largest
     */
    static Ticks logarithmic(double low, double high, double pixels, ToDoubleFunction<String> size) {
        int first = (int) Math.ceil(low - 1e-9), last = (int) Math.floor(high + 1e-9);
        if (last - first >= 2)
            for (int every : DECADES) {
                Ticks ticks = decades(first, last, every);
                if (ticks.apart(low, high, pixels, size) || every == DECADES[DECADES.length - 1]) return ticks;
            }
        for (int[] digits : new int[][] {{1, 2, 5}, {1, 3}}) {
            Ticks ticks = within(low, high, digits);
            if (ticks.at.length >= 3 && ticks.apart(low, high, pixels, size)) return ticks;
        }
        if (last > first) return decades(first, last, 1);
        double from = Math.pow(10, low), to = Math.pow(10, high);
        Ticks even = linear(from, to, 0, pixels, size);
        double[] logs = Arrays.stream(even.at).filter(v -> v > 0).map(Math::log10).toArray();
        return new Ticks(logs, Arrays.copyOfRange(even.labels, even.labels.length - logs.length, even.labels.length), Double.NaN);
    }

    private static Ticks decades(int first, int last, int every) {
        var at = new ArrayList<Double>();
        for (int i = first; i <= last; i++) if (Math.floorMod(i, every) == 0) at.add((double) i);
        boolean plain = first >= -3 && last <= 4;
        String[] labels = at.stream().map(p -> plain ? plain(Math.pow(10, p)) : power(p.intValue())).toArray(String[]::new);
        return new Ticks(at.stream().mapToDouble(v -> v).toArray(), labels, every);
    }

    private static Ticks within(double low, double high, int[] digits) {
        List<Double> at = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        for (int decade = (int) Math.floor(low); decade <= Math.floor(high); decade++)
            for (int digit : digits) {
                double log = decade + Math.log10(digit);
                if (log < low - 1e-9 || log > high + 1e-9) continue;
                at.add(log);
                labels.add(decade >= -4 && decade < 6 ? plain(digit * Math.pow(10, decade))
                    : digit == 1 ? power(decade) : digit + "×" + power(decade));
            }
        return new Ticks(at.stream().mapToDouble(v -> v).toArray(), labels.toArray(String[]::new), Double.NaN);
    }

    private static String plain(double value) {
        int decimals = (int) Math.max(0, -Math.floor(Math.log10(value) + 1e-9));
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }

    /** Such as 2.5×10⁷, with as many digits as tell neighbours apart. */
    private static String scientific(double value, double step) {
        if (value == 0) return "0";
        int exponent = (int) Math.floor(Math.log10(Math.abs(value)) + 1e-9);
        int decimals = Math.max(0, exponent - (int) Math.floor(Math.log10(step) + 1e-9));
        String mantissa = String.format(Locale.ROOT, "%." + Math.min(12, decimals) + "f", value / Math.pow(10, exponent));
        if (mantissa.contains(".")) mantissa = mantissa.replaceAll("0+$", "").replaceAll("\\.$", "");
        return minus(
            mantissa.equals("1") ? power(exponent) : mantissa.equals("-1") ? "-" + power(exponent) : mantissa + "×" + power(exponent));
    }

    private static String power(int exponent) {
        if (exponent == 0) return "1";
        if (exponent == 1) return "10";
        var text = new StringBuilder("10").append(exponent < 0 ? "⁻" : "");
        for (char digit : Integer.toString(Math.abs(exponent)).toCharArray()) text.append(SUPERSCRIPTS.charAt(digit - '0'));
        return text.toString();
    }

    private static String minus(String text) {
        return text.replace('-', '−');
    }
}
