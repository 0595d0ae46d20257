package metarl.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import metarl.agent.Algorithm;
import metarl.agent.Learner;
import metarl.agent.Problem;
import metarl.data.Trajectory;
import metarl.env.Environment;
import metarl.env.RandomStream;
import metarl.env.Space;
import metarl.task.Task;

/** One run from start or checkpoint to its end: collect, learn, evaluate, log, save. */
final class TrainingLoop {
    // an interrupted cell returns at once while its thread still writes the checkpoint: the next run of the folder waits for it
    private static final Map<Path, ReentrantLock> IN_USE = new ConcurrentHashMap<>();
    private static final int ROWS_PER_ROUND = 20;

    private final MetaTraining training;
    private final RunFolder folder;
    private final Learner learner;
    private final Map<String, Double> latest = new TreeMap<>();
    private final Map<String, double[]> roundSums = new TreeMap<>();
    private final List<TrainingListener> listeners;
    private final Set<TrainingListener> failed = Collections.newSetFromMap(new IdentityHashMap<>());
    private RandomStream collection;
    private MetricLog log = new MetricLog();
    private Evaluation lastEvaluation;
    private int savedRows;
    private long step;
    private long updates;
    private long nextEvaluation;
    private double earlierSeconds;
    private final long startNanos = System.nanoTime();

    TrainingLoop(MetaTraining training) {
        this.training = training;
        listeners = RunActivity.listeners(training);
        folder = training.folder() == null ? null : new RunFolder(training.folder());
        learner = training.algorithm().learner(problem(training.tasks().train(), training.algorithm()), training.seed());
        collection = RandomStream.of(training.seed(), "collection");
        nextEvaluation = training.evaluateEvery();
    }

    /** What a learner of this algorithm must know of these tasks; refuses tasks it cannot act in. */
    static Problem problem(List<Task> train, Algorithm algorithm) {
        try (Environment e = train.get(0).environment()) {
            boolean discrete = e.actions() instanceof Space.Discrete;
            int actions = e.actions() instanceof Space.Discrete d ? d.count() : e.actions().size();
            if (discrete && !algorithm.choosesDiscretely())
                throw new IllegalArgumentException(algorithm.name() + " steers with real numbers, but the actions of " + train.get(0).family().name() + " are "
                    + e.actions() + ". Take a point or a body, RL², or a classical agent (metarl.agent.classical) for these tasks.");
            return new Problem(train.size(), e.observations().size(), actions, e.outcomeNames().size(), discrete, e.horizon());
        }
    }

    MetaRun run() {
        if (folder == null) return runLocked();
        ReentrantLock lock = IN_USE.computeIfAbsent(training.folder().toAbsolutePath().normalize(), p -> new ReentrantLock());
        lock.lock();
        try {
            return runLocked();
        } finally {
            lock.unlock();
        }
    }

    private MetaRun runLocked() {
        try {
            begin();
            tell(l -> l.started(training, log));
            while (step < training.steps() || learner.isDue() || evaluationIsDue()) advance();
            boolean evaluatedAtEnd = lastEvaluation != null && lastEvaluation.step() == step;
            if (!evaluatedAtEnd && !training.tasks().test().isEmpty()) evaluate();
            save();
        } catch (RuntimeException | Error e) {
            tell(l -> l.stopped(e));
            learner.close();
            throw e;
        }
        var run = new MetaRun(training, learner, log, lastEvaluation, step, updates, seconds());
        tell(l -> l.finished(run));
        return run;
    }

    /** One collection, one update or one evaluation; between two of them the run can be saved and stopped. */
    private void advance() {
        if (Thread.interrupted()) stop();
        try {
            if (learner.isDue()) update();
            else if (evaluationIsDue()) {
                evaluate();
                save();
            } else collect();
        } catch (CancellationException e) {
            Thread.interrupted();
            stop();
        }
    }

    private boolean evaluationIsDue() {
        return step >= nextEvaluation;
    }

    private void collect() {
        finishRound();
        progress("collecting");
        int[] indices = learner.nextTasks();
        List<Task> tasks = Arrays.stream(indices).mapToObj(training.tasks().train()::get).toList();
        List<List<Trajectory>> trials = Rollout.trials(learner.explorer(), tasks, learner.episodesPerTrial(), RandomStream.resume(collection.nextLong()), 0, learner.episodeLimit());
        List<Trajectory> trajectories = trials.stream().flatMap(List::stream).toList();
        for (Trajectory t : trajectories) step += t.length();
        logReturns(trials);
        learner.store(indices, trajectories);
    }

    /** One row per trial, or their mean where there are so many that no one would read them. */
    private void logReturns(List<List<Trajectory>> trials) {
        double[] returns = trials.stream().mapToDouble(Evaluation::sum).toArray();
        if (returns.length > ROWS_PER_ROUND) log("", "trainReturn", Arrays.stream(returns).average().orElse(Double.NaN));
        else for (int i = 0; i < returns.length; i++) log(trials.get(i).get(0).task().label(), "trainReturn", returns[i]);
    }

    private void update() {
        updates++;
        learner.update().forEach((metric, value) -> {
            double[] sum = roundSums.computeIfAbsent(metric, m -> new double[2]);
            sum[0] += value;
            sum[1]++;
        });
        progress("learning");
    }

    private void finishRound() {
        roundSums.forEach((metric, sum) -> log("", metric, sum[0] / sum[1]));
        roundSums.clear();
    }

    private void evaluate() {
        finishRound();
        progress("evaluating");
        lastEvaluation = Evaluation.of(learner, step, training.tasks().test(), training.adaptTasks(), training.shots(), training.episodes(),
            RandomStream.of(training.seed(), "evaluation"));
        for (Evaluation.OfTask r : lastEvaluation.tasks()) {
            String task = r.task().label();
            log(task, "testReturn", r.before());
            log(task, "testMeasure", r.measureBefore());
            if (!r.adapted()) continue;
            log(task, "unadaptedReturn", r.before());
            log(task, "adaptedReturn", r.after());
            log(task, "unadaptedMeasure", r.measureBefore());
            log(task, "adaptedMeasure", r.measureAfter());
            if (r.ess() != null) {
                log(task, "ess", r.ess().fraction());
                log(task, "lambda", r.proximalCoefficient());
            }
        }
        latest.put("testReturn", lastEvaluation.meanBefore());
        latest.put("testMeasure", lastEvaluation.meanMeasureBefore());
        while (nextEvaluation <= step) nextEvaluation += training.evaluateEvery();
        tell(l -> l.evaluated(lastEvaluation));
    }

    private void stop() {
        save();
        progress("stopping");
        throw new TrainingInterruptedException("Interrupted after " + step + " of " + training.steps() + " steps. "
            + (folder == null ? "Nothing was kept: add saveTo(\"runs/…\") to be able to resume."
                : "Log and checkpoint are in " + training.folder() + "; run the cell again to resume."));
    }

    private void log(String task, String metric, double value) {
        var row = new LogRow(step, task, metric, value);
        log.add(row);
        latest.put(metric, value);
        tell(l -> l.logged(row));
    }

    private void progress(String doing) {
        var progress = new Progress(step, training.steps(), doing, latest);
        tell(l -> l.progressed(progress));
    }

    /** A listener that fails is told of, once, and not asked again: a plot must not cost a run. */
    private void tell(Consumer<TrainingListener> message) {
        for (TrainingListener listener : listeners) {
            if (failed.contains(listener)) continue;
            try {
                message.accept(listener);
            } catch (RuntimeException e) {
                failed.add(listener);
                System.err.println("The listener " + listener.getClass().getName() + " failed and is left out from here on; training goes on. " + e);
            }
        }
    }

    private double seconds() {
        return earlierSeconds + (System.nanoTime() - startNanos) / 1e9;
    }

    private void begin() {
        if (folder != null && folder.exists()) resume();
        else if (training.start() != null) {
            training.start().copyNetworksTo(learner);
            learner.skipRandomSteps();
        }
    }

    private void resume() {
        folder.requireSame(RunFolder.knobs(training));
        JsonNode run = folder.read();
        savedRows = run.path("logRows").asInt();
        try {
            log = MetricLog.read(folder.log(), savedRows);
            // rows logged after the checkpoint are computed again
            Files.writeString(folder.log(), log.csv());
        } catch (IOException e) {
            throw new UncheckedIOException("the log of " + training.folder() + " cannot be read: " + e.getMessage(), e);
        }
        earlierSeconds = run.path("seconds").asDouble();
        folder.readState(this::loadState);
        folder.readReplay(learner::loadReplay);
        for (LogRow row : log.rows()) latest.put(row.metric(), row.value());
    }

    private void save() {
        if (folder == null) return;
        try {
            Files.createDirectories(training.folder());
            log.append(folder.log(), savedRows);
            savedRows = log.size();
        } catch (IOException e) {
            throw new UncheckedIOException("the log could not be written to " + training.folder() + ": " + e.getMessage(), e);
        }
        folder.save(describe(), step, this::saveState, learner::saveReplay);
    }

    private ObjectNode describe() {
        ObjectNode node = RunFolder.description();
        node.put("format", 1);
        node.set("knobs", RunFolder.knobs(training));
        node.put("step", step);
        node.put("updates", updates);
        node.put("logRows", savedRows);
        node.put("seconds", seconds());
        return node;
    }

    private void saveState(DataOutputStream out) throws IOException {
        learner.saveState(out);
        out.writeLong(step);
        out.writeLong(updates);
        out.writeLong(nextEvaluation);
        out.writeLong(collection.state());
        out.writeLong(lastEvaluation == null ? -1 : lastEvaluation.step());
        out.writeInt(roundSums.size());
        for (var sum : roundSums.entrySet()) {
            out.writeUTF(sum.getKey());
            out.writeDouble(sum.getValue()[0]);
            out.writeDouble(sum.getValue()[1]);
        }
    }

    private void loadState(DataInputStream in) throws IOException {
        learner.loadState(in);
        step = in.readLong();
        updates = in.readLong();
        nextEvaluation = in.readLong();
        collection = RandomStream.resume(in.readLong());
        long evaluatedAt = in.readLong();
        if (evaluatedAt >= 0) lastEvaluation = new Evaluation(evaluatedAt, List.of());
        int sums = in.readInt();
        for (int i = 0; i < sums; i++) roundSums.put(in.readUTF(), new double[] {in.readDouble(), in.readDouble()});
    }
}
