package example;

import metarl.agent.value.Mql;
import metarl.diagnose.weights.ImportanceWeights;
import metarl.task.families.PointRobot;
import metarl.plot.Plots;
import metarl.task.TaskSet;
import metarl.train.MetaTraining;

/** The toolkit in a program of one's own: meta-trains a point robot for a few seconds, adapts it to a new goal, and saves the learning curve. */
public final class Example {
    private Example() {}

    /** Takes the number of environment steps, 1,500 if it is not given. */
    public static void main(String[] arguments) {
        int steps = arguments.length == 0 ? 1_500 : Integer.parseInt(arguments[0]);
        System.out.println(ImportanceWeights.of(new double[] {1, 1, 2, 0.5}).ess().sentence());

        var tasks = TaskSet.of(PointRobot.dense()).train(20).test(5).sample(7);
        var run = MetaTraining.on(tasks).algorithm(Mql.pointRobot()).steps(steps).evaluateEvery(steps / 3).adaptTasks(2).seed(7).run();
        try (var adaptation = run.adapt(tasks.test().get(0), 1, 7)) {
            System.out.println(adaptation.words());
        }
        Plots.learningCurve(run).save("target/learning-curve.png");
        System.out.println("The learning curve is target/learning-curve.png.");
    }
}
