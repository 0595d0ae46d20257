/**
 * Every method on every task set with every seed: one run each, on threads of this process or on the machines of a cluster, and what the
 * runs say together.
 *
 * <pre>{@code
 * var sweep = Sweep.of(TaskSet.of(PointRobot.dense()).train(40).test(10).sample(1))
 *     .tasks("sparse goals", TaskSet.of(PointRobot.sparse()).train(40).test(10).sample(1))
 *     .algorithms(Mql.pointRobot(), Pearl.pointRobot(), Td3.pointRobot())
 *     .algorithm("TD3, no context", Td3.pointRobot().contextLength(0))
 *     .seeds(10).steps(20_000).evaluateEvery(2_000).saveTo("results/points");
 *
 * var results = sweep.run();                            // on threads of this process, with a table of what runs, ends and fails
 * results                                               // a row per run; one that failed has its error, and is tried by the next run()
 *
 * Plots.learningCurve(results.runs("sparse goals"))     // all charts of runs
 * var comparison = results.normalised("point-robot-dense", -60, -10).normalised("sparse goals", 0, 12).comparison();
 * comparison                                            // interquartile mean, mean, median, optimality gap, with intervals
 * comparison.improvements()                             // P(X > Y)
 * SweepPlots.profiles(comparison)                       // the share of runs above every score
 * }</pre>
 *
 * <p>All that is done lies in the sweep's folder, {@code task set/algorithm/seed-1}: the run as {@link metarl.train} keeps it, and what the
 * sweep notes beside it. {@code sweep-done.json} is written in one move when a run has all its steps, with its last numbers;
 * {@code sweep-failed.json} tells by which error it ended; {@code sweep-progress.json} how far it is. So a process
 * that does runs, and the one that asks for them, may be killed at any time: {@link metarl.sweep.Sweep#run()} in a new one does what is
 * missing, and a run that was going on goes on from its checkpoint, bit for bit as if nothing had happened. Two processes may even do one
 * sweep together: each run has a lock, which ends with the process that holds it. Bit for bit means on machines of one kind; another
 * processor rounds differently.
 *
 * <p>{@link metarl.sweep.Workers} do the runs. What is sent to them is a {@link metarl.sweep.SweepTask}: a number, a folder, and the
 * training as text, from which any Java process with the toolkit's jar makes it again. What a notebook's cell defines is known to its own
 * process alone; such methods and task families are run on its threads, and refused with other workers before anything is done.
 *
 * <p>Scores are compared as Agarwal et al., <em>Deep Reinforcement Learning at the Edge of the Statistical Precipice</em> (NeurIPS 2021),
 * recommend: see {@link metarl.sweep.SweepComparison}.
 */
package metarl.sweep;
