package metarl.agent.value;

import static metarl.agent.MemoryNeed.DOUBLE;
import static metarl.agent.MemoryNeed.FLOAT;
import static metarl.agent.MemoryNeed.layers;
import static metarl.agent.MemoryNeed.plus;
import static metarl.agent.MemoryNeed.recurrent;
import static metarl.basics.Require.times;

import java.util.ArrayList;
import java.util.List;
import metarl.agent.MemoryNeed;
import metarl.agent.Problem;
import metarl.agent.hindsight.HindsightReplay;
import metarl.agent.hindsight.Relabeller;
import metarl.data.ContextBatch;
import metarl.data.ReplayBuffer;

/** What TD3 and MQL take of memory: numbers per transition follow from the operations of their losses. */
final class Td3Memory {
    private Td3Memory() {}

    /**
     * The parts.
     *
     * @param mql the adaptation; null where there is none
     */
    static List<MemoryNeed.Part> of(Td3 s, Mql mql, Problem p, MemoryNeed.Work work) {
        var parts = new ArrayList<MemoryNeed.Part>();
        long o = p.observationSize(), a = p.actionSize(), length = s.contextLength(), hidden = s.hidden(),
            c = length == 0 ? 0 : s.contextSize();
        int triple = ContextBatch.tripleSize(p.observationSize(), p.actionSize());
        long encoder = length == 0 ? 0 : recurrent(triple, c);
        long actor = encoder + layers(o + c, hidden, a), critic = encoder + 2 * layers(o + a + c, hidden, 1), both = plus(actor, critic);
        parts.add(new MemoryNeed.Part("networks, targets and optimisers", "hidden", MemoryNeed.Phase.ALWAYS, times(2L * FLOAT, critic),
            times(5L * FLOAT, both)));
        long perTask = Math.max(1, s.replayCapacity() / p.tasks()), capacity = times(perTask, p.tasks());
        parts.add(new MemoryNeed.Part("replay", "replayCapacity", MemoryNeed.Phase.ALWAYS,
            ReplayBuffer.bytes(p.observationSize(), p.actionSize(), p.outcomeSize(), capacity), 0));
        parts.addAll(HindsightReplay.memory(s.relabeller(), s.ratios(), p, capacity));
        if (!(s.relabeller() instanceof Relabeller.None)) parts.add(new MemoryNeed.Part("which steps are own", "replayCapacity",
            MemoryNeed.Phase.ALWAYS, times(6L * DOUBLE, plus(p.tasks(), capacity / MemoryNeed.horizon(p))), 0));
        String driver = length == 0 ? "batchSize" : "contextLength";
        // numbers per transition of a batch: itself with its windows, then what passes keep for the gradient
        long row = plus(2 * o + a + p.outcomeSize() + 5, length == 0 ? 0 : times(length + 1, triple));
        long pass = plus(plus(24 * hidden, times(2, row)), times(length, 4L * triple + 32 * c));
        parts.add(new MemoryNeed.Part("batch and its passes", driver, MemoryNeed.Phase.LEARNING, times(FLOAT, times(s.batchSize(), row)),
            times(FLOAT, times(s.batchSize(), pass))));
        long environments = Math.min(s.episodesPerRound(), p.tasks());
        acting("episodes of a round", "episodesPerRound", MemoryNeed.Phase.COLLECTING, environments, environments, s, p, triple, parts);
        if (work.testTasks() > 0)
            acting("episodes of the test tasks", "episodes", MemoryNeed.Phase.EVALUATING, work.testTasks(),
                times(work.testTasks(), work.episodes()), s, p,
                triple, parts);
        if (mql == null || work.sideBySide() == 0) return parts;
        long fresh = times(work.shots(), MemoryNeed.horizon(p)), old = plus(times(2, fresh), 2L * p.tasks()),
            batch = times(mql.batchMultiple(), s.batchSize());
        long rows = plus(plus(fresh, old), batch), features = times(DOUBLE, times(rows, 3 * (c + o)));
        long largest = Math.max(Math.max(mql.newTaskUpdates() == 0 ? 0 : fresh, mql.replayUpdates() == 0 ? 0 : batch), old / 3);
        parts.add(new MemoryNeed.Part("adaptations side by side", driver, MemoryNeed.Phase.EVALUATING,
            times(work.sideBySide(), plus(times(FLOAT, times(rows, row)), features)),
            times(work.sideBySide(), plus(times(5L * FLOAT, both), times(FLOAT, times(largest, pass))))));
        return parts;
    }

    private static void acting(String what, String setting, MemoryNeed.Phase phase, long environments, long episodes, Td3 s, Problem p,
        int triple,
        List<MemoryNeed.Part> parts) {
        long windows = times(environments, times(s.contextLength(), triple));
        long pass = times(environments, plus(6L * s.hidden(), times(s.contextLength(), 3L * triple + 5L * s.contextSize())));
        parts
            .add(new MemoryNeed.Part(what, setting, phase,
                plus(MemoryNeed.episodes(p, times(episodes, MemoryNeed.horizon(p))), times(FLOAT, windows)), times(FLOAT, pass)));
    }
}
