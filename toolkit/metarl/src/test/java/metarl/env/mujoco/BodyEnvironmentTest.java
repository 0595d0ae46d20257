package metarl.env.mujoco;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import metarl.basics.RandomStream;
import metarl.env.Environment;
import metarl.env.Step;
import metarl.env.body.Body;
import metarl.env.body.Change;
import metarl.env.body.Quantity;
import metarl.env.body.Sight;
import metarl.task.Task;
import metarl.task.TaskFamily;
import metarl.task.families.Ant;
import metarl.task.families.HalfCheetah;
import metarl.task.families.Hopper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mujoco.Model;
import org.mujoco.MujocoException;
import org.mujoco.Native;

class BodyEnvironmentTest {
    private static final String TWIN_VERSION = "3.17.0";
    /** The families whose first ten steps are the same to 1e-9 on MuJoCo 3.3.7, 3.17.0 and 4.0.0. */
    private static final Set<String> SAME_ON_ALL_VERSIONS = TaskFamily.names().stream()
        .filter(name -> name.startsWith("half-cheetah") || name.equals("walker2d-random-parameters") || name.equals("arm-goal"))
        .collect(Collectors.toSet());
    private static final Task SPEED = HalfCheetah.velocity().task(1.5);

    /** The tasks that bodies_twin.py simulates. */
    private static Map<String, double[]> twinTasks() {
        var tasks = new LinkedHashMap<String, double[]>();
        tasks.put("half-cheetah-velocity", new double[] {1.5});
        tasks.put("half-cheetah-velocity-sparse", new double[] {0.4});
        tasks.put("half-cheetah-velocity-armature-sparse", new double[] {0.4, 0.5});
        tasks.put("half-cheetah-forward-backward", new double[] {-1});
        tasks.put("half-cheetah-armature", new double[] {0.5});
        tasks.put("half-cheetah-mass", new double[] {1.7});
        tasks.put("half-cheetah-crippled", new double[] {3});
        tasks.put("half-cheetah-damped", new double[] {0.75, 1.25});
        tasks.put("half-cheetah-two-legs", new double[0]);
        tasks.put("half-cheetah-three-legs", new double[0]);
        tasks.put("ant-forward-backward", new double[] {Math.PI});
        tasks.put("ant-direction", new double[] {0.9});
        tasks.put("ant-goal", new double[] {0.7, -1.1});
        tasks.put("ant-goal-sparse", new double[] {0.4 * 0.7, 0.4 * -1.1});
        tasks.put("ant-damping", new double[] {3});
        tasks.put("ant-damping-uniform", new double[] {3});
        tasks.put("ant-crippled", new double[] {1});
        tasks.put("ant-crippled-legs", new double[] {1, 3});
        tasks.put("humanoid-direction", new double[] {2.2});
        tasks.put("walker2d-random-parameters", multipliers(7, 6, 8));
        tasks.put("hopper-random-parameters", multipliers(4, 3, 5));
        tasks.put("hopper-size", new double[] {0.1});
        tasks.put("arm-goal", new double[] {0.3, 0.2, 0.25});
        return tasks;
    }

    private static double[] multipliers(int parts, int joints, int geoms) {
        return Stream.of(fractions(parts, 3, 8), fractions(3 * parts, 5, 16), fractions(joints, 3, 4), fractions(3 * geoms, 7, 16))
            .flatMapToDouble(s -> s).map(f -> 1.5 + f).toArray();
    }

    private static DoubleStream fractions(int count, int factor, int modulus) {
        return IntStream.range(0, count).mapToDouble(i -> fraction(i, factor, modulus));
    }

    /** Numbers in [−1, 1) that jump about, the same to the last bit as in bodies_twin.py. */
    private static double fraction(int i, int factor, int modulus) {
        return (2.0 * (i * factor % modulus) - modulus) / modulus;
    }

    static Stream<String> twinFamilies() {
        return twinTasks().keySet().stream();
    }

    @Test
    void everyFamilyOfBodiesHasATwin() {
        assertEquals(
            TaskFamily.names().stream().filter(n -> n.matches("(half-cheetah|ant|humanoid|walker2d|hopper|arm)-.*"))
                .collect(Collectors.toSet()),
            twinTasks().keySet());
    }

    @ParameterizedTest
    @MethodSource("twinFamilies")
    void observationsAndRewardsEqualThePythonTwin(String family) throws Exception {
        Task task = TaskFamily.named(family).task(twinTasks().get(family));
        List<double[]> rows = twin(family);
        boolean sameVersion = Model.version().equals(TWIN_VERSION);
        int steps = sameVersion ? rows.size() : SAME_ON_ALL_VERSIONS.contains(family) ? 10 : 1;
        double tolerance = sameVersion ? 1e-9 : SAME_ON_ALL_VERSIONS.contains(family) ? 1e-9 : 0.05;
        try (var environment = (BodyEnvironment) task.environment()) {
            start(environment);
            int motors = environment.actions().size(), weakness = family.endsWith("random-parameters") ? 16 : 1;
            for (int t = 0; t < steps; t++) {
                int now = t;
                Step step = environment
                    .step(IntStream.range(0, motors).mapToDouble(i -> fraction(3 * now + i, 5, 16) / weakness).toArray());
                double[] row = rows.get(t);
                assertEquals(row[0], step.reward(), tolerance, "reward at step " + t);
                assertEquals(row[1] == 1, step.terminated(), "end at step " + t);
                assertArrayEquals(Arrays.copyOfRange(row, 2, row.length), step.observation(), tolerance, "observation at step " + t);
            }
        }
    }

    private static void start(BodyEnvironment environment) {
        environment.reset(RandomStream.of(0, "any"));
        double[] positions = environment.model().initialPositions(), velocities = new double[environment.model().velocities()];
        for (int i = 0; i < positions.length; i++) positions[i] += fraction(i, 5, 7) / 50;
        for (int i = 0; i < velocities.length; i++) velocities[i] = fraction(i, 3, 8) / 20;
        environment.begin(positions, velocities);
    }

    private static List<double[]> twin(String family) throws Exception {
        try (var in = BodyEnvironmentTest.class.getResourceAsStream("bodies_twin.csv")) {
            assertNotNull(in);
            return new BufferedReader(new InputStreamReader(in)).lines().filter(line -> line.startsWith(family + ","))
                .map(line -> Arrays.stream(line.split(",")).skip(1).mapToDouble(Double::parseDouble).toArray()).toList();
        }
    }

    @Test
    void aNaNActionNamesTheMotorAndTheEnvironmentStaysUsable() {
        for (TaskFamily family : List.of(HalfCheetah.velocity(), Ant.goal(), Hopper.size())) {
            try (Environment environment = family.sample(1, RandomStream.of(1, "x")).get(0).environment()) {
                var random = RandomStream.of(1, "test");
                environment.reset(random);
                double[] bad = new double[environment.actions().size()];
                bad[2] = Double.NaN;
                var error = assertThrows(IllegalArgumentException.class, () -> environment.step(bad));
                assertTrue(error.getMessage().matches(".*entry 2 of .*motor '(bfoot|hip_1|foot_joint)'.*"), error.getMessage());
                environment.reset(random);
                assertTrue(Double.isFinite(environment.step(new double[bad.length]).reward()));
            }
        }
    }

    @Test
    void anImpossibleStateIsAnExceptionNotACrash() {
        try (var environment = (BodyEnvironment) SPEED.environment()) {
            environment.reset(RandomStream.of(1, "test"));
            double[] velocities = new double[9];
            velocities[4] = 1e12;
            assertThrows(MujocoException.class, () -> {
                environment.begin(new double[9], velocities);
                environment.step(new double[6]);
            });
            environment.reset(RandomStream.of(2, "test"));
            assertTrue(Double.isFinite(environment.step(new double[6]).reward()));
        }
    }

    @Test
    void episodesEndAtTheTimeLimitWithoutTerminating() {
        try (Environment environment = SPEED.environment()) {
            environment.reset(RandomStream.of(1, "test"));
            for (int t = 1; t <= 200; t++) {
                Step step = environment.step(new double[6]);
                assertEquals(t == 200, step.truncated());
                assertEquals(false, step.terminated());
            }
            assertThrows(IllegalStateException.class, () -> environment.step(new double[6]));
        }
    }

    @Test
    void anAntOnItsBackAndAFallenWalkerEndTheEpisode() {
        for (String name : List.of("walker2d-random-parameters", "hopper-random-parameters", "humanoid-direction")) {
            TaskFamily family = TaskFamily.named(name);
            try (Environment environment = family.sample(1, RandomStream.of(1, "x")).get(0).environment()) {
                environment.reset(RandomStream.of(1, "test"));
                double[] action = new double[environment.actions().size()];
                Arrays.fill(action, 1);
                Step step = environment.step(action);
                for (int t = 1; t < 200 && !step.last(); t++) step = environment.step(action);
                assertTrue(step.terminated() && !step.truncated(), name);
            }
        }
        try (var environment = (BodyEnvironment) Ant.forwardBackward().task(0).environment()) {
            environment.reset(RandomStream.of(1, "test"));
            double[] high = environment.model().initialPositions();
            high[2] = 1.5;
            environment.begin(high, new double[14]);
            assertTrue(environment.step(new double[8]).terminated());
        }
    }

    @Test
    void changedBodiesMoveDifferently() {
        for (String name : List.of("half-cheetah-armature", "half-cheetah-mass", "half-cheetah-crippled", "hopper-size", "ant-damping",
            "ant-crippled", "walker2d-random-parameters")) {
            List<Task> tasks = TaskFamily.named(name).sample(2, RandomStream.of(5, "tasks"));
            assertNotEquals(Arrays.toString(after(tasks.get(0))), Arrays.toString(after(tasks.get(1))), name);
        }
    }

    private static Body body(int substeps, Body.Start start, double metresAcross, Change... changes) {
        Body body = Body.named("half_cheetah").frame("torso").substeps(substeps).starting(start).seeing(Sight.VELOCITIES)
            .telling(Quantity.ROOT_VELOCITY).metresAcross(metresAcross);
        for (Change change : changes) body = body.with(change);
        return body;
    }

    @Test
    void aBodyThatCannotMoveIsRefusedBeforeItsFirstStep() {
        var start = new Body.Start(0.1, 0.1, true);
        var impossible = new LinkedHashMap<Supplier<Body>, String>();
        impossible.put(() -> body(0, start, 3), "substeps is 0");
        impossible.put(() -> body(-5, start, 3), "substeps is -5");
        impossible.put(() -> body(5, new Body.Start(Double.NaN, 0, true), 3), "positionNoise is NaN");
        impossible.put(() -> body(5, start, Double.NaN), "metresAcross is NaN");
        for (double seconds : new double[] {Double.NaN, 0, -0.01, Double.POSITIVE_INFINITY})
            impossible.put(() -> body(5, start, 3, new Change.Timestep(seconds)), "seconds is " + seconds);
        impossible.put(() -> body(5, start, 3, new Change.Armature(Double.NaN)), "armature is NaN");
        impossible.put(() -> body(5, start, 3, new Change.Radius("torso", 0)), "0.0 m");
        impossible.put(() -> body(5, start, 3, new Change.Radius("ear", 1)), "no geom named 'ear'");
        impossible.put(() -> body(5, start, 3, new Change.Masses(List.of(1.0))), "BODY_MASS: given 1 factors, expected 8");
        impossible.put(() -> body(5, start, 3, new Change.Dampings(List.of(1.0, Double.NaN))), "is NaN");
        impossible.put(() -> body(5, start, 3, new Change.Powerless(List.of(6))), "6");
        impossible.forEach((body, message) -> {
            int live = Native.liveObjects();
            var error = assertThrows(IllegalArgumentException.class,
                () -> new MujocoBodies().environment(body.get(), 10, (outcome, action) -> 0), message);
            assertTrue(error.getMessage().contains(message), error.getMessage());
            assertTrue(Native.liveObjects() <= live + 1, "only the model is kept");
        });
    }

    @Test
    void aBodyWithoutNoiseStartsWhereItsModelDoes() {
        try (Environment environment = new MujocoBodies().environment(body(5, new Body.Start(0, 0, false), 3), 10, (a, o) -> 0)) {
            assertArrayEquals(new double[9], environment.reset(RandomStream.of(1, "test")));
        }
    }

    private static double[] after(Task task) {
        try (var environment = (BodyEnvironment) task.environment()) {
            start(environment);
            double[] action = new double[environment.actions().size()];
            Arrays.fill(action, 0.5);
            for (int t = 0; t < 4; t++) environment.step(action);
            return environment.step(action).observation();
        }
    }
}
