package metarl.agent.value;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import metarl.agent.Learner;
import metarl.agent.LearnerState;
import metarl.agent.Plan;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.agent.Trial;
import metarl.agent.transfer.TransferredPolicy;
import metarl.basics.RandomStream;
import metarl.data.Batch;
import metarl.data.ContextBatch;
import metarl.data.MetaReplay;

/** MCAT while it learns: one of its components at a time. */
final class McatLearner implements Learner {
    /** What the log says of a trial: the number of the task that the policy was transferred from, −1 for the learned policy. */
    static final String TRANSFERRED_FROM = "transferredFrom";
    private static final String LEARNED = "learned", FROM = "from ";

    private final Mcat settings;
    private final McatNetworks networks;
    private final ReplaySchedule schedule;
    private final MetaReplay replay;
    private final Td3Update update;
    /** Null where there is no self-imitation. */
    private final EarnedReturns returns;
    private final LowerBound bound;
    private final Transfers transfers;
    private final RandomStream segments;
    private final LearnerState state;
    /** z_j of every task, tasks × z; NaN for one that nothing is known of. */
    private final double[] features;
    private int modelOwed, translatorOwed, sinceFit;
    /** Whether C, F and H have learned at least once. */
    private boolean fitted;

    McatLearner(Mcat settings, Problem problem, long seed) {
        this.settings = settings;
        Td3 base = settings.base();
        networks = new McatNetworks(settings, problem, seed);
        schedule = new ReplaySchedule(problem, base.replayCapacity(), base.randomSteps(), base.updatesPerStep(), base.episodesPerRound(),
            seed);
        replay = schedule.replay();
        update = new Td3Update(base, networks.actorCritic, base.learningRate(), RandomStream.of(seed, "target noise"));
        boolean imitates = settings.selfImitation().isOn();
        returns = imitates ? new EarnedReturns(settings.selfImitation(), base.discount(), replay) : null;
        bound = imitates
            ? new LowerBound(settings.selfImitation(), networks.actorCritic, returns, RandomStream.of(seed, "imitation"))
            : null;
        transfers = new Transfers(problem.tasks(), settings.recentEpisodes(), settings.trialEvery(), settings.lead());
        segments = RandomStream.of(seed, "segments");
        features = new double[problem.tasks() * settings.model().contextSize()];
        Arrays.fill(features, Double.NaN);
        fitted = !settings.hasContext();
        state = declared();
    }

    private LearnerState declared() {
        LearnerState declared = update.declare(networks.declare(LearnerState.of())).stream("segments", segments)
            .numbers("task features", features).part("who acts", transfers::save, transfers::load).part("turns", this::save, this::load);
        schedule.declare(declared).afresh(this::begin);
        return bound == null ? declared : bound.declare(declared);
    }

    /** With networks of another run: they have learned, and what is known of the tasks is not theirs. */
    private void begin() {
        Arrays.fill(features, Double.NaN);
        transfers.clear();
        modelOwed = 0;
        translatorOwed = 0;
        sinceFit = 0;
        fitted = true;
    }

    private void save(DataOutputStream out) throws IOException {
        out.writeInt(modelOwed);
        out.writeInt(translatorOwed);
        out.writeInt(sinceFit);
        out.writeBoolean(fitted);
    }

    private void load(DataInputStream in) throws IOException {
        modelOwed = in.readInt();
        translatorOwed = in.readInt();
        sinceFit = in.readInt();
        fitted = in.readBoolean();
        if (modelOwed < 0 || translatorOwed < 0 || sinceFit < 0) throw new IOException("found " + modelOwed + " and " + translatorOwed
            + " updates owed, after " + sinceFit + " steps; expected none below 0");
    }

    Transfers transfers() {
        return transfers;
    }

    McatNetworks networks() {
        return networks;
    }

    MetaReplay replay() {
        return replay;
    }

    @Override
    public LearnerState state() {
        return state;
    }

    @Override
    public Policy policy() {
        return McatPolicy.online(networks);
    }

    /** Seats for every task whose turn it is: one by whoever acts there, or by the oracle's choice one by everybody who could. */
    @Override
    public Plan plan() {
        if (schedule.isRandom()) return schedule.randomPlan(settings.base().randomEpisodeLength());
        Map<Integer, Policy> policies = new HashMap<>();
        IntFunction<Policy> policy = source -> policies.computeIfAbsent(source, this::explorer);
        var seats = new ArrayList<Plan.Seat>();
        for (int task : schedule.turn())
            for (int source : actors(task)) seats.add(new Plan.Seat(task, policy.apply(source), 1, Integer.MAX_VALUE, purpose(source)));
        return new Plan(seats, 0);
    }

    private int[] actors(int task) {
        if (settings.choice() == Mcat.Choice.RECENT) return new int[] {transfers.next(task)};
        return IntStream.concat(IntStream.of(Transfers.LEARNED), IntStream.of(transfers.candidates(task))).toArray();
    }

    private Policy explorer(int source) {
        return (source == Transfers.LEARNED ? policy() : transferred(source)).withNoise(settings.base().explorationNoise());
    }

    /** H(s, π(s, z_j), z_j, z). */
    private Policy transferred(int source) {
        float[] feature = feature(source);
        return TransferredPolicy.of(McatPolicy.of(networks, feature), networks.translator, feature);
    }

    /** z_j. */
    float[] feature(int task) {
        float[] feature = new float[networks.contextSize()];
        for (int i = 0; i < feature.length; i++) feature[i] = (float) features[task * feature.length + i];
        return feature;
    }

    private static String purpose(int source) {
        return source == Transfers.LEARNED ? LEARNED : FROM + source;
    }

    private static int source(Trial trial) {
        String purpose = trial.seat().purpose();
        return purpose.startsWith(FROM) ? Integer.parseInt(purpose.substring(FROM.length())) : Transfers.LEARNED;
    }

    @Override
    public Map<String, Double> numbers(Trial trial) {
        return settings.transfer() && !trial.seat().purpose().isEmpty() ? Map.of(TRANSFERRED_FROM, (double) source(trial)) : Map.of();
    }

    @Override
    public void store(List<Trial> trials) {
        boolean random = schedule.isRandom();
        List<Trial> kept = random ? trials : best(trials);
        if (!random) for (Trial trial : trials) transfers.earned(trial.task(), source(trial), trial.totalReward());
        long[] before = IntStream.range(0, replay.tasks()).mapToLong(task -> replay.of(task).added()).toArray();
        schedule.store(kept);
        if (returns != null) remember(kept, before);
        int all = trials.stream().mapToInt(Trial::length).sum(), stored = kept.stream().mapToInt(Trial::length).sum();
        schedule.count(all - stored);
        sinceFit += all;
        if (settings.hasContext() && !schedule.isRandom() && (!fitted || sinceFit >= settings.modelEvery())) {
            sinceFit = 0;
            modelOwed = settings.modelUpdates();
            translatorOwed = settings.transfer() ? settings.translatorUpdates() : 0;
        }
    }

    /** Of every task whose turn it was the trial that earned most. */
    private List<Trial> best(List<Trial> trials) {
        var kept = new ArrayList<Trial>();
        int at = 0;
        for (int task : schedule.turn()) {
            Trial best = trials.get(at++);
            for (int others = actors(task).length - 1; others > 0; others--, at++)
                if (trials.get(at).totalReward() > best.totalReward()) best = trials.get(at);
            kept.add(best);
        }
        return kept;
    }

    /**
     * Takes in what was earned in episodes that the replay has already.
     *
     * @param positions by task, where the first of its episodes begins
     */
    private void remember(List<Trial> kept, long[] positions) {
        for (Trial trial : kept) {
            returns.add(trial.task(), positions[trial.task()], trial.episodes().get(0));
            positions[trial.task()] += trial.length();
        }
    }

    @Override
    public boolean isDue() {
        return modelOwed > 0 || translatorOwed > 0 || fitted && schedule.isDue();
    }

    @Override
    public Map<String, Double> update() {
        if (modelOwed == 0 && translatorOwed == 0) return learn();
        int[] tasks = tasksWithSegments();
        if (modelOwed == settings.modelUpdates()) networks.model.measure(replay, tasks);
        Map<String, Double> losses;
        if (modelOwed > 0) {
            losses = networks.model.step(replay, tasks, segments);
            modelOwed--;
        } else {
            losses = networks.translator.step(replay, tasks, segments);
            translatorOwed--;
        }
        if (modelOwed == 0 && translatorOwed == 0) fitted(tasks);
        return losses;
    }

    private int[] tasksWithSegments() {
        int[] tasks = IntStream.of(replay.filledTasks()).filter(task -> replay.holdsRun(task, settings.model().ahead())).toArray();
        if (tasks.length == 0) throw new IllegalStateException("none of the " + replay.size()
            + " transitions in the replay ends " + settings.model().ahead()
            + " steps of one episode, so that the context model has nothing to learn from: make model.ahead smaller, or episodes longer");
        return tasks;
    }

    private void fitted(int[] tasks) {
        fitted = true;
        if (!settings.transfer()) return;
        for (int task : tasks) {
            float[] feature = networks.model.feature(replay, task, settings.featureSegments(), segments);
            for (int i = 0; i < feature.length; i++) features[task * feature.length + i] = feature[i];
        }
        transfers.open();
    }

    /** A step of TD3 on (s, z). */
    private Map<String, Double> learn() {
        Batch drawn = schedule.draw(settings.base().batchSize());
        ContextBatch batch = ContextBatch.withoutWindows(networks.seen(replay, drawn, drawn));
        Td3Update.Change penalty = networks.actorCritic.penalty(batch, settings.policyPenalty());
        if (bound == null) return update.step(batch, penalty);
        return bound.step(update, batch, penalty, (first, last) -> networks.seen(replay, first, last));
    }
}
