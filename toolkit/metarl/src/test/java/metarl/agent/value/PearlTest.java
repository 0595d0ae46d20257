package metarl.agent.value;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import metarl.agent.Adaptation;
import metarl.agent.Belief;
import metarl.agent.DivergedException;
import metarl.agent.LatentGaussian;
import metarl.agent.Plan;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.agent.Seated;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;
import metarl.env.Environment;
import metarl.env.Step;
import metarl.env.world.Dynamics;
import metarl.task.Family;
import metarl.task.Task;
import metarl.task.TaskFamily;
import metarl.task.families.PointRobot;
import org.junit.jupiter.api.Test;

/** Whose turn it is, what is kept, and what is believed of a new task. */
class PearlTest {
    private static final int HORIZON = 20;
    private static final List<Task> GOALS = List.of(PointRobot.sparse().task(1, 0), PointRobot.sparse().task(-1, 0),
        PointRobot.sparse().task(0, 1));
    private static final Problem PROBLEM = new Problem(3, 2, 2, 4, false, HORIZON, GOALS);
    private static final Pearl TINY = Pearl.released("sparse-point").latentSize(2).hidden(4).encoderHidden(4).layers(1).batchSize(4)
        .contextSize(6).tasksPerUpdate(2).tasksPerIteration(2).initialSteps(20).priorSteps(40).posteriorSteps(30).updatesPerIteration(3)
        .priorEpisodes(1).replayCapacity(600);

    /** An episode of this policy in a train task, or in a new one. */
    private static Trajectory episode(Policy policy, Task task, int number, RandomStream random) {
        try (Environment environment = task.environment();
            Policy.Actor actor = policy.start(new int[] {number}, RandomStream.resume(random.nextLong()))) {
            double[] observation = environment.reset(random);
            var episode = new Trajectory(task, observation);
            for (Step step = null; step == null || !step.last(); observation = step.observation()) {
                double[] action = actor.act(new double[][] {observation})[0];
                step = environment.step(action);
                actor.received(new double[][] {action}, new Step[] {step});
                episode.add(action, step);
            }
            return episode;
        }
    }

    private static Trajectory episode(Policy policy, Task task, RandomStream random) {
        return episode(policy, task, Policy.UNKNOWN, random);
    }

    /** Collects one plan, as its seats say, and returns what was collected. */
    private static List<Trajectory> collect(PearlLearner learner, List<Task> tasks, RandomStream random) {
        Plan plan = learner.plan();
        var episodes = plan.seats().stream().map(s -> episode(s.policy(), tasks.get(s.task()), s.task(), random)).toList();
        learner.store(Seated.of(Seated.tasks(plan), 1, episodes));
        return episodes;
    }

    private static PearlLearner learner(Pearl settings) {
        return (PearlLearner) settings.learner(PROBLEM, 1);
    }

    private static String purpose(PearlLearner learner) {
        var purposes = new TreeSet<String>();
        learner.plan().seats().forEach(s -> purposes.add(s.purpose()));
        assertEquals(1, purposes.size());
        return purposes.first();
    }

    @Test
    void aHeldStartKeepsOneActionPerEpisodeAndEndsWithTheFirstPhase() {
        try (var learner = learner(TINY.heldStart(true))) {
            var random = RandomStream.of(2, "episodes");
            var first = new ArrayList<Double>();
            while (purpose(learner).equals("initial"))
                for (Trajectory episode : collect(learner, GOALS, random)) {
                    first.add(episode.action(0)[0]);
                    for (int t = 1; t < episode.length(); t++) assertArrayEquals(episode.action(0), episode.action(t));
                }
            assertEquals(first.size(), first.stream().distinct().count(), "another action in every episode");
            assertTrue(first.stream().allMatch(a -> Math.abs(a) <= 1));
            for (Trajectory episode : collect(learner, GOALS, random))
                assertNotEquals(episode.action(0)[0], episode.action(1)[0], "the policy acts, with noise");
        }
    }

    @Test
    void firstEveryTaskThenAPriorPhaseThenAPosteriorPhaseThenUpdates() {
        try (var learner = learner(TINY)) {
            var random = RandomStream.of(2, "episodes");
            var found = new ArrayList<String>();
            for (int plan = 0; plan < 12; plan++) {
                int[] tasks = Seated.tasks(learner.plan());
                found.add(purpose(learner) + tasks.length);
                assertEquals(tasks.length, IntStream.of(tasks).distinct().count());
                collect(learner, GOALS, random);
                int updates = 0;
                for (; learner.isDue(); updates++) assertTrue(learner.update().values().stream().allMatch(Double::isFinite));
                if (updates > 0) found.add(updates + " updates");
            }
            // of three tasks two have a turn at once; 40 and 30 steps are two episodes of 20
            var iteration = List.of("prior2", "prior2", "posterior2", "posterior2", "3 updates");
            var expected = new ArrayList<>(List.of("initial2", "initial1"));
            for (int i = 0; i < 3; i++) expected.addAll(iteration);
            assertEquals(expected.subList(0, found.size()), found);
        }
    }

    /** All rewards in a replay of a task, the newest first. */
    private static List<Double> rewards(metarl.data.ReplayBuffer buffer) {
        return IntStream.range(0, buffer.size()).mapToObj(i -> buffer.recent(i).reward()).toList();
    }

    @Test
    void theContextIsForgottenBeforeItIsCollectedAnewAndHoldsNoPosteriorData() {
        for (boolean posteriorToo : new boolean[] {false, true})
            try (var learner = learner(TINY.posteriorInContext(posteriorToo))) {
                var random = RandomStream.of(2, "episodes");
                while (purpose(learner).equals("initial")) collect(learner, GOALS, random);
                for (int iteration = 0; iteration < 3; iteration++) {
                    int[] tasks = Seated.tasks(learner.plan());
                    var before = IntStream.of(tasks).mapToObj(t -> learner.schedule().replay().of(t).size()).toList();
                    for (int plan = 0; plan < 4; plan++) {
                        assertEquals(plan < 2 ? "prior" : "posterior", purpose(learner));
                        assertArrayEquals(tasks, Seated.tasks(learner.plan()));
                        collect(learner, GOALS, random);
                        int inContext = plan < 2 || posteriorToo ? plan + 1 : 2;
                        for (int i = 0; i < tasks.length; i++) {
                            assertEquals(inContext * HORIZON, learner.schedule().context().of(tasks[i]).size(), "plan " + plan);
                            assertEquals(before.get(i) + (plan + 1) * HORIZON, learner.schedule().replay().of(tasks[i]).size());
                        }
                    }
                    while (learner.isDue()) learner.update();
                }
            }
    }

    @Test
    void aTaskThatIsDealtTwiceKeepsTheContextOfBothSeats() {
        try (var learner = learner(TINY.tasksPerIteration(5))) {
            var random = RandomStream.of(2, "episodes");
            while (purpose(learner).equals("initial")) collect(learner, GOALS, random);
            int[] tasks = Seated.tasks(learner.plan());
            assertEquals(5, tasks.length);
            for (int plan = 0; plan < 4; plan++) collect(learner, GOALS, random);
            for (int task = 0; task < 3; task++) {
                int number = task, times = (int) IntStream.of(tasks).filter(t -> t == number).count();
                assertEquals(times * 4 * HORIZON, learner.schedule().context().of(task).size());
            }
        }
    }

    /** Episodes that end early are followed by others until the steps are there. */
    @Test
    void aPhaseLastsUntilItsStepsAreThere() {
        try (var learner = learner(TINY)) {
            var random = RandomStream.of(2, "episodes");
            int plans = 0;
            for (; purpose(learner).equals("initial"); plans++) {
                Plan plan = learner.plan();
                var cut = plan.seats().stream().map(s -> {
                    Trajectory whole = episode(s.policy(), GOALS.get(s.task()), s.task(), random);
                    var part = new Trajectory(whole.task(), whole.observation(0));
                    for (int t = 0; t < 7 + s.task(); t++) part.add(whole.action(t), whole.step(t));
                    return part;
                }).toList();
                learner.store(Seated.of(Seated.tasks(plan), 1, cut));
            }
            // 7, 8 and 9 steps at a time of 20 each, two tasks side by side
            assertEquals(6, plans);
            assertEquals(21, learner.schedule().replay().of(0).size());
            assertEquals(27, learner.schedule().replay().of(2).size());
        }
    }

    @Test
    void valuesLearnFromTheDenseRewardAndTheContextHoldsTheSparseOne() {
        for (boolean shaped : new boolean[] {true, false})
            try (var learner = learner(TINY.shaped(shaped))) {
                collect(learner, GOALS, RandomStream.of(2, "episodes"));
                var values = rewards(learner.schedule().replay().of(0));
                assertTrue(values.stream().allMatch(r -> shaped ? r < -0.2 : r == 0), values.toString());
                assertTrue(rewards(learner.schedule().context().of(0)).stream().allMatch(r -> r == 0));
                var step = learner.schedule().replay().of(0).recent(0);
                double distance = Math.hypot(step.outcome()[0] - 1, step.outcome()[1]);
                if (shaped) assertEquals(-distance, step.reward(), 1e-6);
            }
    }

    /** An episode of these actions from the origin. */
    private static Trajectory walk(Task task, double x, double y) {
        return episode(Policy.of(o -> new double[] {x, y}), task, RandomStream.of(1, "walk"));
    }

    @Test
    void theBeliefIsTheProductOfAllFactorsInAnyOrder() {
        Task goal = PointRobot.sparse().task(0.6, 0.8);
        List<Trajectory> shots = List.of(walk(goal, 0.6, 0.8), walk(goal, -1, 0.2), walk(goal, 0, 1));
        try (var learner = learner(TINY); Adaptation one = learner.adapt(shots, RandomStream.of(1, "x"));
            Adaptation turned = learner.adaptInRounds(List.of(List.of(shots.get(2)), shots.subList(0, 2)), RandomStream.of(1, "x"))) {
            Belief belief = one.evidence(Belief.class);
            assertEquals(4, belief.beliefs().size());
            assertEquals(LatentGaussian.standard(2), belief.beliefs().get(0));
            LatentGaussian other = turned.evidence(Belief.class).last();
            for (int j = 0; j < 2; j++) {
                assertEquals(belief.last().mean()[j], other.mean()[j], 1e-9);
                assertEquals(belief.last().variance()[j], other.variance()[j], 1e-12);
                assertTrue(belief.beliefs().get(3).variance()[j] < belief.beliefs().get(2).variance()[j], "more is known");
            }
            assertEquals(Set.of("kl", "spread", "episodes"), belief.numbers().keySet());
            assertEquals(3, belief.number("episodes"));
            assertEquals(belief.last().divergence(), belief.number("kl"));
            assertEquals(6, belief.details().size());
            assertTrue(belief.sentence().startsWith("belief about the task after 3 episodes: mean deviation "), belief.sentence());
            assertTrue(one.chart(null, goal).isPresent());
        }
    }

    @Test
    void thePosteriorIsUsedOnceThereAreEnoughEpisodes() {
        Task goal = PointRobot.sparse().task(0.6, 0.8);
        List<Trajectory> shots = List.of(walk(goal, 0.6, 0.8), walk(goal, -1, 0.2));
        LatentGaussian prior = LatentGaussian.standard(2);
        try (var learner = learner(TINY.priorEpisodes(2)); var soon = learner.adaptingBy(TINY)) {
            var late = learner.adapt(shots, RandomStream.of(1, "x")).evidence(Belief.class).beliefs();
            var early = soon.adapt(shots, RandomStream.of(1, "x")).evidence(Belief.class).beliefs();
            assertEquals(List.of(prior, prior), late.subList(0, 2));
            assertNotEquals(prior, early.get(1));
            assertEquals(early.get(2), late.get(2));
            assertTrue(assertThrows(IllegalArgumentException.class, () -> learner.adaptingBy(TINY.hidden(5))).getMessage()
                .contains("hidden 5"));
            assertTrue(assertThrows(IllegalArgumentException.class, () -> learner.adaptingBy(Sac.defaults())).getMessage()
                .contains("PEARL, not by SAC"));
        }
    }

    @Test
    void episodesDrawZAnewAndOneZCanBeActedBy() {
        Task goal = PointRobot.sparse().task(0.6, 0.8);
        try (var learner = learner(TINY)) {
            float[] values = learner.networks().actor.values();
            for (int i = 0; i < values.length; i++) values[i] = (float) Math.sin(i);
            learner.networks().actor.setValues(values);
            Adaptation made = learner.adapt(List.of(), RandomStream.of(1, "x"));
            Belief belief = made.evidence(Belief.class);
            double[][] start = {{0, 0}};
            var ended = new Step(new double[2], 0, false, true, new double[4]);
            try (var actor = made.policy().start(1, RandomStream.of(3, "z"))) {
                double[] first = actor.act(start)[0];
                assertArrayEquals(first, actor.act(start)[0], "no noise, the same z");
                actor.received(new double[][] {first}, new Step[] {ended});
                assertNotEquals(first[0], actor.act(start)[0][0], "another z");
            }
            List<double[]> draws = belief.draws(0, 3, 5);
            assertArrayEquals(draws.get(2), belief.draws(0, 3, 5).get(2));
            var one = episode(belief.policyFor(draws.get(0)), goal, RandomStream.of(1, "a"));
            var same = episode(belief.policyFor(draws.get(0)), goal, RandomStream.of(2, "b"));
            var other = episode(belief.policyFor(draws.get(1)), goal, RandomStream.of(1, "a"));
            assertArrayEquals(one.observation(HORIZON), same.observation(HORIZON));
            assertNotEquals(one.observation(HORIZON)[0], other.observation(HORIZON)[0]);
            for (var bad : List.<org.junit.jupiter.api.function.Executable>of(() -> belief.policyFor(1),
                () -> belief.policyFor(1, Double.NaN),
                () -> belief.draws(1, 3, 5), () -> belief.draws(0, -1, 5))) {
                String message = assertThrows(IllegalArgumentException.class, bad).getMessage();
                assertTrue(message.contains("expected"), message);
            }
        }
    }

    /** To guess one of two numbers by an action: whoever has been paid once knows which. */
    private static final TaskFamily GUESS = Family.define("guess").parameter("number", "", -1, 1).lasting(2)
        .dynamics(task -> Dynamics.of("said").moving((s, a) -> a)).paying((task, o, a) -> -Math.pow(o[0] - task.value(0), 2))
        .measuring("error", (task, o) -> Math.abs(o[0] - task.value(0)));

    @Test
    void itFindsOutWhichOfTwoNumbersPays() {
        List<Task> numbers = List.of(GUESS.task(0.7), GUESS.task(-0.7));
        Pearl settings = TINY.hidden(16).encoderHidden(16).layers(2).learningRate(5e-3).batchSize(16).contextSize(8).initialSteps(20)
            .priorSteps(10).posteriorSteps(10).updatesPerIteration(50).targetRate(0.05).discount(0).rewardScale(5).klWeight(0.1)
            .posteriorInContext(false).replayCapacity(2_000);
        try (var learner = (PearlLearner) settings.learner(new Problem(2, 1, 1, 1, false, 2, numbers), 3)) {
            var random = RandomStream.of(4, "episodes");
            for (int updates = 0; updates < 700;) {
                collect(learner, numbers, random);
                for (; learner.isDue(); updates++) learner.update();
            }
            double before = 0, after = 0;
            int n = 40;
            for (int i = 0; i < n; i++) {
                Trajectory seen = episode(learner.policy(), numbers.get(i % 2), random);
                try (Adaptation adaptation = learner.adapt(List.of(seen), random)) {
                    before += seen.measure() / n;
                    after += episode(adaptation.policy(), numbers.get(i % 2), random).measure() / n;
                }
            }
            assertTrue(before > 0.5 && after < 0.35, "error " + before + " before, " + after + " after one episode");
        }
    }

    @Test
    void aNetworkOfNaNRefusesToActToBelieveAndToLearn() {
        try (var learner = learner(TINY)) {
            var random = RandomStream.of(2, "episodes");
            while (!learner.isDue()) collect(learner, GOALS, random);
            for (var network : learner.networks().all()) {
                float[] values = network.values();
                Arrays.fill(values, Float.NaN);
                network.setValues(values);
            }
            String acting = assertThrows(DivergedException.class, () -> episode(learner.policy(), GOALS.get(0), random)).getMessage();
            assertTrue(acting.startsWith("the policy gave NaN in output 0"), acting);
            String believing = assertThrows(DivergedException.class, () -> learner.adapt(List.of(walk(GOALS.get(0), 1, 0)), random))
                .getMessage();
            assertTrue(believing.startsWith("what the encoder says became NaN"), believing);
            String learning = assertThrows(DivergedException.class, learner::update).getMessage();
            assertTrue(learning.startsWith("criticLoss became NaN"), learning);
        }
    }

    @Test
    void whatIsReleasedIsNamed() {
        for (String name : List.of("cheetah-vel", "cheetah-dir", "ant-dir", "ant-goal", "humanoid-dir", "walker-params", "point",
            "sparse-point")) assertEquals(300, Pearl.released(name).hidden(), name);
        assertTrue(Pearl.released("walker-params").nextObservation());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Pearl.released("hopper")).getMessage().contains("sparse-point"));
    }
}
