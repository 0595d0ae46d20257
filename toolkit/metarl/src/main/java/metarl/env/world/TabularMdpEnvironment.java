package metarl.env.world;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.random.RandomGenerator;
import metarl.basics.Require;
import metarl.env.Canvas;
import metarl.env.EpisodicEnvironment;
import metarl.env.Reward;
import metarl.env.Space;

/**
 * A Markov decision process with finitely many states and actions and a fixed number of steps per episode, begun in state 0.
 *
 * <p>Observation: the state, one-hot. Action: 0 … actions − 1. Outcome: state before, action, state after, and a standard
 * normal draw, the noise of the reward.
 */
public final class TabularMdpEnvironment extends EpisodicEnvironment {
    private static final double TOLERANCE = 1e-9;

    private final int states, actions;
    /** Cumulative probabilities, [states × actions × states]. */
    private final double[] cumulative;
    private RandomGenerator random;
    private int state;

    /**
     * A tabular process.
     *
     * @param transitions probability of the next state, [state][action][next state]
     * @param horizon steps per episode
     * @throws IllegalArgumentException if a row is no probability distribution, or the sizes do not fit
     */
    public TabularMdpEnvironment(double[][][] transitions, int horizon, Reward reward) {
        super(Space.box(transitions.length, 1), Space.discrete(transitions[0].length), horizon, reward);
        states = transitions.length;
        actions = transitions[0].length;
        cumulative = new double[Require.length("the transitions", "states or actions", states, actions, states)];
        for (int s = 0; s < states; s++) {
            if (transitions[s].length != actions)
                throw new IllegalArgumentException(
                    "state " + s + " has " + transitions[s].length + " actions, expected " + actions + " as state 0");
            for (int a = 0; a < actions; a++) accumulate(transitions[s][a], s, a);
        }
    }

    private void accumulate(double[] row, int s, int a) {
        if (row.length != states)
            throw new IllegalArgumentException("transitions[" + s + "][" + a + "] has " + row.length + " entries, expected " + states);
        double sum = 0;
        for (int next = 0; next < states; next++) {
            if (!(row[next] >= 0)) throw new IllegalArgumentException(
                "transitions[" + s + "][" + a + "][" + next + "] is " + row[next] + ", expected a probability");
            sum += row[next];
            cumulative[(s * actions + a) * states + next] = sum;
        }
        if (Math.abs(sum - 1) > TOLERANCE)
            throw new IllegalArgumentException("transitions[" + s + "][" + a + "] sums to " + sum + ", expected 1");
    }

    @Override
    public List<String> outcomeNames() {
        return List.of("state", "action", "next state", "reward noise");
    }

    @Override
    protected double[] begin(RandomGenerator random) {
        this.random = random;
        state = 0;
        return observation();
    }

    @Override
    protected Advance advance(double[] action) {
        int before = state, row = (before * actions + (int) action[0]) * states;
        double u = random.nextDouble();
        int next = 0;
        while (next < states - 1 && u >= cumulative[row + next]) next++;
        state = next;
        return new Advance(observation(), new double[] {before, action[0], next, random.nextGaussian()}, false);
    }

    private double[] observation() {
        double[] oneHot = new double[states];
        oneHot[state] = 1;
        return oneHot;
    }

    /** One row per state, one block per action: how likely each next state is (darker = likelier); the present state is marked. */
    @Override
    public BufferedImage render(int width, int height) {
        try (var canvas = new Canvas(width, height)) {
            double cellWidth = (double) width / (actions * (states + 1)), cellHeight = (double) height / states;
            for (int s = 0; s < states; s++)
                for (int a = 0; a < actions; a++)
                    for (int next = 0; next < states; next++) {
                        int i = (s * actions + a) * states + next;
                        float shade = (float) (1 - (cumulative[i] - (next == 0 ? 0 : cumulative[i - 1])));
                        Graphics2D g = canvas.pen(new Color(shade, shade, s == state ? shade * 0.5f : shade), 1);
                        g.fill(new Rectangle2D.Double((a * (states + 1) + next) * cellWidth, s * cellHeight, cellWidth, cellHeight - 1));
                    }
            return canvas.image();
        }
    }
}
