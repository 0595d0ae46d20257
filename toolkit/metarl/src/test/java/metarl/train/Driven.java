package metarl.train;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import metarl.agent.Algorithm;
import metarl.agent.Learner;
import metarl.agent.Plan;
import metarl.agent.Problem;
import metarl.basics.RandomStream;
import metarl.nn.Adam;
import metarl.nn.Parameters;
import metarl.task.Task;

/** A learner that is driven call by call, as training does it, and that can be stopped, saved and taken up between any two calls. */
final class Driven implements AutoCloseable {
    private final List<Task> train;
    final Learner learner;
    private int calls;
    private int asked;

    Driven(Algorithm algorithm, List<Task> train, long seed) {
        this.train = train;
        learner = algorithm.learner(Problem.of(train), seed);
    }

    /** One collection or one update; what it collects depends on how many calls there were alone. */
    void advance() {
        calls++;
        if (learner.isDue() || asked > 0) {
            learner.update();
            asked = Math.max(0, asked - 1);
            return;
        }
        Plan plan = learner.plan();
        asked = plan.updates();
        if (asked == 0) learner.store(Rollout.of(plan, train, RandomStream.of(9, "collection " + calls)));
    }

    void advance(int times) {
        for (int i = 0; i < times; i++) advance();
    }

    /** Whether a plan is asked for next. */
    boolean plans() {
        return !learner.isDue() && asked == 0;
    }

    Map<String, String> checksums() {
        return learner.state().checksums();
    }

    /** All that there is to say of it. */
    record Saved(int calls, int asked, byte[] state, byte[] replay) {}

    Saved saved() throws IOException {
        var state = new ByteArrayOutputStream();
        var replay = new ByteArrayOutputStream();
        learner.state().save(new DataOutputStream(state));
        learner.state().saveReplay(new DataOutputStream(replay));
        return new Saved(calls, asked, state.toByteArray(), replay.toByteArray());
    }

    void load(Saved saved) throws IOException {
        learner.state().load(in(saved.state));
        learner.state().loadReplay(in(saved.replay));
        calls = saved.calls;
        asked = saved.asked;
    }

    private static DataInputStream in(byte[] bytes) {
        return new DataInputStream(new ByteArrayInputStream(bytes));
    }

    /** Takes over the networks of another one alone. */
    void loadNetworks(Driven other) throws IOException {
        var bytes = new ByteArrayOutputStream();
        other.learner.state().saveNetworks(new DataOutputStream(bytes));
        learner.state().loadNetworks(in(bytes.toByteArray()));
    }

    /** The networks and optimisers that its state has to free. */
    static List<AutoCloseable> resources(Learner learner) {
        var all = new ArrayList<AutoCloseable>();
        for (Object resource : (List<?>) field(learner.state(), "resources")) all.add((AutoCloseable) resource);
        return all;
    }

    /** What lies outside of Java's heap in the name of its networks and optimisers: arrays, and whatever else hangs on them. */
    static int arrays(Learner learner) {
        int count = 0;
        for (AutoCloseable resource : resources(learner)) {
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

    @Override
    public void close() {
        learner.close();
    }
}
