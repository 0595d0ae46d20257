package metarl.agent.hindsight;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import metarl.agent.Rule;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.basics.Softmax;

/**
 * Decides which other train tasks learn from an episode, and how.
 *
 * <pre>{@code
 * TabularQ.goalGrid().relabeller(Relabeller.paid().weighted(5))
 * record Even() implements Relabeller {                       // one of one's own: a record, so that runs with it can be stored
 *     public List<Foreign> relabel(Hindsight hindsight, RandomStream random) {
 *         return Relabeller.chosen(hindsight, task -> task % 2 == 0);
 *     }
 * }
 * }</pre>
 *
 * <p>The rules here choose tasks and leave weights at 1; {@link #halved} and {@link #weighted} say how much an episode counts.
 */
@FunctionalInterface
public interface Relabeller extends Rule {
    /** What other tasks learn from an episode; empty where only its own task does. */
    List<Foreign> relabel(Hindsight hindsight, RandomStream random);

    /** Of how many of the last episodes {@link Hindsight#rank} is told; 0 where the rule does not ask. */
    default int recent() {
        return 0;
    }

    /** The other tasks for which this is true, all with weight 1 and full targets. */
    static List<Foreign> chosen(Hindsight hindsight, IntPredicate choice) {
        var chosen = new ArrayList<Foreign>();
        for (int task : hindsight.others())
            if (choice.test(task)) {
                double[] weights = new double[hindsight.under(task).length()];
                Arrays.fill(weights, 1);
                chosen.add(new Foreign(task, hindsight.under(task), weights, false));
            }
        return chosen;
    }

    /** No task learns from another's episodes. */
    static Relabeller none() {
        return new None();
    }

    /** Every task learns from every episode. */
    static Relabeller all() {
        return new All();
    }

    /** So many other tasks, drawn for each episode. */
    static Relabeller random(int count) {
        return new Drawn(count);
    }

    /** The tasks in which the episode would have earned more than nothing: Σ γ^t r_j > 0. */
    static Relabeller paid() {
        return new Paid(0);
    }

    /**
     * The tasks for which the episode is best, as many as asked for (Generalized Hindsight, Li et al. 2020, advantage relabelling): those
     * of the largest Σ γ^t r_j − V_j(s_0) among its own and {@code candidates} others that are drawn. Its own task always learns from it,
     * too; if it is among the best, fewer others do.
     */
    static Relabeller advantage(int count, int candidates) {
        return new Advantage(count, candidates);
    }

    /**
     * The tasks for which the episode is best among recent ones (Generalized Hindsight, Li et al. 2020, approximate inverse reinforcement
     * learning): those in which the largest share of recent episodes would have earned less, and of equal ones those of the largest
     * Σ γ^t r_j; as many as asked for among its own and {@code candidates} others that are drawn. Its own task always learns from it, too.
     *
     * @param recent episodes that it is compared with, 500 in the released code
     */
    static Relabeller inverse(int count, int candidates, int recent) {
        return new Inverse(count, candidates, recent);
    }

    /**
     * One task, drawn for what the episode teaches of it (Hindsight Foresight Relabeling, Wan et al. 2021): with probabilities in
     * proportion to exp(U_j(τ)/T − log Z_j), where U_j(τ) is what a policy that knows of task j only this episode is worth at j's starts,
     * and Z_j the mean of exp(U_j/T) over samples of j's own steps. Where its own task is drawn, no other learns. It asks for a learner
     * that infers tasks from episodes, such as PEARL.
     *
     * <p>Different from the released code, which stores an episode either as it was or for another task, each in half of the cases: its own
     * task always learns from it, too.
     *
     * @param temperature T, in units of return; in the released code 1 of scaled rewards, so 1/100 for the four corners
     */
    static Relabeller foresight(double temperature) {
        return new Foresight(temperature);
    }

    /**
     * The tasks in which the episode is worth more, by a doubly robust estimate, than the learner thought: Ṽ_j(s_0) > V_j(s_0) (after DRaT,
     * Jiang et al. 2023, whose own rule is not public). An episode of actions whose probabilities are not known is given to nobody.
     *
     * @param largest ratios are clipped to it
     */
    static Relabeller doublyRobust(Hindsight.Form form, double largest) {
        return new DoublyRobust(form, largest);
    }

    /** The same tasks with halved targets: what DRaE's optimum by the slides comes to in a learner of one step. */
    default Relabeller halved() {
        return new Halved(this);
    }

    /**
     * The same tasks, each step weighted by how much more probable it is in the task that learns, p_j(s'|s, a) / p_i(s'|s, a), at most
     * {@code largest}. Our own: with true ratios, and without the limit, a loss so weighted is that of task j on the visited (s, a).
     */
    default Relabeller weighted(double largest) {
        return new Weighted(this, largest);
    }

    /**
     * The same tasks, but only where the episode's steps count at least so much on average. After {@link #weighted} it keeps out of the
     * replay what could hardly have happened in the task: weighted nearly with 0, it would take the place of own steps in every batch. Our
     * own.
     *
     * @param least mean weight, 0 to 1
     */
    default Relabeller trusted(double least) {
        return new Trusted(this, least);
    }

    /** {@link #none}. */
    record None() implements Relabeller {
        @Override
        public List<Foreign> relabel(Hindsight hindsight, RandomStream random) {
            return List.of();
        }
    }

    /** {@link #all}. */
    record All() implements Relabeller {
        @Override
        public List<Foreign> relabel(Hindsight hindsight, RandomStream random) {
            return chosen(hindsight, task -> true);
        }
    }

    /** {@link #random}. */
    record Drawn(int count) implements Relabeller {
        /** Checks the count. */
        public Drawn {
            Require.count(count, 1, "count", "at least 1 other task per episode");
        }

        @Override
        public List<Foreign> relabel(Hindsight hindsight, RandomStream random) {
            int[] drawn = drawn(hindsight.others(), count, random);
            return chosen(hindsight, task -> IntStream.of(drawn).anyMatch(d -> d == task));
        }

        private static int[] drawn(int[] tasks, int count, RandomStream random) {
            int[] order = random.permutation(tasks.length);
            return IntStream.of(order).limit(count).map(k -> tasks[k]).toArray();
        }
    }

    /** {@link #paid} where the return must be above a number. */
    record Paid(double above) implements Relabeller {
        /** Checks the number. */
        public Paid {
            Require.number(above, Math.abs(above) <= 1e12, "above", "a number of at most 1e12 in size, usually 0");
        }

        @Override
        public List<Foreign> relabel(Hindsight hindsight, RandomStream random) {
            return chosen(hindsight, task -> hindsight.discountedReturn(task) > above);
        }
    }

    /** {@link #advantage}. */
    record Advantage(int count, int candidates) implements Relabeller {
        /** Checks the counts. */
        public Advantage {
            Require.count(count, 1, "count", "at least 1 task per episode, usually 1");
            Require.count(candidates, 1, "candidates", "at least 1 other task, usually 100");
        }

        @Override
        public List<Foreign> relabel(Hindsight hindsight, RandomStream random) {
            return best(hindsight, count, candidates, random,
                Comparator.comparingDouble(task -> hindsight.startValue(task) - hindsight.discountedReturn(task)));
        }

        /** Of its own task and drawn ones those that come first. */
        private static List<Foreign> best(Hindsight hindsight, int count, int candidates, RandomStream random, Comparator<Integer> order) {
            int[] others = Drawn.drawn(hindsight.others(), candidates, random);
            List<Integer> best = IntStream.concat(IntStream.of(hindsight.from()), IntStream.of(others)).boxed().sorted(order).limit(count)
                .toList();
            return chosen(hindsight, best::contains);
        }
    }

    /** {@link #inverse}. */
    record Inverse(int count, int candidates, int recent) implements Relabeller {
        /** Checks the counts. */
        public Inverse {
            Require.count(count, 1, "count", "at least 1 task per episode, usually 1");
            Require.count(candidates, 1, "candidates", "at least 1 other task, usually 100");
            Require.count(recent, 1, "recent", "at least 1 episode, usually 500");
        }

        @Override
        public List<Foreign> relabel(Hindsight hindsight, RandomStream random) {
            return Advantage.best(hindsight, count, candidates, random,
                Comparator.<Integer>comparingDouble(task -> -hindsight.rank(task))
                    .thenComparingDouble(t -> -hindsight.discountedReturn(t)));
        }
    }

    /** {@link #foresight}. */
    record Foresight(double temperature) implements Relabeller {
        /** Checks the temperature. */
        public Foresight {
            Require.number(temperature, temperature > 0 && temperature <= 1e12, "temperature",
                "above 0 and at most 1e12, usually the inverse of the reward scale");
        }

        @Override
        public List<Foreign> relabel(Hindsight hindsight, RandomStream random) {
            int drawn = Softmax.draw(Softmax.of(logits(hindsight)), random);
            return chosen(hindsight, task -> task == drawn);
        }

        /** U_j(τ)/T − log Z_j of every task. */
        double[] logits(Hindsight hindsight) {
            return IntStream.range(0, hindsight.tasks())
                .mapToDouble(task -> hindsight.foresight(task) / temperature
                    - Softmax.logMean(Arrays.stream(hindsight.ownForesights(task)).map(u -> u / temperature).toArray()))
                .toArray();
        }
    }

    /** {@link #doublyRobust}. */
    record DoublyRobust(Hindsight.Form form, double largest) implements Relabeller {
        /** Two numbers that differ by rounding alone are equal. */
        private static final double ROUNDING = 1e-12;

        /** Checks the limit. */
        public DoublyRobust {
            if (form == null) form = Hindsight.Form.RATIOS;
            Require.number(largest, largest > 0 && largest <= 1e6, "largest", "above 0 and at most 1e6, usually 2 to 10");
        }

        @Override
        public List<Foreign> relabel(Hindsight hindsight, RandomStream random) {
            if (!hindsight.isDensityKnown()) return List.of();
            return chosen(hindsight, task -> hindsight.doublyRobust(task, form, largest)[0] > hindsight.startValue(task) + ROUNDING);
        }
    }

    /** A rule that changes what another one says. */
    interface Selecting extends Relabeller {
        /** The other one, which chooses tasks. */
        Relabeller selection();

        @Override
        default int recent() {
            return selection().recent();
        }
    }

    /** {@link #halved}. */
    record Halved(Relabeller selection) implements Selecting {
        /** Checks that there is a rule. */
        public Halved {
            Require.that(selection != null, "selection", selection, "a rule that chooses tasks");
        }

        @Override
        public List<Foreign> relabel(Hindsight hindsight, RandomStream random) {
            return selection.relabel(hindsight, random).stream().map(f -> new Foreign(f.task(), f.episode(), f.weights(), true)).toList();
        }
    }

    /** {@link #weighted}. */
    record Weighted(Relabeller selection, double largest) implements Selecting {
        /** Checks the limit. */
        public Weighted {
            Require.that(selection != null, "selection", selection, "a rule that chooses tasks");
            Require.number(largest, largest > 0 && largest <= 1e6, "largest", "above 0 and at most 1e6, usually 2 to 10");
        }

        @Override
        public List<Foreign> relabel(Hindsight hindsight, RandomStream random) {
            return selection.relabel(hindsight, random).stream()
                .map(f -> new Foreign(f.task(), f.episode(), hindsight.ratios(f.task(), largest), f.halved())).toList();
        }
    }

    /** {@link #trusted}. */
    record Trusted(Relabeller selection, double least) implements Selecting {
        /** Checks the limit. */
        public Trusted {
            Require.that(selection != null, "selection", selection, "a rule that chooses tasks");
            Require.number(least, least >= 0 && least <= 1, "least", "0 (all) to 1, usually 0.5");
        }

        @Override
        public List<Foreign> relabel(Hindsight hindsight, RandomStream random) {
            return selection.relabel(hindsight, random).stream()
                .filter(f -> Arrays.stream(f.weights()).average().orElse(0) >= least).toList();
        }
    }
}
