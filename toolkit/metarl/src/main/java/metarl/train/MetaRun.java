package metarl.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import metarl.agent.Adaptation;
import metarl.agent.Algorithm;
import metarl.agent.Algorithms;
import metarl.agent.Learner;
import metarl.agent.Policy;
import metarl.basics.Activity;
import metarl.basics.Figures;
import metarl.basics.Findings;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.data.Trajectory;
import metarl.task.Task;
import metarl.task.TaskSet;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** A finished (or loaded) training: its log, and the learner to act with, to evaluate and to adapt. */
public final class MetaRun implements AutoCloseable, Findings {
    private static final Cleaner CLEANER = Cleaner.create();

    private final MetaTraining training;
    private final Supplier<Learner> loader;
    private Learner loaded;
    private final MetricLog log;
    private final Evaluation lastEvaluation;
    private final long step;
    private final long updates;
    private final double seconds;

    MetaRun(MetaTraining training, Learner learner, MetricLog log, Evaluation lastEvaluation, long step, long updates, double seconds) {
        this(training, () -> learner, log, lastEvaluation, step, updates, seconds);
        loaded = learner;
    }

    private MetaRun(MetaTraining training, Supplier<Learner> loader, MetricLog log, Evaluation lastEvaluation, long step, long updates,
        double seconds) {
        this.training = training;
        this.loader = loader;
        this.log = log;
        this.lastEvaluation = lastEvaluation;
        this.step = step;
        this.updates = updates;
        this.seconds = seconds;
    }

    /**
     * Loads a run from its folder: a whole checkpoint, or networks only as {@link #saveNetworks} wrote them (which can act, be evaluated
     * without adaptation, and be trained on).
     */
    public static MetaRun load(String folder) {
        return load(RunFolder.path(folder, "load"));
    }

    /**
     * The same for a run of a method of one's own, with whose settings it was stored.
     *
     * @param algorithm the record that the method is
     */
    public static MetaRun load(String folder, Class<? extends Algorithm> algorithm) {
        Algorithms.register(algorithm);
        return load(folder);
    }

    /** The same by path. A run that is being trained can be loaded too: as it was when it was last saved. */
    public static MetaRun load(Path path) {
        RunFolder folder = folder(path);
        if (!folder.exists())
            throw new IllegalArgumentException("there is no run in " + path.toAbsolutePath()
                + " (run.json is missing); expected a folder that saveTo or saveNetworks wrote");
        while (true) {
            RunDescription description = folder.read();
            try {
                return load(folder, description);
            } catch (IllegalStateException e) {
                // whoever trains there may have replaced the checkpoint meanwhile
                if (folder.read().checkpoint().equals(description.checkpoint())) throw e;
            }
        }
    }

    /** What a shortened training was told to save lies in a folder of its own. */
    private static RunFolder folder(Path path) {
        Path shortened = MetaTraining.shortened(path);
        var folder = new RunFolder(MetaTraining.isFast() && new RunFolder(shortened).exists() ? shortened : path);
        folder.requireDescription();
        return folder;
    }

    /**
     * What a run has logged, without its networks: they are loaded when they are first asked for. So the curves of a thousand runs can be
     * compared.
     *
     * @param path the folder of a whole run, finished or not
     */
    public static MetaRun logged(Path path) {
        RunFolder folder = folder(path);
        RunDescription description = folder.read();
        try {
            MetaTraining training = description.training(folder.path());
            return new MetaRun(training, () -> load(path).learner(), folder.readLog(description),
                description.lastEvaluation(training.tasks().test()), description.step(), description.updates(), description.seconds());
        } catch (RunDescription.Damaged e) {
            throw folder.damaged(e);
        }
    }

    private static MetaRun load(RunFolder folder, RunDescription description) {
        Learner learner = null;
        try {
            MetaTraining training = description.training(folder.path());
            Evaluation lastEvaluation = description.lastEvaluation(training.tasks().test());
            Learner made = CheckedLearner.of(training.algorithm(), training.problem(), training.seed());
            learner = made;
            boolean whole = folder.isWhole(description);
            folder.readState(description, in -> {
                if (whole) new TrainingState(made).load(in, description.format());
                else if (description.format() < 3) made.state().loadUnnamedNetworks(in);
                else made.state().loadNetworks(in);
            });
            if (whole) folder.readReplay(description, made.state());
            MetricLog log = whole ? folder.readLog(description) : new MetricLog();
            return new MetaRun(training, made, log, lastEvaluation, description.step(), description.updates(), description.seconds());
        } catch (RunDescription.Damaged e) {
            throw folder.damaged(e);
        } catch (RuntimeException | Error e) {
            if (learner != null) learner.close();
            throw e;
        }
    }

    /**
     * Writes the networks (without optimiser and replay) and what they were trained on: small enough to ship.
     *
     * @param folder new, empty, or one that this method has written before
     * @throws IllegalArgumentException if other files are there, or a run that can be trained on
     */
    public void saveNetworks(String folder) {
        saveNetworks(RunFolder.path(folder, "saveNetworks"));
    }

    private void saveNetworks(Path path) {
        var folder = new RunFolder(path);
        try (RunLock lock = RunLock.waitFor(path)) {
            folder.claim();
            if (folder.exists() && folder.isWhole(folder.read()))
                throw new IllegalArgumentException(
                    path + " holds a run that can be trained on; networks alone would replace it. Choose a different folder.");
            lock.lockFile(path);
            folder.save(describe(), step, learner().state()::saveNetworks, null, null);
        }
    }

    private ObjectNode describe() {
        ObjectNode node = RunDescription.begin(RunDescription.knobs(training));
        node.put("networksOnly", true);
        node.put("steps", training.steps());
        node.put("step", step);
        node.put("updates", updates);
        node.put("seconds", seconds);
        if (lastEvaluation != null) node.set("lastEvaluation", RunDescription.of(lastEvaluation));
        return node;
    }

    /** This run, whose networks are freed when nobody can reach it any more, also without {@link #close()}. */
    MetaRun freedWhenUnreachable() {
        CLEANER.register(this, learner()::close);
        return this;
    }

    void copyNetworksTo(Learner other) {
        try {
            var bytes = new ByteArrayOutputStream();
            learner().state().saveNetworks(new DataOutputStream(bytes));
            other.state().loadNetworks(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        } catch (IOException e) {
            throw new IllegalArgumentException("startFrom: the networks of " + name() + " do not fit here: " + e.getMessage()
                + ". Start from a run of the same algorithm, with networks and tasks of the same sizes.", e);
        }
    }

    /** The algorithm's name and the folder, if there is one: for legends. */
    public String name() {
        return training.algorithm().name() + (training.folder() == null ? "" : " (" + training.folder().getFileName() + ")");
    }

    /** What was asked for. */
    public MetaTraining training() {
        return training;
    }

    /** The tasks. */
    public TaskSet tasks() {
        return training.tasks();
    }

    /** The learned policy without noise, before any adaptation. */
    public Policy policy() {
        return learner().policy();
    }

    /** Environment steps collected. */
    public long steps() {
        return step;
    }

    /** Gradient updates done. */
    public long updates() {
        return updates;
    }

    /** Wall-clock seconds, over all sittings. */
    public double seconds() {
        return seconds;
    }

    /** Every logged number: step, task, metric, value. */
    public Table log() {
        return log.table();
    }

    /** Mean over tasks of every metric at every step: step, metric, mean, standard error, tasks. */
    public Table curve() {
        Map<String, List<Double>> groups = new LinkedHashMap<>();
        for (LogRow row : log.rows()) groups.computeIfAbsent(row.step() + "|" + row.metric(), k -> new ArrayList<>()).add(row.value());
        var steps = LongColumn.create("step");
        var metric = StringColumn.create("metric");
        var mean = DoubleColumn.create("mean");
        var error = DoubleColumn.create("standardError");
        var count = IntColumn.create("tasks");
        groups.forEach((key, values) -> {
            int bar = key.indexOf('|');
            steps.append(Long.parseLong(key.substring(0, bar)));
            metric.append(key.substring(bar + 1));
            double m = values.stream().mapToDouble(v -> v).average().orElse(Double.NaN);
            double squares = values.stream().mapToDouble(v -> (v - m) * (v - m)).sum();
            mean.append(m);
            error.append(values.size() < 2 ? Double.NaN : Math.sqrt(squares / (values.size() - 1) / values.size()));
            count.append(values.size());
        });
        return Table.create("curve of " + name(), steps, metric, mean, error, count);
    }

    /**
     * This run, adapting by other settings: {@code run.adaptingBy(Mql.defaults().withoutReplayUpdates())}. It shares the networks and ends
     * with this run.
     *
     * @throws IllegalArgumentException if the settings describe other networks
     */
    public MetaRun adaptingBy(Algorithm other) {
        Algorithm asked = MetaTraining.isFast() ? other.fast() : other;
        return new MetaRun(training.algorithm(asked), learner().adaptingBy(asked), log, null, step, updates, seconds);
    }

    /** Adapts to a task from {@code shots} episodes; the run itself stays as it is. Close the result to free its networks. */
    public Adaptation adapt(Task task, int shots, long seed) {
        Require.count(shots, 0, "shots", "0 (no adaptation) or more episodes");
        try (Activity activity = Activity.of("adapting to " + task.label())) {
            return Evaluation.adapt(learner(), task, shots, RandomStream.of(seed, "adapt"));
        }
    }

    /**
     * The same in several rounds of {@code shots} episodes, each collected with the policy adapted to the rounds before it: for MAML, one
     * inner step per round.
     *
     * @param rounds at least 1
     */
    public Adaptation adapt(Task task, int rounds, int shots, long seed) {
        if (rounds < 1 || shots < 1)
            throw new IllegalArgumentException("given " + rounds + " rounds of " + shots + " episodes, expected at least 1 of each");
        RandomStream random = RandomStream.of(seed, "adapt in rounds");
        var seen = new ArrayList<List<Trajectory>>();
        try (Activity activity = Activity.of("adapting to " + task.label() + " in rounds", rounds)) {
            for (int r = 0; r < rounds; r++) {
                try (Adaptation soFar = r == 0 ? Adaptation.none(learner().policy())
                    : learner().adaptInRounds(seen, random.split("adaptation " + r))) {
                    seen.add(Rollout.of(soFar.policy(), Collections.nCopies(shots, task), random.split("round " + r)));
                }
                activity.advance();
            }
            return learner().adaptInRounds(seen, random.split("adaptation " + rounds));
        }
    }

    /** Return and measure on one task before and after adaptation from {@code shots} episodes (0: none). */
    public Evaluation.OfTask evaluate(Task task, int shots, long seed) {
        return evaluate(List.of(task), shots, seed).tasks().get(0);
    }

    /** The same for several tasks. */
    public Evaluation evaluate(List<Task> tasks, int shots, long seed) {
        Require.count(shots, 0, "shots", "0 (no adaptation) or more episodes");
        return Evaluation.of(learner(), step, tasks, shots == 0 ? 0 : tasks.size(), shots, training.episodes(),
            RandomStream.of(seed, "evaluate"));
    }

    /**
     * Returns on new tasks from round to round: round 0 without any experience of the task, each later one with that of all rounds before
     * it.
     *
     * @param rounds at least 1
     * @param episodesPerRound episodes between two adaptations
     */
    public ShotEvaluation shots(List<Task> tasks, int rounds, int episodesPerRound, long seed) {
        return ShotEvaluation.of(learner(), tasks, rounds, episodesPerRound, seed);
    }

    /** The last evaluation on the test tasks; null if there was none, or it was not stored (by an earlier version of the toolkit). */
    public Evaluation lastEvaluation() {
        return lastEvaluation;
    }

    /** The table says it all. */
    @Override
    public String words() {
        return "";
    }

    /** What was run and what came of it, one quantity per row. */
    @Override
    public Table summary() {
        var rows = new LinkedHashMap<String, String>();
        rows.put("algorithm", training.algorithm().name());
        rows.put("tasks",
            tasks().family().name() + ", " + tasks().train().size() + " train, " + tasks().test().size() + " test, " + tasks().hash());
        rows.put("seed", "" + training.seed());
        rows.put("steps · updates", String.format(Locale.ROOT, "%,d · %,d", step, updates));
        rows.put("minutes", String.format(Locale.ROOT, "%.1f", seconds / 60));
        if (lastEvaluation != null && !lastEvaluation.tasks().isEmpty()) summarize(rows);
        var quantity = StringColumn.create("quantity", new ArrayList<>(rows.keySet()));
        return Table.create("run", quantity, StringColumn.create("value", new ArrayList<>(rows.values())));
    }

    private void summarize(Map<String, String> rows) {
        String measure = tasks().family().measureName();
        rows.put("test return, " + lastEvaluation.tasks().size() + " tasks", number(lastEvaluation.meanBefore()));
        rows.put("test " + measure, number(lastEvaluation.meanMeasureBefore()));
        List<Evaluation.OfTask> adapted = lastEvaluation.tasks().stream().filter(Evaluation.OfTask::adapted).toList();
        if (adapted.isEmpty()) return;
        rows.put("return before → after adaptation, " + adapted.size() + " tasks",
            number(adapted.stream().mapToDouble(Evaluation.OfTask::before).average().orElse(0))
                + " → " + number(adapted.stream().mapToDouble(Evaluation.OfTask::after).average().orElse(0)));
        rows.put(measure + " before → after", number(adapted.stream().mapToDouble(Evaluation.OfTask::measureBefore).average().orElse(0))
            + " → " + number(adapted.stream().mapToDouble(Evaluation.OfTask::measureAfter).average().orElse(0)));
    }

    private static String number(double value) {
        return Figures.number(value, 4);
    }

    private synchronized Learner learner() {
        if (loaded == null) loaded = loader.get();
        return loaded;
    }

    /** Frees the networks; the log stays readable. */
    @Override
    public synchronized void close() {
        if (loaded != null) loaded.close();
    }
}
