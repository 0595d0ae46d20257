package metarl.agent.transfer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.nio.file.Path;
import java.util.Map;
import metarl.agent.LearnerState;
import metarl.agent.model.DynamicsModel.Prediction;
import metarl.agent.model.DynamicsModel.Units;
import metarl.basics.RandomStream;
import metarl.data.MetaReplay;
import metarl.nn.Adam;
import metarl.nn.Parameters;
import metarl.nn.Sections;

/** A context encoder and a forward model with their parameters, while they learn and afterwards. */
public final class FittedContextModel implements AutoCloseable {
    private final ContextModel settings;
    private final ContextEncoder encoder;
    private final ForwardModel forward;
    private final Parameters parameters;
    private final Adam optimizer;

    FittedContextModel(ContextModel settings, int observationSize, int actionSize, long seed) {
        this.settings = settings;
        int z = settings.contextSize();
        encoder = z == 0 ? null : ContextEncoder.of(observationSize, actionSize, settings.history(), z,
            settings.encoderHidden().stream().mapToInt(w -> w).toArray());
        forward = ForwardModel.of(observationSize, actionSize, z, settings.hidden(), settings.layers());
        Sections before = encoder == null ? Sections.of() : Sections.of().and(ContextEncoder.NETWORK, encoder.network());
        parameters = new Parameters(forward.sections(before), RandomStream.of(seed, "context model"));
        optimizer = new Adam(parameters, settings.learningRate());
    }

    /** What was asked for. */
    public ContextModel settings() {
        return settings;
    }

    /** C. */
    public ContextEncoder encoder() {
        throw new UnsupportedOperationException();
    }

    /** F. */
    public ForwardModel forward() {
        return forward;
    }

    /** Those of both. */
    public Parameters parameters() {
        return parameters;
    }

    /** Units of s and a, and of the change of s. */
    public Units units() {
        throw new UnsupportedOperationException();
    }

    /** What F says of the change of s in units of mean 0 and deviation 1, with the present parameters. */
    public Prediction predict(NDArray observations, NDArray actions, NDArray contexts) {
        throw new UnsupportedOperationException();
    }

    /** The arrays of F. */
    public NDList forwardArrays() {
        throw new UnsupportedOperationException();
    }

    /** Measures the units. */
    public void measure(MetaReplay data, int... tasks) {
        throw new UnsupportedOperationException();
    }

    /** A step of Adam. */
    public Map<String, Double> step(MetaReplay data, int[] tasks, RandomStream random) {
        throw new UnsupportedOperationException();
    }

    /** Measures, then many steps. */
    public FittedContextModel fit(MetaReplay data, int[] tasks, int updates, RandomStream random) {
        throw new UnsupportedOperationException();
    }

    /** z of histories, n × z. */
    public float[] embeddings(float[] histories, int n) {
        throw new UnsupportedOperationException();
    }

    /** The mean embedding of a task. */
    public float[] feature(MetaReplay data, int task, int segments, RandomStream random) {
        throw new UnsupportedOperationException();
    }

    /** Networks, optimiser, units. */
    public LearnerState declare(LearnerState state, String prefix) {
        throw new UnsupportedOperationException();
    }

    /** Into a file. */
    public void save(Path file) {
        throw new UnsupportedOperationException();
    }

    /** From a file. */
    public static FittedContextModel load(Path file) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        parameters.close();
        optimizer.close();
    }
}
