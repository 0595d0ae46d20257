package metarl.agent.value;

import java.util.function.UnaryOperator;
import metarl.agent.Algorithm;
import metarl.agent.Learner;
import metarl.agent.MemoryNeed;
import metarl.agent.Problem;
import metarl.basics.Copy;
import metarl.basics.Require;
import metarl.nn.Adam;

/**
 * HiP-BMDP (Zhang, Sodhani, Khetarpal and Pineau 2021, "Learning robust state abstractions for hidden-parameter block MDPs"): soft
 * actor-critic on an encoded state, beside a model of all tasks in which each task i differs by a learned embedding θ_i alone.
 *
 * <p>One update draws a batch from the transitions of all tasks as if they were one, and makes small, together,
 * <ul>
 *   <li>the critics' loss of {@link SoftActorCritic}, for critics and encoder, h = φ(s);
 *   <li>the losses of transition, reward and reconstruction of {@link metarl.agent.transfer.HiddenParameterModel}, for the model, the
 *     encoder and the embeddings; the next state h' has no gradient;
 *   <li>{@code embeddingWeight} · (‖θ_i − θ_j‖ − ‖μ(h, a, θ_i) − μ(h, a, θ_j)‖)², for the embeddings alone; row k of the batch is paired
 *     with the task of row k from the end.
 * </ul>
 * Every {@code delay}-th update actor and temperature learn, h being without its gradient, and the targets follow.
 *
 * <p>Actor and critics see h alone, as the release ships it: then the embeddings change the encoder and nothing else. With {@code
 * conditioned} they are told θ_i, too, without its gradient, as the paper's idea goes. In a new task θ is the mean of all embeddings, as
 * in the release; or it is fitted to the transitions of the task, with everything else as it is ({@link NewTask}). An adaptation rests on
 * an {@link EmbeddedTask}, which also shows the embeddings of the train tasks.
 *
 * <p>Different from the release (facebookresearch/mtrl): states are vectors, read by a perceptron instead of convolutions; observations
 * and rewards are brought to mean 0 and deviation 1 for encoder and model, by numbers that are measured once, when the random steps are
 * over; one Adam step on the sum of all losses, where the release makes one after the other; its weight decay of 1e-7 and its β₁ of ½ for
 * the temperature are left out; episodes are collected whole before the updates that are owed for them; differences of the model are said
 * in {@link metarl.agent.transfer.HiddenParameterModel}.
 *
 * @param base the numbers of soft actor-critic; {@code learningRate} is that of encoder and model, too
 * @param latentSize numbers in h; 0: no encoder, h is the observation in units of mean 0 and deviation 1
 * @param encoderHidden width of both hidden layers of the encoder
 * @param embeddingSize numbers in θ
 * @param modelHidden width of the hidden layer of transition, reward and decoder
 * @param probabilistic whether the transition has a learned variance
 * @param conditioned whether actor and critics are told θ
 * @param encoderTargetRate τ of the slow copy of the encoder, which the target critics read
 * @param embeddingRate learning rate of the embeddings
 * @param temperatureRate learning rate of the temperature
 * @param embeddingWeight weight of the loss that holds embeddings as far apart as what tasks do
 * @param wholeBatch whether that loss compares norms over all rows together, as released, or row by row, as published
 * @param delay updates from one of actor and targets to the next
 * @param newTask what a new task's embedding is
 * @param fitUpdates steps of Adam on the embedding of a new task, where it is fitted
 * @param fitRate their learning rate
 */
public record HipBmdp(Sac base, int latentSize, int encoderHidden, int embeddingSize, int modelHidden, boolean probabilistic,
    boolean conditioned, double encoderTargetRate, double embeddingRate, double temperatureRate, double embeddingWeight,
    boolean wholeBatch, int delay, NewTask newTask, int fitUpdates, double fitRate) implements Algorithm {
    private static final double LARGEST = 1e6;

    /** What the embedding of a task is that was not trained on. */
    public enum NewTask {
        /** The mean of the train tasks' embeddings. */
        MEAN,
        /** What makes the loss of the transition small on the task's own steps, begun at the mean: it is the dynamics that θ stands for. */
        FIT
    }

    /** Checks every value; an error names the sane range. */
    public HipBmdp {
        if (newTask == null) newTask = NewTask.MEAN;
        Require.that(base != null, "base", base, "the settings of soft actor-critic, such as HipBmdp.small().base()");
        Require.count(latentSize, 0, "latentSize", "0 (no encoder) or more, usually 16 to 50");
        Require.count(encoderHidden, 1, "encoderHidden", "at least 1, usually 50 to 256");
        Require.count(embeddingSize, 1, "embeddingSize", "at least 1, usually 2 to 50");
        Require.count(modelHidden, 1, "modelHidden", "at least 1, usually 64 to 512");
        Require.number(encoderTargetRate, encoderTargetRate > 0 && encoderTargetRate <= 1, "encoderTargetRate", "in (0, 1], usually 0.05");
        Adam.requireRate(embeddingRate, "embeddingRate");
        Adam.requireRate(temperatureRate, "temperatureRate");
        Require.number(embeddingWeight, embeddingWeight >= 0 && embeddingWeight <= LARGEST, "embeddingWeight",
            "0 (none) to 1e6, usually 0.01");
        Require.count(delay, 1, "delay", "at least 1, usually 1 or 2");
        Require.count(fitUpdates, 1, "fitUpdates", "at least 1, usually 200 to 1 000");
        Adam.requireRate(fitRate, "fitRate");
    }

    /**
     * The sizes and numbers of the release for ten tasks, whose environments it steps together with one update per step. The encoder has
     * the sizes of its perceptron for states. The numbers of the fit are ours.
     */
    public static HipBmdp published() {
        Sac sac = new Sac(1024, 0.99, 0.01, 1e-3, 128, 0.1, -1, 15_000, 0.1, 10, 1_000_000);
        return new HipBmdp(sac, 50, 50, 50, 512, false, false, 0.05, 1e-3, 1e-4, 0.01, true, 2, NewTask.MEAN, 500, 1e-2);
    }

    /** For a body and 4 or 5 tasks on two cores: our own. Norms are compared row by row; the rest is as released, but smaller. */
    public static HipBmdp small() {
        Sac sac = new Sac(128, 0.99, 0.01, 1e-3, 128, 0.1, -1, 10_000, 0.5, 5, 500_000);
        return new HipBmdp(sac, 32, 64, 8, 128, false, false, 0.05, 1e-3, 1e-3, 0.01, false, 2, NewTask.MEAN, 300, 1e-2);
    }

    @Override
    public String name() {
        return "HiP-BMDP";
    }

    @Override
    public MemoryNeed memory(Problem problem, MemoryNeed.Work work) {
        return new MemoryNeed(this, problem, work, HipBmdpMemory.of(this, problem, work));
    }

    @Override
    public Learner learner(Problem problem, long seed) {
        Require.that(!problem.discrete(), "the actions", problem.actionSize() + " choices",
            "real numbers: soft actor-critic does not choose");
        Require.that(problem.tasks() >= 2, "the number of train tasks", problem.tasks(),
            "at least 2: embeddings tell tasks apart; for one alone take Sac");
        memory(problem).require();
        return new HipBmdpLearner(this, problem, seed);
    }

    /** Numbers in h. */
    int stateSize(Problem problem) {
        return latentSize == 0 ? problem.observationSize() : latentSize;
    }

    /** Only where the policy is told what is fitted. */
    @Override
    public boolean adapts() {
        return conditioned && newTask == NewTask.FIT;
    }

    @Override
    public HipBmdp fast() {
        return base(Sac::fast).fitUpdates(Math.min(fitUpdates, 10));
    }

    /** New tasks have the mean embedding, as released. */
    public HipBmdp withMeanEmbedding() {
        return newTask(NewTask.MEAN);
    }

    /** Embeddings of new tasks are fitted to their transitions, as the paper's idea goes. */
    public HipBmdp withFittedEmbedding() {
        return newTask(NewTask.FIT);
    }

    /** This with other numbers of soft actor-critic. */
    public HipBmdp base(Sac base) {
        return Copy.with(this, "base", base);
    }

    /** This with a change of its soft actor-critic. */
    public HipBmdp base(UnaryOperator<Sac> change) {
        return base(change.apply(base));
    }

    /** This with another size of the encoded state; 0: no encoder. */
    public HipBmdp latentSize(int latentSize) {
        return Copy.with(this, "latentSize", latentSize);
    }

    /** This with another width of the encoder's hidden layers. */
    public HipBmdp encoderHidden(int encoderHidden) {
        return Copy.with(this, "encoderHidden", encoderHidden);
    }

    /** This with another size of the embeddings. */
    public HipBmdp embeddingSize(int embeddingSize) {
        return Copy.with(this, "embeddingSize", embeddingSize);
    }

    /** This with another width of the model's hidden layers. */
    public HipBmdp modelHidden(int modelHidden) {
        return Copy.with(this, "modelHidden", modelHidden);
    }

    /** This with or without a learned variance of the transition. */
    public HipBmdp probabilistic(boolean probabilistic) {
        return Copy.with(this, "probabilistic", probabilistic);
    }

    /** This with actor and critics that are told the embedding, or not. */
    public HipBmdp conditioned(boolean conditioned) {
        return Copy.with(this, "conditioned", conditioned);
    }

    /** This with another rate of the slow copy of the encoder. */
    public HipBmdp encoderTargetRate(double encoderTargetRate) {
        return Copy.with(this, "encoderTargetRate", encoderTargetRate);
    }

    /** This with another learning rate of the embeddings. */
    public HipBmdp embeddingRate(double embeddingRate) {
        return Copy.with(this, "embeddingRate", embeddingRate);
    }

    /** This with another learning rate of the temperature. */
    public HipBmdp temperatureRate(double temperatureRate) {
        return Copy.with(this, "temperatureRate", temperatureRate);
    }

    /** This with another weight of the loss of embeddings. */
    public HipBmdp embeddingWeight(double embeddingWeight) {
        return Copy.with(this, "embeddingWeight", embeddingWeight);
    }

    /** This with norms over the whole batch, or row by row. */
    public HipBmdp wholeBatch(boolean wholeBatch) {
        return Copy.with(this, "wholeBatch", wholeBatch);
    }

    /** This with another delay of actor and targets. */
    public HipBmdp delay(int delay) {
        return Copy.with(this, "delay", delay);
    }

    /** This with another way to embed new tasks. */
    public HipBmdp newTask(NewTask newTask) {
        return Copy.with(this, "newTask", newTask);
    }

    /** This with another number of steps of the fit. */
    public HipBmdp fitUpdates(int fitUpdates) {
        return Copy.with(this, "fitUpdates", fitUpdates);
    }

    /** This with another learning rate of the fit. */
    public HipBmdp fitRate(double fitRate) {
        return Copy.with(this, "fitRate", fitRate);
    }
}
