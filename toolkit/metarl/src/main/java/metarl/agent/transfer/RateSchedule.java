package metarl.agent.transfer;

import metarl.basics.Require;
import metarl.nn.Adam;

/**
 * A learning rate that falls twice, by the number of updates done.
 *
 * @param first rate of the first updates
 * @param second rate from update {@code secondFrom} on
 * @param third rate from update {@code thirdFrom} on
 * @param secondFrom updates that are done with the first rate
 * @param thirdFrom updates that are done with the first and the second rate
 */
public record RateSchedule(double first, double second, double third, int secondFrom, int thirdFrom) {
    /** Checks every value. */
    public RateSchedule {
        Adam.requireRate(first, "first");
        Adam.requireRate(second, "second");
        Adam.requireRate(third, "third");
        Require.count(secondFrom, 1, "secondFrom", "at least 1 update");
        Require.count(thirdFrom, secondFrom, "thirdFrom", "at least secondFrom, " + secondFrom);
    }

    /** The same rate always. */
    public static RateSchedule constant(double rate) {
        return new RateSchedule(rate, rate, rate, 1, 1);
    }

    /** That of the MCAT release for one pair of tasks, 30 epochs of 3 000 updates: 3e-4, 5e-5 after 5 epochs and 1e-5 after 15. */
    public static RateSchedule released() {
        return released(90_000);
    }

    /** The same over so many updates: it falls after a sixth and after a half of them. */
    public static RateSchedule released(int updates) {
        return new RateSchedule(3e-4, 5e-5, 1e-5, Math.max(1, updates / 6), Math.max(1, updates / 2));
    }

    /**
     * That of the release of Zhang et al. (2020) for HalfCheetah, 30 epochs of 3 000 updates: 1e-3, 3e-4 after 10 epochs and 1e-4 after 20.
     */
    public static RateSchedule cycle() {
        return cycle(90_000);
    }

    /** The same over so many updates: it falls after a third and after two thirds of them. */
    public static RateSchedule cycle(int updates) {
        return new RateSchedule(1e-3, 3e-4, 1e-4, Math.max(1, updates / 3), Math.max(1, (int) (2L * updates / 3)));
    }

    /** The rate of the update after so many. */
    public double at(long updates) {
        return updates < secondFrom ? first : updates < thirdFrom ? second : third;
    }
}
