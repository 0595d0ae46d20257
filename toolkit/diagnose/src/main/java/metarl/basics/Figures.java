package metarl.basics;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers as sentences and titles show them: never 1.0e+02 %, 1e+03 rows or −0.0. */
public final class Figures {
    private static final int LARGEST_EXPONENT = 7;
    private static final int SMALLEST_EXPONENT = -5;
    private static final double SMALLEST_SHARE = 1e-8;
    private static final int MOST_DECIMALS = 6;

    private Figures() {}

    /**
     * A number to some significant digits, and to the whole number where it is larger: 0.02500, 9.500, 1,234. Powers of ten only from 10⁷
     * on and below 10⁻⁵.
     *
     * @param digits at least 1
     */
    public static String number(double value, int digits) {
        if (Double.isNaN(value)) return "NaN";
        if (Double.isInfinite(value)) return value > 0 ? "∞" : "-∞";
        if (value == 0) return "0";
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_UP));
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (exponent >= LARGEST_EXPONENT || exponent < SMALLEST_EXPONENT)
            return String.format(Locale.ROOT, "%." + (digits - 1) + "e", value);
        if (exponent >= digits) return String.format(Locale.ROOT, "%,.0f", value);
        return rounded.setScale(digits - 1 - exponent, RoundingMode.HALF_UP).toPlainString();
    }

    /**
     * A share as a whole percentage, with more digits where it would else be shown as 0 or as 100 % too early: 100 %, 99.7 %, 63 %, 8 %,
     * 0.063 %.
     */
    public static String percent(double fraction) {
        return percent(fraction, 0);
    }

    /** A share as a percentage to some decimals, or to two significant digits where these are more. */
    public static String percent(double fraction, int decimals) {
        double percent = 100 * fraction;
        if (!Double.isFinite(percent)) return number(percent, 1) + " %";
        if (percent == 0) return "0 %";
        if (Math.abs(fraction) < SMALLEST_SHARE) return "below " + plain(100 * SMALLEST_SHARE) + " %";
        if (Math.abs(percent) < Math.pow(10, -decimals)) return plain(percent) + " %";
        return fixed(percent, decimals == 0 && percent >= 99.5 && percent < 99.95 ? 1 : decimals) + " %";
    }

    /** A share beside the limit that it is judged by: with so many digits that one sees on which side it lies. */
    public static String percentBeside(double fraction, double limit, int decimals) {
        String shown = percent(fraction, decimals);
        for (int more = decimals + 1; shown.equals(percent(limit, more - 1)) && fraction != limit && more <= MOST_DECIMALS; more++)
            shown = percent(fraction, more);
        return shown;
    }

    /** A number beside the limit that it is judged by, both to some decimals, or to more where they would else look the same. */
    public static String beside(double value, double limit, int decimals) {
        int digits = decimals;
        while (fixed(value, digits).equals(fixed(limit, digits)) && value != limit && digits < MOST_DECIMALS) digits++;
        return fixed(value, digits) + " (limit " + fixed(limit, digits) + ")";
    }

    /** A number to some decimals, without −0.00. */
    private static String fixed(double value, int decimals) {
        if (!Double.isFinite(value)) return number(value, 1);
        BigDecimal rounded = new BigDecimal(value).setScale(decimals, RoundingMode.HALF_UP);
        return String.format(Locale.ROOT, "%,." + decimals + "f", rounded);
    }

    /** A large number to two significant digits: 8,300,000. */
    public static String about(double value) {
        return Double.isFinite(value) ? number(new BigDecimal(value).round(new MathContext(2, RoundingMode.HALF_UP)).doubleValue(), 2)
            : number(value, 2);
    }

    /** The level of an interval, in full: 95 %, 99.9 %. */
    public static String level(double level) {
        return BigDecimal.valueOf(level).movePointRight(2).stripTrailingZeros().toPlainString() + " %";
    }

    private static String plain(double value) {
        if (value == 0) return "0";
        return new BigDecimal(value).round(new MathContext(2, RoundingMode.HALF_UP)).stripTrailingZeros().toPlainString();
    }

    /** A time as people say it: "42 s", and from a minute and a half on "3.5 min". */
    public static String time(double seconds) {
        return seconds < 90 ? Math.round(seconds) + " s" : String.format(Locale.ROOT, "%.1f min", seconds / 60);
    }
}
