package metarl.agent.meta;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.List;
import metarl.agent.DivergedException;
import metarl.nn.Adam;
import metarl.nn.Gradients;
import metarl.nn.Loss;
import metarl.nn.Parameters;
import metarl.nn.TrustRegion;

/**
 * The cycle of MAML: an outer loss of parameters that inner steps have adapted, as a function of the θ where these steps began (Finn,
 * Abbeel and Levine 2017, algorithm 1). With θ' = θ − α ∇ inner(θ), its gradient is (I − α ∇² inner(θ)) ∇ outer(θ') for one step, exact
 * unless the loop is of first order.
 *
 * <p>One object serves one outer step: {@link #minimize(Adam)} or {@link #minimize(TrustRegion)}. For a further step on the same data there
 * is {@link #again()}.
 */
public final class MetaGradient implements TrustRegion.Model {
    private final Parameters parameters;
    private final int tasks;
    private final InnerLoop loop;
    private final List<InnerLoss> steps;
    private final OuterLoss outer;
    private final NDManager scope;
    private final NDList outputs;
    private final NDList old;
    private final NDArray loss;
    private NDList slope;

    /**
     * The cycle at the present parameters, which are taken for those that the data were collected with.
     *
     * @param parameters θ
     * @param tasks how many tasks the losses are of
     * @param loop how inner steps are taken
     * @param steps the loss of each inner step
     * @param outer judges what they lead to
     * @param scope a short-lived manager, closed after the outer step
     */
    public MetaGradient(Parameters parameters, int tasks, InnerLoop loop, List<InnerLoss> steps, OuterLoss outer, NDManager scope) {
        this(parameters, tasks, loop, steps, outer, scope, null);
    }

    /**
     * The cycle for a further outer step on the same data, with arrays of its own: of many steps in turn, each can be freed before the
     * next.
     *
     * @param earlier what {@link #old()} was at the first; null: this is the first
     */
    public MetaGradient(Parameters parameters, int tasks, InnerLoop loop, List<InnerLoss> steps, OuterLoss outer, NDManager scope,
        NDList earlier) {
        this.parameters = parameters;
        this.tasks = tasks;
        this.loop = loop;
        this.steps = List.copyOf(steps);
        this.outer = outer;
        this.scope = scope;
        outputs = Gradients.recorded(() -> outer.outputs(loop.path(parameters.list(), tasks, this.steps, scope)));
        old = earlier != null ? earlier : new NDList(outputs.stream().map(NDArray::stopGradient).toArray(NDArray[]::new));
        loss = Gradients.recorded(() -> outer.loss(outputs, old));
    }

    /** The cycle at the parameters as they are by now, on the same data: what was said before the first outer step stays what it was. */
    public MetaGradient again() {
        return new MetaGradient(parameters, tasks, loop, steps, outer, scope, old);
    }

    /** What was said before the first outer step on these data; for as long as the scope of the first cycle lasts. */
    public NDList old() {
        return old;
    }

    /** The outer loss. */
    public double loss() {
        return loss.getFloat();
    }

    /**
     * One step of Adam.
     *
     * @return the outer loss before it
     * @throws DivergedException if that is no finite number; θ stays as it is
     */
    public double minimize(Adam optimizer) {
        double before = loss();
        DivergedException.requireLoss("outerLoss", before, "");
        optimizer.minimize(new Loss(loss));
        return before;
    }

    /**
     * One step in a trust region.
     *
     * @throws DivergedException if the outer loss or its gradient is no finite number; θ stays as it is
     */
    public TrustRegion.Step minimize(TrustRegion region) {
        float[] values = parameters.values();
        double[] theta = new double[values.length];
        for (int i = 0; i < theta.length; i++) theta[i] = values[i];
        TrustRegion.Step step = region.minimize(theta, this);
        parameters.setValues(floats(step.parameters()));
        return step;
    }

    @Override
    public double[] gradient() {
        DivergedException.requireLoss("outerLoss", loss(), "");
        // the graph is shared with the slope of the divergence and must last
        double[] gradient = flat(Gradients.product(new NDList(loss), parameters.list(), new NDList(scope.ones(loss.getShape()))));
        for (double g : gradient) DivergedException.requireLoss("the gradient of outerLoss", g, "");
        return gradient;
    }

    @Override
    public double[] curvature(double[] direction) {
        if (slope == null)
            slope = Gradients.recorded(() -> Gradients.differentiable(outer.divergence(outputs, old), parameters.list()));
        try (NDManager brief = scope.newSubManager()) {
            var vectors = new NDList();
            int at = 0;
            for (NDArray p : parameters.list()) {
                int n = (int) p.size();
                vectors.add(brief.create(floats(Arrays.copyOfRange(direction, at, at + n)), p.getShape()));
                at += n;
            }
            NDList product = Gradients.product(slope, parameters.list(), vectors);
            double[] flat = flat(product);
            product.close();
            return flat;
        }
    }

    @Override
    public TrustRegion.Point at(double[] values) {
        float[] present = parameters.values();
        parameters.setValues(floats(values));
        try (NDManager brief = scope.newSubManager()) {
            return judged(parameters, tasks, loop, steps, outer, brief, old);
        } finally {
            parameters.setValues(present);
        }
    }

    /** Loss and divergence at the present parameters, without a gradient: at a part of the cost. The parameters are those of the cycle. */
    public static TrustRegion.Point judged(Parameters parameters, int tasks, InnerLoop loop, List<InnerLoss> steps, OuterLoss outer,
        NDManager scope, NDList old) {
        // inner steps of the same size whatever is differentiated afterwards
        var first = new InnerLoop(loop.rate(), true);
        List<NDList> path = Gradients.recorded(() -> first.path(parameters.list(), tasks, steps, scope));
        return Gradients.unrecorded(() -> {
            NDList there = outer.outputs(path);
            return new TrustRegion.Point(outer.loss(there, old).getFloat(), outer.divergence(there, old).getFloat());
        });
    }

    private static double[] flat(NDList list) {
        double[] all = new double[(int) list.stream().mapToLong(NDArray::size).sum()];
        int at = 0;
        for (NDArray a : list) for (float v : a.toFloatArray()) all[at++] = v;
        return all;
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) floats[i] = (float) values[i];
        return floats;
    }
}
