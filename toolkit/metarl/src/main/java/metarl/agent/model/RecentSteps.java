package metarl.agent.model;

import java.util.Arrays;
import java.util.List;
import metarl.data.Trajectory;
import metarl.data.Transition;
import metarl.env.Step;

/** The last K steps of one environment, as x and y of a model. */
final class RecentSteps {
    private final GrBalModel model;
    private final Payments payments;
    private final int capacity;
    private final float[] inputs, targets;
    private int added;

    RecentSteps(GrBalModel model, Payments payments, int capacity) {
        this.model = model;
        this.payments = payments;
        this.capacity = capacity;
        inputs = new float[capacity * model.network().inputs()];
        targets = new float[capacity * model.network().outputs()];
    }

    /** The last steps of some episodes. */
    static RecentSteps of(GrBalModel model, Payments payments, int capacity, List<Trajectory> episodes) {
        var recent = new RecentSteps(model, payments, capacity);
        for (Trajectory episode : episodes)
            for (int t = Math.max(0, episode.length() - capacity); t < episode.length(); t++) recent.add(episode, t);
        return recent;
    }

    RecentSteps copy() {
        var copy = new RecentSteps(model, payments, capacity);
        System.arraycopy(inputs, 0, copy.inputs, 0, inputs.length);
        System.arraycopy(targets, 0, copy.targets, 0, targets.length);
        copy.added = added;
        return copy;
    }

    void add(Trajectory episode, int t) {
        Transition step = episode.transition(t);
        add(step.observation(), step.action(), episode.step(t));
    }

    void add(double[] observation, double[] action, Step step) {
        int in = model.network().inputs(), out = model.network().outputs(), row = added++ % capacity, o = model.observationSize();
        for (int j = 0; j < in; j++) inputs[row * in + j] = (float) (j < o ? observation[j] : action[j - o]);
        for (int j = 0; j < o; j++)
            targets[row * out + j] = (float) step.observation()[j] - (float) observation[j];
        payments.copyHeads(step, targets, row * out + o);
    }

    /** Whether there are K of them. */
    boolean full() {
        return added >= capacity;
    }

    /** All of several environments, in one. */
    static GrBalModel.Rows rows(List<RecentSteps> all) {
        int in = all.get(0).inputs.length, out = all.get(0).targets.length;
        var rows = new GrBalModel.Rows(new float[all.size() * in], new float[all.size() * out]);
        for (int i = 0; i < all.size(); i++) {
            System.arraycopy(all.get(i).inputs, 0, rows.inputs(), i * in, in);
            System.arraycopy(all.get(i).targets, 0, rows.targets(), i * out, out);
        }
        return rows;
    }

    /** 1 / K for every step of an environment that has K of them, else 0: the gradient of the others is 0, and they keep θ. */
    static float[] weights(List<RecentSteps> all) {
        int k = all.get(0).capacity;
        float[] weights = new float[all.size() * k];
        for (int i = 0; i < all.size(); i++) if (all.get(i).full()) Arrays.fill(weights, i * k, (i + 1) * k, 1f / k);
        return weights;
    }
}
