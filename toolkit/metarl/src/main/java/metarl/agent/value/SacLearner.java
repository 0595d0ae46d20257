package metarl.agent.value;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import metarl.agent.DivergedException;
import metarl.agent.LearnerState;
import metarl.agent.Plan;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.data.Batch;
import metarl.nn.Adam;
import metarl.nn.Gradients;
import metarl.nn.Loss;
import metarl.nn.Parameters;
import metarl.nn.Rows;
import metarl.nn.Sections;
import metarl.nn.SquashedGaussian;

/** Soft actor-critic while it learns. */
final class SacLearner implements ReplayLearner {
    private final Sac settings;
    private final Problem problem;
    private final SoftActorCritic pieces;
    private final Parameters actor;
    private final Parameters critics;
    private final Parameters targets;
    private final Parameters temperature;
    private final Adam actorOptimizer;
    private final Adam criticOptimizer;
    private final Adam temperatureOptimizer;
    private final RandomStream noise;
    private final ReplaySchedule schedule;
    private final LearnerState state;

    SacLearner(Sac settings, Problem problem, long seed) {
        this.settings = settings;
        this.problem = problem;
        pieces = SoftActorCritic.of(problem.observationSize(), problem.actionSize(), settings.discount(), settings.hidden(),
            settings.hidden());
        RandomStream networks = RandomStream.of(seed, "networks");
        actor = new Parameters(pieces.actorSections(), networks);
        critics = new Parameters(pieces.criticSections(Sections.of()), networks);
        targets = critics.copy();
        temperature = new Parameters(SoftActorCritic.temperatureSections(settings.temperature()), networks);
        actorOptimizer = new Adam(actor, settings.learningRate());
        criticOptimizer = new Adam(critics, settings.learningRate());
        temperatureOptimizer = new Adam(temperature, settings.learningRate());
        noise = RandomStream.of(seed, "noise of drawn actions");
        schedule = new ReplaySchedule(problem, settings.replayCapacity(), settings.randomSteps(), settings.updatesPerStep(),
            settings.episodesPerRound(), seed);
        state = schedule.declare(LearnerState.of().network("actor", actor).network("critics", critics).network("temperature", temperature)
            .target("targets of the critics", targets, critics).optimizer("actor's optimiser", actorOptimizer)
            .optimizer("critics' optimiser", criticOptimizer).optimizer("temperature's optimiser", temperatureOptimizer)
            .stream("noise of drawn actions", noise));
    }

    /** Actor, critics, targets and temperature. */
    List<Parameters> networks() {
        return List.of(actor, critics, targets, temperature);
    }

    @Override
    public LearnerState state() {
        return state;
    }

    /** tanh μ: without noise. */
    @Override
    public Policy policy() {
        return (environments, random) -> observations -> pieces.actions(observations, actor);
    }

    @Override
    public Plan plan() {
        return schedule.plan((environments, random) -> pieces.drawing(UnaryOperator.identity(), actor, random), 0);
    }

    @Override
    public ReplaySchedule schedule() {
        return schedule;
    }

    /** A step of the critics, of the actor, of the temperature, and of the targets. */
    @Override
    public Map<String, Double> update() {
        Batch batch = schedule.draw(settings.batchSize());
        var found = new LinkedHashMap<String, Double>();
        try (NDManager scope = critics.manager().newSubManager()) {
            NDArray states = Rows.ofCount(batch.observations(), batch.size(), scope),
                actions = Rows.ofCount(batch.actions(), batch.size(), scope),
                rewards = Rows.ofCount(batch.rewards(), batch.size(), scope),
                alive = Rows.ofCount(batch.notTerminated(), batch.size(), scope),
                next = Rows.ofCount(batch.nextObservations(), batch.size(), scope);
            double alpha = SoftActorCritic.temperature(temperature);
            NDArray target = pieces.target(rewards, alive, next, noise(batch.size(), scope), actor, targets, alpha);
            step("criticLoss", criticOptimizer, Gradients.recorded(() -> pieces.criticLoss(states, actions, target, critics)), found);
            SquashedGaussian.Sample drawn = Gradients.recorded(() -> pieces.act(states, noise(batch.size(), scope), actor));
            step("actorLoss", actorOptimizer, Gradients.recorded(() -> pieces.actorLoss(states, drawn, critics, alpha)), found);
            double entropy = settings.entropy() * problem.actionSize();
            step("temperatureLoss", temperatureOptimizer,
                Gradients.recorded(() -> SoftActorCritic.temperatureLoss(drawn.logProbability(), entropy, temperature)), found);
            found.put("temperature", alpha);
            found.put("entropy", -Gradients.unrecorded(() -> (double) drawn.logProbability().mean().getFloat()));
        }
        targets.moveTowards(critics, settings.targetRate());
        return found;
    }

    private static void step(String name, Adam optimizer, NDArray value, Map<String, Double> found) {
        var loss = new Loss(value);
        DivergedException.requireLoss(name, loss.number(), "");
        found.put(name, (double) loss.number());
        optimizer.minimize(loss);
    }

    private NDArray noise(int rows, NDManager scope) {
        return Rows.ofCount(noise.gaussians(Require.tensor("the noise of a batch", "batchSize", rows, problem.actionSize())), rows, scope);
    }
}
