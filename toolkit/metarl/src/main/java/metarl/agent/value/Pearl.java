package metarl.agent.value;

import metarl.agent.Algorithm;
import metarl.agent.Learner;
import metarl.agent.MemoryNeed;
import metarl.agent.Problem;
import metarl.agent.hindsight.LearnedRatios;
import metarl.agent.hindsight.Relabeller;
import metarl.basics.Copy;
import metarl.basics.Require;
import metarl.nn.Adam;

/**
 * PEARL (Rakelly et al. 2019, "Efficient off-policy meta-reinforcement learning via probabilistic context variables"): soft actor-critic
 * whose networks are told of the task by a latent variable z, which an encoder infers from transitions of it in any order.
 *
 * <p>Every transition c_n = (s, a, r) of the context is a Gaussian factor, and the posterior is their product, q(z|c) ∝ Π N(z; μ(c_n),
 * σ²(c_n)) (equation 2). Losses, with z ~ q(z|c) and r scaled:
 * <ul>
 *   <li>critics and encoder: mean (Q(s, a, z) − r − γ (1 − d) V̄(s', z))² + {@code klWeight} Σ_tasks KL(q(z|c) ‖ N(0, I));
 *   <li>V(s, z) ← min Q(s, ã, z) − log π(ã|s, z), and policy: log π − min Q, both without z's gradient.
 * </ul>
 * An iteration collects from a few tasks, first by z from the prior, then by z from the posterior, drawn anew for every episode; a task's
 * context is forgotten before it is collected anew, and holds what the prior phase found (and where {@code posteriorInContext} says so the
 * posterior phase, too). A new task is explored by posterior sampling: each episode acts, without noise, by a z that is drawn from what all
 * episodes before it say.
 *
 * <p>{@link #released} has the settings of the released code (katerakelly/oyster), with its initial weights.
 * {@link #withLearnedTemperature} is the usual soft actor-critic of {@link SoftActorCritic} instead of V and a reward scale.
 *
 * <p>Different from the released code: the tasks of an iteration are dealt so that each comes once before any comes again, and collected
 * side by side; the first episode of the posterior phase already draws from the posterior (there it draws from the prior once more);
 * log(1 − tanh²) is computed without the 10⁻⁶ beside it. Different from the paper: it describes a learned temperature, the released code
 * has a reward scale.
 *
 * @param latentSize numbers in z
 * @param encoderHidden width of the encoder's hidden layers
 * @param hidden width of the hidden layers of all other networks
 * @param layers hidden layers of every network
 * @param klWeight weight of KL(q(z|c) ‖ N(0, I)), which is summed over the tasks of an update
 * @param discount γ
 * @param targetRate τ of the target networks
 * @param learningRate of Adam, for every network
 * @param rewardScale what rewards are multiplied by for the values: the inverse of a fixed temperature
 * @param policyPenalty weight of the mean squares of the policy's means and log deviations
 * @param learnedTemperature whether the temperature is adjusted to an entropy, and there is no separate V
 * @param temperature α at the start where it is learned
 * @param entropy what the temperature is adjusted for: nats per number of the action
 * @param batchSize transitions per task and update
 * @param contextSize transitions of a context that z is inferred from while learning
 * @param tasksPerUpdate tasks of an update, drawn with replacement
 * @param tasksPerIteration tasks that an iteration collects from
 * @param initialSteps steps of every train task before the first update, by z from the prior
 * @param heldStart whether these first steps are taken by an action that is drawn anew for every episode and held, instead of by the
 *     untrained policy: our own, for tasks whose reward nobody would meet by trembling about the start
 * @param priorSteps steps of a task and iteration by z from the prior
 * @param posteriorSteps steps of a task and iteration by z from the posterior
 * @param posteriorInContext whether what was collected by z from the posterior is used to infer z, too
 * @param nextObservation whether the encoder sees the next observation, too: where tasks differ in how they move
 * @param updatesPerIteration updates after each collection
 * @param priorEpisodes episodes of a new task that are acted by z from the prior before the posterior is first used
 * @param shaped whether values learn from the reward that a family names for it, where it does
 * @param replayCapacity transitions kept for the values, over all tasks
 * @param relabeller which other train tasks learn from an episode, as its task would have paid it; contexts stay each task's own, so that
 *     the encoder never reads one task's dynamics under the name of another. Our own, after Generalized Hindsight and DRaT
 * @param ratios how ratios of dynamics are learned, for relabellers that ask for them
 */
public record Pearl(int latentSize, int encoderHidden, int hidden, int layers, double klWeight, double discount, double targetRate,
    double learningRate, double rewardScale, double policyPenalty, boolean learnedTemperature, double temperature, double entropy,
    int batchSize, int contextSize, int tasksPerUpdate, int tasksPerIteration, int initialSteps, boolean heldStart, int priorSteps,
    int posteriorSteps,
    boolean posteriorInContext, boolean nextObservation, int updatesPerIteration, int priorEpisodes, boolean shaped, int replayCapacity,
    Relabeller relabeller, LearnedRatios.Settings ratios)
    implements Algorithm {
    private static final double LARGEST = 1e6;

    /** Checks every value; an error names the sane range. */
    public Pearl {
        if (relabeller == null) relabeller = Relabeller.none();
        if (ratios == null) ratios = LearnedRatios.Settings.defaults();
        Require.count(latentSize, 1, "latentSize", "at least 1, usually 2 to 7");
        Require.count(encoderHidden, 1, "encoderHidden", "at least 1, usually 64 to 300");
        Require.count(hidden, 1, "hidden", "at least 1, usually 64 to 300");
        Require.that(layers >= 1 && layers <= 100, "layers", layers, "1 to 100, usually 2 or 3");
        Require.number(klWeight, klWeight >= 0 && klWeight <= LARGEST, "klWeight", "0 to 1e6, usually 0.1 to 1");
        Require.number(discount, discount >= 0 && discount < 1, "discount", "in [0, 1), usually 0.9 to 0.99");
        Require.number(targetRate, targetRate > 0 && targetRate <= 1, "targetRate", "in (0, 1], usually 0.005");
        Adam.requireRate(learningRate, "learningRate");
        Require.number(rewardScale, rewardScale > 0 && rewardScale <= LARGEST, "rewardScale", "above 0 and at most 1e6, usually 1 to 100");
        Require.number(policyPenalty, policyPenalty >= 0 && policyPenalty <= LARGEST, "policyPenalty", "0 to 1e6, usually 0.001");
        Require.number(temperature, temperature > 0 && temperature <= LARGEST, "temperature", "above 0 and at most 1e6, usually 0.1 to 1");
        Require.number(entropy, Math.abs(entropy) <= 100, "entropy", "−100 to 100 nats per number of the action, usually −1");
        Require.count(batchSize, 1, "batchSize", "at least 1 per task, usually 64 to 256");
        Require.count(contextSize, 1, "contextSize", "at least 1, usually 64 to 1 024");
        Require.count(tasksPerUpdate, 1, "tasksPerUpdate", "at least 1, usually 4 to 16");
        Require.count(tasksPerIteration, 1, "tasksPerIteration", "at least 1, usually 5 to 10");
        Require.count(initialSteps, 0, "initialSteps", "0 or more per task, usually 200 to 2 000");
        Require.count(priorSteps, 1, "priorSteps", "at least 1: the context is collected by z from the prior, usually 100 to 1 000");
        Require.count(posteriorSteps, 0, "posteriorSteps", "0 or more, usually 200 to 1 000");
        Require.count(updatesPerIteration, 1, "updatesPerIteration", "at least 1, usually 200 to 4 000");
        Require.count(priorEpisodes, 1, "priorEpisodes", "at least 1: without an episode there is only the prior, usually 1 or 2");
        Require.count(replayCapacity, 1, "replayCapacity", "at least 1, usually 100 000 to 3 000 000");
    }

    /** The released settings for HalfCheetah velocity. */
    public static Pearl defaults() {
        return new Pearl(5, 200, 300, 3, 0.1, 0.99, 0.005, 3e-4, 5, 1e-3, false, 1, -1, 256, 100, 16, 5, 2_000, false, 400, 600, false,
            false,
            2_000,
            2, true, 3_000_000, Relabeller.none(), LearnedRatios.Settings.defaults());
    }

    /**
     * The settings of the released scripts.
     *
     * @param environment cheetah-vel, cheetah-dir, ant-dir, ant-goal, humanoid-dir, walker-params, point or sparse-point
     * @throws IllegalArgumentException for another name
     */
    public static Pearl released(String environment) {
        Pearl base = defaults(), legs = base.contextSize(256).updatesPerIteration(4_000),
            point = base.rewardScale(100).initialSteps(200).updatesPerIteration(1_000).replayCapacity(1_000_000);
        return switch (environment) {
            case "cheetah-vel" -> base;
            case "cheetah-dir" -> base.tasksPerUpdate(4).contextSize(256).priorSteps(1_000).posteriorSteps(1_000);
            case "ant-dir" -> legs.tasksPerUpdate(4);
            case "ant-goal" -> legs.tasksPerUpdate(10).klWeight(1);
            case "humanoid-dir" -> legs;
            case "walker-params" -> legs.tasksPerUpdate(10).contextSize(100).nextObservation(true);
            case "point" -> point.contextSize(64).priorSteps(200).posteriorSteps(200).priorEpisodes(1);
            case "sparse-point" -> point.klWeight(1).discount(0.9).contextSize(1_024).tasksPerIteration(10).priorSteps(100)
                .posteriorSteps(900).posteriorInContext(true).priorEpisodes(5);
            default -> throw new IllegalArgumentException("there are no settings for '" + environment + "'; expected cheetah-vel, "
                + "cheetah-dir, ant-dir, ant-goal, humanoid-dir, walker-params, point or sparse-point");
        };
    }

    /**
     * Small networks for {@link metarl.task.families.PointRobot#sparse}: our own, where every episode, the second one included, uses what
     * the ones before it showed. It begins by held actions and learns long between two collections, so that rewards are in the contexts
     * before a policy that cannot tell the goals apart walks to their middle. experiments/pearl says how far it came.
     */
    public static Pearl sparsePoint() {
        return smallPoint(released("sparse-point")).latentSize(3).rewardScale(50).klWeight(5).targetRate(0.005).contextSize(256)
            .heldStart(true).initialSteps(1_000).tasksPerIteration(5).posteriorSteps(300).updatesPerIteration(3_000).priorEpisodes(1);
    }

    /** The same for {@link metarl.task.families.PointRobot#dense}: our own, learned within minutes. */
    public static Pearl pointRobot() {
        return smallPoint(released("point")).discount(0.9).tasksPerIteration(10).priorSteps(40).posteriorSteps(60);
    }

    private static Pearl smallPoint(Pearl released) {
        return released.encoderHidden(64).hidden(64).layers(2).rewardScale(20).learningRate(1e-3).targetRate(0.01).batchSize(32)
            .tasksPerUpdate(10).updatesPerIteration(400).replayCapacity(300_000);
    }

    /**
     * Small networks for HalfCheetah velocity with about ten train tasks: our own, for minutes instead of days, with a learned temperature.
     */
    public static Pearl quickCheetah() {
        return defaults().withLearnedTemperature().temperature(0.2).encoderHidden(100).hidden(200).layers(2).learningRate(5e-4)
            .batchSize(128).tasksPerUpdate(8).initialSteps(400).priorSteps(200).posteriorSteps(200).updatesPerIteration(800)
            .replayCapacity(200_000);
    }

    /** This with a temperature that is learned, no separate V, and rewards as they are paid: soft actor-critic as it is usual now. */
    public Pearl withLearnedTemperature() {
        return learnedTemperature(true).rewardScale(1);
    }

    /** This with an encoder that sees the next observation, too: where tasks differ in how they move. */
    public Pearl withNextObservation() {
        return nextObservation(true);
    }

    @Override
    public String name() {
        return "PEARL";
    }

    @Override
    public Learner learner(Problem problem, long seed) {
        memory(problem).require();
        return new PearlLearner(this, problem, seed);
    }

    @Override
    public MemoryNeed memory(Problem problem, MemoryNeed.Work work) {
        return new MemoryNeed(this, problem, work, PearlMemory.of(this, problem, work));
    }

    /** Numbers that the encoder reads of a transition: (s, a, r), and s' where the settings say so. */
    int contextRow(Problem p) {
        return p.observationSize() + p.actionSize() + 1 + (nextObservation ? p.observationSize() : 0);
    }

    @Override
    public Pearl fast() {
        return batchSize(Math.min(batchSize, 16)).tasksPerUpdate(Math.min(tasksPerUpdate, 2)).initialSteps(Math.min(initialSteps, 1))
            .priorSteps(Math.min(priorSteps, 1)).posteriorSteps(Math.min(posteriorSteps, 1))
            .tasksPerIteration(Math.min(tasksPerIteration, 2))
            .updatesPerIteration(Math.min(updatesPerIteration, 10));
    }

    /** This with another size of z. */
    public Pearl latentSize(int latentSize) {
        return Copy.with(this, "latentSize", latentSize);
    }

    /** This with another width of the encoder's hidden layers. */
    public Pearl encoderHidden(int encoderHidden) {
        return Copy.with(this, "encoderHidden", encoderHidden);
    }

    /** This with another width of the hidden layers of policy and values. */
    public Pearl hidden(int hidden) {
        return Copy.with(this, "hidden", hidden);
    }

    /** This with another number of hidden layers. */
    public Pearl layers(int layers) {
        return Copy.with(this, "layers", layers);
    }

    /** This with another weight of the divergence from the prior. */
    public Pearl klWeight(double klWeight) {
        return Copy.with(this, "klWeight", klWeight);
    }

    /** This with another discount. */
    public Pearl discount(double discount) {
        return Copy.with(this, "discount", discount);
    }

    /** This with another rate of the target networks. */
    public Pearl targetRate(double targetRate) {
        return Copy.with(this, "targetRate", targetRate);
    }

    /** This with another learning rate. */
    public Pearl learningRate(double learningRate) {
        return Copy.with(this, "learningRate", learningRate);
    }

    /** This with another scale of the rewards. */
    public Pearl rewardScale(double rewardScale) {
        return Copy.with(this, "rewardScale", rewardScale);
    }

    /** This with another weight of the policy's regularisers. */
    public Pearl policyPenalty(double policyPenalty) {
        return Copy.with(this, "policyPenalty", policyPenalty);
    }

    /** This with a temperature that is learned, or a fixed one and a separate V. */
    public Pearl learnedTemperature(boolean learnedTemperature) {
        return Copy.with(this, "learnedTemperature", learnedTemperature);
    }

    /** This with another temperature at the start, where it is learned. */
    public Pearl temperature(double temperature) {
        return Copy.with(this, "temperature", temperature);
    }

    /** This with another entropy to be held, in nats per number of the action. */
    public Pearl entropy(double entropy) {
        return Copy.with(this, "entropy", entropy);
    }

    /** This with another number of transitions per task and update. */
    public Pearl batchSize(int batchSize) {
        return Copy.with(this, "batchSize", batchSize);
    }

    /** This with another number of transitions in a context. */
    public Pearl contextSize(int contextSize) {
        return Copy.with(this, "contextSize", contextSize);
    }

    /** This with another number of tasks per update. */
    public Pearl tasksPerUpdate(int tasksPerUpdate) {
        return Copy.with(this, "tasksPerUpdate", tasksPerUpdate);
    }

    /** This with another number of tasks per iteration. */
    public Pearl tasksPerIteration(int tasksPerIteration) {
        return Copy.with(this, "tasksPerIteration", tasksPerIteration);
    }

    /** This with another number of steps of every task at the start. */
    public Pearl initialSteps(int initialSteps) {
        return Copy.with(this, "initialSteps", initialSteps);
    }

    /** This with first steps by held actions, or by the untrained policy. */
    public Pearl heldStart(boolean heldStart) {
        return Copy.with(this, "heldStart", heldStart);
    }

    /** This with another number of steps by z from the prior. */
    public Pearl priorSteps(int priorSteps) {
        return Copy.with(this, "priorSteps", priorSteps);
    }

    /** This with another number of steps by z from the posterior. */
    public Pearl posteriorSteps(int posteriorSteps) {
        return Copy.with(this, "posteriorSteps", posteriorSteps);
    }

    /** This with a context that also holds what z from the posterior collected, or not. */
    public Pearl posteriorInContext(boolean posteriorInContext) {
        return Copy.with(this, "posteriorInContext", posteriorInContext);
    }

    /** This with an encoder that sees the next observation, or not. */
    public Pearl nextObservation(boolean nextObservation) {
        return Copy.with(this, "nextObservation", nextObservation);
    }

    /** This with another number of updates per iteration. */
    public Pearl updatesPerIteration(int updatesPerIteration) {
        return Copy.with(this, "updatesPerIteration", updatesPerIteration);
    }

    /** This with another number of episodes by z from the prior at a new task. */
    public Pearl priorEpisodes(int priorEpisodes) {
        return Copy.with(this, "priorEpisodes", priorEpisodes);
    }

    /** This with values that learn from the reward that a family names for it, or from the one it pays. */
    public Pearl shaped(boolean shaped) {
        return Copy.with(this, "shaped", shaped);
    }

    /** This with another replay capacity. */
    public Pearl replayCapacity(int replayCapacity) {
        return Copy.with(this, "replayCapacity", replayCapacity);
    }

    /** This with another rule of which other train tasks learn from an episode; contexts stay each task's own. */
    public Pearl relabeller(Relabeller relabeller) {
        return Copy.with(this, "relabeller", relabeller);
    }

    /** This with ratios of dynamics that are learned otherwise, for relabellers that ask for them. */
    public Pearl ratios(LearnedRatios.Settings ratios) {
        return Copy.with(this, "ratios", ratios);
    }
}
