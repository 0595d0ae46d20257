package metarl.env.mujoco;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import metarl.env.EpisodicEnvironment;
import metarl.env.Reward;
import metarl.env.Space;
import metarl.env.body.Body;
import metarl.env.body.Body.Quantity;
import metarl.env.body.Body.Sight;
import org.mujoco.Model;
import org.mujoco.Simulation;

/** A {@link Body} simulated by MuJoCo. */
final class BodyEnvironment extends EpisodicEnvironment {
    private static final double VELOCITY_BOUND = 10, FORCE_BOUND = 1;

    private final Body body;
    private final Simulation simulation;
    private final Model model;
    private final int frame;
    private final boolean needsForces;
    private final boolean[] powerless;
    private final double[] controlMiddle, controlHalf, control;
    private final double[] positions, velocities, forces, masses, centres;
    private final int observationSize, outcomeSize;
    private final double secondsPerStep;
    private final Picture picture;

    BodyEnvironment(Body body, Simulation simulation, int horizon, Reward reward) {
        super(Space.unbounded(size(body, simulation.model())), Space.box(simulation.model().controls(), 1), horizon, reward);
        this.body = body;
        this.simulation = simulation;
        model = simulation.model();
        frame = model.bodyId(body.frame());
        needsForces = body.sights().contains(Sight.CONTACT_FORCES) || body.sights().contains(Sight.CLIPPED_CONTACT_FORCES)
            || body.quantities().contains(Quantity.CLIPPED_CONTACT_COST) || body.quantities().contains(Quantity.CONTACT_COST);
        double[][] range = ranges(model);
        control = new double[range.length];
        controlMiddle = Arrays.stream(range).mapToDouble(r -> (r[0] + r[1]) / 2).toArray();
        controlHalf = Arrays.stream(range).mapToDouble(r -> (r[1] - r[0]) / 2).toArray();
        powerless = powerless(body, range.length);
        positions = new double[model.positions()];
        velocities = new double[model.velocities()];
        forces = new double[6 * model.bodies()];
        masses = model.bodyMasses();
        centres = new double[3 * model.bodies()];
        observationSize = observations().size();
        outcomeSize = outcomeNames().size();
        secondsPerStep = body.substeps() * model.timestep();
        picture = new Picture(simulation, frame, body.metresAcross());
    }

    /** The range of every motor, which must be finite: actions from −1 to 1 are stretched to it. */
    private static double[][] ranges(Model model) {
        double[][] range = model.actuatorControlRange();
        for (int i = 0; i < range.length; i++)
            if (!Double.isFinite(range[i][1] - range[i][0]))
                throw new IllegalArgumentException("motor " + i + " '" + model.actuatorNames().get(i)
                    + "' has no finite control range, which actions from −1 to 1 need; give it one in the XML: "
                    + "ctrllimited=\"true\" ctrlrange=\"…\"");
        return range;
    }

    private static boolean[] powerless(Body body, int motors) {
        boolean[] powerless = new boolean[motors];
        for (Body.Change change : body.changes())
            if (change instanceof Body.Powerless p)
                for (int motor : p.motors()) {
                    if (motor < 0 || motor >= motors) throw new IllegalArgumentException(
                        "motor " + motor + " of " + motors + " cannot lose its power; numbers begin at 0");
                    powerless[motor] = true;
                }
        return powerless;
    }

    private static int size(Body body, Model model) {
        return body.sights().stream().mapToInt(s -> size(s, model)).sum();
    }

    private static int size(Sight sight, Model model) {
        return switch (sight) {
            case POSITIONS -> model.positions();
            case POSITIONS_WITHOUT_X -> model.positions() - 1;
            case POSITIONS_WITHOUT_XY -> model.positions() - 2;
            case VELOCITIES, CLIPPED_VELOCITIES, MOTOR_FORCES -> model.velocities();
            case FRAME_POSITION -> 3;
            case INERTIAS -> 10 * model.bodies();
            case PART_VELOCITIES, CONTACT_FORCES, CLIPPED_CONTACT_FORCES -> 6 * model.bodies();
        };
    }

    @Override
    public List<String> outcomeNames() {
        return body.outcomeNames();
    }

    @Override
    protected double[] begin(RandomGenerator random) {
        Body.Start start = body.start();
        double[] startPositions = model.initialPositions(), startVelocities = new double[model.velocities()];
        for (int i = 0; i < startPositions.length; i++) startPositions[i] += uniform(random, start.positionNoise());
        for (int i = 0; i < startVelocities.length; i++)
            startVelocities[i] = start.gaussian() ? start.velocityNoise() * random.nextGaussian() : uniform(random, start.velocityNoise());
        return begin(startPositions, startVelocities);
    }

    private static double uniform(RandomGenerator random, double bound) {
        return bound == 0 ? 0 : random.nextDouble(-bound, bound);
    }

    Model model() {
        return model;
    }

    /** Starts from an exact state. */
    double[] begin(double[] startPositions, double[] startVelocities) {
        simulation.reset(startPositions, startVelocities);
        Arrays.fill(forces, 0);
        return observation();
    }

    @Override
    protected Advance advance(double[] action) {
        double[] before = new double[outcomeSize];
        outcome(before, true);
        for (int i = 0; i < control.length; i++) control[i] = controlMiddle[i] + (powerless[i] ? 0 : controlHalf[i] * action[i]);
        simulation.step(control, body.substeps(), needsForces);
        if (needsForces) simulation.contactForces(forces, 0);
        double[] outcome = new double[outcomeSize];
        outcome(outcome, false);
        toRates(outcome, before);
        double[] observation = observation();
        simulation.positions(positions);
        simulation.velocities(velocities);
        return new Advance(observation, outcome, !body.life().goesOn(positions, velocities));
    }

    /** Writes every quantity; for a velocity, the position it is the rate of. */
    private void outcome(double[] target, boolean onlyRates) {
        int at = 0;
        for (Quantity quantity : body.quantities()) {
            if (!onlyRates || isRate(quantity)) write(quantity, target, at);
            at += quantity.names().size();
        }
    }

    private static boolean isRate(Quantity quantity) {
        return quantity == Quantity.ROOT_VELOCITY || quantity == Quantity.FRAME_VELOCITY || quantity == Quantity.CENTRE_VELOCITY;
    }

    private void write(Quantity quantity, double[] target, int at) {
        switch (quantity) {
            case ROOT_VELOCITY, ROOT_POSITION -> target[at] = simulation.position(0);
            case FRAME_VELOCITY, FRAME_POSITION -> {
                double[] position = new double[3];
                simulation.bodyPosition(frame, position, 0);
                target[at] = position[0];
                target[at + 1] = position[1];
            }
            case FRAME_POSITION_3D -> simulation.bodyPosition(frame, target, at);
            case CENTRE_VELOCITY -> centre(target, at);
            case CLIPPED_CONTACT_COST -> target[at] = squaredForces(FORCE_BOUND);
            case CONTACT_COST -> target[at] = squaredForces(Double.POSITIVE_INFINITY);
        }
    }

    private void centre(double[] target, int at) {
        simulation.bodyCentres(centres, 0);
        double total = 0, x = 0, y = 0;
        for (int part = 0; part < masses.length; part++) {
            total += masses[part];
            x += masses[part] * centres[3 * part];
            y += masses[part] * centres[3 * part + 1];
        }
        target[at] = x / total;
        target[at + 1] = y / total;
    }

    private double squaredForces(double bound) {
        double sum = 0;
        for (double f : forces) {
            double clipped = Math.max(-bound, Math.min(bound, f));
            sum += clipped * clipped;
        }
        return sum;
    }

    private void toRates(double[] outcome, double[] before) {
        int at = 0;
        for (Quantity quantity : body.quantities())
            for (int i = 0; i < quantity.names().size(); i++, at++)
                if (isRate(quantity)) outcome[at] = (outcome[at] - before[at]) / secondsPerStep;
    }

    private double[] observation() {
        double[] observation = new double[observationSize];
        int at = 0;
        for (Sight sight : body.sights()) {
            see(sight, observation, at);
            at += size(sight, model);
        }
        return observation;
    }

    private void see(Sight sight, double[] target, int at) {
        switch (sight) {
            case POSITIONS -> simulation.positions(0, target, at);
            case POSITIONS_WITHOUT_X -> simulation.positions(1, target, at);
            case POSITIONS_WITHOUT_XY -> simulation.positions(2, target, at);
            case VELOCITIES -> simulation.velocities(0, target, at);
            case CLIPPED_VELOCITIES -> {
                simulation.velocities(0, target, at);
                clip(target, at, model.velocities(), VELOCITY_BOUND);
            }
            case FRAME_POSITION -> simulation.bodyPosition(frame, target, at);
            case INERTIAS -> simulation.bodyInertias(target, at);
            case PART_VELOCITIES -> simulation.bodyVelocities(target, at);
            case MOTOR_FORCES -> simulation.actuatorForces(target, at);
            case CONTACT_FORCES -> System.arraycopy(forces, 0, target, at, forces.length);
            case CLIPPED_CONTACT_FORCES -> {
                System.arraycopy(forces, 0, target, at, forces.length);
                clip(target, at, forces.length, FORCE_BOUND);
            }
        }
    }

    private static void clip(double[] values, int from, int count, double bound) {
        for (int i = from; i < from + count; i++) values[i] = Math.max(-bound, Math.min(bound, values[i]));
    }

    @Override
    protected String actionHint(double[] action) {
        for (int i = 0; i < Math.min(action.length, control.length); i++)
            if (Double.isNaN(action[i])) return " (motor '" + model.actuatorNames().get(i) + "')";
        return " (motors " + model.actuatorNames() + ")";
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
