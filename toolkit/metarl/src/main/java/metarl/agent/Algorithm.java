package metarl.agent;

/** A method to learn from many tasks: an immutable record of its hyper-parameters, which makes learners. */
public interface Algorithm {
    /** The name used in logs and legends. */
    String name();

    /** A learner with freshly drawn networks; everything it draws depends on {@code seed} alone. */
    Learner learner(Problem problem, long seed);

    /** What learning by it will take of memory at most, before anything is taken; an evaluation beside it comes on top ({@link MemoryNeed#of}). */
    default MemoryNeed memory(Problem problem) {
        return MemoryNeed.of(this, problem, MemoryNeed.Work.NONE);
    }

    /** Whether it can act where an action is one of a number of choices. */
    default boolean choosesDiscretely() {
        return false;
    }

    /** Whether a policy can be better after episodes of its task than before: by changed weights, or because it remembers them. */
    default boolean adapts() {
        return true;
    }

    /** The same algorithm with every loop shortened, to test that something runs. */
    Algorithm fast();
}
