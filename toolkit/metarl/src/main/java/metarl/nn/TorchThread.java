package metarl.nn;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * Makes the numbers of this thread independent of what ran in it before.
 *
 * <p>PyTorch tells a thread how many helpers it may use only when it first does something large enough to be shared. Until then the
 * libraries below it use one helper per core, sums are added in another order, and the last digits are others: a training resumed in a
 * fresh thread would differ from one that went on.
 */
public final class TorchThread {
    /** PyTorch shares an operation on this many numbers. */
    private static final int SHARED = 1 << 15;
    private static final ThreadLocal<Boolean> PREPARED = ThreadLocal.withInitial(TorchThread::prepared);

    private TorchThread() {}

    /** To be called before the first number is computed; calling it again costs nothing. */
    public static void prepare() {
        PREPARED.get();
    }

    private static boolean prepared() {
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            return scope.zeros(new Shape(SHARED)).add(scope.ones(new Shape(SHARED))).size() == SHARED;
        }
    }
}
