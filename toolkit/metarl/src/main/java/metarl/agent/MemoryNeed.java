package metarl.agent;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import metarl.basics.Findings;
import metarl.basics.Require;
import metarl.nn.Gru;
import metarl.nn.Mlp;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * What settings take of memory at the peak, told before anything is taken: Java arrays on the heap, and arrays of the networks' library
 * beside it.
 *
 * <p>The parts that last are added up, and of the phases (collecting, learning, adapting) the largest counts, separately for both kinds of
 * memory. Counts of numbers per transition follow from the operations of each method; measured peaks lie within a factor of 2 of the sum
 * ({@code bench/needs.jsh}). Lengths of episodes are taken to be the horizon, so that this is a bound where episodes end early; a horizon
 * beyond 10,000,000 steps is taken for none and counts as 1,000.
 *
 * @param algorithm whose need it is
 * @param problem the sizes
 * @param work what is done beside learning
 * @param parts what takes memory, and which setting drives it
 */
public record MemoryNeed(Algorithm algorithm, Problem problem, Work work, List<Part> parts) implements Findings {
    /** Java, its code and the networks' library take about so much before any setting counts. */
    private static final long BASE = 400_000_000L;
    private static final int NO_HORIZON = 10_000_000, USUAL_HORIZON = 1_000;
    /** From this share of what there is on, a training is warned of. */
    private static final double NEAR = 0.75;
    /** Bytes of a number in single and in double precision. */
    public static final int FLOAT = 4, DOUBLE = 8;
    /** Objects of one step of an episode: the step, three array headers, four places in lists, up to two places of a log density. */
    private static final int STEP = 166;
    /** The same of a picture that is kept once. */
    private static final int PICTURE = 120, MOST_PICTURES = 1_000;

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

    /** An estimate without parts, which refuses nothing. */
    public static MemoryNeed unknown(Algorithm algorithm, Problem problem, Work work) {
        return new MemoryNeed(algorithm, problem, work, List.of());
    }

    /** Steps of an episode, as they are counted here. */
    public static long horizon(Problem problem) {
        return problem.horizon() > NO_HORIZON ? USUAL_HORIZON : problem.horizon();
    }

    private static int actionEntries(Problem problem) {
        return problem.discrete() ? 1 : problem.actionSize();
    }

    /**
     * Bytes of episodes on the heap: each step keeps its vectors in double precision, a picture a byte per entry and only where it is new.
     */
    public static long episodes(Problem problem, long steps) {
        long others = STEP + DOUBLE * ((long) actionEntries(problem) + problem.outcomeSize());
        if (problem.picture() == null) return times(steps, others + DOUBLE * (long) problem.observationSize());
        return plus(times(steps, others), times(pictures(problem, steps), PICTURE + (long) problem.observationSize()));
    }

    /** Different pictures in so many steps: no more than 1 000 per episode are counted, as many as a world of cells has. */
    public static long pictures(Problem problem, long steps) {
        return (long) Math.ceil(steps * Math.min(1, (double) MOST_PICTURES / horizon(problem)));
    }

    private static long times(long a, long b) {
        return Require.times(a, b);
    }

    /** Numbers in a recurrent unit. */
    public static long recurrent(long inputs, long hidden) {
        return new Gru(whole(inputs), whole(hidden)).parameters();
    }

    /** Numbers in a network with two hidden layers. */
    public static long layers(long inputs, long hidden, long outputs) {
        return Mlp.of(whole(inputs), whole(hidden), whole(hidden), whole(outputs)).parameters();
    }

    /** Numbers in a network with this number of hidden layers of one width. */
    public static long layers(long inputs, long hidden, long layers, long outputs) {
        return plus(times(inputs + 1 + outputs, hidden), plus(outputs, times(layers - 1, times(hidden + 1, hidden))));
    }

    private static int whole(long size) {
        return (int) Math.min(Integer.MAX_VALUE, size);
    }

    /** a + b; the largest number where that is more. */
    public static long plus(long a, long b) {
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

    /** How many such trainings this process and this machine hold at the same time, at least 1. */
    public int sideBySide() {
        return sideBySide(Limits.here());
    }

    int sideBySide(Limits limits) {
        long ofHeap = limits.heap / Math.max(1, heap()), ofMachine = Math.max(0, limits.machine - BASE) / Math.max(1, bytes());
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, Math.min(ofHeap, ofMachine)));
    }

    /** A sentence for each thing that comes near to what there is; empty if there is nothing to say. */
    public List<String> warnings() {
        return warnings(Limits.here());
    }

    List<String> warnings(Limits limits) {
        if (parts.isEmpty()) return List.of();
        if (!limits.fits(this, NEAR)) return List.of("Memory may run short: " + sentence(limits) + " " + advice(limits));
        if (plus(bytes(), BASE) > limits.available)
            return List.of("Memory may run short: " + sentence(limits) + " Only " + Require.size(limits.available)
                + " are free now: end other programs, or make "
                + largest().setting + " smaller.");
        return List.of();
    }

    private Part largest() {
        return parts.stream().max(Comparator.comparingLong(Part::bytes)).orElseThrow();
    }

    private String sentence(Limits limits) {
        if (parts.isEmpty()) return algorithm.name() + " does not say how much memory it needs.";
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
        return setting.equals("episodes") ? work.episodes : SettingsOf.value(algorithm, setting);
    }

    private MemoryNeed with(String setting, int value) {
        if (setting.equals("episodes")) return algorithm.memory(problem, new Work(work.testTasks, value, work.shots, work.sideBySide));
        return SettingsOf.with(algorithm, setting, value).memory(problem, work);
    }

    /** One row per part: when it is there, what it takes, and which setting drives it. */
    @Override
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
