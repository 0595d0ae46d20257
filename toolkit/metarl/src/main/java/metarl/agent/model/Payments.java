package metarl.agent.model;

import java.util.Arrays;
import metarl.agent.Problem;
import metarl.basics.Require;
import metarl.data.Batch;
import metarl.env.Step;
import metarl.task.Parameter;
import metarl.task.Task;
import metarl.task.TaskFamily;

/**
 * What a predicted step pays, and what the model has to foretell for it.
 *
 * @param rewards where rewards come from
 * @param task whose reward it is; null where the reward is foretold
 * @param heads numbers that are foretold beside the change of the observation
 */
record Payments(GrBal.Rewards rewards, Task task, int heads) {
    static Payments of(GrBal.Rewards rewards, Problem problem) {
        if (rewards == GrBal.Rewards.LEARNED) return new Payments(rewards, null, 1);
        Require.that(!problem.train().isEmpty(), "rewards", rewards,
            "LEARNED where there are no train tasks: a reward is computed from the first of them");
        Task task = problem.train().get(0);
        TaskFamily family = task.family();
        Require.that(family.parameters().stream().allMatch(p -> p.changes() == Parameter.Changes.DYNAMICS), "rewards", rewards,
            "LEARNED for the family '" + family.name() + "': its tasks differ in the reward, and the agent does not know its task");
        return new Payments(rewards, task, family.showsOutcome() ? 0 : problem.outcomeSize());
    }

    /** What is foretold beside the change, from a row of a batch. */
    void copyHeads(Batch batch, int row, float[] to, int at) {
        if (rewards == GrBal.Rewards.LEARNED) to[at] = batch.rewards()[row];
        else System.arraycopy(batch.outcomes(), row * heads, to, at, heads);
    }

    /** The same from a step. */
    void copyHeads(Step step, float[] to, int at) {
        if (rewards == GrBal.Rewards.LEARNED) to[at] = (float) step.reward();
        else for (int j = 0; j < heads; j++) to[at + j] = (float) step.outcome()[j];
    }

    /** What a step pays, by what is foretold of it. */
    ModelForesight.Payment payment() {
        return switch (rewards) {
            case LEARNED -> (environment, observation, action, next) -> next[next.length - 1];
            case TASK -> heads == 0
                ? (environment, observation, action, next) -> paid(task.family().outcome(observation, action, next), action)
                : (environment, observation, action, next) -> paid(Arrays.copyOfRange(next, next.length - heads, next.length), action);
        };
    }

    private double paid(double[] outcome, double[] action) {
        return task.reward(outcome, action);
    }

    /** In words. */
    String sentence() {
        if (rewards == GrBal.Rewards.LEARNED) return "the model predicts the reward";
        return heads == 0 ? "the task's own reward, of outcomes that the predicted observations show"
            : "the task's own reward, of outcomes that the model predicts";
    }
}
