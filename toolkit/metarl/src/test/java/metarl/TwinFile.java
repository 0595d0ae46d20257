package metarl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Numbers that a script in Python wrote beside a test: per row a name, then values. */
public final class TwinFile {
    private final Map<String, double[]> rows = new LinkedHashMap<>();

    /** Reads {@code name} from the resources of the test's package. */
    public TwinFile(Class<?> test, String name) {
        try (var in = new BufferedReader(new InputStreamReader(test.getResourceAsStream(name), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] cells = line.split(",");
                rows.put(cells[0], Arrays.stream(cells).skip(1).mapToDouble(Double::parseDouble).toArray());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The values of one row. */
    public double[] row(String name) {
        double[] row = rows.get(name);
        assertNotNull(row, "no row '" + name + "' among " + rows.keySet());
        return row;
    }

    /** The values of a row are these, each within {@code tolerance} · max(1, |value|). */
    public void requireEqual(String name, double[] values, double tolerance) {
        double[] row = row(name);
        assertEquals(row.length, values.length, name);
        for (int i = 0; i < row.length; i++)
            assertEquals(row[i], values[i], tolerance * Math.max(1, Math.abs(row[i])), name + ", entry " + i);
    }

    /** The same for numbers of single precision. */
    public void requireEqual(String name, float[] values, double tolerance) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) wide[i] = values[i];
        requireEqual(name, wide, tolerance);
    }

    /** Numbers in [−scale/2, scale/2] that jump about, as the scripts make them. */
    public static double[] numbers(int count, int factor, double scale) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) values[i] = (i * (long) factor % 101 - 50) / 101.0 * scale;
        return values;
    }

    /** The same in single precision. */
    public static float[] floats(int count, int factor, double scale) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (float) ((i * (long) factor % 101 - 50) / 101.0 * scale);
        return values;
    }

    /** All numbers of these arrays, one after the other. */
    public static float[] flat(NDList arrays) {
        float[] all = new float[(int) arrays.stream().mapToLong(NDArray::size).sum()];
        int at = 0;
        for (NDArray array : arrays) {
            System.arraycopy(array.toFloatArray(), 0, all, at, (int) array.size());
            at += (int) array.size();
        }
        return all;
    }
}
