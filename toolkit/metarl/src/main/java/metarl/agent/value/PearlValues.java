package metarl.agent.value;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import metarl.agent.LatentGaussian;
import metarl.agent.hindsight.TaskValues;
import metarl.data.Batch;
import metarl.data.MetaReplay;
import metarl.nn.Gradients;
import metarl.nn.Rows;

/**
 * What PEARL holds states and actions of a train task to be worth: with the mean z of all that the task's own context says, never of an
 * episode that is to be relabelled. V(s) is min Q at the mode of the policy; the bonus for entropy is left out, so that it compares with
 * returns.
 */
final class PearlValues implements TaskValues {
    private final PearlNetworks networks;
    private final MetaReplay context;
    private final PearlContext rows;
    private final Map<Integer, double[]> latents = new HashMap<>();

    /** At present; what was found of a task is kept, so these serve one collection. */
    PearlValues(PearlNetworks networks, MetaReplay context, PearlContext rows) {
        this.networks = networks;
        this.context = context;
        this.rows = rows;
    }

    private double[] latent(int task) {
        return latents.computeIfAbsent(task, this::inferred);
    }

    private double[] inferred(int task) {
        int held = context.of(task).size();
        if (held == 0) return LatentGaussian.standard(networks.settings.latentSize()).mean();
        long added = context.of(task).added();
        int[] tasks = new int[held];
        Arrays.fill(tasks, task);
        Batch all = context.at(tasks, LongStream.range(added - held, added).toArray());
        return networks.posteriors(rows.whole(all)).get(0).mean();
    }

    private double[] state(int task, double[] observation) {
        return DoubleStream.concat(DoubleStream.of(observation), DoubleStream.of(latent(task))).toArray();
    }

    @Override
    public double value(int task, double[] observation) {
        return actionValue(task, observation, networks.actions(new double[][] {observation}, new double[][] {latent(task)}, null)[0]);
    }

    @Override
    public double actionValue(int task, double[] observation, double[] action) {
        double[] state = state(task, observation);
        try (NDManager scope = networks.critics.manager().newSubManager()) {
            return Gradients.unrecorded(() -> {
                NDArray one = Rows.array(Rows.flat(new double[][] {state}, state.length, "state", ""), state.length, scope),
                    act = Rows.array(Rows.flat(new double[][] {action}, action.length, "action", ""), action.length, scope);
                return (double) networks.pieces.smallerValue(one, act, networks.critics).getFloat();
            }) / networks.settings.rewardScale();
        }
    }

    @Override
    public double logDensity(int task, double[] observation, double[] action) {
        double[] state = state(task, observation);
        try (NDManager scope = networks.actor.manager().newSubManager()) {
            float[] outputs = Gradients.unrecorded(() -> networks.pieces.actor()
                .forward(Rows.array(Rows.flat(new double[][] {state}, state.length, "state", ""), state.length, scope),
                    networks.actor.section(SoftActorCritic.ACTOR))
                .toFloatArray());
            return networks.pieces.distribution().logProbability(outputs, 0, action);
        }
    }
}
