/**
 * Off-policy evaluation of whole episodes, and of data from one task in a different one. It may import {@link metarl.basics} and the
 * other wings of this room.
 *
 * <p>Start with {@link metarl.diagnose.sequential.SequentialEstimators} for a log of episodes, and with {@link
 * metarl.diagnose.sequential.Drae} for data whose dynamics differ from those of the task in question.
 */
package metarl.diagnose.sequential;
