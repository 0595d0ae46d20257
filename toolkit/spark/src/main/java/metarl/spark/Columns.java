package metarl.spark;

import java.io.Serializable;
import java.util.Arrays;
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
        if (!text[place]) return Double.toString(row.getDouble(place));
        UTF8String found = row.getUTF8String(place);
        return found.toString();
    }

    /** A row as checks ask for it; the same object serves one row after the other. */
    final class Cursor implements Cells {
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
            return Columns.this.text(row, places[role.ordinal()]);
        }
    }
}
