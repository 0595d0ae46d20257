package metarl.agent;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import metarl.nn.Adam;
import metarl.nn.Parameters;

/** What a learner holds outside of Java's heap, looked at from outside. */
public final class Resources {
    private Resources() {}

    /** The networks and optimisers that its state has to free. */
    public static List<AutoCloseable> of(Learner learner) {
        var all = new ArrayList<AutoCloseable>();
        for (Object resource : (List<?>) field(learner.state(), "resources")) all.add((AutoCloseable) resource);
        return all;
    }

    /** What lies outside of Java's heap in the name of its networks and optimisers: arrays, and whatever else hangs on them. */
    public static int arrays(Learner learner) {
        int count = 0;
        for (AutoCloseable resource : of(learner)) {
            Object manager = resource instanceof Parameters p ? p.manager() : field((Adam) resource, "manager");
            count += ((ConcurrentHashMap<?, ?>) field(manager, "resources")).size();
        }
        return count;
    }

    private static Object field(Object object, String name) {
        for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass())
            for (Field field : type.getDeclaredFields()) {
                if (!field.getName().equals(name)) continue;
                try {
                    field.setAccessible(true);
                    return field.get(object);
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException(e);
                }
            }
        throw new IllegalStateException(object.getClass() + " has no field " + name);
    }
}
