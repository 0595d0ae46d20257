package metarl.notebook;

import java.lang.reflect.Field;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.DataWriter;
import tech.tablesaw.io.WriterRegistry;

/**
 * Lets {@code table.write().toFile("x.xlsx")} say which endings there are. Tablesaw itself empties the file first and then fails with a
 * NullPointerException, because it finds no writer for the ending.
 */
final class TableFiles {
    /** The writers by ending, which refuses any other. */
    private static final class Writers extends HashMap<String, DataWriter<?>> {
        private static final long serialVersionUID = 1L;

        private Writers(Map<String, DataWriter<?>> writers) {
            super(writers);
        }

        @Override
        public DataWriter<?> get(Object ending) {
            DataWriter<?> writer = super.get(ending);
            if (writer != null) return writer;
            var endings = new TreeSet<>(keySet());
            throw new IllegalArgumentException("a table cannot be written as '." + ending + "'; expected a name that ends in ."
                + String.join(" or .", endings) + ". Nothing was written.");
        }
    }

    private TableFiles() {}

    /** From now on, in this JVM. Calling it again does nothing more. */
    static void refuseOtherEndings() {
        // writers register when the class is first used
        Table.create("", List.of()).write();
        try {
            Field field = WriterRegistry.class.getDeclaredField("extensionsRegistry");
            field.setAccessible(true);
            @SuppressWarnings("unchecked")
            var writers = (Map<String, DataWriter<?>>) field.get(Table.defaultWriterRegistry);
            if (!(writers instanceof Writers)) field.set(Table.defaultWriterRegistry, new Writers(writers));
        } catch (ReflectiveOperationException | RuntimeException e) {
            // another version of Tablesaw: its own words have to do
        }
    }
}
