package metarl.agent;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/** Settings of an algorithm by name: components of its record, or of settings that it is built on. */
final class SettingsOf {
    private SettingsOf() {}

    static int value(Algorithm algorithm, String setting) {
        for (RecordComponent c : algorithm.getClass().getRecordComponents()) {
            Object value = call(c.getAccessor(), algorithm);
            if (c.getName().equals(setting)) return ((Number) value).intValue();
            if (value instanceof Algorithm base) return value(base, setting);
        }
        throw new IllegalArgumentException(algorithm.name() + " has no setting '" + setting + "'");
    }

    static Algorithm with(Algorithm algorithm, String setting, int value) {
        RecordComponent[] components = algorithm.getClass().getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = call(components[i].getAccessor(), algorithm);
            if (components[i].getName().equals(setting)) values[i] = value;
            else if (values[i] instanceof Algorithm base) values[i] = with(base, setting, value);
        }
        try {
            return algorithm.getClass()
                .getDeclaredConstructor(Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new))
                .newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object call(Method accessor, Object record) {
        try {
            return accessor.invoke(record);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }
}
