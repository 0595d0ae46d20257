package metarl.agent.gradient;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import metarl.agent.Problem;
import metarl.agent.gradient.MetaObjective.Tensors;
import metarl.agent.meta.MetaGradient;
import metarl.nn.TrustRegion;

/** ProMP while it learns: several outer steps on the same episodes, and a penalty that may follow the divergence. */
final class ProMpLearner extends MetaPolicyLearner<ProMp> {
    private static final double NEAR = 1.5, FACTOR = 2;

    private final ProMp settings;
    /** η; one number. */
    private final double[] penalty;

    ProMpLearner(ProMp settings, Problem problem, long seed) {
        super(settings, problem, seed);
        this.settings = settings;
        penalty = new double[] {settings.divergencePenalty()};
        state().numbers("divergence penalty", penalty);
    }

    private ProMpLearner(ProMp settings, ProMpLearner original) {
        super(settings, original);
        this.settings = settings;
        penalty = original.penalty;
    }

    @Override
    ProMpLearner view(ProMp other) {
        return new ProMpLearner(other, this);
    }

    /** Steps of Adam; the graph of each is freed before the next. */
    @Override
    Map<String, Double> outerStep(List<EpisodeBatch> rounds) {
        var found = new LinkedHashMap<String, Double>();
        NDManager manager = parameters().manager();
        int tasks = rounds.get(0).tasks();
        try (NDManager scope = manager.newSubManager()) {
            NDList old = null;
            for (int epoch = 0; epoch < settings.epochs(); epoch++)
                try (NDManager brief = manager.newSubManager()) {
                    ProMpObjective outer = outer(rounds, brief);
                    var cycle = new MetaGradient(parameters(), tasks, loop(), outer.innerLosses(old), outer,
                        brief, old);
                    found.putIfAbsent("outerLoss", cycle.minimize(optimizer()));
                    if (old == null) (old = cycle.old()).attach(scope);
                }
            ProMpObjective outer = outer(rounds, scope);
            TrustRegion.Point after = MetaGradient.judged(parameters(), tasks, loop(),
                outer.innerLosses(old), outer, scope, old);
            found.put("outerLossAfter", after.loss());
            found.put("divergence", after.divergence());
            found.put("divergencePenalty", penalty[0]);
            follow(after.divergence());
        }
        return found;
    }

    /** The last round judges what the others led to. */
    private ProMpObjective outer(List<EpisodeBatch> rounds, NDManager scope) {
        List<Tensors> all = Tensors.of(rounds, scope);
        int last = all.size() - 1;
        return new ProMpObjective(objective(), all.subList(0, last), all.get(last), settings.clip(), penalty[0]);
    }

    /** The adaptive penalty of PPO (Schulman et al. 2017, section 4), as the release has it. */
    private void follow(double divergence) {
        double target = settings.divergenceTarget();
        if (target == 0) return;
        if (divergence < target / NEAR) penalty[0] /= FACTOR;
        else if (divergence > target * NEAR) penalty[0] *= FACTOR;
    }
}
