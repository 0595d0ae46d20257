package metarl.agent.value;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import metarl.agent.LatentGaussian;
import metarl.agent.Problem;
import metarl.agent.hindsight.Hindsight;
import metarl.agent.hindsight.Relabeller;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;
import metarl.task.Task;
import metarl.task.families.Point;
import metarl.train.Rollout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What PEARL says to rules that ask for values, probabilities and foresight, against its networks. */
class PearlHindsightTest {
    private static final double SINGLE = 1e-5;
    private static final List<Task> CORNERS = List.of(Point.fourCorners().task(1, 1), Point.fourCorners().task(-1, 1),
        Point.fourCorners().task(-1, -1));
    private static final Problem PROBLEM = Problem.of(CORNERS);
    private static final Pearl TINY = Pearl.released("sparse-point").latentSize(2).hidden(4).encoderHidden(4).layers(1).batchSize(4)
        .contextSize(6).tasksPerUpdate(2).tasksPerIteration(2).initialSteps(40).priorSteps(40).posteriorSteps(30).updatesPerIteration(3)
        .priorEpisodes(1).replayCapacity(600);

    private static PearlLearner learner(Pearl settings) {
        return (PearlLearner) settings.learner(PROBLEM, 1);
    }

    private static void collect(PearlLearner learner, int rounds) {
        for (int round = 0; round < rounds; round++) {
            learner.store(Rollout.of(learner.plan(), CORNERS, RandomStream.of(round, "collection")));
            while (learner.isDue()) learner.update();
        }
    }

    private static double[] observation(double x, double y) {
        return new double[] {x, y};
    }

    @Test
    void valuesOfManyStatesAreThoseOfEach() {
        try (var learner = learner(TINY)) {
            collect(learner, 6);
            var values = values(learner);
            double[][] seen = {observation(0, 0), observation(0.5, -0.2), observation(-1, 1)}, actions = {{0.1, 0.9}, {-0.5, 0}, {0, 0}};
            for (int task = 0; task < 3; task++) {
                double[] v = values.values(task, seen), q = values.actionValues(task, seen, actions),
                    log = values.logDensities(task, seen, actions);
                for (int i = 0; i < seen.length; i++) {
                    assertEquals(values.value(task, seen[i]), v[i], SINGLE);
                    assertEquals(values.actionValue(task, seen[i], actions[i]), q[i], SINGLE);
                    assertEquals(values.logDensity(task, seen[i], actions[i]), log[i], SINGLE);
                }
            }
        }
    }

    private static PearlValues values(PearlLearner learner) {
        return new PearlValues(learner.networks(), learner.schedule().context(), new PearlContext(TINY, PROBLEM));
    }

    /** What is stored with an episode is log π(a|s, z) of the z that it was acted by. */
    @Test
    void episodesTellHowProbableTheirActionsWere() {
        try (var learner = learner(TINY)) {
            var policy = new PearlPolicy(learner.networks(), PearlPolicy.Beliefs.always(fixed(0.4, -0.7)), true);
            var actor = policy.start(2, RandomStream.of(1, "actor"));
            double[][] seen = {observation(0, 0), observation(0.3, 0.1)}, actions = actor.act(seen);
            double[] told = actor.logDensities();
            double[][] z = {{0.4, -0.7}, {0.4, -0.7}};
            var rows = learner.networks().pieces.rows(PearlNetworks.states(seen, z), learner.networks().actor);
            // drawn through u, asked for by tanh u
            assertArrayEquals(rows.logDensities(actions), told, 1e-6);
            assertArrayEquals(told, actor.logDensities(seen, actions), 1e-6);
            collect(learner, 1);
            Trajectory lived = Rollout.of(learner.plan(), CORNERS, RandomStream.of(9, "collection")).get(0).episodes().get(0);
            assertTrue(IntStream.range(0, lived.length()).allMatch(t -> Double.isFinite(lived.logDensity(t))));
        }
    }

    /** A belief without doubt, up to rounding. */
    private static LatentGaussian fixed(double... mean) {
        double[] variance = new double[mean.length];
        Arrays.fill(variance, 1e-20);
        return new LatentGaussian(mean, variance);
    }

    /** U is the mean of min Q at the mode, over the starts, with the mean of the product of the episode's factors. */
    @Test
    void foresightIsTheValueOfTheStartsByWhatTheEpisodeSays() {
        try (var learner = learner(TINY)) {
            collect(learner, 6);
            var values = values(learner);
            var buffer = learner.schedule().context().of(1);
            List<double[]> starts = buffer.starts(64);
            List<Trajectory> own = buffer.episodes(CORNERS.get(1));
            assertEquals(own.size(), starts.size());
            Trajectory episode = own.get(own.size() - 1);
            var networks = learner.networks();
            double[] z = LatentGaussian.product(networks.factors(new PearlContext(TINY, PROBLEM).rows(List.of(episode)))).mean();
            double[][] latents = IntStream.range(0, starts.size()).mapToObj(i -> z).toArray(double[][]::new),
                states = PearlNetworks.states(starts.toArray(double[][]::new), latents);
            double mean = 0;
            for (int i = 0; i < states.length; i++) {
                double[] action = networks.actions(new double[][] {starts.get(i)}, new double[][] {z})[0];
                var manager = networks.critics.manager();
                try (var scope = manager.newSubManager()) {
                    mean += networks.pieces.smallerValue(metarl.nn.Rows.array(floats(states[i]), 4, scope),
                        metarl.nn.Rows.array(floats(action), 2, scope), networks.critics).getFloat() / states.length;
                }
            }
            assertEquals(mean / TINY.rewardScale(), values.foresight(1, episode), SINGLE);
            double[] all = values.ownForesights(1);
            assertEquals(Math.min(20, own.size()), all.length);
            assertEquals(values.foresight(1, episode), all[all.length - 1], SINGLE);
        }
        try (var fresh = learner(TINY)) {
            assertEquals(1, values(fresh).ownForesights(0).length, "the prior's, where nothing was lived through");
        }
    }

    /** V by either critic, at the mode of the policy; z is that of all own steps. */
    @Test
    void largerValuesAreThoseOfTheOtherCritic() {
        try (var learner = learner(TINY)) {
            collect(learner, 6);
            var networks = learner.networks();
            double[][] starts = learner.schedule().context().of(1).starts(8).toArray(double[][]::new);
            double[] smaller = values(learner).values(1, starts), larger = values(learner).largerValues(1, starts);
            double[] z = values(learner).inferred(1);
            for (int i = 0; i < starts.length; i++) {
                float[] state = floats(PearlNetworks.state(starts[i], z)),
                    action = floats(networks.actions(new double[][] {starts[i]}, new double[][] {z})[0]);
                try (var scope = networks.critics.manager().newSubManager()) {
                    var s = metarl.nn.Rows.array(state, state.length, scope);
                    var a = metarl.nn.Rows.array(action, action.length, scope);
                    double first = networks.pieces.value(s, a, networks.critics, SoftActorCritic.FIRST).getFloat(),
                        second = networks.pieces.value(s, a, networks.critics, SoftActorCritic.SECOND).getFloat();
                    assertEquals(Math.min(first, second) / TINY.rewardScale(), smaller[i], SINGLE);
                    assertEquals(Math.max(first, second) / TINY.rewardScale(), larger[i], SINGLE);
                }
            }
        }
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) floats[i] = (float) values[i];
        return floats;
    }

    static List<Relabeller> rules() {
        return List.of(Relabeller.all(), Relabeller.foresight(0.01), Relabeller.inverse(1, 2, 10), Relabeller.advantage(1, 2),
            Relabeller.doublyRobust(Hindsight.Form.RATIOS, 5).weighted(5), Relabeller.doublyRobust(Hindsight.Form.ONES, 5).halved(),
            Relabeller.doublyRobust(Hindsight.Form.INTERVAL, 5).halved());
    }

    /** As many updates with a rule as without, contexts of own steps alone, and finite losses. */
    @ParameterizedTest
    @MethodSource("rules")
    void everyRuleWorksInPearl(Relabeller rule) {
        try (var alone = learner(TINY); var learner = learner(TINY.relabeller(rule))) {
            collect(alone, 8);
            collect(learner, 8);
            for (int task = 0; task < 3; task++) {
                assertEquals(alone.schedule().context().of(task).added(), learner.schedule().context().of(task).added());
                assertTrue(learner.schedule().replay().of(task).added() >= alone.schedule().replay().of(task).added());
            }
        }
    }
}
