package metarl.agent.value;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import metarl.agent.hindsight.ValuesOfMany;
import metarl.nn.Gaussian;

/**
 * What TD3 holds states and actions of train task j to be worth: V_j(s) = min(Q₁, Q₂)(s, π(s, c_j), c_j), where c_j is the context after
 * the newest step that the task has lived through itself, never of an episode that is to be relabelled.
 *
 * <p>A deterministic policy has no density. In its place stands that of the noise of collection, N(a; π(s, c_j), explorationNoise² I), as
 * the collecting policy tells it, too ({@link metarl.agent.Policy#withNoise}).
 */
final class Td3Values implements ValuesOfMany {
    private final Td3 settings;
    private final ActorCritic networks;
    private final Td3Hindsight hindsight;
    private final Map<Integer, ActorCritic.Contexts> contexts = new HashMap<>();

    /** At present; what was found of a task is kept, so these serve one episode. */
    Td3Values(Td3 settings, ActorCritic networks, Td3Hindsight hindsight) {
        this.settings = settings;
        this.networks = networks;
        this.hindsight = hindsight;
    }

    private ActorCritic.Contexts contexts(int task) {
        return contexts.computeIfAbsent(task, t -> networks.contexts(hindsight.newestWindow(t)));
    }

    private double[][] actions(int task, double[][] observations) {
        return networks.actionsAfter(observations, contexts(task));
    }

    @Override
    public double[] values(int task, double[][] observations) {
        return actionValues(task, observations, actions(task, observations));
    }

    @Override
    public double[] largerValues(int task, double[][] observations) {
        return networks.values(observations, actions(task, observations), contexts(task), Twin.LARGER);
    }

    @Override
    public double[] actionValues(int task, double[][] observations, double[][] actions) {
        return networks.values(observations, actions, contexts(task), Twin.SMALLER);
    }

    @Override
    public double[] logDensities(int task, double[][] observations, double[][] actions) {
        if (settings.explorationNoise() == 0) throw new IllegalStateException(
            "explorationNoise is 0, so that actions have no density; expected above 0 for a relabeller that asks how likely actions are");
        double[][] meant = actions(task, observations);
        return IntStream.range(0, actions.length)
            .mapToDouble(i -> Gaussian.logDensity(actions[i], meant[i], settings.explorationNoise())).toArray();
    }
}
