package metarl.agent.model;

import ai.djl.ndarray.NDManager;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import metarl.agent.Adaptation;
import metarl.agent.Algorithm;
import metarl.agent.Learner;
import metarl.agent.LearnerState;
import metarl.agent.Plan;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.agent.TaskOrder;
import metarl.agent.Trial;
import metarl.agent.meta.InnerLoop;
import metarl.agent.meta.InnerLoss;
import metarl.agent.meta.MetaGradient;
import metarl.agent.meta.OuterLoss;
import metarl.agent.model.GrBalModel.Rows;
import metarl.agent.model.GrBalModel.Units;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.data.MetaReplay;
import metarl.data.Trajectory;
import metarl.nn.Adam;
import metarl.nn.Normalizer;
import metarl.nn.Parameters;
import metarl.nn.Sections;

/** GrBAL while it learns: θ, the units of the data, and the replay. */
final class GrBalLearner implements Learner {
    private final GrBal settings;
    private final Problem problem;
    private final Payments payments;
    private final GrBalModel model;
    private final Parameters parameters;
    private final Adam optimizer;
    private final double[] units;
    private final MetaReplay replay;
    private final TaskOrder order;
    private final RandomStream runs;
    private final LearnerState state;
    private final boolean owned;
    private int randomEpisodesLeft, owed;

    GrBalLearner(GrBal settings, Problem problem, long seed) {
        this.settings = settings;
        this.problem = problem;
        Require.that(!problem.discrete(), "the actions", problem.actionSize() + " choices",
            "real numbers: sequences of choices are not planned by GrBAL");
        int run = settings.support() + settings.query(), perTask = settings.replayCapacity() / problem.tasks();
        Require.that(problem.horizon() >= run, "support + query", run,
            "at most " + problem.horizon() + ", the steps of an episode: both come from one");
        Require.that(perTask >= run, "replayCapacity", settings.replayCapacity(),
            "at least " + Require.times(problem.tasks(), run) + ": support + query steps of each of " + problem.tasks() + " tasks");
        payments = Payments.of(settings.rewards(), problem);
        model = GrBalModel.of(problem, settings.hidden(), settings.layers(), payments.heads());
        parameters = new Parameters(Sections.of().and("model", model.network()), RandomStream.of(seed, "model"));
        optimizer = new Adam(parameters, settings.learningRate());
        units = model.noUnits().numbers();
        replay = new MetaReplay(problem.tasks(), problem.observationSize(), problem.actionSize(), problem.outcomeSize(),
            settings.replayCapacity());
        order = new TaskOrder(problem.tasks(), seed);
        runs = RandomStream.of(seed, "runs");
        randomEpisodesLeft = settings.randomEpisodes();
        owned = true;
        state = LearnerState.of().network("model", parameters).network("units", units).optimizer("optimiser", optimizer)
            .part("task order", order::save, order::load).stream("runs", runs)
            .part("random episodes left", out -> out.writeInt(randomEpisodesLeft), in -> randomEpisodesLeft = in.readInt())
            .part("updates owed", out -> out.writeInt(owed), in -> owed = in.readInt()).replay("replay", replay)
            .afresh(() -> randomEpisodesLeft = 0);
    }

    /** A view of another learner that adapts and plans by other settings: the same model, which stays the other's to close. */
    private GrBalLearner(GrBal settings, GrBalLearner original) {
        this.settings = settings;
        problem = original.problem;
        payments = original.payments;
        model = original.model;
        parameters = original.parameters;
        optimizer = original.optimizer;
        units = original.units;
        replay = original.replay;
        order = original.order;
        runs = original.runs;
        state = original.state;
        owned = false;
    }

    GrBal settings() {
        return settings;
    }

    GrBalModel model() {
        return model;
    }

    Parameters parameters() {
        return parameters;
    }

    Payments payments() {
        return payments;
    }

    Units units() {
        return Units.of(units, model.network());
    }

    @Override
    public LearnerState state() {
        return state;
    }

    @Override
    public Policy policy() {
        return remembering(List.of());
    }

    private Policy remembering(List<Trajectory> episodes) {
        return new GrBalPolicy(settings, model, parameters, units(), payments,
            RecentSteps.of(model, payments, settings.support(), episodes));
    }

    @Override
    public Plan plan() {
        return Plan.of(randomEpisodesLeft > 0 ? Policy.random(problem.actionSize()) : policy(), order.peek(settings.episodesPerRound()));
    }

    @Override
    public void store(List<Trial> trials) {
        order.next(trials.size());
        boolean longEnough = false;
        for (Trial trial : trials) for (Trajectory episode : trial.episodes()) {
            replay.of(trial.task()).add(episode);
            longEnough |= episode.length() >= settings.support() + settings.query();
        }
        randomEpisodesLeft = Math.max(0, randomEpisodesLeft - trials.size());
        // episodes that end early may be too short to learn from
        if (longEnough) owed = settings.updatesPerRound();
        Rows all = model.rows(replay.newest(replay.size()), payments);
        double[] found = new Units(Normalizer.of(all.inputs(), model.network().inputs()),
            Normalizer.of(all.targets(), model.network().outputs())).numbers();
        System.arraycopy(found, 0, units, 0, units.length);
    }

    @Override
    public boolean isDue() {
        return owed > 0;
    }

    /** A step of Adam on the error of the adapted models; equation 3 of the paper. */
    @Override
    public Map<String, Double> update() {
        owed--;
        int k = settings.support(), m = settings.query(), n = settings.runsPerUpdate();
        Rows rows = model.rows(replay.sampleRuns(n, k + m, runs), payments);
        try (NDManager scope = parameters.manager().newSubManager()) {
            InnerLoss before = model.loss(model.steps(rows, n, 0, k, units(), scope)),
                after = model.loss(model.steps(rows, n, k, m, units(), scope));
            List<InnerLoss> steps = Collections.nCopies(settings.adapts() ? settings.innerSteps() : 0, before);
            var cycle = new MetaGradient(parameters, n, new InnerLoop(settings.innerRate(), settings.firstOrder()), steps,
                OuterLoss.mean(after, n), scope);
            return Map.of("modelError", cycle.minimize(optimizer));
        }
    }

    /** The last K steps of the shots are remembered when acting begins. */
    @Override
    public Adaptation adapt(List<Trajectory> shots, RandomStream random) {
        if (shots.isEmpty() || !settings.adapts()) return Adaptation.none(policy());
        return new Adaptation(remembering(shots), List.of(), ModelEvidence.of(this, shots), List.of());
    }

    @Override
    public Learner adaptingBy(Algorithm other) {
        if (!(other instanceof GrBal grBal)) throw new IllegalArgumentException(
            "this model was trained by GrBAL and can adapt by other settings of GrBAL, not by " + other.name());
        if (grBal.hidden() != settings.hidden() || grBal.layers() != settings.layers() || grBal.rewards() != settings.rewards())
            throw new IllegalArgumentException("the settings describe another model (hidden " + grBal.hidden() + ", layers "
                + grBal.layers() + ", rewards " + grBal.rewards() + ") than was trained (hidden " + settings.hidden() + ", layers "
                + settings.layers() + ", rewards " + settings.rewards() + "); change only the adaptation and the planner");
        return new GrBalLearner(grBal, this);
    }

    /** A view ends with the learner it looks at. */
    @Override
    public void close() {
        if (owned) state.close();
    }
}
