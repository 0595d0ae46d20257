package metarl.agent.value;

import ai.djl.ndarray.NDArray;

/** Which of two critics speaks: the cautious one, or the one that bounds the value from above. */
enum Twin {
    /** min(Q₁, Q₂), what learners learn from. */
    SMALLER,
    /** max(Q₁, Q₂). */
    LARGER;

    /** Of two columns, row by row. */
    NDArray of(NDArray first, NDArray second) {
        return this == SMALLER ? first.minimum(second) : first.maximum(second);
    }
}
