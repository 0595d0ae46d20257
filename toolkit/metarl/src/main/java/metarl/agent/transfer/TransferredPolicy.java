package metarl.agent.transfer;

import metarl.agent.Policy;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.env.Step;

/**
 * Any policy of a source task j in a target task i: it does H(s, π(s), z_j, z_i), where π(s) is what the source policy means to do (MCAT,
 * Guo, Wu and Lee 2022, section 3.3).
 *
 * <p>The source policy lives on as if its own actions had been done: {@link Policy.Actor#received} tells it the actions that <em>it</em>
 * meant, not the translated ones, and what followed in the target task. For a policy that reads its task off what actions do, this is what
 * it would see in its own task.
 *
 * <p>With task features z_j is fixed, and z_i is read online, as in the release: the encoder reads the last K steps of the episode in the
 * target task, with the actions that were done there, zeros at its start. Log densities are not known.
 */
public final class TransferredPolicy implements Policy {
    private final Policy source;
    private final Translation translation;
    private final FittedTranslator translator;
    private final float[] sourceFeature;

    private TransferredPolicy(Policy source, Translation translation, FittedTranslator translator, float[] sourceFeature) {
        Require.that(source != null, "source", null, "a policy of the source task");
        this.source = source;
        this.translation = translation;
        this.translator = translator;
        this.sourceFeature = sourceFeature;
    }

    /**
     * By a translation that needs no task features: a translator of one pair, a cycle, or a rule in closed form.
     *
     * @throws IllegalArgumentException if it is a translator with task features
     */
    public static TransferredPolicy of(Policy source, Translation translation) {
        Require.that(translation != null, "translation", null, "a fitted translator, or a different translation");
        Require.that(!(translation instanceof FittedTranslator t) || !t.settings().withFeatures(), "translation",
            "a translator with task features", "one without, or the source task's feature: of(source, translator, sourceFeature)");
        return new TransferredPolicy(source, translation, null, null);
    }

    /**
     * By a translator that is told task features.
     *
     * @param sourceFeature z_j, such as {@link FittedContextModel#feature} says of many segments
     * @throws IllegalArgumentException if the translator has no features, or z_j is of another size
     */
    public static TransferredPolicy of(Policy source, FittedTranslator translator, float[] sourceFeature) {
        Require.that(translator != null && translator.settings().withFeatures(), "translator",
            translator == null ? null : "one without task features", "one with them; without: of(source, translator)");
        int size = translator.dynamics().forward().contextSize();
        Require.that(sourceFeature != null && sourceFeature.length == size, "sourceFeature",
            sourceFeature == null ? null : sourceFeature.length + " entries", size + " entries, the context size");
        return new TransferredPolicy(source, null, translator, sourceFeature.clone());
    }

    /** Begins fresh episodes; the source policy is begun as well, and is not told the number of any task. */
    @Override
    public Actor start(int environments, RandomStream random) {
        return new TransferredActor(environments, source.start(environments, random));
    }

    private final class TransferredActor implements Actor {
        private final Actor actor;
        private final StepHistory history;
        private double[][] meant;

        TransferredActor(int environments, Actor actor) {
            this.actor = actor;
            if (translator == null) {
                history = null;
            } else {
                ForwardModel forward = translator.dynamics().forward();
                history = new StepHistory(environments, translator.dynamics().settings().history(), forward.observationSize(),
                    forward.actionSize());
            }
        }

        @Override
        public double[][] act(double[][] observations) {
            meant = actor.act(observations);
            if (translator == null) return translation.translate(observations, meant);
            history.before(observations);
            float[] features = translator.dynamics().embeddings(history.values(), observations.length);
            return translator.translate(observations, meant, sourceFeature, features);
        }

        /** What the source policy would have meant is drawn, and forgotten: nothing is known of these actions' densities. */
        @Override
        public double[] logDensities(double[][] observations, double[][] actions) {
            meant = actor.act(observations);
            if (history != null) history.before(observations);
            return new double[0];
        }

        @Override
        public void received(double[][] actions, Step[] steps) {
            actor.received(meant, steps);
            if (history != null) history.received(actions, steps);
        }

        @Override
        public void close() {
            actor.close();
        }
    }
}
