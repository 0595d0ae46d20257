package metarl.agent.value;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.Map;
import metarl.agent.DivergedException;
import metarl.agent.LearnerState;
import metarl.data.Batch;
import metarl.nn.Adam;
import metarl.nn.Gradients;
import metarl.nn.Loss;
import metarl.nn.Parameters;
import metarl.nn.Rows;
import metarl.nn.SquashedGaussian;

/** One update of all of PEARL's networks (Rakelly et al. 2019, algorithm 1, lines 12 to 20, in the order of the released code). */
final class PearlUpdate {
    private final PearlNetworks networks;
    private final Pearl settings;
    private final Adam actorOptimizer;
    private final Adam criticOptimizer;
    private final Adam otherOptimizer;

    PearlUpdate(PearlNetworks networks) {
        this.networks = networks;
        settings = networks.settings;
        actorOptimizer = new Adam(networks.actor, settings.learningRate());
        criticOptimizer = new Adam(networks.critics, settings.learningRate());
        otherOptimizer = new Adam(networks.other, settings.learningRate());
    }

    LearnerState declare(LearnerState state) {
        return state.optimizer("actor's optimiser", actorOptimizer).optimizer("optimiser of encoder and critics", criticOptimizer)
            .optimizer((settings.learnedTemperature() ? "temperature" : "value") + "'s optimiser", otherOptimizer);
    }

    /**
     * What an update draws, standard normal.
     *
     * @param latents ε of z, tasks × z
     * @param actions ε of ã, rows × action
     * @param nextActions ε of ã', rows × action; empty where V stands for them
     */
    record Noise(float[] latents, float[] actions, float[] nextActions) {}

    /** (s, z), rows × state; with z's gradient if it has one. */
    static NDArray told(NDArray observations, NDArray z) {
        return Gradients.recorded(() -> observations.concat(z, 1));
    }

    /**
     * A step of critics and encoder, of V or the temperature, of the policy, and of the targets. Each has its own arrays, which end with
     * it: policy, V and targets are told of z by its numbers, without a way back to the encoder.
     *
     * @param batch as many transitions of each task, in the order of the contexts' tasks
     */
    Map<String, Double> step(PearlContext.Contexts contexts, Batch batch, Noise noise) {
        return step(contexts, batch, Counted.ONCE, noise);
    }

    /**
     * What rows count, where some of them are another task's.
     *
     * @param weights of each row in the loss of the critics; null: all once
     * @param scales what each row's target is multiplied by; null: all whole
     */
    record Counted(float[] weights, float[] scales) {
        private static final Counted ONCE = new Counted(null, null);
    }

    /** The same where rows count differently. */
    Map<String, Double> step(PearlContext.Contexts contexts, Batch batch, Counted counted, Noise noise) {
        var found = new LinkedHashMap<String, Double>();
        float[] latents = critics(contexts, batch, counted, noise, found);
        policy(batch, latents, noise, found);
        networks.targets.moveTowards(networks.followed(), settings.targetRate());
        return found;
    }

    private NDArray value(NDArray states, Parameters parameters) {
        return networks.value.forward(states, parameters.section(PearlNetworks.VALUE));
    }

    private double temperature() {
        return settings.learnedTemperature() ? SoftActorCritic.temperature(networks.other) : 1;
    }

    /**
     * (Q₁ − y)² + (Q₂ − y)² + the divergence from the prior: all that the encoder learns from.
     *
     * @return the drawn z of every row
     */
    private float[] critics(PearlContext.Contexts contexts, Batch batch, Counted counted, Noise noise,
        Map<String, Double> found) {
        int n = batch.size(), tasks = contexts.tasks();
        try (NDManager scope = networks.critics.manager().newSubManager()) {
            PearlEncoder.Gaussians posterior = Gradients.recorded(
                () -> networks.posterior(contexts, scope));
            NDArray epsilon = Rows.ofCount(noise.latents, tasks, scope);
            NDArray z = Gradients.recorded(() -> PearlEncoder.draw(posterior, epsilon, n / tasks));
            float[] latents = z.toFloatArray();
            float[] targets = scaled(targets(batch, latents, noise), counted.scales);
            NDArray weights = counted.weights == null ? null : Rows.ofCount(counted.weights, n, scope);
            NDArray states = told(Rows.ofCount(batch.observations(), n, scope), z);
            NDArray fit = Gradients.recorded(() -> networks.pieces.criticLoss(states,
                Rows.ofCount(batch.actions(), n, scope), Rows.ofCount(targets, n, scope), weights,
                networks.critics));
            NDArray divergence = Gradients.recorded(() -> PearlEncoder.divergence(posterior));
            found.put("criticLoss", number("criticLoss", fit));
            found.put("kl", number("kl", divergence));
            criticOptimizer.minimize(new Loss(Gradients.recorded(
                () -> fit.add(Gradients.scaled(divergence, settings.klWeight())))));
            return latents;
        }
    }

    private static float[] scaled(float[] targets, float[] scales) {
        for (int i = 0; scales != null && i < scales.length; i++) targets[i] *= scales[i];
        return targets;
    }

    /** y = r + γ (1 − d) V̄(s', z) of scaled rewards, or with the slow critics in place of V̄. */
    private float[] targets(Batch batch, float[] latents, Noise noise) {
        int n = batch.size();
        try (NDManager scope = networks.targets.manager().newSubManager()) {
            return Gradients.unrecorded(() -> {
                NDArray next = Rows.ofCount(batch.nextObservations(), n, scope).concat(Rows.ofCount(latents, n, scope), 1),
                    rewards = Gradients.scaled(Rows.ofCount(batch.rewards(), n, scope), settings.rewardScale()),
                    alive = Rows.ofCount(batch.notTerminated(), n, scope);
                NDArray target = settings.learnedTemperature()
                    ? networks.pieces.target(rewards, alive, next, Rows.ofCount(noise.nextActions, n, scope), networks.actor,
                        networks.targets,
                        temperature())
                    : TemporalDifference.target(rewards, alive, settings.discount(), value(next, networks.targets));
                return target.toFloatArray();
            });
        }
    }

    /** α log π − min Q with the critics of just now, its regularisers, and what stands on the same draw of actions. */
    private void policy(Batch batch, float[] latents, Noise noise, Map<String, Double> found) {
        int n = batch.size();
        double alpha = temperature();
        try (NDManager scope = networks.actor.manager().newSubManager()) {
            NDArray states = told(Rows.ofCount(batch.observations(), n, scope), Rows.ofCount(latents, n, scope));
            NDArray outputs = Gradients.recorded(
                () -> networks.pieces.actor().forward(states, networks.actor.section(SoftActorCritic.ACTOR)));
            SquashedGaussian.Sample drawn = Gradients.recorded(
                () -> networks.pieces.distribution().sample(outputs, Rows.ofCount(noise.actions, n, scope)));
            NDArray smaller = Gradients.recorded(() -> networks.pieces.smallerValue(states, drawn.actions(), networks.critics));
            NDArray loss = Gradients.recorded(() -> SoftActorCritic.actorLoss(drawn, smaller, alpha));
            found.put("actorLoss", number("actorLoss", loss));
            found.put("entropy", -Gradients.unrecorded(() -> (double) drawn.logProbability().mean().getFloat()));
            actorOptimizer.minimize(new Loss(Gradients.recorded(() -> loss.add(penalty(outputs)))));
            other(states, drawn.logProbability(), smaller, found);
        }
    }

    /** V towards min Q − log π, or the temperature towards its entropy. */
    private void other(NDArray states, NDArray logProbability, NDArray smaller, Map<String, Double> found) {
        NDArray loss;
        if (settings.learnedTemperature()) {
            found.put("temperature", temperature());
            loss = Gradients.recorded(() -> SoftActorCritic.temperatureLoss(logProbability,
                settings.entropy() * networks.problem.actionSize(), networks.other));
            found.put("temperatureLoss", number("temperatureLoss", loss));
        } else {
            NDArray wanted = Gradients.unrecorded(() -> smaller.sub(logProbability));
            loss = Gradients.recorded(() -> value(states, networks.other).sub(wanted).square().mean());
            found.put("valueLoss", number("valueLoss", loss));
        }
        otherOptimizer.minimize(new Loss(loss));
    }

    /** Mean μ² and mean (log σ)², weighted. */
    private NDArray penalty(NDArray outputs) {
        NDList halves = outputs.split(2, 1);
        NDArray logDeviations = halves.get(1).clip(SquashedGaussian.LEAST_LOG_DEVIATION, SquashedGaussian.LARGEST_LOG_DEVIATION);
        return Gradients.scaled(halves.get(0).square().mean().add(logDeviations.square().mean()), settings.policyPenalty());
    }

    private static double number(String name, NDArray loss) {
        double number = loss.getFloat();
        DivergedException.requireLoss(name, number, "");
        return number;
    }
}
