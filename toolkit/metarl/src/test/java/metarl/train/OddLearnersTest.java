package metarl.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import metarl.agent.Adaptation;
import metarl.agent.Algorithm;
import metarl.agent.Learner;
import metarl.agent.LearnerState;
import metarl.agent.Plan;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.agent.Trial;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;
import metarl.task.TaskSet;
import metarl.task.families.PointRobot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A method of one's own that does not keep to the contract is told so, with its name and the call. */
class OddLearnersTest {
    private static final TaskSet POINTS = TaskSet.of(PointRobot.dense()).train(3).test(1).sample(7);

    @TempDir
    private Path folder;

    private static MetaTraining training(Algorithm algorithm) {
        return MetaTraining.on(POINTS).algorithm(algorithm).steps(60).evaluateEvery(40).adaptTasks(1).episodes(1);
    }

    /** Keeps to the contract, and does as little as it can. */
    private static class Plain implements Learner {
        private final double[] numbers = {1};
        private final LearnerState state = LearnerState.of().network("numbers", numbers);

        @Override
        public Policy policy() {
            return Policy.zero(2);
        }

        @Override
        public Plan plan() {
            return Plan.of(policy(), 0, 2);
        }

        @Override
        public void store(List<Trial> trials) {
            numbers[0] += trials.size();
        }

        @Override
        public LearnerState state() {
            return state;
        }
    }

    /** A fault, and what must be said of it. */
    private record Odd(String fault, Supplier<Learner> learners, String told) implements Algorithm {
        @Override
        public String name() {
            return "Odd";
        }

        @Override
        public Learner learner(Problem problem, long seed) {
            return learners.get();
        }

        @Override
        public String toString() {
            return fault;
        }
    }

    /** What run.json keeps of it. */
    private record Numbered(int fault) implements Algorithm {
        @Override
        public String name() {
            return "Odd";
        }

        @Override
        public Learner learner(Problem problem, long seed) {
            return faults().toList().get(fault).learner(problem, seed);
        }
    }

    private static Odd plan(String fault, Supplier<Plan> plan, String told) {
        return new Odd(fault, () -> new Plain() {
            @Override
            public Plan plan() {
                return plan.get();
            }
        }, told);
    }

    private static Odd update(String fault, Supplier<Map<String, Double>> update, String told) {
        return new Odd(fault, () -> new Plain() {
            @Override
            public boolean isDue() {
                return true;
            }

            @Override
            public Map<String, Double> update() {
                return update.get();
            }
        }, told);
    }

    private static Odd acting(String fault, Policy policy, String told) {
        return plan(fault, () -> Plan.of(policy, 1, 2), told);
    }

    private static Odd policy(String fault, Policy policy, int episodesPerTrial, String told) {
        return new Odd(fault, () -> new Plain() {
            @Override
            public Policy policy() {
                return policy;
            }

            @Override
            public Plan plan() {
                return Plan.of(Policy.zero(2), 0);
            }

            @Override
            public int episodesPerTrial() {
                return episodesPerTrial;
            }
        }, told);
    }

    private static Odd state(String fault, Consumer<LearnerState> parts, String told) {
        return new Odd(fault, () -> {
            Learner plain = new Plain();
            parts.accept(plain.state());
            return plain;
        }, told);
    }

    private static double[][] actions(int n, int size) {
        return new double[n][size];
    }

    private static <T> T outside() {
        throw new ArrayIndexOutOfBoundsException("Index 9 out of bounds for length 3");
    }

    private static final String FAILED = " failed with ArrayIndexOutOfBoundsException: Index 9 out of bounds for length 3";

    static Stream<Odd> faults() {
        return Stream.of(new Odd("no learner", () -> null, "Odd: learner(…) gave null, expected a Learner"),
            new Odd("no state", () -> new Plain() {
                @Override
                public LearnerState state() {
                    return null;
                }
            }, "Odd: state() gave null, expected a LearnerState"),
            new Odd("a state that fails", () -> new Plain() {
                @Override
                public LearnerState state() {
                    return outside();
                }
            }, "Odd: state()" + FAILED),
            plan("no plan", () -> null, "Odd: plan() gave null, expected a Plan; Plan.over() ends the training"),
            plan("a plan that fails", OddLearnersTest::outside, "Odd: plan()" + FAILED),
            plan("a task too many", () -> Plan.of(Policy.zero(2), 0, 3),
                "seat 1 of the plan asks for train task 3; there are 3, numbered from 0"),
            plan("no task", () -> Plan.of(Policy.zero(2), -1), "Odd: plan() failed with IllegalArgumentException: task is -1"),
            new Odd("a store that fails", () -> new Plain() {
                @Override
                public void store(List<Trial> trials) {
                    outside();
                }
            }, "Odd: store(…)" + FAILED), new Odd("isDue fails", () -> new Plain() {
                @Override
                public boolean isDue() {
                    return outside();
                }
            }, "Odd: isDue()" + FAILED), update("an update that fails", OddLearnersTest::outside, "Odd: update()" + FAILED),
            update("no losses", () -> null,
                "Odd: update() gave null, expected numbers by their names; Map.of() where there is nothing to log"),
            update("a loss that is null", () -> Collections.singletonMap("loss", null), "Odd: update() gave null, expected numbers"),
            policy("no policy", null, 1, "Odd: policy() gave null, expected a Policy"),
            policy("no episode", Policy.zero(2), 0, "Odd: episodesPerTrial() gave 0, expected at least 1"),
            new Odd("no adaptation", () -> new Plain() {
                @Override
                public Adaptation adapt(List<Trajectory> shots, RandomStream random) {
                    return null;
                }
            }, "Odd: adapt(…) gave null, expected an Adaptation"),
            acting("no actor", (n, random) -> null, "start(…) of the policy gave null, expected an Actor"),
            acting("an actor that fails", (n, random) -> outside(), "the policy" + FAILED),
            acting("no actions", (n, random) -> o -> null, "the policy gave null, expected 2, one per environment"),
            acting("an action too few", (n, random) -> o -> actions(1, 2), "the policy gave 1 actions, expected 2, one per environment"),
            acting("an action that is null", (n, random) -> o -> new double[2][], "the action was refused: it is null"),
            acting("long actions", (n, random) -> o -> actions(2, 3),
                "the policy gave an action that its environment cannot take. point-robot-dense("),
            acting("an act that fails", (n, random) -> o -> outside(), "the policy" + FAILED),
            state("a writer that fails", s -> s.part("memory", out -> outside(), in -> {}), "the part 'memory' cannot be written: "),
            state("a reader that fails", s -> s.part("memory", out -> out.writeInt(1), in -> outside()),
                "the part 'memory' is damaged: Index 9"),
            state("a reader that stops early", s -> s.part("memory", out -> out.writeLong(1), in -> in.readInt()),
                "the part 'memory' is damaged, or is read differently than it was written"),
            state("a reader that reads on", s -> s.part("memory", out -> out.writeInt(1), in -> in.readLong()), "the part 'memory'"),
            state("a reader that asks for much", s -> s.part("memory", out -> out.writeInt(Integer.MAX_VALUE), in -> {
                double[] values = new double[in.readInt()];
                Arrays.fill(values, 1);
            }), "the part 'memory' is damaged, or Java's heap too small: it asks for more memory than there is"),
            state("a reader that keeps nothing", new Consumer<>() {
                private int written;

                @Override
                public void accept(LearnerState s) {
                    s.part("memory", out -> out.writeInt(++written), in -> in.readInt());
                }
            }, "of the state of Odd, these parts do not come back as they were saved: memory"));
    }

    static Stream<Integer> numbers() {
        return Stream.iterate(0, i -> i + 1).limit(faults().count());
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void itsFaultIsToldAndTheLogIsKept(int number) throws Exception {
        Odd odd = faults().toList().get(number);
        String message = assertThrows(RuntimeException.class, () -> training(new Numbered(number)).saveTo(folder).run()).getMessage();
        assertTrue(message.contains(odd.told), odd.fault + ": " + message);
        if (message.startsWith("Ended by an error after")) {
            var kept = new RunFolder(folder);
            assertArrayEquals(TinyRun.log(folder), kept.readLog(kept.read()).csv().getBytes(StandardCharsets.UTF_8));
            assertTrue(message.contains("in " + folder + "; run the cell again to resume"), message);
        }
    }

    @Test
    void aPlanThatIsOverEndsTheTrainingWhateverStepsAreLeft() {
        var counted = new int[1];
        Algorithm threePlans = (problem, seed) -> new Plain() {
            @Override
            public Plan plan() {
                return counted[0] == 2 ? Plan.over() : super.plan();
            }

            @Override
            public void store(List<Trial> trials) {
                counted[0]++;
            }
        };
        try (MetaRun run = training(threePlans).steps(1_000_000).run()) {
            assertEquals(80, run.steps());
            assertEquals(80, run.lastEvaluation().step());
        }
        try (MetaRun run = training(plan("", Plan::over, "")).run()) {
            assertEquals(0, run.steps());
            assertEquals(0, run.lastEvaluation().step());
        }
    }

    @Test
    void whatIsNoRecordTrainsButIsNotSaved() {
        class Mine implements Algorithm {
            @Override
            public Learner learner(Problem problem, long seed) {
                return new Plain();
            }
        }
        Algorithm nameless = new Mine() {};
        Algorithm function = (problem, seed) -> new Plain();
        for (Algorithm algorithm : List.of(new Mine(), nameless, function)) {
            try (MetaRun run = training(algorithm).run()) {
                assertEquals(80, run.steps());
                assertEquals(algorithm instanceof Mine && algorithm != nameless ? "Mine" : "an algorithm without a name", run.name());
            }
            String message = assertThrows(IllegalArgumentException.class, () -> training(algorithm).saveTo(folder.resolve("run")).run())
                .getMessage();
            assertTrue(message.contains("is no record, so that its settings cannot be stored. Write it as a record, such as: "), message);
            assertFalse(Files.exists(folder.resolve("run/run.json")));
        }
    }

    @Test
    void networksOfAnotherMethodAreRefused() {
        try (MetaRun other = training(new Outsiders.CrossEntropy(2, 1)).run()) {
            String message = assertThrows(IllegalArgumentException.class,
                () -> training((problem, seed) -> new Plain()).startFrom(other).run()).getMessage();
            assertTrue(
                message.startsWith("startFrom: the networks of CrossEntropy do not fit here: it holds the part 'mean' where 'numbers' is "
                    + "expected. Start from a run of the same algorithm"),
                message);
        }
    }

    @Test
    void partsOfOneNameAreRefused() {
        assertTrue(assertThrows(IllegalArgumentException.class,
            () -> LearnerState.of().numbers("a", new double[1]).stream("a", RandomStream.of(1, "x"))).getMessage()
            .contains("a part named 'a' is declared twice"));
    }
}
