package metarl.agent.classical;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.basics.RandomStream;
import metarl.task.Task;
import metarl.task.families.TwoRooms;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients against finite differences, and cosines where they are known. */
class TaskGradientsTest {
    private static final double DISCOUNT = 0.9, EXACT = 1e-12;
    private static final TwoRooms ROOMS = TwoRooms.cells();

    private static TabularProcess process(Task task) {
        double[] start = new double[ROOMS.states()];
        start[ROOMS.state((int) task.value(0), (int) task.value(1))] = 1;
        return new TabularProcess(ROOMS.transitions(task), ROOMS.rewards(task), start, DISCOUNT);
    }

    /** One state for ever. */
    private static TabularProcess arms(double... rewards) {
        double[][][] p = {Stream.generate(() -> new double[] {1}).limit(rewards.length).toArray(double[][]::new)};
        return new TabularProcess(p, new double[][] {rewards}, new double[] {1}, DISCOUNT);
    }

    private static double[][] policy(double[][] logits) {
        return Arrays.stream(logits).map(row -> SoftChoice.policy(row, row, 0, 1)).toArray(double[][]::new);
    }

    @Test
    void gradientsAreThoseOfTheReturn() {
        var random = RandomStream.of(3, "logits");
        double[][] logits = IntStream.range(0, ROOMS.states()).mapToObj(s -> random.doubles(TwoRooms.ACTIONS, -1, 1).toArray())
            .toArray(double[][]::new);
        TabularProcess task = process(ROOMS.task(0, 0, 6, 7));
        double[][] found = TaskGradients.of(List.of(task), policy(logits)).gradients().get(0);
        double step = 1e-5, largest = 0;
        for (int s = 0; s < ROOMS.states(); s += 3)
            for (int a = 0; a < TwoRooms.ACTIONS; a++) {
                double before = logits[s][a];
                logits[s][a] = before + step;
                double up = task.atStart(task.values(policy(logits)));
                logits[s][a] = before - step;
                double down = task.atStart(task.values(policy(logits)));
                logits[s][a] = before;
                assertEquals((up - down) / (2 * step), found[s][a], 1e-8, "state " + s + ", action " + a);
                largest = Math.max(largest, Math.abs(found[s][a]));
            }
        assertTrue(largest > 1e-3, "some gradient is far from 0, the largest is " + largest);
    }

    @Test
    void aSmallStepMakesTheTasksBetterOrWorseAsTheCosineSays() {
        List<TabularProcess> tasks = List.of(process(ROOMS.task(0, 0, 6, 7)), process(ROOMS.task(6, 7, 0, 0)));
        double[][] logits = new double[ROOMS.states()][TwoRooms.ACTIONS];
        var gradients = TaskGradients.of(tasks, policy(logits));
        double[] before = tasks.stream().mapToDouble(t -> t.atStart(t.values(policy(logits)))).toArray();
        double rate = 1e-3;
        for (int s = 0; s < logits.length; s++)
            for (int a = 0; a < TwoRooms.ACTIONS; a++) logits[s][a] += rate * gradients.gradients().get(0)[s][a];
        double own = tasks.get(0).atStart(tasks.get(0).values(policy(logits))) - before[0],
            other = tasks.get(1).atStart(tasks.get(1).values(policy(logits))) - before[1];
        double cosine = gradients.cosines()[0][1];
        assertTrue(own > 0 && other * cosine > 0, "own change " + own + ", the other's " + other + ", cosine " + cosine);
    }

    @Test
    void armsThatPayTheOppositePullTheOppositeWay() {
        double[][] uniform = {{0.5, 0.5}};
        var opposite = TaskGradients.of(List.of(arms(1, 0), arms(0, 1)), uniform);
        // V = 5 and Q = (5.5, 4.5) with d = 10: 10 · 0.5 · 0.5
        assertArrayEquals(new double[] {2.5, -2.5}, opposite.gradients().get(0)[0], 1e-10);
        assertEquals(-1, opposite.cosines()[0][1], EXACT);
        assertEquals(0, opposite.agreement()[0], 1e-7);
        var same = TaskGradients.of(List.of(arms(1, 0), arms(3, -2)), uniform);
        assertEquals(1, same.cosines()[1][0], EXACT);
        assertEquals(1, same.agreement()[0], EXACT);
    }

    @Test
    void whereNothingIsAskedForThereIsNoAgreement() {
        var gradients = TaskGradients.of(List.of(arms(0, 0), arms(0, 1)), new double[][] {{0.5, 0.5}});
        assertEquals(0, gradients.cosines()[0][0], EXACT);
        assertTrue(Double.isNaN(TaskGradients.of(List.of(arms(0, 0)), new double[][] {{0.5, 0.5}}).agreement()[0]));
    }

    static Stream<Arguments> badInputs() {
        double[][] half = {{0.5, 0.5}};
        return Stream.of(bad("no task", () -> TaskGradients.of(List.of(), half), "at least 1"),
            bad("too few actions", () -> TaskGradients.of(List.of(arms(1, 0, 0)), half), "3 actions"),
            bad("no probability", () -> arms(1, 0).values(new double[][] {{2, -1}}), "the policy in state 0"),
            bad("not whole", () -> arms(1, 0).values(new double[][] {{0.5, 0.4}}), "the sum of the policy in state 0"));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsNamed(BadInput input) {
        input.isNamed();
    }
}
