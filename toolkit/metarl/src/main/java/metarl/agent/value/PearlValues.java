package metarl.agent.value;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import metarl.agent.LatentGaussian;
import metarl.agent.hindsight.ValuesOfMany;
import metarl.data.Batch;
import metarl.data.MetaReplay;
import metarl.data.Trajectory;
import metarl.nn.Gradients;
import metarl.nn.Rows;

/**
 * What PEARL holds states and actions of a train task to be worth: with the mean z of all that the task's own context says, never of an
 * episode that is to be relabelled. V(s) is min Q at the mode of the policy; the bonus for entropy is left out, so that it compares with
 * returns.
 */
final class PearlValues implements ValuesOfMany {
    /** Starts of a task, and own episodes, that foresight looks at. */
    private static final int STARTS = 64, EPISODES = 20;

    private final PearlNetworks networks;
    private final MetaReplay context;
    private final PearlContext rows;
    private final Map<Integer, double[]> latents = new HashMap<>(), own = new HashMap<>();

    /** At present; what was found of a task is kept, so these serve one collection. */
    PearlValues(PearlNetworks networks, MetaReplay context, PearlContext rows) {
        this.networks = networks;
        this.context = context;
        this.rows = rows;
    }

    private double[] prior() {
        return LatentGaussian.standard(networks.settings.latentSize()).mean();
    }

    /** The mean z of all that the task's own context says, the prior's where it says nothing. */
    double[] inferred(int task) {
        int held = context.of(task).size();
        if (held == 0) return prior();
        long added = context.of(task).added();
        int[] tasks = new int[held];
        Arrays.fill(tasks, task);
        Batch all = context.at(tasks, LongStream.range(added - held, added).toArray());
        return networks.posteriors(rows.whole(all)).get(0).mean();
    }

    /** (s, z) of several states. */
    private double[][] states(int task, double[][] observations) {
        double[] z = latents.computeIfAbsent(task, this::inferred);
        return Arrays.stream(observations).map(observation -> PearlNetworks.state(observation, z)).toArray(double[][]::new);
    }

    @Override
    public double[] values(int task, double[][] observations) {
        return worth(states(task, observations), Twin.SMALLER);
    }

    @Override
    public double[] largerValues(int task, double[][] observations) {
        return worth(states(task, observations), Twin.LARGER);
    }

    private double[] worth(double[][] states, Twin twin) {
        return worth(states, networks.pieces.actions(states, networks.actor), twin);
    }

    private double[] worth(double[][] states, double[][] actions, Twin twin) {
        float[] flatStates = Rows.flat(states, states[0].length, "state", ""),
            flatActions = Rows.flat(actions, actions[0].length, "action", "");
        try (NDManager scope = networks.critics.manager().newSubManager()) {
            float[] found = Gradients.unrecorded(() -> networks.pieces.value(Rows.array(flatStates, states[0].length, scope),
                Rows.array(flatActions, actions[0].length, scope), networks.critics, twin).toFloatArray());
            return IntStream.range(0, found.length).mapToDouble(i -> found[i] / networks.settings.rewardScale()).toArray();
        }
    }

    @Override
    public double[] actionValues(int task, double[][] observations, double[][] actions) {
        return worth(states(task, observations), actions, Twin.SMALLER);
    }

    @Override
    public double[] logDensities(int task, double[][] observations, double[][] actions) {
        return networks.pieces.rows(states(task, observations), networks.actor).logDensities(actions);
    }

    @Override
    public double foresight(int task, Trajectory episode) {
        return foresights(task, List.of(episode))[0];
    }

    /** Of the newest episodes in the task's own context; by z from the prior where there is none. */
    @Override
    public double[] ownForesights(int task) {
        return own.computeIfAbsent(task, t -> {
            List<Trajectory> episodes = context.of(task).episodes(networks.problem.train().get(task));
            return foresights(task, episodes.subList(Math.max(0, episodes.size() - EPISODES), episodes.size()));
        });
    }

    private double[] foresights(int task, List<Trajectory> episodes) {
        List<double[]> starts = context.of(task).starts(STARTS), latents = means(episodes);
        if (starts.isEmpty()) starts = List.of(new double[networks.problem.observationSize()]);
        var states = new ArrayList<double[]>();
        for (double[] z : latents) for (double[] start : starts) states.add(PearlNetworks.state(start, z));
        double[] worth = worth(states.toArray(double[][]::new), Twin.SMALLER);
        int n = starts.size();
        return IntStream.range(0, latents.size()).mapToDouble(e -> Arrays.stream(worth, e * n, (e + 1) * n).average().orElseThrow())
            .toArray();
    }

    /** The mean z of what each episode says alone; that of the prior where there are no episodes. */
    private List<double[]> means(List<Trajectory> episodes) {
        if (episodes.isEmpty()) return List.of(prior());
        List<LatentGaussian> factors = networks.factors(rows.rows(episodes));
        var means = new ArrayList<double[]>();
        int seen = 0;
        for (Trajectory episode : episodes) means.add(LatentGaussian.product(factors.subList(seen, seen += episode.length())).mean());
        return means;
    }
}
