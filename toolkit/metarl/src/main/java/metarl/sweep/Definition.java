package metarl.sweep;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import metarl.agent.Algorithm;
import metarl.basics.Require;
import metarl.task.TaskSet;
import metarl.train.MetaTraining;

/**
 * What a sweep is of.
 *
 * @param tasks task sets by name
 * @param algorithms methods by name
 * @param seeds one run each
 * @param training what all runs share
 * @param threads of this process, where no workers are given
 * @param metric whose last value is shown
 * @param folder where all runs are kept, or null
 * @param listeners told how the runs stand
 */
record Definition(List<Named<TaskSet>> tasks, List<Named<Algorithm>> algorithms, List<Long> seeds, MetaTraining training, int threads,
    String metric, Path folder, List<SweepListener> listeners) {
    private static final int MOST_RUNS = 100_000, LONGEST_NAME = 100;

    /** Something and what it is called in tables and folders. */
    record Named<T>(String name, T value) {
        Named {
            Require.that(name != null && !name.isBlank(), "a name", name, "one that tables can show, such as \"MQL, no context\"");
        }

        /** The name as that of a folder on any system. */
        String folder() {
            String plain = name.strip().replaceAll("[^\\p{L}\\p{N}._+=-]+", "-").replaceAll("^[.-]+|[.-]+$", "");
            return plain.length() > LONGEST_NAME ? plain.substring(0, LONGEST_NAME) : plain;
        }
    }

    Definition {
        tasks = List.copyOf(tasks);
        algorithms = List.copyOf(algorithms);
        seeds = List.copyOf(seeds);
        listeners = List.copyOf(listeners);
        requireDifferent("task sets", "tasks", tasks);
        requireDifferent("algorithms", "algorithm", algorithms);
        if (seeds.stream().distinct().count() < seeds.size())
            throw new IllegalArgumentException("seeds" + seeds + ": one is there twice, which would count a run twice");
        Require.count(threads, 1, "threads", "at least 1, usually one per core");
        Require.that(metric != null && !metric.isBlank(), "metric", metric, "the name of a logged number, such as testReturn");
        long runs = Require.times(tasks.size(), Require.times(algorithms.size(), seeds.size()));
        Require.that(runs <= MOST_RUNS, "the number of runs", runs, "at most " + MOST_RUNS + " in one sweep");
    }

    private static <T> void requireDifferent(String what, String verb, List<Named<T>> all) {
        Map<String, String> known = new HashMap<>();
        for (Named<T> one : all) {
            String folder = one.folder().toLowerCase(Locale.ROOT);
            if (folder.isEmpty())
                throw new IllegalArgumentException(
                    "'" + one.name + "' has neither a letter nor a digit, so that no folder can be called so");
            String other = known.put(folder, one.name);
            if (other == null) continue;
            throw new IllegalArgumentException((other.equals(one.name) ? "two " + what + " are called '" + other + "'"
                : "the " + what + " '" + other + "' and '" + one.name + "' would share a folder") + ". Give each a name of its own: ."
                + verb + "(\"" + one.name + ", second\", …)");
        }
    }

    static long[] firstSeeds(int count) {
        Require.count(count, 1, "seeds", "how many there are, at least 1");
        return LongStream.rangeClosed(1, count).toArray();
    }

    static <T> List<Named<T>> and(List<Named<T>> before, Stream<Named<T>> more) {
        return Stream.concat(before.stream(), more).toList();
    }

    /** Refuses what cannot be run yet. */
    private void requireWhole() {
        if (algorithms.isEmpty())
            throw new IllegalArgumentException("the sweep has no algorithms; expected at least one: say .algorithms(Mql.pointRobot(), …)");
        if (seeds.isEmpty()) throw new IllegalArgumentException("the sweep has no seeds; expected at least one: say .seeds(5)");
        if (folder == null)
            throw new IllegalArgumentException("the sweep has no folder; say where its runs are kept: .saveTo(\"results/first\")");
    }

    /** All runs: the seeds of a method stand together, and of a task set all methods. */
    List<SweepJob> jobs() {
        requireWhole();
        var jobs = new ArrayList<SweepJob>();
        Path whole = folder.toAbsolutePath().normalize();
        // what is done in a shortened run must not count as done in a whole one
        Path root = MetaTraining.isFast() ? whole.resolveSibling(whole.getFileName() + "-fast") : whole;
        for (Named<TaskSet> on : tasks)
            for (Named<Algorithm> by : algorithms)
                for (long seed : seeds) {
                    Path run = root.resolve(on.folder()).resolve(by.folder()).resolve("seed-" + seed);
                    jobs.add(new SweepJob(jobs.size(), on.name, by.name,
                        training.tasks(on.value).algorithm(by.value).seed(seed).saveTo(run)));
                }
        return jobs;
    }

    /** As many threads as were asked for, or as the memory has room for: the largest training is taken to be on all of them. */
    int threadsThatFit() {
        int fit = threads;
        for (Named<TaskSet> on : tasks)
            for (Named<Algorithm> by : algorithms) {
                try {
                    fit = Math.min(fit, training.tasks(on.value).algorithm(by.value).memory().sideBySide());
                } catch (RuntimeException e) {
                    // what cannot be run at all is told as an error of its run
                }
            }
        if (fit < threads) System.out.println("Memory has room for " + fit + " of these runs at a time: the sweep takes " + fit
            + (fit == 1 ? " thread" : " threads") + " instead of " + threads + ".");
        return fit;
    }

    /** One seed of every method on every task set before the next one: what is done first is worth most. */
    static List<SweepJob> inOrder(List<SweepJob> jobs, List<Long> seeds) {
        Map<Long, List<SweepJob>> bySeed = jobs.stream().collect(Collectors.groupingBy(j -> j.training().seed()));
        return seeds.stream().flatMap(seed -> bySeed.getOrDefault(seed, List.of()).stream()).toList();
    }

    /** The listeners, and who shows a sweep if none of them does. */
    List<SweepListener> told(Supplier<SweepListener> display) {
        if (!listeners.isEmpty() || display == null) return listeners;
        return List.of(display.get());
    }
}
