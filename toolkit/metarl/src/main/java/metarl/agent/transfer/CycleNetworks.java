package metarl.agent.transfer;

import ai.djl.ndarray.NDArray;
import java.util.List;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.nn.Gradients;
import metarl.nn.Mlp;
import metarl.nn.Parameters;
import metarl.nn.Sections;

/** The networks of {@link CycleConsistency} and its losses: F, the maps A and B, and the discriminator D. */
final class CycleNetworks implements AutoCloseable {
    static final String FORWARD = "forward model", THERE = "map to the source", BACK = "map to the target", JUDGE = "discriminator";
    /** Hidden widths of D and its outputs, as released. */
    private static final int[] JUDGE_HIDDEN = {256, 64};
    private static final int JUDGE_OUTPUTS = 2;

    private final CycleConsistency settings;
    final BranchedMlp map;
    private final BranchedMlp model;
    private final Mlp judge;
    final Parameters forward;
    final Parameters maps;
    final Parameters discriminator;

    CycleNetworks(CycleConsistency settings, int observationSize, int actionSize, long seed) {
        Require.count(observationSize, 1, "observationSize", "at least 1 entry");
        Require.count(actionSize, 1, "actionSize", "at least 1 entry");
        this.settings = settings;
        int[] inputs = {observationSize, actionSize}, hidden = {settings.hidden()};
        map = BranchedMlp.of(inputs, settings.branch(), hidden, actionSize);
        model = BranchedMlp.of(inputs, settings.branch(), hidden, observationSize);
        judge = Mlp.of(actionSize, JUDGE_HIDDEN, JUDGE_OUTPUTS);
        forward = new Parameters(Sections.of().and(FORWARD, model), RandomStream.of(seed, FORWARD));
        maps = new Parameters(Sections.of().and(THERE, map).and(BACK, map), RandomStream.of(seed, "maps"));
        discriminator = new Parameters(Sections.of().and(JUDGE, judge), RandomStream.of(seed, JUDGE));
    }

    /** A of s and a of the target task. */
    NDArray there(NDArray observations, NDArray actions) {
        return map.forward(maps.section(THERE), observations, actions).tanh();
    }

    /** B of s and an action of the source task. */
    NDArray back(NDArray observations, NDArray actions) {
        return map.forward(maps.section(BACK), observations, actions).tanh();
    }

    /** The mean of |F(s, a) − goal| over rows and entries. */
    NDArray forwardLoss(NDArray observations, NDArray actions, NDArray goals) {
        return model.forward(forward.section(FORWARD), observations, actions).sub(goals).abs().mean();
    }

    /** What the maps are to make small, before it is weighted: |F(s, A(s, a)) − goal|, |B(s, A(s, a)) − a| and (D(A(s, a)) − 1)². */
    record Terms(NDArray dynamics, NDArray roundTrip, NDArray adversarial) {}

    /**
     * The three terms.
     *
     * @param observations of the target task
     * @param actions of the target task
     * @param there A of these
     * @param goals what F is to foretell
     */
    Terms terms(NDArray observations, NDArray actions, NDArray there, NDArray goals) {
        return new Terms(forwardLoss(observations, there, goals), back(observations, there).sub(actions).abs().mean(),
            settings.adversarialWeight() == 0 ? null : judged(there, 1));
    }

    /** Their weighted sum. */
    NDArray total(Terms terms) {
        NDArray sum = Gradients.scaled(terms.dynamics, settings.dynamicsWeight())
            .add(Gradients.scaled(terms.roundTrip, settings.roundTripWeight()));
        return terms.adversarial == null ? sum : sum.add(Gradients.scaled(terms.adversarial, settings.adversarialWeight()));
    }

    /** ½ (D(made)² + (D(real) − 1)²), means over rows. */
    NDArray discriminatorLoss(NDArray made, NDArray real) {
        return Gradients.scaled(judged(made, 0).add(judged(real, 1)), 0.5);
    }

    private NDArray judged(NDArray actions, int label) {
        NDArray said = judge.forward(actions, discriminator.section(JUDGE));
        return (label == 0 ? said : said.sub(label)).square().mean();
    }

    List<Parameters> all() {
        return List.of(forward, maps, discriminator);
    }

    @Override
    public void close() {
        all().forEach(Parameters::close);
    }
}
