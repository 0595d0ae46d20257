// ProMP beside MAML on the point that looks for its corner, five seeds; writes results/corner.csv, two figures and README.md with the words of reading.md:
//   ./metarl jshell experiments/promp/corner.jsh [seeds]
// Started again, it resumes. Every method gets the same episodes per update: 8 tasks × 10 episodes × 100 steps before the inner step, and as many after it.
var seeds = args.length < 1 ? new long[] {1, 2, 3, 4, 5} : Arrays.stream(args[0].split(",")).mapToLong(Long::parseLong).toArray();
var tasks = TaskSet.published("promp/point-corner");
var promp = ProMp.corner();
var maml = Maml.released("navigation").hidden(promp.hidden()).innerRate(promp.innerRate()).tasksPerUpdate(promp.tasksPerUpdate()).episodesPerTask(promp.episodesPerTask())
    .divergenceLimit(0.001);
int updates = 150, block = 10;
long perUpdate = 2L * promp.tasksPerUpdate() * promp.episodesPerTask() * tasks.family().horizon();
var methods = new LinkedHashMap<String, Algorithm>();
methods.put("ProMP, 5 epochs", promp);
methods.put("ProMP, 1 epoch", promp.epochs(1));
methods.put("MAML", maml);
methods.put("MAML, likelihood ratio", maml.inner(InnerObjective.LIKELIHOOD_RATIO));
var file = Path.of("experiments/promp/results/corner.csv");
Files.createDirectories(file.getParent());
var csv = new StringBuilder("method,hash,seed,minutes,update,steps,metric,value\n");

/** Outer steps per update. */
int outerSteps(String method) { return method.equals("ProMP, 5 epochs") ? promp.epochs() : 1; }

// [seed][update]: the mean return of the episodes that θ' collected
var after = new LinkedHashMap<String, double[][]>();
var minutes = new LinkedHashMap<String, List<String>>();
for (long seed : seeds)
    for (var method : methods.entrySet())
        try (var run = MetaTraining.on(tasks).algorithm(method.getValue()).steps(updates * perUpdate).evaluateEvery(updates * perUpdate / 5).shots(promp.episodesPerTask()).adaptTasks(4).episodes(10).seed(seed)
                .saveTo("runs/promp/corner-" + method.getKey().replaceAll("[ ,]+", "-").toLowerCase(Locale.ROOT) + "-" + seed).run()) {
            String spent = String.format(Locale.ROOT, "%.1f", run.seconds() / 60);
            for (String metric : List.of("returnBeforeInnerSteps", "returnAfterInnerSteps", "divergence")) {
                double[] values = run.curve().where(t -> t.stringColumn("metric").isEqualTo(metric)).numberColumn("mean").asDoubleArray();
                for (int u = 0; u < values.length; u++)
                    csv.append(String.format(Locale.ROOT, "\"%s\",%s,%d,%s,%d,%d,%s,%.5g%n", method.getKey(), tasks.hash(), seed, spent, u + 1, (u + 1) * perUpdate, metric, values[u]));
                if (metric.equals("returnAfterInnerSteps")) after.computeIfAbsent(method.getKey(), k -> new double[seeds.length][])[Arrays.stream(seeds).boxed().toList().indexOf(seed)] = values;
            }
            minutes.computeIfAbsent(method.getKey(), k -> new ArrayList<>()).add(spent);
            System.out.println(method.getKey() + ", seed " + seed + ", " + spent + " minutes");
        }
Files.writeString(file, csv);

/** Means over updates from (exclusive) to (inclusive), one per seed. */
double[] means(String method, int from, int to) {
    return Arrays.stream(after.get(method)).mapToDouble(v -> Interval.mean(Arrays.copyOfRange(v, from, Math.min(to, v.length)))).toArray();
}
String less(double[] a, double[] b) { return "" + Interval.ofFew(IntStream.range(0, a.length).mapToDouble(i -> a[i] - b[i]).toArray()); }
/** A mean over the seeds for each block of updates. */
Series line(String method, boolean byOuterSteps) {
    int[] ends = IntStream.rangeClosed(1, updates / block).map(k -> k * block).filter(u -> !byOuterSteps || u * outerSteps(method) <= updates).toArray();
    return Series.line(method, Arrays.stream(ends).mapToDouble(u -> byOuterSteps ? u * outerSteps(method) : u * perUpdate).toArray(),
        Arrays.stream(ends).mapToDouble(u -> Interval.mean(means(method, u - block, u))).toArray());
}
void draw(String name, String x, boolean byOuterSteps) throws Exception {
    Plots.lines("Point and corner, mean of " + seeds.length + " seeds", x, "return after one inner step", methods.keySet().stream().map(m -> line(m, byOuterSteps)).toArray(Series[]::new)).savePng("experiments/promp/results/" + name + ".png");
}
draw("corner-samples", "environment steps", false);
draw("corner-outer-steps", "outer steps", true);

var page = new StringBuilder("# ProMP: short runs\n\nMade by `experiments/promp/corner.jsh`, which writes `results/corner.csv` and the figures; started again, it resumes.\n\n## The point and its corner\n\n");
page.append(String.format(Locale.ROOT, "One of four corners pays. %d tasks, %d episodes of 100 steps per task and round, one inner step with α = %s, policy 2-%d-%d-2; %d updates (%,d steps), %d seeds. Returns are those of the episodes that the adapted policies collect in training. Intervals are Student's 95 %% intervals over the seeds; differences are paired by seed.%n%n",
    promp.tasksPerUpdate(), promp.episodesPerTask(), promp.innerRate(), promp.hidden(), promp.hidden(), updates, updates * perUpdate, seeds.length));
/** Each method's means over windows of updates, or of outer steps, and what they are minus MAML's. */
void table(String title, Map<String, int[]> windows, boolean byOuterSteps) {
    BiFunction<String, int[], double[]> over = (m, w) -> means(m, w[0] / (byOuterSteps ? outerSteps(m) : 1), w[1] / (byOuterSteps ? outerSteps(m) : 1));
    page.append("**" + title + "**\n\n| return after one inner step | ").append(String.join(" | ", windows.keySet())).append(" |\n|---|" + "---|".repeat(windows.size()) + "\n");
    for (String m : methods.keySet()) page.append("| " + m + " | " + windows.values().stream().map(w -> "" + Interval.ofFew(over.apply(m, w))).collect(Collectors.joining(" | ")) + " |\n");
    for (String m : methods.keySet())
        if (!m.equals("MAML")) page.append("| " + m + ", minus MAML | " + windows.values().stream().map(w -> less(over.apply(m, w), over.apply("MAML", w))).collect(Collectors.joining(" | ")) + " |\n");
    page.append("\n");
}
var windows = new LinkedHashMap<String, int[]>();
windows.put("all updates", new int[] {0, updates});
windows.put("first third", new int[] {0, updates / 3});
windows.put("last third", new int[] {2 * updates / 3, updates});
table("At equal samples", windows, false);
page.append("![return against samples](results/corner-samples.png)\n\n");
var outer = new LinkedHashMap<String, int[]>();
outer.put("all of " + updates + " outer steps", new int[] {0, updates});
outer.put("last third of them", new int[] {2 * updates / 3, updates});
table("At equal outer steps", outer, true);
page.append("![return against outer steps](results/corner-outer-steps.png)\n\nMinutes of each seed: " + minutes.entrySet().stream().map(e -> e.getKey() + " " + String.join(", ", e.getValue())).collect(Collectors.joining("; ")) + ".\n");
if (Files.exists(Path.of("experiments/promp/reading.md"))) page.append("\n" + Files.readString(Path.of("experiments/promp/reading.md")).strip() + "\n");
Files.writeString(Path.of("experiments/promp/README.md"), page);
System.out.println(page);
