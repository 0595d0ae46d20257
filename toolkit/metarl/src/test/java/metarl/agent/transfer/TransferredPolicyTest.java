package metarl.agent.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import metarl.agent.Policy;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;
import metarl.env.Step;
import metarl.task.Task;
import metarl.task.families.Point;
import metarl.train.Rollout;
import org.junit.jupiter.api.Test;

class TransferredPolicyTest {
    /** Counts on and remembers what it is told. */
    private static final class Remembering implements Policy, Policy.Actor {
        final List<String> told = new ArrayList<>();
        int acts;
        boolean closed;

        @Override
        public Actor start(int environments, RandomStream random) {
            return this;
        }

        @Override
        public double[][] act(double[][] observations) {
            acts++;
            double[][] actions = new double[observations.length][];
            for (int i = 0; i < actions.length; i++) actions[i] = new double[] {acts / 100.0, i / 10.0};
            return actions;
        }

        @Override
        public void received(double[][] actions, Step[] steps) {
            for (int i = 0; i < steps.length; i++) told.add(actions[i][0] + " " + actions[i][1] + (steps[i] == null ? " over" : ""));
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private static Step step(boolean last, double... observation) {
        return new Step(observation, 0, false, last, new double[0]);
    }

    /** Proposition 1 with d = 0: the policy is worth in the target task what it is worth in its own. */
    @Test
    void theExactTranslationTransfersThePolicyAsItIs() {
        Task source = Masses.task(0, 0.6), target = Masses.task(2, 1.4);
        Trajectory own = Rollout.of(Masses.home(), List.of(source), RandomStream.of(1, "episode")).get(0);
        Trajectory there = Rollout.of(TransferredPolicy.of(Masses.home(), Masses.exact(source, target)), List.of(target),
            RandomStream.of(1, "episode")).get(0);
        Trajectory plain = Rollout.of(TransferredPolicy.of(Masses.home(), Translation.none()), List.of(target),
            RandomStream.of(1, "episode")).get(0);
        assertArrayEquals(own.observation(100), there.observation(100), 1e-9);
        assertEquals(own.totalReward(), there.totalReward(), 1e-9);
        assertTrue(own.totalReward() > -60 && plain.totalReward() < 2 * own.totalReward(), own.totalReward() + " " + plain.totalReward());
    }

    @Test
    void theSourceIsToldItsOwnActions() {
        var source = new Remembering();
        try (Policy.Actor actor = TransferredPolicy.of(source, Masses.exact(Masses.task(0, 1), Masses.task(Math.PI, 1))).start(2,
            RandomStream.of(1, "none"))) {
            double[][] done = actor.act(new double[2][4]);
            assertArrayEquals(new double[] {-0.01, 0}, done[0], 1e-9);
            assertArrayEquals(new double[] {-0.01, -0.1}, done[1], 1e-9);
            actor.received(done, new Step[] {step(false, new double[4]), null});
            assertEquals(List.of("0.01 0.0", "0.01 0.1 over"), source.told);
            assertEquals(0, actor.logDensities().length, "of no known density");
            assertEquals(0, actor.logDensities(new double[2][4], new double[2][2]).length);
            actor.received(new double[2][2], new Step[] {step(false, new double[4]), null});
            assertEquals("0.02 0.0", source.told.get(2), "somebody else chose, and the source meant this");
        }
        assertTrue(source.closed);
    }

    private static FittedContextModel context(int contextSize) {
        FittedContextModel model = ContextModel.small().contextSize(contextSize).history(3).encoderHidden(8).hidden(8).start(4, 2, 1);
        model.measure(Masses.data(1, 1, Masses.task(0, 1)), 0);
        return model;
    }

    private static FittedTranslator translator(FittedContextModel dynamics) {
        boolean features = dynamics.settings().contextSize() > 0;
        return ActionTranslator.small().branch(8).hidden(8).withFeatures(features).start(dynamics, 1);
    }

    /** What is done in two environments whose episodes end at different times is what is done in each alone. */
    @Test
    void theContextIsThatOfEachEpisodeInTheTarget() {
        try (FittedContextModel dynamics = context(3); FittedTranslator translator = translator(dynamics)) {
            float[] z = {0.3f, -0.2f, 0.1f};
            var random = RandomStream.of(1, "observations");
            double[][][] seen = new double[9][2][];
            for (double[][] rows : seen) for (int i = 0; i < 2; i++) rows[i] = random.doubles(4, -1, 1).toArray();
            try (Policy.Actor both = TransferredPolicy.of(new Remembering(), translator, z).start(2, RandomStream.of(1, "a"));
                Policy.Actor one = TransferredPolicy.of(new Remembering(), translator, z).start(1, RandomStream.of(1, "b"))) {
                for (int t = 0; t < 8; t++) {
                    double[][] now = {seen[t][0]}, done = both.act(seen[t]), single = one.act(now);
                    assertArrayEquals(single[0], done[0], 1e-6, "step " + t);
                    double[] begun = translator.translate(now, new double[][] {{(t + 1) / 100.0, 0}}, z,
                        dynamics.embeddings(new float[3 * 6], 1))[0];
                    if (t == 0 || t == 5) assertArrayEquals(begun, done[0], 1e-6, "zeros at the start, step " + t);
                    else assertNotEquals(begun[0], done[0][0], 1e-7, "a context, step " + t);
                    both.received(done, new Step[] {step(t == 4, seen[t + 1][0]), t > 2 ? null : step(t == 2, seen[t + 1][1])});
                    one.received(single, new Step[] {step(t == 4, seen[t + 1][0])});
                }
            }
        }
    }

    @Test
    void oneSeedGivesOneEpisode() {
        try (FittedContextModel dynamics = context(3); FittedTranslator translator = translator(dynamics)) {
            Policy noisy = TransferredPolicy.of(Policy.random(2), translator, new float[3]);
            List<Task> tasks = List.of(Masses.task(1, 1), Masses.task(2, 1));
            var one = Rollout.of(noisy, tasks, RandomStream.of(4, "episodes"));
            var two = Rollout.of(noisy, tasks, RandomStream.of(4, "episodes"));
            for (int i = 0; i < 2; i++) assertEquals(one.get(i).totalReward(), two.get(i).totalReward());
            assertNotEquals(one.get(0).totalReward(), one.get(1).totalReward());
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        try (FittedContextModel plain = context(0); FittedContextModel dynamics = context(3); FittedTranslator without = translator(plain);
            FittedTranslator with = translator(dynamics)) {
            refused("a translator with task features", () -> TransferredPolicy.of(Masses.home(), with));
            refused("one without task features", () -> TransferredPolicy.of(Masses.home(), without, new float[3]));
            refused("2 entries, expected 3 entries", () -> TransferredPolicy.of(Masses.home(), with, new float[2]));
            refused("sourceFeature is null", () -> TransferredPolicy.of(Masses.home(), with, null));
            refused("source is null", () -> TransferredPolicy.of(null, without));
            refused("translation is null", () -> TransferredPolicy.of(Masses.home(), null));
            Task elsewhere = Point.navigation().task(0.1, 0.1);
            refused("observation 0 is one of 2 entries, expected 4", () -> Rollout.of(TransferredPolicy.of(Policy.random(2), without),
                List.of(elsewhere), RandomStream.of(1, "episode")));
            refused("action 0 is one of 1 entries, expected 2 entries of real numbers; choices cannot be translated",
                () -> Rollout.of(TransferredPolicy.of(Policy.of(o -> new double[] {1}), without), List.of(Masses.task(0, 1)),
                    RandomStream.of(1, "episode")));
        }
    }

    private static void refused(String part, Runnable call) {
        String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
        assertTrue(message.contains(part), message);
    }
}
