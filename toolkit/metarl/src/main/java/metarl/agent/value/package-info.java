/**
 * Methods that learn from values: TD3, SAC, MQL, PEARL, MCAT, Distral and HiP-BMDP. It may import {@link metarl.agent}, its wings
 * {@link metarl.agent.transfer} and {@link metarl.agent.hindsight}, {@link metarl.diagnose.weights} and the rooms before {@code agent}.
 *
 * <p>Start with {@link metarl.agent.value.Td3}, on which others stand, and {@link metarl.agent.value.Mql}. Every method is a record of
 * settings and a learner.
 */
package metarl.agent.value;
