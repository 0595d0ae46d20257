package metarl.agent.model;

import ai.djl.ndarray.NDManager;
import java.util.List;
import metarl.agent.Learner;
import metarl.agent.LearnerState;
import metarl.agent.Plan;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.agent.TaskOrder;
import metarl.agent.Trial;
import metarl.agent.model.DynamicsModel.Units;
import metarl.agent.model.ModelForm.Rows;
import metarl.basics.RandomStream;
import metarl.data.MetaReplay;
import metarl.data.Trajectory;
import metarl.nn.Adam;
import metarl.nn.Parameters;
import metarl.nn.Sections;

/** What learns a model of the dynamics from a replay, round after round: θ, the units of the data, and the replay. */
abstract class ModelBasedLearner implements Learner {
    final Payments payments;
    final ModelForm form;
    final Parameters parameters;
    final Adam optimizer;
    private final ModelBased settings;
    private final Problem problem;
    private final double[] units;
    private final MetaReplay replay;
    private final TaskOrder order;
    private final RandomStream runs;
    private final LearnerState state;
    private final boolean owned;
    private int randomEpisodesLeft, owed;

    /** Makes the parts of the network. */
    interface SectionsOf {
        Sections of(ModelForm form);
    }

    ModelBasedLearner(ModelBased settings, Problem problem, long seed, SectionsOf sections) {
        this.settings = settings;
        this.problem = problem;
        settings.requireRuns(problem);
        payments = Payments.of(settings.rewards(), problem);
        form = ModelForm.of(problem, payments.heads());
        parameters = new Parameters(sections.of(form), RandomStream.of(seed, "model"));
        optimizer = new Adam(parameters, settings.learningRate());
        units = form.noUnits().numbers();
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
    ModelBasedLearner(ModelBased settings, ModelBasedLearner original) {
        this.settings = settings;
        problem = original.problem;
        payments = original.payments;
        form = original.form;
        parameters = original.parameters;
        optimizer = original.optimizer;
        units = original.units;
        replay = original.replay;
        order = original.order;
        runs = original.runs;
        state = original.state;
        owned = false;
    }

    /** How well the steps of an episode are foretold, without what came before them in it and with it. */
    abstract ModelEvidence.Errors errors(Trajectory episode);

    /** What is foreseen before step {@code t} of an episode by the model that knows the steps before; it lives in the scope. */
    abstract ModelForesight foresight(Trajectory episode, int t, NDManager scope);

    /** What the model is adapted to, in words such as "the 16 steps before each". */
    abstract String adaptedTo();

    Planner planner() {
        return settings.planner();
    }

    Units units() {
        return Units.of(units, form.inputs(), form.outputs());
    }

    /** Runs for one update, one after the other. */
    Rows drawRuns() {
        return form.rows(replay.sampleRuns(settings.runsPerUpdate(), settings.run(), runs), payments);
    }

    @Override
    public LearnerState state() {
        return state;
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
            longEnough |= episode.length() >= settings.run();
        }
        randomEpisodesLeft = Math.max(0, randomEpisodesLeft - trials.size());
        // episodes that end early may be too short to learn from
        if (longEnough) owed = settings.updatesPerRound();
        double[] found = form.unitsOf(form.rows(replay.newest(replay.size()), payments)).numbers();
        System.arraycopy(found, 0, units, 0, units.length);
    }

    @Override
    public boolean isDue() {
        return owed > 0;
    }

    /** One update is done. */
    void updated() {
        owed--;
    }

    /** A view ends with the learner it looks at. */
    @Override
    public void close() {
        if (owned) state.close();
    }
}
