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
            weights = plus(plus(times(in + 1 + out, s.hidden()), out), times(s.layers() - 1L, times(s.hidden() + 1L, s.hidden())));
        parts.add(new Part("model and optimiser", "hidden", Phase.ALWAYS, times(2L * FLOAT, weights), times(4L * FLOAT, weights)));
        long capacity = times(Math.max(1, s.replayCapacity() / p.tasks()), p.tasks());
        // and once more while its units are found
        parts.add(new Part("replay", "replayCapacity", Phase.ALWAYS, plus(ReplayBuffer.bytes(p.observationSize(), p.actionSize(),
            p.outcomeSize(), capacity), times(times(2L * FLOAT, capacity), in + out + o)), 0));
        long run = plus(s.support(), s.query()), rows = times(s.runsPerUpdate(), run), copies = s.adapts() ? 4L + 4L * s.innerSteps() : 2;
        parts.add(new Part("runs of an update and their graph", "runsPerUpdate", Phase.LEARNING,
            times(FLOAT, times(rows, 2 * (in + out))),
            times(FLOAT, plus(times(times(copies, s.runsPerUpdate()), weights), times(rows, plus(times(12, deep), 8 * (in + out)))))));
        acting("episodes of a round", "episodesPerRound", Phase.COLLECTING, s.episodesPerRound(), s.episodesPerRound(), s, p, weights,
            parts);
        if (work.testTasks() > 0) acting("episodes of the test tasks", "episodes", Phase.EVALUATING, work.testTasks(),
            times(work.testTasks(), work.episodes()), s, p, weights, parts);
        return parts;
    }

    /** All candidates of all environments, step after step, and a model of each environment. */
    private static void acting(String what, String setting, Phase phase, long environments, long episodes, GrBal s, Problem p, long weights,
        List<Part> parts) {
        long o = p.observationSize(), candidates = times(environments, s.planner().candidates()),
            foretold = times(times(candidates, s.planner().horizon()), plus(o + Math.max(1, p.outcomeSize()), p.actionSize()));
        parts.add(new Part(what, setting, phase,
            plus(MemoryNeed.episodes(p, times(episodes, MemoryNeed.horizon(p))), times(2L * FLOAT, foretold)),
            times(FLOAT, plus(plus(foretold, times(s.planner().candidates(), 4L * s.hidden())),
                times(environments, times(s.adapts() ? 4 : 1, weights))))));
    }
}
