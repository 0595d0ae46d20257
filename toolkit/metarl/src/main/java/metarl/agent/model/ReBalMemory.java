package metarl.agent.model;

import static metarl.agent.MemoryNeed.FLOAT;
import static metarl.agent.MemoryNeed.plus;
import static metarl.basics.Require.times;

import java.util.ArrayList;
import java.util.List;
import metarl.agent.MemoryNeed;
import metarl.agent.MemoryNeed.Part;
import metarl.agent.MemoryNeed.Phase;
import metarl.agent.Problem;

/** What ReBAL takes of memory: the passes through the runs, and the candidates, each with a hidden state of its own. */
final class ReBalMemory {
    private ReBalMemory() {}

    static List<Part> of(ReBal s, Problem p, MemoryNeed.Work work) {
        var parts = new ArrayList<Part>();
        long out = p.observationSize() + (long) Math.max(1, p.outcomeSize()), in = plus(p.observationSize(), p.actionSize()),
            h = s.hidden(),
            weights = plus(times(3 * h, plus(in + out + 2, h)), times(out, h + 1));
        parts.add(new Part("model and optimiser", "hidden", Phase.ALWAYS, times(2L * FLOAT, weights), times(4L * FLOAT, weights)));
        parts.add(GrBalMemory.replay(s.replayCapacity(), p));
        long rows = times(s.runsPerUpdate(), s.runLength());
        parts.add(new Part("runs of an update and their passes", "runsPerUpdate", Phase.LEARNING,
            times(FLOAT, times(rows, 3 * (in + out))),
            times(FLOAT, plus(times(rows, plus(times(12, h), 8 * (in + out))), times(3, weights)))));
        GrBalMemory.acting("episodes of a round", "episodesPerRound", Phase.COLLECTING, s.episodesPerRound(), s.episodesPerRound(),
            s.planner(), p, plus(times(s.episodesPerRound(), times(s.planner().candidates(), 9 * h)), weights), parts);
        if (work.testTasks() > 0) GrBalMemory.acting("episodes of the test tasks", "episodes", Phase.EVALUATING, work.testTasks(),
            times(work.testTasks(), work.episodes()), s.planner(), p,
            plus(times(work.testTasks(), times(s.planner().candidates(), 9 * h)), weights), parts);
        return parts;
    }
}
