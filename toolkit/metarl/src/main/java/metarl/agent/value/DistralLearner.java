package metarl.agent.value;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import metarl.agent.DistributionRows;
import metarl.agent.DivergedException;
import metarl.agent.DrawingActor;
import metarl.agent.LearnerState;
import metarl.agent.Plan;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.agent.Trial;
import metarl.agent.hindsight.HindsightReplay;
import metarl.agent.hindsight.ValuesOfMany;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.data.Batch;
import metarl.nn.Adam;
import metarl.nn.Gradients;
import metarl.nn.Loss;
import metarl.nn.Parameters;
import metarl.nn.Rows;
import metarl.nn.SquashedGaussian;

/** Distral while it learns by networks. */
final class DistralLearner implements ReplayLearner {
    private final Distral settings;
    private final Problem problem;
    private final DistralNetworks networks;
    private final Parameters actors, critics, targets, prior, temperatures;
    private final Adam actorOptimizer, criticOptimizer, priorOptimizer, temperatureOptimizer;
    private final RandomStream noise;
    private final ReplaySchedule schedule;
    private final HindsightReplay hindsight;
    private final LearnerState state;

    DistralLearner(Distral settings, Problem problem, long seed) {
        this.settings = settings;
        this.problem = problem;
        Sac base = settings.base();
        networks = new DistralNetworks(SoftActorCritic.of(problem.observationSize(), problem.actionSize(), base.discount(), base.hidden(),
            base.hidden()), problem.tasks(), settings.form(), settings.divergenceCost());
        RandomStream drawn = RandomStream.of(seed, "networks");
        actors = new Parameters(networks.actorSections(), drawn);
        critics = new Parameters(networks.criticSections(), drawn);
        targets = critics.copy();
        prior = new Parameters(networks.priorSections(), drawn);
        temperatures = new Parameters(networks.temperatureSections(base.temperature()), drawn);
        actorOptimizer = new Adam(actors, base.learningRate());
        criticOptimizer = new Adam(critics, base.learningRate());
        priorOptimizer = new Adam(prior, base.learningRate());
        temperatureOptimizer = new Adam(temperatures, base.learningRate());
        noise = RandomStream.of(seed, "noise of drawn actions");
        schedule = new ReplaySchedule(problem, base.replayCapacity(), base.randomSteps(), base.updatesPerStep() / problem.tasks(),
            base.episodesPerRound(), seed);
        hindsight = new HindsightReplay(schedule.replay(), problem, settings.relabeller(), settings.ratios(), base.discount(),
            UnaryOperator.identity(), RandomStream.of(seed, "relabelling"));
        state = hindsight.declare(declared());
    }

    private LearnerState declared() {
        return schedule.declare(LearnerState.of().network("actors", actors).network("prior", prior).network("critics", critics)
            .network("temperatures", temperatures).target("targets of the critics", targets, critics)
            .optimizer("actors' optimiser", actorOptimizer).optimizer("critics' optimiser", criticOptimizer)
            .optimizer("prior's optimiser", priorOptimizer).optimizer("temperatures' optimiser", temperatureOptimizer)
            .stream("noise of drawn actions", noise));
    }

    @Override
    public LearnerState state() {
        return state;
    }

    @Override
    public ReplaySchedule schedule() {
        return schedule;
    }

    /** Without noise: π_i in the train tasks and π₀ in others; in MTRL's form π₀ everywhere. */
    @Override
    public Policy policy() {
        return new TaskPolicy(settings.form() == Distral.Form.MTRL, false);
    }

    @Override
    public Plan plan() {
        return schedule.plan(new TaskPolicy(false, true), 0);
    }

    /** Episodes that others learn from, too, are owed no more updates than without. */
    @Override
    public void store(List<Trial> trials) {
        schedule.store(trials, (episode, task) -> hindsight.add(episode, task, new Values()));
    }

    /** Each task needs rows of its own in a batch. */
    @Override
    public boolean isDue() {
        return schedule.isDue() && schedule.hasAll();
    }

    /** A step of all critics, of all actors, of π₀, of the temperatures unless they are held, and of the targets. */
    @Override
    public Map<String, Double> update() {
        Batch batch = schedule.drawEach(settings.base().batchSize());
        var found = new LinkedHashMap<String, Double>();
        try (NDManager scope = critics.manager().newSubManager()) {
            NDArray states = Rows.ofCount(batch.observations(), batch.size(), scope),
                actions = Rows.ofCount(batch.actions(), batch.size(), scope),
                rewards = Rows.ofCount(batch.rewards(), batch.size(), scope),
                alive = Rows.ofCount(batch.notTerminated(), batch.size(), scope),
                next = Rows.ofCount(batch.nextObservations(), batch.size(), scope);
            float[] costs = DistralNetworks.temperatures(temperatures);
            NDArray ofPrior = settings.form() == Distral.Form.MTRL ? noise(batch.size(), scope) : null;
            NDArray target = scaled(
                networks.target(rewards, alive, next, noise(batch.size(), scope), ofPrior, actors, prior, targets, costs),
                hindsight.scales(batch));
            float[] counted = hindsight.weights(batch);
            NDArray weights = counted == null ? null : Rows.ofCount(counted, batch.size(), scope);
            step("criticLoss", criticOptimizer, () -> networks.criticLoss(states, actions, target, weights, critics), found);
            NDArray outputs = Gradients.recorded(() -> networks.outputs(states, actors));
            SquashedGaussian.Sample drawn = Gradients
                .recorded(() -> networks.one().distribution().sample(outputs, noise(batch.size(), scope)));
            step("actorLoss", actorOptimizer, () -> networks.actorLoss(states, drawn, prior, critics, costs), found);
            step("priorLoss", priorOptimizer, () -> networks.priorLoss(states, outputs, drawn, prior), found);
            if (settings.adjustsTemperature()) {
                double entropy = settings.base().entropy() * problem.actionSize();
                step("temperatureLoss", temperatureOptimizer,
                    () -> networks.temperatureLoss(drawn.logProbability(), entropy, temperatures), found);
            }
            double sum = 0;
            for (float cost : costs) sum += cost;
            found.put("temperature", sum / costs.length);
            found.put("entropy", -Gradients.unrecorded(() -> (double) drawn.logProbability().mean().getFloat()));
        }
        targets.moveTowards(critics, settings.base().targetRate());
        found.putAll(hindsight.numbers());
        return found;
    }

    private static NDArray scaled(NDArray targets, float[] scales) {
        return scales == null ? targets : targets.mul(targets.getManager().create(scales, targets.getShape()));
    }

    private static void step(String name, Adam optimizer, Supplier<NDArray> value, Map<String, Double> found) {
        var loss = new Loss(Gradients.recorded(value));
        DivergedException.requireLoss(name, loss.number(), "");
        found.put(name, (double) loss.number());
        optimizer.minimize(loss);
    }

    private NDArray noise(int rows, NDManager scope) {
        return Rows.ofCount(noise.gaussians(Require.tensor("the noise of a batch", "batchSize", rows, problem.actionSize())), rows, scope);
    }

    /** π_i of tasks that are known by number, π₀ of others, or π₀ of all. */
    private final class TaskPolicy implements Policy {
        private final boolean byPrior, noisy;

        TaskPolicy(boolean byPrior, boolean noisy) {
            this.byPrior = byPrior;
            this.noisy = noisy;
        }

        @Override
        public Actor start(int environments, RandomStream random) {
            return start(Policy.unknown(environments), random);
        }

        @Override
        public Actor start(int[] tasks, RandomStream random) {
            if (byPrior && Arrays.stream(tasks).anyMatch(task -> task != UNKNOWN)) return start(tasks.length, random);
            if (!noisy) return observations -> networks.actions(observations, tasks, actors, prior);
            return new DrawingActor(random) {
                @Override
                protected DistributionRows rows(double[][] observations) {
                    return networks.rows(observations, tasks, actors, prior);
                }
            };
        }
    }

    /** V_i(s) is min Q_i at the mode of π_i; what entropy and π₀ cost is left out, so that it compares with returns. */
    private final class Values implements ValuesOfMany {
        @Override
        public double[] values(int task, double[][] observations) {
            return actionValues(task, observations, meant(task, observations));
        }

        @Override
        public double[] largerValues(int task, double[][] observations) {
            return networks.worth(task, observations, meant(task, observations), critics, Twin.LARGER);
        }

        private double[][] meant(int task, double[][] observations) {
            return networks.actions(observations, each(task, observations), actors, prior);
        }

        @Override
        public double[] actionValues(int task, double[][] observations, double[][] actions) {
            return networks.worth(task, observations, actions, critics, Twin.SMALLER);
        }

        @Override
        public double[] logDensities(int task, double[][] observations, double[][] actions) {
            return networks.rows(observations, each(task, observations), actors, prior).logDensities(actions);
        }

        private static int[] each(int task, double[][] observations) {
            int[] tasks = new int[observations.length];
            Arrays.fill(tasks, task);
            return tasks;
        }
    }
}
