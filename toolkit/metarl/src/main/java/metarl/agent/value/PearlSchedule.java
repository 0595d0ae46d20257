package metarl.agent.value;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import metarl.agent.LearnerState;
import metarl.agent.Plan;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.agent.TaskOrder;
import metarl.agent.Trial;
import metarl.agent.hindsight.HindsightReplay;
import metarl.agent.hindsight.TaskValues;
import metarl.basics.RandomStream;
import metarl.basics.StoredNumbers;
import metarl.data.Batch;
import metarl.data.MetaReplay;
import metarl.data.Trajectory;

/**
 * Whose turn it is in PEARL, and what is kept of it (Rakelly et al. 2019, algorithm 1, lines 2 to 10): first every task by z from the
 * prior, or by held actions; then iterations, each of a prior phase, a posterior phase and updates. A plan has an episode for every task of
 * the phase that is short of its steps.
 */
final class PearlSchedule {
    /** What a phase is for; its place is its number. */
    private enum Phase {
        INITIAL, PRIOR, POSTERIOR
    }

    private final Pearl settings;
    private final MetaReplay replay;
    private final HindsightReplay hindsight;
    private final MetaReplay context;
    private final TaskOrder order;
    private final RandomStream batches;
    private final int seats;
    private Phase phase;
    /** The tasks of the phase, and the steps that each of them is still to be lived through. */
    private int[] tasks;
    private int[] left;
    /** Whether the iteration has collected nothing yet. */
    private boolean fresh;
    private int owed;

    PearlSchedule(Pearl settings, Problem problem, long seed) {
        this.settings = settings;
        replay = new MetaReplay(problem.tasks(), problem.observationSize(), problem.actionSize(), problem.outcomeSize(),
            settings.replayCapacity());
        hindsight = new HindsightReplay(replay, problem, settings.relabeller(), settings.ratios(), settings.discount(),
            settings.shaped() ? Trajectory::shaped : episode -> episode, RandomStream.of(seed, "relabelling"));
        context = new MetaReplay(problem.tasks(), problem.observationSize(), problem.actionSize(), problem.outcomeSize(),
            (int) Math.min(Integer.MAX_VALUE, problem.tasks() * contextCapacity(settings, problem)));
        order = new TaskOrder(problem.tasks(), seed);
        batches = RandomStream.of(seed, "batches");
        seats = settings.tasksPerIteration();
        begin(Phase.INITIAL, IntStream.range(0, problem.tasks()).toArray(), settings.initialSteps());
        if (isOver()) next();
    }

    /** Transitions that the context of a task holds at most: those of a collection, whose last episode may be longer than was asked for. */
    static long contextCapacity(Pearl settings, Problem problem) {
        long times = (settings.tasksPerIteration() + problem.tasks() - 1L) / problem.tasks(),
            one = settings.priorSteps() + (settings.posteriorInContext() ? settings.posteriorSteps() : 0L);
        return Math.max(settings.initialSteps(), times * one) + 2L * Math.min(problem.horizon(), 10_000);
    }

    private void begin(Phase phase, int[] tasks, int steps) {
        this.phase = phase;
        this.tasks = tasks;
        left = new int[tasks.length];
        Arrays.fill(left, steps);
    }

    private boolean isOver() {
        return Arrays.stream(left).allMatch(steps -> steps <= 0);
    }

    /** To the next phase that has anything to do. */
    private void next() {
        if (phase == Phase.PRIOR && settings.posteriorSteps() > 0) {
            begin(Phase.POSTERIOR, tasks, settings.posteriorSteps());
            return;
        }
        if (phase != Phase.INITIAL) owed += settings.updatesPerIteration();
        begin(Phase.PRIOR, order.next(seats), settings.priorSteps());
        fresh = true;
    }

    /** The places in {@link #tasks} whose turn it is. */
    private int[] turn() {
        return IntStream.range(0, tasks.length).filter(i -> left[i] > 0).limit(seats).toArray();
    }

    MetaReplay context() {
        return context;
    }

    HindsightReplay hindsight() {
        return hindsight;
    }

    MetaReplay replay() {
        return replay;
    }

    /** An episode by the policy of the phase for every task whose turn it is. */
    Plan plan(Policy initial, Policy prior, Policy posterior) {
        int[] chosen = Arrays.stream(turn()).map(i -> tasks[i]).toArray();
        Policy policy = switch (phase) {
            case INITIAL -> initial;
            case PRIOR -> prior;
            case POSTERIOR -> posterior;
        };
        return Plan.of(policy, chosen).purpose(phase.name().toLowerCase(Locale.ROOT));
    }

    /** Takes in what the plan collected. */
    void store(List<Trial> trials, TaskValues values) {
        int[] turn = turn();
        if (fresh) for (int i : turn) context.clear(tasks[i]);
        fresh = false;
        boolean forContext = phase != Phase.POSTERIOR || settings.posteriorInContext();
        for (int i = 0; i < turn.length; i++) {
            Trajectory episode = trials.get(i).episodes().get(0);
            hindsight.add(episode, tasks[turn[i]], values);
            if (forContext) context.of(tasks[turn[i]]).add(episode);
            left[turn[i]] -= episode.length();
        }
        if (isOver()) next();
    }

    boolean isDue() {
        return owed > 0;
    }

    /**
     * What an update learns from.
     *
     * @param contexts transitions to infer z from
     * @param batch transitions for the values, of the same tasks in the same order
     */
    record Draw(MetaReplay.Counted contexts, Batch batch) {}

    /** That of an update, which is then owed no more: tasks with data, with replacement, and transitions of each. */
    Draw draw() {
        owed--;
        int[] filled = context.filledTasks(), drawn = new int[settings.tasksPerUpdate()];
        for (int i = 0; i < drawn.length; i++) drawn[i] = filled[batches.nextInt(filled.length)];
        return new Draw(context.sampleCounted(drawn, settings.contextSize(), batches), replay.sample(drawn, settings.batchSize(), batches));
    }

    LearnerState declare(LearnerState state) {
        state.part("task order", order::save, order::load).stream("batches", batches).part("phase", this::save, this::load)
            .replay("replay", replay).replay("context", context);
        return hindsight.declare(state);
    }

    private void save(DataOutputStream out) throws IOException {
        out.writeInt(owed);
        out.writeInt(phase.ordinal());
        out.writeBoolean(fresh);
        StoredNumbers.writeCounted(out, tasks);
        StoredNumbers.writeCounted(out, left);
    }

    private void load(DataInputStream in) throws IOException {
        owed = in.readInt();
        int stored = in.readInt();
        if (owed < 0 || stored < 0 || stored >= Phase.values().length)
            throw new IOException("the stored phase is " + stored + ", with " + owed + " updates owed");
        phase = Phase.values()[stored];
        fresh = in.readBoolean();
        tasks = StoredNumbers.readCounted(in, 0, replay.tasks() - 1);
        left = StoredNumbers.readCounted(in, Integer.MIN_VALUE, Integer.MAX_VALUE);
        if (tasks.length != left.length || isOver()) throw new IOException("the stored phase has " + tasks.length + " tasks and "
            + left.length + " numbers of steps, or nothing left to do");
    }
}
