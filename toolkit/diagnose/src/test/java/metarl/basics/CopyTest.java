package metarl.basics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Copies go through the constructor; a wrong name or type is refused by a sentence. */
class CopyTest {
    /** Of every kind of component; the name must not be "refused", and an error may be asked for. */
    private record Mixed(int count, double rate, boolean on, String name, List<String> list, double[] array) {
        Mixed {
            Require.count(count, 1, "count", "at least 1");
            if ("error".equals(name)) throw new AssertionError("asked for");
            list = List.copyOf(list);
            array = array.clone();
        }

        @Override
        public double[] array() {
            return array.clone();
        }
    }

    private record Generic<T>(T value, long seed) {}

    private record Empty() {}

    private static final Mixed MIXED = new Mixed(3, 0.5, true, "a", List.of("x"), new double[] {1, 2});

    @Test
    void oneComponentChangesAndTheOthersStay() {
        Mixed changed = Copy.with(MIXED, "count", 4);
        assertEquals("4 0.5 true a [x]",
            changed.count() + " " + changed.rate() + " " + changed.on() + " " + changed.name() + " " + changed.list());
        assertArrayEquals(new double[] {1, 2}, changed.array());
        assertEquals(0.25, Copy.with(MIXED, "rate", 0.25).rate());
        assertEquals(false, Copy.with(MIXED, "on", false).on());
        assertNull(Copy.with(MIXED, "name", null).name());
        assertEquals(List.of("y", "z"), Copy.with(MIXED, "list", Arrays.asList("y", "z")).list());
        assertArrayEquals(new double[] {7}, Copy.with(MIXED, "array", new double[] {7}).array());
        assertEquals(new Generic<>("b", 2), Copy.with(new Generic<>("a", 2), "value", "b"));
        assertEquals(3, MIXED.count());
    }

    @Test
    void whatTheConstructorThrowsComesOutAsItIs() {
        var refused = assertThrows(IllegalArgumentException.class, () -> Copy.with(MIXED, "count", 0));
        assertEquals("count is 0, expected at least 1", refused.getMessage());
        assertEquals("asked for", assertThrows(AssertionError.class, () -> Copy.with(MIXED, "name", "error")).getMessage());
        assertThrows(NullPointerException.class, () -> Copy.with(MIXED, "list", null));
    }

    @Test
    void aWrongNameOrTypeIsRefused() {
        assertEquals("Mixed has no component 'width'; expected one of count, rate, on, name, list, array", refused("width", 1));
        assertEquals("rate of Mixed is 1 (Integer), expected a value of type double", refused("rate", 1));
        assertEquals("count of Mixed is null, expected a value of type int", refused("count", null));
        assertEquals("name of Mixed is 1.0 (Double), expected a value of type String", refused("name", 1.0));
        assertThrows(IllegalArgumentException.class, () -> Copy.with(new Empty(), "any", 1));
    }

    private static String refused(String component, Object value) {
        return assertThrows(IllegalArgumentException.class, () -> Copy.with(MIXED, component, value)).getMessage();
    }

    @Test
    void tenThousandCopiesTakeLessThanASecondOfCpuTime() {
        Mixed copy = MIXED;
        var thread = ManagementFactory.getThreadMXBean();
        long start = thread.getCurrentThreadCpuTime();
        for (int i = 1; i <= 10_000; i++) copy = Copy.with(copy, "count", i);
        double seconds = (thread.getCurrentThreadCpuTime() - start) / 1e9;
        assertEquals(10_000, copy.count());
        assertSame(MIXED.name(), copy.name());
        assertTrue(seconds < 1, "10,000 copies took " + seconds + " s of CPU time");
    }
}
