package metarl.chart;

import java.awt.Font;
import java.awt.FontFormatException;
import java.awt.font.FontRenderContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.pdfbox.pdmodel.PDDocument;

/** Texts of charts: measured, cut to what fits, and written so that Plotly shows them as they are. */
final class Text {
    /** As wide as Arial and Helvetica, so that both twins have the same lengths on every machine. */
    static final String FAMILY = "Liberation Sans";
    /** The font where it is not installed. */
    static final String FAMILIES = FAMILY + ", Arial, Helvetica, sans-serif";
    private static final Font BASE = base();
    static final Font TITLE = BASE.deriveFont(16f);
    static final Font LABEL = BASE.deriveFont(13f);
    static final Font SMALL = BASE.deriveFont(12f);
    private static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);

    private Text() {}

    /** The file of the font, out of PDFBox. */
    static InputStream file() {
        return PDDocument.class.getResourceAsStream("/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf");
    }

    private static Font base() {
        try (InputStream file = file()) {
            return Font.createFont(Font.TRUETYPE_FONT, file);
        } catch (IOException | FontFormatException e) {
            // without a folder for drafts of Java's own, a chart in the machine's font is better than none
            return new Font(Font.SANS_SERIF, Font.PLAIN, 1);
        }
    }

    /** The font, or the machine's for a text with characters that it lacks, or with marks, such as a hat, that it puts beside letters. */
    static Font fontFor(String text, Font font) {
        return font.canDisplayUpTo(text) < 0 && text.codePoints().noneMatch(c -> Character.getType(c) == Character.NON_SPACING_MARK) ? font
            : new Font(Font.SANS_SERIF, font.getStyle(), font.getSize());
    }

    /** Width in pixels. */
    static double width(String text, Font font) {
        return text.isEmpty() ? 0 : fontFor(text, font).getStringBounds(text, CONTEXT).getWidth();
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
