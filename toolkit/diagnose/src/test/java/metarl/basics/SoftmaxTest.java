package metarl.basics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SoftmaxTest {
    private static final double EXACT = 1e-12;

    @Test
    void isTheFormulaWhereThatDoesNotOverflow() {
        double[] x = {0, Math.log(2), Math.log(5)};
        assertEquals(Math.log(8), Softmax.logSum(x), EXACT);
        assertEquals(Math.log(8.0 / 3), Softmax.logMean(x), EXACT);
        assertArrayEquals(new double[] {1 / 8.0, 2 / 8.0, 5 / 8.0}, Softmax.of(x), EXACT);
    }

    @Test
    void overflowsNowhere() {
        assertEquals(1000 + Math.log(2), Softmax.logSum(new double[] {1000, 1000}), EXACT);
        assertArrayEquals(new double[] {0.5, 0.5, 0}, Softmax.of(new double[] {-2000, -2000, Double.NEGATIVE_INFINITY}), EXACT);
        assertEquals(Double.NEGATIVE_INFINITY, Softmax.logSum(new double[0]));
        assertEquals(Double.NEGATIVE_INFINITY, Softmax.logSum(new double[] {Double.NEGATIVE_INFINITY}));
    }

    @Test
    void drawsAsOftenAsItSays() {
        var random = RandomStream.of(1, "draws");
        double[] p = Softmax.of(new double[] {0, Math.log(3)});
        int ones = 0;
        for (int i = 0; i < 10_000; i++) ones += Softmax.draw(p, random);
        assertEquals(0.75, ones / 10_000.0, 0.02);
        assertEquals(1, Softmax.draw(new double[] {0, 1}, random));
    }
}
