package metarl.agent;

import java.util.Locale;
import java.util.Map;
import metarl.basics.Figures;

/**
 * Learning went wrong: a loss, what a policy says, or what a model foresees, is no finite number any more. It is the learner's fault, not
 * the environment's, and goes on by itself no more: train again with other settings, or from an earlier checkpoint.
 */
public final class DivergedException extends ArithmeticException {
    private static final long serialVersionUID = 1L;
    private static final String ADVICE = "Lower learningRate (of MAML also innerRate), or scale the rewards down.";

    private DivergedException(String message) {
        super(message);
    }

    /** Refuses a loss before it can spoil the networks. */
    public static void requireLoss(String name, double loss, String when) {
        if (!Double.isFinite(loss)) throw new DivergedException(name + " became " + loss + when + ": learning diverged. " + ADVICE);
    }

    /** Refuses what a network says to the environments, row by row. */
    public static void requireSaid(String what, float[] outputs, int width) {
        for (int i = 0; i < outputs.length; i++)
            if (!Float.isFinite(outputs[i])) throw said(what, outputs[i], i % width, i / width);
    }

    /** The same of actions. */
    public static void requireActions(double[][] actions) {
        for (int i = 0; i < actions.length; i++)
            for (int j = 0; j < actions[i].length; j++) if (!Double.isFinite(actions[i][j])) throw said("entry", actions[i][j], j, i);
    }

    /**
     * Refuses a model that foresees nothing for an environment.
     *
     * @param any whether any of the candidates is foreseen to earn a finite number
     * @param first what the first of them is foreseen to earn
     */
    public static void requireForeseen(boolean any, int candidates, double first, int environment) {
        if (!any)
            throw new DivergedException("the model foresees no finite return for any of " + candidates
                + " sequences of actions in environment " + environment + "; that of the first is " + first
                + ": its networks are no finite numbers any more, or what they predict runs away within the horizon. " + ADVICE);
    }

    private static DivergedException said(String what, double value, int entry, int environment) {
        return new DivergedException(
            "the policy gave " + value + " in " + what + " " + entry + " of its action for environment " + environment
                + ": its networks are no finite numbers any more, learning diverged. " + ADVICE);
    }

    /**
     * The same told of a run.
     *
     * @param algorithm its name
     * @param step environment steps done
     * @param update the last update whose losses were finite, 0 if there was none
     * @param losses these losses
     */
    public String during(String algorithm, long step, long update, Map<String, Double> losses) {
        var numbers = new StringBuilder();
        losses.forEach(
            (name, loss) -> numbers.append(numbers.length() == 0 ? ": " : ", ").append(name).append(" ").append(Figures.number(loss, 4)));
        return String
            .format(Locale.ROOT, "%s at step %,d: %s The last finite losses were those of update %,d%s.", algorithm, step, getMessage(),
                update, numbers)
            .replace("The last finite losses were those of update 0.", "It was the first update.");
    }
}
