package metarl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import metarl.agent.Plan;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.agent.classical.TabularDistral;
import metarl.agent.classical.TabularPrior;
import metarl.agent.classical.TabularQ;
import metarl.agent.gradient.Maml;
import metarl.agent.gradient.Ppo;
import metarl.agent.gradient.ProMp;
import metarl.agent.gradient.Rl2;
import metarl.agent.gradient.Snail;
import metarl.agent.gradient.TrialPpo;
import metarl.agent.hindsight.Hindsight;
import metarl.agent.hindsight.LearnedRatios;
import metarl.agent.hindsight.Relabeller;
import metarl.agent.meta.InnerLoop;
import metarl.agent.model.DynamicsModel;
import metarl.agent.model.GrBal;
import metarl.agent.model.Planner;
import metarl.agent.model.ReBal;
import metarl.agent.transfer.ActionTranslator;
import metarl.agent.transfer.ContextEncoder;
import metarl.agent.transfer.ContextModel;
import metarl.agent.transfer.CycleConsistency;
import metarl.agent.transfer.ForwardModel;
import metarl.agent.transfer.RateSchedule;
import metarl.agent.transfer.SharedStates;
import metarl.agent.transfer.TabularTransfer;
import metarl.agent.transfer.TaskEmbeddings;
import metarl.agent.value.Distral;
import metarl.agent.value.HipBmdp;
import metarl.agent.value.Mcat;
import metarl.agent.value.Mql;
import metarl.agent.value.Pearl;
import metarl.agent.value.Sac;
import metarl.agent.value.SelfImitation;
import metarl.agent.value.SoftActorCritic;
import metarl.agent.value.Td3;
import metarl.diagnose.bandit.Estimator;
import metarl.diagnose.bandit.LinearRewardModel;
import metarl.diagnose.sequential.TabularPair;
import metarl.env.Space;
import metarl.env.body.Body;
import metarl.env.body.Change;
import metarl.env.body.Quantity;
import metarl.env.body.Sight;
import metarl.env.world.MazeEnvironment;
import metarl.env.world.PointEnvironment;
import metarl.nn.Categorical;
import metarl.nn.CausalLayer;
import metarl.nn.CausalStack;
import metarl.nn.FreeVector;
import metarl.nn.Gaussian;
import metarl.nn.Gru;
import metarl.nn.Mlp;
import metarl.nn.MlpEach;
import metarl.nn.PictureNetwork;
import metarl.nn.SegmentLoss;
import metarl.nn.SquashedGaussian;
import metarl.nn.TrustRegion;
import metarl.nn.VarianceBounds;
import metarl.task.Parameter;
import metarl.task.PublishedTasks;
import metarl.task.TaskSet;
import metarl.task.families.Bandit;
import metarl.task.families.Maze;
import metarl.task.families.PointRobot;
import metarl.task.families.RandomMdp;
import metarl.task.families.TwoRooms;
import metarl.train.MetaTraining;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every number of every record of settings refuses NaN, infinities, negative and absurd values by its name; which may be what is written
 * here.
 */
class SettingsTest {
    private static final List<Path> CLASSES = List.of(Path.of("target/classes"), Path.of("../diagnose/target/classes"));
    private static final List<Object> REAL = List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -1.0, 0.0, 1e300);
    private static final List<Object> WHOLE = List.of(Integer.MIN_VALUE, -1, 0, Integer.MAX_VALUE),
        LONG = List.of(Long.MIN_VALUE, -1L, 0L, Long.MAX_VALUE);

    /** Good settings of every kind. */
    static Stream<Record> settings() {
        TaskSet tasks = TaskSet.of(PointRobot.dense()).train(2).test(1).sample(1);
        var body = Body.named("hopper").frame("torso").substeps(4).starting(Body.Start.uniform(0.005, 0.005)).seeing(Sight.POSITIONS)
            .telling(Quantity.ROOT_VELOCITY);
        return Stream.of(Td3.withContext(), Mql.defaults(), Rl2.bandit(10), Snail.bandit(10), TrialPpo.published(10, 10), Maml.navigation(),
            ProMp.corner(),
            new TrustRegion(0.01, 10, 1e-5, 0.8, 15),
            new Ppo(0.2, 4, 64, 0.03), new Ppo.Training(new Gaussian(1), null, null, 1e-3, 0.01), new Categorical(3), new Gaussian(2),
            new SquashedGaussian(2), Sac.defaults(), Pearl.defaults(), Mcat.small(), SelfImitation.released(), HipBmdp.small(),
            SoftActorCritic.of(4, 2, 0.99, 8),
            DynamicsModel.of(2, 1, true, Mlp.Activation.RELU, 8), Planner.crossEntropy(100, 5), GrBal.classical(), ReBal.classical(),
            Mlp.of(3, 8, 8, 2), new Gru(3, 8), CausalStack.of(3, 8), new CausalLayer.Dense(2), new CausalLayer.Convolutions(2, 1),
            new CausalLayer.Attention(2, 2), new FreeVector(3, 0),
            new PictureNetwork(Space.picture(15, 20, 1), 2, 3), Space.picture(15, 20, 1), new InnerLoop(0.1, false),
            new Problem(4, 20, 6, 2, false, 200), MetaTraining.on(tasks), TaskSet.of(PointRobot.dense()), new Bandit(3),
            RandomMdp.published(), Maze.small(),
            new Space.Discrete(3), PointEnvironment.Setting.of(1, 0.1, 0.5, 0.5, 20), body, body.start(), new Change.Masses(List.of(1.0)),
            new Change.Inertias(List.of(1.0)),
            new Change.Dampings(List.of(1.0)), new Change.Frictions(List.of(1.0)), new Change.Armature(0.1),
            new Change.Radius("torso", 0.05),
            new Change.Timestep(0.002), new Change.Mass("pole", 1), new Change.Damping("hinge", 1), new Change.Gear("push", 1),
            new Change.Powerless(List.of(0)), new Parameter("mass", "kg", 0, 1, Parameter.Changes.DYNAMICS), TabularPrior.PUBLISHED,
            new LinearRewardModel(LinearRewardModel.Link.IDENTITY, 1, LinearRewardModel.Form.ADDITIVE), TabularPair.threeStates(),
            TabularTransfer.slippery(3, 0.1, 0.4), SharedStates.of(1, 0),
            new MazeEnvironment.Layout(new boolean[3][3], 0, 0, 0, 2, 2), Estimator.clippedIps(5),
            new PublishedTasks("own/points", PointRobot.dense(), 2, 1, "", () -> tasks), Plan.updates(3),
            new Plan.Seat(1, Policy.random(1), 2, 10, "prior"), ContextModel.small(), ContextEncoder.of(3, 2, 5, 2, 8),
            ForwardModel.of(3, 2, 2, 8, 1), TaskEmbeddings.of(3, 2), new VarianceBounds(3),
            new SegmentLoss(null, Mlp.of(3, 4), 1, 1, true, List.of(0.0, 0.1)),
            TabularDistral.twoRooms(), TabularQ.goalGrid().relabeller(Relabeller.paid().weighted(5)),
            new LearnedRatios.Settings(100, 50, null, 1, 1), new Relabeller.Drawn(2),
            new Relabeller.Advantage(1, 4), new Relabeller.Inverse(1, 4, 10), new Relabeller.Foresight(1),
            new Relabeller.Trusted(Relabeller.all(), 0.5),
            new Relabeller.DoublyRobust(Hindsight.Form.RATIOS, 5), new Relabeller.Paid(0),
            new Relabeller.Weighted(Relabeller.all(), 5), Distral.published(0.5, 10),
            new MlpEach(Mlp.of(3, 8, 2), 2), TwoRooms.published(),
            ActionTranslator.paper(), CycleConsistency.released(), RateSchedule.released());
    }

    /** What is no setting but a result or data: its numbers are what they are. */
    private static final Set<String> RESULTS = Set.of("Completion$Options", "TrustRegion$Point", "TrustRegion$Step", "Step", "Space$Box",
        "EpisodicEnvironment$Advance", "Task", "Adaptation", "OldData", "Trials",
        "Interval", "Progress", "Comparison$OfMethod", "LogRow", "Evaluation", "Evaluation$OfTask", "ShotEvaluation", "SeededTraining",
        "Batch", "ContextBatch", "Transition", "Series", "HeatMap", "Grading",
        "Grading$OfEstimator", "Trajectories", "DraeCurve", "DraeCurve$Formula", "BadRows", "BadRows$Fault", "StreamedWeights",
        "StreamedWeights$Estimate", "WeightGroup", "Estimate",
        "CrossFittedPropensity", "FittedQEvaluation", "OffPolicyEvaluation", "Moments", "Calibration", "WeightReport", "Drae", "Ess",
        "Psis", "ParetoTail", "Estimates",
        "TransferBound", "EmbeddedTask", "Foreign", "SegmentLoss$Found", "TranslationLoss$Found",
        "MemoryNeed$Part", "MemoryNeed$Work", "Sequences",
        "ActionDistribution$Draw", "SweepTask", "SweepOutcome", "SweepRow", "SweepBoard");

    /** Values of the tables that mean something after all. */
    private static final Map<String, List<Object>> MEANINGFUL = Map.ofEntries(
        meaning("TabularDistral.alpha", 0.0), meaning("TabularDistral.initialValue", -1.0, 0.0), meaning("TabularDistral.discount", 0.0),
        meaning("Distral.divergenceCost", 0.0), meaning("TabularQ.discount", 0.0), meaning("TabularQ.exploration", 0.0),
        meaning("Paid.above", -1.0, 0.0), meaning("Trusted.least", 0.0), meaning("Settings.unknown", 0.0),
        meaning("Td3.discount", 0.0), meaning("Td3.explorationNoise", 0.0), meaning("Td3.targetNoise", 0.0),
        meaning("Td3.targetNoiseClip", 0.0), meaning("Td3.contextLength", 0),
        meaning("Td3.randomSteps", 0), meaning("Td3.randomEpisodeLength", 0), meaning("Mql.logitClip", Double.POSITIVE_INFINITY, 1e300),
        meaning("Mql.smallestWeight", 0.0),
        meaning("Mql.newTaskUpdates", 0), meaning("Mql.replayUpdates", 0), meaning("Mql.fixedProximal", -1.0, 0.0),
        meaning("Snail.dense", 0), meaning("Snail.depth", 0), meaning("Convolutions.depth", 0),
        meaning("TrialPpo.discount", 0.0), meaning("TrialPpo.lambda", 0.0), meaning("TrialPpo.decaySteps", 0L),
        meaning("TrialPpo.entropyCoefficient", 0.0), meaning("TrialPpo.weightDecay", 0.0), meaning("TrialPpo.adamEpsilon", 0.0),
        meaning("TrialPpo.pictureFilters", 0), meaning("TrialPpo.pictureFeatures", 0),
        meaning("Maml.discount", 0.0), meaning("Maml.lambda", 0.0),
        meaning("Maml.damping", 0.0), meaning("ProMp.discount", 0.0), meaning("ProMp.lambda", 0.0),
        meaning("ProMp.divergencePenalty", 0.0), meaning("ProMp.divergenceTarget", 0.0), meaning("GrBal.innerRate", 0.0),
        meaning("Planner.smoothing", 0.0), meaning("Planner.correlation", 0.0),
        meaning("TrustRegion.damping", 0.0), meaning("Gru.longest", 0), meaning("FreeVector.value", -1.0, 0.0),
        meaning("InnerLoop.rate", 0.0), meaning("Training.entropyCoefficient", 0.0), meaning("SoftActorCritic.discount", 0.0),
        meaning("ContextModel.contextSize", 0), meaning("ContextModel.contrastiveWeight", 0.0),
        meaning("ContextModel.encoderDecay", 0.0), meaning("ContextModel.forwardDecay", 0.0), meaning("SegmentLoss.weight", 0.0, 1e300),
        meaning("SegmentLoss.margin", 1e300),
        meaning("Plan.updates", 0), meaning("Seat.task", 0),
        meaning("Seat.limit", Integer.MAX_VALUE),
        meaning("Sac.discount", 0.0), meaning("Sac.entropy", -1.0, 0.0), meaning("Sac.randomSteps", 0),
        meaning("Mcat.translatorUpdates", 0), meaning("Mcat.policyPenalty", 0.0), meaning("Mcat.lead", 0.0),
        meaning("SelfImitation.weight", 0.0),
        meaning("SelfImitation.priorityExponent", 0.0), meaning("SelfImitation.correctionExponent", 0.0), meaning("SelfImitation.steps", 0),
        meaning("HipBmdp.latentSize", 0), meaning("HipBmdp.embeddingWeight", 0.0),
        meaning("Pearl.klWeight", 0.0), meaning("Pearl.discount", 0.0), meaning("Pearl.policyPenalty", 0.0),
        meaning("Pearl.entropy", -1.0, 0.0), meaning("Pearl.initialSteps", 0), meaning("Pearl.posteriorSteps", 0),
        meaning("Problem.outcomeSize", 0), meaning("Problem.horizon", Integer.MAX_VALUE),
        meaning("MetaTraining.evaluateEvery", Long.MAX_VALUE),
        meaning("MetaTraining.seed", LONG.toArray()), meaning("MetaTraining.shots", 0), meaning("MetaTraining.adaptTasks", 0),
        meaning("Builder.testCount", 0),
        meaning("PublishedTasks.test", 0),
        meaning("Setting.startRange", 0.0), meaning("Setting.gain", -1.0, 0.0), meaning("Setting.driftX", -1.0, 0.0),
        meaning("Setting.driftY", -1.0, 0.0),
        meaning("Setting.goalX", -1.0, 0.0), meaning("Setting.goalY", -1.0, 0.0), meaning("Setting.endsWithin", 0.0),
        meaning("Setting.horizon", Integer.MAX_VALUE),
        meaning("Maze.horizon", Integer.MAX_VALUE), meaning("Start.positionNoise", 0.0), meaning("Start.velocityNoise", 0.0),
        meaning("Masses.factors", 0.0),
        meaning("Inertias.factors", 0.0), meaning("Dampings.factors", 0.0), meaning("Frictions.factors", 0.0),
        meaning("Armature.value", 0.0), meaning("Damping.value", 0.0), meaning("Gear.value", -1.0, 0.0), meaning("Powerless.motors", 0),
        meaning("Parameter.low", Double.NEGATIVE_INFINITY, -1.0, 0.0), meaning("Parameter.high", Double.POSITIVE_INFINITY, 0.0, 1e300),
        meaning("TabularPrior.rewardMean", -1.0, 0.0, 1e300), meaning("TabularPrior.count", 1e300),
        meaning("TabularPrior.rewardPrecision", 1e300),
        meaning("LinearRewardModel.strength", 1e300), meaning("TabularPair.discount", 0.0), meaning("TabularPair.start", 0),
        meaning("TabularTransfer.discount", 0.0), meaning("SharedStates.twins", 0),
        meaning("Layout.startX", 0), meaning("Layout.startY", 0),
        meaning("Layout.startDirection", 0), meaning("Layout.goalX", 0), meaning("Layout.goalY", 0),
        meaning("CycleConsistency.dynamicsWeight", 0.0), meaning("CycleConsistency.roundTripWeight", 0.0),
        meaning("CycleConsistency.adversarialWeight", 0.0),
        meaning("Estimator.lambda", Double.NaN, Double.POSITIVE_INFINITY, 1e300));

    private static Map.Entry<String, List<Object>> meaning(String component, Object... values) {
        return Map.entry(component, List.of(values));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void everyBadValueIsRefusedByName(Record good) throws ReflectiveOperationException {
        RecordComponent[] components = good.getClass().getRecordComponents();
        var wrong = new ArrayList<String>();
        int tried = 0;
        for (int i = 0; i < components.length; i++) {
            RecordComponent component = components[i];
            String name = good.getClass().getSimpleName() + "." + component.getName();
            List<Object> values = values(component);
            if (values == null) continue;
            List<Object> allowed = MEANINGFUL.getOrDefault(name, List.of());
            for (Object value : values) {
                tried++;
                Throwable thrown = thrown(good, i,
                    component.getGenericType().getTypeName().startsWith("java.util.List") ? List.of(value) : value);
                if (allowed.contains(value)) {
                    if (thrown != null) wrong.add(name + " = " + value + " means something, but gave " + thrown);
                } else if (!(thrown instanceof IllegalArgumentException)) wrong.add(name + " = " + value + " gave " + thrown);
                else if (!(thrown.getMessage().contains(component.getName())
                    || component.getName().equals("lambda") && thrown.getMessage().contains("λ"))
                    || !thrown.getMessage().contains("expected")) wrong.add(name + " = " + value + ": " + thrown.getMessage());
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(tried > 0, good.getClass() + " has no number");
    }

    private static List<Object> values(RecordComponent component) {
        return switch (component.getGenericType().getTypeName()) {
            case "int", "java.util.List<java.lang.Integer>" -> WHOLE;
            case "long" -> LONG;
            case "double", "java.util.List<java.lang.Double>" -> REAL;
            default -> null;
        };
    }

    private static Throwable thrown(Record good, int at, Object value) throws ReflectiveOperationException {
        RecordComponent[] components = good.getClass().getRecordComponents();
        Object[] arguments = new Object[components.length];
        for (int i = 0; i < arguments.length; i++) {
            components[i].getAccessor().setAccessible(true);
            arguments[i] = i == at ? value : components[i].getAccessor().invoke(good);
        }
        Constructor<?> canonical = good.getClass()
            .getDeclaredConstructor(Arrays.stream(components).map(RecordComponent::getType).toArray(Class[]::new));
        try {
            canonical.newInstance(arguments);
            return null;
        } catch (InvocationTargetException e) {
            return e.getCause();
        }
    }

    /** A new record must be put into one list or the other. */
    @Test
    void everyPublicRecordWithNumbersIsKnown() throws IOException, ClassNotFoundException {
        var known = new TreeSet<>(RESULTS);
        settings().forEach(s -> known.add(name(s.getClass())));
        var unknown = new TreeSet<String>();
        for (Path classes : CLASSES)
            try (Stream<Path> files = Files.walk(classes)) {
                for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                    String name = classes.relativize(file).toString().replace(".class", "").replace('/', '.').replace('\\', '.');
                    Class<?> type = Class.forName(name, false, SettingsTest.class.getClassLoader());
                    if (!type.isRecord() || !isPublic(type)) continue;
                    boolean hasNumbers = Arrays.stream(type.getRecordComponents()).anyMatch(c -> values(c) != null);
                    if (hasNumbers && !known.contains(name(type))) unknown.add(name(type));
                }
            }
        assertEquals(Set.of(), unknown);
    }

    private static boolean isPublic(Class<?> type) {
        return Modifier.isPublic(type.getModifiers()) && (type.getEnclosingClass() == null || isPublic(type.getEnclosingClass()));
    }

    private static String name(Class<?> type) {
        return type.getName().substring(type.getPackageName().length() + 1);
    }
}
