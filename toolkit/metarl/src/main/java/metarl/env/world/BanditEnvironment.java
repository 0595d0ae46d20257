package metarl.env.world;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.random.RandomGenerator;
import metarl.env.Canvas;
import metarl.env.EpisodicEnvironment;
import metarl.env.Reward;
import metarl.env.Space;

/**
 * A Bernoulli bandit: one pull of one of k arms is one episode.
 *
 * <p>Observation: always (0). Action: the arm, 0 … k − 1. Outcome: the arm and a uniform draw u; arm i pays 1 when u &lt; mean[i], so
 * that the same pull can be scored for other means with common random numbers.
 */
public final class BanditEnvironment extends EpisodicEnvironment {
    private final double[] means;
    private RandomGenerator random;
    private int pulled = -1;

    /**
     * A bandit.
     *
     * @param means the probability that each arm pays
     * @throws IllegalArgumentException if a mean is no probability, or there is none
     */
    public BanditEnvironment(double[] means, Reward reward) {
        super(Space.unbounded(1), Space.discrete(means.length), 1, reward);
        for (int i = 0; i < means.length; i++)
            if (!(means[i] >= 0 && means[i] <= 1))
                throw new IllegalArgumentException("the mean of arm " + i + " is " + means[i] + ", expected a probability in [0, 1]");
        this.means = means.clone();
    }

    @Override
    public List<String> outcomeNames() {
        return List.of("arm", "uniform draw");
    }

    @Override
    protected double[] begin(RandomGenerator random) {
        this.random = random;
        return new double[1];
    }

    @Override
    protected Advance advance(double[] action) {
        pulled = (int) action[0];
        return new Advance(new double[1], new double[] {pulled, random.nextDouble()}, false);
    }

    /** The arms' means as bars; the arm pulled last stands out. */
    @Override
    public BufferedImage render(int width, int height) {
        try (var canvas = new Canvas(width, height)) {
            double slot = (double) width / means.length;
            for (int i = 0; i < means.length; i++) {
                Graphics2D g = canvas.pen(i == pulled ? Canvas.GOAL : Canvas.AGENT, 1);
                g.fill(new Rectangle2D.Double((i + 0.1) * slot, height * (1 - means[i]), 0.8 * slot, height * means[i]));
            }
            return canvas.image();
        }
    }
}
