/**
 * Environments in plain Java: bandits, points, tabular processes, and mazes seen in the first person. It may import {@link metarl.env}
 * and the rooms before it.
 *
 * <p>Start with {@link metarl.env.world.Dynamics}, a world given by how its state moves. {@link metarl.env.world.Raycaster} draws the
 * pictures of mazes.
 */
package metarl.env.world;
