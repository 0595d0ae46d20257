package metarl.agent.value;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import metarl.agent.LearnerState;
import metarl.agent.Problem;
import metarl.agent.transfer.HiddenParameterModel;
import metarl.agent.transfer.TaskEmbeddings;
import metarl.basics.RandomStream;
import metarl.data.MetaReplay;
import metarl.data.Transition;
import metarl.env.wrapper.RunningStatistics;
import metarl.nn.Gradients;
import metarl.nn.Mlp;
import metarl.nn.Normalizer;
import metarl.nn.Parameters;
import metarl.nn.Rows;
import metarl.nn.Sections;

/** What HiP-BMDP learns: an actor and critics of encoded states, the encoder, the model and the embeddings; and units. */
final class HipBmdpNetworks {
    private static final String ENCODER = "encoder", TABLE = "embeddings";

    final HipBmdp settings;
    final Problem problem;
    final SoftActorCritic pieces;
    final HiddenParameterModel modelled;
    final Parameters actor;
    final Parameters critics;
    final Parameters temperature;
    final Parameters model;
    final Parameters embeddings;
    /** Null where states are not encoded. */
    final Parameters encoder;
    final Parameters targetCritics;
    /** Null where states are not encoded. */
    final Parameters targetEncoder;
    private final Mlp encoding;
    private final TaskEmbeddings table;
    /** 1 if it was measured; means and deviations of s; deviations of the change of h; mean and deviation of r. */
    private final double[] units;

    HipBmdpNetworks(HipBmdp settings, Problem problem, RandomStream random) {
        this.settings = settings;
        this.problem = problem;
        int o = problem.observationSize(), h = settings.stateSize(problem), theta = settings.embeddingSize();
        boolean encodes = settings.latentSize() > 0;
        Sac sac = settings.base();
        pieces = SoftActorCritic.of(h + (settings.conditioned() ? theta : 0), problem.actionSize(), sac.discount(), sac.hidden(),
            sac.hidden());
        modelled = HiddenParameterModel.of(h, problem.actionSize(), theta, encodes ? o : 0, settings.modelHidden(),
            settings.probabilistic());
        table = TaskEmbeddings.of(problem.tasks(), theta);
        encoding = encodes ? Mlp.of(o, settings.encoderHidden(), settings.encoderHidden(), h) : null;
        actor = new Parameters(pieces.actorSections(), random);
        critics = new Parameters(pieces.criticSections(Sections.of()), random);
        temperature = new Parameters(SoftActorCritic.temperatureSections(sac.temperature()), random);
        model = new Parameters(modelled.sections(), random);
        embeddings = new Parameters(Sections.of().and(TABLE, table), random);
        encoder = encodes ? new Parameters(Sections.of().and(ENCODER, encoding), random) : null;
        targetCritics = critics.copy();
        targetEncoder = encodes ? encoder.copy() : null;
        units = new double[1 + 2 * o + h + 2];
        Arrays.fill(units, 1 + o, 1 + 2 * o + h, 1);
        units[units.length - 1] = 1;
    }

    LearnerState declare(LearnerState state) {
        state.network("actor", actor).network("critics", critics).network("temperature", temperature).network("model", model)
            .network(TABLE, embeddings);
        if (encoder != null) state.network(ENCODER, encoder).target("target of the encoder", targetEncoder, encoder);
        return state.network("units", units).target("targets of the critics", targetCritics, critics);
    }

    /** All but targets and temperature: what an update of the critics changes. */
    List<Parameters> learnedTogether() {
        return Stream.of(critics, model, embeddings, encoder).filter(p -> p != null).toList();
    }

    private Normalizer unit(int from, int size) {
        return normalizer(Arrays.copyOfRange(units, from, from + size), Arrays.copyOfRange(units, from + size, from + 2 * size));
    }

    private static Normalizer normalizer(double[] means, double[] deviations) {
        return new Normalizer(floats(means), floats(deviations));
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) floats[i] = (float) values[i];
        return floats;
    }

    /** d, in which changes of h are foretold: 1 where it is encoded. */
    Normalizer changeUnits() {
        int o = problem.observationSize(), h = settings.stateSize(problem);
        return normalizer(new double[h], Arrays.copyOfRange(units, 1 + 2 * o, 1 + 2 * o + h));
    }

    boolean isMeasured() {
        return units[0] == 1;
    }

    /** Measures the units on all transitions of all tasks. */
    void measure(MetaReplay data) {
        int o = problem.observationSize();
        var seen = RunningStatistics.of(o);
        var changes = RunningStatistics.of(o);
        var paid = RunningStatistics.of(1);
        for (int task : data.filledTasks())
            for (int age = data.of(task).size() - 1; age >= 0; age--) {
                Transition step = data.of(task).recent(age);
                double[] change = step.nextObservation().clone();
                for (int j = 0; j < o; j++) change[j] -= step.observation()[j];
                seen.add(step.observation());
                changes.add(change);
                paid.add(step.reward());
            }
        Normalizer observations = Normalizer.of(seen.mean(), seen.variance()), rewards = Normalizer.of(paid.mean(), paid.variance()),
            moves = Normalizer.of(changes.mean(), changes.variance());
        units[0] = 1;
        for (int j = 0; j < o; j++) {
            units[1 + j] = observations.means()[j];
            units[1 + o + j] = observations.deviations()[j];
            // of the change in units of s
            if (encoder == null) units[1 + 2 * o + j] = moves.deviations()[j] / observations.deviations()[j];
        }
        units[units.length - 2] = rewards.means()[0];
        units[units.length - 1] = rewards.deviations()[0];
    }

    /** s of each row in its units, rows × observation. */
    NDArray seen(float[] observations, NDManager scope) {
        int o = problem.observationSize();
        return Rows.array(Rows.normalized(observations, unit(1, o)), o, scope);
    }

    /** r of each row in its units, rows × 1. */
    NDArray paid(float[] rewards, NDManager scope) {
        return Rows.array(Rows.normalized(rewards, unit(units.length - 2, 1)), 1, scope);
    }

    /** h of each row, recorded if operations are; {@code encoder} is this one, or its slow copy. */
    NDArray encoded(NDArray seen, Parameters encoder) {
        return encoding == null ? seen : encoding.forward(seen, encoder.section(ENCODER));
    }

    /** θ of all tasks, tasks × θ, recorded if operations are. */
    NDArray embeddings(NDManager scope) {
        return table.all(embeddings.section(TABLE), scope);
    }

    /** The same as numbers. */
    double[][] embeddings() {
        try (NDManager scope = embeddings.manager().newSubManager()) {
            return Rows.of(Gradients.unrecorded(() -> embeddings(scope)));
        }
    }

    /** Their mean. */
    double[] meanEmbedding() {
        double[][] all = embeddings();
        double[] mean = new double[settings.embeddingSize()];
        for (double[] one : all) for (int j = 0; j < mean.length; j++) mean[j] += one[j] / all.length;
        return mean;
    }

    /** What actor and critics are told: h, and θ if they are told it, without its gradient. */
    NDArray state(NDArray latents, NDArray embeddings) {
        return settings.conditioned() ? latents.concat(embeddings.stopGradient(), 1) : latents;
    }

    /** What the actor is told of observations, each of a task with this embedding. */
    double[][] states(double[][] observations, double[][] embeddings) {
        double[][] states;
        try (NDManager scope = critics.manager().newSubManager()) {
            float[] flat = Rows.flat(observations, problem.observationSize(), "observation", "");
            states = Rows.of(Gradients.unrecorded(() -> encoded(seen(flat, scope), encoder)));
        }
        if (settings.conditioned()) for (int i = 0; i < states.length; i++)
            states[i] = DoubleStream.concat(Arrays.stream(states[i]), Arrays.stream(embeddings[i])).toArray();
        return states;
    }
}
