package metarl.agent.gradient;

import static metarl.agent.MemoryNeed.FLOAT;
import static metarl.agent.MemoryNeed.layers;
import static metarl.agent.MemoryNeed.plus;
import static metarl.basics.Require.times;

import java.util.ArrayList;
import java.util.List;
import metarl.agent.MemoryNeed;
import metarl.agent.Problem;

/** What gradients through steps of policy gradient take of memory: the graph through the inner steps holds most. */
final class MetaPolicyMemory {
    private MetaPolicyMemory() {}

    /** Numbers that a graph keeps per row: so many for each hidden unit, and for each entry of an action. */
    record Kept(long units, long entries) {
        long of(long hidden, long action) {
            return units * hidden + entries * action;
        }
    }

    /**
     * The parts.
     *
     * @param inner what an inner step keeps
     * @param outer what the outer loss keeps
     */
    static List<MemoryNeed.Part> of(MetaPolicyGradient<?> s, Problem p, MemoryNeed.Work work, Kept inner, Kept outer) {
        var parts = new ArrayList<MemoryNeed.Part>();
        long a = p.actionSize(), o = p.observationSize(), h = s.hidden(), network = layers(o, h, a) + (p.discrete() ? 0 : a),
            rounds = s.innerSteps() + 1L;
        parts.add(new MemoryNeed.Part("network and optimiser", "hidden", MemoryNeed.Phase.ALWAYS, times(2L * FLOAT, network),
            times(4L * FLOAT, network)));
        long rows = times(s.episodesPerTask(), MemoryNeed.horizon(p)), all = times(s.tasksPerUpdate(), rows), width = o + a + 2;
        long batches = times(FLOAT, times(rounds, times(all, width)));
        parts.add(new MemoryNeed.Part("episodes as they are collected", "tasksPerUpdate", MemoryNeed.Phase.COLLECTING,
            plus(MemoryNeed.episodes(p, all), batches),
            times(FLOAT,
                plus(times(s.tasksPerUpdate(), times(2, network)), times(times(s.tasksPerUpdate(), s.episodesPerTask()), 3 * h + o)))));
        // second derivatives through the inner steps keep most
        long graph = times(all, plus(times(rounds, 2 * width), plus(times(s.innerSteps(), inner.of(h, a)), outer.of(h, a))));
        long copies = times(s.tasksPerUpdate(), times(6 * rounds, network));
        parts.add(new MemoryNeed.Part("episodes of an update and their graph", "tasksPerUpdate", MemoryNeed.Phase.LEARNING, batches,
            times(FLOAT, plus(graph, copies))));
        if (work.testTasks() > 0)
            parts.add(new MemoryNeed.Part("episodes of the test tasks", "episodes", MemoryNeed.Phase.EVALUATING,
                MemoryNeed.episodes(p,
                    times(MemoryNeed.horizon(p), plus(times(work.testTasks(), work.episodes()), times(work.sideBySide(), work.shots())))),
                times(FLOAT, times(work.sideBySide(), times(times(work.shots(), MemoryNeed.horizon(p)), 10 * h)))));
        return parts;
    }
}
