package metarl.sweep;

import metarl.agent.Algorithm;
import metarl.agent.Learner;
import metarl.agent.Problem;
import metarl.agent.value.Td3;

/** A method that fails with one seed, as long as it is told to. */
public record Fragile(Td3 inner, int badSeed) implements Algorithm {
    static volatile boolean broken;

    @Override
    public Learner learner(Problem problem, long seed) {
        if (broken && seed == badSeed) throw new ArithmeticException("it is broken");
        return inner.learner(problem, seed);
    }
}
