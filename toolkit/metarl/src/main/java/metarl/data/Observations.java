package metarl.data;

import java.util.ArrayList;
import java.util.List;

/** What was seen in an episode, in order; pictures take a byte per entry, and equal ones are kept once. */
final class Observations {
    /** Short vectors are small as they are. */
    private static final int LONG = 256;

    /** Vectors, or pictures as bytes. */
    private final List<Object> all = new ArrayList<>();
    /** Made with the first picture. */
    private Pictures pictures;

    /** Whether it is kept as bytes. */
    boolean add(double[] observation) {
        byte[] bytes = observation == null || observation.length < LONG ? null : Pictures.bytes(observation);
        if (bytes == null) {
            all.add(observation);
            return false;
        }
        if (pictures == null) pictures = new Pictures();
        all.add(pictures.number(bytes));
        return true;
    }

    double[] get(int t) {
        return all.get(t) instanceof Integer number ? pictures.picture(number) : (double[]) all.get(t);
    }
}
