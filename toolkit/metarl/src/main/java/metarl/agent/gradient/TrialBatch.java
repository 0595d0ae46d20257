package metarl.agent.gradient;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import metarl.basics.Require;
import metarl.basics.StoredNumbers;
import metarl.data.Pictures;
import metarl.data.Trajectory;
import metarl.nn.ActionDistribution;

/**
 * Trials as arrays, padded at the end to the longest: what a recurrent learner is trained on.
 *
 * @param length steps of the longest trial
 * @param inputSize entries of one input
 * @param actionSize entries of an action as the network sees it
 * @param inputs trial × step × entry; where observations are pictures, the first entry is the number of one
 * @param actions encoded, trial × step × entry
 * @param rewards trial × step
 * @param lengths steps of each trial
 * @param pictures what the numbers mean; empty where observations are none
 */
record TrialBatch(int length, int inputSize, int actionSize, float[] inputs, float[] actions, float[] rewards, int[] lengths,
    Pictures pictures) {
    /** Stands before what is stored of trials with pictures. */
    private static final int WITH_PICTURES = -1;
    private static final String SMALLER = "trialsPerUpdate, episodesPerTrial or the horizon";

    /**
     * Trials of one or several episodes each.
     *
     * @param sees whether observations are pictures
     */
    static TrialBatch of(List<List<Trajectory>> trials, ActionDistribution head, boolean sees) {
        int n = trials.size(), actions = head.encodedSize();
        int inputSize = RecurrentPolicy.inputSize(sees ? 1 : trials.get(0).get(0).observation(0).length, head);
        int[] lengths = new int[n];
        for (int i = 0; i < n; i++)
            lengths[i] = Require.length("the steps of a trial", SMALLER, trials.get(i).stream().mapToLong(Trajectory::length).sum());
        int length = Arrays.stream(lengths).max().orElse(0);
        var batch = new TrialBatch(length, inputSize, actions, new float[all(n, length, inputSize)], new float[all(n, length, actions)],
            new float[all(n, length, 1)], lengths, new Pictures());
        for (int i = 0; i < n; i++) batch.write(i, trials.get(i), head, sees);
        return batch;
    }

    /** The length of an array of {@code width} entries for each step of each trial. */
    static int all(int trials, int length, int width) {
        return Require.tensor("the trials of an update", SMALLER, trials, length, width);
    }

    private void write(int trial, List<Trajectory> episodes, ActionDistribution head, boolean sees) {
        int at = trial * length;
        double[] lastAction = null;
        double lastReward = 0;
        boolean lastDone = true;
        for (Trajectory episode : episodes)
            for (int t = 0; t < episode.length(); t++, at++) {
                double[] seen = RecurrentPolicy.read(episode.observation(t), pictures, sees);
                RecurrentPolicy.write(inputs, at * inputSize, seen, lastAction, lastReward, lastDone, head);
                lastAction = episode.action(t);
                lastReward = episode.step(t).reward();
                lastDone = episode.step(t).last();
                head.encode(lastAction, actions, at * actionSize);
                rewards[at] = (float) lastReward;
            }
    }

    /** The inputs with one more entry each: how many steps of the trial are over, in units of {@code unit} steps. */
    float[] timedInputs(int unit) {
        int steps = trials() * length;
        float[] timed = new float[all(trials(), length, inputSize + 1)];
        for (int row = 0; row < steps; row++) {
            System.arraycopy(inputs, row * inputSize, timed, row * (inputSize + 1), inputSize);
            timed[row * (inputSize + 1) + inputSize] = (float) (row % length) / unit;
        }
        return timed;
    }

    int trials() {
        return lengths.length;
    }

    /** Mean over trials of the sum of all rewards. */
    double meanReturn() {
        double sum = 0;
        for (float r : rewards) sum += r;
        return sum / trials();
    }

    /** Rows of some trials of an array that holds {@code width} entries per step, in the order trial × step. */
    float[] select(float[] values, int width, int[] trials) {
        float[] chosen = new float[all(trials.length, length, width)];
        for (int i = 0; i < trials.length; i++)
            System.arraycopy(values, trials[i] * length * width, chosen, i * length * width, length * width);
        return chosen;
    }

    /** Where the steps that are there lie among all, padding included, in the order step × trial, as the states of a recurrent unit are. */
    int[] present(int[] trials) {
        int n = 0;
        for (int trial : trials) n += lengths[trial];
        int[] places = new int[n];
        int at = 0;
        for (int t = 0; t < length; t++)
            for (int i = 0; i < trials.length; i++) if (t < lengths[trials[i]]) places[at++] = t * trials.length + i;
        return places;
    }

    /** The rows of some trials at those places. */
    float[] selectByStep(float[] values, int width, int[] trials, int[] present) {
        float[] chosen = new float[all(1, present.length, width)];
        for (int row = 0; row < present.length; row++) {
            int t = present[row] / trials.length, trial = trials[present[row] % trials.length];
            System.arraycopy(values, (trial * length + t) * width, chosen, row * width, width);
        }
        return chosen;
    }

    void save(DataOutputStream out) throws IOException {
        if (pictures.size() > 0) {
            out.writeInt(WITH_PICTURES);
            pictures.save(out);
        }
        out.writeInt(length);
        out.writeInt(inputSize);
        out.writeInt(actionSize);
        StoredNumbers.writeCounted(out, lengths);
        for (float[] values : new float[][] {inputs, actions, rewards}) StoredNumbers.write(out, values, values.length);
    }

    static TrialBatch load(DataInputStream in) throws IOException {
        int first = in.readInt();
        Pictures pictures = first == WITH_PICTURES ? Pictures.load(in) : new Pictures();
        int length = first == WITH_PICTURES ? in.readInt() : first, inputSize = in.readInt(), actionSize = in.readInt();
        int[] lengths = StoredNumbers.readCounted(in, 0, length);
        long steps = (long) lengths.length * length;
        if (steps < 1 || inputSize < 1 || actionSize < 1 || steps * Math.max(inputSize, actionSize) > Integer.MAX_VALUE)
            throw new IOException(
                "the stored trials are damaged: " + lengths.length + " of " + length + " steps with " + inputSize + " inputs and "
                    + actionSize + " actions");
        float[] inputs = StoredNumbers.readFloats(in, (int) steps * inputSize),
            actions = StoredNumbers.readFloats(in, (int) steps * actionSize);
        return new TrialBatch(length, inputSize, actionSize, inputs, actions, StoredNumbers.readFloats(in, (int) steps), lengths,
            pictures);
    }
}
