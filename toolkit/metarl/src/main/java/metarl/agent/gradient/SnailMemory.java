package metarl.agent.gradient;

import static metarl.basics.Require.times;

import java.util.List;
import metarl.agent.MemoryNeed;
import metarl.agent.Problem;
import metarl.nn.CausalStack;

/** What SNAIL takes of memory: numbers per step of a trial follow from the operations of its stacks. */
final class SnailMemory {
    private SnailMemory() {}

    static List<MemoryNeed.Part> of(Snail s, Problem p, MemoryNeed.Work work) {
        int inputs = (int) Math.min(Integer.MAX_VALUE - 1, TrialMemory.inputs(s.training(), p)), steps = s.steps(p);
        CausalStack policy = s.policyStack(inputs, steps), value = s.valueStack(inputs + 1, steps);
        long networks = policy.parameters() + times(policy.outputs() + 1L, TrialMemory.outputs(p)) + value.parameters() + value.outputs()
            + 1;
        int trials = s.training().trialsPerUpdate();
        var size = new TrialMemory.Size("filters", networks, policy.acting(steps),
            Math.max(policy.passing(steps, trials), value.passing(steps, trials)), Math.max(policy.passing(steps), value.passing(steps)));
        return TrialMemory.of(s.training(), size, p, work);
    }
}
