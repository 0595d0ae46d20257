/**
 * Gradients through inner gradient steps, of any loss and any network. It may import {@link metarl.agent} and the rooms before it.
 *
 * <p>Start with {@link metarl.agent.meta.MetaGradient}.
 */
package metarl.agent.meta;
