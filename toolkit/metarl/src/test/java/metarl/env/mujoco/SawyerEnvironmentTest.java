package metarl.env.mujoco;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.TwinFile;
import metarl.basics.RandomStream;
import metarl.env.Environment;
import metarl.env.Restorable;
import metarl.env.Step;
import metarl.env.body.SawyerObject;
import metarl.task.Task;
import metarl.task.TaskSet;
import metarl.task.families.Sawyer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.mujoco.Model;

/** The Sawyer arm moves, pays and is done with as the Python package's. */
class SawyerEnvironmentTest {
    private static final TwinFile TWIN = new TwinFile(SawyerEnvironmentTest.class, "sawyer_twin.csv");
    private static final int STEPS = 200, EVERY = 4, OBSERVATION = 39;

    @BeforeEach
    void needsTheModels() {
        assumeTrue(Sawyer.isAvailable(), "the models of the Sawyer arm are not there: ./metarl setup fetches them");
    }

    private static Task task(SawyerObject object) {
        return Sawyer.push().task(object.ordinal());
    }

    private static String name(SawyerObject object) {
        return object.name().toLowerCase(Locale.ROOT);
    }

    @ParameterizedTest
    @EnumSource
    void observationsAndRewardsEqualThePackage(SawyerObject object) {
        assumeTrue(Model.version().equals("3.17.0"), "the twin ran on MuJoCo 3.17.0");
        String name = name(object);
        double[] places = TWIN.row(name + "-start");
        double[][] actions = Stream.of(0, 1, 2, 3).map(i -> TWIN.row(name + "-action-" + i)).toArray(double[][]::new);
        try (Environment made = Sawyer.pushDense().task(object.ordinal()).environment()) {
            var environment = (SawyerEnvironment) made;
            environment.reset(RandomStream.of(1, "any"));
            TWIN.requireEqual(name + "-reset", environment.begin(Arrays.copyOf(places, 3), Arrays.copyOfRange(places, 3, 6)), 1e-9);
            for (int t = 0; t < STEPS; t++) {
                int at = t;
                Step step = environment.step(Arrays.stream(actions).mapToDouble(row -> row[at]).toArray());
                if ((t + 1) % EVERY > 0) continue;
                double[] row = TWIN.row(name + "-" + (t + 1));
                assertArrayEquals(Arrays.copyOf(row, OBSERVATION), step.observation(), 1e-9, name + ", observation " + t);
                assertEquals(row[OBSERVATION], step.reward(), 1e-9, name + ", reward " + t);
                assertArrayEquals(Arrays.copyOfRange(row, OBSERVATION + 1, row.length), Arrays.copyOf(step.outcome(), 2), 1e-9);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theRuleSucceedsAsOftenAsThePackages(SawyerObject object) {
        double[] flags = TWIN.row(name(object) + "-success");
        assertEquals(Arrays.stream(flags).sum(), successes(object, object, flags.length));
    }

    /** As in Table 1 of MCAT: the source policy earns 0 on both targets. */
    @ParameterizedTest
    @EnumSource(names = {"MUG", "CUBE"})
    void theRuleOfTheCylinderEarnsNothingElsewhere(SawyerObject object) {
        assertEquals(0, successes(object, SawyerObject.CYLINDER, 3));
    }

    /** Episodes in which the object comes to the goal, from the places in which the package's began. */
    private static int successes(SawyerObject object, SawyerObject source, int episodes) {
        double[][] places = IntStream.range(0, 6).mapToObj(i -> TWIN.row(name(object) + "-places-" + i)).toArray(double[][]::new);
        UnaryOperator<double[]> rule = Sawyer.rule(task(source));
        int successes = 0;
        try (Environment made = task(object).environment()) {
            var environment = (SawyerEnvironment) made;
            for (int episode = 0; episode < episodes; episode++) {
                environment.reset(RandomStream.of(episode, "any"));
                int at = episode;
                double[] drawn = Arrays.stream(places).mapToDouble(row -> row[at]).toArray();
                double[] seen = environment.begin(Arrays.copyOf(drawn, 3), Arrays.copyOfRange(drawn, 3, 6));
                for (boolean last = false; !last;) {
                    Step step = environment.step(rule.apply(seen));
                    seen = step.observation();
                    last = step.last() || step.reward() == 1;
                    if (step.reward() == 1) successes++;
                }
            }
        }
        return successes;
    }

    @Test
    void placesAreDrawnWithinTheRangesAndApart() {
        for (SawyerObject object : SawyerObject.values()) try (Environment environment = task(object).environment()) {
            for (int i = 0; i < 10; i++) {
                double[] seen = environment.reset(RandomStream.of(i, "start"));
                double[][] starts = object.starts(), goals = object.goals();
                for (int k = 0; k < 2; k++) {
                    assertTrue(seen[4 + k] >= starts[0][k] - 1e-3 && seen[4 + k] <= starts[1][k] + 1e-3,
                        object + " " + Arrays.toString(seen));
                    assertTrue(seen[36 + k] >= goals[0][k] && seen[36 + k] <= goals[1][k], object + " " + Arrays.toString(seen));
                }
                assertTrue(Math.hypot(seen[4] - seen[36], seen[5] - seen[37]) >= 0.15 - 1e-3);
                assertArrayEquals(object.hand(), Arrays.copyOf(seen, 3), 0.02);
                assertArrayEquals(Arrays.copyOf(seen, 18), Arrays.copyOfRange(seen, 18, 36));
            }
        }
    }

    @Test
    void successIsRememberedAndPaidWhileItLasts() {
        Task task = task(SawyerObject.MUG);
        double[][] outcomes = {{0.2, 0, 0, 0.1}, {0.05, 1, 1, 10}, {0.1, 0, 1, 3}};
        double[][] actions = new double[3][4];
        assertArrayEquals(new double[] {0, 1, 0}, task.family().rewards(task, outcomes, actions));
        assertArrayEquals(new double[] {0.1, 10, 3}, task.family().shapedRewards(task, outcomes, actions));
        assertEquals(1, task.family().measure(task, outcomes, actions));
        assertEquals(0, task.family().measure(task, Arrays.copyOf(outcomes, 1), actions));
    }

    @Test
    void quaternionsAreThoseOfTheirMatrices() {
        double s = Math.sqrt(0.5);
        assertArrayEquals(new double[] {0, 0, 0, 1}, SawyerEnvironment.quaternion(new double[] {1, 0, 0, 0, 1, 0, 0, 0, 1}), 1e-15);
        assertArrayEquals(new double[] {0, 0, 1, 0}, SawyerEnvironment.quaternion(new double[] {-1, 0, 0, 0, -1, 0, 0, 0, 1}), 1e-15);
        assertArrayEquals(new double[] {0, 1, 0, 0}, SawyerEnvironment.quaternion(new double[] {-1, 0, 0, 0, 1, 0, 0, 0, -1}), 1e-15);
        assertArrayEquals(new double[] {s, s, 0, 0}, SawyerEnvironment.quaternion(new double[] {0, 1, 0, 1, 0, 0, 0, 0, -1}), 1e-15);
    }

    @Test
    void shapesOfTheDenseReward() {
        assertEquals(1, SawyerReward.longTail(0.3, 0.2, 0.4, 0.5));
        assertEquals(0.1, SawyerReward.longTail(0.9, 0.2, 0.4, 0.5), 1e-15);
        assertEquals(0.1, SawyerReward.longTail(-0.3, 0.2, 0.4, 0.5), 1e-15);
        assertEquals(0, SawyerReward.longTail(0.5, 0.2, 0.4, 0));
        assertEquals(1.0 / 3, SawyerReward.product(0.5, 0.5), 1e-15);
        assertEquals(0, SawyerReward.product(0, 0));
    }

    /** Table, arm and object are seen; the goal only after a reset. */
    @Test
    void picturesShowTheScene() {
        for (SawyerObject object : SawyerObject.values()) try (Environment environment = task(object).environment()) {
            int before = colours(environment.render(320, 200));
            environment.reset(RandomStream.of(1, "start"));
            assertTrue(before > 4 && colours(environment.render(320, 200)) > before, object + ": " + before);
        }
    }

    private static int colours(BufferedImage image) {
        var colours = new HashSet<Integer>();
        for (int x = 0; x < image.getWidth(); x++) for (int y = 0; y < image.getHeight(); y++) colours.add(image.getRGB(x, y));
        return colours.size();
    }

    @Test
    void sourceAndTargetsOfTableOneAreListed() {
        for (String name : new String[] {"mug", "cube"}) {
            TaskSet tasks = TaskSet.published("mcat/table-1-" + name);
            assertEquals(Sawyer.push().task(0), tasks.train().get(0));
            assertEquals(Sawyer.push().task(name.equals("mug") ? 1 : 2), tasks.test().get(0));
        }
    }

    @Test
    void whatToInstallIsSaidWhereTheModelsAreMissing() {
        var error = assertThrows(IllegalStateException.class, () -> SawyerAssets.folder(Map.of("METAWORLD_HOME", Path.of("/nowhere"))));
        assertTrue(error.getMessage().startsWith("The Sawyer arm needs the models of the Python package metaworld 3.1.1, which were not "
            + "found. Looked at {METAWORLD_HOME=/nowhere}. ./metarl setup fetches them (37 MB, of which 1 MB is kept)."),
            error.getMessage());
    }

    @Test
    void anInstalledPackageOfThisVersionServesAsWell(@TempDir Path environment) throws IOException {
        Path packages = environment.resolve("lib/python3.12/site-packages"), assets = packages.resolve("metaworld/assets");
        Files.createDirectories(assets.resolve("sawyer_xyz"));
        Files.createFile(assets.resolve("sawyer_xyz/sawyer_push_v3.xml"));
        Files.createDirectories(packages.resolve("metaworld-3.0.0.dist-info"));
        var places = Map.of("VIRTUAL_ENV", environment);
        var error = assertThrows(IllegalStateException.class, () -> SawyerAssets.folder(places));
        assertTrue(error.getMessage().contains("found [a different version in " + packages.resolve("metaworld") + "]"), error.getMessage());
        Files.createDirectories(packages.resolve("metaworld-3.1.1.dist-info"));
        assertEquals(assets, SawyerAssets.folder(places));
    }

    static Stream<Arguments> badInputs() {
        if (!Sawyer.isAvailable()) return Stream.of(bad("no models", () -> { throw new IllegalArgumentException("none"); }, "none"));
        var environment = Restorable.of(task(SawyerObject.MUG).environment());
        environment.reset(RandomStream.of(1, "start"));
        return Stream.of(
            bad("no such object", () -> Sawyer.push().task(3).environment(), "object is 3.0, expected a whole number from 0 to 2"),
            bad("half an object", () -> Sawyer.rule(Sawyer.push().task(0.5)), "object is 0.5, expected a whole number from 0 to 2"),
            bad("a short observation", () -> Sawyer.rule(task(SawyerObject.MUG)).apply(new double[18]),
                "the length of the observation is 18, expected 39, as the Sawyer arm gives it"),
            bad("no number", () -> environment.step(new double[] {0, Double.NaN, 0, 0}), "displacement of the hand in x, y, z, and effort"),
            bad("a short action", () -> environment.step(new double[3]), "displacement of the hand in x, y, z, and effort"),
            bad("a short state", () -> environment.restore(new double[5]), "the length of the state is 5"));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsNamed(BadInput input) {
        input.isNamed();
    }

    @Test
    void aStateIsNotShownByObservations() {
        try (Restorable environment = Restorable.of(task(SawyerObject.CUBE).environment())) {
            assertThrows(IllegalStateException.class, environment::state);
            double[] seen = environment.reset(RandomStream.of(1, "start"));
            var error = assertThrows(UnsupportedOperationException.class, () -> environment.stateOf(seen, 0));
            assertTrue(error.getMessage().contains("its joints and all velocities are hidden"), error.getMessage());
        }
    }
}
