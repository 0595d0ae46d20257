package metarl.agent.gradient;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import metarl.agent.gradient.EnumeratedProcess.Path;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.nn.Gradients;

/**
 * The meta-gradient (I + α Ĥ) ∇J(θ') as an {@link InnerObjective} estimates it, on a process whose trajectories are all known: gradient and
 * second derivative of the objective on every single trajectory, by the same automatic differentiation as in training. Their means and
 * variances follow without sampling.
 *
 * <p>The sum over the steps of an episode stands in place of their mean, and Âₜ = Rₜ − b, with b = V(sₜ) or 0.
 */
public final class EnumeratedEstimator {
    private final EnumeratedProcess process;
    private final double[] theta;
    private final boolean baseline;
    private final double[] probabilities;
    private final double[][] gradients;
    private final double[][][] hessians;

    private EnumeratedEstimator(EnumeratedProcess process, double[] theta, boolean baseline, double[][] gradients, double[][][] hessians) {
        this.process = process;
        this.theta = theta.clone();
        this.baseline = baseline;
        probabilities = process.probabilities(theta);
        this.gradients = gradients;
        this.hessians = hessians;
    }

    /** Each trajectory is a task of one episode, so that all are differentiated at once. */
    static EnumeratedEstimator of(EnumeratedProcess process, InnerObjective objective, double[] theta, boolean baseline) {
        List<Path> paths = process.paths();
        int n = paths.size(), p = process.parameters(), steps = process.horizon();
        double[] chosen = new double[n * steps * p], advantages = new double[n * steps];
        double[][] values = process.values(theta);
        for (int i = 0; i < n; i++)
            for (int t = 0; t < steps; t++) {
                Path path = paths.get(i);
                chosen[(i * steps + t) * p + path.states()[t] * process.actions() + path.actions()[t]] = 1;
                advantages[i * steps + t] = path.toGo()[t] - (baseline ? values[t][path.states()[t]] : 0);
            }
        double[] all = new double[n * p];
        for (int i = 0; i < n; i++) System.arraycopy(theta, 0, all, i * p, p);
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            NDArray stacked = scope.create(all, new Shape(n, p));
            stacked.setRequiresGradient(true);
            NDArray starts = scope.zeros(new Shape(n, steps), DataType.INT64), choices = scope.create(chosen, new Shape(n, steps, p)),
                weights = scope.create(advantages, new Shape((long) n * steps, 1));
            var parameters = new NDList(stacked);
            NDList slope = Gradients.recorded(() -> {
                NDArray table = stacked.reshape(n, process.states(), process.actions()).logSoftmax(2).reshape(n, p, 1);
                NDArray log = choices.matMul(table).reshape(-1, 1);
                return Gradients.differentiable(objective.gain(log, log.stopGradient(), starts).mul(weights).sum(), parameters);
            });
            double[][][] hessians = new double[n][p][p];
            for (int j = 0; j < p; j++) {
                double[] unit = new double[n * p];
                for (int i = 0; i < n; i++) unit[i * p + j] = 1;
                double[][] column = rows(Gradients.product(slope, parameters, new NDList(scope.create(unit, new Shape(n, p)))).head());
                for (int i = 0; i < n; i++) hessians[i][j] = column[i];
            }
            return new EnumeratedEstimator(process, theta, baseline, rows(slope.head()), hessians);
        }
    }

    private static double[][] rows(NDArray array) {
        double[] flat = array.toDoubleArray();
        int n = (int) array.getShape().get(0), p = flat.length / n;
        return IntStream.range(0, n).mapToObj(i -> Arrays.copyOfRange(flat, i * p, (i + 1) * p)).toArray(double[][]::new);
    }

    /** The gradient on each trajectory. */
    public double[][] gradients() {
        return gradients;
    }

    /** The second derivative on each trajectory. */
    public double[][][] hessians() {
        return hessians;
    }

    /** E[gradient] over all trajectories: ∇J for each of the objectives. */
    public double[] meanGradient() {
        return mean(gradients);
    }

    /** E[second derivative]: what infinitely many episodes would give. */
    public double[][] meanHessian() {
        return IntStream.range(0, theta.length).mapToObj(j -> mean(column(j))).toArray(double[][]::new);
    }

    private double[][] column(int j) {
        return Arrays.stream(hessians).map(h -> h[j]).toArray(double[][]::new);
    }

    private double[] mean(double[][] perTrajectory) {
        double[] mean = new double[theta.length];
        for (int i = 0; i < perTrajectory.length; i++)
            for (int j = 0; j < mean.length; j++) mean[j] += probabilities[i] * perTrajectory[i][j];
        return mean;
    }

    /** (I + α E Ĥ) ∇J(θ') with the exact θ': the meta-gradient of infinitely many episodes. */
    public double[] metaGradient(double rate) {
        return EnumeratedProcess.through(meanHessian(), outer(rate), rate);
    }

    private double[] outer(double rate) {
        return process.gradient(process.adapted(theta, rate));
    }

    /** ‖bias‖ of that meta-gradient: how far even infinitely many episodes lead astray. */
    public double bias(double rate) {
        double[] exact = process.metaGradient(theta, rate), mean = metaGradient(rate);
        return Math.sqrt(IntStream.range(0, exact.length).mapToDouble(j -> Math.pow(mean[j] - exact[j], 2)).sum());
    }

    /**
     * The standard deviation of (I + α Ĥ) ∇J(θ') with Ĥ from that many episodes, all else exact: the root of the sum over entries of the
     * variances, that of one episode divided by their number.
     */
    public double deviation(double rate, int episodes) {
        Require.count(episodes, 1, "episodes", "at least 1");
        double[] v = outer(rate);
        double[][] each = Arrays.stream(hessians).map(h -> EnumeratedProcess.through(h, v, rate)).toArray(double[][]::new);
        double[] mean = mean(each);
        double variance = 0;
        for (int i = 0; i < each.length; i++)
            for (int j = 0; j < mean.length; j++) variance += probabilities[i] * Math.pow(each[i][j] - mean[j], 2);
        return Math.sqrt(variance / episodes);
    }

    /** √(bias² + deviation²): how far from the exact meta-gradient such an estimate lies, root mean square. */
    public double error(double rate, int episodes) {
        return Math.hypot(bias(rate), deviation(rate, episodes));
    }

    /**
     * Estimates as in training, where nothing is exact: episodes of π_θ give θ' = θ + α ĝ and Ĥ, other episodes of π_θ' give the outer
     * gradient. Estimators of one process draw the same episodes from equal streams.
     *
     * @param episodes before the inner step, and after it
     * @param repetitions how many estimates
     * @return repetitions × parameters
     */
    public double[][] sampled(double rate, int episodes, int repetitions, RandomStream random) {
        Require.count(episodes, 1, "episodes", "at least 1");
        double[][] estimates = new double[repetitions][];
        for (int r = 0; r < repetitions; r++) {
            double[] gradient = new double[theta.length];
            double[][] hessian = new double[theta.length][theta.length];
            for (int i : drawn(probabilities, episodes, random))
                for (int j = 0; j < theta.length; j++) {
                    gradient[j] += gradients[i][j] / episodes;
                    for (int k = 0; k < theta.length; k++) hessian[j][k] += hessians[i][j][k] / episodes;
                }
            double[] outer = outerGradient(EnumeratedProcess.moved(theta, gradient, rate), episodes, random);
            estimates[r] = EnumeratedProcess.through(hessian, outer, rate);
        }
        return estimates;
    }

    private double[] outerGradient(double[] adapted, int episodes, RandomStream random) {
        double[][] values = process.values(adapted);
        double[] outer = new double[adapted.length];
        for (int i : drawn(process.probabilities(adapted), episodes, random)) {
            Path path = process.paths().get(i);
            double[] advantages = IntStream.range(0, process.horizon())
                .mapToDouble(t -> path.toGo()[t] - (baseline ? values[t][path.states()[t]] : 0)).toArray();
            double[] score = process.score(path, adapted, advantages);
            for (int j = 0; j < outer.length; j++) outer[j] += score[j] / episodes;
        }
        return outer;
    }

    private static int[] drawn(double[] probabilities, int count, RandomStream random) {
        return IntStream.range(0, count).map(c -> {
            double u = random.nextDouble();
            int i = 0;
            while (i < probabilities.length - 1 && u >= probabilities[i]) u -= probabilities[i++];
            return i;
        }).toArray();
    }
}
