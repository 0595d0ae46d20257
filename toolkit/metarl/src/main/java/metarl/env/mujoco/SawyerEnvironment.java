package metarl.env.mujoco;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import metarl.env.EpisodicEnvironment;
import metarl.env.Restorable;
import metarl.env.Reward;
import metarl.env.Space;
import metarl.env.body.SawyerObject;
import org.mujoco.Simulation;

/**
 * The Sawyer arm of Meta-World (metaworld 3.1.1, push-v3 and coffee-push-v3), simulated by MuJoCo: 0.0025 s, five substeps per step
 * (0.0125 s).
 *
 * <p>Action: the hand's displacement in x, y, z, times 0.01 m, and the gripper's effort, −1 (open) to 1 (closed). The hand hangs on a body
 * that is moved by hand within (−0.5, 0.4, 0.05) to (0.5, 1, 0.5). Observation (39): place of the hand 3, distance of the fingers by 0.1 m,
 * at most 1; place of the object 3, its rotation 4 (x, y, z, w), zeros 7; these 18 of the step before; the goal 3. Outcome: distance to the
 * goal, whether the object is there, whether it has been there in this episode, and the package's dense reward.
 *
 * <p>As in the package, observations after a step are brought into the observation space's bounds (that of the hand, and that of the goal),
 * that of a reset is not; and an episode begins with 50 steps in which the hand is dragged to its start.
 */
final class SawyerEnvironment extends EpisodicEnvironment implements Restorable {
    private static final int SUBSTEPS = 5, DRAGGED = 50, ACTIONS = 4, SEEN = 18, SIZE = 2 * SEEN + 3;
    private static final double METRES_PER_ACTION = 0.01, WIDEST = 0.1, NEAREST = 0.15, BEHIND_GOAL = 0.22;
    private static final double[] LOWEST = {-0.5, 0.4, 0.05}, HIGHEST = {0.5, 1, 0.5}, DOWN = {1, 0, 1, 0}, UPRIGHT = {1, 0, 0, 0};
    private static final double[] LOWEST_SEEN = {-0.525, 0.348, -0.0525}, HIGHEST_SEEN = {0.525, 1.025, 0.7};
    private static final double[] OPEN = {-1, 1};
    private static final String HAND = "mocap", MACHINE = "coffee_machine";
    /** What {@link #state} adds to the simulation's: starts of object and hand, goal, what was seen last, whether the goal was reached. */
    private static final int KEPT = 3 + 3 + 3 + SEEN + 1;
    private static final int LEFT_TIP = 0, RIGHT_TIP = 1;

    private final SawyerObject object;
    private final Simulation simulation;
    private final int hand, thing, leftClaw, rightClaw, leftPad, rightPad, geom, stateSize;
    private final int[] tips;
    private final SawyerPicture picture;
    private SawyerReward dense;
    private double[] seen;
    private boolean reached;

    SawyerEnvironment(SawyerObject object, Simulation simulation, int horizon, Reward reward) {
        super(Space.unbounded(SIZE), Space.box(ACTIONS, 1), horizon, reward);
        this.object = object;
        this.simulation = simulation;
        var model = simulation.model();
        hand = model.bodyId("hand");
        thing = model.bodyId("obj");
        leftClaw = model.bodyId("leftclaw");
        rightClaw = model.bodyId("rightclaw");
        leftPad = model.bodyId("leftpad");
        rightPad = model.bodyId("rightpad");
        geom = model.geomNames().indexOf(object == SawyerObject.MUG ? "mug" : "objGeom");
        tips = new int[] {model.siteId("leftEndEffector"), model.siteId("rightEndEffector")};
        stateSize = simulation.state().length;
        picture = new SawyerPicture(object, simulation);
    }

    @Override
    public List<String> outcomeNames() {
        return List.of("distance to the goal (m)", "object at the goal", "object has been at the goal", "dense reward");
    }

    @Override
    protected double[] begin(RandomGenerator random) {
        double[] start, goal;
        do {
            start = between(object.starts(), random);
            goal = between(object.goals(), random);
        } while (Math.hypot(start[0] - goal[0], start[1] - goal[1]) < NEAREST);
        return begin(start, goal);
    }

    private static double[] between(double[][] corners, RandomGenerator random) {
        double[] place = new double[3];
        for (int i = 0; i < 3; i++)
            place[i] = corners[0][i] < corners[1][i] ? random.nextDouble(corners[0][i], corners[1][i]) : corners[0][i];
        return place;
    }

    /** Starts with the object and the goal there; the heights of cylinder, cube and their goal are those at which they come to rest. */
    double[] begin(double[] start, double[] goal) {
        simulation.resetAsIs();
        if (object == SawyerObject.MUG) simulation.mocapPose(MACHINE, new double[] {goal[0], goal[1] + BEHIND_GOAL, goal[2]}, UPRIGHT);
        for (int i = 0; i < DRAGGED; i++) {
            simulation.mocapPose(HAND, object.hand(), DOWN);
            simulation.step(OPEN, SUBSTEPS);
        }
        double[] handStart = middle(), from = start.clone(), to = goal.clone();
        if (object != SawyerObject.MUG) from[2] = to[2] = place(thing)[2];
        put(from);
        dense = new SawyerReward(object, from, to, handStart);
        reached = false;
        seen = look();
        return observation(seen);
    }

    /** Puts the object there; the package then stops degrees of freedom 9 to 14, which in the mug's scene are not those of the object. */
    private void put(double[] place) {
        double[] positions = new double[simulation.model().positions()], velocities = new double[simulation.model().velocities()];
        simulation.positions(positions);
        simulation.velocities(velocities);
        System.arraycopy(place, 0, positions, object.firstPosition(), 3);
        Arrays.fill(velocities, 9, 15, 0);
        simulation.place(positions, velocities);
    }

    @Override
    protected Advance advance(double[] action) {
        double[] place = Arrays.copyOf(simulation.mocapPose(HAND), 3);
        for (int i = 0; i < 3; i++) place[i] = clipped(place[i] + METRES_PER_ACTION * action[i], LOWEST[i], HIGHEST[i]);
        simulation.mocapPose(HAND, place, DOWN);
        simulation.step(new double[] {action[3], -action[3]}, SUBSTEPS);
        simulation.forward();
        double[] before = seen;
        seen = look();
        return new Advance(bounded(observation(before)), outcome(action[3]), false);
    }

    private double[] outcome(double effort) {
        double[] place = place(thing);
        double distance = distance(place, dense.goal());
        boolean there = distance <= object.radius();
        reached |= there;
        double reward = dense.of(new SawyerReward.Sight(place, middle(), place(leftPad)[1], place(rightPad)[1], seen[3], effort));
        return new double[] {distance, there ? 1 : 0, reached ? 1 : 0, reward};
    }

    private double[] look() {
        double[] look = new double[SEEN], turned = new double[9];
        simulation.bodyPosition(hand, look, 0);
        look[3] = clipped(distance(place(leftClaw), place(rightClaw)) / WIDEST, 0, 1);
        simulation.bodyPosition(thing, look, 4);
        simulation.geomRotation(geom, turned, 0);
        System.arraycopy(quaternion(turned), 0, look, 7, 4);
        return look;
    }

    private double[] observation(double[] before) {
        return DoubleStream.concat(DoubleStream.concat(Arrays.stream(seen), Arrays.stream(before)), Arrays.stream(dense.goal())).toArray();
    }

    private double[] bounded(double[] observation) {
        double[][] goals = object.goals();
        for (int i = 0; i < 3; i++) {
            for (int at : new int[] {i, SEEN + i}) observation[at] = clipped(observation[at], LOWEST_SEEN[i], HIGHEST_SEEN[i]);
            observation[2 * SEEN + i] = clipped(observation[2 * SEEN + i], goals[0][i], goals[1][i]);
        }
        return observation;
    }

    /** The quaternion x, y, z, w of a rotation matrix whose entry of largest size is positive. */
    static double[] quaternion(double[] r) {
        double trace = r[0] + r[4] + r[8];
        double[] q = {r[7] - r[5], r[2] - r[6], r[3] - r[1], 1 + trace};
        int largest = r[4] > r[0] ? 1 : 0;
        if (r[8] > r[4 * largest]) largest = 2;
        if (trace <= r[4 * largest]) {
            int i = largest, j = (i + 1) % 3, k = (j + 1) % 3;
            double w = q[i];
            q[i] = 1 - trace + 2 * r[4 * i];
            q[j] = r[3 * j + i] + r[3 * i + j];
            q[k] = r[3 * k + i] + r[3 * i + k];
            q[3] = w;
        }
        double length = Math.sqrt(Arrays.stream(q).map(x -> x * x).sum());
        return Arrays.stream(q).map(x -> x / length).toArray();
    }

    private double[] place(int body) {
        double[] place = new double[3];
        simulation.bodyPosition(body, place, 0);
        return place;
    }

    /** The middle between the tips of the fingers. */
    private double[] middle() {
        double[] left = new double[3], right = new double[3];
        simulation.sitePosition(tips[LEFT_TIP], left, 0);
        simulation.sitePosition(tips[RIGHT_TIP], right, 0);
        for (int i = 0; i < 3; i++) left[i] = (right[i] + left[i]) / 2;
        return left;
    }

    private static double distance(double[] a, double[] b) {
        double x = a[0] - b[0], y = a[1] - b[1], z = a[2] - b[2];
        return Math.sqrt(x * x + y * y + z * z);
    }

    private static double clipped(double value, double low, double high) {
        return Math.max(low, Math.min(high, value));
    }

    @Override
    public double[] state() {
        // of no episode there is no start either, and the message is that of all environments
        if (dense == null) return state(new double[0]);
        return state(simulation.state(), dense.start(), dense.goal(), dense.handStart(), seen, new double[] {reached ? 1 : 0});
    }

    @Override
    public void restore(double[] state) {
        resume(state, 1 + stateSize + KEPT);
        simulation.state(Arrays.copyOfRange(state, 1, 1 + stateSize));
        double[] kept = Arrays.copyOfRange(state, 1 + stateSize, state.length);
        dense = new SawyerReward(object, Arrays.copyOfRange(kept, 0, 3), Arrays.copyOfRange(kept, 3, 6), Arrays.copyOfRange(kept, 6, 9));
        seen = Arrays.copyOfRange(kept, 9, 9 + SEEN);
        reached = kept[KEPT - 1] != 0;
    }

    @Override
    public double[] stateOf(double[] observation, int steps) {
        throw new UnsupportedOperationException("observations of the Sawyer arm do not show its whole state: its joints and all velocities "
            + "are hidden; expected a state that state() gave");
    }

    @Override
    protected String actionHint(double[] action) {
        return " (displacement of the hand in x, y, z, and effort of the gripper)";
    }

    @Override
    public BufferedImage render(int width, int height) {
        return picture.draw(width, height, dense == null ? null : dense.goal());
    }

    @Override
    public void close() {
        simulation.close();
    }
}
