package metarl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import metarl.agent.gradient.MetaPolicyGradient;
import metarl.agent.gradient.Rl2;
import metarl.agent.gradient.TrialMethod;
import metarl.agent.gradient.TrialPpo;
import metarl.agent.hindsight.LearnedRatios;
import metarl.agent.hindsight.Relabeller;
import metarl.agent.model.Planner;
import metarl.agent.transfer.ActionTranslator;
import metarl.agent.transfer.ContextModel;
import metarl.agent.transfer.RateSchedule;
import metarl.agent.value.Sac;
import metarl.agent.value.SelfImitation;
import metarl.agent.value.Td3;
import metarl.diagnose.sequential.TabularPair;
import metarl.env.body.Body;
import metarl.env.body.Change;
import metarl.env.body.Quantity;
import metarl.env.body.Sight;
import metarl.task.TaskSet;
import metarl.task.families.PointRobot;
import metarl.train.MetaRun;
import metarl.train.MetaTraining;
import metarl.train.TrainingListener;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A verb of a record of settings, as {@code settings.hidden(64)}, returns a copy in which the component of its name is changed, and nothing
 * else. Where names or effects differ, it is listed here with the reason.
 */
class VerbsTest {
    /** No verb at all: a few numbers that are given to the constructor, and changed by giving others. */
    private static final Set<String> MADE_WHOLE = Set.of("TrustRegion", "Mlp", "Problem", "Bandit", "RandomMdp", "Maze", "Discrete",
        "Start", "Masses", "Inertias", "Dampings", "Frictions", "Armature", "Radius", "Timestep", "Powerless", "Parameter", "TabularPrior",
        "LinearRewardModel", "Layout", "PublishedTasks", "Mass", "Damping", "Gear", "Ppo", "Training", "Categorical", "Gaussian",
        "SquashedGaussian", "SoftActorCritic", "DynamicsModel", "FreeVector", "InnerLoop", "Seat", "Dense", "Convolutions", "Attention",
        "PictureNetwork", "Picture", "SharedStates", "RateSchedule", "ContextEncoder", "ForwardModel", "TaskEmbeddings", "VarianceBounds",
        "SegmentLoss", "MlpEach", "TwoRooms", "Drawn", "Paid", "Advantage", "Inverse", "Foresight", "Trusted", "DoublyRobust", "Weighted",
        "Settings");

    /** Its verbs change every seat at once. */
    private static final Set<String> LISTS = Set.of("Plan");

    /** Components whose verb has a name of its own, so that a chain of verbs reads as a sentence. */
    private static final Map<String, String> NAMED_OTHERWISE = Map.ofEntries(Map.entry("MetaTraining.folder", "saveTo"),
        Map.entry("MetaTraining.start", "startFrom"), Map.entry("MetaTraining.listeners", "listen"),
        Map.entry("Builder.trainCount", "train"), Map.entry("Builder.testCount", "test"), Map.entry("Body.sights", "seeing"),
        Map.entry("Body.start", "starting"), Map.entry("Body.quantities", "telling"), Map.entry("Body.life", "living"),
        Map.entry("Body.changes", "with"), Map.entry("Gru.longest", "remembering"));

    /** Components that no verb changes: the parts of what the record is begun with. */
    private static final Map<String, Set<String>> BEGUN_WITH = Map.of("Builder", Set.of("family"), "Gru", Set.of("inputs", "hidden"),
        "CausalStack", Set.of("inputs", "longest", "layers"),
        "Setting", Set.of("startRange", "stepLength", "gain", "driftX", "driftY", "goalX", "goalY", "horizon"),
        "Body", Set.of("model"),
        "Estimator", Set.of("name", "shape", "model", "selfNormalized"),
        "TabularPair", Set.of("sourceDynamics", "evaluationPolicy", "discount", "start"),
        "TabularTransfer", Set.of("source", "target", "rewards", "coordinates"));

    /** Verbs that are named after no component, with what they change. */
    private static final Map<String, Set<String>> OF_SEVERAL = Map.of(
        // components of the base, asked for so often that they have a short way
        "Mql.contextLength", Set.of("base"), "Mql.randomSteps", Set.of("base"), "Mql.updatesPerStep", Set.of("base"),
        "Mql.relabeller", Set.of("base"), "Mql.ratios", Set.of("base"),
        // each adds a layer
        "CausalStack.dense", Set.of("layers"), "CausalStack.convolutions", Set.of("layers"), "CausalStack.attention", Set.of("layers"),
        // the three numbers of the dynamics, which a task holds together
        "Setting.moved", Set.of("gain", "driftX", "driftY"));

    /** How a value of a type is changed to a different good one. */
    private static final Map<String, UnaryOperator<Object>> OTHER = Map.ofEntries(
        other("int", v -> (int) v + 5), other("long", v -> (long) v + 1), other("boolean", v -> !(boolean) v),
        other("double", v -> v.equals(0.0) ? 0.5 : v.equals(-1.0) ? -2.0 : (double) v * 0.75), other("String", v -> v + "x"),
        other("Path", v -> Path.of("somewhere")), other("Relabeller", v -> Relabeller.all()),
        other("Settings", v -> new LearnedRatios.Settings(99, 9, null, 2, 1)),
        other("TaskSet", v -> TaskSet.of(PointRobot.dense()).train(3).test(2).sample(9)),
        other("Algorithm", v -> Rl2.bandit(5)), other("Td3", v -> Td3.pointRobot()), other("Sac", v -> Sac.pointRobot()),
        other("TrialPpo", v -> TrialPpo.published(10, 10)),
        other("RateSchedule", v -> RateSchedule.constant(0.5)),
        other("ContextModel", v -> ContextModel.published()), other("ActionTranslator", v -> ActionTranslator.released()),
        other("SelfImitation", v -> SelfImitation.fiveSteps()),
        other("Planner", v -> Planner.randomShooting(10, 3)), other("MetaRun", v -> VerbsTest.run),
        other("Life", v -> (Body.Life) (positions, velocities) -> false), other("Change", v -> new Change.Armature(0.2)),
        other("Start", v -> Body.Start.uniform(0.2, 0.1)), other("Seen", v -> Sight.VELOCITIES),
        other("Told", v -> Quantity.ROOT_POSITION),
        other("TrainingListener", v -> new TrainingListener() {}), other("double[][][]", v -> TabularPair.threeStates().sourceDynamics()),
        other("double[][]", v -> new double[][] {{0.25, 0.75}, {0.5, 0.5}, {0.5, 0.5}}));

    private static MetaRun run;

    private static Map.Entry<String, UnaryOperator<Object>> other(String type, UnaryOperator<Object> change) {
        return Map.entry(type, change);
    }

    @BeforeAll
    static void train() {
        var tiny = Td3.pointRobot().hidden(4).batchSize(4).contextLength(0).randomSteps(20).replayCapacity(90);
        run = MetaTraining.on(TaskSet.of(PointRobot.dense()).train(2).test(1).sample(1)).algorithm(tiny).steps(40).shots(0).run();
    }

    @AfterAll
    static void close() {
        run.close();
    }

    static Stream<Record> withVerbs() {
        return SettingsTest.settings()
            .filter(s -> !MADE_WHOLE.contains(s.getClass().getSimpleName()) && !LISTS.contains(s.getClass().getSimpleName()));
    }

    @ParameterizedTest
    @MethodSource("withVerbs")
    void everyComponentHasAVerbThatChangesItAlone(Record settings) throws ReflectiveOperationException {
        Class<?> type = settings.getClass();
        var wrong = new ArrayList<String>();
        for (RecordComponent component : type.getRecordComponents()) {
            if (BEGUN_WITH.getOrDefault(type.getSimpleName(), Set.of()).contains(component.getName())) continue;
            String name = NAMED_OTHERWISE.getOrDefault(qualified(type, component.getName()), component.getName());
            List<Method> verbs = verbs(type).filter(v -> v.getName().equals(name) && takes(v, component)).toList();
            if (verbs.size() != 1) wrong.add(component.getName() + " has " + verbs.size() + " verbs " + name + "(" + component.getType()
                .getSimpleName() + ")");
            else wrong.addAll(misdone(settings, verbs.get(0), component));
        }
        assertEquals(List.of(), wrong);
    }

    /** What a verb does to other components, or fails to do to its own. */
    private static List<String> misdone(Record settings, Method verb, RecordComponent component) throws ReflectiveOperationException {
        Object before = value(settings, component);
        Object given = different(verb.getParameterTypes()[0], before);
        Record copy = (Record) verb.invoke(settings, given);
        var wrong = new ArrayList<String>();
        Object after = value(copy, component);
        Object one = verb.isVarArgs() ? Array.get(given, 0) : given;
        boolean done = after instanceof List<?> list ? list.contains(one) : Objects.deepEquals(given, after);
        if (!done || Objects.deepEquals(before, after)) wrong.add(verb + " made " + before + " to " + after + ", expected " + given);
        for (String other : changed(settings, copy))
            if (!other.equals(component.getName())) wrong.add(verb + " changed " + other);
        return wrong;
    }

    @ParameterizedTest
    @MethodSource("withVerbs")
    void everyVerbIsNamedAfterAComponent(Record settings) throws ReflectiveOperationException {
        Class<?> type = settings.getClass();
        Set<String> names = Arrays.stream(type.getRecordComponents())
            .map(c -> NAMED_OTHERWISE.getOrDefault(qualified(type, c.getName()), c.getName())).collect(Collectors.toSet());
        var unknown = new TreeSet<String>();
        for (Method verb : verbs(type).filter(v -> !names.contains(v.getName())).toList()) {
            Set<String> expected = OF_SEVERAL.get(qualified(type, verb.getName()));
            if (expected == null) {
                unknown.add(verb.toString());
                continue;
            }
            Object[] given = Arrays.stream(verb.getParameterTypes()).map(t -> different(t, t == int.class ? (Object) 1 : (Object) 1.0))
                .toArray();
            assertEquals(expected, new TreeSet<>(changed(settings, (Record) verb.invoke(settings, given))), verb.toString());
        }
        assertEquals(Set.of(), unknown);
    }

    /** Methods that learn on trials change each component of their training by a verb of their own. */
    @Test
    void theTrainingOnTrialsIsChangedFromOutside() throws ReflectiveOperationException {
        for (RecordComponent component : TrialPpo.class.getRecordComponents()) {
            Object before = value(Rl2.bandit(10).training(), component), given = different(component.getType(), before);
            var copy = (Rl2) TrialMethod.class.getMethod(component.getName(), component.getType()).invoke(Rl2.bandit(10), given);
            assertEquals(given, value(copy.training(), component), component.getName());
            assertEquals(Set.of(component.getName()), Set.copyOf(changed(Rl2.bandit(10).training(), copy.training())));
            assertEquals(Rl2.bandit(10).hidden(), copy.hidden());
        }
    }

    @Test
    void whatIsMadeWholeHasNoVerbs() {
        SettingsTest.settings().map(Object::getClass).filter(t -> MADE_WHOLE.contains(t.getSimpleName()))
            .forEach(t -> assertEquals(List.of(), verbs(t).toList()));
    }

    /** An exception that excepts nothing any more must go. */
    @Test
    void everyExceptionIsNeeded() {
        Map<String, Class<?>> types = SettingsTest.settings().map(Object::getClass)
            .collect(Collectors.toMap(Class::getSimpleName, t -> t, (a, b) -> a));
        assertTrue(types.keySet().containsAll(MADE_WHOLE), "MADE_WHOLE");
        var missing = new TreeSet<String>();
        NAMED_OTHERWISE.forEach((component, verb) -> {
            String[] parts = component.split("\\.");
            if (verbs(types.get(parts[0])).noneMatch(v -> v.getName().equals(verb))) missing.add(component + " → " + verb);
            if (verbs(types.get(parts[0])).anyMatch(v -> v.getName().equals(parts[1]))) missing.add(component + " has a verb of its name");
        });
        BEGUN_WITH.forEach((type, components) -> components.forEach(component -> {
            if (Arrays.stream(types.get(type).getRecordComponents()).noneMatch(c -> c.getName().equals(component)) || verbs(types.get(type))
                .anyMatch(v -> v.getName().equals(component))) missing.add(type + "." + component);
        }));
        assertEquals(Set.of(), missing);
    }

    /** Public methods that return changed copies: those of its own, and those that methods of its kind share. */
    private static Stream<Method> verbs(Class<?> type) {
        Stream<Method> shared = MetaPolicyGradient.class.isAssignableFrom(type)
            ? verbs(MetaPolicyGradient.class, MetaPolicyGradient.class) : Stream.of();
        return Stream.concat(verbs(type, type), shared);
    }

    private static Stream<Method> verbs(Class<?> declared, Class<?> returned) {
        return Arrays.stream(declared.getDeclaredMethods())
            .filter(m -> Modifier.isPublic(m.getModifiers()) && !Modifier.isStatic(m.getModifiers())
                && !m.isBridge() && m.getReturnType() == returned && m.getParameterCount() > 0);
    }

    private static boolean takes(Method verb, RecordComponent component) {
        if (verb.getParameterCount() != 1) return false;
        Class<?> parameter = verb.getParameterTypes()[0];
        return parameter == component.getType() || verb.isVarArgs() && component.getType() == List.class
            || component.getName().equals("changes") && parameter == Change.class;
    }

    private static Object different(Class<?> type, Object value) {
        if (type.isEnum()) return Arrays.stream(type.getEnumConstants()).filter(c -> !c.equals(value)).findFirst().orElseThrow();
        UnaryOperator<Object> change = OTHER.get(type.getSimpleName());
        if (change != null) return change.apply(value);
        if (!type.isArray()) throw new AssertionError("how to change a " + type + " is not known here");
        Object one = Array.newInstance(type.getComponentType(), 1);
        Object first = value instanceof List<?> list && !list.isEmpty() ? list.get(0) : null;
        Array.set(one, 0, different(type.getComponentType(), first));
        return one;
    }

    private static List<String> changed(Record before, Record after) throws ReflectiveOperationException {
        var names = new ArrayList<String>();
        for (RecordComponent component : before.getClass().getRecordComponents())
            if (!Objects.deepEquals(value(before, component), value(after, component))) names.add(component.getName());
        return names;
    }

    private static Object value(Record record, RecordComponent component) throws ReflectiveOperationException {
        return component.getAccessor().invoke(record);
    }

    private static String qualified(Class<?> type, String name) {
        return type.getSimpleName() + "." + name;
    }
}
