package metarl.task;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;
import metarl.env.Environment;
import metarl.env.Step;
import metarl.task.families.Sawyer;
import metarl.task.families.ShippedFamilies;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An episode that is scored for its own task is the episode that was lived, in every family that comes with the toolkit. */
class RelabelTest {
    private static final int STEPS = 60;

    static Stream<TaskFamily> families() {
        return new ShippedFamilies().families().stream().filter(f -> !f.name().startsWith("sawyer") || Sawyer.isAvailable());
    }

    @ParameterizedTest
    @MethodSource("families")
    void scoredForItsOwnTaskNothingChanges(TaskFamily family) {
        var random = RandomStream.of(3, family.name());
        for (Task task : family.sample(2, random)) {
            Trajectory lived = lived(task, random), same = lived.relabel(task);
            assertEquals(lived.length(), same.length());
            for (int t = 0; t < lived.length(); t++) {
                Step was = lived.step(t), is = same.step(t);
                assertEquals(was.reward(), is.reward(), 1e-9, "step " + t);
                assertEquals(was.terminated(), is.terminated(), "step " + t);
                assertEquals(was.truncated(), is.truncated(), "step " + t);
            }
        }
    }

    private static Trajectory lived(Task task, RandomStream random) {
        try (Environment environment = task.environment()) {
            var trajectory = new Trajectory(task, environment.reset(random));
            for (int t = 0; t < STEPS && (t == 0 || !trajectory.step(t - 1).last()); t++) {
                double[] action = environment.actions().sample(random);
                trajectory.add(action, environment.step(action));
            }
            return trajectory;
        }
    }
}
