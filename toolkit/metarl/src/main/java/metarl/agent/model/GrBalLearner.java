package metarl.agent.model;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import metarl.agent.Adaptation;
import metarl.agent.Algorithm;
import metarl.agent.Learner;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.agent.meta.InnerLoop;
import metarl.agent.meta.InnerLoss;
import metarl.agent.meta.MetaGradient;
import metarl.agent.meta.OuterLoss;
import metarl.agent.model.DynamicsModel.Units;
import metarl.agent.model.GrBalModel.Steps;
import metarl.agent.model.ModelForm.Rows;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;
import metarl.nn.Gradients;
import metarl.nn.Mlp;
import metarl.nn.Sections;

/** GrBAL while it learns. */
final class GrBalLearner extends ModelBasedLearner {
    /** Steps whose models are evaluated together, each with parameters of its own. */
    private static final int TOGETHER = 32;

    private final GrBal settings;
    private final GrBalModel model;

    GrBalLearner(GrBal settings, Problem problem, long seed) {
        super(settings, problem, seed,
            form -> Sections.of().and("model", GrBalModel.of(form, settings.hidden(), settings.layers()).network()));
        this.settings = settings;
        model = GrBalModel.of(form, settings.hidden(), settings.layers());
    }

    private GrBalLearner(GrBal settings, GrBalLearner original) {
        super(settings, original);
        this.settings = settings;
        model = original.model;
    }

    @Override
    public Policy policy() {
        return remembering(List.of());
    }

    private Policy remembering(List<Trajectory> episodes) {
        return new GrBalPolicy(settings, model, parameters, units(), payments,
            RecentSteps.of(form, payments, settings.support(), episodes));
    }

    /** A step of Adam on the error of the adapted models; equation 3 of the paper. */
    @Override
    public Map<String, Double> update() {
        updated();
        int k = settings.support(), m = settings.query(), n = settings.runsPerUpdate();
        Rows rows = drawRuns();
        try (NDManager scope = parameters.manager().newSubManager()) {
            Units units = units();
            InnerLoss before = model.loss(model.steps(rows, n, 0, k, units, scope)),
                after = model.loss(model.steps(rows, n, k, m, units, scope));
            int innerSteps = settings.adapts() ? settings.innerSteps() : 0;
            var loop = new InnerLoop(settings.innerRate(), settings.firstOrder());
            var cycle = new MetaGradient(parameters, n, loop, Collections.nCopies(innerSteps, before),
                OuterLoss.mean(after, n), scope);
            return Map.of("modelError", cycle.minimize(optimizer));
        }
    }

    /** The last K steps of the shots are remembered when acting begins. */
    @Override
    public Adaptation adapt(List<Trajectory> shots, RandomStream random) {
        if (shots.isEmpty()) return Adaptation.none(policy());
        return new Adaptation(remembering(shots), List.of(), ModelEvidence.of(this, shots), List.of());
    }

    @Override
    public Learner adaptingBy(Algorithm other) {
        if (!(other instanceof GrBal grBal)) throw new IllegalArgumentException(
            "this model was trained by GrBAL and can adapt by other settings of GrBAL, not by " + other.name());
        if (grBal.hidden() != settings.hidden() || grBal.layers() != settings.layers() || grBal.rewards() != settings.rewards())
            throw new IllegalArgumentException("the settings describe a different model (hidden " + grBal.hidden() + ", layers "
                + grBal.layers() + ", rewards " + grBal.rewards() + ") than was trained (hidden " + settings.hidden() + ", layers "
                + settings.layers() + ", rewards " + settings.rewards() + "); change only the adaptation and the planner");
        return new GrBalLearner(grBal, this);
    }

    @Override
    String adaptedTo() {
        return "the " + settings.support() + " steps before each";
    }

    @Override
    ModelEvidence.Errors errors(Trajectory episode) {
        int k = settings.support(), n = episode.length();
        double[] before = new double[n], after = new double[n];
        Arrays.fill(after, Double.NaN);
        for (int from = 0; from < n; from += TOGETHER) {
            int first = from, count = Math.min(TOGETHER, n - from);
            try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
                Steps asked = steps(episode, first, count, scope);
                NDList theta = Gradients.unrecorded(() -> Mlp.stacked(parameters.list(), count, scope));
                copy(errors(asked, theta), before, first, 0);
                if (first + count <= k) continue;
                var recent = IntStream.range(first, first + count).mapToObj(t -> recent(episode, t)).toList();
                copy(errors(asked, settings.adapts() ? adapted(recent, scope) : theta), after, first, Math.max(0, k - first));
            }
        }
        return new ModelEvidence.Errors(before, after);
    }

    private static void copy(float[] from, double[] to, int at, int skipped) {
        for (int i = skipped; i < from.length; i++) to[at + i] = from[i];
    }

    private float[] errors(Steps asked, NDList stacked) {
        return Gradients.unrecorded(() -> model.errors(asked, stacked).toFloatArray());
    }

    /** The steps from {@code from} on, one of each of {@code count} models. */
    private Steps steps(Trajectory episode, int from, int count, NDManager scope) {
        var steps = IntStream.range(from, from + count).mapToObj(t -> remembered(episode, t, t + 1, 1)).toList();
        return model.steps(RecentSteps.rows(steps), count, 0, 1, units(), scope);
    }

    /** The K steps before step {@code t}. */
    private RecentSteps recent(Trajectory episode, int t) {
        return remembered(episode, Math.max(0, t - settings.support()), t, settings.support());
    }

    private RecentSteps remembered(Trajectory episode, int from, int to, int capacity) {
        var recent = new RecentSteps(form, payments, capacity);
        for (int t = from; t < to; t++) recent.add(episode, t);
        return recent;
    }

    private NDList adapted(List<RecentSteps> recent, NDManager scope) {
        return GrBalPolicy.adapted(settings, model, parameters, units(), recent, scope);
    }

    @Override
    ModelForesight foresight(Trajectory episode, int t, NDManager scope) {
        return new ModelForesight(model.ahead(units()), adapted(List.of(recent(episode, t)), scope),
            new double[][] {episode.observation(t)}, payments.payment());
    }
}
