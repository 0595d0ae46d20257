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
import metarl.data.ReplayBuffer;

/** What GrBAL takes of memory: the copies of the model through which the meta-gradient goes hold most. */
final class GrBalMemory {
    private GrBalMemory() {}

    static List<Part> of(GrBal s, Problem p, MemoryNeed.Work work) {
        var parts = new ArrayList<Part>();
        // heads are at most the outcome or the reward
        long o = p.observationSize(), a = p.actionSize(), out = o + Math.max(1, p.outcomeSize()), in = o + a,
            deep = times(s.layers(), s.hidden()),
            weights = MemoryNeed.layers(in, s.hidden(), s.layers(), out);
        parts.add(new Part("model and optimiser", "hidden", Phase.ALWAYS, times(2L * FLOAT, weights), times(4L * FLOAT, weights)));
        parts.add(replay(s.replayCapacity(), p));
        long run = plus(s.support(), s.query()), rows = times(s.runsPerUpdate(), run), copies = s.adapts() ? 2L + 4L * s.innerSteps() : 2;
        // copies of the model hold most; what drives them is the larger of both
        parts.add(new Part("runs of an update and their graph", s.hidden() > s.runsPerUpdate() ? "hidden" : "runsPerUpdate", Phase.LEARNING,
            times(FLOAT, times(rows, 2 * (in + out))),
            times(FLOAT, plus(times(times(copies, s.runsPerUpdate()), weights), times(rows, plus(times(10, deep), 8 * (in + out)))))));
        acting("episodes of a round", "episodesPerRound", Phase.COLLECTING, s.episodesPerRound(), s.episodesPerRound(), s.planner(), p,
            thinking(s, s.episodesPerRound(), weights), parts);
        if (work.testTasks() > 0) acting("episodes of the test tasks", "episodes", Phase.EVALUATING, work.testTasks(),
            times(work.testTasks(), work.episodes()), s.planner(), p, thinking(s, work.testTasks(), weights), parts);
        return parts;
    }

    /** Layers of all candidates of one environment, and a model of each environment. */
    private static long thinking(GrBal s, long environments, long weights) {
        return plus(times(s.planner().candidates(), 4L * s.hidden()), times(environments, times(s.adapts() ? 4 : 1, weights)));
    }

    /** The replay, and its steps once more, as a batch and as rows, while their units are found. */
    static Part replay(int replayCapacity, Problem p) {
        long capacity = times(Math.max(1, replayCapacity / p.tasks()), p.tasks()), o = p.observationSize(),
            held = ReplayBuffer.bytes(p.observationSize(), p.actionSize(), p.outcomeSize(), capacity),
            rows = times(times(FLOAT, capacity), 2 * o + p.actionSize() + Math.max(1, p.outcomeSize()));
        return new Part("replay", "replayCapacity", Phase.ALWAYS, plus(times(2, held), rows), 0);
    }

    /**
     * All candidates of all environments, step after step.
     *
     * @param thinking numbers that the model itself takes
     */
    static void acting(String what, String setting, Phase phase, long environments, long episodes, Planner planner, Problem p,
        long thinking,
        List<Part> parts) {
        long foretold = times(times(times(environments, planner.candidates()), planner.horizon()),
            plus(p.observationSize() + Math.max(1, p.outcomeSize()), p.actionSize()));
        parts.add(new Part(what, setting, phase,
            plus(MemoryNeed.episodes(p, times(episodes, MemoryNeed.horizon(p))), times(2L * FLOAT, foretold)),
            times(FLOAT, plus(foretold, thinking))));
    }
}
