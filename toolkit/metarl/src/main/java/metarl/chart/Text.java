package metarl.chart;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.util.ArrayList;
import java.util.List;

/** Texts of charts: measured, cut to what fits, and written so that Plotly shows them as they are. */
final class Text {
    static final Font TITLE = font(Font.BOLD, 15);
    static final Font LABEL = font(Font.PLAIN, 13);
    static final Font SMALL = font(Font.PLAIN, 12);
    private static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);

    private Text() {}

    private static Font font(int style, int size) {
        return new Font(Font.SANS_SERIF, style, size);
    }

    /** Width in pixels. */
    static double width(String text, Font font) {
        return text.isEmpty() ? 0 : font.getStringBounds(text, CONTEXT).getWidth();
    }

    /** One line without control characters. */
    static String line(String text) {
        return text.replaceAll("[\\p{Cntrl}\u2028\u2029]+", " ").strip();
    }

    /** One line of at most so many pixels; what is longer ends in three dots. */
    static String fitting(String text, Font font, double pixels) {
        String line = line(text);
        if (width(line, font) <= pixels) return line;
        int low = 0, high = line.length();
        while (low < high) {
            int middle = (low + high + 1) / 2;
            if (width(line.substring(0, middle) + "…", font) <= pixels) low = middle;
            else high = middle - 1;
        }
        // never half of a pair
        if (low > 0 && Character.isHighSurrogate(line.charAt(low - 1))) low--;
        return line.substring(0, low).stripTrailing() + "…";
    }

    /** Lines of at most so many pixels, broken where the text is and at spaces; what is left after the last ends in three dots. */
    static List<String> lines(String text, Font font, double pixels, int most) {
        var lines = new ArrayList<String>();
        for (String paragraph : text.strip().split("\\R")) {
            String rest = line(paragraph);
            while (!rest.isEmpty()) {
                if (lines.size() == most - 1 || width(rest, font) <= pixels) {
                    lines.add(fitting(rest, font, pixels));
                    rest = "";
                } else {
                    int cut = rest.length();
                    while (cut > 0 && width(rest.substring(0, cut), font) > pixels) cut = rest.lastIndexOf(' ', cut - 1);
                    if (cut <= 0) cut = Math.max(1, fitting(rest, font, pixels).length() - 1);
                    lines.add(rest.substring(0, cut).strip());
                    rest = rest.substring(cut).strip();
                }
                if (lines.size() == most) return lines;
            }
        }
        return lines;
    }

    /** Plotly takes texts for HTML, and what is between dollars for a formula. */
    static String plotly(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("$", "&#36;");
    }
}
