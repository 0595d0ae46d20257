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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
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
        try (Model base = model(); Model edited = base.edit().scaleMass("lower", 3).build();
            Model text = Model.fromXml(TWO_LINKS.formatted("3"))) {
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
    void multipliedConstantsChangeAloneAndAreNotComputedAgain() {
        try (Model base = model();
            Model same = base.edit().multiply(Model.Constants.BODY_MASS, 1, 1, 1).buildAsIs();
            Model heavy = base.edit().multiply(Model.Constants.BODY_MASS, 1, 1, 3).buildAsIs();
            Model both = base.edit().multiply(Model.Constants.BODY_MASS, 1, 1, 3)
                .multiply(Model.Constants.BODY_INERTIA, 1, 1, 1, 1, 1, 1, 3, 3, 3).build();
            Model scaled = base.edit().scaleMass("lower", 3).build();
            Model.Edit refused = base.edit()) {
            assertArrayEquals(swing(base), swing(same), 0);
            assertEquals(3 * base.bodyMass("lower"), heavy.bodyMass("lower"), 1e-12);
            assertNotEquals(swing(scaled)[1], swing(heavy)[1]);
            assertArrayEquals(swing(scaled), swing(both), 0);
            assertThrows(IllegalArgumentException.class, () -> refused.multiply(Model.Constants.DOF_DAMPING, 1));
            assertThrows(IllegalArgumentException.class,
                () -> refused.multiply(Model.Constants.GEOM_FRICTION, new double[] {1, 1, 1, 1, 1, Double.NaN, 1, 1, 1}));
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

    @Test
    void aCopyMovesOnAsTheOriginal() {
        try (Model model = model(); Model other = model(); var a = new Simulation(model); var b = new Simulation(model);
            var c = new Simulation(other)) {
            a.step(new double[] {1, -1}, 300);
            b.copyFrom(a);
            b.copyFrom(b);
            for (int i = 0; i < 50; i++) {
                a.step(new double[] {0.3, 1}, 3);
                b.step(new double[] {0.3, 1}, 3);
            }
            assertArrayEquals(a.state(), b.state());
            double[] read = new double[2];
            b.positions(read);
            assertEquals(a.position(1), read[1], "the mapped buffers outlive the copy");
            assertThrows(IllegalArgumentException.class, () -> c.copyFrom(a));
        }
    }

    @Test
    void aStateRoundTripIsExactWhileInContact() {
        try (Model model = Model.fromXml("""
            <mujoco><worldbody><geom type="plane" size="5 5 1"/>
              <body pos="0 0 0.2"><freejoint/><geom type="box" size="0.1 0.2 0.15"/></body>
            </worldbody></mujoco>"""); var simulation = new Simulation(model)) {
            simulation.step(new double[0], 200);
            double[] state = simulation.state();
            simulation.step(new double[0], 100);
            double[] expected = simulation.state();
            simulation.state(state);
            assertArrayEquals(state, simulation.state());
            simulation.step(new double[0], 100);
            assertArrayEquals(expected, simulation.state());
        }
    }

    @Test
    void contactForcesCarryTheWeightOfABodyAtRest() {
        try (Model model = Model.fromXml("""
            <mujoco><worldbody><geom type="plane" size="5 5 1"/>
              <body name="box" pos="0 0 0.1"><freejoint/><geom type="box" size="0.1 0.1 0.1" mass="2"/></body>
            </worldbody></mujoco>"""); var simulation = new Simulation(model)) {
            simulation.step(new double[0], 1_000, true);
            double[] forces = new double[12], centres = new double[6], inertias = new double[20], velocities = new double[12];
            simulation.contactForces(forces, 0);
            simulation.bodyCentres(centres, 0);
            simulation.bodyInertias(inertias, 0);
            simulation.bodyVelocities(velocities, 0);
            assertEquals(2 * 9.81, forces[11], 1e-2, "torque before force, z last");
            assertEquals(0.1, centres[5], 1e-3);
            assertEquals(2, inertias[19], 1e-12, "the mass is the last of ten");
            assertEquals(0, velocities[11], 1e-3);
            assertArrayEquals(simulation.bodyPosition("box"), new double[] {centres[3], centres[4], centres[5]}, 1e-9);
        }
    }

    @Test
    void controlsRangesAndForcesAreReported() {
        String limited = TWO_LINKS.formatted("1").replace("gear=\"5\"", "gear=\"5\" ctrllimited=\"true\" ctrlrange=\"-1 2\"");
        try (Model model = Model.fromXml(limited); var simulation = new Simulation(model)) {
            double[][] range = model.actuatorControlRange();
            assertArrayEquals(new double[] {-1, 2}, range[0]);
            assertArrayEquals(new double[] {Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY}, range[1]);
            simulation.step(new double[] {9, 0.5}, 1);
            double[] forces = new double[2], controls = new double[2];
            simulation.actuatorForces(forces, 0);
            simulation.controls(controls, 0);
            assertArrayEquals(new double[] {2 * 5, 0.5 * 2}, forces, 1e-12);
            assertArrayEquals(new double[] {9, 0.5}, controls);
        }
    }

    @Test
    void massAndCrippledActuatorsAreSetByName() {
        try (Model base = model(); Model edited = base.edit().bodyMass("lower", 3).cripple("elbow").build();
            Model scaled = base.edit().scaleMass("lower", 3).gear("elbow", 0).build()) {
            assertArrayEquals(new double[] {0, 2, 3}, edited.bodyMasses(), 1e-12);
            assertArrayEquals(swing(scaled), swing(edited), 1e-12);
        }
    }

    @Test
    void anEditIsUsedOnce() {
        try (Model base = model(); Model.Edit edit = base.edit()) {
            edit.build().close();
            assertThrows(IllegalStateException.class, edit::build);
            assertThrows(IllegalStateException.class, () -> edit.scaleAllMasses(2));
        }
    }

    @Test
    void aFileFindsItsIncludes(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("part.xml"), "<mujoco><worldbody><body name='part'><geom size='1'/></body></worldbody></mujoco>");
        Path file = folder.resolve("whole.xml");
        Files.writeString(file, "<mujoco><include file='part.xml'/></mujoco>");
        try (Model model = Model.fromFile(file)) {
            assertEquals(List.of("world", "part"), model.bodyNames());
        }
    }

    @Test
    void derivedQuantitiesFollowWhenTheyAreAskedFor() {
        try (Model model = model(); var simulation = new Simulation(model); var other = new Simulation(model)) {
            simulation.step(new double[] {1, -1}, 30);
            double[] positions = new double[2], velocities = new double[2];
            simulation.positions(positions);
            simulation.velocities(velocities);
            other.reset(positions, velocities);
            double[] expected = other.bodyPosition("lower");
            assertTrue(Math.abs(expected[2] - simulation.bodyPosition("lower")[2]) > 1e-3, "a step leaves those of its last substep");
            simulation.forward();
            assertArrayEquals(expected, simulation.bodyPosition("lower"), 1e-15);
            double time = simulation.time();
            simulation.place(new double[] {0.5, 0}, new double[2]);
            other.reset(new double[] {0.5, 0}, new double[2]);
            assertArrayEquals(other.bodyPosition("lower"), simulation.bodyPosition("lower"), 1e-15);
            assertEquals(time, simulation.time(), "all else stays");
            double[] control = new double[2];
            simulation.controls(control, 0);
            assertArrayEquals(new double[] {1, -1}, control);
            simulation.resetAsIs();
            assertEquals(0, simulation.time());
            assertEquals(0, simulation.position(0));
            assertArrayEquals(expectedAfterReset(model), stepped(simulation), 1e-12);
        }
    }

    private static double[] expectedAfterReset(Model model) {
        try (var fresh = new Simulation(model)) {
            return stepped(fresh);
        }
    }

    private static double[] stepped(Simulation simulation) {
        simulation.step(new double[] {0.5, 0}, 10);
        double[] positions = new double[2];
        simulation.positions(positions);
        return positions;
    }

    @Test
    void everyCallOnAClosedSimulationIsRefused() {
        Model model = model();
        var simulation = new Simulation(model);
        double[] state = simulation.state();
        simulation.close();
        List<Executable> calls = List.of(simulation::reset, () -> simulation.reset(new double[2], new double[2]),
            () -> simulation.step(new double[2], 1),
            simulation::time, () -> simulation.position(0), () -> simulation.velocities(new double[2]), simulation::state,
            () -> simulation.state(state),
            () -> simulation.bodyPosition("lower"), () -> simulation.copyFrom(simulation),
            () -> simulation.contactForces(new double[18], 0), simulation::resetAsIs, simulation::forward,
            () -> simulation.place(new double[2], new double[2]));
        for (Executable call : calls) assertThrows(IllegalStateException.class, call);
        model.close();
        assertThrows(IllegalStateException.class, model::edit);
        assertEquals(2, model.positions(), "what a model says about itself stays");
    }

    @Test
    void closingWhileAnotherThreadStepsIsHarmless() throws Exception {
        var threads = Executors.newFixedThreadPool(2);
        try (Model model = model()) {
            for (int round = 0; round < 50; round++) {
                var simulation = new Simulation(model);
                var stepping = threads.submit(() -> {
                    while (true) simulation.step(new double[2], 1);
                });
                Thread.sleep(2);
                simulation.close();
                var error = assertThrows(ExecutionException.class, stepping::get);
                assertTrue(error.getCause() instanceof IllegalStateException, String.valueOf(error.getCause()));
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void aForgottenSimulationIsFreedSomeTime() throws Exception {
        int before = Native.liveObjects();
        new Simulation(model());
        for (int i = 0; i < 100 && Native.liveObjects() > before; i++) {
            System.gc();
            Thread.sleep(20);
        }
        assertEquals(before, Native.liveObjects());
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
            bad("places of wrong length", () -> with(s -> s.place(new double[3], new double[2])), "positions: given 3"),
            bad("a place that is none", () -> with(s -> s.place(new double[] {0, Double.NaN}, new double[2])), "positions: entry 1"),
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
            bad("body id that wraps around", () -> with(s -> s.bodyPosition(1_431_655_766, new double[3], 0)), "body 1431655766 of 3"),
            bad("first coordinate beyond the end", () -> with(s -> s.positions(3, new double[3], 0)), "first is 3"),
            bad("target offset", () -> with(s -> s.velocities(0, new double[3], Integer.MAX_VALUE)), "do not fit"),
            bad("blank text", () -> Model.fromXml(" "), "empty"),
            bad("mass of the world", () -> edit(e -> e.bodyMass("world", 1)), "no mass of its own"),
            bad("infinite factor", () -> edit(e -> e.scaleAllMasses(Double.POSITIVE_INFINITY)), "mass factor is Infinity"),
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
