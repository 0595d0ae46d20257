package org.mujoco;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The large numbers in a model description: what no compiler could make is refused before, and what goes wrong later is told with them. */
final class DeclaredSizes {
    /** Time grows with the square of the copies: 10 000 take half a second, a million hours. */
    private static final int MOST_COPIES = 1_000_000;
    private static final Set<String> COPIES = Set.of("count", "nkey");
    private static final double NOTABLE = 1000;
    // possessive, and never begun inside a word: a text of one long word must not take time that grows with its square
    private static final Pattern ATTRIBUTE = Pattern.compile("(?<!\\w)([A-Za-z_]\\w*+)\\s*+=\\s*+(?:\"([^\"]{1,400}+)\"|'([^']{1,400}+)')");

    private record Size(String attribute, String text, double largest, int at) {}

    private DeclaredSizes() {}

    /**
     * @throws MujocoException if the text asks for more copies of something than can be made in hours
     */
    static void check(String xml, String what) {
        for (Size size : sizes(xml))
            if (COPIES.contains(size.attribute) && size.largest > MOST_COPIES)
                throw new MujocoException(
                    what + " has " + said(xml, size) + ", expected at most " + MOST_COPIES + ": more could not be compiled in hours");
    }

    /** A sentence that names the largest numbers with their lines; empty if there are no large ones. */
    static String largest(String xml) {
        List<Size> sizes = new ArrayList<>(sizes(xml));
        if (sizes.isEmpty()) return "";
        sizes.sort(Comparator.comparingDouble(Size::largest).reversed());
        return "The largest numbers in it: "
            + String.join(", ", sizes.subList(0, Math.min(3, sizes.size())).stream().map(size -> said(xml, size)).toList()) + ". ";
    }

    private static List<Size> sizes(String xml) {
        var sizes = new ArrayList<Size>();
        Matcher matcher = ATTRIBUTE.matcher(xml);
        for (int from = 0; from < xml.length();) {
            int comment = xml.indexOf("<!--", from), end = comment < 0 ? xml.length() : comment;
            sizes(matcher.region(from, end), sizes);
            int after = comment < 0 ? -1 : xml.indexOf("-->", comment + 4);
            from = after < 0 ? xml.length() : after + 3;
        }
        return sizes;
    }

    private static void sizes(Matcher matcher, List<Size> sizes) {
        while (matcher.find()) {
            String value = matcher.group(2) == null ? matcher.group(3) : matcher.group(2);
            double largest = 0;
            for (String word : value.strip().split("\\s+")) largest = Math.max(largest, number(word));
            if (largest >= NOTABLE) sizes.add(new Size(matcher.group(1), value.strip(), largest, matcher.start()));
        }
    }

    /** Sizes may carry K, M or G, as in memory="10M". */
    private static double number(String word) {
        if (word.isEmpty() || !Character.isDigit(word.charAt(0)) && "+-.".indexOf(word.charAt(0)) < 0) return 0;
        int unit = "KMGTPE".indexOf(Character.toUpperCase(word.charAt(word.length() - 1)));
        try {
            double value = Double.parseDouble(unit < 0 ? word : word.substring(0, word.length() - 1));
            return unit < 0 ? value : value * Math.pow(1024, unit + 1);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static String said(String xml, Size size) {
        long line = xml.substring(0, size.at).chars().filter(c -> c == '\n').count() + 1;
        String text = size.text.length() > 40 ? size.text.substring(0, 40) + "…" : size.text;
        return size.attribute + "=\"" + text + "\" (line " + line + ")";
    }
}
