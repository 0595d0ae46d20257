/**
 * Methods by tables, many of them exact: Gittins index, UCB1, Thompson sampling, PSRL and Q-learning. They are what learned methods are
 * measured against. It may import {@link metarl.agent}, its wing {@link metarl.agent.hindsight} and the rooms before {@code agent}.
 *
 * <p>Start with {@link metarl.agent.classical.BanditAgents} and {@link metarl.agent.classical.TabularAgents}.
 */
package metarl.agent.classical;
