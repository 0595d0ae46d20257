/**
 * What was lived through: transitions, trajectories, replay buffers and the batches drawn from them. It may import {@link metarl.task}
 * and the rooms before it.
 *
 * <p>Start with {@link metarl.data.Trajectory} and {@link metarl.data.MetaReplay}, which keeps the transitions of every task apart.
 */
package metarl.data;
