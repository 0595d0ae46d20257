package metarl.data;

import metarl.task.Task;

/**
 * One step of experience.
 *
 * @param observation what was seen
 * @param action what was done
 * @param reward what was paid
 * @param nextObservation what was seen then
 * @param terminated whether the episode ended for good (not by a time limit)
 * @param outcome the task-independent quantities a reward reads
 */
public record Transition(double[] observation, double[] action, double reward, double[] nextObservation, boolean terminated,
    double[] outcome) {
    /**
     * The same step, scored by itself for another task of the family; delayed rewards need the whole episode: {@link Trajectory#relabel}.
     */
    public Transition relabel(Task task) {
        return new Transition(observation, action, task.reward(outcome, action), nextObservation, terminated, outcome);
    }
}
