package metarl.chart;

import de.rototor.pdfbox.graphics2d.PdfBoxGraphics2D;
import de.rototor.pdfbox.graphics2d.PdfBoxGraphics2DFontTextDrawer;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Graphics2D;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDType0Font;
import org.apache.pdfbox.util.Matrix;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Charts as lines and texts: SVG by Batik, PDF by PDFBox. The same chart gives the same bytes. */
final class VectorFile {
    private static final String SVG = "http://www.w3.org/2000/svg";
    /** A pixel of a notebook is 1/96 inch, a point of a page 1/72. */
    private static final float POINTS = 0.75f;

    private VectorFile() {}

    static byte[] svg(String title, String description, int width, int height, Consumer<Graphics2D> painter) {
        try {
            Document document = DocumentBuilderFactory.newInstance().newDocumentBuilder().getDOMImplementation().createDocument(SVG, "svg",
                null);
            SVGGeneratorContext context = SVGGeneratorContext.createDefault(document);
            context.setComment(null);
            var g = new SVGGraphics2D(context, false);
            g.setSVGCanvasSize(new Dimension(width, height));
            // also on a dark page
            g.setColor(Color.WHITE);
            g.fillRect(0, 0, width, height);
            painter.accept(g);
            Element root = g.getRoot();
            root.setAttribute("viewBox", "0 0 " + width + " " + height);
            root.setAttribute("role", "img");
            root.insertBefore(element(document, "desc", description), root.getFirstChild());
            root.insertBefore(element(document, "title", title), root.getFirstChild());
            var out = new StringWriter();
            g.stream(root, out, true, false);
            // where the font is not installed, one of the same widths
            return out.toString().replace("'" + Text.FAMILY + "'", "'" + Text.FAMILY + "', Arial, Helvetica")
                .getBytes(StandardCharsets.UTF_8);
        } catch (ParserConfigurationException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Element element(Document document, String name, String text) {
        Element element = document.createElementNS(SVG, name);
        element.setTextContent(Text.line(text));
        return element;
    }

    static byte[] pdf(String title, String description, int width, int height, Consumer<Graphics2D> painter) {
        var bytes = new ByteArrayOutputStream();
        try (var document = new PDDocument(); var texts = new PdfBoxGraphics2DFontTextDrawer(); InputStream font = Text.file()) {
            // otherwise the time would be in it
            document.setDocumentId(1L);
            document.getDocumentInformation().setTitle(Text.line(title));
            document.getDocumentInformation().setSubject(description);
            // texts in other fonts become outlines
            texts.registerFont(Text.FAMILY, PDType0Font.load(document, font, true));
            var g = new PdfBoxGraphics2D(document, width, height);
            g.setFontTextDrawer(texts);
            painter.accept(g);
            g.dispose();
            var page = new PDPage(new PDRectangle(POINTS * width, POINTS * height));
            document.addPage(page);
            try (var content = new PDPageContentStream(document, page)) {
                content.transform(Matrix.getScaleInstance(POINTS, POINTS));
                content.drawForm(g.getXFormObject());
            }
            document.save(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
