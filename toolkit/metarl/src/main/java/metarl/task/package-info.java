/**
 * Tasks as data: a family, its parameters, and sets of tasks to train and to test on. It may import {@link metarl.env} and the rooms
 * before it.
 *
 * <p>Start with {@link metarl.task.TaskSet}, which draws tasks from a {@link metarl.task.TaskFamily}. {@link metarl.task.Family}
 * defines a family of your own.
 */
package metarl.task;
