package metarl.agent.value;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import metarl.agent.Learner;
import metarl.agent.Plan;
import metarl.agent.Problem;
import metarl.agent.hindsight.Hindsight;
import metarl.agent.hindsight.Relabeller;
import metarl.basics.RandomStream;
import metarl.nn.Parameters;
import metarl.nn.Rows;
import metarl.task.Task;
import metarl.task.TaskSet;
import metarl.task.families.Point;
import metarl.train.Rollout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tasks with networks of their own that learn from each other's episodes. */
class DistralHindsightTest {
    private static final List<Task> TASKS = TaskSet.published("drat/point-sign").train();
    private static final Problem PROBLEM = Problem.of(TASKS);
    private static final Distral TINY = Distral.published(0, 20)
        .base(b -> b.hidden(8).batchSize(4).randomSteps(160).updatesPerStep(0.2).episodesPerRound(8).replayCapacity(8_000));

    private static List<Map<String, Double>> train(Learner learner, int rounds) {
        var losses = new ArrayList<Map<String, Double>>();
        for (int round = 0; round < rounds; round++) {
            learner.store(Rollout.of(learner.plan(), TASKS, RandomStream.of(round, "collection")));
            while (learner.isDue()) losses.add(learner.update());
        }
        return losses;
    }

    /** Bit for bit, but for what is told of relabelling. */
    @Test
    void aRuleThatChoosesNobodyChangesNothing() {
        try (var alone = TINY.learner(PROBLEM, 1); var asked = TINY.relabeller(new Relabeller.Paid(1e9)).learner(PROBLEM, 1)) {
            List<Map<String, Double>> losses = train(alone, 4), same = new ArrayList<>();
            for (Map<String, Double> loss : train(asked, 4)) {
                assertEquals(0, loss.get("foreignTasks"));
                var rest = new LinkedHashMap<>(loss);
                rest.keySet().removeAll(List.of("foreignTasks", "unfittedPairs"));
                same.add(rest);
            }
            assertTrue(losses.size() >= 12, losses.size() + "");
            assertEquals(losses, same);
        }
    }

    static List<Relabeller> rules() {
        return List.of(Relabeller.all(), Relabeller.paid().halved(), Relabeller.advantage(2, 7),
            Relabeller.doublyRobust(Hindsight.Form.ONES, 5).weighted(5), Relabeller.doublyRobust(Hindsight.Form.TIGHT_INTERVAL, 5),
            Relabeller.inverse(2, 7, 20));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void everyRuleMakesAsManyUpdatesAsNone(Relabeller rule) {
        try (var alone = TINY.learner(PROBLEM, 1);
            var learner = (DistralLearner) TINY.relabeller(rule).learner(PROBLEM, 1)) {
            assertEquals(train(alone, 4).size(), train(learner, 4).size());
            assertTrue(learner.schedule().replay().size() >= 4 * 8 * 20);
            if (rule.equals(Relabeller.all())) assertEquals(8 * 4 * 8 * 20, learner.schedule().replay().size());
        }
    }

    /** min Q of a task is what its own two critics say, wherever it stands among the others. */
    @Test
    void worthIsThatOfTheTasksOwnCritics() {
        var pieces = SoftActorCritic.of(2, 2, 0.9, 5, 5);
        var networks = new DistralNetworks(pieces, 3, Distral.Form.PAPER, 0);
        var random = RandomStream.of(3, "networks");
        double[][] states = {{0.1, 0.2}, {-0.4, 0.9}}, actions = {{1, 0}, {-0.3, 0.3}};
        try (var critics = new Parameters(networks.criticSections(), random);
            NDManager scope = critics.manager().newSubManager()) {
            NDArray s = Rows.array(new float[] {0.1f, 0.2f, -0.4f, 0.9f}, 2, scope),
                a = Rows.array(new float[] {1, 0, -0.3f, 0.3f}, 2, scope);
            for (int task = 0; task < 3; task++) {
                double[] expected = new double[2], larger = new double[2];
                NDArray first = alone(pieces, critics, SoftActorCritic.FIRST, task, s.concat(a, 1)),
                    second = alone(pieces, critics, SoftActorCritic.SECOND, task, s.concat(a, 1));
                for (int i = 0; i < 2; i++) {
                    double one = first.toFloatArray()[i], other = second.toFloatArray()[i];
                    expected[i] = Math.min(one, other);
                    larger[i] = Math.max(one, other);
                }
                assertArrayEquals(expected, networks.worth(task, states, actions, critics, Twin.SMALLER), 1e-6);
                assertArrayEquals(larger, networks.worth(task, states, actions, critics, Twin.LARGER), 1e-6);
            }
        }
    }

    private static NDArray alone(SoftActorCritic one, Parameters critics, String section, int task, NDArray rows) {
        var own = new ai.djl.ndarray.NDList();
        for (NDArray each : critics.section(section)) own.add(each.get(task));
        for (int i = 1; i < own.size(); i += 2) own.set(i, own.get(i).reshape(-1));
        return one.critic().forward(rows, own);
    }

    /** Where all move alike, eight tasks with two different goals between them learn sooner by what pays each other. */
    @Test
    void whatPaysOthersIsLearntSooner() {
        var alike = List.of(Point.turnedSparse().task(0.8, 0), Point.turnedSparse().task(-2.3, 0), Point.turnedSparse().task(0.8, 0),
            Point.turnedSparse().task(-2.3, 0), Point.turnedSparse().task(0.8, 0), Point.turnedSparse().task(-2.3, 0));
        Distral alone = TINY.base(b -> b.hidden(32).learningRate(3e-3).discount(0.9).targetRate(0.02).batchSize(16).updatesPerStep(0.5)
            .episodesPerRound(6).randomSteps(240));
        double less = 0, more = 0;
        for (long seed = 1; seed <= 3; seed++) {
            less += earned(alone, alike, seed) / 3;
            more += earned(alone.relabeller(Relabeller.paid()), alike, seed) / 3;
        }
        assertTrue(more > less + 1, more + " with others' episodes, " + less + " without");
    }

    private static double earned(Distral settings, List<Task> tasks, long seed) {
        try (var learner = settings.learner(Problem.of(tasks), seed)) {
            for (int round = 0; round < 30; round++) {
                learner.store(Rollout.of(learner.plan(), tasks, RandomStream.of(seed, "round " + round)));
                while (learner.isDue()) learner.update();
            }
            double sum = 0;
            for (int task = 0; task < tasks.size(); task++) {
                var plan = new Plan(List.of(new Plan.Seat(task, learner.policy(), 1, Integer.MAX_VALUE, "")), 0);
                sum += Rollout.of(plan, tasks, RandomStream.of(seed, "test")).get(0).totalReward();
            }
            return sum / tasks.size();
        }
    }
}
