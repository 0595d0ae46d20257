package metarl.env;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import metarl.basics.Require;

/** A white picture to draw on, in the colours all pictures of environments share. */
public final class Canvas implements AutoCloseable {
    /** What acts. */
    public static final Color AGENT = new Color(0x00, 0x72, 0xB2);
    /** What is to be reached. */
    public static final Color GOAL = new Color(0xE6, 0x9F, 0x00);
    /** What is only there for orientation. */
    public static final Color BACKGROUND = new Color(0xCC, 0xCC, 0xCC);

    private static final int LARGEST = 20_000;

    private final BufferedImage image;
    private final Graphics2D graphics;

    /** A canvas whose origin is in the top left corner, y downwards, one unit per pixel. */
    public Canvas(int width, int height) {
        Require.that(width >= 1 && width <= LARGEST, "width", width, "1 to " + LARGEST + " pixels");
        Require.that(height >= 1 && height <= LARGEST, "height", height, "1 to " + LARGEST + " pixels");
        Require.heap(4L * width * height, "a picture of " + width + " × " + height + " pixels", "width or height");
        image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, width, height);
    }

    /** A canvas whose origin is in the middle, y upwards, that shows at least {@code reach} units to every side. */
    public static Canvas plane(int width, int height, double reach) {
        var canvas = new Canvas(width, height);
        double scale = Math.min(width, height) / (2 * reach);
        canvas.graphics.translate(width / 2.0, height / 2.0);
        canvas.graphics.scale(scale, -scale);
        return canvas;
    }

    /** Sets colour and width of what is drawn next. */
    public Graphics2D pen(Color colour, double width) {
        graphics.setColor(colour);
        graphics.setStroke(new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        return graphics;
    }

    /** Draws a small picture pixel by pixel, as large as fits into a field of this canvas and in its middle. */
    public void picture(BufferedImage picture, int left, int top, int fieldWidth, int fieldHeight) {
        double scale = Math.min((double) fieldWidth / picture.getWidth(), (double) fieldHeight / picture.getHeight());
        int w = Math.max(1, (int) (scale * picture.getWidth())), h = Math.max(1, (int) (scale * picture.getHeight()));
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
        graphics.drawImage(picture, left + (fieldWidth - w) / 2, top + (fieldHeight - h) / 2, w, h, null);
    }

    /** What has been drawn. */
    public BufferedImage image() {
        return image;
    }

    @Override
    public void close() {
        graphics.dispose();
    }
}
