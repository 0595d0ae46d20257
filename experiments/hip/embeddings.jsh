// What do HiP-BMDP's embeddings say of the tasks? HalfCheetah with eight armatures, trained shortly; then the first principal coordinate of the embeddings against the true armature, and
// what fitting an embedding to one episode of a new armature is worth: the error of foretold changes over that episode, beside the error with the mean embedding.
// Then results.jsh makes the page.
//   ./metarl jshell experiments/hip/embeddings.jsh [seeds] [steps] [encoded|observation]
// "encoded": HipBmdp.small(), as released; its errors are in units of the encoder. "observation": without an encoder, in deviations of the observation's changes. Started again, it resumes.
// Writes results/embeddings-[kind].csv: a row per task, with all numbers of θ; of new tasks those of the fitted one.
long[] seeds = args.length < 1 ? new long[] {1} : Arrays.stream(args[0].split(",")).mapToLong(Long::parseLong).toArray();
int steps = args.length < 2 ? 40_000 : Integer.parseInt(args[1]);
String kind = args.length < 3 ? "encoded" : args[2];
double[] armatures = {0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.65, 0.8}, fresh = {0.075, 0.25, 0.45, 0.7};
var train = Arrays.stream(armatures).mapToObj(a -> HalfCheetah.armature().task(a)).toList();
var test = Arrays.stream(fresh).mapToObj(a -> HalfCheetah.armature().task(a)).toList();
var settings = HipBmdp.small().base(b -> b.episodesPerRound(8).randomSteps(16_000).updatesPerStep(0.25).replayCapacity(steps)).latentSize(kind.equals("encoded") ? 32 : 0);

/** Of ranks: 1 where one rises whenever the other does. */
double rankCorrelation(double[] x, double[] y) {
    double[][] ranks = Stream.of(x, y).map(v -> Arrays.stream(v).map(a -> Arrays.stream(v).filter(b -> b < a).count()).toArray()).toArray(double[][]::new);
    double squares = 0, n = x.length;
    for (int i = 0; i < n; i++) squares += Math.pow(ranks[0][i] - ranks[1][i], 2);
    return 1 - 6 * squares / (n * (n * n - 1));
}

var csv = new StringBuilder("kind,seed,steps,hash,task,armature,coordinate,error,errorOfMean,embedding\n");
for (long seed : seeds)
    try (var run = MetaTraining.on(TaskSet.of(train, test)).algorithm(settings).steps(steps).evaluateEvery(steps).adaptTasks(0).episodes(1).seed(seed)
            .saveTo("runs/hip/embeddings-" + kind + "-" + steps + "-" + seed).run(); var fitting = run.adaptingBy(settings.withFittedEmbedding())) {
        String begin = String.format(Locale.ROOT, "%s,%d,%d,%s,", kind, seed, run.steps(), run.tasks().hash());
        EmbeddedTask found = null;
        double won = 0;
        for (int t = 0; t < test.size(); t++)
            try (var adaptation = fitting.adapt(test.get(t), 1, seed)) {
                found = adaptation.evidence(EmbeddedTask.class);
                System.out.println(kind + ", seed " + seed + ", armature " + fresh[t] + ": " + adaptation.sentence() + "; nearest " + armatures[found.nearest()]);
                if (found.error() < found.errorOfMean()) won++;
                csv.append(begin).append(String.format(Locale.ROOT, "new,%.3f,%.5f,%.6f,%.6f,%s%n", fresh[t], found.coordinates(1)[train.size()][0], found.error(), found.errorOfMean(),
                    Arrays.stream(found.embedding()).mapToObj(v -> String.format(Locale.ROOT, "%.5f", v)).collect(Collectors.joining(";"))));
            }
        double[][] places = found.coordinates(1);
        double[] first = IntStream.range(0, train.size()).mapToDouble(i -> places[i][0]).toArray();
        for (int i = 0; i < train.size(); i++)
            csv.append(begin).append(String.format(Locale.ROOT, "train,%.3f,%.5f,,,%s%n", armatures[i], first[i], Arrays.stream(found.train()[i]).mapToObj(v -> String.format(Locale.ROOT, "%.5f", v)).collect(Collectors.joining(";"))));
        System.out.println(String.format(Locale.ROOT, "%s, seed %d, %,d steps, %.1f minutes: rank correlation of the first coordinate and the armature %.2f; the fit is better than the mean in %.0f of %d new tasks; coordinates %s",
            kind, seed, run.steps(), run.seconds() / 60, rankCorrelation(armatures, first), won, test.size(), Arrays.stream(first).mapToObj(v -> String.format(Locale.ROOT, "%.3f", v)).toList()));
        Files.writeString(Path.of("experiments/hip/results/embeddings-" + kind + ".csv"), csv);
    }
