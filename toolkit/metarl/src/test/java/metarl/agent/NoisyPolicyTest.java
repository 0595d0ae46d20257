package metarl.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import metarl.basics.RandomStream;
import org.junit.jupiter.api.Test;

class NoisyPolicyTest {
    @Test
    void noiseHasTheDeviationThatWasAskedForAndActionsStayInTheirBox() {
        double[][] seen = new double[20_000][1];
        double[][] actions = Policy.zero(1).withNoise(0.1).start(seen.length, RandomStream.of(1, "noise")).act(seen);
        double[] values = Arrays.stream(actions).mapToDouble(a -> a[0]).toArray();
        assertEquals(0, Arrays.stream(values).average().orElseThrow(), 0.003);
        assertEquals(0.1, Math.sqrt(Arrays.stream(values).map(v -> v * v).average().orElseThrow()), 0.003);
        double[][] large = Policy.of(o -> new double[] {0.9}).withNoise(5).start(1_000, RandomStream.of(1, "large"))
            .act(new double[1_000][1]);
        assertEquals(1, Arrays.stream(large).mapToDouble(a -> a[0]).max().orElseThrow());
        assertEquals(-1, Arrays.stream(large).mapToDouble(a -> a[0]).min().orElseThrow());
    }

    @Test
    void theActionsOfThePolicyItselfStayAsTheyAre() {
        double[] kept = {0.5};
        Policy.of(o -> kept).withNoise(0.3).start(1, RandomStream.of(1, "noise")).act(new double[1][1]);
        assertArrayEquals(new double[] {0.5}, kept);
    }

    /** N(a; (0.9, 0), 0.5² I) at what was done, also where it was brought back to the border. */
    @Test
    void whatWasDoneHasTheDensityOfTheNoise() {
        double[][] seen = new double[200][1];
        Policy policy = Policy.of(o -> new double[] {0.9, 0});
        try (Policy.Actor actor = policy.withNoise(0.5).start(seen.length, RandomStream.of(1, "noise"))) {
            double[][] actions = actor.act(seen);
            double[] told = actor.logDensities(), asked = actor.logDensities(seen, actions);
            assertArrayEquals(told, asked);
            assertTrue(Arrays.stream(actions).anyMatch(a -> a[0] == 1));
            for (int i = 0; i < seen.length; i++) {
                double first = (actions[i][0] - 0.9) / 0.5, second = actions[i][1] / 0.5;
                assertEquals(-(first * first + second * second) / 2 - Math.log(2 * Math.PI * 0.25), told[i], 1e-12);
            }
        }
        try (Policy.Actor actor = Policy.random(1).withNoise(0.5).start(1, RandomStream.of(1, "noise"))) {
            actor.act(new double[1][1]);
            assertEquals(0, actor.logDensities().length, "of what draws by itself the sum has another density");
            assertEquals(0, actor.logDensities(new double[1][1], new double[1][1]).length);
        }
    }

    @Test
    void noNoiseIsThePolicyAndOtherDeviationsAreRefused() {
        Policy policy = Policy.zero(2);
        assertSame(policy, policy.withNoise(0));
        for (double deviation : new double[] {-0.1, Double.NaN, Double.POSITIVE_INFINITY})
            assertThrows(IllegalArgumentException.class, () -> policy.withNoise(deviation));
    }
}
