package metarl.diagnose;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import metarl.BadInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class WeightsTest {
    private static double[] uniform(int n, long seed) {
        double[] out = new double[n];
        long state = seed;
        for (int i = 0; i < n; i++) {
            state = 6364136223846793005L * state + 1442695040888963407L;
            out[i] = ((state >>> 11) + 0.5) / (1L << 53);
        }
        return out;
    }

    private static double[] each(double[] values, java.util.function.DoubleUnaryOperator f) {
        return Arrays.stream(values).map(f).toArray();
    }

    private static double nearlyLognormal(double[] twelve) {
        double z = 0;
        for (double u : twelve) z += u;
        double w = 1 + (z - 6) / 1024;
        for (int i = 0; i < 10; i++) w *= w;
        return w;
    }

    /** The sets of psis_twin.py, to the last bit before their logarithms. */
    private static double[] twin(String set, int n) {
        return switch (set) {
            case "bounded" -> each(uniform(n, 1), u -> 2 * u);
            case "shape 1/4" -> each(uniform(n, 2), u -> 1 / Math.sqrt(Math.sqrt(u)));
            case "shape 1/2" -> each(uniform(n, 3), u -> 1 / Math.sqrt(u));
            case "shape 1" -> each(uniform(n, 4), u -> 1 / u);
            case "shape 3/2" -> each(uniform(n, 5), u -> 1 / (u * Math.sqrt(u)));
            case "lognormal" -> {
                double[] u = uniform(12 * n, 6);
                yield IntStream.range(0, n).mapToDouble(i -> nearlyLognormal(Arrays.copyOfRange(u, 12 * i, 12 * i + 12))).toArray();
            }
            case "integers" -> each(uniform(n, 7), u -> Math.floor(1 / u));
            case "with zeros" -> each(uniform(n, 8), u -> Math.max(0, 1 / Math.sqrt(u) - 1.2));
            case "far apart" -> each(uniform(n, 9), u -> 1 / u);
            default -> throw new AssertionError(set);
        };
    }

    static Stream<String> twins() throws Exception {
        try (var in = new BufferedReader(new InputStreamReader(WeightsTest.class.getResourceAsStream("psis_twin.csv")))) {
            return in.lines().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("twins")
    void psisEqualsArviz(String line) {
        String[] cells = line.split(",");
        int n = Integer.parseInt(cells[1]);
        double[] logs = each(twin(cells[0], n), w -> Math.log(w) * (cells[0].equals("far apart") ? 100 : 1));
        Psis psis = ImportanceWeights.ofLog(logs).psis();
        double khat = Double.parseDouble(cells[2]);
        assertEquals(khat, psis.khat(), 1e-10 * Math.max(1, Math.abs(khat)));
        double logSum = Double.parseDouble(cells[3]), ess = Double.parseDouble(cells[4]);
        assertEquals(logSum, psis.logSum(), 1e-10 * Math.max(1, Math.abs(logSum)));
        assertEquals(ess, ImportanceWeights.ofLog(psis.smoothedLogWeights()).ess().value(), 1e-9 * ess);
        for (String cell : Arrays.asList(cells).subList(6, 6 + Integer.parseInt(cells[5]))) {
            String[] pair = cell.split(":");
            double value = Double.parseDouble(pair[1]);
            assertEquals(value, psis.smoothedLogWeights()[Integer.parseInt(pair[0])], 1e-10 * Math.max(1, Math.abs(value)));
        }
    }
}
