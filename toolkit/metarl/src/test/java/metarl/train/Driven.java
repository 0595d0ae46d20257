package metarl.train;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import metarl.agent.Algorithm;
import metarl.agent.Learner;
import metarl.agent.Plan;
import metarl.agent.Problem;
import metarl.basics.RandomStream;
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

    @Override
    public void close() {
        learner.close();
    }
}
