package metarl.spark;

import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import metarl.diagnose.log.CheckedWeights.Cells;
import metarl.diagnose.log.CheckedWeights.Role;
import metarl.diagnose.log.NumberText;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Where the cells of a row are, and how they are read: doubles, or text that says numbers.
 *
 * @param places of what each role asks for, by {@link Role#ordinal}; −1 for nothing
 * @param text whether the cells of a place are text
 */
record Columns(int[] places, boolean[] text) implements Serializable {
    static Columns of(Map<Role, Integer> places, boolean[] text) {
        int[] all = new int[Role.values().length];
        Arrays.fill(all, -1);
        places.forEach((role, place) -> all[role.ordinal()] = place);
        return new Columns(all, text);
    }

    /** The number at a place; NaN where there is none. */
    double number(InternalRow row, int place) {
        if (row.isNullAt(place)) return Double.NaN;
        return text[place] ? NumberText.parse(row.getUTF8String(place).toString()) : row.getDouble(place);
    }

    /** The text at a place; null where there is nothing. */
    String text(InternalRow row, int place) {
        if (row.isNullAt(place)) return null;
        return text[place] ? row.getUTF8String(place).toString() : Double.toString(row.getDouble(place));
    }

    /** A row as checks ask for it; the same object serves one row after the other. */
    final class Cursor implements Cells {
        /** So many names of groups are kept, so that not each row makes its own. */
        private static final int MOST_NAMES = 10_000;

        private final Map<UTF8String, String> names = new HashMap<>();
        private InternalRow row;

        Cursor at(InternalRow next) {
            row = next;
            return this;
        }

        @Override
        public double number(Role role) {
            return Columns.this.number(row, places[role.ordinal()]);
        }

        @Override
        public String text(Role role) {
            int place = places[role.ordinal()];
            return role == Role.GROUP && !row.isNullAt(place) ? name(row.getUTF8String(place)) : Columns.this.text(row, place);
        }

        private String name(UTF8String found) {
            String known = names.get(found);
            if (known != null) return known;
            if (names.size() == MOST_NAMES) names.clear();
            String name = found.toString();
            // what is found lies in memory that the next row uses again
            names.put(found.copy(), name);
            return name;
        }
    }
}
