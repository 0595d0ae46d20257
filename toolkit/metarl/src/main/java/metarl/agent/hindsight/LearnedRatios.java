package metarl.agent.hindsight;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import metarl.agent.Problem;
import metarl.basics.Require;
import metarl.data.Batch;
import metarl.data.MetaReplay;
import metarl.data.Trajectory;
import metarl.data.Transition;
import metarl.diagnose.weights.DynamicsRatio;
import metarl.nn.Rows;

/**
 * Ratios of dynamics from what every task has lived through itself, by the classifiers of {@link DynamicsRatio} (Eysenbach et al. 2021):
 * for two tasks, one tells their (s, a, s') apart and one their (s, a).
 *
 * <p>A pair is fitted anew whenever either task has collected {@code every} further steps. Until both have {@code every} steps its ratio is
 * what {@link Settings#unknown} says; so it is as long as no fit is stable, for example because a policy does the same everywhere, which
 * {@link #unfittedPairs} tells.
 */
public final class LearnedRatios implements DynamicsRatios {
    /**
     * How ratios are learned.
     *
     * @param steps of either task, its newest, that a pair is fitted on
     * @param every steps of a task after which its pairs are fitted anew
     * @param features what the classifiers see
     * @param inverseStrength C of the classifiers: smaller values pull the ratios towards 1
     * @param unknown the ratio of a pair of which too little is known: 1 trusts, 0 waits
     */
    public record Settings(int steps, int every, DynamicsRatio.Features features, double inverseStrength, double unknown) {
        /** Checks every value. */
        public Settings {
            if (features == null) features = DynamicsRatio.Features.QUADRATIC;
            Require.count(steps, 10, "steps", "at least 10 per task, usually 200 to 1 000");
            Require.count(every, 1, "every", "at least 1 step, usually 100 to 1 000");
            Require.number(inverseStrength, inverseStrength > 0 && inverseStrength <= 1e12, "inverseStrength",
                "above 0 and at most 1e12, usually 0.1 to 10");
            Require.number(unknown, unknown >= 0 && unknown <= 1, "unknown", "0 (wait) to 1 (trust)");
        }

        /** Squares and products, 300 steps of either task, fitted anew every 100; a pair that is not known is not used. */
        public static Settings defaults() {
            return new Settings(300, 100, DynamicsRatio.Features.QUADRATIC, 1, 0);
        }
    }

    private final Settings settings;
    private final MetaReplay own;
    private final Map<List<Long>, Optional<DynamicsRatio>> fitted = new HashMap<>();

    /** Ratios between the train tasks of a problem. */
    public LearnedRatios(Settings settings, Problem problem) {
        this.settings = settings;
        // a snapshot is at most `every` steps old and has to be there whole
        own = new MetaReplay(problem.tasks(), problem.observationSize(), problem.actionSize(), problem.outcomeSize(),
            Require.length("the steps to learn ratios from", "steps, every or the number of tasks", problem.tasks(),
                (long) settings.steps + settings.every));
    }

    /** Takes in an episode that a task has lived through itself. */
    public void add(int task, Trajectory episode) {
        own.of(task).add(episode);
    }

    /** The replay of own steps, to be stored with a learner. */
    public MetaReplay own() {
        return own;
    }

    @Override
    public double[] of(int from, int to, List<Transition> steps) {
        DynamicsRatio ratio = from == to ? null : fitted(from, to);
        double[] found = new double[steps.size()];
        if (ratio == null) {
            Arrays.fill(found, from == to ? 1 : settings.unknown);
            return found;
        }
        return ratio.ratios(new DynamicsRatio.Transitions(rows(steps.stream().map(Transition::observation)),
            rows(steps.stream().map(Transition::action)), rows(steps.stream().map(Transition::nextObservation)))).values();
    }

    private static double[][] rows(Stream<double[]> rows) {
        return rows.toArray(double[][]::new);
    }

    /** The steps of a task up to which a fit looks, so that it is the same again after a run was stored. */
    private long snapshot(int task) {
        return own.of(task).added() / settings.every * settings.every;
    }

    private DynamicsRatio fitted(int from, int to) {
        long source = snapshot(from), target = snapshot(to);
        if (source == 0 || target == 0) return null;
        List<Long> key = List.of((long) from, (long) to, source, target);
        if (!fitted.containsKey(key)) {
            fitted.keySet().removeIf(k -> k.get(0) == from && k.get(1) == to);
            fitted.put(key, fit(transitions(from, source), transitions(to, target)));
        }
        return fitted.get(key).orElse(null);
    }

    /** Empty where no fit is stable. */
    private Optional<DynamicsRatio> fit(DynamicsRatio.Transitions source, DynamicsRatio.Transitions target) {
        try {
            return Optional.of(DynamicsRatio.fit(source, target, settings.features, settings.inverseStrength));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** How many of the pairs that were asked for last have no stable fit. */
    public int unfittedPairs() {
        return (int) fitted.values().stream().filter(Optional::isEmpty).count();
    }

    private DynamicsRatio.Transitions transitions(int task, long until) {
        long[] positions = LongStream.range(Math.max(0, until - settings.steps), until).toArray();
        int[] tasks = new int[positions.length];
        Arrays.fill(tasks, task);
        Batch batch = own.at(tasks, positions);
        return new DynamicsRatio.Transitions(Rows.of(batch.observations(), own.observationSize()),
            Rows.of(batch.actions(), own.actionSize()), Rows.of(batch.nextObservations(), own.observationSize()));
    }
}
