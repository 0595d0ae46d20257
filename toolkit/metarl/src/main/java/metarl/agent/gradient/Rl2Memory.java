package metarl.agent.gradient;

import static metarl.agent.MemoryNeed.FLOAT;
import static metarl.agent.MemoryNeed.plus;
import static metarl.agent.MemoryNeed.recurrent;
import static metarl.basics.Require.times;

import java.util.ArrayList;
import java.util.List;
import metarl.agent.MemoryNeed;
import metarl.agent.Problem;

/** What RL² takes of memory: numbers per step of a trial follow from the operations of its losses. */
final class Rl2Memory {
    private Rl2Memory() {}

    static List<MemoryNeed.Part> of(Rl2 s, Problem p, MemoryNeed.Work work) {
        var parts = new ArrayList<MemoryNeed.Part>();
        long a = p.actionSize(), in = p.observationSize() + a + 2, out = p.discrete() ? a : 2 * a, h = s.hidden();
        long networks = recurrent(in, h) + (h + 1) * out + recurrent(in + 1, h) + h + 1;
        parts.add(new MemoryNeed.Part("networks and optimisers", "hidden", MemoryNeed.Phase.ALWAYS, times(2L * FLOAT, networks),
            times(4L * FLOAT, networks)));
        long length = times(s.episodesPerTrial(), MemoryNeed.horizon(p)), all = times(s.trialsPerUpdate(), length),
            some = times(Math.min(s.trialsPerBatch(), s.trialsPerUpdate()), length);
        parts.add(new MemoryNeed.Part("trials as they are collected", "trialsPerUpdate", MemoryNeed.Phase.COLLECTING,
            plus(MemoryNeed.episodes(p, all), times(FLOAT, times(all, in + a + 1))),
            times(FLOAT, times(s.trialsPerUpdate(), 8 * h + 3 * in))));
        // inputs, timed inputs, features, rewards, values, advantages, returns, old outputs and their two orders
        long kept = times(FLOAT, times(all, 2 * in + a + 6 + 2 * out)), drawn = times(FLOAT, times(some, 2 * in + a + out + 4));
        long allAtOnce = times(all, 3 * in + 8 * h + out), batch = times(some, 4 * in + 28 * h + 16 * out);
        parts.add(
            new MemoryNeed.Part("trials of an update and their passes", "trialsPerUpdate", MemoryNeed.Phase.LEARNING, plus(kept, drawn),
                times(FLOAT, Math.max(allAtOnce, batch))));
        if (work.testTasks() > 0)
            parts.add(new MemoryNeed.Part("trials of the test tasks", "episodes", MemoryNeed.Phase.EVALUATING,
                MemoryNeed.episodes(p, times(length, times(work.testTasks(), work.episodes()))),
                times(FLOAT, times(work.testTasks(), 8 * h + 3 * in))));
        return parts;
    }
}
