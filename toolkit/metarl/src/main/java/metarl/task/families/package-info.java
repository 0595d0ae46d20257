/**
 * The families of tasks that ship, each with its source and what differs from it. It may import {@link metarl.task} and the rooms
 * before it.
 *
 * <p>Start with {@link metarl.task.families.PointRobot} for points, {@link metarl.task.families.HalfCheetah} for bodies and {@link
 * metarl.task.families.Bandit} for choices.
 */
package metarl.task.families;
