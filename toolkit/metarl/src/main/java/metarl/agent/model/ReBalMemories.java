package metarl.agent.model;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import metarl.agent.model.DynamicsModel.Units;
import metarl.agent.model.ModelForm.Rows;
import metarl.basics.Require;
import metarl.env.Step;
import metarl.nn.Parameters;

/** What is remembered in each of several environments: h_{t−1} and ŷ_{t−1}, in Java memory. */
final class ReBalMemories {
    private final ReBalModel model;
    private final Parameters parameters;
    private final Units units;
    private final Payments payments;
    private final int environments;
    private final float[] states, said;

    /** Empty ones. */
    ReBalMemories(ReBalModel model, Parameters parameters, Units units, Payments payments, int environments) {
        this.model = model;
        this.parameters = parameters;
        this.units = units;
        this.payments = payments;
        this.environments = environments;
        states = new float[Require.tensor("the hidden states", "hidden", environments, model.memory().hidden())];
        said = new float[environments * model.form().outputs()];
    }

    /** What is foreseen from here. */
    ModelForesight foresight(double[][] observations, NDManager scope) {
        var now = scope.create(states, new Shape(environments, model.memory().hidden()));
        var last = scope.create(said, new Shape(environments, model.form().outputs()));
        var ahead = model.ahead(units);
        return new ModelForesight((from, actions) -> ahead.of(from, now, last, actions, parameters.list()), scope, observations,
            payments.payment());
    }

    /** Follows a step in every environment where {@code steps} is not null; those whose episode ends there are emptied. */
    void follow(double[][] observations, double[][] actions, Step[] steps) {
        ModelForm form = model.form();
        int in = form.inputs(), out = form.outputs(), width = in + out, hidden = model.memory().hidden();
        Rows rows = form.rows(environments);
        for (int i = 0; i < environments; i++)
            if (steps[i] != null) form.write(observations[i], actions[i], steps[i], payments, rows, i);
        float[] elements = new float[environments * width], next;
        for (int i = 0; i < environments; i++) {
            units.inputs().normalize(rows.inputs(), i * in, elements, i * width);
            System.arraycopy(said, i * out, elements, i * width + in, out);
        }
        try (NDManager scope = parameters.manager().newSubManager()) {
            next = model.next(scope.create(elements, new Shape(environments, width)), scope.create(states, new Shape(environments, hidden)),
                parameters).toFloatArray();
        }
        for (int i = 0; i < environments; i++) {
            if (steps[i] == null) continue;
            System.arraycopy(next, i * hidden, states, i * hidden, hidden);
            units.targets().normalize(rows.targets(), i * out, said, i * out);
            if (steps[i].last()) empty(i);
        }
    }

    private void empty(int environment) {
        int hidden = model.memory().hidden(), out = model.form().outputs();
        Arrays.fill(states, environment * hidden, (environment + 1) * hidden, 0);
        Arrays.fill(said, environment * out, (environment + 1) * out, 0);
    }
}
