package metarl.agent.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import metarl.agent.Policy;
import metarl.agent.meta.InnerLoop;
import metarl.agent.meta.InnerLoss;
import metarl.agent.model.DynamicsModel.Units;
import metarl.agent.model.GrBalModel.Steps;
import metarl.basics.RandomStream;
import metarl.env.Step;
import metarl.nn.Gradients;
import metarl.nn.Mlp;
import metarl.nn.Parameters;

/**
 * Adapts the model to the last steps before every step, and plans with it: the online part of GrBAL (Nagabandi et al. 2019, algorithm 2).
 * What it remembers lasts from episode to episode of a trial.
 *
 * @param settings of the adaptation and of the planner
 * @param model the model
 * @param parameters θ, as they are when it acts
 * @param units of x and y
 * @param payments what predicted steps pay
 * @param begun the steps that are remembered at the start
 */
record GrBalPolicy(GrBal settings, GrBalModel model, Parameters parameters, Units units, Payments payments, RecentSteps begun)
    implements Policy {
    @Override
    public Actor start(int environments, RandomStream random) {
        return new OnlineActor(environments, random);
    }

    /** θ' of each environment, stacked; one θ for all where none has enough steps, or nothing is adapted. */
    static NDList adapted(GrBal settings, GrBalModel model, Parameters parameters, Units units,
        List<RecentSteps> recent, NDManager scope) {
        if (!settings.adapts() || recent.stream().noneMatch(RecentSteps::full))
            return Gradients.unrecorded(() -> Mlp.stacked(parameters.list(), 1, scope));
        int n = recent.size(), k = settings.support();
        Steps last = model.steps(RecentSteps.rows(recent), n, 0, k, units, scope);
        NDArray weights = scope.create(RecentSteps.weights(recent), new Shape(n, k, 1));
        InnerLoss loss = model.loss(new Steps(last.inputs(), last.targets(), weights));
        var loop = new InnerLoop(settings.innerRate(), true);
        return Gradients.recorded(() -> {
            NDList stacked = Mlp.stacked(parameters.list(), n, scope);
            for (int step = 0; step < settings.innerSteps(); step++)
                stacked = loop.step(stacked, loss.of(stacked));
            return stacked;
        });
    }

    private final class OnlineActor implements Actor {
        private final NDManager manager = NDManager.newBaseManager("PyTorch");
        private final List<RecentSteps> recent = new ArrayList<>();
        private final Planning planning;
        private double[][] seen;

        OnlineActor(int environments, RandomStream random) {
            for (int i = 0; i < environments; i++) recent.add(begun.copy());
            planning = settings.planner().start(environments, model.form().actionSize(), random);
        }

        @Override
        public double[][] act(double[][] observations) {
            seen = observations;
            try (NDManager scope = manager.newSubManager()) {
                NDList stacked = adapted(settings, model, parameters, units, recent, scope);
                var foresight = new ModelForesight(model.ahead(units), stacked, observations,
                    payments.payment());
                return planning.next(foresight);
            }
        }

        @Override
        public void received(double[][] actions, Step[] steps) {
            IntStream.range(0, steps.length).filter(i -> steps[i] != null).forEach(i -> {
                recent.get(i).add(seen[i], actions[i], steps[i]);
                if (steps[i].last()) planning.ended(i);
            });
        }

        @Override
        public void close() {
            manager.close();
        }
    }
}
