package metarl.agent.model;

import java.util.Arrays;
import java.util.List;
import metarl.agent.model.ModelForm.Rows;
import metarl.data.Trajectory;
import metarl.data.Transition;
import metarl.env.Step;

/** The last K steps of one environment, as x and y of a model. */
final class RecentSteps {
    private final ModelForm form;
    private final Payments payments;
    private final int capacity;
    private final Rows rows;
    private int added;

    RecentSteps(ModelForm form, Payments payments, int capacity) {
        this.form = form;
        this.payments = payments;
        this.capacity = capacity;
        rows = form.rows(capacity);
    }

    /** The last steps of some episodes. */
    static RecentSteps of(ModelForm form, Payments payments, int capacity, List<Trajectory> episodes) {
        var recent = new RecentSteps(form, payments, capacity);
        for (Trajectory episode : episodes)
            for (int t = Math.max(0, episode.length() - capacity); t < episode.length(); t++) recent.add(episode, t);
        return recent;
    }

    RecentSteps copy() {
        var copy = new RecentSteps(form, payments, capacity);
        copy(copy.rows, 0);
        copy.added = added;
        return copy;
    }

    void add(Trajectory episode, int t) {
        Transition step = episode.transition(t);
        add(step.observation(), step.action(), episode.step(t));
    }

    void add(double[] observation, double[] action, Step step) {
        form.write(observation, action, step, payments, rows, added++ % capacity);
    }

    private void copy(Rows to, int place) {
        System.arraycopy(rows.inputs(), 0, to.inputs(), place * rows.inputs().length, rows.inputs().length);
        System.arraycopy(rows.targets(), 0, to.targets(), place * rows.targets().length, rows.targets().length);
    }

    /** Whether there are K of them. */
    boolean full() {
        return added >= capacity;
    }

    /** All of several environments, in one. */
    static Rows rows(List<RecentSteps> all) {
        Rows rows = all.get(0).form.rows(all.size() * all.get(0).capacity);
        for (int i = 0; i < all.size(); i++) all.get(i).copy(rows, i);
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
