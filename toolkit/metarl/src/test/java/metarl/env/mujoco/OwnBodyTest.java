package metarl.env.mujoco;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.basics.RandomStream;
import metarl.env.Environment;
import metarl.env.EnvironmentCheck;
import metarl.env.Step;
import metarl.env.body.Bodies;
import metarl.env.body.Body;
import metarl.env.body.Change;
import metarl.env.body.Quantity;
import metarl.env.body.Sight;
import metarl.task.Family;
import metarl.task.Parameter;
import metarl.task.TaskFamily;
import metarl.task.TaskSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mujoco.MujocoException;
import org.mujoco.Native;
import tech.tablesaw.api.Row;

/** Bodies from models of one's own. */
class OwnBodyTest {
    /** A block on a rail, and a pole on it. */
    private static final String CART = """
        <mujoco><option timestep="0.01" gravity="0 0 0"/>
          <worldbody><site name="goal" pos="0.5 0 0"/>
            <body name="cart"><joint name="slider" type="slide" axis="1 0 0" damping="0"/><geom size="0.1" mass="1"/>
              <site name="top" pos="0 0 0.2"/></body></worldbody>
          <actuator><motor name="push" joint="slider" gear="10" ctrllimited="true" ctrlrange="-1 1"/></actuator>
          <sensor><jointpos name="place" joint="slider"/><framepos name="where" objtype="site" objname="top"/></sensor></mujoco>
        """;
    private static final Body.Start STILL = Body.Start.uniform(0, 0);
    private static final Body BODY = Body.mjcf(CART).starting(STILL).substeps(2);

    private static Environment environment(Body body) {
        Environment environment = Bodies.find().environment(body, 50, (outcome, action) -> outcome[0]);
        environment.reset(RandomStream.of(1, "x"));
        return environment;
    }

    private static Step step(Body body, double action) {
        try (Environment environment = environment(body)) {
            return environment.step(new double[] {action});
        }
    }

    /** MuJoCo's Euler steps: v ← (v + dt·F/m)/(1 + dt·d/m), x ← x + dt·v. */
    private static double[] block(double force, double mass, double damping, double seconds) {
        double x = 0, v = 0;
        for (int i = 0; i < 2; i++) {
            v = (v + seconds * force / mass) / (1 + seconds * damping / mass);
            x += seconds * v;
        }
        return new double[] {x, v};
    }

    @Test
    void aBlockMovesAsMechanicsSays() {
        assertArrayEquals(block(5, 1, 0, 0.01), step(BODY, 0.5).observation(), 1e-12);
        assertArrayEquals(block(5, 4, 0, 0.01), step(BODY.with(new Change.Mass("cart", 4)), 0.5).observation(), 1e-12);
        assertArrayEquals(block(5, 1, 3, 0.01), step(BODY.with(new Change.Damping("slider", 3)), 0.5).observation(), 1e-12);
        assertArrayEquals(block(-2, 1, 0, 0.01), step(BODY.with(new Change.Gear("push", -4)), 0.5).observation(), 1e-12);
        assertArrayEquals(block(5, 1, 0, 0.003), step(BODY.with(new Change.Timestep(0.003)), 0.5).observation(), 1e-12);
        Body all = BODY.with(new Change.Mass("cart", 4)).with(new Change.Timestep(0.003)).with(new Change.Damping("slider", 3));
        assertArrayEquals(block(5, 4, 3, 0.003), step(all, 0.5).observation(), 1e-12);
        String plain = CART.replace("<option timestep=\"0.01\" gravity=\"0 0 0\"/>", "");
        assertArrayEquals(block(5, 1, 0, 0.02), step(Body.mjcf(plain).starting(STILL).substeps(2).with(new Change.Timestep(0.02)), 0.5)
            .observation(), 1e-12, "a model without an option gets one");
    }

    @Test
    void thingsAreSeenAndToldByTheirNames() {
        Body named = BODY.seeing(Body.site("top"), Sight.VELOCITIES, Body.sensor("place"))
            .telling(Body.joint("slider"), Body.part("cart"), Body.sensor("where"), Body.sensor("place"), Quantity.ROOT_VELOCITY);
        try (Environment environment = environment(named)) {
            assertEquals(
                List.of("slider (m)", "slider velocity (m/s)", "cart x (m)", "cart y (m)", "cart z (m)", "where[0]", "where[1]", "where[2]",
                    "place", "forward velocity (m/s)"),
                environment.outcomeNames());
            Step step = environment.step(new double[] {0.5});
            double[] block = block(5, 1, 0, 0.01), before = {0.01 * 0.05, 0.05};
            assertArrayEquals(new double[] {before[0], 0, 0.2, block[1], before[0]}, step.observation(), 1e-12,
                "places are those before the last substep");
            assertArrayEquals(new double[] {block[0], block[1], before[0], 0, 0, before[0], 0, 0.2, before[0], block[0] / 0.02},
                step.outcome(), 1e-12);
        }
        assertArrayEquals(new double[] {0.0005, 0, 0}, step(BODY, 0.5).outcome(), 1e-12, "the first part's place, if nothing is said");
    }

    @Test
    void aFreeJointHasThirteenCoordinates() {
        String ball = CART.replace("<body name=\"cart\">",
            "<body name=\"ball\" pos=\"1 2 3\"><freejoint name=\"free\"/><geom size=\"0.1\"/></body>"
                + "<body name=\"cart\">");
        Step step = step(Body.mjcf(ball).starting(STILL).seeing(Body.joint("free"), Body.joint("slider")).telling(Body.part("ball")), 1);
        assertEquals(15, step.observation().length);
        assertArrayEquals(new double[] {1, 2, 3, 1, 0, 0, 0}, java.util.Arrays.copyOf(step.observation(), 7), 1e-12);
        assertArrayEquals(new double[] {1, 2, 3}, step.outcome(), 1e-12);
    }

    @Test
    void aFileMovesLikeItsTextAndFindsWhatLiesBesideIt(@TempDir Path folder) throws IOException {
        Path whole = Files.writeString(folder.resolve("cart.xml"), CART);
        double[] expected = step(BODY, 0.5).observation();
        assertArrayEquals(expected, step(Body.mjcf(whole).starting(STILL).substeps(2), 0.5).observation());
        int actuator = CART.indexOf("<actuator>"), end = CART.indexOf("</actuator>") + "</actuator>".length();
        Files.writeString(folder.resolve("motors.xml"), "<mujocoinclude>" + CART.substring(actuator, end) + "</mujocoinclude>");
        Path parts = Files.writeString(folder.resolve("parts.xml"),
            CART.substring(0, actuator) + "<include file=\"motors.xml\"/>" + CART.substring(end));
        Body body = Body.mjcf(parts).starting(STILL).substeps(2);
        assertArrayEquals(expected, step(body, 0.5).observation());
        assertArrayEquals(block(5, 4, 0, 0.01), step(body.with(new Change.Mass("cart", 4)), 0.5).observation(), 1e-12);
        var error = assertThrows(IllegalArgumentException.class, () -> step(body.with(new Change.Timestep(0.1)), 0));
        assertTrue(error.getMessage().contains("parts.xml names other files, so its armature, radii and time step cannot"),
            error.getMessage());
    }

    @Test
    void modelsAreKeptByTheirContent() {
        String text = CART.replace("0.1", "0.11");
        step(Body.mjcf(text), 0);
        int live = Native.liveObjects();
        for (int i = 0; i < 5; i++) step(Body.mjcf(new String(text.toCharArray())), 0);
        assertEquals(live, Native.liveObjects());
    }

    @Test
    void aFamilyOfOnesOwnBodyIsCheckedDrawnAndFoundAgain() {
        Family carts = Family.define("test-carts").parameter("goal", "m", -1, 1).parameter("mass", "kg", 0.5, 2, Parameter.Changes.DYNAMICS)
            .body(task -> Body.mjcf(CART).telling(Body.joint("slider")).with(new Change.Mass("cart", task.value("mass")))
                .living((positions, velocities) -> Math.abs(positions[0]) < 2))
            .lasting(50).paying((task, outcome, action) -> -Math.abs(outcome[0] - task.value("goal"))).register();
        TaskSet tasks = TaskSet.of("test-carts").train(3).test(1).sample(5);
        assertEquals(carts, TaskFamily.named("test-carts"));
        try (Environment environment = tasks.train().get(0).environment()) {
            for (Row row : EnvironmentCheck.of(environment))
                assertTrue(row.getBoolean("holds"), row.getString("property") + " – " + row.getString("seen"));
        }
        try (Environment environment = carts.task(0.75, 2).environment()) {
            environment.reset(RandomStream.of(1, "x"));
            Step step = environment.step(new double[] {1});
            assertEquals(-Math.abs(step.outcome()[0] - 0.75), step.reward());
            for (int t = 1; !step.last(); t++) {
                assertTrue(t < 50);
                step = environment.step(new double[] {1});
            }
            assertTrue(step.terminated() && step.outcome()[0] >= 2);
        }
    }

    @Test
    void sitesAndLimbsAreDrawnFromTheSideAndFromAbove() {
        String before = System.getProperty("metarl.render", "true");
        System.setProperty("metarl.render", "false");
        String arm = CART.replace("<geom size=\"0.1\" mass=\"1\"/>",
            "<geom type=\"capsule\" fromto=\"0 0 0 0 1 0\" size=\"0.1\" mass=\"1\"/>");
        try (Environment side = environment(Body.mjcf(arm)); Environment above = environment(Body.mjcf(arm).view(Body.View.ABOVE))) {
            assertEquals(0xE69F00, side.render(400, 400).getRGB(250, 320) & 0xFFFFFF, "the goal, half a metre to the right");
            BufferedImage seen = above.render(400, 400);
            assertEquals(0xE69F00, seen.getRGB(250, 200) & 0xFFFFFF, "the goal");
            assertEquals(0x0072B2, seen.getRGB(200, 150) & 0xFFFFFF, "the limb points upwards");
        } finally {
            System.setProperty("metarl.render", before);
        }
    }

    static Stream<Arguments> badInputs() {
        return Stream.of(
            bad("no text", () -> Body.mjcf((String) null), "the model is null"),
            bad("a file's name for a text", () -> Body.mjcf("cart.xml"), "of a file: Body.mjcf(Path.of(\"my.xml\"))"),
            bad("a file that is not there", () -> Body.mjcf(Path.of("no-such.xml")),
                "the model file no-such.xml cannot be read: there is none"),
            bad("a model that does not ship", () -> step(Body.named("giraffe"), 0), "the toolkit brings no model file giraffe.xml"),
            bad("an unknown frame", () -> step(BODY.frame("crat"), 0), "no body named 'crat'; it has [world, cart]"),
            bad("an unknown joint", () -> step(BODY.seeing(Body.joint("slidr")), 0), "no joint named 'slidr'"),
            bad("an unknown part", () -> step(BODY.telling(Body.part("crat")), 0), "no body named 'crat'"),
            bad("an unknown site", () -> step(BODY.telling(Body.site("tip")), 0), "no site named 'tip'"),
            bad("an unknown sensor", () -> step(BODY.telling(Body.sensor("touch")), 0), "no sensor named 'touch'"),
            bad("a nameless joint", () -> Body.joint(""), "the name of a joint is "),
            bad("an unknown part's mass", () -> step(BODY.with(new Change.Mass("crat", 1)), 0), "no body named 'crat'"),
            bad("an unknown joint's damping", () -> step(BODY.with(new Change.Damping("slidr", 1)), 0), "no joint named 'slidr'"),
            bad("an unknown motor's gear", () -> step(BODY.with(new Change.Gear("pull", 1)), 0), "no actuator named 'pull'"),
            bad("a mass of 0", () -> new Change.Mass("cart", 0), "kilograms of 'cart' is 0.0"),
            bad("nothing told", () -> BODY.telling(), "the number of quantities is 0"),
            bad("no start", () -> BODY.starting(null), "a part of the body is null"),
            bad("no motors", () -> step(Body.mjcf("<mujoco><worldbody><body><joint/><geom size=\"1\"/></body></worldbody></mujoco>"), 0),
                "the model has no motors"),
            bad("a motor without range", () -> step(Body.mjcf(CART.replace(" ctrllimited=\"true\" ctrlrange=\"-1 1\"", "")), 0),
                "motor 0 'push' has no finite control range"),
            bad("no default to change", () -> step(BODY.with(new Change.Armature(1)), 0), "the model has no default for joints"),
            bad("no such geom", () -> step(BODY.with(new Change.Radius("ear", 1)), 0), "no geom named 'ear'"));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsNamed(BadInput input) {
        input.isNamed();
    }

    @Test
    void aFaultInTheModelIsToldByMujoco() {
        for (Body body : List.of(Body.mjcf("<mujoco><worldbody></mujoco>"),
            Body.mjcf("<mujoco><worldbody></mujoco>").with(new Change.Timestep(0.1)),
            Body.mjcf(CART.replace("<joint name", "<jiont name")))) {
            var error = assertThrows(MujocoException.class, () -> step(body, 0));
            assertTrue(error.getMessage().contains("not a valid MJCF model") && error.getMessage().contains("ine"), error.getMessage());
        }
    }
}
