package metarl.agent.value;

import java.util.List;
import metarl.agent.Belief;
import metarl.agent.LatentGaussian;
import metarl.agent.Policy;
import metarl.basics.Require;

/**
 * What PEARL believes of a new task.
 *
 * @param beliefs before any episode, after one, and so on
 * @param networks the learner's own, which act by a z
 */
record PearlBelief(List<LatentGaussian> beliefs, PearlNetworks networks) implements Belief {
    PearlBelief {
        beliefs = List.copyOf(beliefs);
    }

    @Override
    public Policy policyFor(double... z) {
        Require.that(z.length == last().size(), "the size of z", z.length, last().size() + ", as this belief has");
        Require.finite("z", z);
        return PearlPolicy.of(networks, z.clone());
    }
}
