package metarl.basics;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How bad settings and sizes are refused everywhere: by a sentence with the name, what was given, and what is expected. */
public final class Require {
    /** The longest array that every Java machine can make. */
    public static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;
    /** The largest array of single precision that is handed to the networks' library: its bytes are counted in 31 bits. */
    public static final int LARGEST_TENSOR = Integer.MAX_VALUE / 4;
    /** No setting counts more things than this. */
    public static final int LARGEST_COUNT = 1_000_000_000;

    private Require() {}

    /** @throws IllegalArgumentException "name is given, expected …", unless {@code holds} */
    public static void that(boolean holds, String name, Object given, String expected) {
        if (!holds) throw refused(name, given, expected);
    }

    /**
     * A setting that counts something.
     *
     * @param expected what is expected of it, such as "at least 1, usually 10"
     * @throws IllegalArgumentException if it is below {@code least} or above {@link #LARGEST_COUNT}
     */
    public static void count(int given, int least, String name, String expected) {
        that(given >= least, name, given, expected);
        if (given > LARGEST_COUNT)
            throw refused(name, given, expected + "; more than " + grouped(LARGEST_COUNT) + " is beyond any memory");
    }

    /**
     * A setting that is a real number.
     *
     * @param holds whether it lies where it is expected; infinite and NaN are refused in any case
     */
    public static void number(double given, boolean holds, String name, String expected) {
        that(holds && Double.isFinite(given), name, given, expected);
    }

    /** The discount factor γ, from 0 to 1. */
    public static void discount(double given) {
        number(given, given >= 0 && given <= 1, "discount", "a number from 0 to 1");
    }

    /**
     * The strength of a penalty or its inverse, C.
     *
     * @param usual what is usual, such as "usually 0.1 to 100"
     */
    public static void positive(double given, String name, String usual) {
        number(given, given > 0, name, "a finite number above 0, " + usual);
    }

    /** @throws IllegalArgumentException "name i is …, expected a finite number" of the first that is not */
    public static void finite(String name, double[] values) {
        for (int i = 0; i < values.length; i++)
            if (!Double.isFinite(values[i])) throw refused(name + " " + i, values[i], "a finite number");
    }

    /**
     * Numbers that cannot be negative, such as ratios of probabilities.
     *
     * @param more what is to be said besides, such as ", target over source"; may be empty
     * @throws IllegalArgumentException "name i is …, expected a finite number of at least 0" of the first that is not
     */
    public static void atLeastZero(String name, double[] values, String more) {
        for (int i = 0; i < values.length; i++)
            if (!(values[i] >= 0) || Double.isInfinite(values[i]))
                throw refused(name + " " + i, values[i], "a finite number of at least 0" + more);
    }

    /**
     * What lies between two whole numbers.
     *
     * @throws IllegalArgumentException "name i is …, expected low to high − 1", unless it lies in [{@code low}, {@code high})
     */
    public static void index(String name, int i, int given, int low, int high) {
        if (given < low || given >= high) throw refused(name + " " + i, given, low + " to " + (high - 1));
    }

    /** The words of a refusal, for checks of many values, whose names are made only when one is bad. */
    public static IllegalArgumentException refused(String name, Object given, String expected) {
        return new IllegalArgumentException(name + " is " + given + ", expected " + expected);
    }

    /**
     * The length of an array that holds something for every combination.
     *
     * @param what what the array holds, such as "the replay"
     * @param smaller what to make smaller if there are too many, such as "replayCapacity"
     * @param factors numbers of 0 or more
     * @throws IllegalArgumentException with all factors if their product is more than an array holds
     */
    public static int length(String what, String smaller, long... factors) {
        return bounded(LONGEST_ARRAY, what, smaller, factors);
    }

    /** The same for an array that is handed to the networks' library, which holds no more than {@link #LARGEST_TENSOR} values in one. */
    public static int tensor(String what, String smaller, long... factors) {
        return bounded(LARGEST_TENSOR, what, smaller, factors);
    }

    private static int bounded(int most, String what, String smaller, long... factors) {
        long product = product(factors);
        if (product <= most) return (int) product;
        throw new IllegalArgumentException(what + " would have " + factors(factors)
            + (factors.length == 1 ? "" : " = " + (product == Long.MAX_VALUE ? "more than 9e18" : grouped(product)))
            + " values, expected at most " + grouped(most) + ", as many as an array holds. Make " + smaller + " smaller.");
    }

    /**
     * The length of an array of {@code bytes} for every combination, which Java's memory has room for.
     *
     * @param what what it holds
     * @param smaller what to make smaller if it does not fit
     * @param bytes of each
     * @param factors numbers of 0 or more
     * @throws IllegalArgumentException with all factors if an array or Java's memory (-Xmx) is too small for them
     */
    public static int room(String what, String smaller, long bytes, long... factors) {
        long product = product(factors), most = Math.min(LONGEST_ARRAY, Runtime.getRuntime().maxMemory() / bytes);
        if (product <= most) return (int) product;
        throw new IllegalArgumentException(what + " would be " + factors(factors) + " numbers, and there is room for " + grouped(most)
            + " of them in Java's memory (-Xmx); expected fewer: make " + smaller + " smaller");
    }

    private static long product(long... factors) {
        long product = 1;
        for (long factor : factors) product = times(product, factor);
        return product;
    }

    private static String factors(long... factors) {
        return Arrays.stream(factors).mapToObj(Require::grouped).collect(Collectors.joining(" × "));
    }

    /**
     * Room on the Java heap for what is about to be made.
     *
     * @param what what would take it, such as "1,000,000,000 tasks"
     * @param smaller what to make smaller, such as "train(n)"
     * @throws IllegalArgumentException if it is more than Java may take at all (-Xmx)
     */
    public static void heap(long bytes, String what, String smaller) {
        long most = Runtime.getRuntime().maxMemory();
        if (bytes > most)
            throw new IllegalArgumentException(what + " would take about " + size(bytes) + " of Java memory, and there are " + size(most)
                + " (-Xmx). Make " + smaller + " smaller.");
    }

    /** A number of bytes in words, such as 23.7 GB. */
    public static String size(long bytes) {
        if (bytes == Long.MAX_VALUE) return "more than 9e18 bytes";
        String[] units = {"bytes", "kB", "MB", "GB", "TB", "PB", "EB"};
        double value = bytes;
        int unit = 0;
        for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
        return unit == 0 ? bytes + " bytes" : String.format(Locale.ROOT, value < 10 ? "%.1f %s" : "%.0f %s", value, units[unit]);
    }

    /** a · b for numbers of 0 or more, or the largest long if that is less. */
    public static long times(long a, long b) {
        try {
            return Math.multiplyExact(a, b);
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
