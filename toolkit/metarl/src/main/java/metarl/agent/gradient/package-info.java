/**
 * Methods that learn by policy gradients: RL², SNAIL, MAML and ProMP. It may import {@link metarl.agent}, its wing {@link
 * metarl.agent.meta} and the rooms before {@code agent}.
 *
 * <p>Start with {@link metarl.agent.gradient.Rl2} for methods with a memory, and with {@link metarl.agent.gradient.Maml} for methods
 * with inner steps.
 */
package metarl.agent.gradient;
