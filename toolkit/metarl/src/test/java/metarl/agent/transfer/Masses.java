package metarl.agent.transfer;

import java.util.Arrays;
import java.util.Collections;
import metarl.agent.Policy;
import metarl.basics.RandomStream;
import metarl.data.MetaReplay;
import metarl.data.Trajectory;
import metarl.task.Task;
import metarl.task.families.Point;
import metarl.train.Rollout;

/** Point masses whose right translator is known. */
final class Masses {
    private Masses() {}

    /** So many episodes of random actions of each task. */
    static MetaReplay data(int episodes, long seed, Task... tasks) {
        var replay = new MetaReplay(tasks.length, 4, 2, 8, tasks.length * episodes * 100);
        for (int i = 0; i < tasks.length; i++)
            for (Trajectory episode : Rollout.of(Policy.random(2), Collections.nCopies(episodes, tasks[i]),
                RandomStream.of(seed, "data " + i))) replay.of(i).add(episode);
        return replay;
    }

    static Task task(double angle, double gain) {
        return Point.rotated().task(angle, gain);
    }

    /** A policy that comes home, in the task in which nothing is changed. */
    static Policy home() {
        return Policy.of(o -> new double[] {clipped(-o[0] - 1.5 * o[2]), clipped(-o[1] - 1.5 * o[3])});
    }

    /** The mean return of a policy over 20 episodes, whose start states are the same for every policy. */
    static double earned(Policy policy, Task task) {
        return Rollout.of(policy, Collections.nCopies(20, task), RandomStream.of(8, "earned")).stream()
            .mapToDouble(Trajectory::totalReward).average().orElseThrow();
    }

    /** The closed form, clipped to what can be done. */
    static Translation exact(Task source, Task target) {
        return (observations, actions) -> Arrays.stream(actions)
            .map(a -> Arrays.stream(Point.equivalent(source, target, a)).map(Masses::clipped).toArray()).toArray(double[][]::new);
    }

    private static double clipped(double a) {
        return Math.max(-1, Math.min(1, a));
    }

    /** Angle in degrees and gain of the similarity that comes nearest to a translation of actions of up to this length. */
    static double[] turnAndGain(Translation translation, double length) {
        var random = RandomStream.of(9, "probes");
        int n = 400;
        double[][] seen = new double[n][], actions = new double[n][];
        for (int i = 0; i < n; i++) {
            double angle = random.nextDouble(-Math.PI, Math.PI), size = length * Math.sqrt(random.nextDouble());
            actions[i] = new double[] {size * Math.cos(angle), size * Math.sin(angle)};
            seen[i] = new double[] {random.nextDouble(-1, 1), random.nextDouble(-1, 1), random.nextDouble(-0.5, 0.5),
                random.nextDouble(-0.5, 0.5)};
        }
        double[][] translated = translation.translate(seen, actions);
        double along = 0, across = 0, squares = 0;
        for (int i = 0; i < n; i++) {
            double[] a = actions[i], b = translated[i];
            along += a[0] * b[0] + a[1] * b[1];
            across += a[0] * b[1] - a[1] * b[0];
            squares += a[0] * a[0] + a[1] * a[1];
        }
        return new double[] {Math.toDegrees(Math.atan2(across, along)), Math.hypot(along, across) / squares};
    }
}
