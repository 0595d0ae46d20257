package metarl.agent.value;

import static metarl.agent.MemoryNeed.FLOAT;
import static metarl.agent.MemoryNeed.plus;
import static metarl.basics.Require.times;

import java.util.ArrayList;
import java.util.List;
import metarl.agent.MemoryNeed;
import metarl.agent.MemoryNeed.Part;
import metarl.agent.MemoryNeed.Phase;
import metarl.agent.Problem;
import metarl.agent.hindsight.HindsightReplay;
import metarl.data.ReplayBuffer;

/** What PEARL takes of memory: numbers per transition follow from the operations of its losses. */
final class PearlMemory {
    private PearlMemory() {}

    static List<Part> of(Pearl s, Problem p, MemoryNeed.Work work) {
        var parts = new ArrayList<Part>();
        long o = p.observationSize(), a = p.actionSize(), z = s.latentSize(), row = s.contextRow(p), hidden = times(s.layers(), s.hidden());
        long encoder = MemoryNeed.layers(row, s.encoderHidden(), s.layers(), 2 * z),
            critic = MemoryNeed.layers(o + z + a, s.hidden(), s.layers(), 1),
            actor = MemoryNeed.layers(o + z, s.hidden(), s.layers(), 2 * a), value = MemoryNeed.layers(o + z, s.hidden(), s.layers(), 1);
        // values, two moments and a gradient of each, and the targets
        long all = plus(plus(encoder, times(2, critic)), plus(actor, value));
        parts.add(new Part("networks, targets and optimisers", "hidden", Phase.ALWAYS, times(2L * FLOAT, all), times(5L * FLOAT, all)));
        long capacity = times(Math.max(1, s.replayCapacity() / p.tasks()), p.tasks());
        parts.add(new Part("replay", "replayCapacity", Phase.ALWAYS, replay(p, capacity), 0));
        parts.addAll(HindsightReplay.memory(s.relabeller(), s.ratios(), p, capacity));
        parts.add(
            new Part("replay of contexts", "priorSteps", Phase.ALWAYS, replay(p, times(p.tasks(), PearlSchedule.contextCapacity(s, p))),
                0));
        // rows that are drawn, and eight passes through a network, of which the layers are kept for a gradient
        long drawn = times(s.tasksPerUpdate(), s.batchSize()), seen = times(s.tasksPerUpdate(), s.contextSize());
        parts.add(new Part("batch and its passes", "batchSize", Phase.LEARNING, times(FLOAT, times(drawn, 2 * o + 3 * a + 4)),
            times(FLOAT, times(drawn, plus(times(10, hidden), 8 * (o + z) + 24 * a + 24)))));
        parts.add(new Part("contexts and their passes", "contextSize", Phase.LEARNING, times(FLOAT, times(seen, 2 * row + 2 * o + a + 4)),
            times(FLOAT, times(seen, plus(times(2L * s.layers(), s.encoderHidden()), 16 * z)))));
        long steps = MemoryNeed.horizon(p);
        parts.add(new Part("episodes of a phase", "tasksPerIteration", Phase.COLLECTING,
            MemoryNeed.episodes(p, times(s.tasksPerIteration(), steps)), times(FLOAT, times(s.tasksPerIteration(), 3L * s.hidden()))));
        if (work.testTasks() > 0) parts.add(new Part("episodes of the test tasks", "episodes", Phase.EVALUATING,
            MemoryNeed.episodes(p, times(steps, times(work.testTasks(), work.episodes()))),
            times(FLOAT, times(work.testTasks(), plus(3L * s.hidden(), times(times(work.shots(), steps), s.encoderHidden()))))));
        return parts;
    }

    private static long replay(Problem p, long capacity) {
        return ReplayBuffer.bytes(p.observationSize(), p.actionSize(), p.outcomeSize(), capacity);
    }
}
