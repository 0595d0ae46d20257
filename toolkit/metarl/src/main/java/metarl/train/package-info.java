/**
 * One protocol for all methods: collect, learn, evaluate, log, save and resume. It may import {@link metarl.agent} and the rooms before
 * it, and the room {@code diagnose}; no class of it names a method.
 *
 * <p>Start with {@link metarl.train.MetaTraining}, which ends in a {@link metarl.train.MetaRun}. {@link metarl.train.Comparison} sets
 * several methods beside each other.
 */
package metarl.train;
