package org.mujoco;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RendererTest {
    private static final String ARM = """
        <mujoco>
          <worldbody>
            <light pos="0 0 3"/>
            <camera name="side" pos="0 -3 1" xyaxes="1 0 0 0 0 1"/>
            <geom name="floor" type="plane" size="5 5 1" rgba="0 0 1 1"/>
            <body name="arm" pos="0 0 1">
              <joint name="arm" axis="0 1 0"/>
              <geom type="capsule" fromto="0 0 0 0.6 0 0" size="0.1" rgba="1 0 0 1"/>
            </body>
          </worldbody>
          <actuator><motor joint="arm"/></actuator>
        </mujoco>
        """;
    private int liveBefore;

    @BeforeEach
    void needsOpenGl() {
        assumeTrue(Renderer.available(),
            "no off-screen OpenGL here (libegl1 with libgl1-mesa-dri, or libosmesa6): pictures are not tested");
        liveBefore = Native.liveObjects();
    }

    @AfterEach
    void everythingWasClosed() {
        assertEquals(liveBefore, Native.liveObjects(), "native objects left open");
    }

    private static int[] pixels(BufferedImage image) {
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }

    private static long reddish(BufferedImage image) {
        return Arrays.stream(pixels(image)).filter(p -> (p >> 16 & 255) > 2 * (p & 255) && (p >> 16 & 255) > 40).count();
    }

    @Test
    void thePictureShowsTheArmAndTheFloorTheRightWayUp() {
        try (Model model = Model.fromXml(ARM); var simulation = new Simulation(model);
            Renderer renderer = Renderer.of(model, 160, 120).through("side")) {
            BufferedImage image = renderer.frame(simulation);
            assertEquals(160, image.getWidth());
            assertEquals(120, image.getHeight());
            assertTrue(reddish(image) > 100, "the red arm is not there: " + reddish(image) + " pixels");
            assertTrue(blueRow(image, 115) > blueRow(image, 5), "the floor is below");
            // the arm points right in its start position
            long right = reddish(image.getSubimage(80, 0, 80, 120)), left = reddish(image.getSubimage(0, 0, 80, 120));
            assertTrue(right > 2 * left, right + " red pixels right, " + left + " left");
        }
    }

    private static long blueRow(BufferedImage image, int y) {
        long sum = 0;
        for (int x = 0; x < image.getWidth(); x++) sum += (image.getRGB(x, y) & 255) - (image.getRGB(x, y) >> 16 & 255);
        return sum;
    }

    @Test
    void aFrameMayBeAskedForFromAnyThread() throws Exception {
        var thread = Executors.newSingleThreadExecutor();
        try (Model model = Model.fromXml(ARM); var simulation = new Simulation(model); Renderer renderer = Renderer.of(model, 64, 48)) {
            int[] here = pixels(renderer.frame(simulation));
            int[] there = thread.submit(() -> pixels(renderer.frame(simulation))).get();
            assertTrue(Arrays.equals(here, there));
            simulation.step(new double[1], 200);
            assertFalse(Arrays.equals(here, pixels(renderer.frame(simulation))), "the arm fell, the picture did not change");
        } finally {
            thread.shutdown();
        }
    }

    @Test
    void severalRenderersOfDifferentSizesDoNotDisturbEachOther() {
        try (Model model = Model.fromXml(ARM); var simulation = new Simulation(model);
            Renderer small = Renderer.of(model, 33, 21); Renderer large = Renderer.of(model, 1000, 700)) {
            int[] first = pixels(small.frame(simulation));
            assertEquals(700, large.frame(simulation).getHeight());
            assertTrue(Arrays.equals(first, pixels(small.frame(simulation))));
        }
    }

    @Test
    void aRendererServesEditedCopiesAndRefusesOtherModels() {
        try (Model model = Model.fromXml(ARM); Model heavy = model.edit().scaleAllMasses(2).build(); Model other = Model.fromXml(ARM);
            var ofHeavy = new Simulation(heavy); var ofOther = new Simulation(other);
            Renderer renderer = Renderer.of(model, 32, 32).follow("arm")) {
            renderer.distance(2).azimuth(90).elevation(-20).frame(ofHeavy);
            assertThrows(IllegalArgumentException.class, () -> renderer.frame(ofOther));
        }
    }

    @Test
    void badCamerasAndClosedRenderersAreNamed() {
        try (Model model = Model.fromXml(ARM); var simulation = new Simulation(model)) {
            Renderer renderer = Renderer.of(model, 32, 32);
            assertMessage("no body named 'leg'; it has [world, arm]",
                assertThrows(IllegalArgumentException.class, () -> renderer.follow("leg")));
            assertMessage("no camera named 'top'; it has [side]",
                assertThrows(IllegalArgumentException.class, () -> renderer.through("top")));
            assertThrows(IllegalArgumentException.class, () -> renderer.distance(-1));
            assertThrows(IllegalArgumentException.class, () -> renderer.azimuth(Double.NaN));
            assertMessage("0 × 9", assertThrows(IllegalArgumentException.class, () -> Renderer.of(model, 0, 9)));
            renderer.close();
            renderer.close();
            assertThrows(IllegalStateException.class, () -> renderer.frame(simulation));
            assertThrows(IllegalStateException.class, () -> renderer.follow("arm"));
        }
    }

    @Test
    void aModelMayBeClosedBeforeItsRenderer() {
        Model model = Model.fromXml(ARM);
        var simulation = new Simulation(model);
        Renderer renderer = Renderer.of(model, 32, 32);
        model.close();
        renderer.frame(simulation);
        simulation.close();
        assertThrows(IllegalStateException.class, () -> renderer.frame(simulation));
        renderer.close();
    }

    @Test
    void sizesAreChecked() {
        try (Model model = Model.fromXml(ARM)) {
            for (int[] size : new int[][] {{0, 9}, {9, -1}, {1_000_000_000, 1_000_000_000}, {4097, 9},
                {Integer.MIN_VALUE, Integer.MAX_VALUE}})
                assertMessage("expected 1 to 4096 pixels",
                    assertThrows(IllegalArgumentException.class, () -> Renderer.of(model, size[0], size[1])));
        }
    }

    @Test
    void qualitiesThatWouldTakeAllMemoryOrMinutesAreRefused() {
        for (String quality : List.of("shadowsize=\"100000\"", "shadowsize=\"-1\"", "offsamples=\"1000000\"", "offsamples=\"-1\"",
            "numslices=\"3000\"", "numstacks=\"-1\"", "numquads=\"5000\""))
            try (Model model = Model.fromXml(ARM.replace("<worldbody>", "<visual><quality " + quality + "/></visual><worldbody>"))) {
                assertMessage("cannot be drawn: " + quality.replaceAll("=.*", "") + " is ",
                    assertThrows(MujocoException.class, () -> Renderer.of(model, 16, 16)));
            }
    }

    @Test
    void aModelThatWouldGiveABlackPictureIsRefused() {
        for (String[] visual : new String[][] {{"<global fovy=\"nan\"/>", "fovy is NaN"}, {"<map zfar=\"nan\"/>", "zfar is NaN"},
            {"<map znear=\"9\" zfar=\"1\"/>", "zfar 1.0 is not beyond"}})
            try (Model model = Model.fromXml(ARM.replace("<worldbody>", "<visual>" + visual[0] + "</visual><worldbody>"))) {
                assertMessage("cannot be drawn: " + visual[1], assertThrows(MujocoException.class, () -> Renderer.of(model, 16, 16)));
            }
    }

    @Test
    void theModelsOwnOffScreenSizeMayBeAny() {
        int[] expected;
        try (Model model = Model.fromXml(ARM); var simulation = new Simulation(model); Renderer renderer = Renderer.of(model, 64, 48)) {
            expected = pixels(renderer.frame(simulation));
        }
        for (String size : List.of("offwidth=\"1000000000\" offheight=\"1000000000\"", "offwidth=\"-5\"", "offwidth=\"0\" offheight=\"0\""))
            try (Model model = Model.fromXml(ARM.replace("<worldbody>", "<visual><global " + size + "/></visual><worldbody>"));
                var simulation = new Simulation(model); Renderer renderer = Renderer.of(model, 64, 48)) {
                    assertTrue(Arrays.equals(expected, pixels(renderer.frame(simulation))), size);
                }
    }

    @Test
    void aSceneOfMoreThingsThanFitAtFirstIsDrawnWhole() {
        // MuJoCo would leave out the last of more than 10 000 things: the red one
        var xml = new StringBuilder(
            "<mujoco><worldbody><camera name=\"front\" pos=\"0 -3 0\" xyaxes=\"1 0 0 0 0 1\"/><light pos=\"0 -3 0\" dir=\"0 1 0\"/>"
                + "<replicate count=\"109\" offset=\"0.001 0 0\"><replicate count=\"100\" offset=\"0 0.001 0\"><geom pos=\"0 50 0\" "
                + "size=\"0.001\" contype=\"0\" conaffinity=\"0\"/>"
                + "</replicate></replicate><geom size=\"0.5\" rgba=\"1 0 0 1\"/></worldbody></mujoco>");
        try (Model model = Model.fromXml(xml.toString()); var simulation = new Simulation(model);
            Renderer renderer = Renderer.of(model, 64, 48).through("front")) {
            assertTrue(model.geoms() > 10_000);
            assertTrue(reddish(renderer.frame(simulation)) > 50, "the last geom is not there");
        }
    }

    private static void assertMessage(String expected, Exception actual) {
        assertTrue(actual.getMessage().contains(expected), actual.getMessage());
    }
}
