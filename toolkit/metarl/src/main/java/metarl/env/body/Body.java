package metarl.env.body;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import metarl.basics.Copy;
import metarl.basics.Require;

/**
 * A simulated body: its model, what is seen of it, what a reward may read, how it starts and ends, and what is changed about it.
 *
 * <pre>{@code
 * Body.mjcf(xml).seeing(Sight.POSITIONS, Sight.VELOCITIES).telling(Body.joint("hinge")).with(new Change.Mass("pole", 0.5))
 * }</pre>
 *
 * <p>Pure data; {@link Bodies} builds the machine. Immutable: every verb returns a changed copy. Actions lie in [−1, 1] per motor and are
 * mapped linearly to the motor's control range. Without further words, all positions and velocities are seen, the place of the frame is
 * told, five substeps make a step, positions and velocities start with noise of 0.01, nothing ends an episode, and a picture shows 4 m
 * from the side.
 *
 * @param model where the model comes from
 * @param frame name of the body part whose frame counts as the body's position; empty: the first part
 * @param substeps time steps of the simulation per environment step
 * @param start how the start state is drawn
 * @param sights what the observation is made of, in order
 * @param quantities what the outcome is made of, in order
 * @param life when an episode goes on
 * @param changes what differs from the model
 * @param view from where a picture is taken
 * @param metresAcross how much of the world a picture shows
 */
public record Body(Source model, String frame, int substeps, Start start, List<Seen> sights, List<Told> quantities, Life life,
    List<Change> changes, View view, double metresAcross) {

    private static final double LARGEST = 1e6;

    /** Checks the numbers. */
    public Body {
        Require.that(model != null && frame != null && start != null && life != null && view != null, "a part of the body", null,
            "a model, a frame, a start, a life and a view");
        Require.count(substeps, 1, "substeps", "at least 1, usually 4 or 5");
        Require.number(metresAcross, metresAcross > 0 && metresAcross <= LARGEST, "metresAcross", "above 0 and at most 1e6, usually 4");
        Require.that(!quantities.isEmpty(), "the number of quantities", 0, "at least one, for the reward to read");
        sights = List.copyOf(sights);
        quantities = List.copyOf(quantities);
        changes = List.copyOf(changes);
    }

    private static Body of(Source model) {
        return new Body(model, "", 5, Start.uniform(0.01, 0.01), List.of(Sight.POSITIONS, Sight.VELOCITIES),
            List.of(Quantity.FRAME_POSITION_3D), Life.endless(), List.of(), View.SIDE, 4);
    }

    /** The body of a model that comes with the toolkit, such as {@code half_cheetah}. */
    public static Body named(String model) {
        return of(new Source(model, null, null));
    }

    /** A body of one's own, given by the text of its model (MJCF). Models are compiled once for every text and its changes. */
    public static Body mjcf(String xml) {
        Require.that(xml != null && xml.contains("<mujoco"), "the model", xml == null ? null : "no MJCF",
            "the text of a model, <mujoco>…</mujoco>; of a file: Body.mjcf(Path.of(\"my.xml\"))");
        return of(new Source("", xml, null));
    }

    /**
     * The same from a file. Meshes and other files that it names are looked for beside it.
     *
     * @throws IllegalArgumentException if it cannot be read
     */
    public static Body mjcf(Path file) {
        try {
            return of(new Source("", Files.readString(file), file.toAbsolutePath()));
        } catch (IOException e) {
            throw new IllegalArgumentException("the model file " + file + " cannot be read"
                + (Files.exists(file) ? ": " + e.getMessage() : ": there is none, seen from " + Path.of("").toAbsolutePath()), e);
        }
    }

    /**
     * Where a model comes from.
     *
     * @param name its name in the toolkit, without .xml; empty for one's own
     * @param text the MJCF; null for one of the toolkit
     * @param file the file that the text is from; null where there is none
     */
    public record Source(String name, String text, Path file) {
        @Override
        public String toString() {
            return file != null ? file.toString() : name.isEmpty() ? "the model" : name;
        }
    }

    /** From where a picture is taken. */
    public enum View {
        /** From the side: x to the right, z upwards. */
        SIDE,
        /** From above: x to the right, y upwards. */
        ABOVE
    }

    /** A part of an observation: a {@link Sight}, or something of the model by its name. */
    public sealed interface Seen permits Sight, Named {}

    /** A part of an outcome: a {@link Quantity}, or something of the model by its name. */
    public sealed interface Told permits Quantity, Named {}

    /** Position and velocity of a joint: an angle (rad, rad/s), a length (m, m/s), or all coordinates of one that has more. */
    public static Named joint(String name) {
        return new Named(Named.Kind.JOINT, name);
    }

    /** The position x, y, z (m) of a body part's frame, as computed in the last substep before the joints moved. */
    public static Named part(String name) {
        return new Named(Named.Kind.PART, name);
    }

    /** The position x, y, z (m) of a site, as computed in the last substep before the joints moved. */
    public static Named site(String name) {
        return new Named(Named.Kind.SITE, name);
    }

    /** The values of a sensor, as computed in the last substep before the joints moved. */
    public static Named sensor(String name) {
        return new Named(Named.Kind.SENSOR, name);
    }

    /**
     * How the start state is drawn: the model's own position and no velocity, plus noise.
     *
     * @param positionNoise positions + U(−positionNoise, positionNoise)
     * @param velocityNoise velocities + noise of this size
     * @param gaussian whether the velocities' noise is velocityNoise · N(0, 1) instead of U(−velocityNoise, velocityNoise)
     */
    public record Start(double positionNoise, double velocityNoise, boolean gaussian) {
        /** Checks both sizes; 0 of a uniform noise is none. */
        public Start {
            Require.number(positionNoise, positionNoise >= 0 && positionNoise <= LARGEST, "positionNoise",
                "0 to 1e6, usually 0.005 to 0.1");
            Require.number(velocityNoise, velocityNoise >= 0 && velocityNoise <= LARGEST, "velocityNoise",
                "0 to 1e6, usually 0.005 to 0.1");
        }

        /** Positions + U(−p, p), velocities + U(−v, v). */
        public static Start uniform(double p, double v) {
            return new Start(p, v, false);
        }

        /** Positions + U(−p, p), velocities + v · N(0, 1). */
        public static Start gaussian(double p, double v) {
            return new Start(p, v, true);
        }
    }

    /** When an episode goes on. */
    @FunctionalInterface
    public interface Life {
        /** Whether a body in this state is still alive; states that are not finite are an error of their own. */
        boolean goesOn(double[] positions, double[] velocities);

        /** Nothing ends an episode. */
        static Life endless() {
            return (positions, velocities) -> true;
        }
    }

    /** The same body with another part whose frame counts as its position. */
    public Body frame(String part) {
        return Copy.with(this, "frame", part);
    }

    /** The same body with another number of simulation steps per environment step. */
    public Body substeps(int substeps) {
        return Copy.with(this, "substeps", substeps);
    }

    /** The same body with another start. */
    public Body starting(Start start) {
        return Copy.with(this, "start", start);
    }

    /** The same body with another observation. */
    public Body seeing(Seen... sights) {
        return Copy.with(this, "sights", List.of(sights));
    }

    /** The same body with another outcome. */
    public Body telling(Told... quantities) {
        return Copy.with(this, "quantities", List.of(quantities));
    }

    /** The same body with another end. */
    public Body living(Life life) {
        return Copy.with(this, "life", life);
    }

    /** The same body with one more change. */
    public Body with(Change change) {
        var all = new ArrayList<>(changes);
        all.add(change);
        return Copy.with(this, "changes", all);
    }

    /** The same body, pictured from there. */
    public Body view(View view) {
        return Copy.with(this, "view", view);
    }

    /** The same body in pictures that show so much of the world, in m. */
    public Body metresAcross(double metres) {
        return Copy.with(this, "metresAcross", metres);
    }
}
