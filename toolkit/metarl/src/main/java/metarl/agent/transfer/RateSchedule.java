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

    /** That of the MCAT release for one pair of tasks: 3e-4, 5e-5 after 5 epochs of 3 000 updates and 1e-5 after 15. */
    public static RateSchedule released() {
        return new RateSchedule(3e-4, 5e-5, 1e-5, 15_000, 45_000);
    }

    /** That of the release of Zhang et al. (2020) for HalfCheetah: 1e-3, 3e-4 after 10 epochs of 3 000 updates and 1e-4 after 20. */
    public static RateSchedule cycle() {
        return new RateSchedule(1e-3, 3e-4, 1e-4, 30_000, 60_000);
    }

    /** The rate of the update after so many. */
    public double at(long updates) {
        return updates < secondFrom ? first : updates < thirdFrom ? second : third;
    }

    /** The same rates over so many updates in all, with the steps where they were as parts of {@code whole}. */
    public RateSchedule scaled(int whole, int updates) {
        Require.count(whole, 1, "whole", "at least 1 update");
        Require.count(updates, 1, "updates", "at least 1 update");
        int from = Math.max(1, (int) ((long) secondFrom * updates / whole));
        return new RateSchedule(first, second, third, from, Math.max(from, (int) ((long) thirdFrom * updates / whole)));
    }
}
