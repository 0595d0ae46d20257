package metarl.agent.gradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import metarl.agent.Problem;
import metarl.agent.Seated;
import metarl.basics.RandomStream;
import metarl.data.Pictures;
import metarl.data.Trajectory;
import metarl.env.Step;
import metarl.nn.ActionDistribution;
import metarl.nn.Gaussian;
import metarl.nn.Loss;
import metarl.nn.SequenceNetwork;
import metarl.task.Task;
import metarl.task.families.Bandit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Rl2Test {
    private static final Task ARMS = Bandit.bernoulli(3).task(0.1, 0.5, 0.9);
    private static final Problem PROBLEM = new Problem(1, 1, 3, 2, true, 1);
    private static final ActionDistribution HEAD = ActionDistribution.of(PROBLEM.actionSize(), PROBLEM.discrete());
    private static final Rl2 SETTINGS = Rl2.bandit(4).hidden(6).trialsPerUpdate(8).trialsPerBatch(4).entropyCoefficient(0.05);

    private static final Pictures NONE = new Pictures();

    private static TrialLearner learner() {
        return (TrialLearner) SETTINGS.learner(PROBLEM, 1);
    }

    /** Trials of four pulls. */
    private static TrialBatch batch(List<Trajectory> pulls) {
        return TrialBatch.of(IntStream.range(0, pulls.size() / 4).mapToObj(i -> pulls.subList(4 * i, 4 * i + 4)).toList(), HEAD,
            false);
    }

    /** A pull of an arm, as an episode. */
    private static Trajectory pull(int arm, double reward) {
        var episode = new Trajectory(ARMS, new double[1]);
        episode.add(new double[] {arm}, new Step(new double[1], reward, false, true, new double[] {arm, 0}));
        return episode;
    }

    /** Trials of the same number of pulls that differ. */
    private static List<Trajectory> pulls(int trials, int perTrial) {
        var random = RandomStream.of(3, "pulls");
        var all = new ArrayList<Trajectory>();
        for (int i = 0; i < trials * perTrial; i++) all.add(pull(random.nextInt(3), random.nextInt(2)));
        return all;
    }

    @Test
    void advantagesEqualTheirClosedForms() {
        double[] rewards = {1, 2, 3}, values = {0.5, -1, 2, 4};
        assertArrayEquals(new double[] {1 + 0.9 * -1 - 0.5, 2 + 0.9 * 2 + 1, 3 + 0.9 * 4 - 2},
            Advantages.generalized(rewards, values, 0.9, 0), 1e-12);
        double last = 3 + 0.9 * 4, middle = 2 + 0.9 * last, first = 1 + 0.9 * middle;
        assertArrayEquals(new double[] {first - 0.5, middle + 1, last - 2}, Advantages.generalized(rewards, values, 0.9, 1), 1e-12);
    }

    /** With the true values no step is better than another, whether the sequence terminates or goes on for ever and is cut off. */
    @Test
    void theLastValueSaysHowASequenceEnded() {
        double discount = 0.9, forEver = 1 / (1 - discount);
        double[] rewards = {1, 1, 1}, none = new double[3];
        double[] terminated = {1 + discount + discount * discount, 1 + discount, 1, 0}, cutOff = {forEver, forEver, forEver, forEver};
        for (double lambda : new double[] {0, 0.5, 1}) {
            assertArrayEquals(none, Advantages.generalized(rewards, terminated, discount, lambda), 1e-12);
            assertArrayEquals(none, Advantages.generalized(rewards, cutOff, discount, lambda), 1e-12);
        }
        String message = assertThrows(IllegalArgumentException.class, () -> Advantages.generalized(rewards, rewards, 0.9, 1)).getMessage();
        assertTrue(message.contains("3 rewards and 3 values"), message);
    }

    @Test
    void aChoiceHasTheProbabilityDivergenceAndEntropyOfItsLogits() {
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            NDArray old = scope.create(new float[] {0, 1, 2}, new Shape(1, 3)), now = scope.create(new float[] {1, 1, 0}, new Shape(1, 3));
            double[] p = softmax(0, 1, 2), q = softmax(1, 1, 0);
            double divergence = 0, entropy = 0;
            for (int a = 0; a < 3; a++) {
                divergence += p[a] * Math.log(p[a] / q[a]);
                entropy -= q[a] * Math.log(q[a]);
            }
            assertEquals(Math.log(q[2]), HEAD.logProbability(now, scope.create(new float[] {0, 0, 1}, new Shape(1, 3))).getFloat(), 1e-6);
            assertEquals(divergence, HEAD.divergence(old, now).getFloat(), 1e-6);
            assertEquals(entropy, HEAD.entropy(now).getFloat(), 1e-6);
        }
    }

    private static double[] softmax(double... logits) {
        double sum = Arrays.stream(logits).map(Math::exp).sum();
        return Arrays.stream(logits).map(l -> Math.exp(l) / sum).toArray();
    }

    @Test
    void realActionsHaveTheDensityDivergenceAndEntropyOfANormalDistribution() {
        var head = new Gaussian(1);
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            NDArray old = scope.create(new float[] {0.5f, (float) Math.log(2)}, new Shape(1, 2)),
                now = scope.create(new float[] {-1, (float) Math.log(3)}, new Shape(1, 2));
            double z = (0.2 + 1) / 3;
            assertEquals(-z * z / 2 - Math.log(3) - Math.log(2 * Math.PI) / 2,
                head.logProbability(now, scope.create(new float[] {0.2f}, new Shape(1, 1))).getFloat(), 1e-6);
            assertEquals(Math.log(3.0 / 2) + (4 + 1.5 * 1.5) / 18 - 0.5, head.divergence(old, now).getFloat(), 1e-6);
            assertEquals(Math.log(3) + Math.log(2 * Math.PI * Math.E) / 2, head.entropy(now).getFloat(), 1e-6);
        }
    }

    @Test
    void drawsFollowTheProbabilities() {
        float[] logits = {9, 0, 1, 2};
        var random = RandomStream.of(1, "draws");
        int[] counts = new int[3];
        for (int i = 0; i < 30_000; i++) counts[(int) HEAD.sample(logits, 1, random)[0]]++;
        double[] p = softmax(0, 1, 2);
        for (int a = 0; a < 3; a++) assertEquals(p[a], counts[a] / 30_000.0, 0.01);
        assertEquals(2, HEAD.mode(logits, 1)[0]);
    }

    private static Loss loss(TrialLearner learner, TrialBatch batch, float[] old, float[] advantages, NDManager scope) {
        return loss(learner, batch, old, advantages, SETTINGS.training().entropyCoefficient(), scope);
    }

    private static Loss loss(TrialLearner learner, TrialBatch batch, float[] old, float[] advantages, double entropyCoefficient,
        NDManager scope) {
        int[] all = new int[batch.trials()];
        for (int i = 0; i < all.length; i++) all[i] = i;
        var data = new TrialData(learner.policyNetwork(), null, HEAD, batch, old, advantages, null, null, Ppo::valueLoss);
        var minibatch = data.minibatch(all, scope);
        return minibatch.policyLoss(outputs -> SETTINGS.training().ppo().policyLoss(HEAD, outputs, minibatch.rows(), entropyCoefficient));
    }

    private static float[] numbers(int n, int factor) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = (float) ((i * factor % 101 - 50) / 50.0);
        return values;
    }

    @Test
    void gradientOfTheClippedObjectiveThroughAllStatesOfTheMemory() {
        try (var learner = learner(); NDManager scope = NDManager.newBaseManager("PyTorch")) {
            var parameters = learner.policyNetwork().parameters;
            float[] theta = parameters.values();
            // larger weights in the last layer, so that the memory has a say
            for (int i = 0; i < theta.length; i++) theta[i] = (float) ((i * 37 % 101 - 50) / 70.0);
            parameters.setValues(theta);
            TrialBatch batch = batch(pulls(5, 4));
            float[] old = numbers(5 * 4 * 3, 13), advantages = numbers(5 * 4, 29);
            NDList gradient = loss(learner, batch, old, advantages, scope).gradients(parameters);
            int at = 0;
            double largest = 0, worst = 0;
            for (NDArray array : gradient) for (float g : array.toFloatArray()) largest = Math.max(largest, Math.abs(g));
            for (NDArray array : gradient)
                for (float g : array.toFloatArray()) {
                    int i = at++;
                    if (i % 3 != 0) continue;
                    float h = 2e-3f;
                    double up = moved(learner, theta, i, h, batch, old, advantages, scope),
                        down = moved(learner, theta, i, -h, batch, old, advantages, scope);
                    worst = Math.max(worst, Math.abs((up - down) / (2 * h) - g));
                }
            assertEquals(theta.length, at);
            assertTrue(largest > 0.01 && worst < 0.02 * largest, "largest error " + worst + " of entries up to " + largest);
        }
    }

    private static double moved(TrialLearner learner, float[] theta, int i, float h, TrialBatch batch, float[] old, float[] advantages,
        NDManager scope) {
        float[] values = theta.clone();
        values[i] += h;
        learner.policyNetwork().parameters.setValues(values);
        return loss(learner, batch, old, advantages, scope).number();
    }

    @Test
    void paddingChangesNothing() {
        try (var learner = learner(); NDManager scope = NDManager.newBaseManager("PyTorch")) {
            TrialBatch batch = batch(pulls(3, 4)), padded = padded(batch, 7);
            float[] old = numbers(3 * 4 * 3, 13), advantages = numbers(3 * 4, 29);
            var plain = loss(learner, batch, old, advantages, scope);
            var longer = loss(learner, padded, spread(old, 3, 4, 7, 3), spread(advantages, 3, 4, 7, 1), scope);
            assertEquals(plain.number(), longer.number());
            NDList a = plain.gradients(learner.policyNetwork().parameters), b = longer.gradients(learner.policyNetwork().parameters);
            for (int i = 0; i < a.size(); i++) assertArrayEquals(a.get(i).toFloatArray(), b.get(i).toFloatArray(), 1e-8f);
        }
    }

    private static TrialBatch padded(TrialBatch batch, int length) {
        int n = batch.trials();
        return new TrialBatch(length, batch.inputSize(), 3, spread(batch.inputs(), n, batch.length(), length, batch.inputSize()),
            spread(batch.actions(), n, batch.length(), length, 3), spread(batch.rewards(), n, batch.length(), length, 1), batch.lengths(),
            NONE);
    }

    /** The same rows with others behind them that are not zero: what lies in the padding must not matter. */
    private static float[] spread(float[] values, int trials, int from, int to, int width) {
        float[] wide = new float[trials * to * width];
        Arrays.fill(wide, 0.3f);
        for (int i = 0; i < trials; i++) System.arraycopy(values, i * from * width, wide, i * to * width, from * width);
        return wide;
    }

    @Test
    void theMemoryLastsThroughATrialAndEndsWithIt() {
        try (var learner = learner()) {
            RecurrentNetwork network = learner.policyNetwork();
            float[] fresh = outputs(network), afterPaid = outputs(network, pull(1, 1)), afterUnpaid = outputs(network, pull(1, 0));
            assertNotEquals(afterPaid[0], afterUnpaid[0], "what an earlier episode paid is remembered");
            float[] longAgo = outputs(network, pull(1, 1), pull(2, 0)), other = outputs(network, pull(1, 0), pull(2, 0));
            assertNotEquals(longAgo[0], other[0], "also two episodes later");
            assertArrayEquals(fresh, outputs(network), "a new trial knows nothing of another");
        }
    }

    /** Logits for the first pull after these episodes. */
    private static float[] outputs(RecurrentNetwork network, Trajectory... past) {
        int size = RecurrentPolicy.inputSize(1, HEAD);
        float[] input = new float[size], out = null;
        SequenceNetwork.Memory memory = network.start(1, NONE);
        double[] lastAction = null;
        double lastReward = 0;
        for (int e = 0; e <= past.length; e++) {
            RecurrentPolicy.write(input, 0, new double[1], lastAction, lastReward, true, HEAD);
            out = network.step(input, memory);
            if (e == past.length) break;
            lastAction = past[e].action(0);
            lastReward = past[e].step(0).reward();
        }
        return out;
    }

    @Test
    void whatIsTrainedOnIsWhatWasActedOn() {
        try (var learner = learner(); NDManager scope = NDManager.newBaseManager("PyTorch")) {
            Trajectory[] trial = {pull(1, 1), pull(2, 0), pull(0, 1), pull(2, 1)};
            TrialBatch batch = batch(List.of(trial));
            float[] all = learner.policyNetwork().outputs(scope.create(batch.inputs(), new Shape(1, 4, batch.inputSize())), NONE)
                .toFloatArray();
            for (int e = 0; e < 4; e++) {
                float[] acted = outputs(learner.policyNetwork(), Arrays.copyOf(trial, e));
                for (int a = 0; a < 3; a++) assertEquals(acted[a], all[3 * e + a], 1e-6);
            }
        }
    }

    @Test
    void adaptingIsRemembering() {
        try (var learner = learner();
            var adapted = learner.adapt(List.of(pull(1, 1), pull(1, 1)), RandomStream.of(1, "x"))) {
            double[][] start = {{0}};
            int differences = 0;
            for (int i = 0; i < 200; i++) {
                double plain = learner.policy().start(1, RandomStream.of(i, "a")).act(start)[0][0];
                double primed = adapted.policy().start(1, RandomStream.of(i, "a")).act(start)[0][0];
                if (plain != primed) differences++;
            }
            assertTrue(differences > 0, "other draws after other experience");
        }
    }

    @Test
    void theFirstGradientStepHasRatioOne() {
        try (var learner = learner();
            NDManager scope = NDManager.newBaseManager("PyTorch")) {
            TrialBatch batch = batch(pulls(3, 4));
            float[] byStep = learner.policyNetwork().outputs(scope.create(batch.inputs(), new Shape(3, 4, batch.inputSize())), NONE)
                .toFloatArray(), old = new float[byStep.length];
            for (int t = 0; t < 4; t++) for (int i = 0; i < 3; i++) System.arraycopy(byStep, (t * 3 + i) * 3, old, (i * 4 + t) * 3, 3);
            float[] advantages = numbers(12, 29);
            double mean = 0;
            for (float a : advantages) mean += a / 12;
            assertEquals(-mean, loss(learner, batch, old, advantages, 0, scope).number(), 1e-6);
        }
    }

    @Test
    void theValueIsToldHowMuchOfTheTrialIsOver() {
        TrialBatch batch = batch(pulls(2, 4));
        float[] timed = batch.timedInputs(8);
        int width = batch.inputSize() + 1;
        for (int row = 0; row < 8; row++) {
            assertArrayEquals(Arrays.copyOfRange(batch.inputs(), row * batch.inputSize(), (row + 1) * batch.inputSize()),
                Arrays.copyOfRange(timed, row * width, row * width + width - 1));
            assertEquals(row % 4 / 8f, timed[row * width + width - 1]);
        }
    }

    @Test
    void theReportSaysWhatShareOfTheReturnsIsForeseen() {
        try (var learner = learner()) {
            double first = 0, last = 0;
            for (int i = 0; i < 60; i++) {
                learner.store(Seated.of(new int[8], 4, pulls(8, 4)));
                last = learner.update().get("explainedVariance");
                if (i == 0) first = last;
            }
            // draws are the same every time, so a value that knows the trials and their time can foresee most
            assertTrue(first < 0.2 && last > 0.5 && last <= 1, first + " at first, " + last + " at last");
        }
    }

    @ParameterizedTest
    @CsvSource({"bandit, 128, 25000", "mdp, 128, 2500", "maze, 256, 4", "cheetah-vel, 64, 100"})
    void releasedSettingsAreThoseOfTheSources(String problem, int hidden, int trials) {
        Rl2 released = Rl2.released(problem, 10);
        assertEquals(hidden, released.hidden());
        assertEquals(trials, released.training().trialsPerUpdate());
        assertEquals(0.99, released.training().discount());
        String message = assertThrows(IllegalArgumentException.class, () -> Rl2.released("chess", 10)).getMessage();
        assertTrue(message.contains("'chess'") && message.contains(problem), message);
    }

    @ParameterizedTest
    @CsvSource({"0, 0.99, 1, 0.2, 5, 8, 4, 1e-3, 0, 0.03, 2, hidden", "4, 1.1, 1, 0.2, 5, 8, 4, 1e-3, 0, 0.03, 2, discount",
        "4, NaN, 1, 0.2, 5, 8, 4, 1e-3, 0, 0.03, 2, discount",
        "4, 0.99, -0.1, 0.2, 5, 8, 4, 1e-3, 0, 0.03, 2, lambda", "4, 0.99, 1, 0, 5, 8, 4, 1e-3, 0, 0.03, 2, clip",
        "4, 0.99, 1, 1, 5, 8, 4, 1e-3, 0, 0.03, 2, clip",
        "4, 0.99, 1, 0.2, 0, 8, 4, 1e-3, 0, 0.03, 2, epochs", "4, 0.99, 1, 0.2, 5, 0, 4, 1e-3, 0, 0.03, 2, trialsPerUpdate",
        "4, 0.99, 1, 0.2, 5, 8, 0, 1e-3, 0, 0.03, 2, trialsPerBatch",
        "4, 0.99, 1, 0.2, 5, 8, 4, -1, 0, 0.03, 2, learningRate", "4, 0.99, 1, 0.2, 5, 8, 4, 1e-3, -1, 0.03, 2, entropyCoefficient",
        "4, 0.99, 1, 0.2, 5, 8, 4, 1e-3, 0, 0, 2, divergenceLimit",
        "4, 0.99, 1, 0.2, 5, 8, 4, 1e-3, 0, 0.03, 0, episodesPerTrial"})
    void settingsOutsideTheirRangeAreRefused(int hidden, double discount, double lambda, double clip, int epochs, int trials, int batch,
        double rate, double entropy, double limit,
        int episodes, String name) {
        String message = assertThrows(IllegalArgumentException.class,
            () -> new Rl2(hidden, TrialPpo.of(discount, lambda, clip, epochs, trials, batch, rate, entropy, limit, episodes))).getMessage();
        assertTrue(message.startsWith(name) && message.contains("expected"), message);
    }
}
