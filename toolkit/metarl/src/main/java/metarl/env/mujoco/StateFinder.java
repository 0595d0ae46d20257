package metarl.env.mujoco;

import java.util.Arrays;
import java.util.List;
import metarl.basics.Require;
import metarl.env.body.Body;
import metarl.env.body.Sight;
import org.mujoco.Model;
import org.mujoco.Simulation;

/** Finds the state of a simulation behind an observation, in a simulation of its own. */
final class StateFinder implements AutoCloseable {
    private final Model model;
    private final Simulation simulation;
    private final Readings quantities;
    private final int frame, size, hidden, positionsAt, velocitiesAt, frameAt;

    StateFinder(Body body, Model model) {
        this.model = model;
        List<Body.Seen> sights = body.sights();
        hidden = sights.contains(Sight.POSITIONS) ? 0
            : sights.contains(Sight.POSITIONS_WITHOUT_X) ? 1 : sights.contains(Sight.POSITIONS_WITHOUT_XY) ? 2 : -1;
        if (hidden < 0 || !sights.contains(Sight.VELOCITIES) || model.activations() > 0)
            throw new UnsupportedOperationException("observations of this body do not show its whole state: it sees " + sights
                + (model.activations() > 0 ? " and its motors have inner states" : "")
                + "; expected POSITIONS, POSITIONS_WITHOUT_X or POSITIONS_WITHOUT_XY, and VELOCITIES");
        Sight places = List.of(Sight.POSITIONS, Sight.POSITIONS_WITHOUT_X, Sight.POSITIONS_WITHOUT_XY).get(hidden);
        frame = BodyEnvironment.frame(body, model);
        simulation = new Simulation(model);
        double[] noForces = new double[6 * model.bodies()];
        quantities = Readings.told(body.quantities(), simulation, frame, noForces);
        Readings seen = Readings.seen(sights, simulation, frame, noForces);
        size = seen.size();
        positionsAt = seen.at(sights.indexOf(places));
        velocitiesAt = seen.at(sights.indexOf(Sight.VELOCITIES));
        frameAt = sights.contains(Sight.FRAME_POSITION) ? seen.at(sights.indexOf(Sight.FRAME_POSITION)) : -1;
    }

    /** All that MuJoCo goes on from. */
    double[] state(double[] observation, int steps) {
        Require.that(observation.length == size, "the length of the observation", observation.length, size + " entries");
        double[] positions = new double[model.positions()];
        System.arraycopy(observation, positionsAt, positions, hidden, positions.length - hidden);
        double[] velocities = Arrays.copyOfRange(observation, velocitiesAt, velocitiesAt + model.velocities());
        simulation.reset(positions, velocities);
        if (hidden > 0 && frameAt >= 0) {
            double[] place = new double[3];
            simulation.bodyPosition(frame, place, 0);
            // the frame is seen where it was one substep ago, but for the start of an episode
            double late = steps == 0 ? 0 : model.timestep();
            for (int i = 0; i < hidden; i++) positions[i] = observation[frameAt + i] - place[i] + late * velocities[i];
            simulation.reset(positions, velocities);
        }
        return simulation.state();
    }

    /** The places there of which an outcome tells rates. */
    double[] ratesOf() {
        return quantities.ratesOf();
    }

    @Override
    public void close() {
        simulation.close();
    }
}
