package org.mujoco;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Keyframes, sensors, sites, mocap bodies, activations and plugins, against MuJoCo's Python package; see facade_twin.py. */
class FacadeTest {
    private int liveBefore;

    @BeforeEach
    void count() {
        liveBefore = Native.liveObjects();
    }

    @AfterEach
    void everythingWasClosed() {
        assertEquals(liveBefore, Native.liveObjects(), "native objects left open");
    }

    private static Path resource(String name) throws URISyntaxException {
        return Path.of(FacadeTest.class.getResource(name).toURI());
    }

    private static Model arm() {
        try {
            return Model.fromFile(resource("arm.xml"));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static double fraction(int i, int factor, int modulus) {
        return (2.0 * (i * factor % modulus) - modulus) / modulus;
    }

    private static double[] everything(Simulation simulation) {
        Model model = simulation.model();
        double[] positions = new double[model.positions()], velocities = new double[model.velocities()],
            sensors = new double[model.sensorValues()];
        simulation.positions(positions);
        simulation.velocities(velocities);
        simulation.sensors(sensors, 0);
        double[] site = new double[model.siteNames().isEmpty() ? 0 : 12];
        if (site.length > 0) {
            simulation.sitePosition(0, site, 0);
            simulation.siteRotation(0, site, 3);
        }
        return Stream.of(positions, velocities, simulation.activations(), sensors, site).flatMapToDouble(Arrays::stream).toArray();
    }

    @ParameterizedTest
    @CsvSource({"arm,''", "arm,home", "arm,moved", "pid,''", "cable,''", "sdf,''", "touch_grid,''"})
    void everyValueEqualsThePythonPackage(String name, String keyframe) throws Exception {
        assumeTrue(!name.equals("cable") || Model.version().startsWith("3"), "MuJoCo 4 has no composite");
        List<String> rows = Files.readAllLines(resource("facade_twin.csv")).stream()
            .filter(row -> row.startsWith(name + "," + keyframe + ",")).toList();
        assertEquals(6, rows.size());
        try (Model model = Model.fromFile(resource(name + ".xml")); var simulation = new Simulation(model)) {
            if (!keyframe.isEmpty()) simulation.resetToKeyframe(keyframe);
            for (int step = 0; step <= 100; step++) {
                if (step % 20 == 0) {
                    String[] row = rows.get(step / 20).split(",", -1);
                    assertEquals(step, Integer.parseInt(row[2]));
                    double[] expected = Arrays.stream(row, 3, row.length).mapToDouble(Double::parseDouble).toArray();
                    assertArrayEquals(expected, everything(simulation), 1e-9, name + " after " + step + " steps");
                }
                if (!model.mocapBodyNames().isEmpty())
                    simulation.mocapPose(model.mocapBodyNames().get(0), new double[] {step / 128.0, 0.25, 1}, new double[] {3, 0, 4, 0});
                int now = step;
                simulation.step(IntStream.range(0, model.controls()).mapToDouble(i -> fraction(i + now, 3, 8)).toArray(), 1);
            }
        }
    }

    @Test
    void aKeyframeSetsPositionsControlsAndActivations() {
        try (Model model = arm(); var simulation = new Simulation(model)) {
            assertEquals(List.of("home", "moved"), model.keyframeNames());
            assertEquals(1, model.activations());
            simulation.resetToKeyframe("home");
            double[] positions = new double[2], controls = new double[2];
            simulation.positions(positions);
            simulation.controls(controls, 0);
            assertArrayEquals(new double[] {-0.8, 0.6}, positions);
            assertArrayEquals(new double[] {-0.8, 0.3}, controls);
            assertArrayEquals(new double[] {0.3}, simulation.activations());
            simulation.resetToKeyframe(1);
            assertEquals(1.5, simulation.time());
            assertEquals(-2, simulation.velocity(1));
            assertArrayEquals(new double[] {0.1, 0.2, 0.3, 0.6, 0, 0.8, 0}, simulation.mocapPose("second"), 1e-15);
        }
    }

    @Test
    void aResetWithoutActivationsSetsThemTo0() {
        try (Model model = arm(); var simulation = new Simulation(model)) {
            simulation.resetToKeyframe("home");
            simulation.reset(new double[] {-0.8, 0.6}, new double[2]);
            assertArrayEquals(new double[1], simulation.activations());
            simulation.step(new double[] {5, 5}, 100);
            assertEquals(0.165886, simulation.position(0), 5e-7);
            assertEquals(7.166286, simulation.position(1), 5e-7);

            simulation.resetToKeyframe("home");
            simulation.step(new double[] {5, 5}, 100);
            double[] expected = {simulation.position(0), simulation.position(1)};
            assertEquals(15.161190, expected[1], 5e-7);
            simulation.reset(new double[] {-0.8, 0.6}, new double[2], new double[] {0.3});
            simulation.step(new double[] {5, 5}, 100);
            assertArrayEquals(expected, new double[] {simulation.position(0), simulation.position(1)}, 1e-12);

            simulation.reset(new double[] {-0.8, 0.6}, new double[2]);
            simulation.activations(new double[] {0.3});
            simulation.step(new double[] {5, 5}, 100);
            assertArrayEquals(expected, new double[] {simulation.position(0), simulation.position(1)}, 1e-12);
        }
    }

    @Test
    void sensorsSitesAndMocapBodiesAreReadByName() {
        try (Model model = arm(); var simulation = new Simulation(model)) {
            assertEquals(List.of("tip_pos", "gyro", "goal_pos", ""), model.sensorNames());
            assertEquals(List.of("target", "second"), model.mocapBodyNames());
            assertEquals(List.of("tip", "goal"), model.siteNames());
            simulation.step(new double[] {0.5, 1}, 10);
            assertArrayEquals(simulation.sitePosition("tip"), simulation.sensor("tip_pos"), 1e-2);
            assertEquals(3, simulation.sensor("gyro").length);
            assertEquals(1, simulation.sensor(3).length);
            simulation.mocapPose("target", new double[] {1, 2, 3}, new double[] {0, 0, 0, 2});
            assertArrayEquals(new double[] {1, 2, 3, 0, 0, 0, 1}, simulation.mocapPose("target"));
            simulation.step(new double[2], 1);
            assertArrayEquals(new double[] {1, 2, 3}, simulation.bodyPosition("target"), 1e-12);
            assertTrue(model.toString().contains("sensors [tip_pos, gyro, goal_pos, ], keyframes [home, moved]"), model.toString());
        }
    }

    @Test
    void theStateHoldsActivationsAndMocapPoses() {
        try (Model model = arm(); var simulation = new Simulation(model); var copy = new Simulation(model)) {
            simulation.resetToKeyframe("moved");
            simulation.step(new double[] {1, 1}, 5);
            copy.state(simulation.state());
            assertArrayEquals(simulation.activations(), copy.activations());
            assertArrayEquals(simulation.mocapPose("second"), copy.mocapPose("second"));
        }
    }

    static Stream<Arguments> badInputs() {
        return Stream.of(
            bad("unknown keyframe", s -> s.resetToKeyframe("hme"), "no keyframe named 'hme'; it has [home, moved]; did you mean 'home'?"),
            bad("keyframe number", s -> s.resetToKeyframe(2), "keyframe 2 of 2"),
            bad("negative keyframe", s -> s.resetToKeyframe(-1), "keyframe -1 of 2"),
            bad("unknown sensor", s -> s.sensor("Gyro1"),
                "no sensor named 'Gyro1'; it has [tip_pos, gyro, goal_pos]; did you mean 'gyro'?"),
            bad("sensor number", s -> s.sensor(4), "sensor 4 of 4"),
            bad("unknown site", s -> s.sitePosition("elbow"), "no site named 'elbow'; it has [tip, goal]"),
            bad("site number", s -> s.sitePosition(1_431_655_766, new double[3], 0), "site 1431655766 of 2"),
            bad("site rotation number", s -> s.siteRotation(-1, new double[9], 0), "site -1 of 2"),
            bad("body that is not moved by hand", s -> s.mocapPose("fore"), "moved by hand are [target, second]"),
            bad("unknown mocap body", s -> s.mocapPose("tarket"), "did you mean 'target'?"),
            bad("no name", s -> s.sensor(null), "no sensor named 'null'"),
            bad("position of wrong length", s -> s.mocapPose("target", new double[2], new double[] {1, 0, 0, 0}),
                "position: given 2 values, expected 3"),
            bad("position NaN", s -> s.mocapPose("target", new double[] {0, 0, Double.NaN}, new double[] {1, 0, 0, 0}),
                "position: entry 2 is NaN"),
            bad("rotation of length 0", s -> s.mocapPose("target", new double[3], new double[4]), "is no quaternion"),
            bad("rotation too long", s -> s.mocapPose("target", new double[3], new double[] {1e300, 0, 0, 0}), "is no quaternion"),
            bad("rotation of wrong length", s -> s.mocapPose("target", new double[3], new double[3]), "rotation: given 3"),
            bad("activations of wrong length", s -> s.activations(new double[2]), "activations: given 2 values, expected 1"),
            bad("activation infinite", s -> s.activations(new double[] {Double.POSITIVE_INFINITY}), "activations: entry 0 is Infinity"),
            bad("start activations of wrong length", s -> s.reset(new double[2], new double[2], new double[0]), "activations: given 0"),
            bad("start position NaN", s -> s.reset(new double[] {0, Double.NaN}, new double[2]), "positions: entry 1 is NaN"),
            bad("no positions", s -> s.reset(null, new double[2]), "positions"),
            bad("sensors too short", s -> s.sensors(new double[9], 0), "10 values from index 0 on do not fit"));
    }

    private static Arguments bad(String name, Consumer<Simulation> call, String message) {
        return Arguments.of(name, call, message);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badInputs")
    void badInputIsAnExceptionThatNamesIt(String name, Consumer<Simulation> call, String message) {
        try (Model model = arm(); var simulation = new Simulation(model)) {
            double[] before = simulation.state();
            var error = assertThrows(RuntimeException.class, () -> call.accept(simulation));
            assertTrue(error.getMessage().contains(message), error.getMessage());
            assertArrayEquals(before, simulation.state(), "nothing changed");
        }
    }

    @Test
    void everyNewCallOnAClosedSimulationIsRefused() {
        try (Model model = arm()) {
            var simulation = new Simulation(model);
            simulation.close();
            double[] rotation = {1, 0, 0, 0};
            List<Executable> calls = List.of(() -> simulation.resetToKeyframe("home"), simulation::activations,
                () -> simulation.activations(new double[1]),
                () -> simulation.sensor("gyro"), () -> simulation.sensors(new double[10], 0), () -> simulation.sitePosition("tip"),
                () -> simulation.mocapPose("target"),
                () -> simulation.mocapPose("target", new double[3], rotation),
                () -> simulation.reset(new double[2], new double[2], new double[1]));
            for (Executable call : calls) assertThrows(IllegalStateException.class, call);
        }
    }

    @Test
    void aModelWithoutAnyOfTheseHasNone() {
        try (Model model = Model.fromXml("<mujoco/>"); var simulation = new Simulation(model)) {
            simulation.step(new double[0], 3);
            assertEquals(0, simulation.activations().length);
            simulation.sensors(new double[0], 0);
            assertEquals(0, DoubleStream.of(model.initialPositions()).count());
            assertTrue(
                assertThrows(IllegalArgumentException.class, () -> simulation.resetToKeyframe("home")).getMessage().contains("it has []"));
        }
    }

    @Test
    void anUnknownPluginNamesThoseThatAreThere() {
        var error = assertThrows(MujocoException.class,
            () -> Model.fromXml("<mujoco><extension><plugin plugin=\"mujoco.pidd\"/></extension></mujoco>"));
        assertTrue(error.getMessage().contains("plugin mujoco.pidd not found") && error.getMessage().contains("libactuator"),
            error.getMessage());
    }
}
