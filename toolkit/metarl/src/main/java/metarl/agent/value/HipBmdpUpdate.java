package metarl.agent.value;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import metarl.agent.DivergedException;
import metarl.agent.LearnerState;
import metarl.agent.transfer.HiddenParameterModel;
import metarl.agent.transfer.TaskEmbeddings;
import metarl.data.Batch;
import metarl.nn.Adam;
import metarl.nn.Gradients;
import metarl.nn.Loss;
import metarl.nn.Parameters;
import metarl.nn.Rows;
import metarl.nn.SquashedGaussian;

/** One update of all that HiP-BMDP learns. */
final class HipBmdpUpdate {
    private final HipBmdpNetworks networks;
    private final HipBmdp settings;
    private final List<Parameters> together;
    private final List<Adam> optimizers;
    private final Adam actorOptimizer;
    private final Adam temperatureOptimizer;
    private long updates;

    HipBmdpUpdate(HipBmdpNetworks networks) {
        this.networks = networks;
        settings = networks.settings;
        double rate = settings.base().learningRate();
        together = networks.learnedTogether();
        optimizers = together.stream().map(p -> new Adam(p, p == networks.embeddings ? settings.embeddingRate() : rate)).toList();
        actorOptimizer = new Adam(networks.actor, rate);
        temperatureOptimizer = new Adam(networks.temperature, settings.temperatureRate());
    }

    LearnerState declare(LearnerState state) {
        for (int i = 0; i < optimizers.size(); i++)
            state.optimizer("optimiser of " + List.of("critics", "model", "embeddings", "encoder").get(i), optimizers.get(i));
        return state.optimizer("actor's optimiser", actorOptimizer).optimizer("temperature's optimiser", temperatureOptimizer)
            .part("updates", out -> out.writeLong(updates), in -> updates = in.readLong());
    }

    /**
     * What an update draws, standard normal, rows × action each.
     *
     * @param actions ε of ã; looked at when the actor's turn comes
     * @param nextActions ε of ã'
     */
    record Noise(float[] actions, float[] nextActions) {}

    /** One of critics, encoder, model and embeddings, and every {@code delay}-th time one of actor, temperature and targets. */
    Map<String, Double> step(Batch batch, Noise noise) {
        var found = new LinkedHashMap<String, Double>();
        critics(batch, noise, found);
        if (++updates % settings.delay() != 0) return found;
        actor(batch, noise, found);
        networks.targetCritics.moveTowards(networks.critics, settings.base().targetRate());
        if (networks.encoder != null) networks.targetEncoder.moveTowards(networks.encoder, settings.encoderTargetRate());
        return found;
    }

    private double temperature() {
        return SoftActorCritic.temperature(networks.temperature);
    }

    private NDArray actions(float[] values, NDManager scope) {
        return Rows.array(values, networks.problem.actionSize(), scope);
    }

    private void critics(Batch batch, Noise noise, Map<String, Double> found) {
        int[] tasks = batch.tasks(), others = IntStream.range(0, tasks.length).map(i -> tasks[tasks.length - 1 - i]).toArray();
        try (NDManager scope = networks.critics.manager().newSubManager()) {
            NDArray seen = networks.seen(batch.observations(), scope), done = actions(batch.actions(), scope);
            NDArray all = Gradients.recorded(() -> networks.embeddings(scope)),
                own = Gradients.recorded(() -> TaskEmbeddings.of(all, tasks)),
                latents = Gradients.recorded(() -> networks.encoded(seen, networks.encoder));
            NDArray next = networks.seen(batch.nextObservations(), scope),
                nextLatents = Gradients.unrecorded(() -> networks.encoded(next, networks.encoder));
            NDArray target = target(batch, noise, next, nextLatents, own, scope);
            NDArray critic = Gradients.recorded(() -> networks.pieces.criticLoss(networks.state(latents, own), done, target,
                networks.critics));
            var outcome = new HiddenParameterModel.Outcome(nextLatents, networks.paid(batch.rewards(), scope), next);
            var losses = Gradients.recorded(() -> networks.modelled.losses(new HiddenParameterModel.Steps(latents, done, own), outcome,
                TaskEmbeddings.of(all, others), settings.wholeBatch(), networks.changeUnits(), networks.model.list()));
            report("criticLoss", critic, found);
            report("transitionLoss", losses.transition(), found);
            report("rewardLoss", losses.reward(), found);
            if (losses.reconstruction() != null) report("reconstructionLoss", losses.reconstruction(), found);
            report("embeddingLoss", losses.embedding(), found);
            descend(Gradients.recorded(() -> critic.add(losses.total(settings.embeddingWeight()))), scope);
        }
    }

    /** y = r + γ (1 − d) (min(Q̄₁, Q̄₂)(h̄', ã') − α log π(ã'|h')), with h̄' of the slow encoder. */
    private NDArray target(Batch batch, Noise noise, NDArray next, NDArray nextLatents, NDArray embeddings, NDManager scope) {
        return Gradients.unrecorded(() -> networks.pieces.target(Rows.array(batch.rewards(), 1, scope),
            Rows.array(batch.notTerminated(), 1, scope), networks.state(nextLatents, embeddings),
            networks.state(networks.encoded(next, networks.targetEncoder), embeddings), actions(noise.nextActions, scope), networks.actor,
            networks.targetCritics, temperature()));
    }

    /** One gradient of everything, a step of each optimiser. */
    private void descend(NDArray total, NDManager scope) {
        var parameters = new NDList();
        for (Parameters p : together) parameters.addAll(p.list());
        NDList gradients = Gradients.of(total, parameters);
        int at = 0;
        for (int i = 0; i < together.size(); i++) {
            int size = together.get(i).list().size();
            optimizers.get(i).descend(gradients.subNDList(at, at + size), scope);
            at += size;
        }
    }

    private void actor(Batch batch, Noise noise, Map<String, Double> found) {
        double alpha = temperature();
        try (NDManager scope = networks.actor.manager().newSubManager()) {
            NDArray states = Gradients.unrecorded(() -> networks.state(networks.encoded(networks.seen(batch.observations(), scope),
                networks.encoder), TaskEmbeddings.of(networks.embeddings(scope), batch.tasks())));
            SquashedGaussian.Sample drawn = Gradients.recorded(() -> networks.pieces.act(states, actions(noise.actions, scope),
                networks.actor));
            NDArray loss = Gradients.recorded(() -> networks.pieces.actorLoss(states, drawn, networks.critics, alpha)),
                entropy = Gradients.recorded(() -> SoftActorCritic.temperatureLoss(drawn.logProbability(),
                    settings.base().entropy() * networks.problem.actionSize(), networks.temperature));
            report("actorLoss", loss, found);
            report("temperatureLoss", entropy, found);
            found.put("temperature", alpha);
            found.put("entropy", -Gradients.unrecorded(() -> (double) drawn.logProbability().mean().getFloat()));
            actorOptimizer.minimize(new Loss(loss));
            temperatureOptimizer.minimize(new Loss(entropy));
        }
    }

    private static void report(String name, NDArray loss, Map<String, Double> found) {
        double number = loss.getFloat();
        DivergedException.requireLoss(name, number, "");
        found.put(name, number);
    }
}
