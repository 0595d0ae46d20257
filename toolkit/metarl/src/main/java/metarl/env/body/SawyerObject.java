package metarl.env.body;

/**
 * What the Sawyer arm of Meta-World pushes to its goal, and the scene around it: as in {@code metaworld} 3.1.1, whose XML files these are.
 *
 * <p>Places are x (to the side), y (away from the arm) and z (upwards) in m, on a table of height 0. The starts of object and goal are
 * drawn uniformly between two corners, again if they are less than 0.15 m apart in the plane. The frame of the cylinder is its middle, that
 * of mug and cube lies under them on the table: this alone makes a hand that reaches for the cylinder stop above the
 * others for ever, because no hand goes below 0.05 m.
 */
public enum SawyerObject {
    /** A cylinder of radius 0.02 m, height 0.04 m and 0.75 kg: the task push-v3. */
    CYLINDER("sawyer_push_v3.xml", 9, 0.05, new double[] {0, 0.6, 0.2}, new double[][] {{-0.1, 0.6, 0.02}, {0.1, 0.7, 0.02}},
        new double[][] {{-0.1, 0.8, 0.01}, {0.1, 0.9, 0.02}}),
    /** A mug with a handle, 0.11 kg, to be pushed under the spout of a coffee machine: the task coffee-push-v3. */
    MUG("sawyer_coffee.xml", 0, 0.07, new double[] {0, 0.4, 0.2}, new double[][] {{-0.1, 0.55, -0.001}, {0.1, 0.65, 0.001}},
        new double[][] {{-0.05, 0.7, -0.001}, {0.05, 0.75, 0.001}}),
    /** A wooden cube with sides of 0.04 m and 0.1 kg, that of the task sweep-v3, in place of the cylinder in push-v3. */
    CUBE("sawyer_push_v3.xml", 9, 0.05, new double[] {0, 0.6, 0.2}, new double[][] {{-0.1, 0.6, 0.02}, {0.1, 0.7, 0.02}},
        new double[][] {{-0.1, 0.8, 0.01}, {0.1, 0.9, 0.02}});

    private final String file;
    private final int firstPosition;
    private final double radius;
    private final double[] hand;
    private final double[][] starts, goals;

    SawyerObject(String file, int firstPosition, double radius, double[] hand, double[][] starts, double[][] goals) {
        this.file = file;
        this.firstPosition = firstPosition;
        this.radius = radius;
        this.hand = hand;
        this.starts = starts;
        this.goals = goals;
    }

    /** The file of the scene in the package's folder {@code assets/sawyer_xyz}. */
    public String file() {
        return file;
    }

    /** The number of its first position coordinate, of seven: place, then quaternion. */
    public int firstPosition() {
        return firstPosition;
    }

    /** It is at its goal within this distance, in m. */
    public double radius() {
        return radius;
    }

    /** Where the hand begins. */
    public double[] hand() {
        return hand.clone();
    }

    /** Lowest and highest place to begin at. */
    public double[][] starts() {
        return copy(starts);
    }

    /** Lowest and highest place of the goal. */
    public double[][] goals() {
        return copy(goals);
    }

    private static double[][] copy(double[][] corners) {
        return new double[][] {corners[0].clone(), corners[1].clone()};
    }
}
