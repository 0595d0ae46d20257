package metarl.train;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import metarl.agent.value.Td3;
import metarl.env.Environment;
import metarl.env.Space;
import metarl.env.Step;
import metarl.task.Parameter;
import metarl.task.Task;
import metarl.task.TaskFamily;
import metarl.task.TaskSet;
import metarl.task.families.PointRobot;

/** Trainings of some milliseconds, in which something can be made to fail: what the tests of runs on disk share. */
final class TinyRun {
    static final Td3 SETTINGS = Td3.pointRobot().hidden(4).batchSize(4).contextLength(2).contextSize(3)
        .randomSteps(20).updatesPerStep(0.1).replayCapacity(90).episodesPerRound(2);
    static final TaskSet TASKS = tasks(step -> {});

    private TinyRun() {}

    static TaskSet tasks(Watch watch) {
        return tasks(watch, 1);
    }

    /** With rewards so many times as large. */
    static TaskSet tasks(Watch watch, double scale) {
        var family = new Watched(watch, scale);
        return TaskSet.of(List.of(family.task(0.5, 0.5), family.task(-0.5, 0.25), family.task(0.25, -1)), List.of(family.task(0, 0.75)));
    }

    static MetaTraining training(TaskSet tasks) {
        return MetaTraining.on(tasks).algorithm(SETTINGS).steps(200).evaluateEvery(80).adaptTasks(0).episodes(1).seed(5);
    }

    static MetaTraining training() {
        return training(TASKS);
    }

    /** Saves after every collection, update and evaluation. */
    static Pace always() {
        return new Pace(0, () -> 0);
    }

    /** Saves after every evaluation. */
    static Pace atEvaluations() {
        return new Pace(Double.POSITIVE_INFINITY, () -> 0);
    }

    static byte[] log(Path folder) throws IOException {
        return Files.readAllBytes(folder.resolve("log.csv"));
    }

    /** The names of what is in a folder. */
    static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    /** The one checkpoint in a folder. */
    static Path checkpoint(Path folder) throws IOException {
        List<String> checkpoints = names(folder).stream().filter(n -> n.startsWith("checkpoint-")).toList();
        if (checkpoints.size() != 1) throw new AssertionError("expected one checkpoint, found " + checkpoints);
        return folder.resolve(checkpoints.get(0));
    }

    /** Is told of every environment step, and may throw. */
    @FunctionalInterface
    interface Watch {
        void step(Environment environment);
    }

    /** PEARL's dense point robot under names that a CSV file must quote. */
    record Watched(Watch watch, double scale) implements TaskFamily {
        private static final PointRobot ROBOT = PointRobot.dense();

        @Override
        public String name() {
            return "watched-point";
        }

        @Override
        public String description() {
            return "A point that is watched.";
        }

        @Override
        public List<Parameter> parameters() {
            return List.of(new Parameter("goal, \"x\"\nin m", "", -1, 1, Parameter.Changes.REWARD),
                new Parameter("#y\r", "", -1, 1, Parameter.Changes.REWARD));
        }

        @Override
        public int horizon() {
            return 20;
        }

        private static Task point(Task task) {
            return ROBOT.task(task.value(0), task.value(1));
        }

        @Override
        public double reward(Task task, double[] outcome, double[] action) {
            return scale * ROBOT.reward(point(task), outcome, action);
        }

        @Override
        public String measureName() {
            return ROBOT.measureName();
        }

        @Override
        public double measure(Task task, double[][] outcomes, double[][] actions) {
            return ROBOT.measure(point(task), outcomes, actions);
        }

        @Override
        public Environment environment(Task task) {
            Environment point = point(task).environment();
            return new Environment() {
                @Override
                public Space observations() {
                    return point.observations();
                }

                @Override
                public Space actions() {
                    return point.actions();
                }

                @Override
                public int horizon() {
                    return point.horizon();
                }

                @Override
                public List<String> outcomeNames() {
                    return point.outcomeNames();
                }

                @Override
                public double[] reset(RandomGenerator random) {
                    return point.reset(random);
                }

                @Override
                public Step step(double[] action) {
                    watch.step(this);
                    Step step = point.step(action);
                    return new Step(step.observation(), scale * step.reward(), step.terminated(), step.truncated(), step.outcome());
                }

                @Override
                public BufferedImage render(int width, int height) {
                    return point.render(width, height);
                }

                @Override
                public void close() {
                    point.close();
                }
            };
        }
    }

    /** The process has died: nothing more is written. */
    static final class Died extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** A disk that forces nothing: enough where processes die and the machine does not. */
    static class QuickDisk extends Disk {
        @Override
        void force(FileOutputStream bytes) {}

        @Override
        void force(Path folder) throws IOException {}
    }

    /** A disk whose process dies at the n-th operation: before it, or in the middle of writing a file. */
    static final class MortalDisk extends QuickDisk {
        private final int last;
        private final boolean halfway;
        private int operations;
        private boolean wrote;

        MortalDisk(int last, boolean halfway) {
            this.last = last;
            this.halfway = halfway;
        }

        /** Whether the process has died. */
        boolean died() {
            return operations >= last;
        }

        /** Whether the last operation was to write a file, so that it makes a difference how far it came. */
        boolean diedWriting() {
            return died() && wrote;
        }

        private void live() {
            if (died()) throw new Died();
            if (++operations >= last) throw new Died();
        }

        @Override
        void createFolders(Path folder) throws IOException {
            live();
            super.createFolders(folder);
        }

        @Override
        void createFolder(Path folder) throws IOException {
            live();
            super.createFolder(folder);
        }

        @Override
        void write(Path file, Content content) throws IOException {
            if (!died() && operations + 1 >= last) {
                wrote = true;
                if (halfway) {
                    var bytes = new ByteArrayOutputStream();
                    content.write(new DataOutputStream(bytes));
                    try (var out = new FileOutputStream(file.toFile())) {
                        out.write(bytes.toByteArray(), 0, bytes.size() / 2);
                    }
                }
            }
            live();
            super.write(file, content);
        }

        @Override
        void move(Path from, Path to) throws IOException {
            live();
            super.move(from, to);
        }

        @Override
        void delete(Path path) throws IOException {
            live();
            super.delete(path);
        }

        @Override
        void force(Path folder) throws IOException {
            live();
            super.force(folder);
        }
    }

    /** With this disk and pace. */
    static MetaRun run(MetaTraining training, Disk disk, Pace pace) {
        return TrainingLoop.run(training, training.problem(), disk, pace);
    }
}
