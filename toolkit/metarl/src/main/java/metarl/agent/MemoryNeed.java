package metarl.agent;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import metarl.agent.gradient.Maml;
import metarl.agent.gradient.Rl2;
import metarl.agent.value.Mql;
import metarl.agent.value.Td3;
import metarl.basics.Require;
import metarl.data.ReplayBuffer;
import metarl.nn.Gru;
import metarl.nn.Mlp;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * What settings take of memory at the peak, told before anything is taken: Java arrays on the heap, and arrays of the networks' library beside it.
 *
 * <p>The parts that last are added up, and of the phases (collecting, learning, adapting) the largest counts, separately for both kinds of memory. Counts of numbers
 * per transition follow from the operations of each method; measured peaks lie within a factor of 2 of the sum ({@code bench/needs.jsh}). Lengths of episodes are
 * taken to be the horizon, so that this is a bound where episodes end early; a horizon beyond 10,000,000 steps is taken for none and counts as 1,000.
 *
 * @param algorithm whose need it is
 * @param problem the sizes
 * @param work what is done beside learning
 * @param parts what takes memory, and which setting drives it
 */
public record MemoryNeed(Algorithm algorithm, Problem problem, Work work, List<Part> parts) {
    /** Java, its code and the networks' library take about so much before any setting counts. */
    private static final long BASE = 400_000_000L;
    private static final int NO_HORIZON = 10_000_000, USUAL_HORIZON = 1_000;
    /** From this share of what there is on, a training is warned of. */
    private static final double NEAR = 0.75;
    private static final int FLOAT = 4, DOUBLE = 8;
    /** Objects of one step of an episode: the step, three array headers, four places in lists. */
    private static final int STEP = 150;

    /** When a part is there. */
    public enum Phase {
        /** From beginning to end. */
        ALWAYS,
        /** While episodes are collected. */
        COLLECTING,
        /** During an update. */
        LEARNING,
        /** While test tasks are evaluated and adapted to. */
        EVALUATING
    }

    /**
     * Something that takes memory.
     *
     * @param what in words
     * @param setting the setting that drives it most
     * @param phase when it is there
     * @param heap bytes on the Java heap
     * @param beside bytes beside it
     */
    public record Part(String what, String setting, Phase phase, long heap, long beside) {
        long bytes() {
            return plus(heap, beside);
        }
    }

    /**
     * What is done beside learning.
     *
     * @param testTasks tasks that are evaluated together
     * @param episodes episodes of each
     * @param shots episodes to adapt from
     * @param sideBySide adaptations at the same time
     */
    public record Work(int testTasks, int episodes, int shots, int sideBySide) {
        /** Nothing. */
        public static final Work NONE = new Work(0, 0, 0, 0);
    }

    /** What an algorithm takes for a problem. */
    public static MemoryNeed of(Algorithm algorithm, Problem problem, Work work) {
        var parts = new ArrayList<Part>();
        if (algorithm instanceof Td3 td3) actorCritic(td3, null, problem, work, parts);
        else if (algorithm instanceof Mql mql) actorCritic(mql.base(), mql, problem, work, parts);
        else if (algorithm instanceof Rl2 rl2) recurrent(rl2, problem, work, parts);
        else if (algorithm instanceof Maml maml) stacked(maml, problem, work, parts);
        return new MemoryNeed(algorithm, problem, work, List.copyOf(parts));
    }

    private static long horizon(Problem problem) {
        return problem.horizon() > NO_HORIZON ? USUAL_HORIZON : problem.horizon();
    }

    private static int actionEntries(Problem problem) {
        return problem.discrete() ? 1 : problem.actionSize();
    }

    /** Bytes of episodes on the heap: each step keeps its vectors in double precision. */
    private static long episodes(Problem problem, long steps) {
        return times(steps, STEP + DOUBLE * ((long) problem.observationSize() + actionEntries(problem) + problem.outcomeSize()));
    }

    private static void actorCritic(Td3 s, Mql mql, Problem p, Work work, List<Part> parts) {
        long o = p.observationSize(), a = p.actionSize(), length = s.contextLength(), hidden = s.hidden(),
            c = length == 0 ? 0 : s.contextSize();
        int triple = ReplayBuffer.tripleSize(p.observationSize(), p.actionSize());
        long encoder = length == 0 ? 0 : parameters(triple, c, true);
        long actor = encoder + layers(o + c, hidden, a), critic = encoder + 2 * layers(o + a + c, hidden, 1), both = plus(actor, critic);
        parts.add(new Part("networks, targets and optimisers", "hidden", Phase.ALWAYS, times(2L * FLOAT, critic), times(5L * FLOAT, both)));
        long perTask = Math.max(1, s.replayCapacity() / p.tasks()), capacity = times(perTask, p.tasks());
        parts.add(new Part("replay", "replayCapacity", Phase.ALWAYS,
            ReplayBuffer.bytes(p.observationSize(), p.actionSize(), p.outcomeSize(), capacity), 0));
        String driver = length == 0 ? "batchSize" : "contextLength";
        // numbers per transition of a batch: itself with its windows, then what passes keep for the gradient
        long row = plus(2 * o + a + 3, length == 0 ? 0 : times(length + 1, triple));
        long pass = plus(plus(24 * hidden, times(2, row)), times(length, 4L * triple + 32 * c));
        parts.add(new Part("batch and its passes", driver, Phase.LEARNING, times(FLOAT, times(s.batchSize(), row)),
            times(FLOAT, times(s.batchSize(), pass))));
        long environments = Math.min(s.episodesPerRound(), p.tasks());
        acting("episodes of a round", "episodesPerRound", Phase.COLLECTING, environments, environments, s, p, triple, parts);
        if (work.testTasks > 0)
            acting("episodes of the test tasks", "episodes", Phase.EVALUATING, work.testTasks, times(work.testTasks, work.episodes), s, p,
                triple, parts);
        if (mql == null || work.sideBySide == 0) return;
        long fresh = times(work.shots, horizon(p)), old = plus(times(2, fresh), 2L * p.tasks()),
            batch = times(mql.batchMultiple(), s.batchSize());
        long rows = plus(plus(fresh, old), batch), features = times(DOUBLE, times(rows, 3 * (c + o)));
        long largest = Math.max(Math.max(mql.newTaskUpdates() == 0 ? 0 : fresh, mql.replayUpdates() == 0 ? 0 : batch), old / 3);
        parts.add(new Part("adaptations side by side", driver, Phase.EVALUATING,
            times(work.sideBySide, plus(times(FLOAT, times(rows, row)), features)),
            times(work.sideBySide, plus(times(5L * FLOAT, both), times(FLOAT, times(largest, pass))))));
    }

    private static void acting(String what, String setting, Phase phase, long environments, long episodes, Td3 s, Problem p, int triple,
        List<Part> parts) {
        long windows = times(environments, times(s.contextLength(), triple));
        long pass = times(environments, plus(6L * s.hidden(), times(s.contextLength(), 3L * triple + 5L * s.contextSize())));
        parts
            .add(new Part(what, setting, phase, plus(episodes(p, times(episodes, horizon(p))), times(FLOAT, windows)), times(FLOAT, pass)));
    }

    private static void recurrent(Rl2 s, Problem p, Work work, List<Part> parts) {
        long a = p.actionSize(), in = p.observationSize() + a + 2, out = p.discrete() ? a : 2 * a, h = s.hidden();
        long networks = parameters(in, h, true) + (h + 1) * out + parameters(in + 1, h, true) + h + 1;
        parts.add(new Part("networks and optimisers", "hidden", Phase.ALWAYS, times(2L * FLOAT, networks), times(4L * FLOAT, networks)));
        long length = times(s.episodesPerTrial(), horizon(p)), all = times(s.trialsPerUpdate(), length),
            some = times(Math.min(s.trialsPerBatch(), s.trialsPerUpdate()), length);
        parts.add(new Part("trials as they are collected", "trialsPerUpdate", Phase.COLLECTING,
            plus(episodes(p, all), times(FLOAT, times(all, in + a + 1))),
            times(FLOAT, times(s.trialsPerUpdate(), 8 * h + 3 * in))));
        // inputs, timed inputs, features, rewards, values, advantages, returns, old outputs and their two orders
        long kept = times(FLOAT, times(all, 2 * in + a + 6 + 2 * out)), drawn = times(FLOAT, times(some, 2 * in + a + out + 4));
        long allAtOnce = times(all, 3 * in + 8 * h + out), batch = times(some, 4 * in + 28 * h + 16 * out);
        parts.add(new Part("trials of an update and their passes", "trialsPerUpdate", Phase.LEARNING, plus(kept, drawn),
            times(FLOAT, Math.max(allAtOnce, batch))));
        if (work.testTasks > 0)
            parts.add(new Part("trials of the test tasks", "episodes", Phase.EVALUATING,
                episodes(p, times(length, times(work.testTasks, work.episodes))),
                times(FLOAT, times(work.testTasks, 8 * h + 3 * in))));
    }

    private static void stacked(Maml s, Problem p, Work work, List<Part> parts) {
        long a = p.actionSize(), o = p.observationSize(), h = s.hidden(), network = layers(o, h, a) + (p.discrete() ? 0 : a),
            rounds = s.innerSteps() + 1L;
        parts.add(new Part("network and optimiser", "hidden", Phase.ALWAYS, times(2L * FLOAT, network), times(4L * FLOAT, network)));
        long rows = times(s.episodesPerTask(), horizon(p)), all = times(s.tasksPerUpdate(), rows), width = o + a + 2;
        long batches = times(FLOAT, times(rounds, times(all, width)));
        parts.add(new Part("episodes as they are collected", "tasksPerUpdate", Phase.COLLECTING, plus(episodes(p, all), batches),
            times(FLOAT,
                plus(times(s.tasksPerUpdate(), times(2, network)), times(times(s.tasksPerUpdate(), s.episodesPerTask()), 3 * h + o)))));
        // second derivatives through the inner steps, and the slope of the divergence of a trust region, keep most
        long inner = times(s.innerSteps(), s.firstOrder() ? 2 * h + 4 * a : 36 * h + 16 * a),
            outer = s.outer() == Maml.Outer.ADAM ? 4 * h + 4 * a : 30 * h + 32 * a;
        long graph = times(all, plus(times(rounds, 2 * width), plus(inner, outer)));
        long copies = times(s.tasksPerUpdate(), times(6 * rounds, network));
        parts.add(new Part("episodes of an update and their graph", "tasksPerUpdate", Phase.LEARNING, batches,
            times(FLOAT, plus(graph, copies))));
        if (work.testTasks > 0)
            parts.add(new Part("episodes of the test tasks", "episodes", Phase.EVALUATING,
                episodes(p, times(horizon(p), plus(times(work.testTasks, work.episodes), times(work.sideBySide, work.shots)))),
                times(FLOAT, times(work.sideBySide, times(times(work.shots, horizon(p)), 10 * h)))));
    }

    private static long parameters(long inputs, long hidden, boolean recurrent) {
        return recurrent ? new Gru(whole(inputs), whole(hidden)).parameters() : layers(inputs, hidden, 1);
    }

    private static long layers(long inputs, long hidden, long outputs) {
        return Mlp.of(whole(inputs), whole(hidden), whole(hidden), whole(outputs)).parameters();
    }

    private static int whole(long size) {
        return (int) Math.min(Integer.MAX_VALUE, size);
    }

    private static long times(long a, long b) {
        return Require.times(a, b);
    }

    private static long plus(long a, long b) {
        return a + b < 0 ? Long.MAX_VALUE : a + b;
    }

    /** Bytes on the Java heap at the peak. */
    public long heap() {
        return peak(true);
    }

    /** Bytes beside the Java heap at the peak. */
    public long beside() {
        return peak(false);
    }

    /** All bytes at the peak. */
    public long bytes() {
        return plus(heap(), beside());
    }

    private long peak(boolean heap) {
        long[] sums = new long[Phase.values().length];
        for (Part part : parts) sums[part.phase.ordinal()] = plus(sums[part.phase.ordinal()], heap ? part.heap : part.beside);
        long largest = 0;
        for (int i = 1; i < sums.length; i++) largest = Math.max(largest, sums[i]);
        return plus(sums[0], largest);
    }

    /** What there is: the heap's limit, and the memory of the machine or of its container. */
    record Limits(long heap, long machine, long available) {
        static Limits here() {
            var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            long machine = system.getTotalMemorySize();
            return new Limits(Runtime.getRuntime().maxMemory(), machine, Math.min(machine, available(system)));
        }

        /** What programs can still take without swapping; free memory where the system does not tell. */
        private static long available(OperatingSystemMXBean system) {
            try {
                for (String line : Files.readAllLines(Path.of("/proc/meminfo")))
                    if (line.startsWith("MemAvailable:")) return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
            } catch (IOException | NumberFormatException e) {
                return system.getFreeMemorySize();
            }
            return system.getFreeMemorySize();
        }

        boolean fits(MemoryNeed need, double share) {
            return need.heap() <= share * heap && plus(need.bytes(), BASE) <= share * machine;
        }
    }

    /**
     * Refuses what is more than there is.
     *
     * @throws IllegalArgumentException with the figure, the setting that drives it and a value that fits
     */
    public MemoryNeed require() {
        return require(Limits.here());
    }

    MemoryNeed require(Limits limits) {
        if (!limits.fits(this, 1)) throw new IllegalArgumentException(sentence(limits) + " " + advice(limits));
        return this;
    }

    /** A sentence for each thing that comes near to what there is; empty if there is nothing to say. */
    public List<String> warnings() {
        return warnings(Limits.here());
    }

    List<String> warnings(Limits limits) {
        if (!limits.fits(this, NEAR)) return List.of("Memory may become short: " + sentence(limits) + " " + advice(limits));
        if (plus(bytes(), BASE) > limits.available)
            return List.of("Memory may become short: " + sentence(limits) + " Only " + Require.size(limits.available)
                + " are free now: end other programs, or make "
                + largest().setting + " smaller.");
        return List.of();
    }

    private Part largest() {
        return parts.stream().max(Comparator.comparingLong(Part::bytes)).orElseThrow();
    }

    private String sentence(Limits limits) {
        if (parts.isEmpty()) return algorithm.name() + " does not tell what it takes.";
        Part part = largest();
        boolean heap = heap() > limits.heap;
        return algorithm.name() + " with these settings takes about " + Require.size(bytes()) + " at the peak (" + Require.size(heap())
            + " on the Java heap), "
            + Require.size(part.bytes()) + " of it for: " + part.what + " (" + part.setting + present(part.setting) + "). There are "
            + (heap ? Require.size(limits.heap) + " of Java heap (-Xmx)."
                : Require.size(limits.machine) + " in this machine or container, and Java may take " + Require.size(limits.heap) + ".");
    }

    private String present(String setting) {
        String present = String.format(Locale.ROOT, " %,d", value(algorithm, work, setting));
        return setting.equals("contextLength") ? present + " × batchSize" + present("batchSize") : present;
    }

    /** The largest value of the driving setting that fits, rounded down to two digits. */
    private String advice(Limits limits) {
        String setting = largest().setting, first = advice(limits, setting);
        return first == null && setting.equals("contextLength") ? orNone(advice(limits, "batchSize"), "batchSize") : orNone(first, setting);
    }

    private static String orNone(String advice, String setting) {
        return advice == null ? "Even " + setting + " 1 does not fit: make the other settings smaller, too." : advice;
    }

    private String advice(Limits limits, String setting) {
        int low = 0, high = value(algorithm, work, setting);
        while (high - low > 1) {
            int middle = (int) (((long) low + high) / 2);
            if (limits.fits(with(setting, middle), NEAR)) low = middle;
            else high = middle;
        }
        if (low == 0) return null;
        int digits = (int) Math.pow(10, Math.max(0, (int) Math.log10(low) - 1));
        return String.format(Locale.ROOT, "%s %,d fits.", setting, low / digits * digits);
    }

    private static int value(Algorithm algorithm, Work work, String setting) {
        if (setting.equals("episodes")) return work.episodes;
        if (algorithm instanceof Mql mql) return value(mql.base(), work, setting);
        if (algorithm instanceof Td3 s)
            return switch (setting) {
                case "hidden" -> s.hidden();
                case "replayCapacity" -> s.replayCapacity();
                case "batchSize" -> s.batchSize();
                case "contextLength" -> s.contextLength();
                default -> s.episodesPerRound();
            };
        if (algorithm instanceof Rl2 s) return setting.equals("hidden") ? s.hidden() : s.trialsPerUpdate();
        var s = (Maml) algorithm;
        return setting.equals("hidden") ? s.hidden() : s.tasksPerUpdate();
    }

    private MemoryNeed with(String setting, int value) {
        if (setting.equals("episodes")) return of(algorithm, problem, new Work(work.testTasks, value, work.shots, work.sideBySide));
        return of(with(algorithm, setting, value), problem, work);
    }

    private static Algorithm with(Algorithm algorithm, String setting, int value) {
        if (algorithm instanceof Mql mql) return mql.base(b -> (Td3) with(b, setting, value));
        if (algorithm instanceof Td3 s)
            return switch (setting) {
                case "hidden" -> s.hidden(value);
                case "replayCapacity" -> s.replayCapacity(value);
                case "batchSize" -> s.batchSize(value);
                case "contextLength" -> s.contextLength(value);
                default -> s.episodesPerRound(value);
            };
        if (algorithm instanceof Rl2 s) return setting.equals("hidden") ? s.hidden(value) : s.trialsPerUpdate(value);
        var s = (Maml) algorithm;
        return setting.equals("hidden") ? s.hidden(value) : s.tasksPerUpdate(value);
    }

    /** One row per part: when it is there, what it takes, and which setting drives it. */
    public Table summary() {
        String[] names = {"part", "when", "Java heap", "beside it", "driven by"};
        StringColumn[] columns = new StringColumn[names.length];
        for (int i = 0; i < names.length; i++) columns[i] = StringColumn.create(names[i]);
        for (Part part : parts) {
            String[] row = {part.what, part.phase.name().toLowerCase(Locale.ROOT), Require.size(part.heap), Require.size(part.beside),
                part.setting + present(part.setting)};
            for (int i = 0; i < row.length; i++) columns[i].append(row[i]);
        }
        return Table.create("memory of " + algorithm.name()).addColumns(columns);
    }

    /** What to say where memory ran out all the same: that these settings are the cause, or that they are not. */
    public String whenShort() {
        Limits limits = Limits.here();
        if (limits.fits(this, NEAR / 2)) return algorithm.name() + " with these settings takes only about " + Require.size(bytes())
            + ": something else holds the memory.";
        return sentence(limits) + " Make that setting smaller.";
    }

    @Override
    public String toString() {
        return sentence(Limits.here());
    }
}
