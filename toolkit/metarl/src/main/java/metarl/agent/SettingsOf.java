package metarl.agent;

import java.util.Map;
import metarl.basics.Copy;

/** Settings of an algorithm by name: components of its record, or of settings that it is built on. */
final class SettingsOf {
    private SettingsOf() {}

    static int value(Algorithm algorithm, String setting) {
        for (Map.Entry<String, Object> c : Copy.components((Record) algorithm).entrySet()) {
            if (c.getKey().equals(setting)) return ((Number) c.getValue()).intValue();
            if (c.getValue() instanceof Algorithm base) return value(base, setting);
        }
        throw new IllegalArgumentException(algorithm.name() + " has no setting '" + setting + "'");
    }

    static Algorithm with(Algorithm algorithm, String setting, int value) {
        Record copy = (Record) algorithm;
        for (Map.Entry<String, Object> c : Copy.components(copy).entrySet()) {
            if (c.getKey().equals(setting)) copy = Copy.with(copy, setting, c.getValue() instanceof Long ? (Object) (long) value : value);
            else if (c.getValue() instanceof Algorithm base) copy = Copy.with(copy, c.getKey(), with(base, setting, value));
        }
        return (Algorithm) copy;
    }
}
