package metarl.agent.value;

import static metarl.agent.MemoryNeed.DOUBLE;
import static metarl.agent.MemoryNeed.FLOAT;
import static metarl.agent.MemoryNeed.layers;
import static metarl.agent.MemoryNeed.plus;
import static metarl.basics.Require.times;

import java.util.ArrayList;
import java.util.List;
import metarl.agent.MemoryNeed;
import metarl.agent.Problem;
import metarl.agent.transfer.ActionTranslator;
import metarl.agent.transfer.ContextModel;
import metarl.data.ReplayBuffer;

/** What MCAT takes of memory: numbers per transition follow from the operations of its losses. */
final class McatMemory {
    private final Mcat settings;
    private final Problem problem;
    private final ContextModel model;
    private final long observation, action, context, step, history;

    private McatMemory(Mcat settings, Problem problem) {
        this.settings = settings;
        this.problem = problem;
        model = settings.model();
        observation = problem.observationSize();
        action = problem.actionSize();
        context = model.contextSize();
        step = observation + action;
        history = context == 0 ? 0 : times(model.history(), step);
    }

    /** The parts. */
    static List<MemoryNeed.Part> of(Mcat settings, Problem problem, MemoryNeed.Work work) {
        var memory = new McatMemory(settings, problem);
        var parts = new ArrayList<MemoryNeed.Part>();
        memory.networks(parts);
        memory.replay(parts);
        memory.learning(parts);
        long seats = Math.min(settings.base().episodesPerRound(), problem.tasks()),
            all = settings.choice() == Mcat.Choice.ORACLE && settings.transfer() ? times(seats, problem.tasks()) : seats;
        parts.add(memory.acting("episodes of a round", "episodesPerRound", MemoryNeed.Phase.COLLECTING, all, all));
        if (work.testTasks() > 0) parts.add(memory.acting("episodes of the test tasks", "episodes", MemoryNeed.Phase.EVALUATING,
            work.testTasks(), times(work.testTasks(), work.episodes())));
        return parts;
    }

    private void networks(List<MemoryNeed.Part> parts) {
        long hidden = settings.base().hidden(), seen = observation + context, actor = layers(seen, hidden, action),
            critic = 2 * layers(seen + action, hidden, 1);
        parts.add(new MemoryNeed.Part("networks, targets and optimisers", "hidden", MemoryNeed.Phase.ALWAYS, times(2L * FLOAT, critic),
            times(5L * FLOAT, plus(actor, critic))));
        if (!settings.hasContext()) return;
        long numbers = plus(plus(encoder(), layers(step + context, model.hidden(), model.layers(), 2 * observation)), translator());
        parts.add(new MemoryNeed.Part("context encoder, forward model and translator", "hidden", MemoryNeed.Phase.ALWAYS,
            times(FLOAT, numbers), times(4L * FLOAT, numbers)));
    }

    private long encoder() {
        long numbers = 0, width = history;
        for (int hidden : model.encoderHidden()) {
            numbers = plus(numbers, times(width + 1, hidden));
            width = hidden;
        }
        return plus(numbers, times(width + 1, context));
    }

    private long translator() {
        if (!settings.transfer()) return 0;
        ActionTranslator t = settings.translator();
        return plus(times(step + 2 * context + 4, t.branch()), layers(4L * t.branch(), t.hidden(), t.layers(), action));
    }

    private void replay(List<MemoryNeed.Part> parts) {
        int capacity = settings.base().replayCapacity();
        long transitions = times(Math.max(1, capacity / problem.tasks()), problem.tasks()),
            held = ReplayBuffer.bytes(problem.observationSize(), problem.actionSize(), problem.outcomeSize(), transitions);
        parts.add(new MemoryNeed.Part("replay", "replayCapacity", MemoryNeed.Phase.ALWAYS,
            settings.selfImitation().isOn() ? plus(held, EarnedReturns.bytes(transitions)) : held, 0));
    }

    /** Of the updates of TD3 and of the models, of which only one is made at a time, the larger ones. */
    private void learning(List<MemoryNeed.Part> parts) {
        long batch = settings.base().batchSize(), hidden = settings.base().hidden(),
            row = 4 * observation + 2 * context + action + problem.outcomeSize() + 5;
        // old transitions pass the critics alone, while the graph of the others is kept; z of both sides of a transition is read at once
        long old = settings.selfImitation().isOn() ? 6 * hidden + 2 * row : 0, pass = 24 * hidden + 2 * row + old + 2 * encoding();
        String driver = history > 24 * hidden ? "history" : "batchSize";
        var td3 = new MemoryNeed.Part("batch and its passes", driver, MemoryNeed.Phase.LEARNING,
            times(FLOAT, times(batch, 2 * row + 5 * history)), times(FLOAT, times(batch, pass)));
        if (!settings.hasContext()) {
            parts.add(td3);
            return;
        }
        long segments = 2L * model.batchSize(), looked = times(segments, model.stepsDrawn()),
            run = times(model.ahead(), 3 * observation + action + problem.outcomeSize() + 5) + 2 * history,
            rows = times(looked, times(6L * model.hidden(), model.layers()) + 12 * observation), encoded = times(segments, encoding());
        var models = new MemoryNeed.Part("segments and their passes", driver, MemoryNeed.Phase.LEARNING,
            times(FLOAT, times(segments, run)), times(FLOAT, plus(rows, encoded)));
        parts.add(plus(td3.heap(), td3.beside()) > plus(models.heap(), models.beside()) ? td3 : models);
    }

    /** Numbers of a row on its way through the encoder. */
    private long encoding() {
        return 3 * history + 4 * model.encoderHidden().stream().mapToLong(w -> w).sum();
    }

    private MemoryNeed.Part acting(String what, String setting, MemoryNeed.Phase phase, long environments, long episodes) {
        long each = plus(6L * settings.base().hidden(), encoding());
        long translated = settings.transfer() ? 4L * (4L * settings.translator().branch() + settings.translator().hidden()) : 0;
        return new MemoryNeed.Part(what, setting, phase,
            plus(MemoryNeed.episodes(problem, times(episodes, MemoryNeed.horizon(problem))), times(DOUBLE, times(environments, history))),
            times(FLOAT, times(environments, plus(each, translated))));
    }
}
