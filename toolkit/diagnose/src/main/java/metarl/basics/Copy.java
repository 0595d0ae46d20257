package metarl.basics;

import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Changed copies of records, by name: {@code return Copy.with(this, "hidden", hidden);}. A copy is made by the canonical constructor and
 * passes its checks.
 */
public final class Copy {
    private static final ClassValue<Shape> SHAPES = new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
            return Shape.of(type);
        }
    };

    private Copy() {}

    /**
     * A copy that has another value in one component.
     *
     * @param component its name
     * @param value of the component's own type: an {@code Integer} for an {@code int}, and no other number
     * @return a new record; what the canonical constructor throws comes out as it is
     * @throws IllegalArgumentException if the record has no such component, or the value is not of its type
     */
    @SuppressWarnings("unchecked")
    public static <R extends Record> R with(R record, String component, Object value) {
        Shape shape = SHAPES.get(record.getClass());
        Object[] values = shape.values(record);
        shape.put(values, component, value);
        return (R) shape.make(values);
    }

    /** The components of a record by name, in order. */
    public static Map<String, Object> components(Record record) {
        Shape shape = SHAPES.get(record.getClass());
        Object[] values = shape.values(record);
        var named = new LinkedHashMap<String, Object>();
        for (int i = 0; i < values.length; i++) named.put(shape.components[i].getName(), values[i]);
        return named;
    }

    /** What is needed of a record's class, looked up once. */
    private record Shape(RecordComponent[] components, Constructor<?> canonical) {
        static Shape of(Class<?> type) {
            RecordComponent[] components = type.getRecordComponents();
            try {
                Constructor<?> canonical = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class[]::new));
                // a record may be less public than this class
                canonical.setAccessible(true);
                for (RecordComponent component : components) component.getAccessor().setAccessible(true);
                return new Shape(components, canonical);
            } catch (NoSuchMethodException e) {
                throw new IllegalStateException(type + " has no canonical constructor", e);
            }
        }

        Object[] values(Record record) {
            Object[] values = new Object[components.length];
            for (int i = 0; i < values.length; i++) {
                Method accessor = components[i].getAccessor();
                values[i] = called(() -> accessor.invoke(record));
            }
            return values;
        }

        void put(Object[] values, String name, Object value) {
            int at = names().indexOf(name);
            if (at < 0) throw new IllegalArgumentException(
                type() + " has no component '" + name + "'; expected one of " + String.join(", ", names()));
            Class<?> expected = components[at].getType();
            boolean fits = value == null ? !expected.isPrimitive() : MethodType.methodType(expected).wrap().returnType().isInstance(value);
            if (!fits) throw new IllegalArgumentException(name + " of " + type() + " is " + value
                + (value == null ? "" : " (" + value.getClass().getSimpleName() + ")") + ", expected a value of type "
                + expected.getSimpleName());
            values[at] = value;
        }

        Object make(Object[] values) {
            return called(() -> canonical.newInstance(values));
        }

        private String type() {
            return canonical.getDeclaringClass().getSimpleName();
        }

        private List<String> names() {
            return Arrays.stream(components).map(RecordComponent::getName).toList();
        }
    }

    private interface Call {
        Object call() throws ReflectiveOperationException;
    }

    /** What is thrown is never checked: neither an accessor nor a canonical constructor may declare that. */
    private static Object called(Call call) {
        try {
            return call.call();
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Error error) throw error;
            throw (RuntimeException) e.getCause();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
