/**
 * Methods that plan with a learned model of the dynamics: GrBAL and ReBAL. It may import {@link metarl.agent}, its wing {@link
 * metarl.agent.meta} and the rooms before {@code agent}.
 *
 * <p>Start with {@link metarl.agent.model.GrBal}. {@link metarl.agent.model.Planner} chooses actions by any model, {@link
 * metarl.agent.model.TrueModel} by the environment itself.
 */
package metarl.agent.model;
