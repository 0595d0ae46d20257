package metarl.diagnose;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Numbers of things that are about to be made: too many are refused by a sentence, before memory is taken. */
final class Sizes {
    private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

    private Sizes() {}

    /** A file that Java's memory could not hold; nothing of it is kept. */
    static IllegalStateException tooLarge(Path path, OutOfMemoryError e) {
        return new IllegalStateException(String.format(Locale.ROOT,
            "Java ran out of memory while reading %s; it may take %,d MB (-Xmx). Expected is a log that fits: read fewer columns or rows, "
                + "or judge weights by StreamedWeights, which keeps no rows",
            path, Runtime.getRuntime().maxMemory() >> 20), e);
    }

    /**
     * The length of an array of {@code bytes} for every combination.
     *
     * @param what what it holds
     * @param smaller what to make smaller if it does not fit
     * @param bytes of each
     * @param factors numbers of 0 or more
     * @throws IllegalArgumentException with all factors if an array or Java's memory (-Xmx) is too small for them
     */
    static int of(String what, String smaller, long bytes, long... factors) {
        long product = 1;
        for (long factor : factors) product = factor == 0 ? 0 : product > Long.MAX_VALUE / factor ? Long.MAX_VALUE : product * factor;
        long most = Math.min(LONGEST_ARRAY, Runtime.getRuntime().maxMemory() / bytes);
        if (product <= most) return (int) product;
        String given = Arrays.stream(factors).mapToObj(f -> String.format(Locale.ROOT, "%,d", f)).collect(Collectors.joining(" × "));
        throw new IllegalArgumentException(String.format(Locale.ROOT,
            "%s would be %s numbers, and there is room for %,d of them in Java's memory (-Xmx); expected fewer: make %s smaller",
            what, given, most, smaller));
    }
}
