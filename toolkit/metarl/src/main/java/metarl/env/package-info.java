/**
 * Environments: one machine that is reset and stepped, and the border that checks what it answers. It may import {@link metarl.basics}
 * and {@link metarl.chart}.
 *
 * <p>Start with {@link metarl.env.Environment}, the contract. {@link metarl.env.EpisodicEnvironment} is the base for one of your own,
 * {@link metarl.env.EnvironmentCheck} tries one out, and {@link metarl.env.VectorEnvironment} steps many at once.
 */
package metarl.env;
