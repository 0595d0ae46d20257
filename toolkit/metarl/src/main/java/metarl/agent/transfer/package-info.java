/**
 * What is learned about tasks from what was recorded of them: no environment, no meta-training. Data are a {@link
 * metarl.data.MetaReplay}, whose tasks are the data sets; randomness comes from a {@link metarl.basics.RandomStream}.
 *
 * <p>{@link metarl.agent.transfer.ContextModel} are the settings of MCAT's context encoder and forward model (Guo et al. 2022):
 *
 * <pre>{@code
 * var data = new MetaReplay(2, observationSize, actionSize, outcomeSize, 100_000);
 * for (int task = 0; task < 2; task++)
 *     for (Trajectory episode : Rollout.of(policy, Collections.nCopies(50, tasks.get(task)), random)) data.of(task).add(episode);
 * try (var model = ContextModel.small().start(observationSize, actionSize, 1)) {
 *     model.fit(data, new int[] {0, 1}, 3_000, RandomStream.of(1, "fit"));
 *     float[] first = model.feature(data, 0, 1_024, RandomStream.of(1, "feature"));
 * }
 * }</pre>
 *
 * <p>While somebody acts, {@link metarl.agent.transfer.StepHistory} holds the steps from which z is read.
 *
 * <p>{@link metarl.agent.transfer.ActionTranslator} are the settings of what makes an action of one task into one of another, by the
 * forward model of the other; {@link metarl.agent.transfer.CycleConsistency} those of its peer (Zhang et al. 2020). With either, {@link
 * metarl.agent.transfer.TransferredPolicy} is any policy of a source task in a target task:
 *
 * <pre>{@code
 * try (var model = ContextModel.small().contextSize(0).start(observationSize, actionSize, 1).fit(data, new int[] {1}, 3_000, random);
 *     var translator = ActionTranslator.small().start(model, 1).fit(data, 0, 1, 3_000, random)) {
 *     Rollout.of(TransferredPolicy.of(policy, translator), List.of(tasks.get(1)), random);
 * }
 * }</pre>
 *
 * <p>{@link metarl.agent.transfer.TaskEmbeddings} and {@link metarl.agent.transfer.HiddenParameterModel} are the pieces of HiP-BMDP (Zhang
 * et al. 2021): an embedding per task, and a model of all tasks that is told it.
 */
package metarl.agent.transfer;
