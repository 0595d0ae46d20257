package metarl.agent;

/**
 * A method to learn from many tasks: an immutable record of its settings, which makes learners. Everybody can write one: see
 * {@link metarl.agent}.
 *
 * <p>A method whose runs are saved must be a record, because its components are what {@code run.json} keeps, and what is compared when a
 * run is resumed.
 */
public interface Algorithm {
    /** The name used in logs and legends: of its record, or that it has none. */
    default String name() {
        String name = getClass().isHidden() ? "" : getClass().getSimpleName();
        return name.isEmpty() ? "an algorithm without a name" : name;
    }

    /** A learner with freshly drawn networks; everything it draws depends on {@code seed} alone. */
    Learner learner(Problem problem, long seed);

    /**
     * What learning by it will take of memory at most, before anything is taken.
     *
     * @param work what is done beside learning
     * @return by default an estimate without parts, which refuses nothing
     */
    default MemoryNeed memory(Problem problem, MemoryNeed.Work work) {
        return MemoryNeed.unknown(this, problem, work);
    }

    /** The same without an evaluation beside it. */
    default MemoryNeed memory(Problem problem) {
        return memory(problem, MemoryNeed.Work.NONE);
    }

    /** Whether it can act where an action is one of a number of choices. */
    default boolean choosesDiscretely() {
        return false;
    }

    /** Whether it can learn where an observation is a picture ({@link Problem#picture}). */
    default boolean readsPictures() {
        return false;
    }

    /** Whether a policy can be better after episodes of its task than before: by changed weights, or because it remembers them. */
    default boolean adapts() {
        return true;
    }

    /** The same algorithm with every loop shortened, to test that something runs. */
    default Algorithm fast() {
        return this;
    }
}
