package metarl.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.agent.classical.BanditAgents;
import metarl.agent.classical.GittinsIndex;
import metarl.agent.classical.TabularAgents;
import metarl.agent.classical.TabularPrior;
import metarl.agent.classical.Trials;
import metarl.agent.gradient.Maml;
import metarl.agent.gradient.ProMp;
import metarl.agent.gradient.Rl2;
import metarl.agent.gradient.Snail;
import metarl.agent.model.GrBal;
import metarl.agent.model.ReBal;
import metarl.agent.value.Distral;
import metarl.agent.value.HipBmdp;
import metarl.agent.value.Mcat;
import metarl.agent.value.Mql;
import metarl.agent.value.Pearl;
import metarl.agent.value.Sac;
import metarl.agent.value.Td3;
import metarl.basics.RandomStream;
import metarl.data.MetaReplay;
import metarl.data.ReplayBuffer;
import metarl.diagnose.bandit.Grading;
import metarl.diagnose.sequential.TabularPair;
import metarl.env.Space;
import metarl.env.world.TabularMdpEnvironment;
import metarl.nn.Gru;
import metarl.nn.Mlp;
import metarl.notebook.Animation;
import metarl.task.Parameter;
import metarl.task.TaskSet;
import metarl.task.families.Bandit;
import metarl.task.families.HalfCheetah;
import metarl.task.families.Maze;
import metarl.task.families.PointRobot;
import metarl.task.families.RandomMdp;
import metarl.train.MetaTraining;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Settings tell their memory before it is taken, and sizes are sentences instead of errors. */
class MemoryNeedTest {
    private static final long GB = 1_000_000_000;
    private static final Problem CHEETAH = new Problem(40, 20, 6, 2, false, 200);
    private static final MemoryNeed.Limits LAPTOP = new MemoryNeed.Limits(4 * GB, 16 * GB, 12 * GB);

    @Test
    void aContextOfAMillionStepsIsRefusedWithTheFigureTheSettingAndAValueThatFits() {
        MemoryNeed need = Mql.defaults().contextLength(1_000_000).memory(CHEETAH);
        String message = assertThrows(IllegalArgumentException.class, () -> need.require(LAPTOP)).getMessage();
        assertTrue(message.matches(
            "MQL with these settings takes about \\d+ GB at the peak \\(\\d+ GB on the Java heap\\), \\d+ GB of it for: "
                + "batch and its passes "
                + "\\(contextLength 1,000,000 × batchSize 256\\)\\. There are 4\\.0 GB of Java heap \\(-Xmx\\)\\. "
                + "contextLength [\\d,]+ fits\\."),
            message);
        int fits = Integer.parseInt(message.replaceAll(".*contextLength ([\\d,]+) fits\\.", "$1").replace(",", ""));
        assertTrue(fits > 10_000 && fits < 200_000, message);
        assertEquals(List.of(), Mql.defaults().contextLength(fits).memory(CHEETAH).require(LAPTOP).warnings(LAPTOP));
        assertEquals(1, Mql.defaults().contextLength(2 * fits).memory(CHEETAH).warnings(LAPTOP).size());
    }

    @Test
    void theReplayTheNetworksAndTheEpisodesAreTold() {
        // 1,000,000 transitions of 2 · 20 + 6 + 2 + 3 numbers of 4 bytes
        MemoryNeed.Part replay = Td3.defaults().replayCapacity(1_000_000).memory(CHEETAH).parts().get(1);
        assertEquals(204_000_000, replay.heap());
        assertEquals("replayCapacity", replay.setting());
        assertTrue(refused(Td3.defaults().replayCapacity(100_000_000).memory(CHEETAH)).contains("replay (replayCapacity 100,000,000)"));
        assertTrue(refused(Td3.defaults().hidden(20_000).memory(CHEETAH)).contains("(hidden 20,000)"));
        assertTrue(refused(Td3.defaults().batchSize(1_000_000).memory(CHEETAH)).contains("(batchSize 1,000,000)"));
        assertEquals(204_000_000, Sac.defaults().memory(CHEETAH).parts().get(1).heap());
        assertTrue(refused(Sac.defaults().hidden(20_000).memory(CHEETAH)).contains("(hidden 20,000)"));
        assertTrue(refused(Sac.defaults().batchSize(1_000_000).memory(CHEETAH)).contains("(batchSize 1,000,000)"));
        assertTrue(refused(Distral.published(0.5, 10).base(b -> b.hidden(5_000)).memory(CHEETAH)).contains("(hidden 5,000)"));
        assertTrue(refused(Distral.published(0.5, 10).base(b -> b.batchSize(100_000)).memory(CHEETAH)).contains("(batchSize 100,000)"));
        // the replay, 8 bytes of returns for each transition, and a tree of 2²⁰ leaves
        assertEquals(204_000_000 + 8_000_000 + 32 * (1 << 20), part(Mcat.small().base(b -> b.replayCapacity(1_000_000)), "replay").heap());
        assertEquals(204_000_000, part(Mcat.small().base(b -> b.replayCapacity(1_000_000)).withoutSelfImitation(), "replay").heap());
        assertTrue(refused(Mcat.small().base(b -> b.hidden(20_000)).memory(CHEETAH)).contains("(hidden 20,000)"));
        assertTrue(refused(Mcat.small().base(b -> b.batchSize(1_000_000)).memory(CHEETAH)).contains("(batchSize 1,000,000)"));
        assertTrue(refused(Mcat.small().model(m -> m.history(100_000)).memory(CHEETAH)).contains("(history 100,000)"));
        assertEquals(204_000_000, part(HipBmdp.published(), "replay").heap());
        assertTrue(refused(HipBmdp.small().base(b -> b.hidden(20_000)).memory(CHEETAH)).contains("(hidden 20,000)"));
        assertTrue(refused(HipBmdp.small().base(b -> b.batchSize(1_000_000)).memory(CHEETAH)).contains("(batchSize 1,000,000)"));
        assertEquals(204_000_000, Pearl.defaults().replayCapacity(1_000_000).memory(CHEETAH).parts().get(1).heap());
        assertTrue(refused(Pearl.defaults().hidden(20_000).memory(CHEETAH)).contains("(hidden 20,000)"));
        assertTrue(refused(Pearl.defaults().batchSize(1_000_000).memory(CHEETAH)).contains("(batchSize 1,000,000)"));
        assertTrue(refused(Pearl.defaults().contextSize(1_000_000).memory(CHEETAH)).contains("(contextSize 1,000,000)"));
        assertTrue(refused(Pearl.defaults().priorSteps(10_000_000).memory(CHEETAH)).contains("(priorSteps 10,000,000)"));
        assertTrue(refused(Rl2.locomotion(2).trialsPerUpdate(1_000_000).memory(CHEETAH)).contains("(trialsPerUpdate 1,000,000)"));
        assertTrue(refused(Snail.locomotion(2).trialsPerUpdate(1_000_000).memory(CHEETAH)).contains("(trialsPerUpdate 1,000,000)"));
        assertTrue(refused(Snail.locomotion(2).filters(20_000).memory(CHEETAH)).contains("(filters 20,000)"));
        assertTrue(refused(Maml.locomotion().tasksPerUpdate(100_000).memory(CHEETAH)).contains("(tasksPerUpdate 100,000)"));
        assertTrue(refused(GrBal.cheetah().runsPerUpdate(100_000).memory(CHEETAH)).contains("(runsPerUpdate 100,000)"));
        assertTrue(refused(GrBal.cheetah().hidden(20_000).memory(CHEETAH)).contains("(hidden 20,000)"));
        assertTrue(refused(GrBal.cheetah().replayCapacity(100_000_000).memory(CHEETAH)).contains("(replayCapacity 100,000,000)"));
        assertTrue(refused(ReBal.released().runsPerUpdate(1_000_000).memory(CHEETAH)).contains("(runsPerUpdate 1,000,000)"));
        assertTrue(refused(Mql.defaults().contextLength(1_000_000_000).base(b -> b.batchSize(1_000_000_000)).memory(CHEETAH))
            .contains("more than 9e18 bytes"));
    }

    private static String refused(MemoryNeed need) {
        String message = assertThrows(IllegalArgumentException.class, () -> need.require(LAPTOP)).getMessage();
        assertTrue(message.contains("fits.") || message.contains("does not fit"), message);
        return message;
    }

    @Test
    void usualSettingsFitAndSayNothing() {
        for (Algorithm usual : List.of(Td3.defaults(), Td3.pointRobot(), Sac.defaults(), Sac.pointRobot(), Distral.pointRobot(),
            Mql.defaults(), Mql.released("cheetah-vel"), Mql.paper("ant-goal"), Mcat.small(), Mcat.published(), HipBmdp.small(),
            HipBmdp.published(), Pearl.defaults(), Pearl.pointRobot(),
            Pearl.sparsePoint(),
            Rl2.locomotion(2), Snail.locomotion(2), Maml.locomotion(),
            Maml.released("cheetah-vel"), GrBal.classical(), GrBal.cheetah(), GrBal.released("cheetah-crippled"),
            GrBal.published("cheetah"), ReBal.classical(), ReBal.released(),
            ProMp.corner(), ProMp.released("cheetah-vel"))) {
            MemoryNeed need = usual.memory(CHEETAH);
            assertEquals(List.of(), need.require(LAPTOP).warnings(LAPTOP), usual.name());
            assertTrue(need.bytes() > 1_000_000 && need.bytes() < 6 * GB, need.toString());
            assertEquals(need.parts().size(), need.summary().rowCount());
        }
        assertTrue(Rl2.released("bandit", 10).memory(new Problem(1000, 1, 10, 2, true, 1)).bytes() < 6 * GB);
    }

    private static MemoryNeed.Part part(Algorithm algorithm, String what) {
        return algorithm.memory(CHEETAH).parts().stream().filter(p -> p.what().equals(what)).findFirst().orElseThrow();
    }

    @Test
    void soManyFitSideBySide() {
        MemoryNeed need = Td3.defaults().replayCapacity(1_000_000).memory(CHEETAH);
        int fit = need.sideBySide(LAPTOP);
        assertEquals(Math.min(4 * GB / need.heap(), (16 * GB - 400_000_000) / need.bytes()), fit);
        assertTrue(fit >= 4 && fit < 20, "" + fit);
        assertEquals(1, Td3.defaults().hidden(20_000).memory(CHEETAH).sideBySide(LAPTOP));
    }

    @Test
    void littleFreeMemoryIsWarnedOf() {
        var busy = new MemoryNeed.Limits(4 * GB, 16 * GB, GB / 4);
        String warning = Mql.defaults().memory(CHEETAH).require(busy).warnings(busy).get(0);
        assertTrue(warning.startsWith("Memory may run short: MQL")
            && warning.contains("Only 250 MB are free now: end other programs, or make replayCapacity smaller."), warning);
    }

    @Test
    void aTrainingCountsItsEvaluationsAndRefusesBeforeItTakesAnything() {
        MetaTraining training = MetaTraining.on(TaskSet.of(HalfCheetah.velocity()).train(4).test(4).sample(1)).algorithm(Mql.defaults())
            .shots(2).episodes(3);
        assertTrue(training.memory().bytes() > Mql.defaults().memory(CHEETAH).bytes());
        assertTrue(training.episodes(1_000_000_000).memory().bytes() > 1000 * GB);
        String message = assertThrows(IllegalArgumentException.class,
            () -> training.algorithm(Mql.defaults().contextLength(10_000_000)).steps(100).run()).getMessage();
        assertTrue(message.contains("(contextLength 10,000,000 × batchSize 256)") && message.contains("fits."), message);
        message = assertThrows(IllegalArgumentException.class, () -> training.episodes(1_000_000_000).steps(100).run()).getMessage();
        assertTrue(message.contains("(episodes 1,000,000,000)"), message);
    }

    static Stream<Arguments> tooLarge() {
        int huge = 1_000_000_000;
        String heap = "of Java memory";
        return Stream.of(
            BadInput.bad("a bandit of a billion arms", () -> Bandit.bernoulli(huge),
                "a bandit of 1000000000 arms would take about 160 GB of Java memory"),
            BadInput.bad("two billion tasks", () -> TaskSet.of(PointRobot.dense()).train(huge).test(huge).sample(1),
                "2,000,000,000 tasks of point-robot-dense would take about 272 GB"),
            BadInput.bad("a billion tasks of a family", () -> HalfCheetah.velocity().sample(huge, RandomStream.of(1, "x")), heap),
            BadInput.bad("fewer than no tasks", () -> PointRobot.sparse().sample(-1, RandomStream.of(1, "x")), "count is -1"),
            BadInput.bad("a large maze", () -> new Maze(100_001, 10), "100,001 × 100,001"),
            BadInput.bad("a maze beyond memory", () -> new Maze(40_001, 10), heap),
            BadInput.bad("a process of many states", () -> new RandomMdp(50_000, 5, 10), "50,000 × 5 × 50,000"),
            BadInput.bad("an endless process", () -> new RandomMdp(10, 5, huge), "1,000,000,000 × 10 × 5"),
            BadInput.bad("a billion parameters", () -> Parameter.group("mass", huge, "kg", 0, 1, Parameter.Changes.DYNAMICS), heap),
            BadInput.bad("a space of a negative size", () -> Space.box(-1, 1), "size is -1"),
            BadInput.bad("an order of fewer than none", () -> RandomStream.of(1, "x").permutation(-1), "n is -1"),
            BadInput.bad("a replay beyond an array", () -> new ReplayBuffer(300, 6, 2, huge),
                "1,000,000,000 × 300 = 300,000,000,000 values"),
            BadInput.bad("a replay beyond memory", () -> new ReplayBuffer(2, 2, 2, huge), heap),
            BadInput.bad("a replay of no tasks", () -> new MetaReplay(0, 2, 2, 2, 100), "tasks is 0"),
            BadInput.bad("windows beyond an array", MemoryNeedTest::hugeWindows,
                "1,000 × 1,000,001 × 5 = 5,000,005,000 values, expected at most 536,870,911"),
            BadInput.bad("a wide network", () -> Mlp.of(3, 50_000, 50_000, 2), "50,000 × 50,000"),
            BadInput.bad("a wide recurrent unit", () -> new Gru(3, 50_000), "3 × 50,000 × 50,000"),
            BadInput.bad("batches beyond an int", () -> Mql.defaults().batchMultiple(huge).base(b -> b.batchSize(huge)).learner(CHEETAH, 1),
                "batchSize"),
            BadInput.bad("pulls beyond an int", () -> GittinsIndex.index(Integer.MAX_VALUE, 5, 5), "is 2147483657, expected at most 1000"),
            BadInput.bad("arms of an agent", () -> BanditAgents.thompson(huge).begin(1, RandomStream.of(1, "x")), heap),
            BadInput.bad("samples of an agent", () -> TabularAgents.opsrl(RandomMdp.published(), TabularPrior.PUBLISHED, Integer.MAX_VALUE),
                "samples is 2147483647"),
            BadInput.bad("a billion trials", () -> Trials.evaluate(Bandit.bernoulli(2), t -> BanditAgents.greedy(2), 1, huge, 1), heap),
            BadInput.bad("no episodes of a release", () -> Rl2.released("bandit", 0), "episodes is 0"),
            BadInput.bad("an endless animation",
                () -> Animation.of(Policy.zero(2), PointRobot.dense().task(0, 0)).seconds(Integer.MAX_VALUE), "seconds(2147483647)"),
            BadInput.bad("an endless pair", () -> TabularPair.threeStates().horizon(Integer.MAX_VALUE), "horizon is 2147483647"),
            BadInput.bad("a large pair", () -> TabularPair.random(1_000_000, 2, 3, 0.5, 1), "make states or actions smaller"),
            BadInput.bad("many trajectories", () -> TabularPair.threeStates().sample(Integer.MAX_VALUE, 1),
                "make their number or the horizon smaller"),
            BadInput.bad("a billion gradings",
                () -> Grading.of(java.util.Map.of("a", log -> null), TabularPair.threeStates(), 10, Integer.MAX_VALUE),
                "make repeats smaller"),
            BadInput.bad("a large picture", () -> Bandit.bernoulli(2).task(0, 1).environment().render(Integer.MAX_VALUE, 10),
                "width is 2147483647"),
            BadInput.bad("a process without states", () -> new TabularMdpEnvironment(new double[1][0][0], 3, (o, a) -> 0), "count is 0"));
    }

    private static void hugeWindows() {
        MetaReplay replay = filled();
        replay.withContext(replay.sample(1_000, RandomStream.of(1, "x")), 1_000_000);
    }

    private static MetaReplay filled() {
        var replay = new MetaReplay(1, 2, 2, 2, 100);
        var task = PointRobot.dense().task(0, 0);
        var trajectory = new metarl.data.Trajectory(task, new double[2]);
        trajectory.add(new double[2], new metarl.env.Step(new double[2], 0, false, true, new double[2]));
        replay.of(0).add(trajectory);
        return replay;
    }

    @ParameterizedTest
    @MethodSource("tooLarge")
    void tooLargeIsASentence(BadInput input) {
        input.isNamed();
    }

    /** The stack of Java would not be deep enough to carve it cell by cell. */
    @Test
    void aLargeMazeIsCarvedAndSolved() {
        var maze = new Maze(301, 10);
        assertTrue(maze.layout(maze.sample(1, RandomStream.of(3, "x")).get(0)).shortestWay() > 0);
    }
}
