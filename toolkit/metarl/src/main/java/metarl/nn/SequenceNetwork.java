package metarl.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

/**
 * A network that reads sequences and answers after every element: what it says after element t is a function of the elements 1 … t. A
 * recurrent unit is one, a stack of causal convolutions with attention another.
 *
 * <p>The three ways to run it must give the same numbers but for rounding: {@link #outputs} on whole sequences, {@link #pass} on whole
 * sequences for a loss, and {@link #start} with one element at a time. In all of them {@code own} are the arrays of this network alone.
 */
public interface SequenceNetwork extends Network {
    /** Size of one element of a sequence. */
    int inputs();

    /** Size of what is said after each element. */
    int outputs();

    /**
     * What is said after each element, without a gradient.
     *
     * @param sequences rows × length × inputs
     * @param own this network's arrays
     * @return length × rows × outputs, in the manager of {@code sequences}
     */
    NDArray outputs(NDArray sequences, NDList own);

    /** The same for a loss that will be differentiated for {@code own}. */
    Pass pass(NDArray sequences, NDList own);

    /**
     * The same on sequences that were recorded, as features of pictures are: the gradient goes on to what they were made from. A network
     * whose operations are recorded needs nothing more for it; one that knows its own derivative overrides this, and counts the sequences
     * among the parameters of its pass, as the last.
     */
    default Pass passOn(NDArray recorded, NDList own) {
        return pass(recorded, own);
    }

    /**
     * The beginning of this many sequences that come one element at a time.
     *
     * @param own this network's arrays; later steps use the values that they have by then
     */
    Memory start(int rows, NDList own);

    /** What is kept of the sequences so far. It lies in Java memory: there is nothing to close. */
    interface Memory {
        /**
         * Reads one more element of each sequence, without a gradient.
         *
         * @param elements rows × inputs
         * @return rows × outputs, in the manager of {@code elements}
         */
        NDArray step(NDArray elements);
    }

    /**
     * One pass that a loss stands on. The sequences are data, and get no gradient, unless the pass was made by {@link #passOn}.
     *
     * <p>A network whose operations were recorded returns {@link #recorded}. One that knows its own derivative returns outputs that are the
     * beginning of the recorded part of the loss ({@code setRequiresGradient(true)}), and multiplies by its derivative in {@link
     * #gradients}; {@link Loss} puts both together.
     */
    interface Pass {
        /** What the network said. */
        NDArray outputs();

        /**
         * The arrays for which {@link #gradients} has something to add; those of the network itself, not copies, and the sequences of
         * {@link #passOn}.
         */
        NDList parameters();

        /**
         * The share of this pass in the gradient of a loss.
         *
         * @param upstream ∂loss/∂outputs, of the shape of the outputs
         * @return one array per entry of {@link #parameters()}
         */
        NDList gradients(NDArray upstream);

        /** A pass whose operations were recorded from the parameters on, so that nothing has to be added. */
        static Pass recorded(NDArray outputs) {
            return new Pass() {
                @Override
                public NDArray outputs() {
                    return outputs;
                }

                @Override
                public NDList parameters() {
                    return new NDList();
                }

                @Override
                public NDList gradients(NDArray upstream) {
                    return new NDList();
                }
            };
        }
    }
}
