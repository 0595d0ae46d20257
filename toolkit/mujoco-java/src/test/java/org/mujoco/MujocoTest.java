package org.mujoco;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mujoco.generated.global.mujoco;

class MujocoTest {
    /** Two links that swing, with motors, over a floor. */
    static final String TWO_LINKS = """
        <mujoco model="two links">
          <option timestep="0.005"/>
          <worldbody>
            <geom name="floor" type="plane" size="5 5 1"/>
            <body name="upper" pos="0 0 1.5">
              <joint name="shoulder" axis="0 1 0" damping="0.1" armature="0.02"/>
              <geom name="upper" type="capsule" fromto="0 0 0 0.5 0 0" size="0.04" mass="2"/>
              <body name="lower" pos="0.5 0 0">
                <joint name="elbow" axis="0 1 0" damping="0.1"/>
                <geom name="lower" type="capsule" fromto="0 0 0 0.4 0 0" size="0.03" mass="%s"/>
              </body>
            </body>
          </worldbody>
          <actuator><motor name="shoulder" joint="shoulder" gear="5"/><motor name="elbow" joint="elbow" gear="2"/></actuator>
        </mujoco>
        """;

    private int liveBefore;

    static Model model() {
        return Model.fromXml(TWO_LINKS.formatted("1"));
    }

    @BeforeEach
    void count() {
        liveBefore = Native.liveObjects();
    }

    @AfterEach
    void everythingWasClosed() {
        assertEquals(liveBefore, Native.liveObjects(), "native objects left open");
    }

    private static double[] swing(Model model) {
        try (var simulation = new Simulation(model)) {
            for (int t = 0; t < 100; t++) simulation.step(new double[] {Math.sin(0.1 * t), Math.cos(0.2 * t)}, 4);
            return simulation.state();
        }
    }

    @Test
    void theGeneratedModelHasItsFields() {
        try (Model model = model()) {
            assertEquals(2, model.positions());
            assertEquals(2, model.velocities());
            assertEquals(2, model.controls());
            assertEquals(3, model.bodies());
            assertEquals(0.005, model.timestep());
            assertEquals(List.of("world", "upper", "lower"), model.bodyNames());
            assertEquals(List.of("shoulder", "elbow"), model.actuatorNames());
            assertEquals(2, model.bodyMass("upper"), 1e-12);
            assertEquals(0.25, model.geomHalfLength(1), 1e-12);
            assertTrue(Model.version().matches("\\d+\\.\\d+\\.\\d+.*"), Model.version());
        }
    }

    @Test
    void aPendulumKeepsItsEnergyForm() {
        try (Model model = model(); var simulation = new Simulation(model)) {
            // at rest, hanging level: the first acceleration turns both links down
            simulation.step(new double[2], 20);
            assertTrue(simulation.position(0) > 0 && simulation.time() > 0.099, simulation.toString());
            double[] torso = new double[3];
            simulation.bodyPosition(2, torso, 0);
            assertEquals(0.5, Math.hypot(torso[0], torso[2] - 1.5), 1e-3, "the elbow stays on its circle");
        }
    }

    @Test
    void aStateRoundTripIsExact() {
        try (Model model = model(); var simulation = new Simulation(model)) {
            simulation.step(new double[] {1, -1}, 30);
            double[] state = simulation.state();
            simulation.step(new double[] {1, -1}, 30);
            double[] expected = simulation.state();
            simulation.step(new double[] {0, 0}, 30);
            simulation.state(state);
            simulation.step(new double[] {1, -1}, 30);
            assertArrayEquals(expected, simulation.state());
        }
    }

    @Test
    void aMassEditEqualsTheSameMassInTheText() {
        try (Model base = model(); Model edited = base.edit().scaleMass("lower", 3).build(); Model text = Model.fromXml(TWO_LINKS.formatted("3"))) {
            assertEquals(3, edited.bodyMass("lower"), 1e-12);
            assertEquals(1, base.bodyMass("lower"), 1e-12);
            assertArrayEquals(swing(text), swing(edited), 1e-9);
            assertNotEquals(swing(base)[1], swing(edited)[1]);
        }
    }

    @Test
    void otherEditsChangeTheMotion() {
        try (Model base = model();
             Model damped = base.edit().damping("elbow", 5).build();
             Model heavy = base.edit().armature("shoulder", 1).build();
             Model crippled = base.edit().gear("shoulder", 0).build();
             Model all = base.edit().scaleAllMasses(2).friction("floor", 0.2, 0.01, 0.001).build()) {
            for (Model changed : List.of(damped, heavy, crippled, all)) assertNotEquals(swing(base)[1], swing(changed)[1]);
            assertEquals(4, all.bodyMass("upper"), 1e-12);
        }
    }

    @Test
    void twoThreadsOnOneModelGetTheNumbersOfOne() throws Exception {
        try (Model model = model()) {
            double[] expected = swing(model);
            var threads = Executors.newFixedThreadPool(2);
            try {
                Callable<double[]> task = () -> swing(model);
                for (var result : threads.invokeAll(List.of(task, task, task, task))) assertArrayEquals(expected, result.get());
            } finally {
                threads.shutdown();
            }
        }
    }

    @Test
    void aModelMayBeClosedBeforeItsSimulation() {
        Model model = model();
        var simulation = new Simulation(model);
        model.close();
        simulation.step(new double[2], 5);
        simulation.close();
        simulation.close();
        assertThrows(IllegalStateException.class, () -> simulation.step(new double[2], 1));
        assertThrows(IllegalStateException.class, () -> new Simulation(model));
    }

    @Test
    void aNaNControlNamesTheActuatorAndMovesNothing() {
        try (Model model = model(); var simulation = new Simulation(model)) {
            var error = assertThrows(MujocoException.class, () -> simulation.step(new double[] {0, Double.NaN}, 1));
            assertTrue(error.getMessage().contains("actuator 1 'elbow' is NaN"), error.getMessage());
            assertEquals(0, simulation.time());
            simulation.step(new double[] {0, 1}, 1);
        }
    }

    @Test
    void anUnstableStateIsAnExceptionAndTheSimulationIsReset() {
        try (Model model = model(); var simulation = new Simulation(model)) {
            simulation.reset(new double[2], new double[] {0, 1e13});
            var error = assertThrows(MujocoException.class, () -> simulation.step(new double[2], 5));
            assertTrue(error.getMessage().contains("unstable"), error.getMessage());
            assertEquals(0, simulation.time());
            simulation.step(new double[2], 1);
            assertTrue(Double.isFinite(simulation.position(0)));
        }
    }

    @Test
    void anErrorInsideMujocoBecomesAnException() {
        Native.load();
        var error = assertThrows(MujocoException.class, () -> Native.call("raising", () -> {
            mujoco.mjj_raise("on purpose");
            return null;
        }));
        assertTrue(error.getMessage().contains("on purpose"), error.getMessage());
        assertFalse(Files.exists(Path.of("MUJOCO_LOG.TXT")));
    }

    @Test
    void nothingIsLeftAfter2000Simulations() {
        try (Model model = model()) {
            int live = Native.liveObjects();
            for (int i = 0; i < 2_000; i++) {
                try (var simulation = new Simulation(model)) {
                    simulation.step(new double[2], 1);
                }
            }
            assertEquals(live, Native.liveObjects());
        }
    }

    static Stream<Arguments> badInputs() {
        return Stream.of(
            bad("no XML at all", () -> Model.fromXml("hello"), "not a valid MJCF"),
            bad("unclosed element", () -> Model.fromXml("<mujoco><worldbody>"), "not a valid MJCF"),
            bad("unknown attribute", () -> Model.fromXml("<mujoco><option speed=\"1\"/></mujoco>"), "speed"),
            bad("moving body without mass", () -> Model.fromXml("<mujoco><worldbody><body><joint/></body></worldbody></mujoco>"), "mass"),
            bad("missing file", () -> Model.fromFile(Path.of("no/such.xml")), "cannot be read"),
            bad("control of wrong length", () -> with(s -> s.step(new double[3], 1)), "given 3 values, expected 2"),
            bad("no substeps", () -> with(s -> s.step(new double[2], 0)), "substeps is 0"),
            bad("infinite control", () -> with(s -> s.step(new double[] {Double.POSITIVE_INFINITY, 0}, 1)), "actuator 0 'shoulder'"),
            bad("positions of wrong length", () -> with(s -> s.reset(new double[1], new double[2])), "positions: given 1"),
            bad("velocity NaN", () -> with(s -> s.reset(new double[2], new double[] {0, Double.NaN})), "velocities: entry 1"),
            bad("state of wrong length", () -> with(s -> s.state(new double[1])), "state: given 1"),
            bad("body out of range", () -> with(s -> s.bodyPosition(99_999_999, new double[3], 0)), null),
            bad("negative geom", () -> with(s -> s.geomPosition(-1, new double[3], 0)), null),
            bad("coordinate out of range", () -> with(s -> s.position(99_999)), null),
            bad("target too short", () -> with(s -> s.positions(0, new double[1], 0)), null),
            bad("unknown body", () -> edit(e -> e.scaleMass("torso", 2)), "no body named 'torso'; it has [world, upper, lower]"),
            bad("unknown joint", () -> edit(e -> e.damping("knee", 2)), "no joint named 'knee'"),
            bad("unknown actuator", () -> edit(e -> e.gear("knee", 2)), "no actuator named 'knee'"),
            bad("mass factor zero", () -> edit(e -> e.scaleMass("lower", 0)), "mass factor is 0.0"),
            bad("negative damping", () -> edit(e -> e.damping("elbow", -1)), "damping is -1.0"),
            bad("gear NaN", () -> edit(e -> e.gear("elbow", Double.NaN)), "gear is NaN"),
            bad("geom id", () -> {
                try (Model m = model()) {
                    m.geomHalfLength(77);
                }
            }, "geom 77 of 3"));
    }

    private static Arguments bad(String name, Executable call, String message) {
        return Arguments.of(name, call, message);
    }

    private static void with(Consumer<Simulation> call) {
        try (Model model = model(); var simulation = new Simulation(model)) {
            call.accept(simulation);
        }
    }

    private static void edit(UnaryOperator<Model.Edit> change) {
        try (Model model = model(); Model.Edit edit = model.edit()) {
            change.apply(edit).build().close();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badInputs")
    void badInputIsAnExceptionThatNamesIt(String name, Executable call, String message) {
        var error = assertThrows(RuntimeException.class, call);
        if (message != null) assertTrue(error.getMessage().contains(message), error.getMessage());
    }
}
