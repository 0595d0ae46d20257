// Makes README.md, the figures and results/curves.csv from what train.jsh has written, with the words of reading.md: ./metarl jshell experiments/mcat-table2/results.jsh
var folder = Path.of("experiments/mcat-table2/results");
var methods = new LinkedHashMap<String, String>();
methods.put("mql", "MQL"); methods.put("pearl", "PEARL"); methods.put("distral", "Distral (MTRL)"); methods.put("hip-bmdp", "HiP-BMDP"); methods.put("mcat", "MCAT"); methods.put("mcat-none", "MCAT without transfer");
var families = new LinkedHashMap<String, String>();
families.put("hopper-size", "Hopper, size"); families.put("cheetah-armature", "HalfCheetah, armature"); families.put("cheetah-mass", "HalfCheetah, mass"); families.put("ant-damping", "Ant, damping"); families.put("ant-cripple", "Ant, crippled leg");
var published2 = Map.of("mql", "1607.5, -77.9, -413.9, 103.1, 38.2", "pearl", "1755.8, -18.8, 25.9, 73.2, 3.5", "distral", "1319.8, 566.9, -29.5, 90.5, -0.1", "hip-bmdp", "1368.3, -102.4, -74.8, 33.1, 7.3", "mcat", "1914.8, 2071.5, 1771.1, 624.6, 281.6");
var published3 = Map.of("mcat-none", "1497.5, 579.1, -364.3, 187.7, 92.4", "mcat", "1982.1, 1776.8, 67.1, 211.8, 155.7");

/** Per step the mean over the test tasks, adapted where the method adapts; and over the train tasks of what was collected. */
record Run(TreeMap<Long, Double> test, TreeMap<Long, Double> collected, double transferred) {}
TreeMap<Long, Double> means(List<String[]> rows, String kind) {
    return rows.stream().filter(r -> r[2].equals(kind)).collect(Collectors.groupingBy(r -> Long.parseLong(r[0]), TreeMap::new, Collectors.averagingDouble(r -> Double.parseDouble(r[3]))));
}
double sum(List<String[]> rows, int column) { return rows.stream().filter(r -> r[2].equals("train")).mapToDouble(r -> Double.parseDouble(r[column])).sum(); }
Run read(Path file) throws Exception {
    var lines = Files.readAllLines(file);
    var rows = lines.subList(1, lines.size()).stream().map(line -> line.split(",", -1)).toList();
    var adapted = means(rows, "adapted");
    return new Run(adapted.isEmpty() ? means(rows, "test") : adapted, means(rows, "train"), sum(rows, 5) / Math.max(1, sum(rows, 4)));
}
var runs = new TreeMap<String, TreeMap<Integer, Run>>();
try (var all = Files.list(folder)) {
    for (Path file : all.filter(f -> f.getFileName().toString().matches(".+-\\d+\\.csv")).sorted().toList()) {
        var name = file.getFileName().toString().replace(".csv", "");
        int dash = name.lastIndexOf('-');
        runs.computeIfAbsent(name.substring(0, dash), k -> new TreeMap<>()).put(Integer.parseInt(name.substring(dash + 1)), read(file));
    }
}
String interval(double[] values) { return values.length == 0 ? "" : values.length == 1 ? Figures.number(values[0], 4) + " (one seed)" : "" + Interval.ofFew(values); }
// all runs are compared at the smallest number of steps that every one of them has made
long steps = runs.values().stream().flatMap(m -> m.values().stream()).mapToLong(r -> r.test().lastKey()).min().getAsLong();
double[] ends(String family, String method, Function<Run, TreeMap<Long, Double>> what) { return runs.getOrDefault(family + "-" + method, new TreeMap<>()).values().stream().mapToDouble(r -> what.apply(r).floorEntry(steps).getValue()).toArray(); }
double[] less(double[] a, double[] b) { return a.length != b.length ? new double[0] : IntStream.range(0, a.length).mapToDouble(i -> a[i] - b[i]).toArray(); }
long seeds = runs.values().stream().flatMap(m -> m.keySet().stream()).distinct().count();

var page = new StringBuilder(String.format(Locale.ROOT, "# Five methods, five families, late rewards\n\nMade by `experiments/mcat-table2/results.jsh`. Rewards are paid every 500 steps, episodes have 1,000. Every run has made %,d steps with the sizes and rates of one protocol (`train.jsh`); the paper's have made 2,000,000. Means with Student's 95 %% intervals over %d seeds; differences are paired by seed.\n\n", steps, seeds));
void table(String title, Function<Run, TreeMap<Long, Double>> what) {
    page.append("## " + title + "\n\n| method | " + String.join(" | ", families.values()) + " |\n|" + "---|".repeat(families.size() + 1) + "\n");
    for (var m : methods.entrySet()) {
        page.append("| " + m.getValue());
        for (String f : families.keySet()) page.append(" | " + interval(ends(f, m.getKey(), what)));
        page.append(" |\n");
    }
    page.append("\n");
}
table("Return on test tasks", Run::test);
page.append("Methods that explore a new task (MQL, PEARL) are shown after two episodes of exploration, the others without any.\n\n**Published**, at 2,000,000 steps (Table 2):\n\n| method | " + String.join(" | ", families.values()) + " |\n|" + "---|".repeat(families.size() + 1) + "\n");
for (var m : methods.entrySet()) if (published2.containsKey(m.getKey())) page.append("| " + m.getValue() + " | " + published2.get(m.getKey()).replace("-", "−").replace(", ", " | ") + " |\n");
page.append("\n");
table("Return of the episodes that were collected in the train tasks, last 20,000 steps", Run::collected);
page.append("## Table 3: with transfer and without\n\n| family | without transfer | with transfer | difference | the same of collected episodes | episodes by transferred policies | published (without and with, at 1 million steps) |\n|---|---|---|---|---|---|---|\n");
for (String f : families.keySet()) {
    int column = new ArrayList<>(families.keySet()).indexOf(f);
    double share = runs.getOrDefault(f + "-mcat", new TreeMap<>()).values().stream().mapToDouble(Run::transferred).average().orElse(Double.NaN);
    page.append("| " + families.get(f) + " | " + interval(ends(f, "mcat-none", Run::test)) + " | " + interval(ends(f, "mcat", Run::test)) + " | " + interval(less(ends(f, "mcat", Run::test), ends(f, "mcat-none", Run::test))) + " | "
        + interval(less(ends(f, "mcat", Run::collected), ends(f, "mcat-none", Run::collected))) + String.format(Locale.ROOT, " | %.0f %% | ", 100 * share) + (published3.get("mcat-none").split(", ")[column] + " and " + published3.get("mcat").split(", ")[column]).replace("-", "−") + " |\n");
}

// the picture: like the paper's Figure 3, with all seeds between the lowest and the highest
var csv = new StringBuilder("family,method,step,mean,lowest,highest,seeds\n");
var panels = new ArrayList<Content>();
for (var f : families.entrySet()) {
    var drawn = new ArrayList<Series>();
    for (var m : methods.entrySet()) {
        var of = runs.getOrDefault(f.getKey() + "-" + m.getKey(), new TreeMap<>()).values();
        if (of.isEmpty()) continue;
        double[] x = of.iterator().next().test().headMap(steps, true).keySet().stream().mapToDouble(v -> v).toArray();
        double[] mean = new double[x.length], low = new double[x.length], high = new double[x.length];
        for (int k = 0; k < x.length; k++) {
            long step = (long) x[k];
            var here = of.stream().mapToDouble(r -> r.test().get(step)).summaryStatistics();
            mean[k] = here.getAverage(); low[k] = here.getMin(); high[k] = here.getMax();
            csv.append(String.format(Locale.ROOT, "%s,%s,%d,%.5g,%.5g,%.5g,%d%n", f.getKey(), m.getValue(), step, mean[k], low[k], high[k], here.getCount()));
        }
        drawn.add(Series.line(m.getValue(), x, mean));
        if (of.size() > 1) drawn.add(Series.band(m.getValue(), x, low, high));
    }
    if (!drawn.isEmpty()) panels.add(new Panel(f.getValue(), Axis.of("environment steps"), Axis.of("return"), drawn));
}
Files.writeString(folder.resolve("curves.csv"), csv);
for (int i = 0; i < panels.size(); i++) new Chart(panels.get(i)).savePng("experiments/mcat-table2/results/" + new ArrayList<>(families.keySet()).get(i) + ".png");
page.append("\n## Learning curves on test tasks\n\nMean over the seeds, and the range from the lowest to the highest.\n\n");
for (int i = 0; i < panels.size(); i++) page.append("![" + new ArrayList<>(families.values()).get(i) + "](results/" + new ArrayList<>(families.keySet()).get(i) + ".png)\n\n");
if (Files.exists(Path.of("experiments/mcat-table2/reading.md"))) page.append(Files.readString(Path.of("experiments/mcat-table2/reading.md")).strip() + "\n");
Files.writeString(Path.of("experiments/mcat-table2/README.md"), page);
System.out.println(page);
