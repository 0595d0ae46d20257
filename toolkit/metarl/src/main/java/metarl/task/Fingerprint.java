package metarl.task;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import metarl.basics.RandomStream;
import metarl.env.CheckedEnvironment;
import metarl.env.Space;
import metarl.env.Step;

/**
 * What a family does, in short: its parameters, and what a few steps in three of its tasks lead to and pay, each scored for all three. A
 * reward or a movement that was changed is noticed where these steps meet it.
 *
 * <p>Numbers are rounded to six digits, so that another machine, whose last digits differ, finds the same. An environment that does not
 * repeat itself from the same seed counts without its numbers.
 */
final class Fingerprint {
    private static final int TASKS = 3, STEPS = 8, DIGITS = 8;
    private static final MathContext SIX_DIGITS = new MathContext(6);
    private static final double NOTHING = 1e-9;

    private Fingerprint() {}

    static String of(TaskFamily family) {
        String first = steps(family), again = steps(family);
        return digits(family.parameters() + "|" + family.measureName() + "|" + (first.equals(again) ? first : ""), DIGITS);
    }

    /** The tasks that are tried. */
    static List<Task> tasks(TaskFamily family) {
        return family.sample(TASKS, RandomStream.of(0, "fingerprint"));
    }

    private static String steps(TaskFamily family) {
        var text = new StringBuilder();
        List<Task> tasks = tasks(family);
        for (Task task : tasks) {
            var random = RandomStream.of(0, "fingerprint steps");
            try (CheckedEnvironment environment = CheckedEnvironment.of(family.environment(task), task)) {
                append(text, environment.reset(random));
                boolean last = false;
                for (int t = 0; t < STEPS && !last; t++) {
                    double[] action = action(environment.actions(), random);
                    Step step = environment.step(action);
                    last = step.last();
                    append(text, step.observation());
                    append(text, step.outcome());
                    append(text, step.reward(), step.terminated() ? 1 : 0);
                    double[] done = environment.actions().accept(action);
                    for (Task other : tasks) append(text, family.reward(other, step.outcome(), done));
                    if (family.isShaped()) for (Task other : tasks) append(text, family.shapedReward(other, step.outcome(), done));
                }
            }
        }
        return text.toString();
    }

    private static double[] action(Space actions, RandomStream random) {
        try {
            return actions.sample(random);
        } catch (IllegalStateException e) {
            // without bounds there is no uniform draw
            return actions.accept(random.doubles(actions.size()).toArray());
        }
    }

    private static void append(StringBuilder text, double... values) {
        for (double v : values) text.append(Math.abs(v) < NOTHING ? "0" : new BigDecimal(v).round(SIX_DIGITS)).append(' ');
    }

    /** The first hexadecimal digits, an even number, of the text's SHA-256. */
    static String digits(String text, int count) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, count / 2);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
