package metarl.agent.gradient;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import metarl.agent.Algorithm;
import metarl.agent.Learner;
import metarl.agent.Problem;
import metarl.nn.TemporalConvolution;
import metarl.task.TaskSet;
import metarl.task.families.Bandit;
import metarl.train.MetaRun;
import metarl.train.MetaTraining;
import metarl.train.ShotEvaluation;
import org.junit.jupiter.api.Test;

/** The learner of RL² with a memory that is no recurrent unit: a causal convolution over the last steps of the trial. */
class OtherMemoryTest {
    /** RL² that sees this many steps. */
    private record Convolution(Rl2 settings, int length) implements Algorithm {
        @Override
        public String name() {
            return "RL² with a convolution";
        }

        @Override
        public Learner learner(Problem problem, long seed) {
            TrialLearner.MemoryOf memory = (inputs, steps) -> new TemporalConvolution(inputs, settings.hidden(), length);
            return new TrialLearner(settings.training(), problem, seed, memory, memory);
        }

        @Override
        public boolean choosesDiscretely() {
            return true;
        }

        @Override
        public Algorithm fast() {
            return new Convolution(settings.fast(), length);
        }
    }

    /** One arm always pays, the other never: 9.5 of 10 pulls can be right, 5 without learning. */
    @Test
    void aConvolutionLearnsToLearnWhichOfTwoArmsPays() {
        var family = Bandit.bernoulli(2);
        var tasks = TaskSet.of(List.of(family.task(0, 1), family.task(1, 0)), List.of(family.task(0, 1), family.task(1, 0)));
        var settings = Rl2.bandit(10).hidden(16).trialsPerUpdate(32).trialsPerBatch(16);
        long steps = 60 * 10 * 32;
        try (MetaRun run = MetaTraining.on(tasks).algorithm(new Convolution(settings, 3)).steps(steps).evaluateEvery(steps)
            .adaptTasks(0)
            .seed(1).run()) {
            var many = Collections.nCopies(100, run.tasks().test()).stream().flatMap(List::stream).toList();
            ShotEvaluation shots = run.shots(many, 10, 1, 3);
            assertTrue(shots.online().value() > 9.2 && shots.round(0).value() < 0.65, shots.toString());
        }
    }
}
