package metarl.agent.value;

import java.util.Arrays;
import java.util.List;
import metarl.agent.Problem;
import metarl.basics.Require;
import metarl.data.Batch;
import metarl.data.MetaReplay;
import metarl.data.Trajectory;
import metarl.env.Step;

/** Transitions as PEARL's encoder reads them: s, a, r, and s' where the settings say so, one behind the other. */
final class PearlContext {
    private final int observationSize;
    private final int actionSize;
    private final boolean nextObservation;
    private final int width;

    PearlContext(Pearl settings, Problem problem) {
        observationSize = problem.observationSize();
        actionSize = problem.actionSize();
        nextObservation = settings.nextObservation();
        width = settings.contextRow(problem);
    }

    /**
     * Transitions of several tasks to infer z from.
     *
     * @param rows as many of each task, task by task
     * @param counts how often each stands in its context
     * @param tasks how many tasks
     */
    record Contexts(float[] rows, float[] counts, int tasks) {}

    /** A sample of contexts. */
    Contexts of(MetaReplay.Counted sample, int tasks) {
        return new Contexts(rows(sample.batch()), sample.counts(), tasks);
    }

    /** Transitions of one task, each once. */
    Contexts whole(Batch batch) {
        float[] counts = new float[batch.size()];
        Arrays.fill(counts, 1);
        return new Contexts(rows(batch), counts, 1);
    }

    private float[] rows(Batch batch) {
        float[] rows = new float[Require.tensor("the contexts of an update", "contextSize or tasksPerUpdate", batch.size(), width)];
        for (int i = 0; i < batch.size(); i++) {
            int at = i * width;
            System.arraycopy(batch.observations(), i * observationSize, rows, at, observationSize);
            System.arraycopy(batch.actions(), i * actionSize, rows, at + observationSize, actionSize);
            rows[at + observationSize + actionSize] = batch.rewards()[i];
            if (nextObservation)
                System.arraycopy(batch.nextObservations(), i * observationSize, rows, at + width - observationSize, observationSize);
        }
        return rows;
    }

    /** All steps of some episodes, in order. */
    float[] rows(List<Trajectory> episodes) {
        float[] rows = new float[Require.tensor("the steps of a new task", "the number of shots",
            episodes.stream().mapToLong(Trajectory::length).sum(), width)];
        int row = 0;
        for (Trajectory episode : episodes)
            for (int t = 0; t < episode.length(); t++) write(episode.observation(t), episode.action(t), episode.step(t), rows, row++);
        return rows;
    }

    private void write(double[] observation, double[] action, Step step, float[] to, int row) {
        int at = row * width;
        for (double o : observation) to[at++] = (float) o;
        for (double a : action) to[at++] = (float) a;
        to[at++] = (float) step.reward();
        if (nextObservation) for (double o : step.observation()) to[at++] = (float) o;
    }
}
