package metarl.agent.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import metarl.agent.Policy;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;
import metarl.env.Restorable;
import metarl.env.Space;
import metarl.env.Step;
import metarl.env.world.Dynamics;
import metarl.task.Family;
import metarl.task.Task;
import metarl.task.families.Bandit;
import metarl.task.families.HalfCheetah;
import metarl.task.families.Pendulum;
import metarl.train.Rollout;
import org.junit.jupiter.api.Test;

/** What the true simulator foresees comes true, and planning with it earns what can be earned. */
class TrueModelTest {
    private static final Task PENDULUM = Pendulum.swingUp().task(1, 1), HEAVY = Pendulum.swingUp().task(1.25, 0.75);

    private static RandomStream random(String name) {
        return RandomStream.of(16, name);
    }

    private static Sequences drawn(int environments, int candidates, int horizon) {
        float[] values = new float[environments * candidates * horizon];
        RandomStream random = random("sequences");
        for (int k = 0; k < values.length; k++) values[k] = 2 * random.nextFloat() - 1;
        return new Sequences(environments, candidates, horizon, 1, values);
    }

    /** The rewards of so many steps of one environment, in which the sequence is done. */
    private static double lived(Restorable environment, Sequences sequences, int i, int candidate) {
        double sum = 0;
        for (int t = 0; t < sequences.horizon(); t++) {
            Step step = environment.step(sequences.action(i, candidate, t));
            sum += step.reward();
            if (step.last()) break;
        }
        return sum;
    }

    /** All candidates of all environments in one call: as each alone, and as lived through; each environment in its own task. */
    @Test
    void whatIsForeseenComesTrue() {
        List<Task> tasks = List.of(PENDULUM, HEAVY, PENDULUM);
        Sequences sequences = drawn(3, 7, 12);
        try (var simulators = new Simulators(tasks, random("simulators"))) {
            double[][] states = new double[3][], observations = new double[3][];
            for (int i = 0; i < 3; i++) observations[i] = started(tasks.get(i), i).step(new double[] {0.3}).observation();
            for (int i = 0; i < 3; i++) states[i] = simulators.state(i, observations[i], 1);
            double[] all = simulators.from(states).returns(sequences);
            for (int i = 0; i < 3; i++) {
                try (var alone = new Simulators(List.of(tasks.get(i)), random("other"))) {
                    for (int c = 0; c < 7; c++) {
                        double one = alone.from(new double[][] {states[i]}).returns(sequences.one(i, c))[0];
                        assertEquals(one, all[i * 7 + c], 0, "environment " + i + ", candidate " + c);
                        Restorable environment = started(tasks.get(i), i);
                        environment.step(new double[] {0.3});
                        assertEquals(lived(environment, sequences, i, c), one, 1e-9);
                    }
                }
            }
        }
    }

    /** A task that changes after 4 steps: 2 steps before and 6 after it; and a body that MuJoCo simulates, whose motor fails there. */
    @Test
    void changesUnderWayAndBodiesAreForeseen() {
        Task pendulum = Pendulum.swingUp().changingAt(4, PENDULUM).task(1.25, 0.75);
        Task cheetah = HalfCheetah.crippled().changingAt(4, HalfCheetah.crippled().task(5)).task(2);
        for (Task task : List.of(pendulum, cheetah)) {
            int size = task.equals(cheetah) ? 6 : 1;
            var values = new float[2 * 8 * size];
            for (int k = 0; k < values.length; k++) values[k] = (float) Math.sin(k);
            var sequences = new Sequences(1, 2, 8, size, values);
            try (Restorable environment = started(task, 0); var simulators = new Simulators(List.of(task), random("simulators"))) {
                double[] seen = {};
                for (int t = 0; t < 2; t++) seen = environment.step(sequences.action(0, 0, t)).observation();
                double foreseen = simulators.from(new double[][] {simulators.state(0, seen, 2)}).returns(sequences)[1];
                assertEquals(lived(environment, sequences, 0, 1), foreseen, 1e-6, task.toString());
            }
        }
    }

    private static Restorable started(Task task, int i) {
        Restorable environment = Restorable.of(task.environment());
        environment.reset(random("start " + i));
        return environment;
    }

    /** With 3 steps left of 200, the other 9 of a sequence neither count nor fail. */
    @Test
    void nothingIsEarnedAfterTheEnd() {
        Sequences twelve = drawn(1, 5, 12);
        float[] first = new float[15];
        for (int c = 0; c < 5; c++) System.arraycopy(twelve.values(), 12 * c, first, 3 * c, 3);
        try (var simulators = new Simulators(List.of(PENDULUM), random("simulators"))) {
            double[][] states = {simulators.state(0, new double[] {0, 1, 2}, 197)};
            double[] whole = simulators.from(states).returns(twelve);
            assertArrayEquals(simulators.from(states).returns(new Sequences(1, 5, 3, 1, first)), whole, 0);
            assertTrue(Arrays.stream(whole).allMatch(r -> r < -1));
            assertArrayEquals(new double[5], simulators.from(new double[][] {null}).returns(twelve));
        }
    }

    /**
     * The optimum from the second of these starts is −213.82, from the first −119.79: experiments/grbal/results/optimum.csv, by dynamic
     * programming on a grid of 768 angles and 481 speeds.
     */
    @Test
    void planningReachesTheOptimumOfThePendulum() {
        var planner = Planner.smoothCrossEntropy(150, 50);
        double sum = Rollout.of(TrueModel.of(PENDULUM, planner), Collections.nCopies(2, PENDULUM), random("optimum")).stream()
            .mapToDouble(Trajectory::totalReward).sum(), optimum = -119.79 - 213.82;
        assertEquals(optimum, sum, 0.05 * -optimum);
    }

    /** The count of steps and the plan begin anew with an episode; an environment that has ended is left alone. */
    @Test
    void episodesFollowEachOther() {
        Policy policy = TrueModel.of(line(6, false), Planner.crossEntropy(100, 4).least(0.01));
        var trial = Rollout.trials(policy, Collections.nCopies(2, line(6, false)), 2, random("trials"));
        for (List<Trajectory> episodes : trial)
            for (Trajectory episode : episodes) {
                assertEquals(6, episode.length());
                // from 1 to 0 in steps of at most 0.5: 0.5, and then about 0
                assertEquals(-0.5, episode.totalReward(), 0.1);
            }
    }

    /** A walk on a line from 1 to 0; with chance, every step is off by a draw of ± 0.2. */
    private static Task line(int steps, boolean chance) {
        var rests = Dynamics.of("x (m)").starting(1.0);
        Dynamics dynamics = chance ? rests.moving((double[] s, double[] a, RandomGenerator r) -> new double[] {
            s[0] + 0.5 * a[0] + r.nextDouble(-0.2, 0.2)}) : rests.moving((s, a) -> new double[] {s[0] + 0.5 * a[0]});
        return Family.define("line-" + chance).dynamics(task -> dynamics).lasting(steps)
            .paying((task, outcome, action) -> -Math.abs(outcome[0])).task();
    }

    /** The planner does not know the draws that come: with them it would always end at 0. */
    @Test
    void chanceIsNotForeseen() {
        Task task = line(30, true);
        Policy policy = TrueModel.of(task, Planner.crossEntropy(100, 3).least(0.01));
        double[] ends = Rollout.of(policy, List.of(task), random("chance")).get(0).transitions().stream().skip(5)
            .mapToDouble(t -> Math.abs(t.nextObservation()[0])).toArray();
        double mean = Arrays.stream(ends).average().getAsDouble();
        // the mean of |e| is 0.1, and that of |e − e'|, where the plan trusts draws e' of its own, 0.133
        assertEquals(0.133, mean, 0.05);
    }

    @Test
    void oneStreamGivesOneEpisodeOnAnyNumberOfThreads() {
        Policy policy = TrueModel.of(PENDULUM, Planner.randomShooting(50, 5));
        double[] rewards = Rollout.of(policy, List.of(PENDULUM), random("same")).stream().mapToDouble(Trajectory::totalReward).toArray();
        String before = System.setProperty("metarl.threads", "3");
        try {
            double[] again = Rollout.of(policy, List.of(PENDULUM), random("same")).stream().mapToDouble(Trajectory::totalReward).toArray();
            assertArrayEquals(rewards, again, 0);
        } finally {
            if (before == null) System.clearProperty("metarl.threads");
            else System.setProperty("metarl.threads", before);
        }
    }

    @Test
    void badInputIsExplained() {
        Planner planner = Planner.randomShooting(10, 3);
        message(IllegalArgumentException.class, "tasks is an empty list, expected one task for all environments",
            () -> new TrueModel(List.of(), planner));
        message(IllegalArgumentException.class, "the number of environments is 3, expected 2, one for each task that the model knows",
            () -> new TrueModel(List.of(PENDULUM, HEAVY), planner).start(3, random("start")));
        message(IllegalArgumentException.class, "are one of a number of choices; a planner looks for real numbers",
            () -> TrueModel.of(Bandit.bernoulli(3).task(0.1, 0.2, 0.3), planner).start(1, random("start")));
        Task hidden = Family.define("hidden")
            .dynamics(task -> Dynamics.of("x", "v").acting(Space.box(1, 1)).moving((s, a) -> s).seeing(1, s -> new double[] {s[0]}))
            .lasting(5).paying((task, outcome, action) -> 0).task();
        message(RuntimeException.class, "do not show its whole state", () -> Rollout.of(TrueModel.of(hidden, planner), List.of(hidden),
            random("hidden")));
    }

    private static void message(Class<? extends RuntimeException> type, String expected, Runnable call) {
        String message = assertThrows(type, call::run).getMessage();
        assertTrue(message.contains(expected), message);
    }
}
