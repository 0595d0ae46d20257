package metarl.agent.classical;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;

/** Steps between numbered states, the newest in place of the oldest once there is no more room. */
final class StoredSteps {
    /** Of one step. */
    static final long BYTES = 4 * Integer.BYTES + 2 * Double.BYTES;
    private static final int LEAST = 64, ENDED = 1, HALVED = 2, FOREIGN = 4;

    private final int capacity;
    private int[] states = {}, actions = {}, nextStates = {}, marks = {};
    private double[] rewards = {}, weights = {};
    private int size, next;

    StoredSteps(int capacity) {
        this.capacity = capacity;
    }

    /** One step: y is r alone where it ended the episode. */
    record Stored(int state, int action, double reward, int nextState, boolean ended, double weight, boolean halved, boolean foreign) {}

    int size() {
        return size;
    }

    void add(Stored step) {
        room();
        states[next] = step.state;
        actions[next] = step.action;
        nextStates[next] = step.nextState;
        rewards[next] = step.reward;
        weights[next] = step.weight;
        marks[next] = (step.ended ? ENDED : 0) | (step.halved ? HALVED : 0) | (step.foreign ? FOREIGN : 0);
        next = (next + 1) % capacity;
        size = Math.min(capacity, size + 1);
    }

    /** Arrays grow with what there is, so that a large capacity costs nothing before it is used. */
    private void room() {
        if (size < states.length || states.length == capacity) return;
        int length = (int) Math.min(capacity, Math.max(LEAST, 2L * states.length));
        states = Arrays.copyOf(states, length);
        actions = Arrays.copyOf(actions, length);
        nextStates = Arrays.copyOf(nextStates, length);
        marks = Arrays.copyOf(marks, length);
        rewards = Arrays.copyOf(rewards, length);
        weights = Arrays.copyOf(weights, length);
    }

    Stored get(int i) {
        return new Stored(states[i], actions[i], rewards[i], nextStates[i], (marks[i] & ENDED) != 0, weights[i], (marks[i] & HALVED) != 0,
            (marks[i] & FOREIGN) != 0);
    }

    void save(DataOutputStream out) throws IOException {
        out.writeInt(size);
        out.writeInt(next);
        for (int i = 0; i < size; i++) {
            out.writeInt(states[i]);
            out.writeInt(actions[i]);
            out.writeInt(nextStates[i]);
            out.writeInt(marks[i]);
            out.writeDouble(rewards[i]);
            out.writeDouble(weights[i]);
        }
    }

    void load(DataInputStream in) throws IOException {
        int held = in.readInt(), at = in.readInt();
        size = 0;
        next = 0;
        for (int i = 0; i < held; i++) {
            int state = in.readInt(), action = in.readInt(), nextState = in.readInt(), mark = in.readInt();
            add(new Stored(state, action, in.readDouble(), nextState, (mark & ENDED) != 0, in.readDouble(), (mark & HALVED) != 0,
                (mark & FOREIGN) != 0));
        }
        next = at;
    }
}
