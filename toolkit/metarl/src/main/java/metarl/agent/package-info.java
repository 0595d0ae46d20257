/**
 * How methods learn: the contract that all of them keep, yours included. The wings hold those that ship, by how they learn.
 *
 * <p>A method is two types. An {@link metarl.agent.Algorithm} is a record of settings that makes learners; a {@link metarl.agent.Learner}
 * learns. This is a whole one: the cross-entropy method (Rubinstein 1999; Szita and Lőrincz 2006), which draws linear policies, keeps those
 * that earn most, and draws the next ones around them.
 *
 * <pre>{@code
 * record CrossEntropy(int candidates, int kept) implements Algorithm {
 *     public Learner learner(Problem p, long seed) {
 *         double[] mean = new double[p.actionSize() * (p.observationSize() + 1)];
 *         double[] deviation = DoubleStream.generate(() -> 1).limit(mean.length).toArray();
 *         var stream = RandomStream.of(seed, "candidates");
 *         int[] tasks = IntStream.range(0, p.tasks()).toArray();
 *         return new Learner() {
 *             final LearnerState state = LearnerState.of().network("mean", mean)
 *                 .numbers("deviation", deviation).stream("candidates", stream);
 *             double[][] drawn(RandomStream random) {
 *                 var weights = new double[candidates][mean.length];
 *                 for (var w : weights)
 *                     Arrays.setAll(w, k -> mean[k] + deviation[k] * random.nextGaussian());
 *                 return weights;
 *             }
 *             public LearnerState state() { return state; }
 *             public Policy policy() { return Policy.linear(mean); }
 *             public Plan plan() {
 *                 return Plan.of(Stream.of(drawn(stream.copy())).map(Policy::linear).toList(), tasks);
 *             }
 *             public void store(List<Trial> trials) {
 *                 double[] returns = new double[candidates];
 *                 for (int i = 0; i < trials.size(); i++)
 *                     returns[i / tasks.length] += trials.get(i).totalReward();
 *                 var weights = drawn(stream);
 *                 int[] best = IntStream.range(0, candidates).boxed()
 *                     .sorted(Comparator.comparing(c -> -returns[c])).limit(kept)
 *                     .mapToInt(c -> c).toArray();
 *                 for (int k = 0; k < mean.length; k++) {
 *                     int entry = k;
 *                     double[] values = Arrays.stream(best).mapToDouble(c -> weights[c][entry]).toArray();
 *                     mean[k] = Arrays.stream(values).average().getAsDouble();
 *                     deviation[k] = 0.01 + Math.sqrt(Arrays.stream(values)
 *                         .map(v -> Math.pow(v - mean[entry], 2)).average().getAsDouble());
 *                 }
 *             }
 *         };
 *     }
 * }
 * }</pre>
 *
 * <p>With it, {@code MetaTraining.on(tasks).algorithm(new CrossEntropy(20, 5)).saveTo("runs/mine").run()} trains, evaluates, logs, saves,
 * and resumes after any end of the process; {@code MetaRun.load("runs/mine", CrossEntropy.class)} loads it.
 *
 * <p>What training asks of a learner, again and again:
 * <ol>
 *   <li>{@link metarl.agent.Learner#plan()}: who collects what. A {@link metarl.agent.Plan} has a seat for every trial: a train task, a
 *     policy, how many episodes, for what purpose. It changes nothing, and draws from copies of streams.
 *   <li>{@link metarl.agent.Learner#store}: what was collected, a {@link metarl.agent.Trial} per seat.
 *   <li>{@link metarl.agent.Learner#update()} as long as {@link metarl.agent.Learner#isDue()}; methods that learn within {@code store}
 *     leave both out.
 * </ol>
 *
 * <p>What it must keep to:
 * <ul>
 *   <li>All randomness comes from {@link metarl.basics.RandomStream}s that are made from the seed. Then one seed gives one log, bit for
 *     bit.
 *   <li>All that the next step depends on is a part of the {@link metarl.agent.LearnerState}. Then a run that is killed and resumed gives
 *     the same log, too.
 *   <li>{@link metarl.agent.Learner#adapt} changes nothing of the learner, and looks at {@link java.lang.Thread#isInterrupted()} if it
 *     takes long.
 *   <li>Arrays of networks are freed: parameters and optimisers by the state, others by scopes ({@code try (NDManager scope = …)}).
 * </ul>
 *
 * <p>A method that adapts returns an {@link metarl.agent.Adaptation} with the {@link metarl.agent.Evidence} it rests on: the evaluation
 * logs its numbers, a notebook shows its sentence, table and chart. A method that knows what it takes of memory overrides
 * {@link metarl.agent.Algorithm#memory}.
 */
package metarl.agent;
