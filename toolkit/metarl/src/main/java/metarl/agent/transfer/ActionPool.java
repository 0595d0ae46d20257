package metarl.agent.transfer;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.random.RandomGenerator;
import metarl.basics.StoredNumbers;

/**
 * Recent actions that a discriminator is shown again (the image pool of CycleGAN, Zhu et al. 2017): until the pool is full, actions are
 * taken in and passed on; then each is passed on, or, as likely, takes the place of one in the pool, which is passed on.
 */
final class ActionPool {
    private final int actionSize;
    private final float[] held;
    private int count;

    ActionPool(int size, int actionSize) {
        this.actionSize = actionSize;
        held = new float[size * actionSize];
    }

    /** What is passed on for these actions, rows × action. */
    float[] exchanged(float[] actions, RandomGenerator random) {
        float[] passed = actions.clone();
        for (int at = 0; at < actions.length; at += actionSize) {
            if (count < held.length / actionSize) {
                System.arraycopy(actions, at, held, count++ * actionSize, actionSize);
            } else if (random.nextBoolean()) {
                int place = random.nextInt(count) * actionSize;
                System.arraycopy(held, place, passed, at, actionSize);
                System.arraycopy(actions, at, held, place, actionSize);
            }
        }
        return passed;
    }

    void save(DataOutputStream out) throws IOException {
        out.writeInt(count);
        StoredNumbers.writeCounted(out, held);
    }

    void load(DataInputStream in) throws IOException {
        int stored = in.readInt();
        if (stored < 0 || stored > held.length / actionSize)
            throw new IOException("the pool holds " + stored + " actions, expected at most " + held.length / actionSize);
        float[] values = StoredNumbers.readCounted(in, held.length);
        System.arraycopy(values, 0, held, 0, held.length);
        count = stored;
    }
}
