// Makes README.md and its figure from what embeddings.jsh has written, with the words of reading.md: ./metarl jshell experiments/hip/results.jsh
var page = new StringBuilder("# What HiP-BMDP's embeddings say about the tasks\n\nMade by `experiments/hip/results.jsh` from the runs of `embeddings.jsh`: HalfCheetah, eight armatures to train on and four new ones, 40,000 steps. Intervals are Student's 95 % intervals over the seeds.\n\n");
page.append("| states | seeds | rank correlation of first coordinate and armature, train tasks | error of the fit / error of the mean, new tasks | new tasks in which the fit is better |\n|---|---|---|---|---|\n");
double[] numbers(Table of, String column) { return of.numberColumn(column).asDoubleArray(); }
/** 1 where one rises whenever the other does. */
double rankCorrelation(double[] x, double[] y) {
    double squares = 0, n = x.length;
    for (int i = 0; i < n; i++) {
        double a = x[i], b = y[i];
        squares += Math.pow(Arrays.stream(x).filter(v -> v < a).count() - Arrays.stream(y).filter(v -> v < b).count(), 2);
    }
    return 1 - 6 * squares / (n * (n * n - 1));
}
var drawn = new ArrayList<Series>();
for (String kind : List.of("observation", "encoded")) {
    var all = Table.read().csv("experiments/hip/results/embeddings-" + kind + ".csv");
    var ranks = new ArrayList<Double>();
    var ratios = new ArrayList<Double>();
    int better = 0, cases = 0;
    for (int seed : all.intColumn("seed").asSet().stream().sorted().toList()) {
        var of = all.where(all.intColumn("seed").isEqualTo(seed));
        var train = of.where(of.stringColumn("task").isEqualTo("train"));
        var fresh = of.where(of.stringColumn("task").isEqualTo("new"));
        ranks.add(rankCorrelation(numbers(train, "armature"), numbers(train, "coordinate")));
        double[] error = numbers(fresh, "error"), ofMean = numbers(fresh, "errorOfMean");
        ratios.add(IntStream.range(0, error.length).mapToDouble(i -> error[i] / ofMean[i]).average().getAsDouble());
        better += (int) IntStream.range(0, error.length).filter(i -> error[i] < ofMean[i]).count();
        cases += error.length;
        if (kind.equals("observation")) drawn.add(Series.points("seed " + seed, numbers(train, "armature"), numbers(train, "coordinate")));
    }
    double[] r = ranks.stream().mapToDouble(v -> v).toArray(), e = ratios.stream().mapToDouble(v -> v).toArray();
    page.append("| " + (kind.equals("encoded") ? "encoded, as released" : "as observed, no encoder") + " | " + r.length + " | " + Interval.ofFew(r) + " | " + Interval.ofFew(e) + " | " + better + " of " + cases + " |\n");
}
new Chart(new Panel("Embeddings of HalfCheetahs, no encoder", Axis.of("armature (kg m²)"), Axis.of("first coordinate"), drawn)).savePng("experiments/hip/results/embeddings.png");
page.append("\n![first coordinate against armature](results/embeddings.png)\n\n" + Files.readString(Path.of("experiments/hip/reading.md")).strip() + "\n");
Files.writeString(Path.of("experiments/hip/README.md"), page);
System.out.println(page);
