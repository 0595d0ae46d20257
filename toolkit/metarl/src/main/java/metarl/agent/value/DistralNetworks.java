package metarl.agent.value;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Collections;
import java.util.stream.IntStream;
import metarl.agent.DistributionRows;
import metarl.agent.DivergedException;
import metarl.agent.Policy;
import metarl.basics.Require;
import metarl.nn.FreeVector;
import metarl.nn.Gradients;
import metarl.nn.MlpEach;
import metarl.nn.Parameters;
import metarl.nn.Rows;
import metarl.nn.Sections;
import metarl.nn.SquashedGaussian;

/**
 * The losses of {@link Distral} as functions of parameters: an actor π_i, two critics and an entropy cost T_i for every task, all tasks in
 * one pass, and one prior π₀ for all of them.
 *
 * <p>A batch has as many rows of each task, task by task. A loss is a sum over the tasks of means over their rows, so that each task's
 * gradient is that of {@link SoftActorCritic} alone.
 *
 * @param one the networks of one task; π₀ is an actor like its
 * @param tasks how many tasks
 * @param form whose losses
 * @param divergenceCost A
 */
record DistralNetworks(SoftActorCritic one, int tasks, Distral.Form form, double divergenceCost) {
    /** What the actors' parameters consist of. */
    Sections actorSections() {
        return Sections.of().and(SoftActorCritic.ACTOR, actors());
    }

    /** What those of the critics consist of. */
    Sections criticSections() {
        return Sections.of().and(SoftActorCritic.FIRST, critics()).and(SoftActorCritic.SECOND, critics());
    }

    /** What those of π₀ consist of. */
    Sections priorSections() {
        return one.actorSections();
    }

    /** log T of every task, which begins with this T. */
    Sections temperatureSections(double initial) {
        return Sections.of().and(SoftActorCritic.TEMPERATURE, new FreeVector(tasks, Math.log(initial)));
    }

    private MlpEach actors() {
        return new MlpEach(one.actor(), tasks);
    }

    private MlpEach critics() {
        return new MlpEach(one.critic(), tasks);
    }

    /** T of every task. */
    static float[] temperatures(Parameters temperatures) {
        float[] values = temperatures.section(SoftActorCritic.TEMPERATURE).head().toFloatArray();
        for (int i = 0; i < values.length; i++) values[i] = (float) Math.exp(values[i]);
        return values;
    }

    /** (tasks · rows) × width as tasks × rows × width. */
    private NDArray byTask(NDArray rows) {
        return rows.reshape(tasks, -1, rows.getShape().get(1));
    }

    private static NDArray asRows(NDArray byTask) {
        return byTask.reshape(-1, byTask.getShape().get(2));
    }

    /** What each π_i says of its rows. */
    NDArray outputs(NDArray states, Parameters actors) {
        return asRows(actors().forward(byTask(states), actors.section(SoftActorCritic.ACTOR)));
    }

    /** What π₀ says of all rows. */
    NDArray priorOutputs(NDArray states, Parameters prior) {
        return one.actor().forward(states, prior.section(SoftActorCritic.ACTOR));
    }

    private NDArray value(NDArray states, NDArray actions, Parameters critics, String section) {
        return asRows(critics().forward(byTask(states.concat(actions, 1)), critics.section(section)));
    }

    private NDArray smallerValue(NDArray states, NDArray actions, Parameters critics) {
        return value(states, actions, critics, Twin.SMALLER);
    }

    private NDArray value(NDArray states, NDArray actions, Parameters critics, Twin twin) {
        return twin.of(value(states, actions, critics, SoftActorCritic.FIRST),
            value(states, actions, critics, SoftActorCritic.SECOND));
    }

    /** A number of each task in every row of it. */
    private NDArray inRows(float[] ofTasks, NDArray rows) {
        int n = (int) rows.getShape().get(0);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = ofTasks[i / (n / tasks)];
        return rows.getManager().create(values, new Shape(n, 1));
    }

    /** A log π₀ − (A + T_i) log π_i, what the regularised objective adds to a reward. */
    private NDArray bonus(NDArray logPrior, NDArray logPolicy, float[] temperatures) {
        NDArray divergence = Gradients.scaled(logPrior.sub(logPolicy), divergenceCost);
        return divergence.sub(logPolicy.mul(inRows(temperatures, logPolicy)));
    }

    private NDArray logPrior(NDArray states, NDArray normals, Parameters prior) {
        return one.distribution().logProbabilityOfNormals(priorOutputs(states, prior), normals);
    }

    /**
     * y = r + γ (1 − d) (min(Q̄₁, Q̄₂)(s', ã') + A log π₀ − (A + T) log π_i(ã'|s')) of every row, without a gradient; π₀ is asked for ã'
     * as well, in MTRL's form for an action of its own.
     *
     * @param noise of ã', rows × action
     * @param priorNoise of π₀'s own action, which the paper's form does not draw
     */
    NDArray target(NDArray rewards, NDArray notTerminated, NDArray nextStates, NDArray noise, NDArray priorNoise, Parameters actors,
        Parameters prior, Parameters targets, float[] temperatures) {
        return Gradients.unrecorded(() -> {
            var next = one.distribution().sample(outputs(nextStates, actors), noise);
            NDArray logPrior = form == Distral.Form.PAPER ? logPrior(nextStates, next.normals(), prior)
                : one.distribution().sample(priorOutputs(nextStates, prior), priorNoise).logProbability();
            NDArray value = smallerValue(nextStates, next.actions(), targets).add(bonus(logPrior, next.logProbability(), temperatures));
            return TemporalDifference.target(rewards, notTerminated, one.discount(), value);
        });
    }

    /** Σ_i mean of (Q₁ − y)² + (Q₂ − y)², a scalar to be differentiated for the critics. */
    NDArray criticLoss(NDArray states, NDArray actions, NDArray target, Parameters critics) {
        return criticLoss(states, actions, target, null, critics);
    }

    /** The same where rows count by these weights, rows × 1; null: all once. */
    NDArray criticLoss(NDArray states, NDArray actions, NDArray target, NDArray weights, Parameters critics) {
        NDArray mean = TemporalDifference.criticLoss(value(states, actions, critics, SoftActorCritic.FIRST),
            value(states, actions, critics, SoftActorCritic.SECOND), target, weights);
        return Gradients.scaled(mean, tasks);
    }

    /**
     * Σ_i mean of (A + T_i) log π_i(ã|s) − A log π₀(ã|s) − min(Q₁, Q₂)(s, ã), a scalar to be differentiated for the actors; in MTRL's form
     * without A.
     *
     * @param drawn from the actors' outputs for these states
     */
    NDArray actorLoss(NDArray states, SquashedGaussian.Sample drawn, Parameters prior, Parameters critics, float[] temperatures) {
        NDArray value = smallerValue(states, drawn.actions(), critics);
        NDArray bonus = form == Distral.Form.PAPER
            ? bonus(logPrior(states, drawn.normals(), prior), drawn.logProbability(), temperatures)
            : drawn.logProbability().mul(inRows(temperatures, drawn.logProbability())).neg();
        return Gradients.scaled(value.add(bonus).mean(), -tasks);
    }

    /**
     * What π₀ learns by, a scalar to be differentiated for it: the mean of −log π₀(ã|s) over all tasks' actions, in MTRL's form A times the
     * mean divergence of π₀ from the π_i.
     *
     * @param outputs of the actors for these states, and what was drawn from them; no gradient flows into either
     */
    NDArray priorLoss(NDArray states, NDArray outputs, SquashedGaussian.Sample drawn, Parameters prior) {
        if (form == Distral.Form.PAPER) return logPrior(states, drawn.normals().stopGradient(), prior).mean().neg();
        NDArray divergence = one.distribution().divergence(priorOutputs(states, prior), outputs.stopGradient());
        return Gradients.scaled(divergence.mean(), divergenceCost);
    }

    /** Σ_i −T_i mean(log π_i + H̄), a scalar to be differentiated for log T. */
    NDArray temperatureLoss(NDArray logProbability, double entropy, Parameters temperatures) {
        NDList own = temperatures.section(SoftActorCritic.TEMPERATURE);
        NDArray surplus = logProbability.stopGradient().reshape(tasks, -1).mean(new int[] {1}).add(entropy).neg();
        // closed at once, because it would last as long as the parameters
        try (NDArray costs = own.head().exp()) {
            return surplus.mul(costs).sum();
        }
    }

    /**
     * What the policy of its task draws from in each of these states.
     *
     * @param numbers of the tasks; {@link Policy#UNKNOWN}: π₀ acts
     * @throws DivergedException if a network says what is no number
     */
    DistributionRows rows(double[][] states, int[] numbers, Parameters actors, Parameters prior) {
        return new DistributionRows(one.distribution(), said(states, numbers, actors, prior));
    }

    /** Actions for these states without noise: tanh μ. */
    double[][] actions(double[][] states, int[] numbers, Parameters actors, Parameters prior) {
        float[] outputs = rows(states, numbers, actors, prior).values();
        return IntStream.range(0, states.length).mapToObj(i -> one.distribution().mode(outputs, i * one.distribution().outputs()))
            .toArray(double[][]::new);
    }

    /** The smaller or the larger of Q₁(s, a) and Q₂(s, a) of one task, for each of these rows. */
    double[] worth(int task, double[][] states, double[][] actions, Parameters critics, Twin twin) {
        int n = states.length;
        float[] flatStates = Rows.flat(states, states[0].length, "state", ""),
            flatActions = Rows.flat(actions, actions[0].length, "action", "");
        try (NDManager scope = critics.manager().newSubManager()) {
            float[] found = Gradients.unrecorded(() -> value(ofEach(Rows.array(flatStates, states[0].length, scope)),
                ofEach(Rows.array(flatActions, actions[0].length, scope)), critics, twin).toFloatArray());
            return IntStream.range(task * n, (task + 1) * n).mapToDouble(i -> found[i]).toArray();
        }
    }

    /** The same rows for every task. */
    private NDArray ofEach(NDArray rows) {
        return NDArrays.concat(new NDList(Collections.nCopies(tasks, rows)));
    }

    private float[] said(double[][] states, int[] numbers, Parameters actors, Parameters prior) {
        int width = one.actor().inputs(), size = one.actor().outputs(), most = 0;
        int[] places = new int[numbers.length], counts = new int[tasks + 1];
        // the place after the tasks is π₀'s
        for (int i = 0; i < places.length; i++) most = Math.max(most, 1 + (places[i] = counts[group(numbers[i])]++));
        float[] flat = new float[Require.tensor("the observations of all tasks", "the number of environments", tasks + 1, most, width)];
        for (int i = 0; i < places.length; i++) {
            int at = (group(numbers[i]) * most + places[i]) * width;
            for (int k = 0; k < width; k++) flat[at + k] = (float) states[i][k];
        }
        float[] all = new float[(tasks + 1) * most * size], said = new float[numbers.length * size];
        int known = tasks * most;
        try (NDManager scope = actors.manager().newSubManager()) {
            NDArray x = scope.create(flat, new Shape((tasks + 1L) * most, width));
            Gradients.unrecorded(() -> {
                if (counts[tasks] < numbers.length) copy(outputs(x.get(":" + known), actors), all, 0);
                if (counts[tasks] > 0) copy(priorOutputs(x.get(known + ":"), prior), all, known * size);
                return null;
            });
        }
        for (int i = 0; i < places.length; i++)
            System.arraycopy(all, (group(numbers[i]) * most + places[i]) * size, said, i * size, size);
        return said;
    }

    private int group(int number) {
        return number == Policy.UNKNOWN ? tasks : number;
    }

    private static void copy(NDArray outputs, float[] to, int at) {
        float[] values = outputs.toFloatArray();
        System.arraycopy(values, 0, to, at, values.length);
    }
}
