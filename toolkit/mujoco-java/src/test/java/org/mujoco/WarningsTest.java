package org.mujoco;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mujoco.generated.global.mujoco;

/** What MuJoCo only warns of, or takes without a word, is an exception that says what to do, or is shown. */
class WarningsTest {
    private int liveBefore;

    @BeforeEach
    void count() {
        liveBefore = Native.liveObjects();
    }

    @AfterEach
    void everythingWasClosedAndNoLogWritten() {
        assertEquals(liveBefore, Native.liveObjects(), "native objects left open");
        assertFalse(Files.exists(Path.of("MUJOCO_LOG.TXT")));
    }

    private static String boxes(String memory) {
        var xml = new StringBuilder("<mujoco><size memory=\"" + memory + "\"/><worldbody><geom type=\"plane\" size=\"5 5 1\"/>");
        for (int i = 0; i < 40; i++)
            xml.append("<body name=\"b" + i + "\" pos=\"" + i % 7 * 0.3 + " " + i / 7 * 0.3
                + " 0.3\"><freejoint/><geom type=\"box\" size=\".1 .1 .1\"/></body>");
        return xml + "</worldbody></mujoco>";
    }

    private static String ball(String option) {
        return "<mujoco>" + option
            + "<worldbody><body name=\"ball\"><joint name=\"slide\" type=\"slide\"/><geom name=\"ball\" size=\"0.1\"/></body></worldbody>"
            + "<actuator><motor name=\"motor\" joint=\"slide\"/></actuator></mujoco>";
    }

    private static String message(Class<? extends RuntimeException> type, org.junit.jupiter.api.function.Executable call) {
        return assertThrows(type, call).getMessage();
    }

    @ParameterizedTest
    @CsvSource({"60K,240K", "100K,400K", "150K,600K", "200K,800K"})
    void tooLittleMemoryForContactsIsAnExceptionThatNamesHowMuchToGive(String memory, String more) {
        try (Model model = Model.fromXml(boxes(memory)); var simulation = new Simulation(model)) {
            String message = message(MujocoException.class, () -> simulation.step(new double[0], 500));
            assertTrue(message.contains("too little memory") && message.contains("pass through each other")
                && message.contains("<size memory=\"" + more + "\"/>"), message);
            assertEquals(0, simulation.time());
        }
        try (Model model = Model.fromXml(boxes(more)); var simulation = new Simulation(model)) {
            // what is asked for may still be too little, but then it is said again; ten times as much is enough
            try {
                simulation.step(new double[0], 500);
                assertEquals(0.1, simulation.bodyPosition("b0")[2], 1e-3);
            } catch (MujocoException e) {
                assertTrue(e.getMessage().contains("too little memory"), e.getMessage());
            }
        }
    }

    @Test
    void aStartStateWithTooManyContactsIsRefusedAtOnce() {
        String xml = boxes("150K").replace("0.3\"><freejoint/>", "0.09\"><freejoint/>");
        try (Model model = Model.fromXml(xml)) {
            assertTrue(message(MujocoException.class, () -> new Simulation(model)).contains("<size memory="));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nan", "0", "-0.01", "inf", "-inf"})
    void aTimestepThatCannotPassIsRefused(String timestep) {
        String message = message(MujocoException.class, () -> Model.fromXml(ball("<option timestep=\"" + timestep + "\"/>")));
        assertTrue(message.contains("timestep is ") && message.contains("expected a positive finite number of seconds"), message);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, 0, -0.01, Double.POSITIVE_INFINITY})
    void theSameWhenItIsSetLater(double timestep) {
        try (Model model = Model.fromXml(ball("")); Model.Edit edit = model.edit()) {
            assertTrue(message(IllegalArgumentException.class, () -> edit.timestep(timestep)).contains("timestep is " + timestep));
        }
    }

    @Test
    void aTimestepSetLaterIsTheOneInTheText() {
        try (Model model = Model.fromXml(ball("")); Model edited = model.edit().timestep(0.01).build();
            Model text = Model.fromXml(ball("<option timestep=\"0.01\"/>"));
            var a = new Simulation(edited); var b = new Simulation(text)) {
            assertEquals(0.01, edited.timestep());
            a.step(new double[] {1}, 50);
            b.step(new double[] {1}, 50);
            assertEquals(b.position(0), a.position(0));
            assertEquals(0.5, a.time(), 1e-12);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"gravity=\"0 0 nan\"|gravity [2] is NaN", "wind=\"inf 0 0\"|wind [0] is Infinity",
        "magnetic=\"0 nan 0\"|magnetic [1] is NaN",
        "iterations=\"-3\"|iterations is -3", "ls_iterations=\"-1\"|ls_iterations is -1",
        "noslip_iterations=\"-1\"|noslip_iterations is -1",
        "ccd_iterations=\"-1\"|ccd_iterations is -1", "sdf_iterations=\"-1\"|sdf_iterations is -1", "tolerance=\"nan\"|tolerance is NaN",
        "tolerance=\"-1\"|tolerance is -1",
        "ls_tolerance=\"nan\"|ls_tolerance is NaN", "noslip_tolerance=\"-1\"|noslip_tolerance is -1", "impratio=\"0\"|impratio is 0",
        "impratio=\"nan\"|impratio is NaN",
        "density=\"-1\"|density is -1", "viscosity=\"nan\"|viscosity is NaN", "o_margin=\"nan\"|o_margin is NaN",
        "o_solref=\"nan 1\"|o_solref [0] is NaN"})
    void anOptionThatMakesNoSenseIsRefused(String option, String expected) {
        String message = message(MujocoException.class, () -> Model.fromXml(ball("<option " + option + "/>")));
        assertTrue(message.contains(expected), message);
    }

    @Test
    void aNaNAnywhereInTheModelIsRefused() {
        for (String[] change : new String[][] {{"type=\"slide\"", "type=\"slide\" damping=\"nan\""}, {"<motor", "<motor gear=\"nan\""},
            {"size=\"0.1\"", "size=\"0.1\" friction=\"nan 0 0\""},
            {"<body name", "<body pos=\"0 nan 0\" name"}}) {
            String message = message(MujocoException.class, () -> Model.fromXml(ball("").replace(change[0], change[1])));
            assertTrue(message.contains("NaN") || message.contains("nan") || message.contains("finite"), message);
        }
        try (Model model = Model.fromXml(ball("<custom><numeric name=\"mine\" data=\"nan\"/></custom>"))) {
            assertEquals(1, model.positions(), "what users store for themselves may be what they like");
        }
    }

    @Test
    void aControlTooLargeForMujocoIsAnException() {
        try (Model model = Model.fromXml(ball("")); var simulation = new Simulation(model)) {
            String message = message(MujocoException.class, () -> simulation.step(new double[] {1e11}, 3));
            assertTrue(message.contains("control") && message.contains("10¹⁰"), message);
        }
    }

    @Test
    void aSingularInertiaNamesTheJoint() {
        String xml = "<mujoco><worldbody><body><inertial pos=\"0 0 0\" mass=\"1\" diaginertia=\"1 1 1\"/><joint name=\"free\" "
            + "type=\"slide\" axis=\"1 0 0\"/>"
            + "<body><inertial pos=\"0 0 0\" mass=\"1\" diaginertia=\"1 1 1\"/><joint name=\"a\" type=\"slide\" axis=\"1 0 0\"/><joint "
            + "name=\"b\" type=\"slide\" axis=\"1 0 0\"/></body></body></worldbody></mujoco>";
        String message = message(MujocoException.class, () -> {
            try (Model model = Model.fromXml(xml); var simulation = new Simulation(model)) {
                simulation.step(new double[0], 3);
            }
        });
        // older versions compile such a model to constants that are no numbers
        assertTrue(message.contains("singular") && message.contains("at joint ") && message.contains("armature")
            || message.contains("(NaN) in body_invweight0"), message);
    }

    @Test
    void whatMujocoWarnsOfAtCompileTimeIsKept() {
        try (Model model = Model.fromXml(ball("<custom><numeric name=\"mine\" data=\"nan\"/></custom>")); Model copy = model.edit().build();
            Model clean = Model.fromXml(ball(""))) {
            assertTrue(model.warnings().toString().contains("NaN"), model.warnings().toString());
            assertTrue(model.toString().contains("MuJoCo warned"), model.toString());
            assertEquals(model.warnings(), copy.warnings());
            assertEquals(List.of(), clean.warnings());
        }
    }

    @Test
    void changesWhoseProductIsNoNumberAreRefused() {
        try (Model model = Model.fromXml(ball("")); Model.Edit edit = model.edit()) {
            edit.scaleMass("ball", 1e200);
            assertTrue(message(IllegalArgumentException.class, () -> edit.scaleMass("ball", 1e200)).contains("Infinity"));
            for (double bad : new double[] {Double.NaN, -1, Double.POSITIVE_INFINITY}) {
                for (org.junit.jupiter.api.function.Executable call : List.<org.junit.jupiter.api.function.Executable>of(
                    () -> edit.scaleMass("ball", bad), () -> edit.bodyMass("ball", bad),
                    () -> edit.scaleAllMasses(bad), () -> edit.damping("slide", bad), () -> edit.armature("slide", bad),
                    () -> edit.friction("ball", bad, 0, 0),
                    () -> edit.multiply(Model.Constants.BODY_MASS, 1, bad)))
                    assertThrows(IllegalArgumentException.class, call);
            }
            assertThrows(IllegalArgumentException.class, () -> edit.gear("motor", Double.NaN));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void substepsBelowOneAreRefused(int substeps) {
        try (Model model = Model.fromXml(ball("")); var simulation = new Simulation(model)) {
            assertTrue(message(IllegalArgumentException.class, () -> simulation.step(new double[1], substeps))
                .contains("substeps is " + substeps));
        }
    }

    @Test
    void aStepOfManySubstepsCanBeInterrupted() throws Exception {
        try (Model model = Model.fromXml(ball("")); var simulation = new Simulation(model)) {
            var failure = new RuntimeException[1];
            var thread = new Thread(() -> {
                try {
                    simulation.step(new double[1], Integer.MAX_VALUE);
                } catch (RuntimeException e) {
                    failure[0] = e;
                }
            });
            thread.start();
            Thread.sleep(50);
            thread.interrupt();
            thread.join(20_000);
            assertTrue(failure[0] instanceof MujocoException && failure[0].getMessage().contains("interrupted after"),
                String.valueOf(failure[0]));
        }
    }

    @Test
    void anErrorInsideAGuardedCallBecomesAnExceptionAndTheNextCallWorks() {
        Native.load();
        for (int i = 0; i < 3; i++) {
            var error = assertThrows(MujocoException.class, () -> Native.run("raising", () -> mujoco.mjj_raiseGuarded("on purpose")));
            assertTrue(error.getMessage().contains("on purpose"), error.getMessage());
        }
    }
}
