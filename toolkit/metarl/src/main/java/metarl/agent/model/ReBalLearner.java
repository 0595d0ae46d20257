package metarl.agent.model;

import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import metarl.agent.Adaptation;
import metarl.agent.Algorithm;
import metarl.agent.DivergedException;
import metarl.agent.Learner;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.agent.model.ModelForm.Rows;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;
import metarl.env.Step;
import metarl.nn.Gradients;
import metarl.nn.Loss;

/** ReBAL while it learns. */
final class ReBalLearner extends ModelBasedLearner {
    private final ReBal settings;
    private final ReBalModel model;

    ReBalLearner(ReBal settings, Problem problem, long seed) {
        super(settings, problem, seed, form -> ReBalModel.of(form, settings.hidden()).sections());
        this.settings = settings;
        model = ReBalModel.of(form, settings.hidden());
    }

    private ReBalLearner(ReBal settings, ReBalLearner original) {
        super(settings, original);
        this.settings = settings;
        model = original.model;
    }

    private ReBalMemories memories(int environments) {
        return new ReBalMemories(model, parameters, units(), payments, environments);
    }

    @Override
    public Policy policy() {
        return new ReBalPolicy(settings.planner(), form.actionSize(), this::memories);
    }

    /** A step of Adam on the error of the predictions of runs. */
    @Override
    public Map<String, Double> update() {
        updated();
        Rows rows = drawRuns();
        try (NDManager scope = parameters.manager().newSubManager()) {
            ReBalModel.Runs runs = model.runs(rows, settings.runsPerUpdate(), units(), scope);
            return Gradients.recorded(() -> {
                Loss loss = model.loss(runs, parameters);
                DivergedException.requireLoss("modelError", loss.number(), "");
                optimizer.minimize(loss);
                return Map.of("modelError", (double) loss.number());
            });
        }
    }

    /** Acting is as it was, because a memory begins empty; the evidence tells what it is worth. */
    @Override
    public Adaptation adapt(List<Trajectory> shots, RandomStream random) {
        if (shots.isEmpty()) return Adaptation.none(policy());
        return new Adaptation(policy(), List.of(), ModelEvidence.of(this, shots), List.of());
    }

    @Override
    public Learner adaptingBy(Algorithm other) {
        if (!(other instanceof ReBal reBal)) throw new IllegalArgumentException(
            "this model was trained by ReBAL and can plan by other settings of ReBAL, not by " + other.name());
        if (reBal.hidden() != settings.hidden() || reBal.rewards() != settings.rewards())
            throw new IllegalArgumentException("the settings describe a different model (hidden " + reBal.hidden() + ", rewards "
                + reBal.rewards() + ") than was trained (hidden " + settings.hidden() + ", rewards " + settings.rewards()
                + "); change only the planner");
        return new ReBalLearner(reBal, this);
    }

    @Override
    String adaptedTo() {
        return "the steps before each";
    }

    @Override
    ModelEvidence.Errors errors(Trajectory episode) {
        Rows rows = form.rows(episode.length());
        for (int t = 0; t < episode.length(); t++)
            form.write(episode.observation(t), episode.action(t), episode.step(t), payments, rows, t);
        double[] before = errors(rows, episode.length()), after = errors(rows, 1);
        if (after.length > 0) after[0] = Double.NaN;
        return new ModelEvidence.Errors(before, after);
    }

    /** Of the steps of so many runs of equal length, each of which begins with an empty memory. */
    private double[] errors(Rows rows, int runs) {
        if (runs == 0) return new double[0];
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            float[] errors = model.errors(model.runs(rows, runs, units(), scope), parameters);
            double[] wide = new double[errors.length];
            Arrays.setAll(wide, i -> errors[i]);
            return wide;
        }
    }

    @Override
    ModelForesight foresight(Trajectory episode, int t, NDManager scope) {
        ReBalMemories remembered = memories(1);
        for (int s = 0; s < t; s++)
            remembered.follow(new double[][] {episode.observation(s)}, new double[][] {episode.action(s)}, new Step[] {episode.step(s)});
        return remembered.foresight(new double[][] {episode.observation(t)}, scope);
    }
}
