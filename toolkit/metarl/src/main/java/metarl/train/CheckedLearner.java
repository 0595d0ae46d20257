package metarl.train;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import metarl.agent.Adaptation;
import metarl.agent.Algorithm;
import metarl.agent.DivergedException;
import metarl.agent.Learner;
import metarl.agent.LearnerState;
import metarl.agent.Plan;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.agent.Trial;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;

/**
 * The border that every learner is asked through: an answer that is missing, and an error on the way to it, are told with the call and the
 * name of the algorithm.
 */
final class CheckedLearner implements Learner {
    private final Learner inner;
    private final LearnerState state;
    private final String name;

    private CheckedLearner(Learner inner, String name) {
        this.inner = inner;
        this.name = name;
        state = asked("state()", inner::state, "a LearnerState");
    }

    /** A learner of this algorithm behind its border. */
    static CheckedLearner of(Algorithm algorithm, Problem problem, long seed) {
        Learner made = algorithm.learner(problem, seed);
        return new CheckedLearner(given("learner(…)", made, "a Learner", algorithm.name()), algorithm.name());
    }

    private static <T> T given(String call, T answer, String expected, String name) {
        if (answer == null) throw new IllegalStateException(name + ": " + call + " gave null, expected " + expected);
        return answer;
    }

    private <T> T given(String call, T answer, String expected) {
        return given(call, answer, expected, name);
    }

    /** What is thrown on purpose to stop, or to tell of divergence, is passed on as it is. */
    private <T> T asked(String call, Supplier<T> question, String expected) {
        T answer;
        try {
            answer = question.get();
        } catch (DivergedException | CancellationException e) {
            throw e;
        } catch (RuntimeException e) {
            String message = e.getMessage() == null ? "" : ": " + e.getMessage();
            throw new IllegalStateException(name + ": " + call + " failed with " + e.getClass().getSimpleName() + message, e);
        }
        return given(call, answer, expected);
    }

    @Override
    public Policy policy() {
        return asked("policy()", inner::policy, "a Policy");
    }

    @Override
    public Plan plan() {
        return asked("plan()", inner::plan, "a Plan; Plan.over() ends the training");
    }

    @Override
    public Map<String, Double> numbers(Trial trial) {
        return numbers("numbers(…)", () -> inner.numbers(trial));
    }

    @Override
    public void store(List<Trial> trials) {
        asked("store(…)", () -> {
            inner.store(trials);
            return true;
        }, "");
    }

    @Override
    public boolean isDue() {
        return asked("isDue()", inner::isDue, "");
    }

    @Override
    public Map<String, Double> update() {
        return numbers("update()", inner::update);
    }

    private Map<String, Double> numbers(String call, Supplier<Map<String, Double>> question) {
        String expected = "numbers by their names; Map.of() where there is nothing to log";
        Map<String, Double> numbers = asked(call, question, expected);
        for (var number : numbers.entrySet()) given(call, number.getKey() == null ? null : number.getValue(), expected);
        return numbers;
    }

    /** Always the same object: what it has declared, and what it has to close, is known from the first time on. */
    @Override
    public LearnerState state() {
        return state;
    }

    @Override
    public int episodesPerTrial() {
        int episodes = asked("episodesPerTrial()", inner::episodesPerTrial, "");
        if (episodes < 1) throw new IllegalStateException(name + ": episodesPerTrial() gave " + episodes + ", expected at least 1");
        return episodes;
    }

    @Override
    public Adaptation adapt(List<Trajectory> shots, RandomStream random) {
        return given("adapt(…)", inner.adapt(shots, random), "an Adaptation; Adaptation.none(policy()) where nothing is changed");
    }

    @Override
    public Adaptation adaptInRounds(List<List<Trajectory>> rounds, RandomStream random) {
        return given("adaptInRounds(…)", inner.adaptInRounds(rounds, random), "an Adaptation");
    }

    @Override
    public Learner adaptingBy(Algorithm other) {
        return new CheckedLearner(given("adaptingBy(…)", inner.adaptingBy(other), "a Learner"), name);
    }

    @Override
    public void close() {
        inner.close();
    }
}
