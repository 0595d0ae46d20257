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
import metarl.agent.meta.MetaGradient;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.basics.StoredNumbers;
import metarl.data.Trajectory;
import metarl.nn.Adam;
import metarl.nn.Gradients;
import metarl.nn.Mlp;
import metarl.nn.Parameters;
import metarl.nn.TrustRegion;

/** MAML while it learns: θ, the tasks of the update to come, and the rounds of episodes collected for it so far. */
final class MamlLearner implements Learner {
    private static final double SHRINKAGE = 0.8;
    private static final int ATTEMPTS = 15;

    private final Maml settings;
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

    MamlLearner(Maml settings, Problem problem, long seed) {
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
    private MamlLearner(Maml settings, MamlLearner original) {
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

    private MetaObjective objective() {
        return new MetaObjective(policy, settings.inner());
    }

    private LearnerState declared() {
        return LearnerState.of().network("policy", parameters).optimizer("optimiser", optimizer)
            .part("task order", order::save, order::load)
            .part("tasks of the update", out -> StoredNumbers.writeCounted(out, tasks),
                in -> tasks = StoredNumbers.readCounted(in, 0, problem.tasks() - 1))
            .part("rounds of the update", this::saveRounds, this::loadRounds).afresh(this::beginUpdate);
    }

    private void saveRounds(DataOutputStream out) throws IOException {
        out.writeInt(rounds.size());
        for (EpisodeBatch round : rounds) round.save(out);
    }

    private void loadRounds(DataInputStream in) throws IOException {
        rounds.clear();
        for (int n = in.readInt(); n > 0; n--) rounds.add(EpisodeBatch.load(in));
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
                    objective().innerLosses(tensors(rounds, scope)), scope)));
        }
    }

    /** θ without adaptation; it draws its actions, because adaptation learns from what they led to. */
    @Override
    public Policy policy() {
        try (NDManager scope = parameters.manager().newSubManager()) {
            return new MamlPolicy(policy, Gradients.unrecorded(() -> Mlp.stacked(parameters.list(), 1, scope)));
        }
    }

    private static List<Tensors> tensors(List<EpisodeBatch> batches, NDManager scope) {
        return batches.stream().map(b -> Tensors.of(b, scope)).toList();
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
        try (NDManager scope = parameters.manager().newSubManager()) {
            var cycle = cycle(scope);
            if (settings.outer() == Maml.Outer.ADAM) found.put("outerLoss", cycle.minimize(optimizer));
            else {
                var region = new TrustRegion(settings.divergenceLimit(), settings.conjugateSteps(), settings.damping(), SHRINKAGE,
                    ATTEMPTS);
                TrustRegion.Step step = cycle.minimize(region);
                found.put("outerLoss", step.after().loss());
                found.put("divergence", step.after().divergence());
                found.put("lengthsTried", (double) step.attempts());
                found.put("outerStepAccepted", step.accepted() ? 1.0 : 0.0);
            }
        }
        beginUpdate();
        return found;
    }

    /** The last round judges what the others led to. */
    private MetaGradient cycle(NDManager scope) {
        List<Tensors> all = tensors(rounds, scope);
        int last = all.size() - 1;
        return new MetaGradient(parameters, rounds.get(0).tasks(), new InnerLoop(settings.innerRate(), settings.firstOrder()),
            objective().innerLosses(all.subList(0, last)), objective().outerLoss(all.get(last)), scope);
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
        if (!(other instanceof Maml maml)) throw new IllegalArgumentException(
            "these parameters were trained by MAML and can adapt by other settings of MAML, not by " + other.name());
        if (maml.hidden() != settings.hidden())
            throw new IllegalArgumentException("the settings describe another network (hidden " + maml.hidden()
                + ") than was trained (hidden " + settings.hidden() + "); change only the adaptation");
        return new MamlLearner(maml, this);
    }

    /** A view ends with the learner it looks at. */
    @Override
    public void close() {
        if (owned) state.close();
    }
}
