package metarl.agent.classical;

import static metarl.basics.Require.times;

import java.util.List;
import metarl.agent.Learner;
import metarl.agent.MemoryNeed;
import metarl.agent.Problem;
import metarl.agent.hindsight.Relabeller;
import metarl.basics.Copy;
import metarl.basics.Require;

/**
 * Q-learning by tables, one per train task, with a replay and with hindsight: a {@link Relabeller} decides which tasks learn from an
 * episode of another.
 *
 * <pre>Q_j(s, a) += min(1, η w) (y − Q_j(s, a)),   y = r_j + γ max_a' Q_j(s', a'),   halved where the relabeller says so</pre>
 *
 * <p>w is 1 for a task's own steps. After every episode each task makes {@code updatesPerTask} updates with one step each, drawn from all
 * that it has, its own and others': as many with hindsight as without. Tasks act ε-greedily; ties are broken at random.
 *
 * <p>It needs choices as actions and a state that is seen one-hot. A train task is acted in greedily by its own table; of a task that is
 * not known it knows nothing and acts at random.
 *
 * @param discount γ
 * @param learningRate η
 * @param exploration ε
 * @param updatesPerTask updates of each task after each episode
 * @param capacity steps kept per task
 * @param relabeller which other tasks learn from an episode
 * @param ratios where ratios of dynamics come from, for relabellers that ask for them
 */
public record TabularQ(double discount, double learningRate, double exploration, int updatesPerTask, int capacity,
    Relabeller relabeller, Ratios ratios) implements TabularMethod {
    /** Where p_j(s'|s, a) / p_i(s'|s, a) comes from. */
    public enum Ratios {
        /** 1 always: dynamics are taken to be shared. */
        ONES,
        /** From the tasks' own tables; for a {@link metarl.task.TabularFamily} only. */
        KNOWN,
        /** From counts of the steps that either task has collected; 1 where task j has not tried (s, a) yet. */
        COUNTED,
        /** The same; 0 where task j has not tried (s, a) yet. */
        COUNTED_CAUTIOUSLY
    }

    /** Checks every value. */
    public TabularQ {
        if (relabeller == null) relabeller = Relabeller.none();
        if (ratios == null) ratios = Ratios.ONES;
        Require.number(discount, discount >= 0 && discount < 1, "discount", "in [0, 1), usually 0.9 to 0.999");
        Require.number(learningRate, learningRate > 0 && learningRate <= 1, "learningRate", "above 0 and at most 1, usually 0.1 to 1");
        Require.number(exploration, exploration >= 0 && exploration <= 1, "exploration", "0 to 1, usually 0.1 to 0.3");
        Require.count(updatesPerTask, 1, "updatesPerTask", "at least 1, usually 2 to 20");
        Require.count(capacity, 1, "capacity", "at least 1 step per task, usually 100 000");
    }

    /** For {@link metarl.task.families.GoalGrid}: without hindsight. */
    public static TabularQ goalGrid() {
        return new TabularQ(0.95, 0.2, 0.2, 10, 100_000, Relabeller.none(), Ratios.ONES);
    }

    @Override
    public String name() {
        return "Q-learning";
    }

    @Override
    public Learner learner(Problem problem, long seed) {
        if (!problem.discrete())
            throw new IllegalArgumentException("the tasks take " + problem.actionSize() + " real numbers as an action; Q-learning by "
                + "tables needs a number of choices: take a method of metarl.agent.value");
        memory(problem).require();
        return new TabularQLearner(this, problem, seed);
    }

    @Override
    public MemoryNeed memory(Problem p, MemoryNeed.Work work) {
        long table = times(MemoryNeed.DOUBLE, times(p.observationSize(), p.actionSize()));
        var tables = new MemoryNeed.Part("tables of the tasks", "capacity", MemoryNeed.Phase.ALWAYS, times(p.tasks(), table), 0);
        var kept = new MemoryNeed.Part("steps of all tasks", "capacity", MemoryNeed.Phase.ALWAYS,
            times(p.tasks(), times(StoredSteps.BYTES, capacity)), 0);
        return new MemoryNeed(this, p, work, List.of(tables, kept));
    }

    @Override
    public TabularQ fast() {
        return updatesPerTask(Math.min(updatesPerTask, 2));
    }

    /** This with another discount. */
    public TabularQ discount(double discount) {
        return Copy.with(this, "discount", discount);
    }

    /** This with another learning rate. */
    public TabularQ learningRate(double learningRate) {
        return Copy.with(this, "learningRate", learningRate);
    }

    /** This with another share of random actions. */
    public TabularQ exploration(double exploration) {
        return Copy.with(this, "exploration", exploration);
    }

    /** This with another number of updates after each episode. */
    public TabularQ updatesPerTask(int updatesPerTask) {
        return Copy.with(this, "updatesPerTask", updatesPerTask);
    }

    /** This with room for another number of steps. */
    public TabularQ capacity(int capacity) {
        return Copy.with(this, "capacity", capacity);
    }

    /** This with another rule of who learns from an episode. */
    public TabularQ relabeller(Relabeller relabeller) {
        return Copy.with(this, "relabeller", relabeller);
    }

    /** This with ratios of dynamics from elsewhere. */
    public TabularQ ratios(Ratios ratios) {
        return Copy.with(this, "ratios", ratios);
    }
}
