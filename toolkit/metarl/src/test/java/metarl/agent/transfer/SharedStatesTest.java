package metarl.agent.transfer;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.agent.Policy;
import metarl.basics.RandomStream;
import metarl.data.MetaReplay;
import metarl.data.Trajectory;
import metarl.env.Restorable;
import metarl.env.Space;
import metarl.env.world.Dynamics;
import metarl.task.Family;
import metarl.task.Task;
import metarl.task.families.HalfCheetah;
import metarl.train.Rollout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SharedStatesTest {
    /** A point with two thrusters, and one whose y is there twice, each with a thruster; the third pushes the other way. */
    private static final double[] TWO = {1, 1}, THREE = {1.25, 2, -1.6};
    private static final SharedStates SHARED = SharedStates.of(2, 0, 1, 1);

    private static Task point(String name, double... gains) {
        return Family.define(name).dynamics(task -> Dynamics.of(List.of("x", "y", "y too").subList(0, gains.length).toArray(String[]::new))
            .acting(Space.box(gains.length, 1)).starting(random -> start(gains.length, random.nextDouble(-1, 1), random.nextDouble(-1, 1)))
            .moving((s, a) -> {
                double[] next = s.clone();
                for (int k = 0; k < next.length; k++) next[k] += 0.1 * gains[k] * a[k];
                return next;
            })).lasting(20).paying((task, o, a) -> -o[0] * o[0] - o[1] * o[1]).task();
    }

    private static double[] start(int size, double x, double y) {
        return size == 2 ? new double[] {x, y} : new double[] {x, y, y};
    }

    private static MetaReplay data(Task task, int size, int actionSize, UnaryOperator<Trajectory> seen) {
        var replay = new MetaReplay(1, size, actionSize, 3, 4000);
        for (Trajectory episode : Rollout.of(Policy.random(actionSize), Collections.nCopies(60, task), RandomStream.of(1, "data")))
            replay.of(0).add(seen.apply(episode));
        return replay;
    }

    @Test
    void theActionsOfTwoThrustersBecomeThoseOfThree() {
        Task two = point("two-thrusters", TWO), three = point("three-thrusters", THREE);
        Policy home = Policy.of(o -> new double[] {-o[0], -o[1]});
        try (var dynamics = ContextModel.small().contextSize(0).hidden(32).start(3, 3, 1)
            .fit(data(three, 3, 3, episode -> episode), new int[] {0}, 300, RandomStream.of(1, "dynamics"));
            var translator = ActionTranslator.small().learningRate(new RateSchedule(3e-3, 1e-3, 2e-4, 200, 300)).start(dynamics, 2, 1)
                .fit(data(two, 3, 2, SHARED::toTarget), 0, 0, 400, RandomStream.of(1, "fit"))) {
            double worst = 0;
            for (double x = -0.8; x < 1; x += 0.4)
                for (double y = -0.8; y < 1; y += 0.4) {
                    double[] a = translator.translate(new double[][] {{0.2, -0.3, -0.3}}, new double[][] {{x, y}})[0];
                    double[] right = {x / THREE[0], y / THREE[1], y / THREE[2]};
                    for (int k = 0; k < 3; k++) worst = Math.max(worst, Math.abs(a[k] - right[k]));
                }
            assertTrue(worst < 0.05, "wrong by " + worst);
            double there = mean(TransferredPolicy.of(SHARED.seen(home), translator), three), here = mean(home, two);
            assertEquals(here, there, 0.02 * Math.abs(here));
            assertTrue(mean(Policy.zero(3), three) < 2 * here);
        }
    }

    private static double mean(Policy policy, Task task) {
        return Rollout.of(policy, Collections.nCopies(20, task), RandomStream.of(2, "test")).stream().mapToDouble(Trajectory::totalReward)
            .average().orElse(0);
    }

    @Test
    void statesGoThereAndBack() {
        assertArrayEquals(new double[] {4, 7, 7}, SHARED.toTarget(new double[] {4, 7}));
        assertArrayEquals(new double[] {4, 7}, SHARED.toSource(new double[] {4, 7, 8}));
        Task two = point("two-thrusters", TWO);
        Trajectory episode = Rollout.of(Policy.random(2), List.of(two), RandomStream.of(1, "x")).get(0), there = SHARED.toTarget(episode);
        assertEquals(20, there.length());
        assertEquals(episode.totalReward(), there.totalReward());
        assertEquals(episode.logDensity(3), there.logDensity(3));
        assertArrayEquals(SHARED.toTarget(episode.step(19).observation()), there.observation(20));
        assertTrue(there.step(19).truncated());
    }

    /** From the same place with the same controls both hind legs do the same: the map of the cheetahs is true of the bodies. */
    @Test
    void hindLegsThatMoveAsOneStayTogether() {
        SharedStates cheetahs = SharedStates.of(17, HalfCheetah.twins());
        var random = RandomStream.of(1, "x");
        try (Restorable environment = Restorable.of(HalfCheetah.threeLegs().task().environment())) {
            double[] seen = cheetahs.toTarget(cheetahs.toSource(environment.reset(random)));
            environment.restore(environment.stateOf(seen, 0));
            for (int t = 0; t < 20; t++) {
                double[] a = random.doubles(6, -1, 1).toArray();
                seen = environment.step(new double[] {a[0], a[1], a[2], a[0], a[1], a[2], a[3], a[4], a[5]}).observation();
                assertArrayEquals(seen, cheetahs.toTarget(cheetahs.toSource(seen)), 1e-6, "step " + t);
            }
            seen = environment.step(new double[] {1, 1, 1, -1, -1, -1, 0, 0, 0}).observation();
            assertTrue(Math.abs(seen[2] - seen[5]) > 1e-3);
        }
        try (var two = HalfCheetah.twoLegs().task().environment()) {
            assertEquals(23, cheetahs.toTarget(two.reset(random)).length);
        }
    }

    static Stream<Arguments> badInputs() {
        return Stream.of(
            bad("no twins", () -> SharedStates.of(0), "sourceSize is 0"),
            bad("more coordinates than twins", () -> SharedStates.of(3, 0, 1), "sourceSize is 3, expected 1 to 2"),
            bad("a coordinate without twin", () -> SharedStates.of(2, 0, 0), "the number of twins of coordinate 1 of the source is 0"),
            bad("a twin of nothing", () -> SharedStates.of(2, 0, 2), "twins, coordinate 1 is 2, expected 0 to 1"),
            bad("a state of another body", () -> SHARED.toTarget(new double[3]), "a state of the source is 3, expected 2"),
            bad("a state of the source for one of the target", () -> SHARED.toSource(new double[2]),
                "a state of the target is 2, expected 3"));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsNamed(BadInput input) {
        input.isNamed();
    }
}
