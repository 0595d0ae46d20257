package metarl.basics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Settings come back from a file as they were, and nothing else is taken for them. */
class StoredRecordTest {
    private enum Kind {
        PLAIN, OTHER
    }

    private record Settings(int count, long many, double rate, boolean on, Kind kind, List<Integer> widths, List<Double> decays) {
        Settings {
            Require.count(count, 1, "count", "at least 1");
        }
    }

    private record Renamed(int number) {}

    private record Unstorable(Object what) {}

    private static byte[] bytes(Record record) throws IOException {
        var bytes = new ByteArrayOutputStream();
        StoredRecord.write(new DataOutputStream(bytes), record);
        return bytes.toByteArray();
    }

    private static <R extends Record> R read(byte[] bytes, Class<R> type) throws IOException {
        return StoredRecord.read(new DataInputStream(new ByteArrayInputStream(bytes)), type);
    }

    @Test
    void everyKindOfComponentComesBack() throws IOException {
        var settings = new Settings(3, 1L << 40, 2.5e-5, true, Kind.OTHER, List.of(256, 64), List.of(0.1, 0.2));
        assertEquals(settings, read(bytes(settings), Settings.class));
        var empty = new Settings(1, -1, 0, false, Kind.PLAIN, List.of(), List.of());
        assertEquals(empty, read(bytes(empty), Settings.class));
    }

    @Test
    void othersAreRefused() throws IOException {
        byte[] good = bytes(new Settings(3, 1, 1, true, Kind.OTHER, List.of(256), List.of(0.1)));
        assertTrue(assertThrows(IOException.class, () -> read(good, Renamed.class)).getMessage()
            .contains("the setting 'count' where 'number' is expected"));
        byte[] zero = good.clone();
        zero[10] = 0;
        assertTrue(assertThrows(IOException.class, () -> read(zero, Settings.class)).getMessage().contains("count is 0, expected"));
        byte[] kind = good.clone();
        int at = new String(good, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("OTHER");
        kind[at] = 'X';
        assertTrue(assertThrows(IOException.class, () -> read(kind, Settings.class)).getMessage().contains("'XTHER'"));
        byte[] list = good.clone();
        list[at + 5 + 8] = -1;
        assertTrue(assertThrows(IOException.class, () -> read(list, Settings.class)).getMessage().contains("the list widths announces"));
        assertThrows(IOException.class, () -> read(new byte[5], Settings.class));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> bytes(new Unstorable("text"))).getMessage().contains("what is text"));
    }
}
