/**
 * Learning from what happened in another task: which tasks get an episode, with which rewards, and how much it counts.
 *
 * <p>A {@link metarl.agent.hindsight.Relabeller} is asked for every episode that is collected. It is shown the
 * {@link metarl.agent.hindsight.Hindsight}: what the episode would have paid in every other train task, what the learner holds that task's
 * start to be worth, and how much more probable its steps are there. It answers with a {@link metarl.agent.hindsight.Foreign} for every
 * task that is to learn from it. A learner that asks does as many updates as one that does not.
 */
package metarl.agent.hindsight;
