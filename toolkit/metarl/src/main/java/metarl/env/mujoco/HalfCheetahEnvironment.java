package metarl.env.mujoco;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.random.RandomGenerator;
import metarl.env.EpisodicEnvironment;
import metarl.env.Reward;
import metarl.env.Space;
import org.mujoco.Model;
import org.mujoco.Simulation;

/**
 * The planar HalfCheetah as the PEARL and MQL suite observes it.
 *
 * <p>Observation (20): positions without the root's x (8), velocities (9), position x, y, z of the torso's frame (3). The frame's position is the one
 * MuJoCo computed in the last substep, before it moved the joints: one substep old, as in the published environments.
 * Outcome (2): forward velocity Δx/dt in m/s over one step, position x of the root in m. Five substeps of 0.01 s per step. Start: the model's own
 * position + U(−0.1, 0.1), velocity 0.1·N(0, 1). Nothing terminates.
 */
final class HalfCheetahEnvironment extends EpisodicEnvironment {
    private static final int SUBSTEPS = 5;
    private static final double START_NOISE = 0.1;

    private final Simulation simulation;
    private final Model model;
    private final int torso;
    private final Picture picture;

    HalfCheetahEnvironment(Model model, int horizon, Reward reward) {
        super(Space.unbounded(20), Space.box(6, 1), horizon, reward);
        this.model = model;
        simulation = new Simulation(model);
        torso = model.bodyId("torso");
        picture = new Picture(simulation, torso);
    }

    @Override
    public List<String> outcomeNames() {
        return List.of("forward velocity (m/s)", "x (m)");
    }

    @Override
    protected double[] begin(RandomGenerator random) {
        double[] positions = model.initialPositions();
        double[] velocities = new double[model.velocities()];
        for (int i = 0; i < positions.length; i++) positions[i] += random.nextDouble(-START_NOISE, START_NOISE);
        for (int i = 0; i < velocities.length; i++) velocities[i] = START_NOISE * random.nextGaussian();
        return begin(positions, velocities);
    }

    /** Starts from an exact state. */
    double[] begin(double[] positions, double[] velocities) {
        simulation.reset(positions, velocities);
        return observation();
    }

    @Override
    protected Advance advance(double[] action) {
        double before = simulation.position(0);
        simulation.step(action, SUBSTEPS);
        double after = simulation.position(0);
        double velocity = (after - before) / (SUBSTEPS * model.timestep());
        return new Advance(observation(), new double[] {velocity, after}, false);
    }

    private double[] observation() {
        double[] observation = new double[20];
        simulation.positions(1, observation, 0);
        simulation.velocities(0, observation, 8);
        simulation.bodyPosition(torso, observation, 17);
        return observation;
    }

    @Override
    public BufferedImage render(int width, int height) {
        return picture.draw(width, height);
    }

    @Override
    public void close() {
        picture.close();
        simulation.close();
    }
}
