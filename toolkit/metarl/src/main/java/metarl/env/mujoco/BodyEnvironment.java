package metarl.env.mujoco;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import metarl.env.EpisodicEnvironment;
import metarl.env.Restorable;
import metarl.env.Reward;
import metarl.env.Space;
import metarl.env.body.Body;
import metarl.env.body.Change;
import metarl.env.body.Quantity;
import metarl.env.body.Sight;
import org.mujoco.Model;
import org.mujoco.Simulation;

/** A {@link Body} simulated by MuJoCo. */
final class BodyEnvironment extends EpisodicEnvironment implements Restorable {
    private final Body body;
    private final Simulation simulation;
    private final Model model;
    private final Readings sights, quantities;
    private final double[] forces;
    private final boolean needsForces;
    private final boolean[] powerless;
    private final double[] controlMiddle, controlHalf, control;
    private final double[] positions, velocities;
    private final double secondsPerStep;
    private final Picture picture;
    private final int stateSize;
    /** What rates of the next step are counted from, where the simulation does not hold it: after {@link #restore}. */
    private double[] countedFrom;
    private StateFinder finder;

    static BodyEnvironment of(Body body, Simulation simulation, int horizon, Reward reward) {
        Model model = simulation.model();
        if (model.controls() == 0) throw new IllegalArgumentException(
            body.model() + " has no motors, so there is nothing an agent could do; give it some in the XML: <actuator>…</actuator>");
        if (body.frame().isEmpty() && model.bodies() < 2)
            throw new IllegalArgumentException(body.model() + " has no body parts; give it some in the XML: <worldbody><body>…");
        int frame = frame(body, model);
        double[] forces = new double[6 * model.bodies()];
        return new BodyEnvironment(body, simulation, frame, forces, Readings.seen(body.sights(), simulation, frame, forces),
            Readings.told(body.quantities(), simulation, frame, forces), horizon, reward);
    }

    /** The part whose frame counts as the body's position. */
    static int frame(Body body, Model model) {
        return body.frame().isEmpty() ? 1 : model.bodyId(body.frame());
    }

    private BodyEnvironment(Body body, Simulation simulation, int frame, double[] forces, Readings sights, Readings quantities, int horizon,
        Reward reward) {
        super(Space.unbounded(sights.size()), Space.box(simulation.model().controls(), 1), horizon, reward);
        this.body = body;
        this.simulation = simulation;
        this.sights = sights;
        this.quantities = quantities;
        this.forces = forces;
        model = simulation.model();
        needsForces = body.sights().contains(Sight.CONTACT_FORCES) || body.sights().contains(Sight.CLIPPED_CONTACT_FORCES)
            || body.quantities().contains(Quantity.CLIPPED_CONTACT_COST) || body.quantities().contains(Quantity.CONTACT_COST);
        double[][] range = ranges(model);
        control = new double[range.length];
        controlMiddle = Arrays.stream(range).mapToDouble(r -> (r[0] + r[1]) / 2).toArray();
        controlHalf = Arrays.stream(range).mapToDouble(r -> (r[1] - r[0]) / 2).toArray();
        powerless = powerless(body, range.length);
        positions = new double[model.positions()];
        velocities = new double[model.velocities()];
        secondsPerStep = body.substeps() * model.timestep();
        picture = new Picture(simulation, frame, body.view(), body.metresAcross());
        stateSize = simulation.state().length;
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
        for (Change change : body.changes())
            if (change instanceof Change.Powerless p)
                for (int motor : p.motors()) {
                    if (motor < 0 || motor >= motors) throw new IllegalArgumentException(
                        "motor " + motor + " of " + motors + " cannot lose its power; numbers begin at 0");
                    powerless[motor] = true;
                }
        return powerless;
    }

    @Override
    public List<String> outcomeNames() {
        return quantities.names();
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
        countedFrom = null;
        Arrays.fill(forces, 0);
        return sights.read();
    }

    @Override
    protected Advance advance(double[] action) {
        double[] before = ratesOf();
        countedFrom = null;
        for (int i = 0; i < control.length; i++) control[i] = controlMiddle[i] + (powerless[i] ? 0 : controlHalf[i] * action[i]);
        simulation.step(control, body.substeps(), needsForces);
        if (needsForces) simulation.contactForces(forces, 0);
        double[] outcome = quantities.read();
        quantities.toRates(outcome, before, secondsPerStep);
        double[] observation = sights.read();
        simulation.positions(positions);
        simulation.velocities(velocities);
        return new Advance(observation, outcome, !body.life().goesOn(positions, velocities));
    }

    private double[] ratesOf() {
        return countedFrom != null ? countedFrom : quantities.ratesOf();
    }

    /** All that MuJoCo goes on from, then the places of which the next outcome tells rates. */
    @Override
    public double[] state() {
        return state(simulation.state(), ratesOf());
    }

    @Override
    public void restore(double[] state) {
        resume(state, 1 + stateSize + quantities.size());
        simulation.state(Arrays.copyOfRange(state, 1, 1 + stateSize));
        countedFrom = Arrays.copyOfRange(state, 1 + stateSize, state.length);
        Arrays.fill(forces, 0);
    }

    /**
     * Positions and velocities as they are seen. What is hidden of x and y is found by the place of the frame, if that is seen, and is 0
     * else, which makes no difference to a body on flat ground. Rates of the next outcome are counted from where the body is: those of the
     * root are exact, those of a frame or of the centre miss the last substep before, which their positions lag behind.
     */
    @Override
    public double[] stateOf(double[] observation, int steps) {
        if (finder == null) finder = new StateFinder(body, model);
        return state(steps, finder.state(observation, steps), finder.ratesOf());
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
        if (finder != null) finder.close();
        picture.close();
        simulation.close();
    }
}
