package metarl.agent.value;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.agent.Learner;
import metarl.agent.Plan;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.agent.Trial;
import metarl.agent.transfer.ActionTranslator;
import metarl.agent.transfer.ContextModel;
import metarl.agent.transfer.StepHistory;
import metarl.basics.RandomStream;
import metarl.data.Batch;
import metarl.data.MetaReplay;
import metarl.data.Trajectory;
import metarl.env.Step;
import metarl.env.world.Dynamics;
import metarl.task.Family;
import metarl.task.Task;
import metarl.task.TaskSet;
import metarl.task.families.Bandit;
import metarl.task.families.Maze;
import metarl.task.families.Point;
import metarl.task.families.PointRobot;
import metarl.train.MetaRun;
import metarl.train.MetaTraining;
import metarl.train.TrainingStoppedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** MCAT: its turns, its context, who acts, its switches, and what it refuses. */
class McatTest {
    private static final int STEPS = 10;
    private static final Problem PROBLEM = new Problem(3, 2, 2, 4, false, STEPS);
    private static final Mcat TINY = Mcat.small()
        .base(b -> b.hidden(16).batchSize(8).randomSteps(3 * STEPS).updatesPerStep(0.1).replayCapacity(900).episodesPerRound(3))
        .model(m -> m.contextSize(2).history(3).ahead(3).stepsDrawn(1).encoderHidden(4).hidden(4).layers(1).batchSize(4))
        .translator(ActionTranslator.small().withFeatures(true).branch(3).hidden(4).batchSize(4).segments(5))
        .modelEvery(6 * STEPS).modelUpdates(2).translatorUpdates(3).featureSegments(5).recentEpisodes(5).lead(0);
    private static final Task TASK = PointRobot.dense().task(0, 0);

    /** An episode that earns this; what is seen and done is drawn. */
    private static Trajectory episode(double earned, RandomStream random) {
        var episode = new Trajectory(TASK, random.doubles(2, -1, 1).toArray());
        for (int t = 1; t <= STEPS; t++) episode.add(random.doubles(2, -1, 1).toArray(),
            new Step(random.doubles(2, -1, 1).toArray(), t == STEPS ? earned : 0, false, t == STEPS, new double[4]));
        return episode;
    }

    /** Answers a plan with episodes that earn these, seat by seat; the last number holds for all seats after it. */
    private static Plan store(McatLearner learner, double... earned) {
        Plan plan = learner.plan();
        var random = RandomStream.of(learner.replay().size(), "episodes");
        var trials = new ArrayList<Trial>();
        for (int i = 0; i < plan.seats().size(); i++)
            trials.add(new Trial(plan.seats().get(i), List.of(episode(earned[Math.min(i, earned.length - 1)], random))));
        learner.store(trials);
        return plan;
    }

    /** The same where each task earns as many as its number says times 10. */
    private static Plan storeByTask(McatLearner learner) {
        return store(learner, learner.plan().seats().stream().mapToDouble(s -> 10 * s.task()).toArray());
    }

    private static void updates(Learner learner) {
        while (learner.isDue()) learner.update();
    }

    private static McatLearner learner(Mcat settings) {
        return (McatLearner) settings.learner(PROBLEM, 1);
    }

    private static Map<Integer, String> purposes(Plan plan) {
        return plan.seats().stream().collect(Collectors.toMap(Plan.Seat::task, Plan.Seat::purpose));
    }

    /** Which parts of the state an action changes. */
    private static Set<String> changes(Learner learner, Runnable action) {
        Map<String, String> before = learner.state().checksums();
        action.run();
        var changed = new TreeSet<String>();
        learner.state().checksums().forEach((part, sum) -> {
            if (!sum.equals(before.get(part))) changed.add(part);
        });
        return changed;
    }

    /** Random, then C and F, H, nothing owed for random steps; TD3; and after 60 steps C, F and H again, ahead of TD3. */
    @Test
    void componentsLearnInTurnAndNeverTogether() {
        try (McatLearner learner = learner(TINY)) {
            assertEquals(Map.of(0, "", 1, "", 2, ""), purposes(store(learner, 0)));
            var model = Set.of("model", "optimiser", "segments", "turns");
            assertEquals(Set.of("model", "optimiser", "segments", "turns", "units"), changes(learner, learner::update),
                "the first measures");
            assertEquals(model, changes(learner, learner::update));
            var translator = Set.of("segments", "translator", "translator updates", "translator's optimiser", "turns");
            assertEquals(translator, changes(learner, learner::update));
            assertEquals(translator, changes(learner, learner::update));
            var last = new TreeSet<>(translator);
            last.addAll(Set.of("task features", "who acts"));
            assertEquals(last, changes(learner, learner::update), "features, and what was earned by another translator");
            assertFalse(learner.isDue());
            assertEquals(Map.of(0, "learned", 1, "learned", 2, "learned"), purposes(store(learner, 0)));
            var losses = new ArrayList<Set<String>>();
            var critic = Set.of("batches", "critic", "critic updates", "critic's optimiser", "earned returns", "imitation", "target noise",
                "updates owed");
            assertEquals(critic, changes(learner, () -> losses.add(learner.update().keySet())));
            assertTrue(changes(learner, () -> losses.add(learner.update().keySet())).containsAll(
                Set.of("actor", "actor's optimiser", "target of the actor", "target of the critic")));
            learner.update();
            assertFalse(learner.isDue());
            assertEquals(List.of(Set.of("criticLoss", "imitationLoss"), Set.of("criticLoss", "actorLoss", "imitationLoss")), losses);
            store(learner, 0);
            assertEquals(Set.of("forwardLoss", "forwardError", "contrastiveLoss"), learner.update().keySet());
            learner.update();
            assertEquals(Set.of("translatorLoss"), learner.update().keySet());
        }
    }

    /** z of a batch is what the policy read while it lived through these steps; zeros before the start of an episode. */
    @Test
    void theContextOfABatchIsThatOfTheActor() {
        try (McatLearner learner = learner(TINY)) {
            store(learner, 0);
            updates(learner);
            MetaReplay replay = learner.replay();
            Trajectory episode = replay.of(1).episodes(TASK).get(0);
            float[] found = new float[STEPS + 1 << 1];
            var history = new StepHistory(1, 3, 2, 2);
            for (int t = 0; t < STEPS; t++) {
                history.before(new double[][] {episode.observation(t)});
                System.arraycopy(learner.networks().contexts(history.values(), 1), 0, found, 2 * t, 2);
                history.received(new double[][] {episode.action(t)}, new Step[] {episode.step(t)});
            }
            System.arraycopy(learner.networks().contexts(history.values(), 1), 0, found, 2 * STEPS, 2);
            long[] positions = IntStream.range(0, STEPS).mapToLong(t -> t).toArray();
            Batch rows = replay.at(tasks(1, STEPS), positions), seen = learner.networks().seen(replay, rows, rows);
            for (int t = 0; t < STEPS; t++) {
                float[] now = Arrays.copyOfRange(seen.observations(), 4 * t, 4 * t + 4),
                    next = Arrays.copyOfRange(seen.nextObservations(), 4 * t, 4 * t + 4);
                assertArrayEquals(new float[] {rows.observations()[2 * t], rows.observations()[2 * t + 1], found[2 * t], found[2 * t + 1]},
                    now, 1e-6f);
                assertArrayEquals(new float[] {found[2 * t + 2], found[2 * t + 3]}, Arrays.copyOfRange(next, 2, 4), 1e-6f);
            }
            // s' from another step, as bounds of several steps have it
            Batch other = learner.networks().seen(replay, replay.at(tasks(1, 1), new long[] {2}), replay.at(tasks(1, 1), new long[] {6}));
            assertEquals(rows.observations()[4], other.observations()[0]);
            assertEquals(found[4], other.observations()[2], 1e-6);
            assertEquals(rows.nextObservations()[12], other.nextObservations()[0]);
            assertEquals(found[14], other.nextObservations()[2], 1e-6);
            assertEquals(2, learner.networks().seen(replay, rows, null).observations().length / 2 / STEPS);
        }
    }

    private static int[] tasks(int task, int count) {
        return IntStream.generate(() -> task).limit(count).toArray();
    }

    /** H(s, π(s, z_j), z_j, z) step by step, and π(s, z) of the learned policy. */
    @Test
    void theTransferredPolicyIsTheTranslatedLearnedOne() {
        try (McatLearner learner = learner(TINY.base(b -> b.explorationNoise(0)))) {
            store(learner, 0);
            updates(learner);
            storeByTask(learner);
            Plan plan = learner.plan();
            Plan.Seat seat = plan.seats().stream().filter(s -> s.task() == 0).findFirst().orElseThrow();
            assertEquals("from 2", seat.purpose());
            McatNetworks networks = learner.networks();
            float[] feature = learner.feature(2);
            var random = RandomStream.of(4, "states");
            var history = new StepHistory(1, 3, 2, 2);
            try (Policy.Actor actor = seat.policy().start(1, RandomStream.of(1, "x"));
                Policy.Actor learned = learner.policy().start(1, RandomStream.of(1, "x"))) {
                for (int t = 0; t < 6; t++) {
                    double[][] seen = {random.doubles(2, -1, 1).toArray()};
                    history.before(seen);
                    float[] z = networks.model.embeddings(history.values(), 1);
                    double[][] expected = networks.translator.translate(seen, networks.actions(seen, feature), feature, z);
                    double[][] done = actor.act(seen);
                    assertArrayEquals(expected[0], done[0], 1e-7);
                    assertArrayEquals(networks.actions(seen, z)[0], learned.act(seen)[0], 1e-7);
                    Step[] steps = {new Step(random.doubles(2, -1, 1).toArray(), 0, false, false, new double[4])};
                    for (Policy.Actor told : List.of(actor, learned)) told.received(done, steps);
                    history.received(done, steps);
                }
            }
        }
    }

    /** Task 2 is done best: it helps 0 and 1, and 1 helps 0; then what was earned decides. */
    @Test
    void whoActsIsToldByTheSeatsAndReadBackFromThem() {
        try (McatLearner learner = learner(TINY)) {
            store(learner, 0);
            updates(learner);
            storeByTask(learner);
            assertEquals(Map.of(0, "from 2", 1, "from 2", 2, "learned"), purposes(learner.plan()));
            for (Plan.Seat seat : learner.plan().seats())
                assertEquals(Map.of("transferredFrom", seat.task() == 2 ? -1.0 : 2.0),
                    learner.numbers(new Trial(seat, List.of(episode(0, RandomStream.of(1, "x"))))));
            storeByTask(learner);
            assertEquals(0, learner.transfers().mean(0, 2));
            assertEquals(10, learner.transfers().mean(1, 2));
            assertEquals(Map.of(0, "from 1", 1, "learned", 2, "learned"), purposes(learner.plan()), "10 of both is no more");
            updates(learner);
            assertEquals(Map.of(0, "from 1", 1, "learned", 2, "learned"), purposes(learner.plan()),
                "another translator changes nothing yet");
        }
    }

    /** Everybody lives through an episode; only the best is kept, and all steps count. */
    @Test
    void theOracleTriesAllAndKeepsTheBest() {
        Mcat settings = TINY.choice(Mcat.Choice.ORACLE).modelEvery(1_000).base(b -> b.updatesPerStep(1));
        try (McatLearner learner = learner(settings)) {
            store(learner, 0);
            updates(learner);
            storeByTask(learner);
            updates(learner);
            Plan plan = learner.plan();
            assertEquals(6, plan.seats().size());
            var seats = plan.seats().stream().filter(s -> s.task() == 0).map(Plan.Seat::purpose).toList();
            assertEquals(List.of("learned", "from 2", "from 1"), seats);
            int before = learner.replay().size();
            store(learner, plan.seats().stream().mapToDouble(s -> s.purpose().equals("from 2") ? 50 : s.task()).toArray());
            assertEquals(before + 3 * STEPS, learner.replay().size());
            for (int task = 0; task < 3; task++)
                assertEquals(task == 2 ? 2 : 50, learner.replay().of(task).episodes(TASK).get(2).totalReward());
            int owed = 0;
            for (; learner.isDue(); owed++) learner.update();
            assertEquals(6 * STEPS, owed);
            assertEquals(50, learner.transfers().mean(0, 2));
            assertEquals(0, learner.transfers().mean(0, Transfers.LEARNED));
        }
    }

    private static Set<String> parts(Mcat settings) {
        try (McatLearner learner = learner(settings)) {
            return new TreeSet<>(learner.state().names());
        }
    }

    private static Set<String> without(Set<String> all, String... parts) {
        var rest = new TreeSet<>(all);
        assertTrue(rest.containsAll(List.of(parts)), all.toString());
        rest.removeAll(List.of(parts));
        return rest;
    }

    /** What is switched off is not there. */
    @Test
    void switches() {
        Set<String> all = parts(TINY);
        assertEquals(without(all, "translator", "translator's optimiser", "translator updates"), parts(TINY.withoutTransfer()));
        assertEquals(without(all, "imitation", "earned returns"), parts(TINY.withoutSelfImitation()));
        assertEquals(without(all, "translator", "translator's optimiser", "translator updates", "model", "units", "optimiser"),
            parts(TINY.withoutTransfer().model(m -> m.contextSize(0))));
        try (McatLearner learner = learner(TINY.withoutTransfer().withoutContrast().withoutSelfImitation())) {
            store(learner, 0);
            assertEquals(Set.of("forwardLoss", "forwardError"), learner.update().keySet());
            learner.update();
            assertFalse(learner.isDue());
            for (int round = 0; round < 3; round++) {
                Plan plan = storeByTask(learner);
                assertEquals(Map.of(0, "learned", 1, "learned", 2, "learned"), purposes(plan));
                assertEquals(Map.of(), learner.numbers(new Trial(plan.seats().get(0), List.of(episode(0, RandomStream.of(1, "x"))))));
                while (learner.isDue()) assertFalse(learner.update().containsKey("imitationLoss"));
            }
        }
        assertEquals("MCAT", TINY.name());
        assertEquals("MCAT without transfer", TINY.withoutTransfer().name());
    }

    /** Without z and all the rest MCAT is TD3, update by update. */
    @Test
    void withNothingOfItsOwnItIsTd3() {
        Mcat plain = TINY.withoutTransfer().withoutSelfImitation().policyPenalty(0).model(m -> m.contextSize(0));
        try (McatLearner learner = learner(plain); Learner td3 = plain.base().learner(PROBLEM, 1)) {
            for (int round = 0; round < 4; round++) {
                store(learner, round);
                var random = RandomStream.of(learner.replay().size() - 3 * STEPS, "episodes");
                int now = round;
                td3.store(td3.plan().seats().stream().map(s -> new Trial(s, List.of(episode(now, random)))).toList());
                while (learner.isDue()) assertEquals(td3.update(), learner.update());
                assertFalse(td3.isDue());
            }
        }
    }

    /** The penalty is the actor's alone, with self-imitation and without; the critics hear of it by the target of the actor. */
    @Test
    void thePenaltyReachesTheActorAlone() {
        for (Mcat settings : List.of(TINY, TINY.withoutSelfImitation()))
            try (McatLearner off = learner(settings.policyPenalty(0)); McatLearner on = learner(settings.policyPenalty(0.5))) {
                for (McatLearner learner : List.of(off, on)) {
                    store(learner, 0);
                    updates(learner);
                    store(learner, 1);
                }
                assertEquals(off.update(), on.update());
                assertEquals(off.state().checksums(), on.state().checksums());
                assertEquals(off.update(), on.update(), "the loss that is told is without the penalty");
                Map<String, String> found = on.state().checksums();
                var changed = new TreeSet<>(found.keySet());
                changed.removeIf(part -> found.get(part).equals(off.state().checksums().get(part)));
                assertEquals(Set.of("actor", "actor's optimiser", "target of the actor"), changed);
            }
        assertEquals(0, Mcat.published().policyPenalty());
        assertTrue(Mcat.small().policyPenalty() > 0);
    }

    /** With another run's networks it goes on at once, but transfers only when it knows the tasks. */
    @Test
    void networksOfAnotherRunLearnOn() throws IOException {
        try (McatLearner trained = learner(TINY); McatLearner fresh = (McatLearner) TINY.learner(PROBLEM, 2)) {
            store(trained, 0);
            updates(trained);
            storeByTask(trained);
            store(fresh, 0);
            updates(fresh);
            storeByTask(fresh);
            assertEquals("from 2", purposes(fresh.plan()).get(0));
            var bytes = new ByteArrayOutputStream();
            trained.state().saveNetworks(new DataOutputStream(bytes));
            fresh.state().loadNetworks(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
            assertEquals(Map.of(0, "learned", 1, "learned", 2, "learned"), purposes(fresh.plan()));
            storeByTask(fresh);
            assertTrue(fresh.isDue());
            assertTrue(fresh.update().containsKey("criticLoss"));
            updates(fresh);
            storeByTask(fresh);
            assertTrue(fresh.update().containsKey("forwardLoss"));
        }
    }

    /** A row of the log says who acted, beside what was earned. */
    @Test
    void theLogTellsWhoActed() {
        var family = Point.rotated().delayed(50);
        var tasks = TaskSet.of(List.of(family.task(0, 1), family.task(1, 1), family.task(2, 1)), List.of(family.task(3, 1)));
        Mcat settings = TINY.base(b -> b.randomSteps(300).updatesPerStep(0.01)).modelEvery(600);
        try (MetaRun run = MetaTraining.on(tasks).algorithm(settings).steps(2_400).evaluateEvery(2_400).episodes(1).seed(3).run()) {
            var metrics = run.log().stringColumn("metric").asList();
            var values = new ArrayList<Double>();
            for (int i = 0; i < metrics.size(); i++) {
                if (!metrics.get(i).equals("transferredFrom")) continue;
                values.add(run.log().doubleColumn("value").get(i));
                assertEquals("trainReturn", metrics.get(i - 1));
                assertEquals(run.log().stringColumn("task").get(i - 1), run.log().stringColumn("task").get(i));
            }
            assertEquals(21, values.size(), "all rounds but the random one");
            assertTrue(values.stream().allMatch(v -> v >= -1 && v <= 2) && values.contains(-1.0));
            assertTrue(values.stream().anyMatch(v -> v >= 0), values.toString());
        }
    }

    private static Arguments refused(String what, Mcat settings, Problem problem, String message) {
        return BadInput.bad(what, () -> settings.learner(problem, 1).close(), message);
    }

    private static Arguments refused(String what, Mcat settings, String message) {
        return refused(what, settings, PROBLEM, message);
    }

    private static Arguments training(String what, TaskSet tasks, String message) {
        return BadInput.bad(what, () -> MetaTraining.on(tasks).algorithm(TINY).steps(100).run().close(), message);
    }

    static Stream<Arguments> badInputs() {
        var points = TaskSet.of(PointRobot.dense()).train(3).test(1).sample(1);
        return Stream.of(
            refused("choices", TINY, new Problem(3, 2, 2, 4, true, STEPS), "the actions is 2 choices, expected real numbers"),
            refused("one task", TINY, new Problem(1, 2, 2, 4, false, STEPS), "the number of train tasks is 1, expected at least 2"),
            refused("a translator that does not learn", TINY.translatorUpdates(0), "translatorUpdates is 0, expected at least 1"),
            refused("no context", TINY.model(m -> m.contextSize(0)), "contextSize of model is 0, expected at least 1"),
            refused("a translator of one pair", TINY.translator(ActionTranslator.paper()), "withFeatures of translator is false"),
            refused("a context of TD3's own", TINY.base(b -> b.contextLength(5)), "contextLength of base is 5, expected 0"),
            refused("segments longer than an episode", TINY.model(m -> m.ahead(11)), "ahead of model is 11, expected at most 10"),
            refused("a replay shorter than a segment", TINY.base(b -> b.replayCapacity(6)), "replayCapacity is 6, expected at least 9"),
            refused("a replay beyond memory", TINY.base(b -> b.replayCapacity(1_000_000_000)), "(replayCapacity 1,000,000,000)"),
            refused("a history beyond memory", TINY.model(m -> m.history(1_000_000_000)), "history"),
            BadInput.bad("no settings of TD3", () -> TINY.base((Td3) null), "base is null, expected the settings of TD3"),
            BadInput.bad("no model", () -> TINY.model((ContextModel) null), "model is null, expected settings such as"),
            BadInput.bad("no translator", () -> TINY.translator((ActionTranslator) null), "translator is null"),
            BadInput.bad("no self-imitation", () -> TINY.selfImitation(null), "selfImitation is null"),
            BadInput.bad("a reward for saturation", () -> TINY.policyPenalty(-1), "policyPenalty is -1.0, expected 0 (none) to 1e6"),
            BadInput.bad("a model that does not learn", () -> TINY.modelUpdates(0), "modelUpdates is 0, expected at least 1"),
            BadInput.bad("a model at every moment", () -> TINY.modelEvery(0), "modelEvery is 0, expected at least 1 step"),
            BadInput.bad("features of nothing", () -> TINY.featureSegments(0), "featureSegments is 0"),
            BadInput.bad("no recent episode", () -> TINY.recentEpisodes(0), "recentEpisodes is 0"),
            BadInput.bad("no trials", () -> TINY.trialEvery(0), "trialEvery is 0"),
            BadInput.bad("a lead behind", () -> TINY.lead(-1), "lead is -1.0, expected 0 (any lead counts)"),
            BadInput.bad("imitation of nobody", () -> SelfImitation.released().weight(-1),
                "weight is -1.0, expected 0 (no self-imitation)"),
            BadInput.bad("a bound in the past", () -> SelfImitation.released().steps(-1), "steps is -1, expected 0"),
            BadInput.bad("a delay longer than the episode", () -> PointRobot.dense().delayed(1_000),
                "delay is 1000, expected at most the 20 steps"),
            training("arms", TaskSet.of(Bandit.bernoulli(2)).train(3).test(1).sample(1), "MCAT steers with real numbers"),
            training("pictures", TaskSet.of(new Maze(3, 6).firstPerson()).train(3).test(1).sample(1), "MCAT"),
            BadInput.bad("an adaptation", () -> MetaTraining.on(points).algorithm(TINY).steps(1).run().adaptingBy(TINY),
                "does not adapt"));
    }

    /** The first sees two numbers, the second three. */
    private static List<Task> otherSpaces() {
        var family = Family.define("odd-spaces").parameter("entries", "", 2, 3).dynamics(task -> task.value(0) < 2.5
            ? Dynamics.of("x", "y").moving((s, a) -> s) : Dynamics.of("x", "y", "z").moving((s, a) -> s)).lasting(STEPS)
            .paying((task, o, a) -> 0);
        return List.of(family.task(2), family.task(3));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsASentence(BadInput input) {
        input.isNamed();
    }

    @Test
    void tasksOfOtherSpacesAreNamed() {
        TaskSet tasks = TaskSet.of(otherSpaces(), otherSpaces().subList(0, 1));
        var e = assertThrows(TrainingStoppedException.class, () -> MetaTraining.on(tasks).algorithm(TINY).steps(100).run());
        assertTrue(
            e.getMessage().contains("the environments of a rollout differ: entries of observation, action and outcome are [2, 1, 2]"),
            e.getMessage());
    }

    /** The whole return at the end of the episode is the latest there is. */
    @Test
    void rewardsMayComeAtTheVeryEnd() {
        var tasks = TaskSet.of(PointRobot.dense().delayed(20)).train(3).test(1).sample(1);
        try (MetaRun run = MetaTraining.on(tasks).algorithm(TINY.base(b -> b.updatesPerStep(0.01))).steps(200).episodes(1).run()) {
            assertTrue(Double.isFinite(run.lastEvaluation().meanBefore()) && run.lastEvaluation().meanBefore() < 0);
        }
    }

    /** Episodes that end before a segment is over teach the context model nothing, and that is said instead of waiting for ever. */
    @Test
    void episodesThatAreTooShortAreNamed() {
        try (McatLearner learner = learner(TINY.base(b -> b.randomSteps(3)))) {
            var trials = learner.plan().seats().stream().map(s -> {
                var one = new Trajectory(TASK, new double[2]);
                one.add(new double[2], new Step(new double[2], 0, true, false, new double[4]));
                return new Trial(s, List.of(one));
            }).toList();
            learner.store(trials);
            var e = assertThrows(IllegalStateException.class, learner::update);
            assertTrue(e.getMessage().contains("none of the 3 transitions in the replay ends 3 steps of one episode"), e.getMessage());
        }
    }
}
