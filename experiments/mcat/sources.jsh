// The source policies of Table 1 and Figure 5: TD3 with dense rewards on each task alone.
//   ./metarl jshell experiments/mcat/sources.jsh [cheetah or ant] [tasks, such as 0.1,0.5] [steps] [seeds]
// Keeps networks at a quarter of the steps (the mediocre policies that collect the data) and at the end. Started again, it resumes. The published runs make 410,000 steps.
String body = args.length < 1 ? "cheetah" : args[0];
var family = body.equals("cheetah") ? HalfCheetah.armature() : Ant.crippled();
String which = args.length < 2 ? body.equals("cheetah") ? "0.1,0.2,0.3,0.5,0.7" : "0,1,2,3" : args[1];
long steps = args.length < 3 ? 200_000 : Long.parseLong(args[2]);
var seeds = args.length < 4 ? new long[] {1} : Arrays.stream(args[3].split(",")).mapToLong(Long::parseLong).toArray();
var settings = Td3.defaults().hidden(256).learningRate(3e-4).explorationNoise(0.1).targetNoise(0.2).randomSteps(25_000).replayCapacity(1_000_000);
for (String value : which.split(","))
    for (long seed : seeds) {
        var task = List.of(family.task(Double.parseDouble(value)));
        for (long until : new long[] {steps / 4, steps})
            try (var run = MetaTraining.on(TaskSet.of(task, task)).algorithm(settings).steps(until).evaluateEvery(25_000).adaptTasks(0).episodes(2).seed(seed)
                    .saveTo("runs/mcat/source-" + body + "-" + value + "-" + seed).listen(new ProgressBar()).run()) {
                run.saveNetworks("runs/mcat/networks/source-" + body + "-" + value + "-" + seed + (until < steps ? "-mediocre" : ""));
                System.out.println(body + " " + value + ", seed " + seed + ", " + until + " steps: " + run.evaluate(task, 0, 10).summary().print());
            }
    }
