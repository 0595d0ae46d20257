// Makes README.md and the figures from what poles.jsh, cheetah.jsh and optimum.jsh have written, with the words of reading.md: ./metarl jshell experiments/grbal/results.jsh
var folder = Path.of("experiments/grbal/results");
var titles = new LinkedHashMap<String, String>();
titles.put("pendulum-motor", "Pendulum: the motor is reversed");
titles.put("cart-pole", "Cart-pole: a different force and length");
titles.put("pendulum", "Pendulum: a different mass and length");
titles.put("half-cheetah-crippled", "HalfCheetah: a motor fails");
var order = List.of("trained without adapting", "GrBAL's model without adapting", "GrBAL", "ReBAL", "true simulator");

/** One episode of one test task. */
record Played(String bed, String method, long seed, double minutes, double value, double before, double after) {}
var rows = new ArrayList<Played>();
var files = new TreeSet<Path>();
try (var all = Files.list(folder)) { all.filter(f -> f.toString().endsWith(".csv") && !f.getFileName().toString().matches("(optimum|held-out).*")).forEach(files::add); }
for (Path file : files)
    for (String line : Files.readAllLines(file).subList(1, Files.readAllLines(file).size())) {
        var c = line.split(",");
        rows.add(new Played(c[0], c[1], Long.parseLong(c[2]), Double.parseDouble(c[4]), Double.parseDouble(c[7]), Double.parseDouble(c[9]), Double.parseDouble(c[10])));
    }
long[] seeds(String bed) { return rows.stream().filter(r -> r.bed().equals(bed)).mapToLong(Played::seed).distinct().sorted().toArray(); }
/** The mean over test episodes, one per seed. */
double[] means(String bed, String method, ToDoubleFunction<Played> what) {
    return Arrays.stream(seeds(bed)).mapToDouble(s -> rows.stream().filter(r -> r.bed().equals(bed) && r.method().equals(method) && r.seed() == s).mapToDouble(what).average().orElse(Double.NaN)).filter(v -> !Double.isNaN(v)).toArray();
}
String interval(double[] values) { return values.length == 0 ? "" : values.length == 1 ? String.format(Locale.ROOT, "%.4g (one seed)", values[0]) : "" + Interval.ofFew(values); }
double[] less(double[] a, double[] b) { return a.length != b.length ? new double[0] : IntStream.range(0, a.length).mapToDouble(i -> a[i] - b[i]).toArray(); }

var page = new StringBuilder("# Planning with a model that adapts\n\nMade by `experiments/grbal/results.jsh` from what `poles.jsh`, `cheetah.jsh` and `optimum.jsh` have written. Every test episode begins as the nominal task and changes at step 100. Means over the test episodes of a seed; intervals are Student's 95 % intervals over the seeds, differences are paired by seed.\n\n");
for (String bed : titles.keySet()) {
    if (rows.stream().noneMatch(r -> r.bed().equals(bed))) continue;
    var methods = order.stream().filter(m -> rows.stream().anyMatch(r -> r.bed().equals(bed) && r.method().equals(m))).toList();
    page.append("## " + titles.get(bed) + "\n\n" + seeds(bed).length + (seeds(bed).length == 1 ? " seed" : " seeds") + ".\n\n| method | return | less the same model without adapting | less trained without adapting | minutes of each seed |\n|---|---|---|---|---|\n");
    var drawn = new ArrayList<Series>();
    for (int m = 0; m < methods.size(); m++) {
        String method = methods.get(m);
        double[] mean = means(bed, method, Played::value);
        String spent = method.equals("true simulator") || method.contains("'s model") ? "" : Arrays.stream(means(bed, method, Played::minutes)).mapToObj(v -> String.format(Locale.ROOT, "%.1f", v)).collect(Collectors.joining(", "));
        page.append("| " + method + " | " + interval(mean) + " | " + (m < 2 ? "" : interval(less(mean, means(bed, order.get(1), Played::value)))) + " | " + (m < 1 ? "" : interval(less(mean, means(bed, order.get(0), Played::value)))) + " | " + spent + " |\n");
        var ends = mean.length > 1 ? Interval.ofFew(mean) : new Interval(mean[0], mean[0], mean[0], 0.95, "one seed");
        drawn.add(Series.interval(method, ends.low(), ends.value(), ends.high(), m + 1));
    }
    double[] before = means(bed, "GrBAL", Played::before), after = means(bed, "GrBAL", Played::after);
    page.append("\nError of GrBAL's model along these episodes: " + interval(before) + " before the step, " + interval(after) + " after it; after less before: " + interval(less(after, before)) + ".\n\n![returns](results/" + bed + ".png)\n\n");
    new Chart(new Panel(titles.get(bed), Axis.of("return of an episode, mean and 95 % interval over the seeds"), new Axis("", false, methods), drawn)).savePng("experiments/grbal/results/" + bed + ".png");
}
var heldOut = Files.readAllLines(folder.resolve("held-out.csv")).stream().skip(1).map(l -> l.split(",")).collect(Collectors.groupingBy(c -> c[1], TreeMap::new, Collectors.toList()));
double[] errorBefore = heldOut.values().stream().mapToDouble(r -> r.stream().mapToDouble(c -> Double.parseDouble(c[3])).average().getAsDouble()).toArray();
double[] errorAfter = heldOut.values().stream().mapToDouble(r -> r.stream().mapToDouble(c -> Double.parseDouble(c[4])).average().getAsDouble()).toArray();
page.append("## The error of the model on held-out motors\n\nTwenty motors, random actions, no change under way (`held-out.jsh`). Mean squared error of the next step, " + heldOut.size() + " seeds: " + interval(errorBefore) + " before the step on the last K, " + interval(errorAfter) + " after it; after less before: " + interval(less(errorAfter, errorBefore)) + ".\n\n");
page.append("## The planner beside the optimum\n\nThe pendulum of 1 kg and 1 m, 200 steps, planned with the true simulator. The optimum lies between the return of the greedy actions of dynamic programming and, apart from the error of interpolation, its value. Sums over the starts of one seed that was not used to choose settings.\n\n");
var lines = Files.readAllLines(folder.resolve("optimum-17.csv"));
var columns = lines.get(0).split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)");
double[] sums = new double[columns.length];
for (String line : lines.subList(1, lines.size())) for (int c = 0; c < columns.length; c++) sums[c] += Double.parseDouble(line.split(",")[c]);
page.append("| | sum of " + (lines.size() - 1) + " returns | worse than the greedy actions by |\n|---|---|---|\n");
for (int c = 3; c < columns.length; c++) page.append(String.format(Locale.ROOT, "| %s | %.1f | %s |%n", columns[c].replace("\"", ""), sums[c], c < 6 ? "" : String.format(Locale.ROOT, "%.1f %%", 100 * (sums[c] / sums[5] - 1))));
page.append("\n");
if (Files.exists(Path.of("experiments/grbal/reading.md"))) page.append(Files.readString(Path.of("experiments/grbal/reading.md")).strip() + "\n");
Files.writeString(Path.of("experiments/grbal/README.md"), page);
System.out.println(page);
