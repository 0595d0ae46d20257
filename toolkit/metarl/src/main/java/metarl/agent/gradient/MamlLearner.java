package metarl.agent.gradient;

import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import metarl.agent.Problem;
import metarl.agent.gradient.MetaObjective.Tensors;
import metarl.agent.meta.MetaGradient;
import metarl.nn.TrustRegion;

/** MAML while it learns: one outer step per update, in a trust region or by Adam. */
final class MamlLearner extends MetaPolicyLearner<Maml> {
    private static final double SHRINKAGE = 0.8;
    private static final int ATTEMPTS = 15;

    private final Maml settings;

    MamlLearner(Maml settings, Problem problem, long seed) {
        super(settings, problem, seed);
        this.settings = settings;
    }

    private MamlLearner(Maml settings, MamlLearner original) {
        super(settings, original);
        this.settings = settings;
    }

    @Override
    MamlLearner view(Maml other) {
        return new MamlLearner(other, this);
    }

    /** The last round judges what the others led to. */
    @Override
    Map<String, Double> outerStep(List<EpisodeBatch> rounds) {
        var found = new LinkedHashMap<String, Double>();
        try (NDManager scope = parameters().manager().newSubManager()) {
            List<Tensors> all = Tensors.of(rounds, scope);
            int last = all.size() - 1;
            var cycle = new MetaGradient(parameters(), rounds.get(0).tasks(), loop(), objective().innerLosses(all.subList(0, last)),
                objective().outerLoss(all.get(last)), scope);
            if (settings.outer() == Maml.Outer.ADAM) found.put("outerLoss", cycle.minimize(optimizer()));
            else {
                var region = new TrustRegion(settings.divergenceLimit(), settings.conjugateSteps(), settings.damping(), SHRINKAGE,
                    ATTEMPTS);
                TrustRegion.Step step = cycle.minimize(region);
                found.put("outerLoss", step.after().loss());
                found.put("divergence", step.after().divergence());
                found.put("lengthsTried", (double) step.attempts());
                found.put("outerStepAccepted", step.accepted() ? 1.0 : 0.0);
            }
        }
        return found;
    }
}
