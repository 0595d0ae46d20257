package metarl.agent.gradient;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import metarl.agent.Adaptation;
import metarl.agent.Algorithm;
import metarl.agent.DivergedException;
import metarl.agent.Evidence;
import metarl.agent.Learner;
import metarl.agent.LearnerState;
import metarl.agent.Plan;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.agent.TaskOrder;
import metarl.agent.Trial;
import metarl.agent.gradient.MetaObjective.Tensors;
import metarl.agent.meta.InnerLoop;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.basics.StoredNumbers;
import metarl.data.Trajectory;
import metarl.nn.Adam;
import metarl.nn.Gradients;
import metarl.nn.Mlp;
import metarl.nn.Parameters;

/**
 * What learns by gradients through steps of policy gradient: θ, the tasks of the update to come, and the rounds of episodes collected for
 * it so far. Methods differ in the outer step alone.
 *
 * @param <M> the method
 */
abstract class MetaPolicyLearner<M extends MetaPolicyGradient<M>> implements Learner {
    private final M settings;
    private final Problem problem;
    private final StackedPolicy policy;
    private final Parameters parameters;
    private final Adam optimizer;
    private final List<EpisodeBatch> rounds = new ArrayList<>();
    private final boolean owned;
    private final TaskOrder order;
    private final LearnerState state;
    /** Of the update to come; none before its first round. */
    private int[] tasks = {};

    MetaPolicyLearner(M settings, Problem problem, long seed) {
        this.settings = settings;
        this.problem = problem;
        policy = StackedPolicy.of(problem, settings.hidden(), settings.initialDeviation());
        parameters = new Parameters(policy.sections(), RandomStream.of(seed, "policy"));
        optimizer = new Adam(parameters, settings.learningRate());
        order = new TaskOrder(problem.tasks(), seed);
        owned = true;
        state = declared();
    }

    /** A view of another learner that adapts by other settings: the same parameters, which stay the other's to close. */
    MetaPolicyLearner(M settings, MetaPolicyLearner<M> original) {
        this.settings = settings;
        problem = original.problem;
        policy = original.policy;
        parameters = original.parameters;
        optimizer = original.optimizer;
        order = original.order;
        state = original.state;
        owned = false;
    }

    Parameters parameters() {
        return parameters;
    }

    Adam optimizer() {
        return optimizer;
    }

    MetaObjective objective() {
        return new MetaObjective(policy, settings.inner());
    }

    /** How inner steps are taken in training. */
    InnerLoop loop() {
        return new InnerLoop(settings.innerRate(), settings.firstOrder());
    }

    /**
     * Moves θ.
     *
     * @param rounds the episodes of each inner step, and at last those of what the steps led to
     * @return what is logged of it
     */
    abstract Map<String, Double> outerStep(List<EpisodeBatch> rounds);

    /** A view of this learner that adapts by other settings. */
    abstract MetaPolicyLearner<M> view(M other);

    private LearnerState declared() {
        return LearnerState.of().network("policy", parameters).optimizer("optimiser", optimizer)
            .part("task order", order::save, order::load)
            .part("tasks of the update", out -> StoredNumbers.writeCounted(out, tasks),
                in -> tasks = StoredNumbers.readCounted(in, 0, problem.tasks() - 1))
            .part("rounds of the update", this::saveRounds, this::loadRounds).afresh(this::beginUpdate);
    }

    private void saveRounds(DataOutputStream out) throws IOException {
        out.writeInt(rounds.size());
        for (EpisodeBatch round : rounds) round.save(out, settings.inner().needsStarts());
    }

    private void loadRounds(DataInputStream in) throws IOException {
        rounds.clear();
        for (int n = in.readInt(); n > 0; n--) rounds.add(EpisodeBatch.load(in, settings.inner().needsStarts()));
    }

    /** What was collected for the old parameters is dropped. */
    private void beginUpdate() {
        rounds.clear();
        tasks = new int[0];
    }

    @Override
    public LearnerState state() {
        return state;
    }

    /** θ before the first round of an update, then what the inner steps made of it, for every task. */
    private Policy explorer() {
        if (rounds.isEmpty()) return policy();
        try (NDManager scope = parameters.manager().newSubManager()) {
            return new MamlPolicy(policy,
                Gradients.recorded(() -> new InnerLoop(settings.innerRate(), true).adapted(parameters.list(), rounds.get(0).tasks(),
                    objective().innerLosses(Tensors.of(rounds, scope)), scope)));
        }
    }

    /** θ without adaptation; it draws its actions, because adaptation learns from what they led to. */
    @Override
    public Policy policy() {
        try (NDManager scope = parameters.manager().newSubManager()) {
            return new MamlPolicy(policy, Gradients.unrecorded(() -> Mlp.stacked(parameters.list(), 1, scope)));
        }
    }

    /** The tasks of an update, each in as many seats as it has episodes; the same in every round of the update. */
    @Override
    public Plan plan() {
        int[] asked = tasks.length == 0 ? order.peek(settings.tasksPerUpdate()) : tasks;
        int n = settings.episodesPerTask();
        int seats = Require.length("the episodes of a round", "tasksPerUpdate or episodesPerTask", asked.length, n);
        return Plan.of(explorer(), IntStream.range(0, seats).map(i -> asked[i / n]).toArray());
    }

    @Override
    public void store(List<Trial> trials) {
        if (tasks.length == 0) tasks = order.next(settings.tasksPerUpdate());
        var perTask = Stream.generate(() -> (List<Trajectory>) new ArrayList<Trajectory>()).limit(tasks.length).toList();
        for (int i = 0; i < trials.size(); i++) perTask.get(i / settings.episodesPerTask()).addAll(trials.get(i).episodes());
        rounds.add(batch(perTask));
    }

    private EpisodeBatch batch(List<List<Trajectory>> perTask) {
        return EpisodeBatch.of(perTask, policy.head(), settings.discount(), settings.lambda(), settings.ridge());
    }

    @Override
    public boolean isDue() {
        return rounds.size() > settings.innerSteps();
    }

    @Override
    public Map<String, Double> update() {
        var found = new LinkedHashMap<String, Double>();
        found.put("returnBeforeInnerSteps", rounds.get(0).meanReturn());
        found.put("returnAfterInnerSteps", rounds.get(rounds.size() - 1).meanReturn());
        found.putAll(outerStep(List.copyOf(rounds)));
        beginUpdate();
        return found;
    }

    /** One inner step on all shots. */
    @Override
    public Adaptation adapt(List<Trajectory> shots, RandomStream random) {
        return shots.isEmpty() ? Adaptation.none(policy()) : adaptInRounds(List.of(shots), random);
    }

    /** One inner step per round, at the rate of the settings; nothing is drawn. */
    @Override
    public Adaptation adaptInRounds(List<List<Trajectory>> rounds, RandomStream random) {
        if (rounds.isEmpty() || rounds.stream().anyMatch(List::isEmpty))
            throw new IllegalArgumentException("given " + rounds.size() + " rounds with " + rounds.stream().map(List::size).toList()
                + " episodes; expected at least one round, and an episode in each");
        MetaObjective objective = objective();
        var loop = new InnerLoop(settings.innerRate(), true);
        var losses = new ArrayList<Double>();
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            return Gradients.recorded(() -> {
                NDList stacked = Mlp.stacked(parameters.list(), 1, scope);
                for (List<Trajectory> round : rounds) {
                    if (Thread.currentThread().isInterrupted())
                        throw new CancellationException("the adaptation was interrupted; nothing was changed");
                    NDArray loss = objective.innerLoss(stacked, Tensors.of(batch(List.of(round)), scope));
                    stacked = loop.step(stacked, loss);
                    double found = loss.getFloat();
                    DivergedException.requireLoss("innerLoss", found, " in the adaptation");
                    losses.add(found);
                }
                return new Adaptation(new MamlPolicy(policy, stacked), losses, Evidence.NONE, List.of());
            });
        }
    }

    @Override
    public Learner adaptingBy(Algorithm other) {
        if (other.getClass() != settings.getClass()) throw new IllegalArgumentException("these parameters were trained by "
            + settings.name() + " and can adapt by other settings of " + settings.name() + ", not by " + other.name());
        @SuppressWarnings("unchecked")
        M same = (M) other;
        if (same.hidden() != settings.hidden())
            throw new IllegalArgumentException("the settings describe a different network (hidden " + same.hidden()
                + ") than was trained (hidden " + settings.hidden() + "); change only the adaptation");
        return view(same);
    }

    /** A view ends with the learner it looks at. */
    @Override
    public void close() {
        if (owned) state.close();
    }
}
