// PEARL on HalfCheetah velocity with 10 train and 5 test tasks, three seeds, and MQL from as many steps and updates, as results/cheetah-vel-short-pearl-1.csv and so on:
//   ./metarl jshell experiments/pearl/cheetah-vel.jsh [short|long|paper] [pearl|mql] [seeds]
// short: 20,000 updates; long: 64,000; paper: the released settings.
// Started again, it resumes. A row is the mean return of one test task: before ("prior") and after two episodes of exploration ("adapted"; of MQL one episode to adapt from).
var scale = args.length > 0 ? args[0] : "short";
var methods = args.length < 2 ? List.of("pearl", "mql") : List.of(args[1].split(","));
var seeds = args.length < 3 ? List.of(1L, 2L, 3L) : Arrays.stream(args[2].split(",")).map(Long::parseLong).toList();
boolean isPaper = scale.equals("paper");
var tasks = isPaper ? TaskSet.published("pearl/cheetah-vel") : TaskSet.of(HalfCheetah.velocity()).train(10).test(5).sample(1);
var pearl = isPaper ? Pearl.released("cheetah-vel") : Pearl.quickCheetah();
int iterations = isPaper ? 500 : scale.equals("long") ? 80 : 25, evaluations = isPaper ? 50 : iterations / 5;
long perIteration = (long) pearl.tasksPerIteration() * (pearl.priorSteps() + pearl.posteriorSteps());
// whole episodes: the last one of a phase may go beyond its steps
long start = tasks.train().size() * 200L * ((pearl.initialSteps() + 199) / 200);
long steps = start + iterations * perIteration;
double updatesPerStep = (double) pearl.updatesPerIteration() / perIteration;
var mql = Mql.released("cheetah-vel").base(b -> b.randomSteps((int) start).updatesPerStep(updatesPerStep).replayCapacity(pearl.replayCapacity()));
var folder = Path.of("experiments/pearl/results");

for (String method : methods)
    for (long seed : seeds) {
        // a file per run, so that several can be under way
        var csv = new StringBuilder("method,hash,seed,step,updates,minutes,task,when,return\n");
        var algorithm = method.equals("pearl") ? pearl : mql;
        try (var run = MetaTraining.on(tasks).algorithm(algorithm).steps(steps).evaluateEvery(iterations / evaluations * perIteration).shots(method.equals("pearl") ? 2 : 1)
                .adaptTasks(isPaper ? 30 : 5).episodes(1).seed(seed).saveTo("runs/pearl/cheetah-vel-" + scale + "-" + method + "-" + seed).listen(new ProgressBar()).run()) {
            for (Row r : run.log()) {
                String metric = r.getString("metric");
                if (!metric.equals("unadaptedReturn") && !metric.equals("adaptedReturn")) continue;
                long updates = Math.max(0, Math.round((r.getLong("step") - start) * updatesPerStep));
                csv.append(String.format(Locale.ROOT, "%s,%s,%d,%d,%d,%.1f,%s,%s,%.4f%n", method, tasks.hash(), seed, r.getLong("step"), updates, run.seconds() / 60, r.getString("task"),
                    metric.equals("adaptedReturn") ? "adapted" : "prior", r.getDouble("value")));
            }
            System.out.println(run.summary().print());
        }
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("cheetah-vel-" + scale + "-" + method + "-" + seed + ".csv"), csv);
    }
