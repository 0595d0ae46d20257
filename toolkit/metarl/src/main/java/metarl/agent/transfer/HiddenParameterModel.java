package metarl.agent.transfer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import metarl.agent.model.DynamicsModel.Prediction;
import metarl.agent.model.DynamicsModel.Units;
import metarl.basics.Require;
import metarl.nn.Gradients;
import metarl.nn.Mlp;
import metarl.nn.Normalizer;
import metarl.nn.Sections;
import metarl.nn.VarianceBounds;

/**
 * What a step leads to in a task with the embedding θ, and what embeddings are held to (Zhang et al. 2021, "Learning robust state
 * abstractions for hidden-parameter block MDPs"), as functions of parameters. h is an encoded state, h' the next one.
 *
 * <ul>
 *   <li>Transition: μ(h, a, θ), the mean of ŷ = (h' − h) / d, and its log variance v; d are given units. Its loss is the mean over rows and
 *     entries of ½ (ŷ − μ)² e^−v + ½ v, with 0.01 Σ (v_max − v_min) for the bounds of v ({@link VarianceBounds}); where it is
 *     deterministic, of ½ (ŷ − μ)².
 *   <li>Reward: mean (R(h, a, θ) − r)².
 *   <li>Reconstruction, where there is a decoder D: mean (D(h + d μ) − s')², so that the encoder cannot make all states alike.
 *   <li>Embeddings: (‖θ_i − θ_j‖ − ‖μ(h, a, θ_i) − μ(h, a, θ_j)‖)², with the same h and a and with no gradient for μ: two tasks shall be as
 *     far apart as what they do. Of deterministic transitions, or of equal variances, the second norm is the Wasserstein distance of the
 *     paper.
 * </ul>
 *
 * <p>Different from the release: μ is the change of h, not h' itself; the reward is foretold from h, a and θ, not from a draw of the
 * next h, and the decoder reads its mean; variances have soft bounds; one hidden layer of x / (1 + e^−x) without layer normalisation.
 *
 * @param transition μ and v, with θ as its context
 * @param reward R
 * @param decoder D; null where h is the observation itself
 * @param probabilistic whether the variance is learned; if not, it is 1
 */
public record HiddenParameterModel(ForwardModel transition, Mlp reward, Mlp decoder, boolean probabilistic) {
    /** Names of the sections behind those of the transition. */
    public static final String REWARD = "reward", DECODER = "decoder";
    /** Added to squared norms, because √x has no slope at 0; where both tasks are the same one, it cancels. */
    private static final float TINY = 1e-12f;

    /** Checks that the networks fit each other. */
    public HiddenParameterModel {
        int latent = transition.observationSize(), inputs = transition.network().inputs();
        Require.that(reward.inputs() == inputs && reward.outputs() == 1, "the widths of reward", reward.widths(),
            inputs + " inputs, as the transition has, and 1 output");
        Require.that(decoder == null || decoder.inputs() == latent, "the inputs of decoder", decoder == null ? "" : decoder.inputs(),
            latent + ", the numbers in h");
    }

    /**
     * With one hidden layer of this width in each.
     *
     * @param latentSize numbers in h
     * @param embeddingSize numbers in θ
     * @param decoded numbers that the decoder says; 0: there is none
     */
    public static HiddenParameterModel of(int latentSize, int actionSize, int embeddingSize, int decoded, int hidden,
        boolean probabilistic) {
        int inputs = latentSize + actionSize + embeddingSize;
        Mlp.Activation swish = Mlp.Activation.SWISH;
        return new HiddenParameterModel(ForwardModel.of(latentSize, actionSize, embeddingSize, hidden, 1),
            Mlp.of(swish, inputs, hidden, 1), decoded == 0 ? null : Mlp.of(swish, latentSize, hidden, decoded), probabilistic);
    }

    /**
     * What was done in which task.
     *
     * @param latents h, rows × latent
     * @param actions a, rows × action
     * @param embeddings θ, rows × embedding
     */
    public record Steps(NDArray latents, NDArray actions, NDArray embeddings) {
        private NDArray joined() {
            return latents.concat(actions, 1).concat(embeddings, 1);
        }
    }

    /**
     * What it led to, without a gradient.
     *
     * @param latents h', rows × latent
     * @param rewards r, rows × 1
     * @param observations s', rows × observation, as the decoder shall say it; not looked at where there is none
     */
    public record Outcome(NDArray latents, NDArray rewards, NDArray observations) {}

    /**
     * Scalars to be differentiated.
     *
     * @param reconstruction null where there is no decoder
     */
    public record Losses(NDArray transition, NDArray reward, NDArray reconstruction, NDArray embedding) {
        /** Their sum, with this weight of the loss of embeddings. */
        public NDArray total(double embeddingWeight) {
            NDArray sum = transition.add(reward);
            if (reconstruction != null) sum = sum.add(reconstruction);
            return sum.add(Gradients.scaled(embedding, embeddingWeight));
        }
    }

    /** What the parameters consist of. */
    public Sections sections() {
        Sections both = transition.sections(Sections.of()).and(REWARD, reward);
        return decoder == null ? both : both.and(DECODER, decoder);
    }

    /** μ and v, of ŷ. */
    private Prediction predict(Steps steps, NDList own) {
        // the units of the targets are asked for elsewhere
        var none = new Units(Normalizer.none(transition.observationSize() + transition.actionSize()),
            Normalizer.none(transition.observationSize()));
        return transition.predict(steps.latents, steps.actions, steps.embeddings, none, ofTransition(own));
    }

    private NDList ofTransition(NDList own) {
        return own.subNDList(0, transition.network().arrays().size() + 2);
    }

    /** μ(h, a, θ), the foretold change of h in units d, rows × latent. */
    public NDArray changes(Steps steps, NDList own) {
        return predict(steps, own).means();
    }

    /**
     * All losses of one batch, recorded if operations are.
     *
     * @param others θ of other tasks for the same rows
     * @param wholeBatch whether that loss compares norms over all rows together, as in the release, or row by row, as in the paper
     * @param units d
     * @param own the arrays of {@link #sections()}
     */
    public Losses losses(Steps steps, Outcome outcome, NDArray others, boolean wholeBatch, Normalizer units, NDList own) {
        Prediction said = predict(steps, own);
        NDArray rewards = reward.forward(steps.joined(), sections().slice(REWARD, own)).sub(outcome.rewards).square().mean();
        NDArray reconstruction = decoder == null ? null : decoder.forward(steps.latents.add(units.restored(said.means())),
            sections().slice(DECODER, own)).sub(outcome.observations).square().mean();
        NDArray embedding = embeddingLoss(steps.embeddings, others, said.means().stopGradient(),
            Gradients.unrecorded(() -> changes(new Steps(steps.latents, steps.actions, others), own)), wholeBatch);
        return new Losses(transitionLoss(said, target(steps, outcome.latents, units), own), rewards, reconstruction, embedding);
    }

    /** ŷ. */
    private static NDArray target(Steps steps, NDArray nextLatents, Normalizer units) {
        return units.normalized(nextLatents.sub(steps.latents));
    }

    /** The loss of the transition alone, recorded if operations are; {@code nextLatents} is h', rows × latent. */
    public NDArray transitionLoss(Steps steps, NDArray nextLatents, Normalizer units, NDList own) {
        return transitionLoss(predict(steps, own), target(steps, nextLatents, units), own);
    }

    private NDArray transitionLoss(Prediction said, NDArray target, NDList own) {
        NDArray squares = target.sub(said.means()).square();
        if (!probabilistic) return Gradients.scaled(squares.mean(), 0.5);
        NDArray likelihood = Gradients.scaled(squares.mul(said.logVariances().neg().exp()).add(said.logVariances()).mean(), 0.5);
        return likelihood.add(new VarianceBounds(transition.observationSize()).penalty(target, transition.sections(Sections.of()),
            ofTransition(own)));
    }

    /**
     * Mean over rows of (‖θ_i − θ_j‖ − ‖μ_i − μ_j‖)², or the same of norms over all rows together.
     *
     * @param embeddings θ_i, rows × embedding
     * @param others θ_j
     * @param changes μ(h, a, θ_i), rows × latent, without a gradient
     * @param otherChanges μ(h, a, θ_j)
     */
    public static NDArray embeddingLoss(NDArray embeddings, NDArray others, NDArray changes, NDArray otherChanges, boolean wholeBatch) {
        return norm(embeddings.sub(others), wholeBatch).sub(norm(changes.sub(otherChanges), wholeBatch)).square().mean();
    }

    private static NDArray norm(NDArray rows, boolean wholeBatch) {
        NDArray squares = rows.square();
        return (wholeBatch ? squares.sum() : squares.sum(new int[] {1})).add(TINY).sqrt();
    }

    /** Mean over rows and entries of (ŷ − μ)², without a gradient: how far off the foretold steps are. */
    public double error(Steps steps, NDArray nextLatents, Normalizer units, NDList own) {
        return Gradients.unrecorded(() -> (double) target(steps, nextLatents, units).sub(changes(steps, own)).square().mean().getFloat());
    }
}
