package metarl.agent.gradient;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import metarl.agent.DivergedException;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.nn.ActionDistribution;
import metarl.nn.Adam;
import metarl.nn.Gradients;
import metarl.nn.Loss;

/**
 * Proximal policy optimisation (Schulman et al. 2017) as a piece for learners: the losses as functions of arrays, and the passes over
 * collected data.
 *
 * <p>With ρ = π(a) / π_old(a) the policy's loss is −mean[min(ρ Â, clip(ρ, 1 − ε, 1 + ε) Â) + c H(π)] (their equations 7 and 9; the value
 * has a network and a step of its own). Different from the paper: where the mean KL(π_old ‖ π) of a minibatch exceeds a limit, the policy
 * takes no further step on these data; the value goes on to the end of that pass.
 *
 * @param clip ε
 * @param epochs passes over the data
 * @param itemsPerBatch items per gradient step: whole trials where the policy has a memory, single steps where it has none
 * @param divergenceLimit mean KL(π_old ‖ π) of a minibatch, in nats, that ends the steps of the policy
 */
public record Ppo(double clip, int epochs, int itemsPerBatch, double divergenceLimit) {
    /** Checks every value; an error names the sane range. */
    public Ppo {
        Require.number(clip, clip > 0 && clip < 1, "clip", "in (0, 1), usually 0.1 to 0.3");
        Require.count(epochs, 1, "epochs", "at least 1, usually 3 to 10");
        Require.count(itemsPerBatch, 1, "itemsPerBatch", "at least 1, usually 32 to 256 trials or 64 to 4 096 steps");
        Require.number(divergenceLimit, divergenceLimit > 0 && divergenceLimit <= 1e12, "divergenceLimit",
            "above 0 and at most 1e12, usually 0.01 to 0.05");
    }

    /**
     * What was collected, a row per step.
     *
     * @param old outputs of π_old, rows × outputs
     * @param actions encoded, rows × entries
     * @param advantages Â, rows × 1, usually of mean 0 and variance 1
     */
    public record Rows(NDArray old, NDArray actions, NDArray advantages) {}

    /** Some of the items, and the networks on them. */
    public interface Minibatch {
        /** The rows of these items. */
        Rows rows();

        /** Applies a function to the policy's outputs for these rows, all recorded: a scalar with whatever it stands on. */
        Loss policyLoss(UnaryOperator<NDArray> ofOutputs);

        /** The loss of the value on these rows, such as {@link Ppo#valueLoss}; null where none is trained. */
        Loss valueLoss();
    }

    /** All that was collected for one update. */
    public interface Data {
        /** How many items there are. */
        int items();

        /** Some of them as arrays of {@code scope}, which ends after the step. */
        Minibatch minibatch(int[] items, NDManager scope);
    }

    /**
     * How steps are taken.
     *
     * @param distribution of the policy
     * @param policy optimiser of its parameters
     * @param value optimiser of the value's; null where none is trained
     * @param learningRate of both
     * @param entropyCoefficient c
     */
    public record Training(ActionDistribution distribution, Adam policy, Adam value, double learningRate, double entropyCoefficient) {
        /** Checks the numbers. */
        public Training {
            Require.number(learningRate, learningRate > 0 && learningRate <= 10, "learningRate",
                "above 0 and at most 10, usually 1e-4 to 1e-3");
            Require.number(entropyCoefficient, entropyCoefficient >= 0 && entropyCoefficient <= 1000, "entropyCoefficient",
                "0 to 1000, usually up to 0.02");
        }
    }

    /**
     * min(ρ Â, clip(ρ, 1 − ε, 1 + ε) Â) of each row, to be made large.
     *
     * @param log log π(a), rows × 1
     * @param old log π_old(a), rows × 1
     * @param advantages Â, rows × 1
     */
    public NDArray clippedGain(NDArray log, NDArray old, NDArray advantages) {
        return clippedGain(log, old, advantages, clip);
    }

    /** The same with this ε. */
    static NDArray clippedGain(NDArray log, NDArray old, NDArray advantages, double clip) {
        NDArray ratio = log.sub(old).exp();
        NDArray clipped = ratio.clip((float) (1 - clip), (float) (1 + clip));
        return ratio.mul(advantages).minimum(clipped.mul(advantages));
    }

    /** −mean[min(ρ Â, clip(ρ, 1 − ε, 1 + ε) Â) + c H(π)], a scalar; {@code outputs} are rows × outputs of π. */
    public NDArray policyLoss(ActionDistribution distribution, NDArray outputs, Rows rows,
        double entropyCoefficient) {
        NDArray log = distribution.logProbability(outputs, rows.actions);
        NDArray old = distribution.logProbability(rows.old, rows.actions);
        NDArray entropy = Gradients.scaled(distribution.entropy(outputs), entropyCoefficient);
        return clippedGain(log, old, rows.advantages).add(entropy).mean().neg();
    }

    /** mean (V − R)², a scalar, of values and returns of each row, rows × 1. */
    public static NDArray valueLoss(NDArray values, NDArray returns) {
        return values.sub(returns).square().mean();
    }

    /**
     * mean h(V − R), a scalar, with h(e) = e²/2 up to |e| = 1 and |e| − ½ beyond (Huber 1964): single returns that are far off pull no
     * harder than those that are off by one.
     */
    public static NDArray huberLoss(NDArray values, NDArray returns) {
        NDArray errors = values.sub(returns), near = errors.clip(-1f, 1f);
        return near.mul(errors.sub(Gradients.scaled(near, 0.5))).mean();
    }

    /** Means over the minibatches of a pass, each before its step. */
    private record Found(double policyLoss, double valueLoss, double entropy, double divergence) {
        Found plus(Found other, int batches) {
            return new Found(policyLoss + other.policyLoss / batches, valueLoss + other.valueLoss / batches,
                entropy + other.entropy / batches, divergence + other.divergence / batches);
        }
    }

    /**
     * Passes over the data in an order that is drawn anew for each, until all are done or the policy has gone too far.
     *
     * @return means over the last pass, before its steps, of policyLoss, valueLoss (if one is trained), entropy and divergence; and epochs,
     *     the passes begun
     * @throws DivergedException if a loss is no number
     */
    public Map<String, Double> improve(Data data, Training training, RandomStream random) {
        var means = new LinkedHashMap<String, Double>();
        boolean near = true;
        for (int epoch = 0; epoch < epochs && near; epoch++) {
            int[] order = random.permutation(data.items());
            int batches = (int) ((order.length + (long) itemsPerBatch - 1) / itemsPerBatch);
            var pass = new Found(0, 0, 0, 0);
            for (int b = 0; b < batches; b++) {
                int from = (int) ((long) b * order.length / batches), to = (int) ((b + 1L) * order.length / batches);
                try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
                    Found found = step(data.minibatch(Arrays.copyOfRange(order, from, to), scope), training, near);
                    // the policy stops at once, because one step too many can end its learning for good; the value goes on
                    near &= found.divergence <= divergenceLimit;
                    pass = pass.plus(found, batches);
                }
            }
            means.put("policyLoss", pass.policyLoss);
            if (training.value != null) means.put("valueLoss", pass.valueLoss);
            means.put("entropy", pass.entropy);
            means.put("divergence", pass.divergence);
            means.put("epochs", epoch + 1.0);
        }
        return means;
    }

    /** A step of the policy if it was near so far and still is, and one of the value; what was found before them. */
    private Found step(Minibatch minibatch, Training training, boolean near) {
        Rows rows = minibatch.rows();
        var said = new NDList();
        Loss loss = minibatch.policyLoss(outputs -> {
            said.add(outputs);
            return policyLoss(training.distribution, outputs, rows, training.entropyCoefficient);
        });
        double policyLoss = finite("policyLoss", loss.number());
        double divergence = finite("divergence", mean(() -> training.distribution.divergence(rows.old, said.head()))),
            entropy = mean(() -> training.distribution.entropy(said.head()));
        if (near && divergence <= divergenceLimit) training.policy.minimize(loss, training.learningRate);
        return new Found(policyLoss, improveValue(minibatch, training), entropy, divergence);
    }

    private static double improveValue(Minibatch minibatch, Training training) {
        if (training.value == null) return 0;
        Loss loss = minibatch.valueLoss();
        double found = finite("valueLoss", loss.number());
        training.value.minimize(loss, training.learningRate);
        return found;
    }

    private static double mean(Supplier<NDArray> rows) {
        return Gradients.unrecorded(() -> rows.get().mean().getFloat());
    }

    private static double finite(String name, double loss) {
        DivergedException.requireLoss(name, loss, "");
        return loss;
    }
}
