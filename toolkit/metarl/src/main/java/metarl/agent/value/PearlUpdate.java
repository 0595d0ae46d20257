package metarl.agent.value;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import metarl.agent.DivergedException;
import metarl.agent.LearnerState;
import metarl.data.Batch;
import metarl.nn.Adam;
import metarl.nn.Gradients;
import metarl.nn.Loss;
import metarl.nn.Parameters;
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

    /**
     * Transitions and what the networks are told of them; z is that of the row's task.
     *
     * @param states (s, z), with z's gradient
     * @param plain (s, z) without it: what the policy and V see
     * @param next (s', z) without it
     */
    record Rows(NDArray states, NDArray plain, NDArray next, NDArray actions, NDArray rewards, NDArray alive) {
        static Rows of(Batch batch, NDArray z, double rewardScale, NDManager scope) {
            NDArray plainZ = z.stopGradient(), s = rows(scope, batch.observations(), batch.size()),
                next = rows(scope, batch.nextObservations(), batch.size());
            return new Rows(Gradients.recorded(() -> s.concat(z, 1)), Gradients.unrecorded(() -> s.concat(plainZ, 1)),
                Gradients.unrecorded(() -> next.concat(plainZ, 1)), rows(scope, batch.actions(), batch.size()),
                Gradients.unrecorded(() -> Gradients.scaled(rows(scope, batch.rewards(), batch.size()), rewardScale)),
                rows(scope, batch.notTerminated(), batch.size()));
        }
    }

    private static NDArray rows(NDManager scope, float[] values, long rows) {
        return scope.create(values, new Shape(rows, values.length / rows));
    }

    /**
     * A step of critics and encoder, of V or the temperature, of the policy, and of the targets.
     *
     * @param contexts as many transitions of each task, task by task, as the encoder reads them
     * @param batch as many transitions of each task, in the same order of tasks
     */
    Map<String, Double> step(float[] contexts, Batch batch, int tasks, Noise noise) {
        var found = new LinkedHashMap<String, Double>();
        try (NDManager scope = networks.critics.manager().newSubManager()) {
            PearlEncoder.Gaussians posterior = Gradients.recorded(() -> networks.encoder.posterior(
                rows(scope, contexts, contexts.length / networks.encoder.network().inputs()), tasks,
                networks.critics.section(PearlNetworks.ENCODER)));
            NDArray z = Gradients.recorded(() -> PearlEncoder.draw(posterior, rows(scope, noise.latents, tasks), batch.size() / tasks));
            var rows = Rows.of(batch, z, settings.rewardScale(), scope);
            critics(rows, posterior, noise, found);
            policy(rows, rows(scope, noise.actions, batch.size()), found);
        }
        networks.targets.moveTowards(networks.followed(), settings.targetRate());
        return found;
    }

    private NDArray value(NDArray states, Parameters parameters) {
        return networks.value.forward(states, parameters.section(PearlNetworks.VALUE));
    }

    private double temperature() {
        return settings.learnedTemperature() ? SoftActorCritic.temperature(networks.other) : 1;
    }

    /** (Q₁ − y)² + (Q₂ − y)² + the divergence from the prior: all that the encoder learns from. */
    private void critics(Rows rows, PearlEncoder.Gaussians posterior, Noise noise, Map<String, Double> found) {
        NDArray target = target(rows, noise);
        NDArray fit = Gradients.recorded(() -> networks.pieces.criticLoss(rows.states, rows.actions, target, networks.critics)),
            divergence = Gradients.recorded(() -> PearlEncoder.divergence(posterior));
        found.put("criticLoss", number("criticLoss", fit));
        found.put("kl", number("kl", divergence));
        criticOptimizer.minimize(new Loss(Gradients.recorded(() -> fit.add(Gradients.scaled(divergence, settings.klWeight())))));
    }

    /** y = r + γ (1 − d) V̄(s', z), or with the slow critics in place of V̄. */
    private NDArray target(Rows rows, Noise noise) {
        if (settings.learnedTemperature()) return networks.pieces.target(rows.rewards, rows.alive, rows.next,
            rows(rows.next.getManager(), noise.nextActions, rows.next.getShape().get(0)), networks.actor, networks.targets, temperature());
        return Gradients.unrecorded(
            () -> TemporalDifference.target(rows.rewards, rows.alive, settings.discount(), value(rows.next, networks.targets)));
    }

    /** α log π − min Q with the critics of just now, its regularisers, and what stands on the same draw of actions. */
    private void policy(Rows rows, NDArray noise, Map<String, Double> found) {
        double alpha = temperature();
        NDArray outputs = Gradients.recorded(
            () -> networks.pieces.actor().forward(rows.plain, networks.actor.section(SoftActorCritic.ACTOR)));
        SquashedGaussian.Sample drawn = Gradients.recorded(() -> networks.pieces.distribution().sample(outputs, noise));
        NDArray smaller = Gradients.recorded(() -> networks.pieces.smallerValue(rows.plain, drawn.actions(), networks.critics));
        other(rows, drawn.logProbability(), smaller, found);
        NDArray loss = Gradients.recorded(() -> Gradients.scaled(drawn.logProbability(), alpha).sub(smaller).mean());
        found.put("actorLoss", number("actorLoss", loss));
        found.put("entropy", -Gradients.unrecorded(() -> (double) drawn.logProbability().mean().getFloat()));
        actorOptimizer.minimize(new Loss(Gradients.recorded(() -> loss.add(penalty(outputs)))));
    }

    /** V towards min Q − log π, or the temperature towards its entropy. */
    private void other(Rows rows, NDArray logProbability, NDArray smaller, Map<String, Double> found) {
        NDArray loss;
        if (settings.learnedTemperature()) {
            found.put("temperature", temperature());
            loss = Gradients.recorded(() -> SoftActorCritic.temperatureLoss(logProbability,
                settings.entropy() * networks.problem.actionSize(), networks.other));
            found.put("temperatureLoss", number("temperatureLoss", loss));
        } else {
            NDArray wanted = Gradients.unrecorded(() -> smaller.sub(logProbability));
            loss = Gradients.recorded(() -> value(rows.plain, networks.other).sub(wanted).square().mean());
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
