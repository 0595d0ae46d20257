package metarl.agent.value;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.agent.MemoryNeed;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.agent.Seated;
import metarl.agent.hindsight.Foreign;
import metarl.agent.hindsight.Hindsight;
import metarl.agent.hindsight.LearnedRatios;
import metarl.agent.hindsight.Relabeller;
import metarl.basics.RandomStream;
import metarl.data.Batch;
import metarl.data.ContextBatch;
import metarl.data.MetaReplay;
import metarl.data.Trajectory;
import metarl.env.Space;
import metarl.env.world.Dynamics;
import metarl.task.Family;
import metarl.task.Parameter;
import metarl.task.Task;
import metarl.task.TaskFamily;
import metarl.task.families.PointRobot;
import metarl.train.Rollout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks of TD3 and of MQL that learn from others' episodes: what is kept, with which contexts, and what it is worth. */
class Td3HindsightTest {
    private static final int HORIZON = 20, OBSERVATION = 2, ACTION = 2, TRIPLE = 5, LENGTH = 3;
    private static final List<Task> GOALS = List.of(PointRobot.dense().task(1, 0), PointRobot.dense().task(-1, 0),
        PointRobot.dense().task(0, 1));
    private static final Problem PROBLEM = new Problem(3, OBSERVATION, ACTION, 4, false, HORIZON, GOALS);
    private static final Td3 TINY = Td3.pointRobot().hidden(6).batchSize(8).contextLength(LENGTH).contextSize(4).randomSteps(40)
        .updatesPerStep(0.2).episodesPerRound(2).replayCapacity(3_000);

    /** A rule that asks and chooses nobody. */
    record Nobody() implements Relabeller {
        @Override
        public List<Foreign> relabel(Hindsight hindsight, RandomStream random) {
            return List.of();
        }
    }

    /** All learn from all, by steps that count nothing. */
    record Nothing() implements Relabeller {
        @Override
        public List<Foreign> relabel(Hindsight hindsight, RandomStream random) {
            return Relabeller.all().relabel(hindsight, random).stream()
                .map(f -> new Foreign(f.task(), f.episode(), new double[f.weights().length], false)).toList();
        }
    }

    private static Td3Learner learner(Td3 settings) {
        return (Td3Learner) settings.learner(PROBLEM, 1);
    }

    private static void collect(Td3Learner learner, List<Task> tasks, long seed) {
        learner.store(Rollout.of(learner.plan(), tasks, RandomStream.of(seed, "collection")));
    }

    /** Rounds of collection and all updates that are owed; what the updates told. */
    private static List<Map<String, Double>> learned(Td3Learner learner, int rounds) {
        var told = new ArrayList<Map<String, Double>>();
        for (int round = 0; round < rounds; round++) {
            collect(learner, GOALS, round);
            while (learner.isDue()) told.add(learner.update());
        }
        return told;
    }

    private static Batch all(MetaReplay replay, int task) {
        int size = replay.of(task).size();
        long added = replay.of(task).added();
        return replay.at(IntStream.generate(() -> task).limit(size).toArray(), LongStream.range(added - size, added).toArray());
    }

    private static float[] window(float[] windows, int row) {
        return Arrays.copyOfRange(windows, row * (LENGTH + 1) * TRIPLE, (row + 1) * (LENGTH + 1) * TRIPLE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, LENGTH})
    void aRuleThatChoosesNobodyChangesNothing(int contextLength) {
        Td3 plain = TINY.contextLength(contextLength);
        try (var without = learner(plain); var with = learner(plain.relabeller(new Nobody()))) {
            List<Map<String, Double>> expected = learned(without, 6), found = learned(with, 6);
            assertTrue(expected.size() > 20);
            for (int i = 0; i < expected.size(); i++) {
                assertTrue(Collections.disjoint(expected.get(i).keySet(), List.of("foreignTasks", "foreignEss", "unfittedPairs")));
                assertEquals(0, found.get(i).get("foreignTasks"));
                found.get(i).keySet().removeAll(List.of("foreignTasks", "unfittedPairs"));
            }
            assertEquals(expected, found);
            var same = with.state().checksums();
            without.state().checksums().forEach((part, sum) -> assertEquals(sum, same.get(part), part));
        }
    }

    @Test
    void theReplayHoldsOwnAndOthersStepsAndNoMoreUpdatesAreOwed() {
        try (var without = learner(TINY); var with = learner(TINY.relabeller(Relabeller.all().halved()))) {
            assertEquals(learned(without, 5).size(), learned(with, 5).size());
            int own = 0;
            for (int task = 0; task < 3; task++) {
                own += with.own().held(task);
                assertEquals(without.replay().of(task).size(), with.own().held(task));
                assertEquals(5 * 2 * HORIZON, with.replay().of(task).size(), "every episode of five rounds in two tasks");
                Batch rows = all(with.replay(), task);
                float[] scales = with.hindsight().scales(rows);
                assertNull(with.hindsight().weights(rows));
                for (int row = 0; row < rows.size(); row++) {
                    assertEquals(with.own().isOwn(task, rows.positions()[row]) ? 1 : 0.5f, scales[row]);
                    double distance = Math.hypot(rows.outcomes()[row * 4] - GOALS.get(task).value(0),
                        rows.outcomes()[row * 4 + 1] - GOALS.get(task).value(1));
                    assertEquals(-distance, rows.rewards()[row], 1e-6, "paid as its own task pays");
                }
            }
            assertEquals(5 * 2 * HORIZON, own);
        }
    }

    @Test
    void othersStepsHaveContextsOfTheirOwnTask() {
        try (var learner = learner(TINY.relabeller(Relabeller.all()))) {
            for (int round = 0; round < 3; round++) collect(learner, GOALS, round);
            var drawn = new int[3][2 * HORIZON];
            for (int draw = 0; draw < 200; draw++)
                for (int task = 0; task < 3; task++) {
                    Batch rows = all(learner.replay(), task);
                    ContextBatch found = learner.hindsight().withContext(rows);
                    assertSame(rows, found.batch(), "what is learned of stays as it was");
                    float[] plain = learner.replay().withContext(rows, LENGTH).windows();
                    List<Integer> own = IntStream.range(0, rows.size()).filter(ownOf(learner, rows)::contains).boxed().toList();
                    assertEquals(2 * HORIZON, own.size());
                    for (int row = 0; row < rows.size(); row++) {
                        float[] window = window(found.windows(), row);
                        if (own.contains(row)) assertArrayEquals(window(plain, row), window);
                        else drawn[task][same(window, plain, own)]++;
                    }
                }
            // 200 draws for each of 4 episodes of others: 16 000 rows over 40 own steps
            for (int[] counts : drawn) for (int count : counts) assertEquals(400, count, 100);
        }
    }

    private static List<Integer> ownOf(Td3Learner learner, Batch rows) {
        return IntStream.range(0, rows.size()).filter(row -> learner.own().isOwn(rows.tasks()[row], rows.positions()[row])).boxed()
            .toList();
    }

    /** Which of the own rows has this window. */
    private static int same(float[] window, float[] windows, List<Integer> own) {
        for (int k = 0; k < own.size(); k++) if (Arrays.equals(window, window(windows, own.get(k)))) return k;
        throw new AssertionError("a context that the task has never been in: " + Arrays.toString(window));
    }

    @Test
    void aTaskWithoutOwnStepsHasAnEmptyContext() {
        try (var learner = learner(TINY.relabeller(Relabeller.all()).episodesPerRound(1))) {
            int from = Seated.tasks(learner.plan())[0], other = (from + 1) % 3;
            collect(learner, GOALS, 1);
            assertEquals(HORIZON, learner.own().held(from));
            assertEquals(0, learner.own().held(other));
            Batch rows = all(learner.replay(), other);
            assertEquals(HORIZON, rows.size());
            assertArrayEquals(new float[HORIZON * (LENGTH + 1) * TRIPLE], learner.hindsight().withContext(rows).windows());
            assertArrayEquals(new float[LENGTH * TRIPLE], learner.hindsight().newestWindow(other));
            float[] own = learner.replay().withContext(all(learner.replay(), from), LENGTH).windows(),
                last = Arrays.copyOfRange(window(own, HORIZON - 1), TRIPLE, (LENGTH + 1) * TRIPLE);
            assertArrayEquals(last, learner.hindsight().newestWindow(from), "after the newest step");
        }
    }

    private static Td3Update update(Td3 settings, ActorCritic networks) {
        return new Td3Update(settings, networks, settings.learningRate(), RandomStream.of(1, "target noise"));
    }

    /** n rows of which m count: the mean over n is m/n of the mean over the m, and for Adam the direction is what matters. */
    @ParameterizedTest
    @ValueSource(ints = {0, LENGTH})
    void stepsOfNoWeightCountNothing(int contextLength) {
        Td3 settings = TINY.contextLength(contextLength).targetNoise(0).policyDelay(1).relabeller(new Nothing());
        try (var learner = learner(settings); ActorCritic one = learner.networks().copy(); ActorCritic two = learner.networks().copy();
            Td3Update whole = update(settings, one); Td3Update part = update(settings, two)) {
            for (int round = 0; round < 3; round++) collect(learner, GOALS, round);
            Batch rows = learner.replay().sample(300, RandomStream.of(1, "rows"));
            List<Integer> own = ownOf(learner, rows);
            Batch counted = learner.replay().at(own.stream().mapToInt(i -> rows.tasks()[i]).toArray(),
                own.stream().mapToLong(i -> rows.positions()[i]).toArray());
            assertTrue(counted.size() > 50 && counted.size() < 150);
            float[] weights = learner.hindsight().weights(rows);
            for (int i = 0; i < 300; i++) assertEquals(own.contains(i) ? 1 : 0, weights[i]);
            var mixed = whole.step(learner.hindsight().withContext(rows), weights, learner.hindsight().scales(rows));
            var alone = part.step(learner.hindsight().withContext(counted), null, null, 0);
            for (String loss : List.of("criticLoss", "actorLoss"))
                assertEquals(alone.get(loss) * counted.size() / 300, mixed.get(loss), 1e-5, loss);
            for (int k = 0; k < 2; k++) {
                float[] before = learner.networks().all().get(k).values(), after = two.all().get(k).values();
                double moved = apart(before, after), apart = apart(after, one.all().get(k).values());
                assertTrue(apart < 0.02 * moved, apart + " apart, moved by " + moved);
            }
        }
    }

    private static double apart(float[] one, float[] other) {
        return IntStream.range(0, one.length).mapToDouble(i -> Math.abs(one[i] - other[i])).sum();
    }

    /** (Q − y/2)² with y = r + γ (1 − d) V̄. */
    @Test
    void targetsAreHalvedAsAWhole() {
        Td3 settings = TINY.contextLength(0).targetNoise(0);
        try (var learner = learner(settings); ActorCritic networks = learner.networks().copy();
            Td3Update update = update(settings, networks)) {
            for (int round = 0; round < 2; round++) collect(learner, GOALS, round);
            Batch rows = learner.replay().sample(5, RandomStream.of(1, "rows"));
            float[] scales = {1, 0.5f, 1, 0.5f, 0.5f};
            double expected = 0;
            for (int i = 0; i < 5; i++) {
                double[] s = at(rows.observations(), i), a = at(rows.actions(), i), next = at(rows.nextObservations(), i);
                var nowhere = networks.contexts(new float[0]);
                double y = rows.rewards()[i] + settings.discount() * rows.notTerminated()[i]
                    * networks.values(new double[][] {next}, networks.actionsAfter(new double[][] {next}, nowhere), nowhere,
                        Twin.SMALLER)[0];
                for (double q : bothValues(networks, s, a)) expected += Math.pow(q - scales[i] * y, 2) / 5;
            }
            assertEquals(expected, update.step(ContextBatch.withoutWindows(rows), null, scales).get("criticLoss"), 1e-5);
        }
    }

    private static double[] at(float[] rows, int row) {
        return new double[] {rows[2 * row], rows[2 * row + 1]};
    }

    private static double[] bothValues(ActorCritic networks, double[] s, double[] a) {
        float[] state = {(float) s[0], (float) s[1]}, action = {(float) a[0], (float) a[1]};
        var one = new Batch(1, state, action, new float[1], state, new float[] {1}, new float[4], new int[1], new long[1]);
        try (var scope = networks.actor.manager().newSubManager()) {
            var t = networks.tensors(ContextBatch.withoutWindows(one), scope);
            var values = networks.values(t, t);
            return new double[] {values.get(0).getFloat(), values.get(1).getFloat()};
        }
    }

    /** With fresh networks, and no noise, the target of a step that pays nothing is γ min Q(s', π(s', c'), c'). */
    @ParameterizedTest
    @ValueSource(ints = {0, LENGTH})
    void valuesAreThoseOfTheNetworksWithTheNewestContext(int contextLength) {
        Td3 settings = TINY.contextLength(contextLength).relabeller(Relabeller.all()).explorationNoise(0.3);
        try (var learner = learner(settings); var scope = learner.networks().actor.manager().newSubManager()) {
            for (int round = 0; round < 2; round++) collect(learner, GOALS, round);
            for (int task = 0; task < 3; task++) {
                var values = new Td3Values(settings, learner.networks(), learner.hindsight());
                double[] s = {0.3, -0.2}, a = {0.1, -0.4};
                float[] state = {0.3f, -0.2f}, window = new float[contextLength == 0 ? 0 : (LENGTH + 1) * TRIPLE],
                    newest = learner.hindsight().newestWindow(task);
                System.arraycopy(newest, 0, window, window.length - newest.length, newest.length);
                var row = new Batch(1, state, new float[2], new float[1], state, new float[] {1}, new float[4], new int[1], new long[1]);
                var tensors = learner.networks().tensors(new ContextBatch(row, contextLength, window), scope);
                double target = learner.networks().target(tensors, scope.zeros(new ai.djl.ndarray.types.Shape(1, 2))).getFloat();
                assertEquals(target / settings.discount(), values.value(task, s), 1e-5);
                double[] meant = learner.networks().actions(new double[][] {s}, newest)[0];
                assertEquals(values.value(task, s), values.actionValue(task, s, meant), 1e-5);
                double squares = Math.pow((a[0] - meant[0]) / 0.3, 2) + Math.pow((a[1] - meant[1]) / 0.3, 2);
                assertEquals(-squares / 2 - Math.log(2 * Math.PI) - 2 * Math.log(0.3), values.logDensity(task, s, a), 1e-5);
            }
        }
    }

    /** When an episode is relabelled, it is not yet what its own task's context says. */
    @Test
    void valuesRestOnWhatWasThereBefore() {
        var asked = new ArrayList<Double>();
        Relabeller asking = (hindsight, random) -> {
            asked.add(hindsight.startValue(hindsight.from()));
            return List.of();
        };
        Td3 settings = TINY.relabeller(asking).episodesPerRound(1);
        try (var learner = learner(settings)) {
            for (int round = 0; round < 6; round++) {
                int task = Seated.tasks(learner.plan())[0];
                var before = new Td3Values(settings, learner.networks(), learner.hindsight());
                var trials = Rollout.of(learner.plan(), GOALS, RandomStream.of(round, "collection"));
                double expected = before.value(task, trials.get(0).episodes().get(0).observation(0));
                learner.store(trials);
                assertEquals(expected, asked.get(round));
                assertNotEquals(expected, new Td3Values(settings, learner.networks(), learner.hindsight()).value(task,
                    trials.get(0).episodes().get(0).observation(0)));
            }
        }
    }

    /** V by either critic, at the action that the policy means. */
    @Test
    void valuesAreThoseOfTheTwoCritics() {
        Td3 settings = TINY.contextLength(0);
        try (var learner = learner(settings)) {
            learned(learner, 4);
            var values = new Td3Values(settings, learner.networks(), learner.hindsight());
            double[][] states = {{0.1, 0.2}, {-0.4, 0.9}, {0.7, -0.1}};
            double[] smaller = values.values(1, states), larger = values.largerValues(1, states);
            for (int i = 0; i < states.length; i++) {
                double[] meant = learner.networks().actionsAfter(new double[][] {states[i]}, learner.networks().contexts(new float[0]))[0];
                double[] both = bothValues(learner.networks(), states[i], meant);
                assertEquals(Math.min(both[0], both[1]), smaller[i], 1e-6);
                assertEquals(Math.max(both[0], both[1]), larger[i], 1e-6);
                assertTrue(smaller[i] < larger[i]);
            }
        }
    }

    @Test
    void rulesThatAskForDensitiesAreAnswered() {
        Relabeller rule = Relabeller.doublyRobust(Hindsight.Form.TIGHT, 5);
        try (var learner = learner(TINY.relabeller(rule))) {
            List<Map<String, Double>> told = learned(learner, 8);
            assertTrue(told.stream().anyMatch(numbers -> numbers.get("foreignTasks") > 0), told + "");
        }
        try (var learner = learner(TINY.relabeller(rule).explorationNoise(0))) {
            var error = assertThrows(IllegalStateException.class, () -> learned(learner, 8));
            assertTrue(error.getMessage().contains("explorationNoise is 0, so that actions have no density"), error.getMessage());
        }
    }

    @Test
    void weightsByLearnedRatiosAreLoggedWithTheirTail() {
        Td3 settings = TINY.relabeller(Relabeller.all().weighted(1e6)).ratios(new LearnedRatios.Settings(100, 20, null, 1, 1));
        try (var learner = learner(settings)) {
            var last = learned(learner, 8);
            Map<String, Double> numbers = last.get(last.size() - 1);
            assertEquals(2, numbers.get("foreignTasks"));
            assertTrue(numbers.get("foreignEss") > 0 && numbers.get("foreignEss") <= 1, numbers + "");
            // tasks move alike, so that all ratios are near to 1
            assertTrue(numbers.get("foreignKhat") < 0.7, numbers + "");
            assertEquals(0, numbers.get("unfittedPairs"));
        }
    }

    /** The same own steps, the same networks, the same draws: what others have put into the replay makes no difference. */
    @Test
    void mqlAdaptsByWhatTasksHaveLivedThroughThemselves() {
        Mql mql = Mql.pointRobot().base(b -> TINY.randomSteps(10_000)).newTaskUpdates(2).replayUpdates(5).snapshot(50);
        Task target = PointRobot.dense().task(0.5, 0.5);
        List<Trajectory> shots = Rollout.of(Policy.random(2), List.of(target, target), RandomStream.of(3, "shots"));
        var found = new ArrayList<String>();
        for (Relabeller rule : List.of(Relabeller.none(), Relabeller.all().halved()))
            try (var learner = (MqlLearner) mql.relabeller(rule).learner(PROBLEM, 1)) {
                for (int round = 0; round < 8; round++) collect(learner, GOALS, round);
                try (var adaptation = learner.adapt(shots, RandomStream.of(5, "adaptation"))) {
                    found.add(adaptation.losses() + " " + adaptation.evidence().details()
                        + Arrays.toString(((OldData) adaptation.evidence()).taskWeights()));
                }
            }
        assertEquals(found.get(0), found.get(1));
    }

    /** Whose reward w (1 + x) tells w within a step, and who are to go to the right or to the left by its sign. */
    private static final TaskFamily SLOPES = Family.define("slopes").parameter("slope", "", -1, 1, Parameter.Changes.REWARD)
        .dynamics(task -> Dynamics.of("x").acting(Space.box(1, 1)).moving((s, a, random) -> new double[] {s[0] + 0.2 * a[0]}))
        .lasting(8).paying((task, outcome, action) -> task.value(0) * (1 + outcome[0]));

    /** Σ w x over an episode of the learned policy, mean over tasks, after one random episode of each; 5.4 for who is told w. */
    private static double gained(Relabeller rule, long seed) {
        List<Task> tasks = Stream.of(-1.0, -0.75, -0.5, 0.5, 0.75, 1.0).map(SLOPES::task).toList();
        Td3 settings = Td3.pointRobot().hidden(32).batchSize(32).contextLength(1).contextSize(8).learningRate(2e-3).discount(0.5)
            .policyDelay(1).randomSteps(32).episodesPerRound(6).relabeller(rule);
        try (var learner = (Td3Learner) settings.learner(Problem.of(tasks), seed)) {
            collect(learner, tasks, seed);
            for (int update = 0; update < 300; update++) learner.update();
            List<Trajectory> done = Rollout.of(learner.policy(), tasks, RandomStream.of(seed, "test"));
            return IntStream.range(0, 6).mapToDouble(i -> done.get(i).totalReward() - 8 * tasks.get(i).value(0)).average().orElseThrow();
        }
    }

    /** After as many steps and as many updates; alone, most learn one direction for all tasks. */
    @Test
    void oneEpisodeOfEachTaskIsEnoughWhereAllLearnFromAll() {
        double alone = 0, shared = 0;
        for (long seed = 1; seed <= 4; seed++) {
            alone += gained(Relabeller.none(), seed) / 4;
            shared += gained(Relabeller.all(), seed) / 4;
        }
        assertTrue(shared > 2.7 && shared > alone + 1, shared + " shared, alone " + alone);
    }

    /** A ring of ten: own steps, then others', then own ones again. */
    @Test
    void ownStepsAreForgottenWithTheRing() {
        var replay = new MetaReplay(2, 1, 1, 1, 20);
        var own = new OwnSteps(replay, true);
        assertEquals(0, own.held(0));
        own.add(0, 0, 4);
        grow(replay, 4);
        assertEquals(4, own.held(0));
        grow(replay, 3);
        own.add(0, 7, 2);
        grow(replay, 2);
        assertEquals(6, own.held(0));
        assertArrayEquals(new long[] {8, 7, 3, 2, 1, 0}, positions(own));
        grow(replay, 3);
        assertEquals(4, own.held(0), "0 and 1 are overwritten");
        assertArrayEquals(new long[] {8, 7, 3, 2}, positions(own));
        assertTrue(own.isOwn(0, 3) && !own.isOwn(0, 4) && !own.isOwn(0, 6) && own.isOwn(0, 7) && !own.isOwn(0, 9));
        own.add(0, 12, 3);
        grow(replay, 3);
        own.add(0, 15, 1);
        grow(replay, 1);
        assertArrayEquals(new long[] {15, 14, 13, 12, 8, 7}, positions(own));
        Batch drawn = own.sample(100, RandomStream.of(1, "draws"));
        for (int row = 0; row < 100; row++) assertTrue(own.isOwn(drawn.tasks()[row], drawn.positions()[row]));
        Batch newest = own.sampleEach(50, 4, RandomStream.of(1, "draws"));
        assertEquals(50, newest.size(), "the other task has none");
        for (long position : newest.positions()) assertTrue(position >= 12);
    }

    private static long[] positions(OwnSteps own) {
        return IntStream.range(0, own.held(0)).mapToLong(age -> own.position(0, age)).toArray();
    }

    private static void grow(MetaReplay replay, int steps) {
        var episode = new Trajectory(GOALS.get(0), new double[1]);
        for (int t = 0; t < steps; t++)
            episode.add(new double[1], new metarl.env.Step(new double[1], 0, false, t == steps - 1, new double[1]));
        replay.of(0).add(episode);
    }

    @Test
    void whereAllAreOwnTheReplaysOwnDrawsAreMade() {
        try (var learner = learner(TINY)) {
            for (int round = 0; round < 5; round++) collect(learner, GOALS, round);
            MetaReplay replay = learner.replay();
            same(replay.sample(50, RandomStream.of(1, "draws")), learner.own().sample(50, RandomStream.of(1, "draws")));
            same(replay.sample(replay.filledTasks(), 20, 30, RandomStream.of(1, "draws")),
                learner.own().sampleEach(20, 30, RandomStream.of(1, "draws")));
        }
    }

    private static void same(Batch expected, Batch found) {
        assertArrayEquals(expected.tasks(), found.tasks());
        assertArrayEquals(expected.positions(), found.positions());
        assertArrayEquals(expected.observations(), found.observations());
    }

    @Test
    void memoryCountsWhatIsKeptBeside() {
        var cheetah = new Problem(40, 20, 6, 2, false, 200);
        Td3 settings = Td3.withContext().replayCapacity(1_000_000);
        MemoryNeed without = settings.memory(cheetah), with = settings.relabeller(Relabeller.all()).memory(cheetah);
        assertEquals(without.parts(), with.parts().stream().filter(p -> without.parts().contains(p)).toList());
        List<MemoryNeed.Part> more = with.parts().stream().filter(p -> !without.parts().contains(p)).toList();
        assertEquals(
            List.of("what others' steps count", "steps to learn ratios from", "returns of recent episodes", "which steps are own"),
            more.stream().map(MemoryNeed.Part::what).toList());
        // a weight and a scale of 4 bytes each
        assertEquals(8_000_000, more.get(0).heap());
        // 40 tasks, 400 steps of 51 numbers of 4 bytes each
        assertEquals(40 * 400 * 51 * 4, more.get(1).heap());
        // where own episodes stand
        assertEquals(48 * (40 + 5_000), more.get(3).heap());
        assertEquals(with.parts(), Mql.defaults().base(b -> settings).relabeller(Relabeller.all()).memory(cheetah).parts());
    }

    @Test
    void whereOwnStepsStandIsStoredAndChecked() throws IOException {
        var replay = new MetaReplay(2, 1, 1, 1, 20);
        var own = new OwnSteps(replay, true);
        grow(replay, 4);
        own.add(0, 0, 4);
        grow(replay, 3);
        grow(replay, 2);
        own.add(0, 7, 2);
        var bytes = new ByteArrayOutputStream();
        own.save(new DataOutputStream(bytes));
        var again = new OwnSteps(replay, true);
        again.load(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        assertArrayEquals(positions(own), positions(again));
        var error = assertThrows(IOException.class, () -> new OwnSteps(new MetaReplay(2, 1, 1, 1, 20), true)
            .load(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()))));
        assertTrue(error.getMessage().contains("own steps 0 to 4 of task 0"), error.getMessage());
    }

    static Stream<Arguments> badInputs() {
        return Stream.of(bad("MCAT", () -> Mcat.small().base(b -> b.relabeller(Relabeller.all())), "base.relabeller"));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsNamed(BadInput input) {
        input.isNamed();
    }
}
