package metarl.agent.value;

import static metarl.agent.MemoryNeed.FLOAT;
import static metarl.agent.MemoryNeed.layers;
import static metarl.agent.MemoryNeed.plus;
import static metarl.basics.Require.times;

import java.util.ArrayList;
import java.util.List;
import metarl.agent.MemoryNeed;
import metarl.agent.MemoryNeed.Part;
import metarl.agent.MemoryNeed.Phase;
import metarl.agent.Problem;
import metarl.agent.transfer.TaskEmbeddings;
import metarl.data.ReplayBuffer;

/** What HiP-BMDP takes of memory: numbers per transition follow from the operations of its losses. */
final class HipBmdpMemory {
    private HipBmdpMemory() {}

    static List<Part> of(HipBmdp s, Problem p, MemoryNeed.Work work) {
        var parts = new ArrayList<Part>();
        Sac sac = s.base();
        long o = p.observationSize(), a = p.actionSize(), h = s.stateSize(p), theta = s.embeddingSize(), hidden = sac.hidden(),
            wide = s.modelHidden(), told = h + (s.conditioned() ? theta : 0), encoderWidth = s.latentSize() == 0 ? 0 : s.encoderHidden();
        long encoder = s.latentSize() == 0 ? 0 : layers(o, encoderWidth, h),
            table = TaskEmbeddings.of(p.tasks(), s.embeddingSize()).parameters(),
            model = plus(layers(h + a + theta, wide, 1, 2 * h + 1), s.latentSize() == 0 ? 0 : layers(h, wide, 1, o));
        networks("actor, critics and temperature", "hidden", plus(layers(told, hidden, 2 * a), 2 * layers(told + a, hidden, 1)), parts);
        networks("encoder, model and embeddings", "modelHidden", plus(encoder, plus(table, model)), parts);
        long capacity = times(Math.max(1, sac.replayCapacity() / p.tasks()), p.tasks());
        parts.add(new Part("replay", "replayCapacity", Phase.ALWAYS,
            ReplayBuffer.bytes(p.observationSize(), p.actionSize(), p.outcomeSize(), capacity), 0));
        // rows that are drawn; passes through critics, encoder and model, of which the layers are kept for a gradient
        long row = 4 * o + 4 * a + 4 + p.tasks(), judging = plus(times(8, wide), 8 * (h + theta)),
            pass = plus(plus(times(16, hidden), times(8, encoderWidth)), plus(times(2, judging), 8 * row + 20 * (h + theta)));
        parts.add(new Part("batch and its passes", "batchSize", Phase.LEARNING, times(FLOAT, times(sac.batchSize(), row)),
            times(FLOAT, times(sac.batchSize(), pass))));
        acting("episodes of a round", "episodesPerRound", Phase.COLLECTING, Math.min(sac.episodesPerRound(), p.tasks()), 1, s, p, parts);
        if (work.testTasks() == 0) return parts;
        acting("episodes of the test tasks", "episodes", Phase.EVALUATING, work.testTasks(), work.episodes(), s, p, parts);
        long shots = times(work.shots(), MemoryNeed.horizon(p)), fitted = Math.max(Math.min(shots, EmbeddingFit.JUDGED), sac.batchSize());
        parts.add(new Part("adaptations side by side", "modelHidden", Phase.EVALUATING,
            times(work.sideBySide(), ReplayBuffer.bytes(p.observationSize(), p.actionSize(), p.outcomeSize(), shots)),
            times(work.sideBySide(), times(FLOAT, times(fitted, plus(judging, times(8, encoderWidth)))))));
        return parts;
    }

    /** Values, two moments and a gradient of each, and the targets. */
    private static void networks(String what, String setting, long numbers, List<Part> parts) {
        parts.add(new Part(what, setting, Phase.ALWAYS, times(2L * FLOAT, numbers), times(5L * FLOAT, numbers)));
    }

    private static void acting(String what, String setting, Phase phase, long environments, long each, HipBmdp s, Problem p,
        List<Part> parts) {
        long steps = times(times(environments, each), MemoryNeed.horizon(p));
        long pass = 6L * s.base().hidden() + 6L * s.encoderHidden();
        parts.add(new Part(what, setting, phase, MemoryNeed.episodes(p, steps), times(FLOAT, times(environments, pass))));
    }
}
