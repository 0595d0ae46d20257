package metarl.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

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

    @Test
    void noNoiseIsThePolicyAndOtherDeviationsAreRefused() {
        Policy policy = Policy.zero(2);
        assertSame(policy, policy.withNoise(0));
        for (double deviation : new double[] {-0.1, Double.NaN, Double.POSITIVE_INFINITY})
            assertThrows(IllegalArgumentException.class, () -> policy.withNoise(deviation));
    }
}
