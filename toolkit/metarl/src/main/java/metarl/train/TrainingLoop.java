package metarl.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import metarl.agent.DivergedException;
import metarl.agent.Plan;
import metarl.agent.Problem;
import metarl.agent.Trial;
import metarl.basics.RandomStream;

/** One run from start or checkpoint to its end: collect, learn, evaluate, log, save. */
final class TrainingLoop {
    private static final int ROWS_PER_ROUND = 20;

    private final MetaTraining training;
    private final RunFolder folder;
    private final Pace pace;
    private final TrainingState state;
    private final ObjectNode knobs;
    private final Map<String, Double> latest = new TreeMap<>();
    private final List<TrainingListener> listeners;
    private final Set<TrainingListener> failed = Collections.newSetFromMap(new IdentityHashMap<>());
    private MetricLog log = new MetricLog();
    private Evaluation lastEvaluation;
    private long lastFinite;
    private Map<String, Double> lastLosses = Map.of();
    private double earlierSeconds;
    /** False while the learner or the log takes something in: what is broken off then cannot be saved. */
    private boolean whole = true;
    private boolean changed;
    /** Whether the learner has nothing more to do. */
    private boolean ended;
    /** Whether it was told that saving fails, since it last succeeded. */
    private boolean warned;
    private long savedStep = -1;
    private double savedSeconds;

    private TrainingLoop(MetaTraining training, Problem problem, RunFolder folder, Pace pace) {
        this.training = training;
        listeners = RunActivity.listeners(training);
        this.folder = folder;
        this.pace = pace;
        knobs = folder == null ? null : RunDescription.knobs(training);
        state = new TrainingState(CheckedLearner.of(training.algorithm(), problem, training.seed()));
        state.collection = RandomStream.of(training.seed(), "collection");
        state.nextEvaluation = training.evaluateEvery();
    }

    static MetaRun run(MetaTraining training, Problem problem) {
        return run(training, problem, new Disk(), new Pace());
    }

    /** With another disk and pace, for tests. */
    static MetaRun run(MetaTraining training, Problem problem, Disk disk, Pace pace) {
        if (training.folder() == null) return new TrainingLoop(training, problem, null, pace).run();
        var folder = new RunFolder(training.folder(), disk);
        try (RunLock lock = RunLock.waitFor(training.folder())) {
            // before anything is read that another process may be writing
            if (RunLock.isIn(training.folder())) lock.lockFile(training.folder());
            folder.claim();
            lock.lockFile(training.folder());
            try (var end = new EndOfProcess()) {
                return new TrainingLoop(training, problem, folder, pace).run();
            }
        }
    }

    private MetaRun run() {
        try {
            begin();
        } catch (RuntimeException | Error e) {
            state.learner.close();
            throw e;
        }
        tell(l -> l.started(training, log));
        try {
            while (advance()) continue;
            if (changed && folder != null) save();
        } catch (RuntimeException | Error e) {
            TrainingStoppedException stopped = stopped(e);
            tell(l -> l.stopped(stopped));
            throw stopped;
        }
        MetaRun run = soFar();
        tell(l -> l.finished(run));
        return run;
    }

    /** One collection, one update or one evaluation, if there is any left to do; between two of them the run can be saved and stopped. */
    private boolean advance() {
        boolean learn = state.learner.isDue() || state.asked > 0,
            evaluate = !learn && (state.step >= state.nextEvaluation || isOver() && !isEvaluated());
        if (!learn && !evaluate && isOver()) return false;
        if (Thread.interrupted()) throw new CancellationException();
        if (learn) update();
        else if (evaluate) evaluate();
        else collect();
        changed = true;
        if (folder != null && pace.isDue(evaluate)) saveIfPossible();
        return true;
    }

    private boolean isOver() {
        return state.step >= training.steps() || ended;
    }

    private boolean isEvaluated() {
        return state.evaluatedAt == state.step || training.tasks().test().isEmpty();
    }

    private void collect() {
        finishRound();
        progress("collecting");
        Plan plan = state.learner.plan();
        ended = plan.isOver();
        if (plan.seats().isEmpty()) {
            state.asked = (int) Math.min(plan.updates(), training.steps() - state.step);
            return;
        }
        if (state.begun.isEmpty()) state.begun = OptionalLong.of(state.collection.nextLong());
        List<Trial> trials = Rollout.of(plan, training.tasks().train(),
            RandomStream.resume(state.begun.getAsLong()));
        whole = false;
        for (Trial trial : trials) state.step += trial.length();
        logReturns(trials);
        state.learner.store(trials);
        state.begun = OptionalLong.empty();
        whole = true;
    }

    /** One row per trial, and what the learner says of it, or their mean where there are so many that no one would read them. */
    private void logReturns(List<Trial> trials) {
        if (trials.size() > ROWS_PER_ROUND) {
            log("", "trainReturn", trials.stream().mapToDouble(Trial::totalReward).average().orElse(Double.NaN));
            return;
        }
        for (Trial trial : trials) {
            String task = training.tasks().train().get(trial.task()).label();
            log(task, "trainReturn", trial.totalReward());
            state.learner.numbers(trial).forEach((metric, value) -> log(task, metric, value));
        }
    }

    private void update() {
        whole = false;
        state.updates++;
        lastLosses = state.learner.update();
        if (state.asked > 0) {
            state.asked--;
            state.step++;
        }
        lastFinite = state.updates;
        lastLosses.forEach((metric, value) -> {
            double[] sum = state.roundSums.computeIfAbsent(metric, m -> new double[2]);
            sum[0] += value;
            sum[1]++;
        });
        whole = true;
        progress("learning");
    }

    private void finishRound() {
        whole = false;
        state.roundSums.forEach((metric, sum) -> log("", metric, sum[0] / sum[1]));
        state.roundSums.clear();
        whole = true;
    }

    private void evaluate() {
        finishRound();
        progress("evaluating");
        Evaluation evaluation = evaluated();
        whole = false;
        lastEvaluation = evaluation;
        for (Evaluation.OfTask r : evaluation.tasks()) {
            String task = r.task().label();
            log(task, "testReturn", r.before());
            log(task, "testMeasure", r.measureBefore());
            if (!r.adapted()) continue;
            log(task, "unadaptedReturn", r.before());
            log(task, "adaptedReturn", r.after());
            log(task, "unadaptedMeasure", r.measureBefore());
            log(task, "adaptedMeasure", r.measureAfter());
            r.evidence().numbers().forEach((name, value) -> log(task, name, value));
        }
        latest.put("testReturn", evaluation.meanBefore());
        latest.put("testMeasure", evaluation.meanMeasureBefore());
        state.evaluatedAt = state.step;
        while (state.nextEvaluation <= state.step) state.nextEvaluation += training.evaluateEvery();
        whole = true;
        tell(l -> l.evaluated(evaluation));
    }

    /** An evaluation changes nothing, so that one that fails or is broken off can be made again. */
    private Evaluation evaluated() {
        return Evaluation.of(state.learner, state.step, training.tasks().test(), training.adaptTasks(), training.shots(),
            training.episodes(),
            RandomStream.of(training.seed(), "evaluation"));
    }

    /** Saves what can be saved, and says what that is and how to go on. */
    private TrainingStoppedException stopped(Throwable cause) {
        boolean interrupted = cause instanceof CancellationException;
        // networks that are no numbers must not replace the last checkpoint
        if (cause instanceof DivergedException) whole = false;
        // with the interruption heard, closing and showing go undisturbed
        if (interrupted) Thread.interrupted();
        String why = (interrupted ? "Interrupted" : "Ended by an error") + " after " + state.step + " of " + training.steps() + " steps"
            + (interrupted ? ". " : ": " + sentence(cause) + " ");
        String kept = folder != null ? keep(cause) : "Nothing was kept on disk: add saveTo(\"runs/…\") to be able to resume.";
        boolean handOver = whole && (folder == null || changed);
        MetaRun run = handOver ? soFar().freedWhenUnreachable() : null;
        if (!handOver) state.learner.close();
        var rest = new TrainingStoppedException.Kept(savedStep < 0 ? null : training.folder(), savedStep, run);
        return interrupted ? new TrainingInterruptedException(why + kept, cause, rest)
            : new TrainingStoppedException(why + kept, cause, rest);
    }

    private String sentence(Throwable cause) {
        if (cause instanceof DivergedException e) return e.during(training.algorithm().name(), state.step, lastFinite, lastLosses);
        if (cause instanceof OutOfMemoryError)
            return "Java ran out of memory (" + cause.getMessage() + "). " + training.memory().whenShort()
                + " Close earlier runs (run.close()) and forget large variables.";
        boolean speaks = !(cause instanceof Error) && cause.getMessage() != null && !cause.getMessage().isBlank();
        String text = speaks ? cause.getMessage().strip() : cause.toString();
        return text.endsWith(".") || text.endsWith("!") || text.endsWith("?") ? text : text + ".";
    }

    private String keep(Throwable cause) {
        String again = "run the cell again to resume.";
        if (whole) {
            try {
                if (changed) save();
                return "Log and checkpoint are in " + training.folder() + "; " + again;
            } catch (RuntimeException | Error e) {
                boolean known = e.getMessage() != null && e.getMessage().equals(cause.getMessage());
                if (!known) cause.addSuppressed(e);
                if (savedStep >= 0 && !known)
                    return "This state could not be saved (" + e.getMessage() + "). The checkpoint of step " + savedStep
                        + " is in " + training.folder() + "; " + again;
            }
        }
        if (savedStep < 0) return "Nothing could be saved to " + training.folder() + ".";
        return "The last checkpoint, of step " + savedStep + ", is in " + training.folder() + "; " + again;
    }

    private MetaRun soFar() {
        double spent = folder == null || changed ? seconds() : savedSeconds;
        return new MetaRun(training, state.learner, log, lastEvaluation, state.step, state.updates, spent);
    }

    private void log(String task, String metric, double value) {
        var row = new LogRow(state.step, task, metric, value);
        log.add(row);
        latest.put(metric, value);
        tell(l -> l.logged(row));
    }

    private void progress(String doing) {
        var progress = new Progress(state.step, training.steps(), doing, latest);
        tell(l -> l.progressed(progress));
    }

    /** A listener that fails in any way is told of, once, and not asked again: a plot must not cost a run. */
    private void tell(Consumer<TrainingListener> message) {
        for (TrainingListener listener : listeners) {
            if (failed.contains(listener)) continue;
            try {
                message.accept(listener);
            } catch (Throwable e) {
                failed.add(listener);
                System.err.println(
                    "The listener " + listener.getClass().getName() + " failed and is left out from here on; training goes on. " + e);
            }
        }
    }

    private double seconds() {
        return earlierSeconds + pace.seconds();
    }

    private void begin() {
        if (folder != null && folder.exists()) {
            resume();
            return;
        }
        if (training.start() != null) {
            training.start().copyNetworksTo(state.learner);
        }
        // what cannot be saved, or does not come back, is better known before than after hours of training
        if (folder != null) {
            save();
            readBack();
        }
    }

    private void readBack() {
        Map<String, String> saved = state.learner.state().checksums();
        RunDescription stored = folder.read();
        folder.readState(stored, in -> state.load(in, stored.format()));
        folder.readReplay(stored, state.learner.state());
        Map<String, String> read = state.learner.state().checksums();
        List<String> other = saved.keySet().stream().filter(part -> !saved.get(part).equals(read.get(part))).toList();
        if (!other.isEmpty())
            throw new IllegalStateException(
                "of the state of " + training.algorithm().name() + ", these parts do not come back as they were "
                    + "saved: " + String.join(", ", other) + ". What a part's writer writes, its reader must read and set.");
    }

    private void resume() {
        RunDescription stored = folder.read();
        List<String> differences = stored.differences(knobs);
        if (!differences.isEmpty())
            throw new IllegalStateException(training.folder() + " holds a run with other settings: " + String.join("; ", differences)
                + ". Use a different folder, delete this one, or restore the old values to resume.");
        if (!folder.isWhole(stored))
            throw new IllegalStateException(training.folder()
                + " holds only networks, which are not enough to resume. Use a different folder, with startFrom(MetaRun.load(\""
                + training.folder() + "\")) to begin with these networks.");
        log = folder.readLog(stored);
        earlierSeconds = stored.seconds();
        folder.readState(stored, in -> state.load(in, stored.format()));
        folder.readReplay(stored, state.learner.state());
        if (state.step != stored.step())
            throw new IllegalStateException("the state in " + training.folder() + " is of step " + state.step
                + ", its description of step " + stored.step()
                + ". If the checkpoint is damaged, delete the folder and train again.");
        try {
            lastEvaluation = stored.lastEvaluation(training.tasks().test());
        } catch (RunDescription.Damaged e) {
            throw folder.damaged(e);
        }
        // format 1 did not store it; it comes out the same
        if (lastEvaluation == null && state.evaluatedAt == state.step) lastEvaluation = evaluated();
        folder.tidy(log.csv());
        savedStep = state.step;
        savedSeconds = earlierSeconds;
        for (LogRow row : log.rows()) latest.put(row.metric(), row.value());
    }

    /** A run does not end because a save on the way fails: the next one may succeed, and the last one must. */
    private void saveIfPossible() {
        try {
            save();
        } catch (RuntimeException e) {
            String last = savedStep < 0 ? "" : " The last checkpoint is of step " + savedStep + ".";
            if (!warned) System.err.println("Training goes on, but " + e.getMessage() + last);
            warned = true;
        }
    }

    private void save() {
        double from = pace.seconds();
        try {
            double spent = seconds();
            folder.save(describe(spent), state.step, state::save, state.learner.state()::saveReplay, log.csv());
            savedStep = state.step;
            savedSeconds = spent;
            changed = false;
            warned = false;
        } finally {
            pace.saved(from);
        }
    }

    private ObjectNode describe(double spent) {
        ObjectNode node = RunDescription.begin(knobs);
        node.put("steps", training.steps());
        node.put("step", state.step);
        node.put("updates", state.updates);
        node.put("logRows", log.size());
        node.put("seconds", spent);
        if (lastEvaluation != null) node.set("lastEvaluation", RunDescription.of(lastEvaluation));
        return node;
    }
}
