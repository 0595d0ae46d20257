package metarl.chart;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TicksTest {
    private static final ToDoubleFunction<String> WIDTH = label -> Text.width(label, Text.SMALL) + 18;

    @ParameterizedTest
    @CsvSource({"-1, -0.5, 600, −1.0 −0.9 −0.8 −0.7 −0.6 −0.5", "0, 1, 140, 0.0 0.5 1.0", "76, 84, 300, 76 78 80 82 84",
        "0, 18000, 600, 0 5|000 10|000 15|000",
        "-0.3, 0.3, 600, −0.3 −0.2 −0.1 0.0 0.1 0.2 0.3", "3.0001, 3.0009, 600, 3.0002 3.0004 3.0006 3.0008",
        "0, 2e8, 600, 0 5×10⁷ 10⁸ 1.5×10⁸ 2×10⁸",
        "-3e-7, 3e-7, 700, −3×10⁻⁷ −2×10⁻⁷ −10⁻⁷ 0 10⁻⁷ 2×10⁻⁷ 3×10⁻⁷", "0, 1, 10, 0"})
    void roundAndApart(double low, double high, double pixels, String expected) {
        assertEquals(expected.replace('|', ','), String.join(" ", Ticks.linear(low, high, 0, pixels, WIDTH).labels()));
    }

    @ParameterizedTest
    @CsvSource({"-3, 3, 600, 0.001 0.01 0.1 1 10 100 1|000", "-8, 4, 400, 10⁻⁸ 10⁻⁶ 10⁻⁴ 10⁻² 1 10² 10⁴", "0, 1.1, 400, 1 2 5 10",
        "0.3, 0.6, 400, 2.0 2.5 3.0 3.5", "-300, 300, 500, 10⁻³⁰⁰ 10⁻²⁰⁰ 10⁻¹⁰⁰ 1 10¹⁰⁰ 10²⁰⁰ 10³⁰⁰",
        "-6.2, -4.9, 500, 10⁻⁶ 2×10⁻⁶ 5×10⁻⁶ 10⁻⁵"})
    void decadesOnLogarithmicAxes(double low, double high, double pixels, String expected) {
        assertEquals(expected.replace('|', ','), String.join(" ", Ticks.logarithmic(low, high, pixels, WIDTH).labels()));
    }

    /**
     * For any axis: steps of 1, 2 or 5, labels that are the places, all inside, none touching the next, at most eight, and where there is
     * room at least two.
     */
    @Test
    void holdsForAnyAxis() {
        var random = new Random(1);
        for (int i = 0; i < 1_000; i++) {
            double low = random.nextGaussian() * Math.pow(10, random.nextInt(18) - 9),
                span = Math.abs(low) * Math.pow(10, -random.nextInt(5)) + Math.pow(10, random.nextInt(12) - 6);
            double high = low + span, pixels = 60 + random.nextInt(900);
            Ticks ticks = Ticks.linear(low, high, 0, pixels, WIDTH);
            String text = low + " to " + high + " on " + pixels + ": " + Arrays.toString(ticks.labels());
            double mantissa = ticks.step() / Math.pow(10, Math.floor(Math.log10(ticks.step()) + 1e-9));
            assertTrue(Arrays.stream(new double[] {1, 2, 5}).anyMatch(m -> Math.abs(m - mantissa) < 1e-9), text);
            assertTrue(ticks.at().length >= 1 && ticks.at().length <= 8, text);
            if (pixels > 500 && span > 1e-3 * Math.abs(low)) assertTrue(ticks.at().length >= 2, text);
            for (int t = 0; t < ticks.at().length; t++) {
                assertTrue(ticks.at()[t] >= low - 1e-8 * span && ticks.at()[t] <= high + 1e-8 * span, text);
                if (t == 0) continue;
                double apart = (ticks.at()[t] - ticks.at()[t - 1]) / span * pixels;
                assertTrue(apart >= (WIDTH.applyAsDouble(ticks.labels()[t - 1]) + WIDTH.applyAsDouble(ticks.labels()[t])) / 2 - 1e-6, text);
            }
            assertEquals(ticks.labels().length, Arrays.stream(ticks.labels()).distinct().count(), text);
        }
    }

    /** How Plotly chooses from a number of ticks (its documentation of nticks): the next larger of 2, 5 and 10 times a power of ten. */
    @Test
    void plotlyChoosesTheSameStep() {
        var random = new Random(2);
        for (int i = 0; i < 1_000; i++) {
            double low = random.nextGaussian() * 100, high = low + Math.pow(10, random.nextDouble() * 6 - 2),
                pixels = 250 + random.nextInt(600);
            Ticks ticks = Ticks.linear(low, high, 0, pixels, WIDTH);
            double ratio = (high - low) / ticks.step();
            if (ratio < 1.1) continue;
            double rough = (high - low) / (Math.floor(ratio) + 1), base = Math.pow(10, Math.floor(Math.log10(rough)));
            double chosen = base * (rough / base < 2 ? 2 : rough / base < 5 ? 5 : 10);
            assertEquals(ticks.step(), chosen, 1e-9 * chosen, low + " to " + high + " on " + pixels);
        }
    }

    @Test
    void placesOfLogarithmicTicksAreLogarithms() {
        assertArrayEquals(new double[] {0, Math.log10(2), Math.log10(5), 1}, Ticks.logarithmic(0, 1.1, 400, WIDTH).at(), 1e-12);
        assertArrayEquals(new double[] {-3, -2, -1, 0}, Ticks.logarithmic(-3.2, 0.5, 400, WIDTH).at(), 1e-12);
    }
}
