package metarl.agent.hindsight;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import metarl.agent.LearnerState;
import metarl.agent.Problem;
import metarl.basics.RandomStream;
import metarl.basics.StoredNumbers;
import metarl.data.Trajectory;

/** A {@link Relabeller} at work in a learner: what it remembers between episodes, and what it can tell of the last one. */
public final class Relabelling {
    private final Relabeller relabeller;
    private final Problem problem;
    private final double discount;
    private final RandomStream random;
    private final RecentReturns recent;
    /** Of the last episode: how many tasks learned from it, then ESS/n and k̂ of the weights of their steps. */
    private final double[] last = {0, Double.NaN, Double.NaN};

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
        last[2] = Foreign.tailShape(foreign);
        return foreign;
    }

    /**
     * What can be logged of the last episode: how many tasks learned from it ({@code foreignTasks}), ESS/n of the weights of their steps
     * ({@code foreignEss}), and the k̂ of these weights ({@code foreignKhat}) where that tells anything.
     */
    public Map<String, Double> numbers() {
        var numbers = new LinkedHashMap<String, Double>();
        if (!isUsed()) return numbers;
        numbers.put("foreignTasks", last[0]);
        if (!Double.isNaN(last[1])) numbers.put("foreignEss", last[1]);
        if (!Double.isNaN(last[2])) numbers.put("foreignKhat", last[2]);
        return numbers;
    }

    /** Adds what it remembers. */
    public LearnerState declare(LearnerState state) {
        if (!isUsed()) return state;
        state.stream("relabelling", random).part("last relabelling", this::saveLast, this::loadLast);
        return relabeller.recent() == 0 ? state : recent.declare(state);
    }

    private void saveLast(DataOutputStream out) throws IOException {
        StoredNumbers.writeCounted(out, last);
    }

    /** Runs that were stored before k̂ was told have two numbers. */
    private void loadLast(DataInputStream in) throws IOException {
        int stored = in.readInt();
        if (stored != last.length && stored != last.length - 1)
            throw new IOException("it has " + stored + " numbers, expected " + last.length);
        last[2] = Double.NaN;
        for (int i = 0; i < stored; i++) last[i] = in.readDouble();
    }
}
