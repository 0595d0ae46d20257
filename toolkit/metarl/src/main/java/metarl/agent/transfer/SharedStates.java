package metarl.agent.transfer;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import metarl.agent.Policy;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.data.Trajectory;
import metarl.env.Step;

/**
 * Two bodies whose states correspond by a known rule, though they differ in size, and so may their actions: every coordinate of the target
 * is one of the source's, or follows one. A cheetah with a second hind leg has the coordinates of one with a single hind leg, and those of
 * the second leg are the same as of the first where both legs move as one.
 *
 * <p>MCAT (Guo, Wu and Lee 2022, section 6) transfers between such bodies by a state translator that is learned together with the action
 * translator; how is told in an appendix that is not public. Here the state translator is given, and equation 3 stands as it is,
 *
 * <pre>L = −log F(G(s′) | G(s), H(G(s), a))   for (s, a, s′) of the source,   π_i(s) = H(s, π_j(Φ(s)))   in the target:</pre>
 *
 * <p>G ({@link #toTarget}) brings a state of the source to the target, Φ ({@link #toSource}) leaves out what the source has not; Φ(G(s)) is
 * s. So the translator is asked for an action with which the extra coordinates go on following those that they follow, and has learned
 * nothing of states where they do not.
 *
 * <pre>{@code
 * var shared = SharedStates.of(17, HalfCheetah.twins());
 * data.of(0).add(shared.toTarget(episode));                              // of the source, for all of its episodes
 * var translator = settings.start(dynamics, 6, 1).fit(data, 0, 0, 3_000, random);
 * Policy there = TransferredPolicy.of(shared.seen(source), translator);
 * }</pre>
 *
 * @param sourceSize coordinates of the source
 * @param twins for every coordinate of the target the number of the source's that it is or follows; each stands there at least once, and
 *     first where it is itself
 */
public record SharedStates(int sourceSize, List<Integer> twins) {
    /** Checks that every coordinate of the source has a twin. */
    public SharedStates {
        twins = List.copyOf(twins);
        Require.that(sourceSize >= 1 && sourceSize <= twins.size(), "sourceSize", sourceSize,
            "1 to " + twins.size() + ", the number of twins: every coordinate of the source has at least one");
        for (int i = 0; i < twins.size(); i++) Require.index("twins, coordinate", i, twins.get(i), 0, sourceSize);
        for (int k = 0; k < sourceSize; k++)
            Require.that(twins.contains(k), "the number of twins of coordinate " + k + " of the source", 0,
                "at least 1: the target lacks it");
    }

    /** The source's coordinate of every coordinate of the target. */
    public static SharedStates of(int sourceSize, int... twins) {
        return new SharedStates(sourceSize, Arrays.stream(twins).boxed().toList());
    }

    /** G(s): the state of the target that corresponds to one of the source. */
    public double[] toTarget(double[] source) {
        requireSize(source, sourceSize, "the source");
        return twins.stream().mapToDouble(k -> source[k]).toArray();
    }

    /** Φ(s): the state of the source that a state of the target looks like. */
    public double[] toSource(double[] target) {
        requireSize(target, twins.size(), "the target");
        return IntStream.range(0, sourceSize).mapToDouble(k -> target[twins.indexOf(k)]).toArray();
    }

    private static void requireSize(double[] state, int size, String where) {
        Require.that(state.length == size, "the number of coordinates of a state of " + where, state.length, String.valueOf(size));
    }

    /** An episode of the source as it would look in the target; actions stay the source's. */
    public Trajectory toTarget(Trajectory source) {
        var there = new Trajectory(source.task(), toTarget(source.observation(0)));
        for (int t = 0; t < source.length(); t++)
            there.add(source.action(t), seen(source.step(t), toTarget(source.observation(t + 1))), source.logDensity(t));
        return there;
    }

    /** A policy of the source that lives in the target and sees Φ(s) there; its actions are still the source's, to be translated. */
    public Policy seen(Policy source) {
        return (environments, random) -> new Seeing(source, environments, random);
    }

    private static Step seen(Step step, double[] observation) {
        return new Step(observation, step.reward(), step.terminated(), step.truncated(), step.outcome());
    }

    private final class Seeing implements Policy.Actor {
        private final Policy.Actor actor;

        Seeing(Policy source, int environments, RandomStream random) {
            actor = source.start(environments, random);
        }

        private double[][] toSource(double[][] observations) {
            return Arrays.stream(observations).map(SharedStates.this::toSource).toArray(double[][]::new);
        }

        @Override
        public double[][] act(double[][] observations) {
            return actor.act(toSource(observations));
        }

        @Override
        public double[] logDensities() {
            return actor.logDensities();
        }

        @Override
        public double[] logDensities(double[][] observations, double[][] actions) {
            return actor.logDensities(toSource(observations), actions);
        }

        @Override
        public void received(double[][] actions, Step[] steps) {
            actor.received(actions, Arrays.stream(steps)
                .map(step -> step == null ? null : seen(step, SharedStates.this.toSource(step.observation()))).toArray(Step[]::new));
        }

        @Override
        public void close() {
            actor.close();
        }
    }
}
