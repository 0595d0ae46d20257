package metarl.agent.value;

import java.util.Arrays;
import java.util.Map;
import metarl.agent.LearnerState;
import metarl.agent.Problem;
import metarl.agent.hindsight.HindsightReplay;
import metarl.agent.hindsight.TaskValues;
import metarl.basics.Copy;
import metarl.basics.RandomStream;
import metarl.data.Batch;
import metarl.data.ContextBatch;
import metarl.data.MetaReplay;
import metarl.data.Trajectory;

/**
 * How tasks of TD3 learn from others' episodes: which go into the replay, and with which contexts.
 *
 * <p>A context tells of a task by how it moves and pays. That of a step of another task would show the other's dynamics under this one's
 * name, so the step is given one of this task's own: each time it is drawn, the window at a step that the task has lived through itself,
 * drawn uniformly over all that the replay still holds. Over own steps contexts are thereby distributed as ever. A task without own steps
 * has an empty context, all zeros.
 */
final class Td3Hindsight {
    private final MetaReplay replay;
    private final int contextLength, triple;
    private final HindsightReplay hindsight;
    private final OwnSteps own;
    private final RandomStream contexts;

    /** Around a replay that nobody else adds to. */
    Td3Hindsight(Td3 settings, Problem problem, MetaReplay replay, long seed) {
        this.replay = replay;
        contextLength = settings.contextLength();
        triple = ContextBatch.tripleSize(problem.observationSize(), problem.actionSize());
        hindsight = new HindsightReplay(replay, problem, settings.relabeller(), settings.ratios(), settings.discount(), episode -> episode,
            RandomStream.of(seed, "relabelling"));
        own = new OwnSteps(replay, hindsight.isUsed());
        contexts = RandomStream.of(seed, "contexts of others' steps");
    }

    /** What tasks have lived through themselves. */
    OwnSteps own() {
        return own;
    }

    /** Takes in an episode of a task, and gives it to others. */
    void add(Trajectory episode, int task, TaskValues values) {
        long from = replay.of(task).added();
        hindsight.add(episode, task, values);
        // only now, so that values rest on what was there before
        own.add(task, from, episode.length());
    }

    /** The L triples up to the newest own step of a task, flat; zeros where it has none. */
    float[] newestWindow(int task) {
        if (contextLength == 0 || own.held(task) == 0) return new float[contextLength * triple];
        Batch newest = replay.at(new int[] {task}, new long[] {own.position(task, 0)});
        return Arrays.copyOfRange(replay.withContext(newest, contextLength).windows(), triple, (contextLength + 1) * triple);
    }

    /** The transitions of a batch with their contexts: own steps with what happened before them, others' with one of their task's own. */
    ContextBatch withContext(Batch batch) {
        if (contextLength == 0 || !hindsight.isUsed()) return replay.withContext(batch, contextLength);
        long[] positions = batch.positions().clone();
        boolean[] empty = new boolean[batch.size()];
        for (int row = 0; row < positions.length; row++) {
            int task = batch.tasks()[row], held = own.held(task);
            if (own.isOwn(task, positions[row])) continue;
            empty[row] = held == 0;
            if (held > 0) positions[row] = own.position(task, contexts.nextInt(held));
        }
        float[] windows = replay.withContext(Copy.with(batch, "positions", positions), contextLength).windows();
        int width = (contextLength + 1) * triple;
        for (int row = 0; row < empty.length; row++) if (empty[row]) Arrays.fill(windows, row * width, (row + 1) * width, 0);
        return new ContextBatch(batch, contextLength, windows);
    }

    /** What each row counts in a loss; null where all count once. */
    float[] weights(Batch batch) {
        return hindsight.weights(batch);
    }

    /** What each row's target is multiplied by; null where all are whole. */
    float[] scales(Batch batch) {
        return hindsight.scales(batch);
    }

    /** What can be logged of relabelling; nothing where there is none. */
    Map<String, Double> numbers() {
        return hindsight.numbers();
    }

    /** Adds what it knows, except the replay itself. */
    LearnerState declare(LearnerState state) {
        if (!hindsight.isUsed()) return state;
        return hindsight.declare(state.stream("contexts of others' steps", contexts))
            .part("own steps of the replay", LearnerState.Kind.REPLAY, own::save, own::load);
    }
}
