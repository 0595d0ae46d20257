package metarl.env.mujoco;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.Arrays;
import java.util.List;
import metarl.env.Environment;
import metarl.env.RandomStream;
import metarl.env.Step;
import metarl.task.HalfCheetah;
import metarl.task.Task;
import org.junit.jupiter.api.Test;
import org.mujoco.MujocoException;

class HalfCheetahTest {
    private static final Task TASK = HalfCheetah.velocity().task(1.5);

    @Test
    void equalsThePythonTwinFor200Steps() throws Exception {
        try (var environment = (HalfCheetahEnvironment) TASK.environment()) {
            environment.reset(RandomStream.of(0, "any"));
            double[] positions = new double[9], velocities = new double[9];
            for (int i = 0; i < 9; i++) {
                positions[i] = 0.05 * Math.sin(i);
                velocities[i] = 0.1 * Math.cos(i);
            }
            environment.begin(positions, velocities);
            int t = 0;
            for (String line : twin()) {
                double[] row = Arrays.stream(line.split(",")).mapToDouble(Double::parseDouble).toArray();
                Step step = environment.step(Arrays.copyOf(row, 6));
                assertArrayEquals(Arrays.copyOfRange(row, 6, 26), step.observation(), 1e-9, "observation at step " + t);
                assertEquals(row[26], step.reward(), 1e-9, "reward at step " + t++);
            }
            assertEquals(200, t);
        }
    }

    private static List<String> twin() throws Exception {
        try (var in = HalfCheetahTest.class.getResourceAsStream("half_cheetah_twin.csv")) {
            assertNotNull(in);
            return new BufferedReader(new InputStreamReader(in)).lines().toList();
        }
    }

    @Test
    void rewardOfTheOutcomeIsTheRewardPaid() {
        try (Environment environment = TASK.environment()) {
            var random = RandomStream.of(1, "test");
            environment.reset(random);
            for (int t = 0; t < 50; t++) {
                double[] action = random.doubles(6, -1, 1).toArray();
                Step step = environment.step(action);
                assertEquals(TASK.reward(step.outcome(), action), step.reward());
            }
        }
    }

    @Test
    void aNaNActionNamesTheEntryAndTheEnvironmentStaysUsable() {
        try (Environment environment = TASK.environment()) {
            var random = RandomStream.of(1, "test");
            environment.reset(random);
            var error = assertThrows(IllegalArgumentException.class, () -> environment.step(new double[] {0, 0, Double.NaN, 0, 0, 0}));
            assertTrue(error.getMessage().contains("entry 2"), error.getMessage());
            environment.reset(random);
            assertEquals(20, environment.step(new double[6]).observation().length);
        }
    }

    @Test
    void anImpossibleStateIsAnExceptionNotACrash() {
        try (var environment = (HalfCheetahEnvironment) TASK.environment()) {
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
        try (Environment environment = TASK.environment()) {
            environment.reset(RandomStream.of(1, "test"));
            for (int t = 1; t <= 200; t++) {
                Step step = environment.step(new double[6]);
                assertEquals(t == 200, step.truncated());
                assertEquals(false, step.terminated());
            }
            assertThrows(IllegalStateException.class, () -> environment.step(new double[6]));
        }
    }
}
