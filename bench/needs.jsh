// What MemoryNeed tells against what is taken (Linux): for each setting one round is stored and updates are done; live heap after collections forced every 50 ms, and the peak
// of the resident set beside the heap. The heap must be touched from the start, or its growth would count as memory beside it, and what is freed must go back to the system:
//   MALLOC_MMAP_THRESHOLD_=65536 JDK_JAVA_OPTIONS="-Xms2g -Xmx2g -XX:+AlwaysPreTouch" ./metarl bench needs
import metarl.agent.MemoryNeed;
import java.lang.management.ManagementFactory;

long status(String key) throws Exception {
    return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(l -> l.startsWith(key)).findFirst().map(l -> 1024 * Long.parseLong(l.replaceAll("\\D", ""))).orElse(0L);
}

long live() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
}

Trajectory episode(Task task, Problem p, int steps, RandomStream random) {
    var episode = new Trajectory(task, random.doubles(p.observationSize()).toArray());
    for (int t = 0; t < steps; t++)
        episode.add(p.discrete() ? new double[] {random.nextInt(p.actionSize())} : random.doubles(p.actionSize(), -1, 1).toArray(),
            new Step(random.doubles(p.observationSize()).toArray(), random.nextDouble(), false, t == steps - 1, new double[p.outcomeSize()]));
    return episode;
}

double worst = 1;

void compare(String name, Algorithm algorithm, Problem p) throws Exception {
    MemoryNeed need = algorithm.memory(p);
    var random = RandomStream.of(1, "needs");
    var task = PointRobot.dense().task(0, 0);
    long heapBefore = live();
    Files.writeString(Path.of("/proc/self/clear_refs"), "5");
    long before = status("VmRSS");
    long[] peak = {0};
    var running = new java.util.concurrent.atomic.AtomicBoolean(true);
    var sampler = new Thread(() -> {
        while (running.get()) {
            peak[0] = Math.max(peak[0], live());
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                return;
            }
        }
    });
    sampler.start();
    try (var learner = algorithm.learner(p, 1)) {
        int done = 0;
        for (int round = 0; round < 40 && done < 2; round++) {
            var trials = new ArrayList<Trial>();
            for (var seat : learner.plan().seats()) trials.add(new Trial(seat, Stream.generate(() -> episode(task, p, p.horizon(), random)).limit(seat.episodes()).toList()));
            peak[0] = Math.max(peak[0], live());
            learner.store(trials);
            trials = null;
            for (; learner.isDue() && done < 2; done++) {
                learner.update();
                peak[0] = Math.max(peak[0], live());
            }
            if (learner.isDue()) break;
        }
    } finally {
        running.set(false);
        sampler.join();
    }
    long heap = peak[0] - heapBefore, beside = status("VmHWM") - before;
    double ratio = (double) need.bytes() / (heap + beside);
    // the first use also loads the library
    if (!name.startsWith("first use")) worst = Math.max(worst, Math.max(ratio, 1 / ratio));
    System.out.println(String.format(Locale.ROOT, "%-34s told %6.0f MB heap %6.0f MB beside, taken %6.0f and %6.0f MB: told/taken %.2f, heap %.2f, beside %.2f", name, need.heap() / 1e6, need.beside() / 1e6,
        heap / 1e6, beside / 1e6, ratio, (double) need.heap() / heap, (double) need.beside() / beside));
}

var cheetah = new Problem(40, 20, 6, 2, false, 200);
compare("first use of the library", Td3.withContext().randomSteps(0).replayCapacity(1000).updatesPerStep(1), cheetah);
compare("TD3, large batches", Td3.defaults().randomSteps(0).hidden(300).batchSize(16_000).replayCapacity(20_000), cheetah);
compare("TD3-context, long windows", Td3.withContext().randomSteps(0).contextLength(2_000).replayCapacity(20_000), cheetah);
compare("TD3-context, wide context", Td3.withContext().randomSteps(0).contextLength(400).contextSize(120).replayCapacity(20_000), cheetah);
compare("TD3, wide networks", Td3.defaults().randomSteps(0).hidden(2_000).replayCapacity(20_000), cheetah);
compare("MQL, large replay", Mql.defaults().randomSteps(0).base(b -> b.replayCapacity(2_000_000)), cheetah);
var mcat = Mcat.small().base(b -> b.randomSteps(200).episodesPerRound(40).replayCapacity(20_000));
compare("MCAT, large replay", mcat.base(b -> b.replayCapacity(2_000_000)), cheetah);
compare("MCAT, long histories", mcat.model(m -> m.history(2_000)), cheetah);
// the second update is TD3's
compare("MCAT, long histories of TD3", mcat.withoutTransfer().modelUpdates(1).base(b -> b.updatesPerStep(1)).model(m -> m.history(2_000).batchSize(8)), cheetah);
compare("MCAT, many segments", mcat.model(m -> m.batchSize(4_000).stepsDrawn(10)), cheetah);
compare("MCAT, large batches of TD3", mcat.withoutTransfer().base(b -> b.batchSize(16_000)).model(m -> m.contextSize(0)), cheetah);
var hip = HipBmdp.small().base(b -> b.randomSteps(200).episodesPerRound(40).replayCapacity(20_000));
compare("HiP-BMDP, large replay", hip.base(b -> b.replayCapacity(2_000_000)), cheetah);
compare("HiP-BMDP, large batches", hip.base(b -> b.batchSize(16_000)), cheetah);
compare("HiP-BMDP, as published, large batches", HipBmdp.published().base(b -> b.randomSteps(200).episodesPerRound(40).replayCapacity(20_000).batchSize(4_000)), cheetah);
compare("RL2, bandit, 250 000 steps", Rl2.released("bandit", 100).hidden(64), new Problem(100, 1, 5, 2, true, 1));
compare("RL2, cheetah", Rl2.locomotion(2), cheetah);
compare("RL2, processes", Rl2.tabular(50), new Problem(100, 10, 5, 4, true, 10));
compare("SNAIL, bandit", Snail.published(1, 100).trialsPerUpdate(512).trialsPerBatch(128).epochs(1), new Problem(100, 1, 5, 2, true, 1));
compare("SNAIL, cheetah", Snail.locomotion(2).trialsPerUpdate(50).epochs(1), cheetah);
compare("SNAIL, long trials, shallow", Snail.tabular(100).trialsPerUpdate(64).trialsPerBatch(32).epochs(1), new Problem(100, 10, 5, 4, true, 10));
compare("SNAIL, mazes", Snail.maze(2).trialsPerUpdate(32).trialsPerBatch(16).epochs(1), new Problem(100, 20, 4, 4, true, 250));
compare("MAML, cheetah", Maml.locomotion().tasksPerUpdate(4).episodesPerTask(10), cheetah);
compare("MAML, three inner steps", Maml.locomotion().tasksPerUpdate(4).episodesPerTask(4).innerSteps(3), cheetah);
compare("MAML, navigation", Maml.navigation().tasksPerUpdate(10), new Problem(40, 2, 2, 4, false, 100));
compare("MAML, first order, Adam", Maml.locomotion().tasksPerUpdate(4).firstOrder(true).outer(Maml.Outer.ADAM), cheetah);
compare("Distral, five tasks", Distral.pointRobot().base(b -> b.hidden(300).batchSize(2_000).randomSteps(0).replayCapacity(20_000).episodesPerRound(5)), new Problem(5, 20, 6, 2, false, 200));
// a reward that is foretold, because the steps here are of no family; a small planner, because nobody acts here
var planner = Planner.randomShooting(10, 2);
var grBal = GrBal.cheetah().rewards(GrBal.Rewards.LEARNED).planner(planner).replayCapacity(4_000).episodesPerRound(20);
compare("GrBAL, cheetah, many runs", grBal.runsPerUpdate(400), cheetah);
compare("GrBAL, as released, many runs", grBal.hidden(512).layers(3).runsPerUpdate(100), cheetah);
compare("no adaptation, large replay", grBal.innerRate(0).replayCapacity(400_000).episodesPerRound(2_000), cheetah);
var reBal = ReBal.released().rewards(GrBal.Rewards.LEARNED).planner(planner).replayCapacity(4_000).episodesPerRound(20);
compare("ReBAL, as released, many runs", reBal.runsPerUpdate(200), cheetah);
compare("ProMP, cheetah", ProMp.released("cheetah-dir").tasksPerUpdate(4).episodesPerTask(10), cheetah);
compare("ProMP, two inner steps", ProMp.released("cheetah-dir").tasksPerUpdate(4).episodesPerTask(5).innerSteps(2), cheetah);
compare("ProMP, corner, DiCE", ProMp.corner().inner(InnerObjective.DICE), new Problem(4, 2, 2, 4, false, 100));
System.out.println(String.format(Locale.ROOT, "worst ratio %.2f, expected at most 2", worst));
if (worst > 2) throw new IllegalStateException("the estimate is off by more than a factor of 2");
