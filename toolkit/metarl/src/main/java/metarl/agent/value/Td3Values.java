package metarl.agent.value;

import java.util.HashMap;
import java.util.Map;
import metarl.agent.hindsight.TaskValues;
import metarl.nn.Gaussian;

/**
 * What TD3 holds states and actions of train task j to be worth: V_j(s) = min(Q₁, Q₂)(s, π(s, c_j), c_j), where c_j is the context after
 * the newest step that the task has lived through itself, never of an episode that is to be relabelled.
 *
 * <p>A deterministic policy has no density. In its place stands that of the noise of collection, N(a; π(s, c_j), explorationNoise² I), as
 * the collecting policy tells it, too ({@link metarl.agent.Policy#withNoise}).
 */
final class Td3Values implements TaskValues {
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

    private double[] action(int task, double[] observation) {
        return networks.actionsAfter(new double[][] {observation}, contexts(task))[0];
    }

    @Override
    public double value(int task, double[] observation) {
        return actionValue(task, observation, action(task, observation));
    }

    @Override
    public double actionValue(int task, double[] observation, double[] action) {
        return networks.smallerValues(new double[][] {observation}, new double[][] {action}, contexts(task))[0];
    }

    @Override
    public double logDensity(int task, double[] observation, double[] action) {
        if (settings.explorationNoise() == 0) throw new IllegalStateException(
            "explorationNoise is 0, so that actions have no density; expected above 0 for a relabeller that asks how likely actions are");
        return Gaussian.logDensity(action, action(task, observation), settings.explorationNoise());
    }
}
