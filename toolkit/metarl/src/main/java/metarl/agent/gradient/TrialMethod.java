package metarl.agent.gradient;

import java.util.function.UnaryOperator;
import metarl.agent.Algorithm;

/**
 * A method that learns on trials as {@link TrialPpo} says, with a memory of its own kind. The verbs change a component of the training
 * each, so that {@code Rl2.bandit(10).trialsPerUpdate(512)} is short for {@code Rl2.bandit(10).training(t -> t.trialsPerUpdate(512))}.
 *
 * @param <M> the method itself
 */
public interface TrialMethod<M extends TrialMethod<M>> extends Algorithm {
    /** How it is trained. */
    TrialPpo training();

    /** This with another training. */
    M training(TrialPpo training);

    /** This with a change of its training. */
    default M training(UnaryOperator<TrialPpo> change) {
        return training(change.apply(training()));
    }

    @Override
    default boolean choosesDiscretely() {
        return true;
    }

    @Override
    default boolean readsPictures() {
        return true;
    }

    @Override
    default M fast() {
        return training(TrialPpo::fast);
    }

    /** This with another discount. */
    default M discount(double discount) {
        return training(t -> t.discount(discount));
    }

    /** This with another λ of the advantages. */
    default M lambda(double lambda) {
        return training(t -> t.lambda(lambda));
    }

    /** This with another clip of the ratio. */
    default M clip(double clip) {
        return training(t -> t.clip(clip));
    }

    /** This with another number of passes over the trials of one update. */
    default M epochs(int epochs) {
        return training(t -> t.epochs(epochs));
    }

    /** This with another number of trials collected for each update. */
    default M trialsPerUpdate(int trialsPerUpdate) {
        return training(t -> t.trialsPerUpdate(trialsPerUpdate));
    }

    /** This with another number of trials per gradient step. */
    default M trialsPerBatch(int trialsPerBatch) {
        return training(t -> t.trialsPerBatch(trialsPerBatch));
    }

    /** This with another learning rate. */
    default M learningRate(double learningRate) {
        return training(t -> t.learningRate(learningRate));
    }

    /** This with another number of steps until the learning rate is a tenth and the entropy counts nothing; 0: they stay. */
    default M decaySteps(long decaySteps) {
        return training(t -> t.decaySteps(decaySteps));
    }

    /** This with another weight of the entropy. */
    default M entropyCoefficient(double entropyCoefficient) {
        return training(t -> t.entropyCoefficient(entropyCoefficient));
    }

    /** This with another mean KL at which an update stops. */
    default M divergenceLimit(double divergenceLimit) {
        return training(t -> t.divergenceLimit(divergenceLimit));
    }

    /** This with another number of episodes in a trial. */
    default M episodesPerTrial(int episodesPerTrial) {
        return training(t -> t.episodesPerTrial(episodesPerTrial));
    }

    /** This with advantages as they are, or of mean 0 and variance 1. */
    default M rawAdvantages(boolean rawAdvantages) {
        return training(t -> t.rawAdvantages(rawAdvantages));
    }

    /** This with returns in units of reward, or of their running deviation. */
    default M rawReturns(boolean rawReturns) {
        return training(t -> t.rawReturns(rawReturns));
    }

    /** This with Huber's loss for the value, or the mean square. */
    default M huber(boolean huber) {
        return training(t -> t.huber(huber));
    }

    /** This with another decay of the weights; 0: none. */
    default M weightDecay(double weightDecay) {
        return training(t -> t.weightDecay(weightDecay));
    }

    /** This with another ε of Adam; 0: 10⁻⁸. */
    default M adamEpsilon(double adamEpsilon) {
        return training(t -> t.adamEpsilon(adamEpsilon));
    }

    /** This with another number of filters in each convolution over a picture; 0: 16. */
    default M pictureFilters(int pictureFilters) {
        return training(t -> t.pictureFilters(pictureFilters));
    }

    /** This with another number of features of a picture; 0: 256. */
    default M pictureFeatures(int pictureFeatures) {
        return training(t -> t.pictureFeatures(pictureFeatures));
    }
}
