// Do embeddings tell five armatures of HalfCheetah apart? MCAT's context encoder and forward model, with and without the contrastive loss, on fixed data of uniformly
// random actions: ten episodes of 1,000 steps of each task to learn from, three others to ask for.
//   ./metarl jshell experiments/mcat/embeddings.jsh [seeds] [updates] [small|released]
// Accuracy: the share of 500 held-out moments per task whose nearest of 500 learned-from moments per task is of its own task. Spread: mean distance of a task's held-out
// embeddings from their mean, over the mean distance between the means of two tasks. Error: mean squared error of what is foretold of held-out steps with a
// task's feature as z, in units of the changes' deviation; "other": with the feature of the armature farthest away. Writes results/embeddings.csv; about two minutes on an idle core with small networks. Of the moments one in a hundred has no whole history.
import ai.djl.ndarray.*;
import ai.djl.ndarray.types.*;
long[] seeds = args.length < 1 ? new long[] {1, 2, 3} : Arrays.stream(args[0].split(",")).mapToLong(Long::parseLong).toArray();
int updates = args.length < 2 ? 8_000 : Integer.parseInt(args[1]);
String size = args.length < 3 ? "small" : args[2];
double[] armatures = {0.05, 0.1, 0.3, 0.5, 0.8};
int[] all = IntStream.range(0, armatures.length).toArray();
var tasks = Arrays.stream(armatures).mapToObj(a -> HalfCheetah.armature().task(a)).toList();

MetaReplay lived(int episodes, long seed) {
    var problem = Problem.of(tasks);
    var replay = new MetaReplay(tasks.size(), problem.observationSize(), problem.actionSize(), problem.outcomeSize(), tasks.size() * episodes * 1_000);
    var each = IntStream.of(all).boxed().flatMap(i -> Collections.nCopies(episodes, i).stream()).toList();
    var lived = Rollout.of(Policy.random(problem.actionSize()), each.stream().map(tasks::get).toList(), RandomStream.of(seed, "episodes"));
    for (int i = 0; i < each.size(); i++) replay.of(each.get(i)).add(lived.get(i));
    return replay;
}

double distance(float[] a, int at, float[] b, int to, int width) {
    double squares = 0;
    for (int j = 0; j < width; j++) squares += (a[at + j] - b[to + j]) * (double) (a[at + j] - b[to + j]);
    return Math.sqrt(squares);
}

double error(FittedContextModel model, MetaReplay data, int task, float[] z) {
    int n = 1_000, o = data.observationSize();
    var rows = data.sample(new int[] {task}, n, RandomStream.of(3, "steps"));
    float[] told = new float[n * z.length];
    for (int i = 0; i < n; i++) System.arraycopy(z, 0, told, i * z.length, z.length);
    try (var scope = NDManager.newBaseManager("PyTorch")) {
        var s = scope.create(rows.observations(), new Shape(n, o));
        var next = scope.create(rows.nextObservations(), new Shape(n, o));
        var said = Gradients.unrecorded(() -> model.predict(s, scope.create(rows.actions(), new Shape(n, data.actionSize())), scope.create(told, new Shape(n, z.length))).means());
        return said.sub(model.units().targets().normalized(next.sub(s))).square().mean().getFloat();
    }
}

var csv = new StringBuilder("family,size,contrastive,seed,updates,accuracy,spread,error,other,seconds\n");
for (long seed : seeds) {
    var data = lived(10, seed);
    var held = lived(3, seed + 1_000);
    for (double weight : new double[] {1, 0}) {
        var settings = (size.equals("small") ? ContextModel.small() : ContextModel.released()).contrastiveWeight(weight);
        long start = System.nanoTime();
        try (var model = settings.start(data.observationSize(), data.actionSize(), seed)) {
            model.fit(data, all, updates, RandomStream.of(seed, "fit"));
            double seconds = (System.nanoTime() - start) / 1e9, within = 0, between = 0, own = 0, other = 0;
            int z = settings.contextSize(), moments = 500;
            var known = IntStream.of(all).mapToObj(t -> model.embeddings(data, t, moments, RandomStream.of(1, "known"))).toList();
            var asked = IntStream.of(all).mapToObj(t -> model.embeddings(held, t, moments, RandomStream.of(2, "asked"))).toList();
            var features = IntStream.of(all).mapToObj(t -> model.feature(held, t, 1_024, RandomStream.of(2, "feature"))).toList();
            for (int t : all) {
                for (int i = 0; i < moments; i++) within += distance(asked.get(t), i * z, features.get(t), 0, z) / (moments * all.length);
                for (int u : all) if (u != t) between += distance(features.get(u), 0, features.get(t), 0, z) / (all.length * (all.length - 1));
                own += error(model, held, t, features.get(t)) / all.length;
                other += error(model, held, t, features.get(t < 2 ? 4 : 0)) / all.length;
            }
            String row = String.format(Locale.ROOT, "half-cheetah-armature,%s,%s,%d,%d,%.4f,%.4f,%.5f,%.5f,%.1f%n", size, weight > 0 ? "with" : "without", seed, updates,
                NearestNeighbour.accuracy(known, asked, z), within / between, own, other, seconds);
            csv.append(row);
            System.out.print(row);
        }
    }
}
Files.writeString(Path.of("experiments/mcat/results/embeddings" + (size.equals("small") ? "" : "-" + size) + ".csv"), csv);
