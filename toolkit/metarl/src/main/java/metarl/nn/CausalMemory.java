package metarl.nn;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import metarl.basics.Require;
import metarl.nn.TorchScript.Argument;

/**
 * What a {@link CausalStack} keeps of sequences that come one element at a time. A convolution of dilation d keeps P x of the last d
 * elements, in a ring; an attention keeps the keys and values of all. So the t-th element costs one matrix product per convolution, and t
 * products of a key and a query.
 *
 * <p>The numbers lie in Java's own memory beside the heap, where the operations change them in place.
 */
final class CausalMemory implements SequenceNetwork.Memory {
    private static final int FIRST_ROOM = 16;
    private static final String SMALLER = "the number of rows, longest or filters";

    private final CausalStack stack;
    private final NDList own;
    private final List<Kept> kept = new ArrayList<>();
    private int length;

    /** A buffer, as an array of this shape; one that grows has its elements in the second dimension. */
    private record Kept(ByteBuffer bytes, boolean grows, long first, long second, long third) {
        static Kept of(boolean grows, long first, long second, long third) {
            int numbers = Require.tensor("the past of sequences", SMALLER, first, second, third);
            return new Kept(ByteBuffer.allocateDirect(Float.BYTES * numbers), grows, first, second, third);
        }

        /** Shares the memory. */
        NDArray in(NDManager scope) {
            return scope.create(bytes.duplicate(), new Shape(first, second, third), DataType.FLOAT32);
        }

        /** The same of every row, and room for as much again. */
        Kept doubled() {
            Kept larger = of(true, first, 2 * second, third);
            int row = (int) (Float.BYTES * second * third);
            for (int i = 0; i < first; i++) larger.bytes.put(2 * i * row, bytes, i * row, row);
            return larger;
        }
    }

    CausalMemory(CausalStack stack, int rows, NDList own) {
        this.stack = stack;
        this.own = own;
        for (CausalUnit unit : stack.units()) {
            if (unit.kind() > 0) kept.add(Kept.of(false, unit.kind(), rows, 2L * unit.width()));
            if (unit.kind() < 0) {
                kept.add(Kept.of(true, rows, FIRST_ROOM, -unit.kind()));
                kept.add(Kept.of(true, rows, FIRST_ROOM, unit.width()));
            }
        }
    }

    @Override
    public NDArray step(NDArray elements) {
        stack.requireSeen(length + 1L);
        NDManager scope = elements.getManager();
        kept.replaceAll(each -> each.grows && each.second == length ? each.doubled() : each);
        var past = new NDList();
        for (Kept each : kept) past.add(each.in(scope));
        try {
            NDArray said = Gradients.unrecorded(() -> TorchScript.call("causal_step", Argument.of(elements),
                Argument.of(stack.plan(scope, length)), Argument.list("w", own), Argument.list("past", past))).head();
            length++;
            return said;
        } catch (EngineException e) {
            throw stack.explained(elements, 2, own, e);
        }
    }
}
