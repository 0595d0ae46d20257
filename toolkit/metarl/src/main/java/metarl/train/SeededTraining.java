package metarl.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import metarl.basics.Activity;

/**
 * The same training with several seeds: {@code MetaTraining.on(tasks)….seeds(1, 2, 3).run()}.
 *
 * @param training what is repeated
 * @param seeds one run each, in this order
 */
public record SeededTraining(MetaTraining training, List<Long> seeds) {
    /** Checks that there are seeds, all different. */
    public SeededTraining {
        seeds = List.copyOf(seeds);
        if (seeds.isEmpty()) throw new IllegalArgumentException("seeds(): expected at least one");
        if (seeds.stream().distinct().count() < seeds.size())
            throw new IllegalArgumentException("seeds" + seeds + ": one is there twice, which would count a run twice");
    }

    static SeededTraining of(MetaTraining training, long... seeds) {
        return new SeededTraining(training, Arrays.stream(seeds).boxed().toList());
    }

    /** Trains one seed after the other; with {@code saveTo} each has a folder of its own inside, and what is done is not done again. */
    public MetaRuns run() {
        var runs = new ArrayList<MetaRun>();
        try (Activity activity = RunActivity.of(training, seeds.size() + " seeds of " + training.algorithm().name(), seeds.size())) {
            for (long seed : seeds) {
                Path folder = training.folder();
                MetaTraining one = training.seed(seed);
                runs.add((folder == null ? one : one.saveTo(folder.resolve("seed-" + seed))).run());
                activity.advance();
            }
        } catch (RuntimeException | Error e) {
            runs.forEach(MetaRun::close);
            throw e;
        }
        return new MetaRuns(training.folder() == null ? training.algorithm().name() : training.folder().getFileName().toString(), runs);
    }
}
