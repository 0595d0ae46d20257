/**
 * Off-policy evaluation of single choices: what a policy would have earned on the log of a different one, with intervals and warnings.
 * It may import {@link metarl.basics} and the wings {@code weights} and {@code log} of this room.
 *
 * <p>Start with {@link metarl.diagnose.bandit.OffPolicyEvaluation}, which applies all {@link metarl.diagnose.bandit.Estimators} to a
 * log. {@link metarl.diagnose.bandit.Oracle} draws logs whose true value is known.
 */
package metarl.diagnose.bandit;
