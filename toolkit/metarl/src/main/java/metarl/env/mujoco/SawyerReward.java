package metarl.env.mujoco;

import metarl.env.body.SawyerObject;

/**
 * The dense rewards, 0 to 10, of Meta-World's tasks push-v3 and coffee-push-v3: how well the fingers hold the object, times how near it is
 * to its goal. Written from the formulas of metaworld 3.1.1 ({@code _gripper_caging_reward} and {@code compute_reward}, version "v2").
 *
 * @param object what is pushed: the mug is paid as in coffee-push, cylinder and cube are as in push
 * @param start where the object began
 * @param goal where it is to go
 * @param handStart the middle between the finger tips at the start
 */
record SawyerReward(SawyerObject object, double[] start, double[] goal, double[] handStart) {
    private static final double HIGHEST = 10, HELD = 0.97;
    /** Fingers at most so far to the side of the object count as around it. */
    private static final double AROUND = 0.05;
    private static final double AT_GOAL = 0.05;

    /**
     * What of a state counts.
     *
     * @param place the object's
     * @param hand the middle between the finger tips
     * @param leftPad y of the left finger's pad
     * @param rightPad y of the right finger's pad
     * @param opened how far the fingers are apart, 0 to 1
     * @param effort the last action of the gripper
     */
    record Sight(double[] place, double[] hand, double leftPad, double rightPad, double opened, double effort) {}

    double of(Sight sight) {
        return object == SawyerObject.MUG ? ofMug(sight) : ofPuck(sight);
    }

    private double ofPuck(Sight sight) {
        double distance = distance(sight.place, goal);
        if (distance < AT_GOAL) return HIGHEST;
        double near = longTail(distance, 0, AT_GOAL, distance(start, goal));
        double caged = caged(sight, 0.015, 0.005), held = (held(caged, sight.effort) + caged) / 2;
        double reward = 2 * held;
        return distance(sight.place, sight.hand) < 0.02 && sight.opened > 0 ? 2 * reward + 1 + 5 * near : reward;
    }

    private double ofMug(Sight sight) {
        double distance = weighted(sight.place);
        if (distance < AT_GOAL) return HIGHEST;
        double near = longTail(distance, 0, AT_GOAL, weighted(start));
        double reach = distance(sight.place, sight.hand), reached = 0.04;
        double reaching = longTail(reach, 0, reached, Math.abs(distance(start, handStart) - reached));
        double held = (held(caged(sight, 0.02, 0.05), sight.effort / 0.7) + reaching) / 2;
        double reward = product(held, near);
        return reach < reached && sight.opened > 0 ? reward + 1 + 5 * near : reward;
    }

    /** Errors to the sides count twice. */
    private double weighted(double[] place) {
        double x = 2 * (place[0] - goal[0]), y = 2 * (place[1] - goal[1]), z = place[2] - goal[2];
        return Math.sqrt(x * x + y * y + z * z);
    }

    /** How well the fingers are around the object: in y each at its side of it, in x and z at its place. */
    private double caged(Sight sight, double radius, double reach) {
        double sides = product(side(sight.leftPad, sight.place, radius), side(sight.rightPad, sight.place, radius));
        double margin = Math.hypot(start[0] - handStart[0], start[2] - handStart[2]) - reach;
        double off = Math.hypot(sight.hand[0] - sight.place[0], sight.hand[2] - sight.place[2]);
        return product(sides, longTail(off, 0, reach, margin));
    }

    private double side(double pad, double[] place, double radius) {
        double margin = Math.abs(Math.abs(pad - start[1]) - AROUND);
        return longTail(Math.abs(pad - place[1]), radius, AROUND, margin);
    }

    private static double held(double caged, double effort) {
        return product(caged, caged > HELD ? Math.min(Math.max(0, effort), 1) : 0);
    }

    private static double distance(double[] a, double[] b) {
        double x = a[0] - b[0], y = a[1] - b[1], z = a[2] - b[2];
        return Math.sqrt(x * x + y * y + z * z);
    }

    /** 1 from low to high; 1 / (1 + (3 d / margin)²) at a distance d from there. */
    static double longTail(double x, double low, double high, double margin) {
        if (low <= x && x <= high) return 1;
        if (margin == 0) return 0;
        double scaled = 3 * (x < low ? low - x : x - high) / margin;
        return 1 / (scaled * scaled + 1);
    }

    /** Hamacher's product a b / (a + b − a b) of two numbers from 0 to 1. */
    static double product(double a, double b) {
        double whole = a + b - a * b;
        return whole > 0 ? a * b / whole : 0;
    }
}
