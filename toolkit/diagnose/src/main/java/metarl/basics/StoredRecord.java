package metarl.basics;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Records of settings in binary files: each component behind its name, so that a file of other settings is refused by a sentence.
 * Components are whole and real numbers, truth values, enums, lists of numbers, and records of such.
 */
public final class StoredRecord {
    private static final int MOST = 10_000;

    private StoredRecord() {}

    /**
     * Writes the components.
     *
     * @throws IllegalArgumentException if one is of another type
     */
    public static void write(DataOutputStream out, Record record) throws IOException {
        for (Map.Entry<String, Object> component : Copy.components(record).entrySet()) {
            out.writeUTF(component.getKey());
            if (component.getValue() instanceof List<?> list) {
                out.writeInt(list.size());
                for (Object value : list) writeValue(out, component.getKey(), value);
            } else writeValue(out, component.getKey(), component.getValue());
        }
    }

    private static void writeValue(DataOutputStream out, String name, Object value) throws IOException {
        if (value instanceof Integer number) out.writeInt(number);
        else if (value instanceof Long number) out.writeLong(number);
        else if (value instanceof Double number) out.writeDouble(number);
        else if (value instanceof Boolean truth) out.writeBoolean(truth);
        else if (value instanceof Enum<?> constant) out.writeUTF(constant.name());
        else if (value instanceof Record part) write(out, part);
        else throw Require.refused(name, value,
            "a number, a truth value, an enum, a list of numbers or a record of these: nothing else can be stored");
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @return a record that has passed the checks of its constructor
     * @throws IOException if it was written by another record, or a value is refused
     */
    public static <R extends Record> R read(DataInputStream in, Class<R> type) throws IOException {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            String name = in.readUTF();
            if (!name.equals(components[i].getName()))
                throw new IOException("it holds the setting '" + name + "' where '" + components[i].getName() + "' is expected");
            types[i] = components[i].getType();
            values[i] = types[i] == List.class ? readList(in, components[i]) : readValue(in, types[i], name);
        }
        try {
            var canonical = type.getDeclaredConstructor(types);
            canonical.setAccessible(true);
            return canonical.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IOException("the settings are refused: " + (e.getCause() == null ? e : e.getCause().getMessage()), e);
        }
    }

    private static List<Object> readList(DataInputStream in, RecordComponent component) throws IOException {
        int size = in.readInt();
        if (size < 0 || size > MOST) throw new IOException("the list " + component.getName() + " announces " + size + " entries");
        boolean whole = component.getGenericType().getTypeName().contains("Integer");
        var list = new ArrayList<Object>();
        for (int i = 0; i < size; i++) list.add(readValue(in, whole ? int.class : double.class, component.getName()));
        return list;
    }

    private static Object readValue(DataInputStream in, Class<?> type, String name) throws IOException {
        if (type == int.class) return in.readInt();
        if (type == long.class) return in.readLong();
        if (type == double.class) return in.readDouble();
        if (type == boolean.class) return in.readBoolean();
        if (type.isRecord()) return read(in, type.asSubclass(Record.class));
        String constant = in.readUTF();
        for (Object known : type.getEnumConstants() == null ? new Object[0] : type.getEnumConstants())
            if (((Enum<?>) known).name().equals(constant)) return known;
        throw new IOException("the setting " + name + " is '" + constant + "', which is not known here");
    }
}
