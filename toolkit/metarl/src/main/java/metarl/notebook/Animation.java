package metarl.notebook;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import metarl.agent.Policy;
import metarl.basics.Activity;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.data.Trajectory;
import metarl.env.CheckedEnvironment;
import metarl.env.Environment;
import metarl.env.Step;
import metarl.task.Task;

/**
 * A moving picture of one or more policies in a task, side by side, from the same start; shown inline as an animated GIF.
 *
 * <pre>{@code Animation.of(run.policy(), task).beside("adapted", adaptation.policy()).show();}</pre>
 */
public final class Animation {
    private static final int WIDTH = 320;
    private static final int HEIGHT = 200;
    private static final int STEPS_PER_SECOND = 20;
    private static final int LONGEST = 3600;
    /** A trial is looked at step by step. */
    private static final int TRIAL_STEPS_PER_SECOND = 4, MOST_PICTURES = 240;
    /** Longer episodes show every second step only, to keep the picture small. */
    private static final int LONG_EPISODE = 50;

    private record Actor(String caption, Policy policy) {}

    /**
     * How fast time goes.
     *
     * @param steps per second
     * @param stride a picture after each so many steps
     */
    private record Speed(int steps, int stride) {
        static Speed usual(Task task) {
            return new Speed(STEPS_PER_SECOND, task.family().horizon() > LONG_EPISODE ? 2 : 1);
        }
    }

    private final Task task;
    private final List<Actor> actors;
    private final int seconds;
    private final long seed;
    private final Speed speed;

    private Animation(Task task, List<Actor> actors, int seconds, long seed, Speed speed) {
        this.task = task;
        this.actors = List.copyOf(actors);
        this.seconds = seconds;
        this.seed = seed;
        this.speed = speed;
    }

    /** A policy in a task, at most five seconds of it. */
    public static Animation of(Policy policy, Task task) {
        return new Animation(task, List.of(new Actor(task.label(), policy)), 5, 0, Speed.usual(task));
    }

    /** The same with a caption. */
    public static Animation of(String caption, Policy policy, Task task) {
        return new Animation(task, List.of(new Actor(caption, policy)), 5, 0, Speed.usual(task));
    }

    /**
     * The episodes of a trial side by side as they were lived, four steps a second, faster where they are long: what was done is done
     * again, so that a failing method can be looked at.
     *
     * @param trial episodes of one task, which starts in the same state each time, as a maze does
     * @throws IllegalArgumentException if there are none; and, when it is shown, if an episode cannot be repeated because its start was
     *     drawn at random
     */
    public static Animation of(List<Trajectory> trial) {
        Require.that(!trial.isEmpty(), "the number of episodes", 0, "at least 1");
        var actors = new ArrayList<Actor>();
        int longest = 0;
        for (Trajectory episode : trial) {
            actors.add(new Actor("episode " + (actors.size() + 1) + ": " + episode.length() + " steps", repeating(episode)));
            longest = Math.max(longest, episode.length());
        }
        int stride = (longest + MOST_PICTURES - 1) / MOST_PICTURES;
        var speed = new Speed(TRIAL_STEPS_PER_SECOND * stride, stride);
        return new Animation(trial.get(0).task(), actors, longest / speed.steps + 1, 0, speed);
    }

    /** Does what was done, as long as it leads to what was seen. */
    private static Policy repeating(Trajectory episode) {
        return (environments, random) -> new Policy.Actor() {
            private int t;

            @Override
            public double[][] act(double[][] observations) {
                if (!Arrays.equals(observations[0], episode.observation(t)))
                    throw new IllegalArgumentException("step " + t + " of an episode of " + episode.task().label()
                        + " cannot be repeated: something else is seen than was seen then. Expected a task that starts in the same state"
                        + " each time and moves without chance; show the policy itself instead: Animation.of(policy, task)");
                return new double[][] {episode.action(t++)};
            }
        };
    }

    /** With another policy in the same task, from the same start, to the right. */
    public Animation beside(String caption, Policy policy) {
        var more = new ArrayList<>(actors);
        more.add(new Actor(caption, policy));
        return new Animation(task, more, seconds, seed, speed);
    }

    /** Showing at most this many seconds. */
    public Animation seconds(int seconds) {
        Require.that(seconds >= 1 && seconds <= LONGEST, "seconds(" + seconds + ")", seconds, "1 to " + LONGEST);
        return new Animation(task, actors, seconds, seed, speed);
    }

    /** Starting from the state of another seed. */
    public Animation seed(long seed) {
        return new Animation(task, actors, seconds, seed, speed);
    }

    /** Shows it now. */
    public void show() {
        Display.show(this);
    }

    /** The frames, all actors side by side. */
    List<BufferedImage> frames() {
        long longest = Math.min(seconds * (long) speed.steps, task.family().horizon()) / speed.stride;
        Require.heap(2L * 4 * WIDTH * HEIGHT * actors.size() * longest,
            "an animation of " + longest + " pictures of " + actors.size() + " policies", "seconds(n)");
        var columns = new ArrayList<List<BufferedImage>>();
        try (var activity = Activity.of("rendering " + task.label(), (long) actors.size() * seconds * speed.steps)) {
            for (Actor actor : actors) columns.add(episode(actor, activity));
            // episodes may end before the time is over
            activity.reach(activity.total());
        }
        int length = columns.stream().mapToInt(List::size).max().orElse(0);
        var frames = new ArrayList<BufferedImage>();
        for (int t = 0; t < length; t++) {
            // the GIF writer then chooses each frame's 256 colours itself
            var frame = new BufferedImage(WIDTH * actors.size(), HEIGHT, BufferedImage.TYPE_INT_RGB);
            Graphics2D g = frame.createGraphics();
            for (int c = 0; c < actors.size(); c++)
                g.drawImage(columns.get(c).get(Math.min(t, columns.get(c).size() - 1)), c * WIDTH, 0, null);
            g.dispose();
            frames.add(frame);
        }
        return frames;
    }

    private List<BufferedImage> episode(Actor actor, Activity activity) {
        var frames = new ArrayList<BufferedImage>();
        try (Environment environment = CheckedEnvironment.of(task.environment(), task);
            Policy.Actor running = actor.policy.start(1, RandomStream.of(seed, "policy"))) {
            double[] observation = environment.reset(RandomStream.of(seed, "start"));
            frames.add(Gallery.frame(environment, actor.caption, WIDTH, HEIGHT));
            boolean last = false;
            for (int t = 1; !last && t < seconds * speed.steps; t++) {
                double[][] actions = running.act(new double[][] {observation});
                Step step = environment.step(actions[0]);
                running.received(actions, new Step[] {step});
                observation = step.observation();
                last = step.last();
                activity.advance();
                if (last || t % speed.stride == 0) frames.add(Gallery.frame(environment, actor.caption, WIDTH, HEIGHT));
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return frames;
    }

    /** The animated GIF. */
    byte[] gif() {
        try (var activity = Activity.of("animation of " + task.label(), 2)) {
            List<BufferedImage> frames = frames();
            activity.advance();
            byte[] gif = gif(frames);
            activity.advance();
            return gif;
        }
    }

    private byte[] gif(List<BufferedImage> frames) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
        var bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.prepareWriteSequence(null);
            for (BufferedImage frame : frames) {
                IIOMetadata data = writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(frame), null);
                describe(data, 100 * speed.stride / speed.steps);
                writer.writeToSequence(new IIOImage(frame, null, data), null);
            }
            writer.endWriteSequence();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private static void describe(IIOMetadata data, int hundredths) throws IOException {
        String format = data.getNativeMetadataFormatName();
        var root = (IIOMetadataNode) data.getAsTree(format);
        var control = (IIOMetadataNode) root.getElementsByTagName("GraphicControlExtension").item(0);
        control.setAttribute("delayTime", Integer.toString(hundredths));
        var extensions = new IIOMetadataNode("ApplicationExtensions");
        var loop = new IIOMetadataNode("ApplicationExtension");
        loop.setAttribute("applicationID", "NETSCAPE");
        loop.setAttribute("authenticationCode", "2.0");
        loop.setUserObject(new byte[] {1, 0, 0});
        extensions.appendChild(loop);
        root.appendChild(extensions);
        data.setFromTree(format, root);
    }

    @Override
    public String toString() {
        return "Animation: " + task + ", " + String.join(" beside ", actors.stream().map(Actor::caption).toList());
    }
}
