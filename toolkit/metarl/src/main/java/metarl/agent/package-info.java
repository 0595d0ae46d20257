/**
 * How methods learn: the contract that all of them keep, yours included. The wings hold those that ship, by how they learn.
 *
 * <p>A method is two types. An {@link metarl.agent.Algorithm} is a record of settings that makes learners; a {@link metarl.agent.Learner} learns. This is a whole one:
 * the cross-entropy method (Rubinstein 1999; Szita and Lőrincz 2006), which draws linear policies, keeps those that earn most, and draws the next ones around them.
 *
 * <pre>{@code
 * record CrossEntropy(int candidates, int kept) implements Algorithm {
 *     static Policy linear(double[] weights, int inputs) {
 *         return (environments, random) -> observations -> Arrays.stream(observations).map(o -> {
 *             double[] action = new double[weights.length / (inputs + 1)];
 *             for (int a = 0, w = 0; a < action.length; a++, w++) {
 *                 for (int i = 0; i < inputs; i++, w++) action[a] += weights[w] * o[i];
 *                 action[a] = Math.tanh(action[a] + weights[w]);
 *             }
 *             return action;
 *         }).toArray(double[][]::new);
 *     }
 *     public Learner learner(Problem p, long seed) {
 *         double[] mean = new double[p.actionSize() * (p.observationSize() + 1)], deviation = new double[mean.length];
 *         Arrays.fill(deviation, 1);
 *         var stream = RandomStream.of(seed, "candidates");
 *         var state = LearnerState.of().network("mean", mean).numbers("deviation", deviation).stream("candidates", stream);
 *         int[] tasks = IntStream.range(0, p.tasks()).toArray();
 *         return new Learner() {
 *             double[][] drawn(RandomStream random) {
 *                 double[][] weights = new double[candidates][mean.length];
 *                 for (double[] w : weights) Arrays.setAll(w, i -> mean[i] + deviation[i] * random.nextGaussian());
 *                 return weights;
 *             }
 *             public Policy policy() { return linear(mean, p.observationSize()); }
 *             public Plan plan() {
 *                 return Arrays.stream(drawn(stream.copy())).map(weights -> Plan.of(linear(weights, p.observationSize()), tasks))
 *                     .reduce(Plan::and).get();
 *             }
 *             public void store(List<Trial> trials) {
 *                 double[] returns = new double[candidates];
 *                 for (int i = 0; i < trials.size(); i++) returns[i / tasks.length] += trials.get(i).totalReward();
 *                 double[][] weights = drawn(stream);
 *                 int[] best = IntStream.range(0, candidates).boxed().sorted(Comparator.comparingDouble(c -> -returns[c]))
 *                     .mapToInt(c -> c).limit(kept).toArray();
 *                 for (int i = 0; i < mean.length; i++) {
 *                     int entry = i;
 *                     double now = Arrays.stream(best).mapToDouble(c -> weights[c][entry]).average().getAsDouble();
 *                     double variance = Arrays.stream(best).mapToDouble(c -> Math.pow(weights[c][entry] - now, 2)).average().getAsDouble();
 *                     deviation[i] = Math.sqrt(variance) + 0.01;
 *                     mean[i] = now;
 *                 }
 *             }
 *             public LearnerState state() { return state; }
 *         };
 *     }
 * }
 * }</pre>
 *
 * <p>With it, {@code MetaTraining.on(tasks).algorithm(new CrossEntropy(20, 5)).saveTo("runs/mine").run()} trains, evaluates, logs, saves, and resumes after any end of the
 * process; {@code MetaRun.load("runs/mine", CrossEntropy.class)} loads it.
 *
 * <p>What training asks of a learner, again and again:
 * <ol>
 *   <li>{@link metarl.agent.Learner#plan()}: who collects what. A {@link metarl.agent.Plan} has a seat for every trial: a train task, a policy, how many episodes, for
 *     what purpose. It changes nothing, and draws from copies of streams.
 *   <li>{@link metarl.agent.Learner#store}: what was collected, a {@link metarl.agent.Trial} per seat.
 *   <li>{@link metarl.agent.Learner#update()} as long as {@link metarl.agent.Learner#isDue()}; methods that learn within {@code store} leave both out.
 * </ol>
 *
 * <p>What it must keep to:
 * <ul>
 *   <li>All randomness comes from {@link metarl.basics.RandomStream}s that are made from the seed. Then one seed gives one log, bit for bit.
 *   <li>All that the next step depends on is a part of the {@link metarl.agent.LearnerState}. Then a run that is killed and resumed gives the same log, too.
 *   <li>{@link metarl.agent.Learner#adapt} changes nothing of the learner, and looks at {@link java.lang.Thread#isInterrupted()} if it takes long.
 *   <li>Arrays of networks are freed: parameters and optimisers by the state, others by scopes ({@code try (NDManager scope = …)}).
 * </ul>
 *
 * <p>A method that adapts returns an {@link metarl.agent.Adaptation} with the {@link metarl.agent.Evidence} it rests on: the evaluation logs its numbers, a notebook
 * shows its sentence, table and chart. A method that knows what it takes of memory overrides {@link metarl.agent.Algorithm#memory}.
 */
package metarl.agent;
