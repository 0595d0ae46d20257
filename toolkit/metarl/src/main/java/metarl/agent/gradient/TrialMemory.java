package metarl.agent.gradient;

import static metarl.agent.MemoryNeed.FLOAT;
import static metarl.agent.MemoryNeed.plus;
import static metarl.basics.Require.times;

import java.util.ArrayList;
import java.util.List;
import metarl.agent.MemoryNeed;
import metarl.agent.Problem;

/** What methods that learn on trials take of memory: numbers per step of a trial follow from the operations of their losses. */
final class TrialMemory {
    private TrialMemory() {}

    /**
     * What the memories of a method take, in numbers.
     *
     * @param setting that drives it
     * @param networks in the parameters of policy and value, last layers included, what makes features of pictures not
     * @param acting per trial, between two steps of acting and during one
     * @param pass per step of a trial, while one of the networks reads it without a gradient
     * @param gradient the same with one
     */
    record Size(String setting, long networks, long acting, long pass, long gradient) {}

    /** Entries that the policy's memory reads at each step: of a picture, its features. */
    static long inputs(TrialPpo s, Problem p) {
        return (p.picture() == null ? p.observationSize() : s.eye(p.picture()).features()) + p.actionSize() + 2L;
    }

    /** Numbers for pictures: in parameters, in a pass over {@code seen} different ones with a gradient. */
    private static long eyes(TrialPpo s, Problem p) {
        return p.picture() == null ? 0 : 2 * s.eye(p.picture()).parameters();
    }

    private static long looking(TrialPpo s, Problem p, long steps) {
        return p.picture() == null ? 0 : times(MemoryNeed.pictures(p, steps), s.eye(p.picture()).numbers());
    }

    /** Entries that the policy says at each step. */
    static long outputs(Problem p) {
        return p.discrete() ? p.actionSize() : 2L * p.actionSize();
    }

    static List<MemoryNeed.Part> of(TrialPpo s, Size size, Problem p, MemoryNeed.Work work) {
        var parts = new ArrayList<MemoryNeed.Part>();
        long a = p.actionSize(), in = inputs(s, p), out = outputs(p), networks = plus(size.networks, eyes(s, p));
        parts.add(new MemoryNeed.Part("networks and optimisers", size.setting, MemoryNeed.Phase.ALWAYS, times(2L * FLOAT, networks),
            times(4L * FLOAT, networks)));
        long length = times(s.episodesPerTrial(), MemoryNeed.horizon(p)), all = times(s.trialsPerUpdate(), length),
            some = times(Math.min(s.trialsPerBatch(), s.trialsPerUpdate()), length);
        parts.add(new MemoryNeed.Part("trials as they are collected", "trialsPerUpdate", MemoryNeed.Phase.COLLECTING,
            plus(MemoryNeed.episodes(p, all), times(FLOAT, times(all, in + a + 1))),
            times(FLOAT, times(s.trialsPerUpdate(), size.acting + 3 * in))));
        // inputs, timed inputs, features, rewards, values, advantages, returns, old outputs and their two orders
        long kept = plus(p.picture() == null ? 0 : MemoryNeed.episodes(p, all), times(FLOAT, times(all, 2 * in + a + 6 + 2 * out))),
            drawn = times(FLOAT, times(some, 2 * in + a + out + 4));
        long allAtOnce = times(all, 3 * in + size.pass + out),
            batch = plus(times(some, 4 * in + size.gradient + 16 * out), looking(s, p, some));
        parts.add(
            new MemoryNeed.Part("trials of an update and their passes", "trialsPerUpdate", MemoryNeed.Phase.LEARNING, plus(kept, drawn),
                times(FLOAT, Math.max(allAtOnce, batch))));
        if (work.testTasks() > 0)
            parts.add(new MemoryNeed.Part("trials of the test tasks", "episodes", MemoryNeed.Phase.EVALUATING,
                MemoryNeed.episodes(p, times(length, times(work.testTasks(), work.episodes()))),
                times(FLOAT, times(work.testTasks(), size.acting + 3 * in))));
        return parts;
    }
}
