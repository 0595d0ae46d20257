package metarl.agent.gradient;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import metarl.agent.Adaptation;
import metarl.agent.DivergedException;
import metarl.agent.Learner;
import metarl.agent.LearnerState;
import metarl.agent.LearnerState.Kind;
import metarl.agent.Plan;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.agent.Trial;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;
import metarl.nn.ActionDistribution;
import metarl.nn.Adam;
import metarl.nn.SequenceNetwork;

/**
 * What learns by PPO on trials: a policy with a memory, a value with another, and the trials of the update that is due. Methods differ in
 * the memories alone.
 */
class TrialLearner implements Learner {
    private static final double SCALE_RATE = 0.1;
    /** The unit of time that the value is told, unless a trial is shorter. */
    private static final int LONGEST_UNIT = 1_000;

    private final TrialPpo settings;
    private final Problem problem;
    private final ActionDistribution head;
    private final int timeUnit;
    private final RecurrentNetwork policy;
    private final RecurrentNetwork value;
    private final Adam policyOptimizer;
    private final Adam valueOptimizer;
    private final RandomStream taskDraws;
    private final RandomStream batches;
    private final LearnerState state;
    private TrialBatch collected;
    private long steps;
    /** Running mean and deviation of returns: the value learns them in units of its own. */
    private double returnMean;
    private double returnDeviation;

    /** Makes a memory for elements of this size and trials of up to this many steps. */
    interface MemoryOf {
        SequenceNetwork of(int inputs, int steps);
    }

    /** With a memory for the policy and one for the value, which reads one entry more: the time. */
    TrialLearner(TrialPpo settings, Problem problem, long seed, MemoryOf policyMemory, MemoryOf valueMemory) {
        this.settings = settings;
        this.problem = problem;
        head = ActionDistribution.of(problem.actionSize(), problem.discrete());
        int inputs = RecurrentPolicy.inputSize(problem.picture() == null ? problem.observationSize() : 0, head);
        int steps = (int) Math.min(Integer.MAX_VALUE, (long) settings.episodesPerTrial() * problem.horizon());
        timeUnit = Math.min(LONGEST_UNIT, steps);
        policy = new RecurrentNetwork(settings.seeing(problem.picture(), inputs, n -> policyMemory.of(n, steps)), head.outputs(), 0.01,
            RandomStream.of(seed, "policy"));
        value = new RecurrentNetwork(settings.seeing(problem.picture(), inputs + 1, n -> valueMemory.of(n, steps)), 1, 1,
            RandomStream.of(seed, "value"));
        policyOptimizer = settings.optimizer(policy.parameters);
        valueOptimizer = settings.optimizer(value.parameters);
        taskDraws = RandomStream.of(seed, "task order");
        batches = RandomStream.of(seed, "batches");
        state = declared();
    }

    RecurrentNetwork policyNetwork() {
        return policy;
    }

    RecurrentNetwork valueNetwork() {
        return value;
    }

    /** The value is of use only together with the units it speaks in. */
    private LearnerState declared() {
        return LearnerState.of().network("policy", policy.parameters).network("value", value.parameters)
            .optimizer("policy's optimiser", policyOptimizer).optimizer("value's optimiser", valueOptimizer)
            .stream("task order", taskDraws).stream("batches", batches)
            .part("steps", out -> out.writeLong(steps), in -> steps = in.readLong())
            .part("mean return", Kind.NETWORK, out -> out.writeDouble(returnMean), in -> returnMean = in.readDouble())
            .part("deviation of returns", Kind.NETWORK, out -> out.writeDouble(returnDeviation), in -> returnDeviation = in.readDouble())
            .part("trials of the update", this::saveCollected, this::loadCollected);
    }

    private void saveCollected(DataOutputStream out) throws IOException {
        out.writeBoolean(collected != null);
        if (collected != null) collected.save(out);
    }

    private void loadCollected(DataInputStream in) throws IOException {
        collected = in.readBoolean() ? TrialBatch.load(in) : null;
    }

    @Override
    public LearnerState state() {
        return state;
    }

    @Override
    public Policy policy() {
        return new RecurrentPolicy(policy, head, List.of());
    }

    @Override
    public int episodesPerTrial() {
        return settings.episodesPerTrial();
    }

    /** Trials of tasks that are drawn anew for every update. */
    @Override
    public Plan plan() {
        return Plan.of(policy(), drawn(taskDraws.copy())).episodes(settings.episodesPerTrial());
    }

    private int[] drawn(RandomStream stream) {
        return IntStream.range(0, settings.trialsPerUpdate())
            .map(i -> stream.nextInt(problem.tasks())).toArray();
    }

    @Override
    public void store(List<Trial> trials) {
        drawn(taskDraws);
        collected = TrialBatch.of(trials.stream().map(Trial::episodes).toList(), head, policy.sees());
        for (int length : collected.lengths()) steps += length;
    }

    @Override
    public boolean isDue() {
        return collected != null;
    }

    @Override
    public Map<String, Double> update() {
        TrialBatch batch = collected;
        float[] timed = batch.timedInputs(timeUnit), values = perTrial(batch, value, timed), old = perTrial(batch, policy, batch.inputs());
        float[] advantages = new float[values.length], returns = new float[values.length];
        if (settings.rawReturns()) returnDeviation = 1;
        for (int i = 0; i < values.length; i++) values[i] = (float) (returnMean + returnDeviation * values[i]);
        estimate(batch, values, advantages, returns);
        var means = new LinkedHashMap<String, Double>();
        means.put("explainedVariance", explained(batch, values, returns));
        if (!settings.rawReturns()) scale(batch, returns);
        if (!settings.rawAdvantages()) normalize(batch, advantages);
        double share = left();
        var training = new Ppo.Training(head, policyOptimizer, valueOptimizer, settings.learningRate() * (0.1 + 0.9 * share),
            settings.entropyCoefficient() * share);
        means.putAll(settings.ppo().improve(
            new TrialData(policy, value, head, batch, old, advantages, timed, returns, settings.valueLoss()), training, batches));
        means.forEach((name, value) -> DivergedException.requireLoss(name, value, ""));
        collected = null;
        return means;
    }

    /** What is left of the decay: 1 at the beginning or without one, 0 at its end. */
    private double left() {
        return settings.decaySteps() == 0 ? 1 : 1 - Math.min(1, (double) steps / settings.decaySteps());
    }

    /** What a network says of these inputs at every step of every trial, trial × step × output. */
    private float[] perTrial(TrialBatch batch, RecurrentNetwork network, float[] inputs) {
        int n = batch.trials(), length = batch.length(), width = network.outputs();
        float[] byTrial = new float[TrialBatch.all(n, length, width)];
        try (NDManager scope = network.parameters.manager().newSubManager()) {
            float[] byStep = network.outputs(scope.create(inputs, new Shape(n, length, network.inputs())), batch.pictures())
                .toFloatArray();
            for (int t = 0; t < length; t++)
                for (int i = 0; i < n; i++) System.arraycopy(byStep, (t * n + i) * width, byTrial, (i * length + t) * width, width);
        }
        return byTrial;
    }

    /** The trial is the episode here: its end is the only one, and nothing comes after it. */
    private void estimate(TrialBatch batch, float[] values, float[] advantages, float[] returns) {
        for (int i = 0; i < batch.trials(); i++) {
            int from = i * batch.length(), length = batch.lengths()[i];
            double[] rewards = new double[length], v = new double[length + 1];
            for (int t = 0; t < length; t++) {
                rewards[t] = batch.rewards()[from + t];
                v[t] = values[from + t];
            }
            double[] a = Advantages.generalized(rewards, v, settings.discount(), settings.lambda());
            for (int t = 0; t < length; t++) {
                advantages[from + t] = (float) a[t];
                returns[from + t] = (float) (a[t] + v[t]);
            }
        }
    }

    /** To the units in which values are learned; these follow the returns slowly. */
    private void scale(TrialBatch batch, float[] returns) {
        double[] meanAndDeviation = meanAndDeviation(batch, returns);
        double share = returnDeviation == 0 ? 1 : SCALE_RATE;
        returnMean += share * (meanAndDeviation[0] - returnMean);
        returnDeviation += share * (Math.max(1e-3, meanAndDeviation[1]) - returnDeviation);
        for (int i = 0; i < returns.length; i++) returns[i] = (float) ((returns[i] - returnMean) / returnDeviation);
    }

    /** Mean and standard deviation over the steps that are there. */
    private static double[] meanAndDeviation(TrialBatch batch, float[] values) {
        double sum = 0, squares = 0, n = 0;
        for (int i = 0; i < batch.trials(); i++)
            for (int t = 0; t < batch.lengths()[i]; t++, n++) {
                double v = values[i * batch.length() + t];
                sum += v;
                squares += v * v;
            }
        return new double[] {sum / n, Math.sqrt(Math.max(0, squares / n - sum / n * (sum / n)))};
    }

    /** 1 − Var(returns − values) / Var(returns): 1 if the value foresees everything, 0 if it says nothing. */
    private static double explained(TrialBatch batch, float[] values, float[] returns) {
        float[] errors = new float[values.length];
        for (int i = 0; i < errors.length; i++) errors[i] = returns[i] - values[i];
        double error = meanAndDeviation(batch, errors)[1], all = meanAndDeviation(batch, returns)[1];
        return all == 0 ? 0 : 1 - error * error / (all * all);
    }

    /** To mean 0 and variance 1 over the steps that are there; padding stays 0. */
    private static void normalize(TrialBatch batch, float[] advantages) {
        double[] meanAndDeviation = meanAndDeviation(batch, advantages);
        double mean = meanAndDeviation[0], deviation = meanAndDeviation[1] + 1e-8;
        for (int i = 0; i < batch.trials(); i++)
            for (int t = 0; t < batch.lengths()[i]; t++)
                advantages[i * batch.length() + t] = (float) ((advantages[i * batch.length() + t] - mean) / deviation);
    }

    /** The weights stay as they are: what was seen is in the memory. */
    @Override
    public Adaptation adapt(List<Trajectory> shots, RandomStream random) {
        return Adaptation.none(new RecurrentPolicy(policy, head, List.copyOf(shots)));
    }
}
