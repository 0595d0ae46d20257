package metarl.nn;

import metarl.basics.Require;

/** A part of a {@link CausalStack}. */
public sealed interface CausalLayer {
    /** Convolutions in a block for the longest sequence that there can be. */
    int DEEPEST = 31;

    /** x ← max(W x + b, 0) in place of the input. */
    record Dense(int outputs) implements CausalLayer {
        /** Checks the size. */
        public Dense {
            Require.count(outputs, 1, "outputs of the dense layer", "at least 1, usually 32");
        }
    }

    /**
     * Gated convolutions with dilations 1, 2, 4 …
     *
     * @param filters outputs of each
     * @param depth how many; 0: ⌈log₂ longest⌉, which see the whole sequence
     */
    record Convolutions(int filters, int depth) implements CausalLayer {
        /** Checks the sizes. */
        public Convolutions {
            Require.count(filters, 1, "filters", "at least 1, usually 16 to 32");
            Require.that(depth >= 0 && depth <= DEEPEST, "depth", depth, "0 (until the whole sequence is seen) to " + DEEPEST);
        }
    }

    /** A look back at all elements so far, the present one included. */
    record Attention(int keys, int values) implements CausalLayer {
        /** Checks the sizes. */
        public Attention {
            Require.count(keys, 1, "keys", "at least 1, usually 16 to 32");
            Require.count(values, 1, "values", "at least 1, usually 16 to 32");
        }
    }
}
