package metarl.agent;

import java.util.Map;
import metarl.basics.Copy;

/** Settings of an algorithm by name: components of its record, or of a record of settings that it holds. */
final class SettingsOf {
    private SettingsOf() {}

    static int value(Algorithm algorithm, String setting) {
        Number value = value((Record) algorithm, setting);
        if (value == null) throw new IllegalArgumentException(algorithm.name() + " has no setting '" + setting + "'");
        return value.intValue();
    }

    private static Number value(Record settings, String setting) {
        for (Map.Entry<String, Object> c : Copy.components(settings).entrySet()) {
            if (c.getKey().equals(setting)) return (Number) c.getValue();
            Number within = c.getValue() instanceof Record part ? value(part, setting) : null;
            if (within != null) return within;
        }
        return null;
    }

    static Algorithm with(Algorithm algorithm, String setting, int value) {
        return (Algorithm) with((Record) algorithm, setting, value);
    }

    private static Record with(Record settings, String setting, int value) {
        Record copy = settings;
        for (Map.Entry<String, Object> c : Copy.components(copy).entrySet()) {
            if (c.getKey().equals(setting)) copy = Copy.with(copy, setting, c.getValue() instanceof Long ? (Object) (long) value : value);
            else if (c.getValue() instanceof Record part) copy = Copy.with(copy, c.getKey(), with(part, setting, value));
        }
        return copy;
    }
}
