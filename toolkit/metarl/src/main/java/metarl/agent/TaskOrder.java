package metarl.agent;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import metarl.basics.RandomStream;
import metarl.basics.StoredNumbers;

/** The train tasks one after the other in random order; each comes once before any comes again. */
public final class TaskOrder {
    private final int tasks;
    private final RandomStream stream;
    private int[] order = {};
    private int position;

    /** An order of this many tasks, drawn from the stream "task order" of a seed. */
    public TaskOrder(int tasks, long seed) {
        this(tasks, RandomStream.of(seed, "task order"));
    }

    private TaskOrder(int tasks, RandomStream stream) {
        this.tasks = tasks;
        this.stream = stream;
    }

    /** What {@link #next} would give; the order stays where it is. */
    public int[] peek(int count) {
        var copy = new TaskOrder(tasks, stream.copy());
        copy.order = order;
        copy.position = position;
        return copy.next(count);
    }

    /** The next tasks. */
    public int[] next(int count) {
        int[] drawn = new int[count];
        for (int i = 0; i < count; i++) {
            if (position == order.length) {
                order = stream.permutation(tasks);
                position = 0;
            }
            drawn[i] = order[position++];
        }
        return drawn;
    }

    /** Writes where it stands. */
    public void save(DataOutputStream out) throws IOException {
        out.writeLong(stream.state());
        out.writeInt(position);
        StoredNumbers.writeCounted(out, order);
    }

    /** Reads what {@link #save} wrote. */
    public void load(DataInputStream in) throws IOException {
        stream.set(in.readLong());
        position = in.readInt();
        order = StoredNumbers.readCounted(in, 0, tasks - 1);
        if (position < 0 || position > order.length)
            throw new IOException("the stored order of " + order.length + " tasks stands at " + position);
    }
}
