package metarl.agent.value;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import metarl.agent.Adaptation;
import metarl.agent.Algorithm;
import metarl.agent.LatentGaussian;
import metarl.agent.Learner;
import metarl.agent.LearnerState;
import metarl.agent.Plan;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.agent.Trial;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;

/** PEARL while it learns. */
final class PearlLearner implements Learner {
    private final Pearl settings;
    private final Problem problem;
    private final PearlNetworks networks;
    private final PearlContext rows;
    private final PearlSchedule schedule;
    private final PearlUpdate update;
    private final RandomStream noise;
    private final LearnerState state;
    private final LatentGaussian prior;
    private final boolean owned;

    PearlLearner(Pearl settings, Problem problem, long seed) {
        this.settings = settings;
        this.problem = problem;
        networks = new PearlNetworks(settings, problem, RandomStream.of(seed, "networks"));
        rows = new PearlContext(settings, problem);
        schedule = new PearlSchedule(settings, problem, seed);
        update = new PearlUpdate(networks);
        noise = RandomStream.of(seed, "noise of updates");
        prior = LatentGaussian.standard(settings.latentSize());
        owned = true;
        state = schedule.declare(update.declare(networks.declare(LearnerState.of())).stream("noise of updates", noise));
    }

    /** A view of another learner: the same networks and replays, which stay the other's to close. */
    private PearlLearner(Pearl settings, PearlLearner original) {
        this.settings = settings;
        problem = original.problem;
        networks = original.networks;
        rows = original.rows;
        schedule = original.schedule;
        update = original.update;
        noise = original.noise;
        prior = original.prior;
        state = original.state;
        owned = false;
    }

    PearlNetworks networks() {
        return networks;
    }

    PearlSchedule schedule() {
        return schedule;
    }

    @Override
    public LearnerState state() {
        return state;
    }

    /** Without noise, by a z that every episode draws from the prior. */
    @Override
    public Policy policy() {
        return new PearlPolicy(networks, PearlPolicy.Beliefs.always(prior), false);
    }

    @Override
    public Plan plan() {
        var byPrior = new PearlPolicy(networks, PearlPolicy.Beliefs.always(prior), true);
        return schedule.plan(settings.heldStart() ? Policy.held(problem.actionSize()) : byPrior, byPrior,
            new PearlPolicy(networks, this::posteriors, true));
    }

    /** What the contexts of train tasks say. */
    private List<LatentGaussian> posteriors(int[] tasks, RandomStream random) {
        return networks.posteriors(rows.of(schedule.context().sampleCounted(tasks, settings.contextSize(), random), tasks.length));
    }

    @Override
    public void store(List<Trial> trials) {
        schedule.store(trials, schedule.hindsight().isUsed() ? new PearlValues(networks, schedule.context(), rows) : null);
    }

    @Override
    public boolean isDue() {
        return schedule.isDue();
    }

    @Override
    public Map<String, Double> update() {
        var drawn = schedule.draw();
        int tasks = settings.tasksPerUpdate(), actions = drawn.batch().size() * problem.actionSize();
        var draws = new PearlUpdate.Noise(noise.gaussians(tasks * settings.latentSize()), noise.gaussians(actions),
            noise.gaussians(settings.learnedTemperature() ? actions : 0));
        var counted = new PearlUpdate.Counted(schedule.hindsight().weights(drawn.batch()), schedule.hindsight().scales(drawn.batch()));
        Map<String, Double> found = update.step(rows.of(drawn.contexts(), tasks), drawn.batch(), counted, draws);
        found.putAll(schedule.hindsight().numbers());
        return found;
    }

    /** The posterior of all transitions of the shots; the networks stay as they are. */
    @Override
    public Adaptation adapt(List<Trajectory> shots, RandomStream random) {
        var belief = new PearlBelief(beliefs(shots), networks);
        return new Adaptation(new PearlPolicy(networks, PearlPolicy.Beliefs.always(belief.last()), false), List.of(), belief, List.of());
    }

    /** Before any episode, after one, and so on: the prior as long as the settings say so, then the product of all factors so far. */
    private List<LatentGaussian> beliefs(List<Trajectory> shots) {
        var beliefs = new ArrayList<>(List.of(prior));
        if (shots.isEmpty()) return beliefs;
        List<LatentGaussian> factors = networks.factors(rows.rows(shots));
        int seen = 0;
        for (int episode = 1; episode <= shots.size(); episode++) {
            seen += shots.get(episode - 1).length();
            beliefs.add(episode < settings.priorEpisodes() || seen == 0 ? prior : LatentGaussian.product(factors.subList(0, seen)));
        }
        return beliefs;
    }

    /** The same posteriors, used after another number of episodes. */
    @Override
    public Learner adaptingBy(Algorithm other) {
        if (!(other instanceof Pearl pearl)) throw new IllegalArgumentException(
            "these networks were trained by PEARL and can adapt by other settings of PEARL, not by " + other.name());
        if (!networksOf(pearl).equals(networksOf(settings))) throw new IllegalArgumentException("the networks were trained with "
            + networksOf(settings) + ", and asked to adapt with " + networksOf(pearl) + "; of the settings only priorEpisodes can change");
        return new PearlLearner(pearl, this);
    }

    /** What the settings say about the networks, which cannot change after training. */
    private static String networksOf(Pearl settings) {
        return "latentSize " + settings.latentSize() + ", encoderHidden " + settings.encoderHidden() + ", hidden " + settings.hidden()
            + ", layers " + settings.layers() + ", nextObservation " + settings.nextObservation();
    }

    /** A view ends with the learner it looks at. */
    @Override
    public void close() {
        if (owned) state.close();
    }
}
