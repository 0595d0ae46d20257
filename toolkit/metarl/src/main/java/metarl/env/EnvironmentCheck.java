package metarl.env;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import metarl.basics.RandomStream;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * What any environment must keep to, tried on a running one.
 *
 * <p>{@code EnvironmentCheck.of(environment)} gives one row per property: what was tried, whether it holds, and what was seen if not.
 */
public final class EnvironmentCheck {
    private final Environment environment;
    private final List<String> properties = new ArrayList<>();
    private final List<Boolean> holds = new ArrayList<>();
    private final List<String> seen = new ArrayList<>();

    private EnvironmentCheck(Environment environment) {
        this.environment = environment;
    }

    /** Tries the properties; the environment is left in need of a reset. */
    public static Table of(Environment environment) {
        var check = new EnvironmentCheck(environment);
        check.shapes();
        check.repeatability();
        check.timeLimit();
        check.border();
        check.errors();
        return Table.create("environment check", StringColumn.create("property", check.properties),
            BooleanColumn.create("holds", check.holds.toArray(new Boolean[0])), StringColumn.create("seen", check.seen));
    }

    private void note(String property, BooleanSupplier test) {
        properties.add(property);
        try {
            boolean result = test.getAsBoolean();
            holds.add(result);
            seen.add(result ? "" : "it does not");
        } catch (RuntimeException | AssertionError | StackOverflowError | LinkageError e) {
            holds.add(false);
            seen.add(e instanceof EnvironmentException ? e.getMessage() : e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    /** What {@link CheckedEnvironment} asks of every step, over a whole episode, and what it heals. */
    private void border() {
        note("in a whole episode nothing is null, every number is finite, and every length is as announced", () -> {
            CheckedEnvironment checked = CheckedEnvironment.of(environment);
            var random = RandomStream.of(3, "actions");
            checked.reset(start());
            while (!checked.step(environment.actions().sample(random)).last()) continue;
            return true;
        });
        note("an array that was given out is not changed later", () -> {
            double[] first = environment.reset(start()), copy = first.clone();
            Step step = environment.step(new double[environment.actions().size()]);
            double[] observation = step.observation().clone(), outcome = step.outcome().clone();
            environment.reset(RandomStream.of(2, "environment check"));
            environment.step(new double[environment.actions().size()]);
            return Arrays.equals(first, copy) && Arrays.equals(step.observation(), observation) && Arrays.equals(step.outcome(), outcome);
        });
        note("an action is not changed", () -> {
            double[] action = environment.actions() instanceof Space.Box ? far() : new double[environment.actions().size()],
                copy = action.clone();
            environment.reset(start());
            environment.step(action);
            return Arrays.equals(action, copy);
        });
    }

    private static RandomStream start() {
        return RandomStream.of(1, "environment check");
    }

    private void shapes() {
        note("reset gives an observation of the observation space", () -> environment.observations().contains(environment.reset(start())));
        Step[] step = new Step[1];
        note("a step gives an observation of the observation space", () -> {
            step[0] = environment.step(new double[environment.actions().size()]);
            return environment.observations().contains(step[0].observation());
        });
        note("the outcome has as many entries as names", () -> step[0].outcome().length == environment.outcomeNames().size());
        note("the reward is finite", () -> Double.isFinite(step[0].reward()));
        if (environment.actions() instanceof Space.Box box)
            note("actions outside the space act like the nearest inside", () -> Arrays.equals(first(far()), first(box.high())));
        else
            note("an action that is no choice is refused", () -> {
                environment.reset(start());
                return throwsException(() -> environment.step(far()), IllegalArgumentException.class);
            });
    }

    private double[] far() {
        double[] far = new double[environment.actions().size()];
        Arrays.fill(far, 1e6);
        return far;
    }

    private double[] first(double[] action) {
        environment.reset(start());
        return environment.step(action).observation();
    }

    private void repeatability() {
        note("the same seed and actions give the same episode, bit for bit", () -> Arrays.equals(rollout(), rollout()));
    }

    private double[] rollout() {
        environment.reset(start());
        var random = RandomStream.of(3, "actions");
        var all = new ArrayList<Double>();
        for (int t = 0; t < Math.min(20, environment.horizon()); t++) {
            Step step = environment.step(environment.actions().sample(random));
            for (double o : step.observation()) all.add(o);
            all.add(step.reward());
            if (step.last()) break;
        }
        return all.stream().mapToDouble(v -> v).toArray();
    }

    private void timeLimit() {
        note("the episode ends no later than the horizon, and a time limit is not a termination", () -> {
            environment.reset(start());
            for (int t = 1; t <= environment.horizon(); t++) {
                Step step = environment.step(new double[environment.actions().size()]);
                if (step.terminated() && step.truncated()) return false;
                if (step.last()) return step.terminated() || t == environment.horizon();
            }
            return false;
        });
        note("a step after the last is refused",
            () -> throwsException(() -> environment.step(new double[environment.actions().size()]), IllegalStateException.class));
    }

    private void errors() {
        note("an action of the wrong length is refused", () -> {
            environment.reset(start());
            return throwsException(() -> environment.step(new double[environment.actions().size() + 1]), IllegalArgumentException.class);
        });
        note("an action that is not a number is refused, and the environment stays usable", () -> {
            environment.reset(start());
            double[] bad = new double[environment.actions().size()];
            bad[0] = Double.NaN;
            boolean refused = throwsException(() -> environment.step(bad), IllegalArgumentException.class);
            return refused && environment.observations().contains(environment.step(new double[bad.length]).observation());
        });
    }

    private static boolean throwsException(Runnable call, Class<? extends RuntimeException> type) {
        try {
            call.run();
            return false;
        } catch (RuntimeException e) {
            return type.isInstance(e);
        }
    }
}
