package metarl.agent.transfer;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import metarl.basics.Copy;
import metarl.basics.Require;
import metarl.nn.Adam;

/**
 * Settings of MCAT's context encoder C and forward model F (Guo et al. 2022, section 3.2, equations 1 and 2); networks and their numbers
 * are those of CaDM (Lee et al. 2020).
 *
 * <p>C reads the K steps before a moment t, actions and changes of the observation, and says z = C(…). F says what a step of the next M
 * leads to, given z. Both learn together, from segments of recorded episodes: the steps t … t + M − 1 and the K steps before t. One update
 * draws two batches of segments, from one task or, with probability ½, from two different ones, and makes small
 *
 * <pre>
 *   L = 2 (L_forw + 0.01 Σ_j (v_max,j − v_min,j) + Σ decay ‖array‖) + weight · L_cont
 *   L_forw = mean over all rows and over entries j of (ŷ_j − μ_j)² exp(−v_j) + v_j,   (μ, v) = F(s, a, z)
 *   L_cont = mean over pairs of ‖z − z'‖² if they are of one task, else of max(0, margin − ‖z − z'‖)²
 * </pre>
 *
 * where ŷ is the change of the observation in units of mean 0 and deviation 1, v has the soft bounds of {@link metarl.nn.VarianceBounds},
 * and row i of the first batch is paired with row i of the second. L_forw is 2 / entries times the negative log likelihood of equation 1,
 * without its constants and per step; in this scale the other weights are those of the release.
 *
 * <p>Different from the release: the bounds are learned (there they are constants, and their penalty is without effect); the history's
 * changes of the observation are brought to deviation 1, too; the last layer's means and log variances are one array for the decay, not
 * two; a segment lies within one episode, so that there are none near its end (there, shorter ones). The release draws 256 of all steps of
 * 256 segments, with replacement: one per segment ({@link #stepsDrawn}) is the same in expectation.
 *
 * @param contextSize entries of z; 0: no encoder, F of one task alone (as for Table 1)
 * @param history K, steps that C reads
 * @param ahead M, steps that F is asked for by one z
 * @param stepsDrawn how many of the M steps of a segment an update looks at, drawn without replacement
 * @param encoderHidden widths of the hidden layers of C, which are max(x, 0)
 * @param hidden width of the hidden layers of F, which are x / (1 + e^−x)
 * @param layers hidden layers of F
 * @param learningRate of Adam, for both
 * @param batchSize segments of each of the two batches of an update
 * @param contrastiveWeight of L_cont; 0: without it
 * @param margin m, from which on different tasks are far enough apart
 * @param squaredHinge whether the distance that lacks to the margin is squared, as in the release, or not, as in equation 2
 * @param encoderDecay of each layer of C, the first layer's first; the last number holds for all layers after it; none: no decay
 * @param forwardDecay the same of F
 */
public record ContextModel(int contextSize, int history, int ahead, int stepsDrawn, List<Integer> encoderHidden, int hidden, int layers,
    double learningRate, int batchSize, double contrastiveWeight, double margin, boolean squaredHinge, List<Double> encoderDecay,
    List<Double> forwardDecay) {
    private static final double LARGEST_WEIGHT = 1e6, LARGEST_DECAY = 10;
    private static final List<Double> RELEASED_ENCODER_DECAY = List.of(2.5e-5, 5e-5, 7.5e-5),
        RELEASED_FORWARD_DECAY = List.of(2.5e-5, 5e-5, 7.5e-5, 7.5e-5, 1e-4);

    /** Checks every value; an error names the sane range. */
    public ContextModel {
        Require.count(contextSize, 0, "contextSize", "0 (no encoder) or more, usually 10");
        Require.count(history, 1, "history", "at least 1, usually 10 steps");
        Require.count(ahead, 1, "ahead", "at least 1, usually 10 steps");
        Require.that(stepsDrawn >= 1 && stepsDrawn <= ahead, "stepsDrawn", stepsDrawn,
            "1 to " + ahead + ", the steps of a segment; 1 as in the release, all of them as in the paper");
        encoderHidden = List.copyOf(encoderHidden);
        for (int width : encoderHidden) Require.count(width, 1, "encoderHidden", "widths of at least 1, usually 32 to 256");
        Require.count(hidden, 1, "hidden", "at least 1, usually 64 to 200");
        Require.count(layers, 1, "layers", "at least 1, usually 2 to 4");
        Adam.requireRate(learningRate, "learningRate");
        Require.count(batchSize, 1, "batchSize", "at least 1, usually 64 to 256 segments");
        Require.number(contrastiveWeight, contrastiveWeight >= 0 && contrastiveWeight <= LARGEST_WEIGHT, "contrastiveWeight",
            "0 (none) to 1 000 000, usually 1");
        Require.number(margin, margin > 0 && margin <= LARGEST_WEIGHT, "margin", "above 0 and at most 1 000 000, usually 1");
        encoderDecay = decays(encoderDecay, "encoderDecay");
        forwardDecay = decays(forwardDecay, "forwardDecay");
    }

    private static List<Double> decays(List<Double> given, String name) {
        for (double decay : given)
            Require.number(decay, decay >= 0 && decay <= LARGEST_DECAY, name, "numbers from 0 to 10, usually 2.5e-5 to 1e-4");
        return List.copyOf(given);
    }

    /** As in the release (guoyijie/MCAT), which has them from CaDM. */
    public static ContextModel released() {
        return new ContextModel(10, 10, 10, 1, List.of(256, 128, 64), 200, 4, 2e-4, 256, 1, 1, true, RELEASED_ENCODER_DECAY,
            RELEASED_FORWARD_DECAY);
    }

    /** As in the paper: all M steps of every segment, and the hinge of equation 2; the release's numbers otherwise. */
    public static ContextModel published() {
        return released().stepsDrawn(10).squaredHinge(false);
    }

    /** Small networks for two cores: our own. */
    public static ContextModel small() {
        return new ContextModel(10, 10, 10, 2, List.of(64, 32), 96, 2, 1e-3, 128, 1, 1, true, RELEASED_ENCODER_DECAY,
            RELEASED_FORWARD_DECAY);
    }

    /**
     * Both networks, freshly drawn.
     *
     * @param observationSize numbers in an observation
     * @param actionSize numbers in an action
     */
    public FittedContextModel start(int observationSize, int actionSize, long seed) {
        return new FittedContextModel(this, observationSize, actionSize, seed);
    }

    /** This with another size of z; 0: no encoder. */
    public ContextModel contextSize(int contextSize) {
        return Copy.with(this, "contextSize", contextSize);
    }

    /** This with another number of steps that the encoder reads. */
    public ContextModel history(int history) {
        return Copy.with(this, "history", history);
    }

    /** This with another number of steps ahead. */
    public ContextModel ahead(int ahead) {
        return Copy.with(this, "ahead", ahead);
    }

    /** This with another number of steps of a segment that an update looks at. */
    public ContextModel stepsDrawn(int stepsDrawn) {
        return Copy.with(this, "stepsDrawn", stepsDrawn);
    }

    /** This with other hidden layers of the encoder. */
    public ContextModel encoderHidden(int... encoderHidden) {
        return Copy.with(this, "encoderHidden", IntStream.of(encoderHidden).boxed().toList());
    }

    /** This with another width of the forward model's hidden layers. */
    public ContextModel hidden(int hidden) {
        return Copy.with(this, "hidden", hidden);
    }

    /** This with another number of hidden layers of the forward model. */
    public ContextModel layers(int layers) {
        return Copy.with(this, "layers", layers);
    }

    /** This with another learning rate. */
    public ContextModel learningRate(double learningRate) {
        return Copy.with(this, "learningRate", learningRate);
    }

    /** This with another batch size. */
    public ContextModel batchSize(int batchSize) {
        return Copy.with(this, "batchSize", batchSize);
    }

    /** This with another weight of the contrastive loss. */
    public ContextModel contrastiveWeight(double contrastiveWeight) {
        return Copy.with(this, "contrastiveWeight", contrastiveWeight);
    }

    /** This with another margin. */
    public ContextModel margin(double margin) {
        return Copy.with(this, "margin", margin);
    }

    /** This with or without the square of the hinge. */
    public ContextModel squaredHinge(boolean squaredHinge) {
        return Copy.with(this, "squaredHinge", squaredHinge);
    }

    /** This with other decays of the encoder's layers. */
    public ContextModel encoderDecay(double... encoderDecay) {
        return Copy.with(this, "encoderDecay", DoubleStream.of(encoderDecay).boxed().toList());
    }

    /** This with other decays of the forward model's layers. */
    public ContextModel forwardDecay(double... forwardDecay) {
        return Copy.with(this, "forwardDecay", DoubleStream.of(forwardDecay).boxed().toList());
    }
}
