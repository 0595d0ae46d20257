package metarl;

import static metarl.BadInput.bad;

import java.util.stream.Stream;
import metarl.diagnose.log.BanditLog;
import metarl.diagnose.weights.ImportanceWeights;
import metarl.task.TaskFamily;
import metarl.task.TaskSet;
import metarl.task.families.PointRobot;
import metarl.train.MetaTraining;
import metarl.train.TrainingListener;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls that a cell makes by mistake: nothing where something is expected, or a thing of another kind. */
class OddCallsTest {
    static Stream<Arguments> calls() {
        var cheetah = TaskFamily.named("half-cheetah-velocity");
        var tasks = TaskSet.of(PointRobot.dense()).train(2).test(1).sample(1);
        return Stream.of(
            bad("no values of a task", () -> PointRobot.dense().task((double[]) null),
                "point-robot-dense was given null, expected a value for each of [goalX, goalY]"),
            bad("a task of another family", () -> PointRobot.dense().environment(cheetah.task(1)),
                "half-cheetah-velocity has 1 parameter(s)"),
            bad("no tasks", () -> MetaTraining.on(null), "tasks is null, expected a task set"),
            bad("no algorithm", () -> MetaTraining.on(tasks).algorithm(null), "algorithm is null, expected settings of one of "),
            bad("no listener", () -> MetaTraining.on(tasks).listen((TrainingListener) null),
                "a listener is null, expected one such as new ProgressBar()"),
            bad("no folder", () -> MetaTraining.on(tasks).saveTo((String) null), "saveTo(null): expected the name of a folder"),
            bad("no weights", () -> ImportanceWeights.of((double[]) null), "given no weights at all; expected at least one"),
            bad("no logarithms", () -> ImportanceWeights.ofLog(null), "given no weights at all; expected at least one"),
            bad("no probabilities", () -> ImportanceWeights.ratio(null, new double[1]),
                "given null for probabilities; expected one of each per draw"),
            bad("two billion actions",
                () -> BanditLog.of(new double[][] {{1}}, new int[] {0}, new double[] {1}, new double[] {1}, 2_000_000_000),
                "make actionCount smaller"));
    }

    @ParameterizedTest
    @MethodSource("calls")
    void areRefusedByASentence(BadInput call) {
        call.isNamed();
    }
}
