package metarl.agent.hindsight;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import metarl.agent.LearnerState;
import metarl.agent.Problem;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;

/** A {@link Relabeller} at work in a learner: what it remembers between episodes, and what it can tell of the last one. */
public final class Relabelling {
    private final Relabeller relabeller;
    private final Problem problem;
    private final double discount;
    private final RandomStream random;
    private final RecentReturns recent;
    /** Of the last episode: how many tasks learned from it, and ESS/n of the weights of their steps. */
    private final double[] last = {0, Double.NaN};

    /**
     * For a learner.
     *
     * @param discount γ
     * @param random what rules draw from
     */
    public Relabelling(Relabeller relabeller, Problem problem, double discount, RandomStream random) {
        this.relabeller = relabeller;
        this.problem = problem;
        this.discount = discount;
        this.random = random;
        recent = new RecentReturns(problem.tasks(), isUsed() ? relabeller.recent() : 0);
    }

    /** Whether any task learns from another's episodes. */
    public boolean isUsed() {
        return !(relabeller instanceof Relabeller.None) && problem.train().size() == problem.tasks();
    }

    /** What other tasks learn from an episode of a task. */
    public List<Foreign> of(Trajectory episode, int task, TaskValues values, DynamicsRatios ratios) {
        if (!isUsed()) return List.of();
        var hindsight = new Hindsight(episode, task, problem.train(), discount, values, ratios, recent);
        List<Foreign> foreign = relabeller.relabel(hindsight, random);
        if (relabeller.recent() > 0) {
            double[] returns = new double[problem.tasks()];
            for (int j = 0; j < returns.length; j++) returns[j] = hindsight.discountedReturn(j);
            recent.add(returns);
        }
        last[0] = foreign.size();
        last[1] = Foreign.effectiveShare(foreign);
        return foreign;
    }

    /** What can be logged of the last episode: how many tasks learned from it, and ESS/n of the weights of their steps. */
    public Map<String, Double> numbers() {
        var numbers = new LinkedHashMap<String, Double>();
        if (!isUsed()) return numbers;
        numbers.put("foreignTasks", last[0]);
        if (!Double.isNaN(last[1])) numbers.put("foreignEss", last[1]);
        return numbers;
    }

    /** Adds what it remembers. */
    public LearnerState declare(LearnerState state) {
        if (!isUsed()) return state;
        state.stream("relabelling", random).numbers("last relabelling", last);
        return relabeller.recent() == 0 ? state : recent.declare(state);
    }
}
