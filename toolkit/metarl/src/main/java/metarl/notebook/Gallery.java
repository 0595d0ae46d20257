package metarl.notebook;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import metarl.basics.Activity;
import metarl.basics.RandomStream;
import metarl.env.CheckedEnvironment;
import metarl.env.Environment;
import metarl.task.Task;

/** The start of several tasks in one picture, each under its name: what a cell's last value shows. */
public final class Gallery {
    private static final int COLUMNS = 4, WIDTH = 202, HEIGHT = 170, CAPTION = 22;
    /** Of a picture: what it is in words, for those who do not see it. */
    private static final String DESCRIPTION = "description";
    /** Enough steps for a body to have landed and a path to be seen. */
    private static final int STEPS = 12;

    private Gallery() {}

    /** Tasks after a dozen random steps, captioned with their family. */
    public static BufferedImage of(List<Task> tasks) {
        return of(tasks, tasks.stream().map(task -> task.family().name()).toList());
    }

    /**
     * Tasks after a dozen random steps, with captions.
     *
     * @throws IllegalArgumentException if there are no tasks, or not one caption per task
     */
    public static BufferedImage of(List<Task> tasks, List<String> captions) {
        if (tasks.isEmpty() || captions.size() != tasks.size())
            throw new IllegalArgumentException(
                "given " + tasks.size() + " tasks and " + captions.size() + " captions, expected as many of each, and at least one");
        int columns = Math.min(COLUMNS, tasks.size()), rows = (tasks.size() + columns - 1) / columns;
        var picture = new BufferedImage(columns * WIDTH, rows * HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = picture.createGraphics();
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, picture.getWidth(), picture.getHeight());
        try (var activity = Activity.of("drawing tasks", tasks.size())) {
            for (int i = 0; i < tasks.size(); i++) {
                g.drawImage(tile(tasks.get(i), captions.get(i)), i % columns * WIDTH, i / columns * HEIGHT, null);
                activity.advance();
            }
        }
        g.dispose();
        String description = (tasks.size() == 1 ? "A task" : tasks.size() + " tasks") + " after " + STEPS + " random steps: "
            + String.join("; ", captions);
        return new BufferedImage(picture.getColorModel(), picture.getRaster(), false, new Hashtable<>(Map.of(DESCRIPTION, description)));
    }

    /** A picture in words: what it holds if that is known, else its size. */
    static String description(BufferedImage picture) {
        return picture.getProperty(DESCRIPTION) instanceof String text ? text
            : picture.getWidth() + " × " + picture.getHeight() + " picture";
    }

    private static BufferedImage tile(Task task, String caption) {
        try (Environment environment = CheckedEnvironment.of(task.environment(), task)) {
            var random = RandomStream.of(0, "gallery");
            environment.reset(random);
            for (int t = 0; t < STEPS && !environment.step(environment.actions().sample(random)).last(); t++) {}
            return frame(environment, caption, WIDTH - 6, HEIGHT - 6);
        }
    }

    /** The present state of an environment under a caption. */
    static BufferedImage frame(Environment environment, String caption, int width, int height) {
        var frame = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = frame.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, width, height);
        g.drawImage(environment.render(width, height - CAPTION), 0, CAPTION, null);
        g.setColor(Color.DARK_GRAY);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        g.drawString(caption, 8, 15);
        g.dispose();
        return frame;
    }
}
