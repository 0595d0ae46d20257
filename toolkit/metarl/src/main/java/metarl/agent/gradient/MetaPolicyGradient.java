package metarl.agent.gradient;

import metarl.agent.Algorithm;
import metarl.basics.Copy;
import metarl.basics.Require;
import metarl.nn.Adam;

/**
 * A method that learns parameters θ from which a step of policy gradient on a few episodes of a new task leads to a good policy, by the
 * gradient through that step: what {@link Maml} and {@link ProMp} have in common, so that they differ in their outer steps alone. The verbs
 * change a component each.
 *
 * @param <M> the method itself, a record
 */
public interface MetaPolicyGradient<M extends MetaPolicyGradient<M>> extends Algorithm {
    /** Width of both hidden layers. */
    int hidden();

    /** Standard deviation of the first policy's actions, which lie in [−1, 1]. */
    double initialDeviation();

    /** α. */
    double innerRate();

    /** Inner steps in training. */
    int innerSteps();

    /** Whether the inner gradient is held fixed in the outer one. */
    boolean firstOrder();

    /** What an inner step raises. */
    InnerObjective inner();

    /** Tasks of one update. */
    int tasksPerUpdate();

    /** Episodes per task and round. */
    int episodesPerTask();

    /** γ. */
    double discount();

    /** λ of the advantages. */
    double lambda();

    /** Strength of the baseline's penalty. */
    double ridge();

    /** Of the outer Adam. */
    double learningRate();

    /** Refuses numbers that cannot be such settings; an error names the sane range. */
    static void require(int hidden, double initialDeviation, double innerRate, int innerSteps, int tasksPerUpdate, int episodesPerTask,
        double discount, double lambda, double ridge, double learningRate) {
        Require.count(hidden, 1, "hidden", "at least 1, usually 64 to 100");
        Require.number(initialDeviation, initialDeviation >= 1e-12 && initialDeviation <= 10, "initialDeviation",
            "1e-12 to 10, usually 0.3 to 1");
        Require.number(innerRate, innerRate >= 1e-12 && innerRate <= 10, "innerRate", "1e-12 to 10, usually 0.1 to 0.5");
        Require.count(innerSteps, 1, "innerSteps", "at least 1, usually 1 to 3");
        Require.count(tasksPerUpdate, 1, "tasksPerUpdate", "at least 1, usually 20 to 40");
        Require.count(episodesPerTask, 1, "episodesPerTask", "at least 1, usually 20");
        Require.number(discount, discount >= 0 && discount <= 1, "discount", "in [0, 1], usually 0.95 to 0.99");
        Require.number(lambda, lambda >= 0 && lambda <= 1, "lambda", "in [0, 1], usually 0.95 to 1");
        Require.number(ridge, ridge > 0 && ridge <= 1e12, "ridge", "above 0 and at most 1e12, usually 1e-5");
        Adam.requireRate(learningRate, "learningRate");
    }

    @Override
    default boolean choosesDiscretely() {
        return true;
    }

    @Override
    default M fast() {
        return tasksPerUpdate(Math.min(tasksPerUpdate(), 2)).episodesPerTask(Math.min(episodesPerTask(), 2));
    }

    /** This with another width of the hidden layers. */
    default M hidden(int hidden) {
        return changed("hidden", hidden);
    }

    /** This with another standard deviation of the first policy. */
    default M initialDeviation(double initialDeviation) {
        return changed("initialDeviation", initialDeviation);
    }

    /** This with another inner rate α. */
    default M innerRate(double innerRate) {
        return changed("innerRate", innerRate);
    }

    /** This with another number of inner steps in training; each costs a round of episodes. */
    default M innerSteps(int innerSteps) {
        return changed("innerSteps", innerSteps);
    }

    /** This with another inner objective. */
    default M inner(InnerObjective inner) {
        return changed("inner", inner);
    }

    /** This with another number of tasks per update. */
    default M tasksPerUpdate(int tasksPerUpdate) {
        return changed("tasksPerUpdate", tasksPerUpdate);
    }

    /** This with another number of episodes per task and round. */
    default M episodesPerTask(int episodesPerTask) {
        return changed("episodesPerTask", episodesPerTask);
    }

    /** This with another discount. */
    default M discount(double discount) {
        return changed("discount", discount);
    }

    /** This with another λ of the advantages. */
    default M lambda(double lambda) {
        return changed("lambda", lambda);
    }

    /** This with another ridge of the baseline. */
    default M ridge(double ridge) {
        return changed("ridge", ridge);
    }

    /** This with another learning rate of the outer Adam. */
    default M learningRate(double learningRate) {
        return changed("learningRate", learningRate);
    }

    @SuppressWarnings("unchecked")
    private M changed(String component, Object value) {
        return (M) Copy.with((Record) this, component, value);
    }
}
