// Trains the model that notebook 11 looks into, 20,000 steps of the pendulum whose motor may push the other way, and stores its networks:
//   ./metarl jshell experiments/grbal/store.jsh
// Started again, it resumes.
var motors = TaskSet.of(Pendulum.motor()).train(20).test(40).sample(11);
var run = MetaTraining.on(TaskSet.of(motors.train(), motors.test())).algorithm(GrBal.classical()).steps(20_000).evaluateEvery(5_000).adaptTasks(0).episodes(1).seed(1)
    .saveTo("runs/grbal/stored-pendulum-motor").listen(new ProgressBar()).run();
System.out.println(run.lastEvaluation());
run.saveNetworks("models/grbal-pendulum-motor");
