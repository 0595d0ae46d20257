package metarl.agent.transfer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import metarl.basics.Require;
import metarl.nn.BranchedMlp;
import metarl.nn.Gradients;
import metarl.nn.Mlp;
import metarl.nn.Sections;

/**
 * The networks of {@link CycleConsistency} and their losses, as functions of parameters.
 *
 * @param map A and B: from s and an action to an action
 * @param model F: from s and an action to what follows
 * @param judge D: of an action
 */
record CycleNetworks(BranchedMlp map, BranchedMlp model, Mlp judge) {
    /** Names of the sections. */
    static final String FORWARD = "forward model", THERE = "map to the source", BACK = "map to the target", JUDGE = "discriminator";
    /** Hidden widths of D and its outputs, as released. */
    private static final int[] JUDGE_HIDDEN = {256, 64};
    private static final int JUDGE_OUTPUTS = 2;

    static CycleNetworks of(CycleConsistency settings, int observationSize, int actionSize) {
        Require.count(observationSize, 1, "observationSize", "at least 1 entry");
        Require.count(actionSize, 1, "actionSize", "at least 1 entry");
        int[] inputs = {observationSize, actionSize};
        return new CycleNetworks(BranchedMlp.of(inputs, settings.branch(), settings.hidden(), 1, actionSize),
            BranchedMlp.of(inputs, settings.branch(), settings.hidden(), 1, observationSize),
            Mlp.of(actionSize, JUDGE_HIDDEN, JUDGE_OUTPUTS));
    }

    /** A, then B. */
    Sections maps() {
        return Sections.of().and(THERE, map).and(BACK, map);
    }

    /** A(s, a), rows × action. */
    NDArray there(NDArray observations, NDArray actions, NDList maps) {
        return mapped(observations, actions, maps().slice(THERE, maps));
    }

    /** What A or B makes of actions, rows × action. */
    NDArray mapped(NDArray observations, NDArray actions, NDList own) {
        return map.forward(own, observations, actions).tanh();
    }

    /** The mean of |F(s, a) − goal| over rows and entries. */
    NDArray forwardLoss(NDArray observations, NDArray actions, NDArray goals, NDList forward) {
        return model.forward(forward, observations, actions).sub(goals).abs().mean();
    }

    /** What the maps are to make small, before it is weighted: |F(s, A(s, a)) − goal|, |B(s, A(s, a)) − a| and (D(A(s, a)) − 1)². */
    record Terms(NDArray dynamics, NDArray roundTrip, NDArray adversarial) {
        /** Their weighted sum. */
        NDArray total(CycleConsistency settings) {
            NDArray sum = Gradients.scaled(dynamics, settings.dynamicsWeight())
                .add(Gradients.scaled(roundTrip, settings.roundTripWeight()));
            return adversarial == null ? sum : sum.add(Gradients.scaled(adversarial, settings.adversarialWeight()));
        }
    }

    /**
     * The three terms, means over rows and entries.
     *
     * @param observations of the target task
     * @param actions of the target task
     * @param there A of these
     * @param goals what F is to foretell
     * @param judges the arrays of D; null: without the adversarial term
     */
    Terms terms(NDArray observations, NDArray actions, NDArray there, NDArray goals, NDList forward, NDList maps, NDList judges) {
        NDArray back = mapped(observations, there, maps().slice(BACK, maps));
        return new Terms(forwardLoss(observations, there, goals, forward), back.sub(actions).abs().mean(),
            judges == null ? null : judged(there, true, judges));
    }

    /** ½ (D(made)² + (D(real) − 1)²), means over rows. */
    NDArray discriminatorLoss(NDArray made, NDArray real, NDList judges) {
        return Gradients.scaled(judged(made, false, judges).add(judged(real, true, judges)), 0.5);
    }

    private NDArray judged(NDArray actions, boolean real, NDList judges) {
        NDArray said = judge.forward(actions, judges);
        return (real ? said.sub(1) : said).square().mean();
    }
}
