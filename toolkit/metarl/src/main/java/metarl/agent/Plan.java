package metarl.agent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import metarl.basics.Require;

/**
 * What a learner wants to be collected next: seats, in each of which a policy lives through episodes of one task.
 *
 * <p>Seats with the same policy object act together, so that one forward pass serves all of them. All seats are stepped at the same time,
 * over the machine's cores.
 *
 * <pre>{@code
 * Plan.of(explorer, 3, 5, 8)                            // an episode of each of the train tasks 3, 5 and 8
 * Plan.of(policy, 3, 5).episodes(2)                     // two episodes in a row of each: the policy remembers from one to the next
 * Plan.of(prior, 3, 5).purpose("prior").and(Plan.of(posterior, 3, 5).purpose("posterior"))
 * Plan.updates(100)                                     // nothing: the learner fits what it has
 * }</pre>
 *
 * @param seats what is collected, in this order
 * @param updates updates to be made where nothing is collected; each counts as a step of the training
 */
public record Plan(List<Seat> seats, int updates) {
    /**
     * A task, and who acts in it.
     *
     * @param task the number of the train task
     * @param policy how to act
     * @param episodes episodes in a row that the policy lives through, at least 1
     * @param limit steps after which an episode is cut short; a number beyond the horizon changes nothing
     * @param purpose what it is for, in the learner's own words; the learner finds it again in {@link Trial#seat()}
     */
    public record Seat(int task, Policy policy, int episodes, int limit, String purpose) {
        /** Checks the numbers. */
        public Seat {
            Require.count(task, 0, "task", "the number of a train task, from 0 on");
            Require.that(policy != null, "policy", policy, "a policy to collect with");
            Require.count(episodes, 1, "episodes", "at least 1 per seat");
            Require.that(limit >= 1, "limit", limit, "at least 1 step");
            Require.that(purpose != null, "purpose", purpose, "a word, or \"\"");
        }
    }

    /** Checks that there is something to do. */
    public Plan {
        seats = List.copyOf(seats);
        Require.count(updates, 0, "updates", "0 or more");
        Require.that(seats.isEmpty() || updates == 0, "updates", updates,
            "0 where there are seats: isDue() asks for an update after a collection");
    }

    /** One episode of each of these train tasks by one policy. */
    public static Plan of(Policy policy, int... tasks) {
        return new Plan(Arrays.stream(tasks).mapToObj(task -> new Seat(task, policy, 1, Integer.MAX_VALUE, "")).toList(), 0);
    }

    /** One episode of each of these train tasks by each of these policies: first all of the first policy. */
    public static Plan of(List<Policy> policies, int... tasks) {
        return new Plan(policies.stream().flatMap(policy -> of(policy, tasks).seats.stream()).toList(), 0);
    }

    /** Nothing to collect, but so many updates on what the learner has: each counts as one step of the training. */
    public static Plan updates(int count) {
        return new Plan(List.of(), count);
    }

    /** Nothing to collect and nothing to update: the training ends here, whatever steps are left. */
    public static Plan over() {
        return new Plan(List.of(), 0);
    }

    /** The same with so many episodes in a row in every seat. */
    public Plan episodes(int episodes) {
        return new Plan(seats.stream().map(s -> new Seat(s.task, s.policy, episodes, s.limit, s.purpose)).toList(), updates);
    }

    /** The same with episodes that are cut short after so many steps. */
    public Plan limit(int steps) {
        return new Plan(seats.stream().map(s -> new Seat(s.task, s.policy, s.episodes, steps, s.purpose)).toList(), updates);
    }

    /** The same for this purpose. */
    public Plan purpose(String purpose) {
        return new Plan(seats.stream().map(s -> new Seat(s.task, s.policy, s.episodes, s.limit, purpose)).toList(), updates);
    }

    /** The seats of this plan, then those of another; all are collected at the same time. */
    public Plan and(Plan other) {
        var all = new ArrayList<>(seats);
        all.addAll(other.seats);
        return new Plan(all, Math.max(updates, other.updates));
    }

    /** Whether the training ends here. */
    public boolean isOver() {
        return seats.isEmpty() && updates == 0;
    }
}
