// Makes models/mql-cheetah-vel, which the quickstart loads:   ./metarl jshell experiments/quickstart/train-checkpoint.jsh
// About half an hour on one core; started again, it resumes.
var tasks = TaskSet.of(HalfCheetah.velocity()).train(40).test(10).sample(7);
var run = MetaTraining.on(tasks).algorithm(Mql.defaults())
    .steps(80_000).evaluateEvery(5_000).adaptTasks(1).seed(7)
    .saveTo("runs/mql-cheetah-vel").listen(new ProgressBar()).run();
run.saveNetworks("models/mql-cheetah-vel");
System.out.println(run.summary().print());
System.out.println(run.evaluate(tasks.test(), 0, 1).summary().print());
