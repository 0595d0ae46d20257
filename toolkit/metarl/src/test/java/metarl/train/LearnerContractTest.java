package metarl.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import metarl.agent.Adaptation;
import metarl.agent.Algorithm;
import metarl.agent.Algorithms;
import metarl.agent.Learner;
import metarl.agent.Policy;
import metarl.agent.Resources;
import metarl.agent.classical.TabularDistral;
import metarl.agent.classical.TabularQ;
import metarl.agent.gradient.InnerObjective;
import metarl.agent.gradient.Maml;
import metarl.agent.gradient.ProMp;
import metarl.agent.gradient.Rl2;
import metarl.agent.gradient.Snail;
import metarl.agent.hindsight.Hindsight;
import metarl.agent.hindsight.LearnedRatios;
import metarl.agent.hindsight.Relabeller;
import metarl.agent.model.GrBal;
import metarl.agent.model.Planner;
import metarl.agent.model.ReBal;
import metarl.agent.transfer.ActionTranslator;
import metarl.agent.value.Distral;
import metarl.agent.value.HipBmdp;
import metarl.agent.value.Mcat;
import metarl.agent.value.Mql;
import metarl.agent.value.Pearl;
import metarl.agent.value.Sac;
import metarl.agent.value.SelfImitation;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;
import metarl.task.Family;
import metarl.task.TaskSet;
import metarl.task.families.Bandit;
import metarl.task.families.GoalGrid;
import metarl.task.families.Maze;
import metarl.task.families.Pendulum;
import metarl.task.families.PointRobot;
import metarl.task.families.TwoRooms;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every algorithm keeps to, those that ship and others: see {@link metarl.agent.Learner}. A new one needs a line in {@link #cases()},
 * by which its runs are tested, too: see {@link RunContractTest}.
 */
class LearnerContractTest {
    private static final TaskSet POINTS = TaskSet.of(PointRobot.dense()).train(3).test(2).sample(7),
        ARMS = TaskSet.of(Bandit.bernoulli(2)).train(3).test(2).sample(7),
        PICTURES = TaskSet.of(new Maze(3, 6).firstPerson()).train(3).test(2).sample(7),
        ROOMS = TaskSet.of(new TwoRooms(true, 20)).train(3).test(2).sample(7),
        GRIDS = TaskSet.of(new GoalGrid(GoalGrid.Shift.SIGN)).train(3).test(2).sample(7),
        PENDULUMS = TaskSet.of(((Family) Pendulum.swingUp()).lasting(20)).train(3).test(2).sample(7);
    private static final Sac SAC = Sac.pointRobot().hidden(4).batchSize(4).randomSteps(20).updatesPerStep(0.1).replayCapacity(90)
        .episodesPerRound(2);
    private static final Distral DISTRAL = Distral.pointRobot().base(b -> SAC);
    private static final Pearl PEARL = Pearl.released("sparse-point").latentSize(2).hidden(4).encoderHidden(4).layers(1).batchSize(4)
        .contextSize(6).tasksPerUpdate(2).tasksPerIteration(2).initialSteps(20).priorSteps(20).posteriorSteps(20).updatesPerIteration(2)
        .priorEpisodes(1).replayCapacity(90);
    private static final Mcat MCAT = Mcat.small()
        .base(b -> b.hidden(4).batchSize(4).randomSteps(60).updatesPerStep(0.02).replayCapacity(180)
            .episodesPerRound(3))
        .model(m -> m.contextSize(2).history(3).ahead(3).stepsDrawn(1).encoderHidden(4).hidden(4).layers(1).batchSize(4))
        .translator(ActionTranslator.small().withFeatures(true).branch(3).hidden(4).batchSize(4).segments(5)).modelEvery(120)
        .modelUpdates(1).translatorUpdates(1).featureSegments(5).recentEpisodes(2);
    private static final HipBmdp HIP = HipBmdp.small()
        .base(b -> b.hidden(4).batchSize(4).randomSteps(20).updatesPerStep(0.1).replayCapacity(90).episodesPerRound(2)).latentSize(3)
        .encoderHidden(4).embeddingSize(2).modelHidden(4).fitUpdates(3);
    private static final Rl2 RL2 = Rl2.bandit(2).hidden(4).trialsPerUpdate(3).trialsPerBatch(2).epochs(2);
    private static final Snail SNAIL = Snail.bandit(2).dense(3).filters(2).valueFilters(2).attention(2).trialsPerUpdate(3)
        .trialsPerBatch(2).epochs(2);
    private static final Maml MAML = Maml.navigation().hidden(4).tasksPerUpdate(2).episodesPerTask(2);
    private static final GrBal GRBAL = GrBal.classical().hidden(4).support(3).query(3).runsPerUpdate(2).randomEpisodes(2)
        .episodesPerRound(2).updatesPerRound(2).planner(Planner.crossEntropy(5, 2).elites(2).iterations(2));
    private static final ReBal REBAL = ReBal.classical().hidden(4).runLength(6).runsPerUpdate(2).randomEpisodes(2).episodesPerRound(2)
        .updatesPerRound(2).planner(Planner.crossEntropy(5, 2).elites(2).iterations(2));
    private static final ProMp PROMP = ProMp.corner().hidden(4).tasksPerUpdate(2).episodesPerTask(2).epochs(2).divergenceTarget(1e-4);
    /** Enough for every phase of every method to come at least twice. */
    private static final int CALLS = 9, MORE = 4;

    /** An algorithm with settings so small that it learns within milliseconds, and tasks. */
    record Case(Algorithm algorithm, TaskSet tasks) {
        Driven driven(long seed) {
            return new Driven(algorithm, tasks.train(), seed);
        }

        /** Steps that the first plan takes. */
        int stepsPerPlan() {
            try (Driven driven = driven(1)) {
                var plan = driven.learner.plan();
                int horizon = tasks.family().horizon();
                return plan.updates() + plan.seats().stream().mapToInt(s -> s.episodes() * Math.min(s.limit(), horizon)).sum();
            }
        }

        /** Five plans, an evaluation after every second one. */
        MetaTraining training() {
            int steps = stepsPerPlan();
            return MetaTraining.on(tasks).algorithm(algorithm).steps(5L * steps).evaluateEvery(2L * steps).adaptTasks(1).episodes(1)
                .seed(5);
        }

        Case on(TaskSet others) {
            return new Case(algorithm, others);
        }

        @Override
        public String toString() {
            String settings = algorithm.toString();
            return settings.substring(0, Math.min(60, settings.length())) + "… on " + tasks.family().name();
        }
    }

    static Stream<Case> cases() {
        Mql mql = Mql.pointRobot().base(b -> TinyRun.SETTINGS).newTaskUpdates(1).replayUpdates(2);
        var points = Stream.of(TinyRun.SETTINGS, TinyRun.SETTINGS.contextLength(0), mql,
            TinyRun.SETTINGS.contextLength(0).relabeller(Relabeller.advantage(2, 2).halved()),
            mql.relabeller(Relabeller.all().weighted(5)).ratios(new LearnedRatios.Settings(20, 10, null, 1, 1)),
            mql.relabeller(Relabeller.doublyRobust(Hindsight.Form.TIGHT, 5)), SAC, PEARL,
            PEARL.withLearnedTemperature().withNextObservation().posteriorInContext(false), MCAT,
            MCAT.choice(Mcat.Choice.ORACLE).selfImitation(SelfImitation.fiveSteps()), MCAT.transfer(false), DISTRAL,
            PEARL.relabeller(Relabeller.all().weighted(5)).ratios(new LearnedRatios.Settings(20, 10, null, 1, 1)),
            PEARL.relabeller(Relabeller.advantage(2, 2).halved()), DISTRAL.form(Distral.Form.MTRL).adjustsTemperature(true),
            MCAT.transfer(false).selfImitation(SelfImitation.off()).model(m -> m.contextSize(0)), HIP,
            HIP.latentSize(0).probabilistic(true).conditioned(true).wholeBatch(true).withFittedEmbedding(), RL2.episodesPerTrial(2), SNAIL,
            MAML,
            MAML.outer(Maml.Outer.ADAM).innerSteps(2), MAML.inner(InnerObjective.DICE), PROMP,
            PROMP.inner(InnerObjective.DICE).innerSteps(2), new Outsiders.CrossEntropy(4, 2), new Outsiders.Fitting(4, 0.1),
            new Outsiders.Explorer(0.1));
        return Stream.concat(points.map(a -> new Case(a, POINTS)),
            Stream.of(new Case(RL2.episodesPerTrial(5), ARMS),
                new Case(SNAIL.episodesPerTrial(5).form(Snail.Form.ONE_LOOK).depth(0), ARMS),
                new Case(RL2.pictureFilters(2).pictureFeatures(5), PICTURES),
                new Case(SNAIL.pictureFilters(2).pictureFeatures(5), PICTURES),
                new Case(TabularQ.goalGrid(), ROOMS),
                new Case(TabularQ.goalGrid().capacity(50).relabeller(Relabeller.paid().weighted(5)).ratios(TabularQ.Ratios.COUNTED), GRIDS),
                new Case(TabularQ.goalGrid().relabeller(Relabeller.random(1).halved()), ARMS),
                new Case(TabularDistral.twoRooms().episodesPerRound(2), ROOMS), new Case(TabularDistral.twoRooms(), ARMS),
                new Case(MAML, ARMS), new Case(PROMP, ARMS), new Case(GRBAL.rewards(GrBal.Rewards.LEARNED).replayCapacity(90), POINTS),
                new Case(GRBAL.innerSteps(2).layers(1), PENDULUMS),
                new Case(GRBAL.innerRate(0).planner(Planner.randomShooting(5, 2)), PENDULUMS),
                new Case(REBAL.rewards(GrBal.Rewards.LEARNED).replayCapacity(90), POINTS), new Case(REBAL, PENDULUMS)));
    }

    @Test
    void everyAlgorithmThatShipsIsTested() throws IOException {
        try (var in = Algorithms.class.getResourceAsStream("/metarl/algorithms")) {
            var shipped = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(l -> !l.isBlank())
                .collect(Collectors.toSet());
            shipped.removeAll(cases().map(c -> c.algorithm.getClass().getName()).toList());
            assertEquals(Collections.emptySet(), shipped, "ships without an example in cases()");
        }
        for (Case c : cases().toList())
            if (c.algorithm.choosesDiscretely())
                assertTrue(cases().anyMatch(o -> o.algorithm.getClass() == c.algorithm.getClass() && o.tasks == ARMS),
                    c + ": also on arms");
    }

    private static String without(String spaces, String text) {
        return text.replaceAll(spaces, "");
    }

    @Test
    void theMethodOnTheContractsPageIsShortAndLearns() throws IOException {
        String page = Files.readString(Path.of("src/main/java/metarl/agent/package-info.java"));
        String shown = page.substring(page.indexOf("{@code\n") + 7, page.indexOf("\n * }</pre>"));
        assertTrue(shown.lines().count() <= 40, shown.lines().count() + " lines");
        String tested = Files.readString(Path.of("src/test/java/metarl/train/Outsiders.java"));
        assertTrue(without("\\s", tested).contains(without("(?m)^ \\*|\\s", shown)), "Outsiders.CrossEntropy is not what the page shows");
        var family = PointRobot.dense();
        var tasks = TaskSet.of(List.of(family.task(0.5, 0.5), family.task(0.7, 0.3)), List.of(family.task(0.6, 0.4)));
        MetaTraining training = MetaTraining.on(tasks).algorithm(new Outsiders.CrossEntropy(20, 5)).adaptTasks(0).episodes(20).seed(1);
        double still = Rollout.of(Policy.zero(2), Collections.nCopies(20, tasks.test().get(0)), RandomStream.of(1, "still")).stream()
            .mapToDouble(Trajectory::measure).average().orElseThrow();
        try (MetaRun run = training.steps(20_000).evaluateEvery(20_000).run()) {
            double learned = run.lastEvaluation().meanMeasureBefore();
            assertTrue(still > 0.6 && learned < 0.2, "mean final distance " + learned + ", of a point that stands still " + still);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void stoppedBetweenAnyTwoCallsItGoesOnBitForBit(Case c) throws IOException {
        var saved = new ArrayList<Driven.Saved>();
        var checksums = new ArrayList<Map<String, String>>();
        try (Driven straight = c.driven(1)) {
            for (int call = 0; call <= CALLS + MORE; call++) {
                saved.add(straight.saved());
                checksums.add(straight.checksums());
                straight.advance();
            }
        }
        assertNotEquals(checksums.get(0), checksums.get(CALLS), "nothing is learned");
        for (int call = 0; call <= CALLS; call++)
            try (Driven resumed = c.driven(2)) {
                // whatever it has lived through itself must be forgotten
                resumed.advance(call % 3);
                resumed.load(saved.get(call));
                assertEquals(checksums.get(call), resumed.checksums(), "loaded after " + call + " calls");
                resumed.advance(MORE);
                assertEquals(checksums.get(call + MORE), resumed.checksums(), "resumed after " + call + " calls");
            }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aPlanIsTheSameWhenItIsAskedAgainAndChangesNothing(Case c) {
        try (Driven driven = c.driven(1)) {
            for (int call = 0; call < CALLS; call++, driven.advance()) {
                if (!driven.plans()) continue;
                var before = driven.checksums();
                var plan = driven.learner.plan();
                var again = driven.learner.plan();
                assertEquals(plan.updates(), again.updates());
                var random = RandomStream.of(3, "plan");
                var one = Rollout.of(plan, c.tasks.train(), random).stream().map(t -> told(t.episodes())).toList();
                assertEquals(one, Rollout.of(again, c.tasks.train(), random).stream().map(t -> told(t.episodes())).toList());
                assertEquals(before, driven.checksums(), "after " + call + " calls");
            }
        }
    }

    /** Tasks, actions and rewards as text. */
    private static String told(List<Trajectory> episodes) {
        var text = new StringBuilder();
        for (Trajectory e : episodes) {
            text.append(e.task());
            for (int t = 0; t < e.length(); t++) text.append(Arrays.toString(e.action(t))).append(e.step(t).reward());
        }
        return text.toString();
    }

    static String acting(Case c, Policy policy) {
        return told(Rollout.of(policy, c.tasks.test(), RandomStream.of(4, "acting")));
    }

    private static String adapted(Case c, Adaptation made) {
        try (Adaptation adaptation = made) {
            assertTrue(adaptation.summary().rowCount() > 0 && !adaptation.sentence().isEmpty());
            return acting(c, adaptation.policy()) + adaptation.losses() + adaptation.evidence().numbers();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void adaptingChangesNothingAndIsTheSameForTheSameStream(Case c) {
        try (Driven driven = c.driven(1)) {
            driven.advance(CALLS);
            Learner learner = driven.learner;
            var before = driven.checksums();
            int arrays = Resources.arrays(learner);
            List<Trajectory> shots = Rollout.of(learner.policy(), Collections.nCopies(2, c.tasks.test().get(0)),
                RandomStream.of(2, "shots"));
            var rounds = List.of(shots.subList(0, 1), shots.subList(1, 2));
            String one = adapted(c, learner.adapt(shots, random())), inRounds = adapted(c, learner.adaptInRounds(rounds, random()));
            assertEquals(one, adapted(c, learner.adapt(shots, random())));
            assertEquals(inRounds, adapted(c, learner.adaptInRounds(rounds, random())));
            adapted(c, learner.adapt(List.of(), random()));
            try {
                assertEquals(one, adapted(c, learner.adaptingBy(c.algorithm).adapt(shots, random())), "by the same settings");
            } catch (IllegalArgumentException e) {
                assertTrue(e.getMessage().contains("does not adapt"), e.getMessage());
            }
            assertEquals(before, driven.checksums());
            assertEquals(arrays, Resources.arrays(learner));
        }
    }

    private static RandomStream random() {
        return RandomStream.of(6, "adaptation");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void oneSeedRepeatsAndTwoDiffer(Case c) {
        try (Driven one = c.driven(1); Driven same = c.driven(1); Driven other = c.driven(2)) {
            assertNotEquals(one.checksums(), other.checksums());
            for (int call = 0; call < CALLS; call++) {
                assertEquals(one.checksums(), same.checksums());
                for (Driven driven : List.of(one, same)) driven.advance();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void savedNetworksActAlike(Case c) throws IOException {
        try (Driven trained = c.driven(1); Driven loaded = c.driven(2)) {
            trained.advance(CALLS);
            loaded.advance(2);
            assertNotEquals(trained.checksums(), loaded.checksums());
            loaded.loadNetworks(trained);
            assertEquals(acting(c, trained.learner.policy()), acting(c, loaded.learner.policy()));
            loaded.advance(MORE);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void memoryStaysFlat(Case c) {
        int calls = 24;
        try (Driven driven = c.driven(1)) {
            driven.advance(calls);
            int arrays = Resources.arrays(driven.learner);
            long heap = heap();
            driven.advance(calls);
            assertEquals(arrays, Resources.arrays(driven.learner));
            long grown = heap() - heap;
            assertTrue(grown < 2_000_000, "the heap grew by " + grown + " bytes in " + calls + " calls");
        }
    }

    private static long heap() {
        Runtime runtime = Runtime.getRuntime();
        System.gc();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
