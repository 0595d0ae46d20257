package metarl.agent.value;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import metarl.agent.Adaptation;
import metarl.agent.DivergedException;
import metarl.agent.Problem;
import metarl.agent.transfer.HiddenParameterModel;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.data.Batch;
import metarl.data.MetaReplay;
import metarl.data.Trajectory;
import metarl.nn.Adam;
import metarl.nn.Gradients;
import metarl.nn.Loss;
import metarl.nn.Parameters;
import metarl.nn.Rows;

/** The embedding of a new task from its transitions: the mean one, or one that is fitted with all networks as they are. */
final class EmbeddingFit {
    /** So many transitions, the newest, say how good an embedding is. */
    static final int JUDGED = 4_096;

    private final HipBmdpNetworks networks;
    private final HipBmdp settings;
    private final MetaReplay seen;

    EmbeddingFit(HipBmdpNetworks networks, HipBmdp settings, List<Trajectory> shots) {
        this.networks = networks;
        this.settings = settings;
        Problem p = networks.problem;
        int steps = Require.length("the steps of the new task", "the number of shots", shots.stream().mapToLong(Trajectory::length).sum());
        seen = new MetaReplay(1, p.observationSize(), p.actionSize(), p.outcomeSize(), Math.max(1, steps));
        for (Trajectory t : shots) seen.of(0).add(t);
    }

    Adaptation adaptation(RandomStream random) {
        double[] mean = networks.meanEmbedding(), embedding = mean;
        var losses = new ArrayList<Double>();
        boolean fits = settings.newTask() == HipBmdp.NewTask.FIT && seen.size() > 0;
        if (fits) embedding = fitted(mean, random, losses);
        double before = error(mean), after = fits ? error(embedding) : before;
        var evidence = new EmbeddedTask(networks.embeddings(), embedding, seen.size(), losses.size(), before, after);
        return new Adaptation(new HipBmdpPolicy(networks, embedding, false), losses, evidence, List.of());
    }

    /** Steps of Adam on the loss of the transition: what a hidden parameter hides is the dynamics. */
    private double[] fitted(double[] from, RandomStream random, List<Double> losses) {
        float[] start = new float[from.length];
        for (int j = 0; j < start.length; j++) start[j] = (float) from[j];
        try (var theta = new Parameters(List.of(new Parameters.Initial(start, new Shape(1, start.length))));
            var adam = new Adam(theta, settings.fitRate())) {
            for (int i = 0; i < settings.fitUpdates(); i++) {
                MqlLearner.stopIfInterrupted();
                Batch batch = seen.sample(settings.base().batchSize(), random);
                try (NDManager scope = theta.manager().newSubManager()) {
                    var loss = new Loss(Gradients.recorded(() -> networks.modelled.transitionLoss(
                        steps(batch, theta.list().head(), scope), nextLatents(batch, scope), networks.changeUnits(),
                        networks.model.list())));
                    DivergedException.requireLoss("the loss of the embedding", loss.number(), " in the adaptation");
                    losses.add((double) loss.number());
                    adam.minimize(loss);
                }
            }
            return Rows.of(theta.list().head())[0];
        }
    }

    /** @param theta 1 × θ, the same for all rows */
    private HiddenParameterModel.Steps steps(Batch batch, NDArray theta, NDManager scope) {
        NDArray latents = Gradients.unrecorded(() -> networks.encoded(networks.seen(batch.observations(), scope), networks.encoder));
        // a product, because its result lives where the ones live
        return new HiddenParameterModel.Steps(latents, Rows.array(batch.actions(), networks.problem.actionSize(), scope),
            scope.ones(new Shape(batch.size(), 1)).matMul(theta));
    }

    private NDArray nextLatents(Batch batch, NDManager scope) {
        return Gradients.unrecorded(() -> networks.encoded(networks.seen(batch.nextObservations(), scope), networks.encoder));
    }

    /** Mean (ŷ − μ)² of what is foretold of the transitions with this embedding; NaN where there are none. */
    double error(double[] embedding) {
        if (seen.size() == 0) return Double.NaN;
        Batch batch = seen.newest(JUDGED);
        try (NDManager scope = networks.model.manager().newSubManager()) {
            NDArray theta = Rows.array(Rows.flat(new double[][] {embedding}, settings.embeddingSize(), "embedding", ""),
                settings.embeddingSize(), scope);
            return networks.modelled.error(steps(batch, theta, scope), nextLatents(batch, scope), networks.changeUnits(),
                networks.model.list());
        }
    }
}
