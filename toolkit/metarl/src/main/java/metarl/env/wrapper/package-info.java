/**
 * Environments around environments: they delay or thin out rewards, rescale actions, normalize what is observed, and limit time. It may
 * import {@link metarl.env} and the rooms before it.
 *
 * <p>Start with {@link metarl.env.wrapper.TimeLimit}, the shortest one.
 */
package metarl.env.wrapper;
