package metarl.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import metarl.agent.DivergedException;
import metarl.agent.Plan;
import metarl.agent.Policy;
import metarl.agent.Trial;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.data.Trajectory;
import metarl.env.CheckedEnvironment;
import metarl.env.Environment;
import metarl.env.Lockstep;
import metarl.env.Step;
import metarl.env.wrapper.TimeLimit;
import metarl.task.Task;

/**
 * Episodes of several tasks in lockstep: one forward pass serves all seats of a policy, and the environments are stepped over the machine's
 * cores. What comes out is the same, bit for bit, as from one core.
 *
 * <p>Environments of a rollout must not share anything that changes. {@code -Dmetarl.threads=1} steps them on the caller's thread only.
 */
public final class Rollout {
    /** What an episode of one step takes on the heap, at least. */
    static final long EPISODE_BYTES = 500;

    private Rollout() {}

    /** One episode of each task, from start states and with policy noise drawn from {@code random}. */
    public static List<Trajectory> of(Policy policy, List<Task> tasks, RandomStream random) {
        return firsts(trials(policy, tasks, 1, random));
    }

    static List<Trajectory> firsts(List<List<Trajectory>> trials) {
        return trials.stream().map(t -> t.get(0)).toList();
    }

    /**
     * A trial of each task: several episodes, one after the other, through which the actor lives on. An actor with a memory can use
     * in a later episode what an earlier one has shown.
     *
     * @param episodes episodes per trial
     */
    public static List<List<Trajectory>> trials(Policy policy, List<Task> tasks, int episodes, RandomStream random) {
        return trials(policy, tasks, episodes, random, 0, Lockstep.cores());
    }

    /** The same where the tasks are number {@code firstIndex}, firstIndex + 1, … of a longer list: each then starts as it would there. */
    static List<List<Trajectory>> trials(Policy policy, List<Task> tasks, int episodes, RandomStream random, int firstIndex, int threads) {
        Require.count(episodes, 1, "episodes", "at least 1 per trial");
        Require.heap(Require.times(EPISODE_BYTES, Require.times(tasks.size(), episodes)),
            String.format(Locale.ROOT, "%,d environments with %,d episodes each", tasks.size(), episodes),
            "the number of tasks, shots or episodes");
        int[] unknown = new int[tasks.size()];
        Arrays.fill(unknown, Policy.UNKNOWN);
        try (var seats = new Seats(random, threads)) {
            for (int i = 0; i < unknown.length; i++) seats.add(tasks.get(i), episodes, Integer.MAX_VALUE, firstIndex + i);
            seats.group(policy, unknown, IntStream.range(0, unknown.length).toArray());
            return seats.collected();
        }
    }

    /**
     * What a plan asks for.
     *
     * @param train the train tasks, by whose numbers the plan names them
     * @return one per seat, in order
     */
    public static List<Trial> of(Plan plan, List<Task> train, RandomStream random) {
        List<Plan.Seat> wanted = plan.seats();
        Require.heap(Require.times(EPISODE_BYTES, wanted.stream().mapToLong(Plan.Seat::episodes).sum()),
            "a plan of " + wanted.size() + " seats",
            "the number of seats or of their episodes");
        try (var seats = new Seats(random, Lockstep.cores())) {
            Map<Policy, List<Integer>> groups = new IdentityHashMap<>();
            var policies = new ArrayList<Policy>();
            for (int i = 0; i < wanted.size(); i++) {
                Plan.Seat seat = wanted.get(i);
                if (seat.task() >= train.size())
                    throw new IllegalArgumentException(
                        "seat " + i + " of the plan asks for train task " + seat.task() + "; there are " + train.size()
                            + ", numbered from 0");
                seats.add(train.get(seat.task()), seat.episodes(), seat.limit(), i);
                groups.computeIfAbsent(seat.policy(), p -> {
                    policies.add(p);
                    return new ArrayList<>();
                }).add(i);
            }
            for (Policy policy : policies) {
                int[] members = groups.get(policy).stream().mapToInt(i -> i).toArray();
                seats.group(policy, Arrays.stream(members).map(i -> wanted.get(i).task()).toArray(), members);
            }
            var collected = seats.collected();
            return IntStream.range(0, wanted.size()).mapToObj(i -> new Trial(wanted.get(i), collected.get(i))).toList();
        }
    }

    /** An environment, and the trial that is lived through in it. */
    private static final class Seat {
        final Task task;
        final Environment environment;
        final int episodes;
        final RandomStream random;
        final List<Trajectory> trial = new ArrayList<>();
        double[] observation;
        boolean over;

        Seat(Task task, Environment environment, int episodes, RandomStream random) {
            this.task = task;
            this.environment = environment;
            this.episodes = episodes;
            this.random = random;
        }

        void begin() {
            observation = environment.reset(random);
            trial.add(new Trajectory(task, observation));
        }

        Step advance(double[] action, double logDensity) {
            Step step = stepped(action);
            trial.get(trial.size() - 1).add(action, step, logDensity);
            observation = step.observation();
            if (!step.last()) return step;
            if (trial.size() < episodes) begin();
            else over = true;
            return step;
        }

        /** An action that the border refuses is the policy's fault, not the environment's. */
        private Step stepped(double[] action) {
            try {
                return environment.step(action);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("the policy gave an action that its environment cannot take. " + e.getMessage(), e);
            }
        }
    }

    /** Seats that one policy acts in. */
    private record Group(Policy.Actor actor, int[] seats) {}

    /** All seats of a rollout. */
    private static final class Seats implements AutoCloseable {
        private final RandomStream random;
        private final Lockstep lockstep;
        private final List<Seat> seats = new ArrayList<>();
        private final List<Group> groups = new ArrayList<>();

        Seats(RandomStream random, int threads) {
            this.random = random;
            lockstep = new Lockstep(threads);
        }

        void add(Task task, int episodes, int limit, int number) {
            Environment whole = CheckedEnvironment.of(task.environment(), task);
            Environment environment = limit < whole.horizon() ? new TimeLimit(whole, limit) : whole;
            seats.add(new Seat(task, environment, episodes, random.split("start " + number)));
            requireSameSizes(seats.get(0).environment, environment);
        }

        void group(Policy policy, int[] tasks, int[] members) {
            String name = groups.isEmpty() ? "policy" : "policy " + groups.size();
            if (policy == null) throw new IllegalStateException("the policy is null, expected one to act with");
            Policy.Actor actor = asked(() -> policy.start(tasks, random.split(name)));
            if (actor == null) throw new IllegalStateException("start(…) of the policy gave null, expected an Actor");
            groups.add(new Group(actor, members));
        }

        List<List<Trajectory>> collected() {
            int n = seats.size();
            double[][] actions = new double[n][];
            double[] logDensities = new double[n];
            Step[] steps = new Step[n];
            all(i -> seats.get(i).begin());
            while (seats.stream().anyMatch(s -> !s.over)) {
                if (Thread.currentThread().isInterrupted()) throw new CancellationException("the episodes were interrupted");
                for (Group group : groups) act(group, actions, logDensities);
                Arrays.fill(steps, null);
                all(i -> {
                    if (!seats.get(i).over) steps[i] = seats.get(i).advance(actions[i], logDensities[i]);
                });
                for (Group group : groups)
                    group.actor.received(chosen(actions, group), Arrays.stream(group.seats).mapToObj(i -> steps[i]).toArray(Step[]::new));
            }
            return seats.stream().map(s -> s.trial).toList();
        }

        private void act(Group group, double[][] actions, double[] logDensities) {
            int n = group.seats.length;
            double[][] seen = Arrays.stream(group.seats).mapToObj(i -> seats.get(i).observation).toArray(double[][]::new);
            double[][] acted = asked(() -> group.actor.act(seen));
            if (acted == null || acted.length != n)
                throw new IllegalStateException(
                    "the policy gave " + (acted == null ? "null" : acted.length + " actions") + ", expected " + n
                        + ", one per environment");
            double[] told = asked(group.actor::logDensities);
            if (told == null || told.length != 0 && told.length != n)
                throw new IllegalStateException(
                    "the policy gave " + (told == null ? "null" : told.length + "") + " log densities, expected " + n
                        + ", one per environment, or none");
            for (int k = 0; k < n; k++) {
                actions[group.seats[k]] = acted[k];
                logDensities[group.seats[k]] = told.length == 0 ? Double.NaN : told[k];
            }
        }

        /** What a policy throws on purpose is passed on as it is. */
        private static <T> T asked(Supplier<T> question) {
            try {
                return question.get();
            } catch (IllegalArgumentException | IllegalStateException | DivergedException e) {
                throw e;
            } catch (RuntimeException e) {
                String message = e.getMessage() == null ? "" : ": " + e.getMessage();
                throw new IllegalStateException("the policy failed with " + e.getClass().getSimpleName() + message, e);
            }
        }

        private static double[][] chosen(double[][] actions, Group group) {
            return Arrays.stream(group.seats).mapToObj(i -> actions[i]).toArray(double[][]::new);
        }

        private void all(IntConsumer work) {
            for (Throwable failure : lockstep.run(seats.size(), work)) {
                if (failure instanceof RuntimeException e) throw e;
                if (failure instanceof Error e) throw e;
            }
        }

        @Override
        public void close() {
            lockstep.close();
            try {
                groups.forEach(g -> g.actor.close());
            } finally {
                seats.forEach(s -> s.environment.close());
            }
        }
    }

    /** One network serves all tasks. */
    private static void requireSameSizes(Environment first, Environment other) {
        int[] expected = sizes(first), given = sizes(other);
        if (!Arrays.equals(expected, given))
            throw new IllegalArgumentException(
                "the environments of a rollout differ: entries of observation, action and outcome are " + Arrays.toString(expected)
                    + " in the first task and " + Arrays.toString(given)
                    + " in a different one; expected the same, because one policy acts in all");
    }

    private static int[] sizes(Environment environment) {
        return new int[] {environment.observations().size(), environment.actions().size(), environment.outcomeNames().size()};
    }
}
