// Makes README.md and the figures from what table1.jsh, figure5.jsh, meta.jsh and corridor.jsh have written, with the words of reading.md: ./metarl jshell experiments/mcat/results.jsh
var folder = Path.of("experiments/mcat/results");
List<Path> files(String start) throws Exception {
    try (var all = Files.list(folder)) { return all.filter(f -> f.getFileName().toString().matches(start + ".*\\.csv")).sorted().toList(); }
}
List<Map<String, String>> rows(Path file) throws Exception {
    var lines = Files.readAllLines(file);
    var names = lines.get(0).split(",");
    // a comma within a name is in quotes
    return lines.subList(1, lines.size()).stream().map(line -> {
        var cells = line.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1);
        return IntStream.range(0, names.length).boxed().collect(Collectors.toMap(i -> names[i], i -> cells[i].replace("\"", "")));
    }).toList();
}
String interval(double[] values) { return values.length == 0 ? "" : values.length == 1 ? String.format(Locale.ROOT, "%.4g (one seed)", values[0]) : "" + Interval.ofFew(values); }
double[] less(double[] a, double[] b) { return a.length != b.length ? new double[0] : IntStream.range(0, a.length).mapToDouble(i -> a[i] - b[i]).toArray(); }
var page = new StringBuilder("# An action translator, and meta-training with late rewards\n\nMade by `experiments/mcat/results.jsh`. Every number is a mean over the episodes of a seed; intervals are Student's 95 % intervals over the seeds, differences are paired by seed. \"Published\" is what the paper reports, mean ± standard error of three runs.\n\n");

// Table 1
var published1 = Map.of("cheetah", Map.of("source policy", "2355.0", "translator", "2937.2 ± 9.5", "cycle, best epoch", "3017.1 ± 44.2"), "ant", Map.of("source policy", "55.8", "translator", "208.1 ± 8.2", "cycle, best epoch", "97.2 ± 2.5"));
page.append("## Table 1: one source, one target, fixed data\n\n");
for (String body : List.of("cheetah", "ant")) {
    var all = new TreeMap<String, List<Map<String, String>>>();
    for (Path file : files("table1-" + body)) all.put(file.toString(), rows(file));
    if (all.isEmpty()) continue;
    var policies = all.firstEntry().getValue().stream().map(r -> r.get("policy")).distinct().toList();
    Function<String, double[]> means = p -> all.values().stream().mapToDouble(f -> f.stream().filter(r -> r.get("policy").equals(p)).mapToDouble(r -> Double.parseDouble(r.get("return"))).average().orElse(Double.NaN)).toArray();
    page.append("### " + (body.equals("cheetah") ? "HalfCheetah, armature 0.1 to 0.5" : "Ant, powerless leg 0 to 3") + "\n\n" + all.size() + " seeds, " + all.firstEntry().getValue().get(0).get("scale") + " of the released number of updates. The seeds share the source policy and differ in data, networks and starts.\n\n"
        + "| policy | return on the target | less the source policy there | distance of the next state | published |\n|---|---|---|---|---|\n");
    var near = new ArrayList<Map<String, String>>();
    for (Path file : files("nearness-" + body)) near.addAll(rows(file));
    Function<String, double[]> distances = p -> near.stream().filter(r -> r.get("policy").equals(p)).collect(Collectors.groupingBy(r -> r.get("seed"), TreeMap::new, Collectors.averagingDouble(r -> Double.parseDouble(r.get("distance"))))).values().stream().mapToDouble(v -> v).toArray();
    var drawn = new ArrayList<Series>();
    var shown = new ArrayList<String>();
    for (String policy : policies) {
        boolean onSource = policy.endsWith("on the source");
        page.append("| " + policy + " | " + interval(means.apply(policy)) + " | " + (onSource || policy.equals("source policy") ? "" : interval(less(means.apply(policy), means.apply("source policy")))) + " | " + interval(distances.apply(policy)) + " | " + published1.get(body).getOrDefault(policy, "") + " |\n");
        if (policy.startsWith("mediocre") || all.size() < 2) continue;
        var ends = Interval.ofFew(means.apply(policy));
        shown.add(policy);
        drawn.add(Series.interval(policy, ends.low(), ends.value(), ends.high(), shown.size()));
    }
    if (all.size() > 1) new Chart(new Panel(body.equals("cheetah") ? "HalfCheetah, armature 0.1 to 0.5" : "Ant, powerless leg 0 to 3", Axis.of("return, mean and 95 % interval over the seeds"), new Axis("", false, shown), drawn)).savePng("experiments/mcat/results/table1-" + body + ".png");
    page.append("\n![Table 1](results/table1-" + body + ".png)\n\n");
}

// Figure 5
for (String body : List.of("cheetah", "ant")) {
    var found = files("figure5-" + body);
    if (found.isEmpty()) continue;
    page.append("## Figure 5: one translator for all pairs, " + (body.equals("cheetah") ? "HalfCheetah" : "Ant") + "\n\nRelative improvement (transferred − source) / max(|source|, 1) in per cent, mean over " + found.size() + " seeds, and below it what both earn. Rows: where the policy comes from; columns: where it acts.\n\n");
    var all = new ArrayList<Map<String, String>>();
    for (Path file : found) all.addAll(rows(file));
    var names = all.stream().map(r -> r.get("source")).distinct().toList();
    var improvement = new double[names.size()][names.size()];
    page.append("| source \\ target | " + String.join(" | ", names) + " |\n|" + "---|".repeat(names.size() + 1) + "\n");
    for (int j = 0; j < names.size(); j++) {
        page.append("| " + names.get(j));
        for (int i = 0; i < names.size(); i++) {
            String from = names.get(j), to = names.get(i);
            var per = new ArrayList<Double>();
            double[] both = new double[2];
            for (String seed : all.stream().map(r -> r.get("seed")).distinct().toList()) {
                double[] mean = new double[2];
                for (int k = 0; k < 2; k++) {
                    String policy = k == 0 ? "source" : "transferred";
                    mean[k] = all.stream().filter(r -> r.get("seed").equals(seed) && r.get("source").equals(from) && r.get("target").equals(to) && r.get("policy").equals(policy)).mapToDouble(r -> Double.parseDouble(r.get("return"))).average().getAsDouble();
                    both[k] += mean[k] / found.size();
                }
                per.add(100 * (mean[1] - mean[0]) / Math.max(1, Math.abs(mean[0])));
            }
            improvement[j][i] = per.stream().mapToDouble(v -> v).average().getAsDouble();
            page.append(String.format(Locale.ROOT, " | %s; %.0f to %.0f", interval(per.stream().mapToDouble(v -> v).toArray()), both[0], both[1]));
        }
        page.append(" |\n");
    }
    String[] labels = names.toArray(String[]::new);
    Plots.heatmap("Improvement of the transferred over the source policy", "target", "source", labels, labels, improvement, "per cent").savePng("experiments/mcat/results/figure5-" + body + ".png");
    page.append("\n![Figure 5](results/figure5-" + body + ".png)\n\n");
}

// Tables 3 and 4
var published4 = Map.of("mcat-cheetah-armature", Map.of("200", "2583.2 and 2251.8", "350", "1771.7 and 2004.5", "500", "579.1 and 1776.8"), "mcat-cheetah-mass", Map.of("200", "709.6 and 666.7", "350", "156.6 and 247.8", "500", "−364.2 and 67.1"));
record Meta(String set, int delay, String arm, int seed, TreeMap<Long, Double> tests, double transferred) {}
var runs = new ArrayList<Meta>();
for (Path file : files("meta-")) {
    var name = file.getFileName().toString().replaceAll("meta-|\\.csv", "");
    var m = java.util.regex.Pattern.compile("(.+)-(\\d+)-(none|transfer|published|published-none)-(\\d+)").matcher(name);
    if (!m.matches()) throw new IllegalStateException(file + " has no name of a run");
    var tests = new TreeMap<Long, double[]>();
    double[] who = new double[2];
    for (var r : rows(file)) {
        long step = Long.parseLong(r.get("step"));
        if (r.get("kind").equals("test")) { var sum = tests.computeIfAbsent(step, k -> new double[2]); sum[0] += Double.parseDouble(r.get("return")); sum[1]++; }
        else { who[0] += Double.parseDouble(r.get("transferred")); who[1] += Double.parseDouble(r.get("episodes")); }
    }
    var means = new TreeMap<Long, Double>();
    tests.forEach((s, sum) -> means.put(s, sum[0] / sum[1]));
    runs.add(new Meta(m.group(1), Integer.parseInt(m.group(2)), m.group(3), Integer.parseInt(m.group(4)), means, who[0] / Math.max(1, who[1])));
}
if (!runs.isEmpty()) {
    page.append("## Tables 3 and 4: meta-training with late rewards\n\nReturns on test tasks, mean of the last five evaluations before the smallest number of steps that all runs of a row have made.\n\n| tasks | delay | steps | seeds | without transfer | with transfer | difference | episodes by transferred policies | published (without and with, at 1 million steps) |\n|---|---|---|---|---|---|---|---|---|\n");
    var limit = new long[1];
    Function<Meta, Double> end = r -> r.tests().headMap(limit[0], true).descendingMap().values().stream().limit(5).mapToDouble(v -> v).average().getAsDouble();
    for (String set : runs.stream().map(Meta::set).distinct().sorted().toList())
        for (int delay : runs.stream().filter(r -> r.set().equals(set)).mapToInt(Meta::delay).distinct().sorted().toArray()) {
            var here = runs.stream().filter(r -> r.set().equals(set) && r.delay() == delay).toList();
            int[] seeds = here.stream().mapToInt(Meta::seed).distinct().sorted().filter(s -> here.stream().filter(r -> r.seed() == s).count() == 2).toArray();
            if (seeds.length == 0) continue;
            limit[0] = here.stream().mapToLong(r -> r.tests().lastKey()).min().getAsLong();
            Function<String, double[]> of = arm -> Arrays.stream(seeds).mapToDouble(s -> here.stream().filter(r -> r.seed() == s && r.arm().equals(arm)).findFirst().map(end).orElse(Double.NaN)).toArray();
            double share = here.stream().filter(r -> r.arm().equals("transfer")).mapToDouble(Meta::transferred).average().orElse(Double.NaN);
            page.append(String.format(Locale.ROOT, "| %s | %d | %,d | %d | %s | %s | %s | %.0f %% | %s |%n", set.replaceFirst("-", "/"), delay, limit[0], seeds.length, interval(of.apply("none")), interval(of.apply("transfer")),
                interval(less(of.apply("transfer"), of.apply("none"))), 100 * share, published4.getOrDefault(set, Map.of()).getOrDefault("" + delay, "")));
            var drawn = new ArrayList<Series>();
            for (String arm : List.of("none", "transfer")) {
                double[] steps = here.stream().filter(r -> r.arm().equals(arm)).findFirst().get().tests().headMap(limit[0], true).keySet().stream().mapToDouble(v -> v).toArray();
                var each = here.stream().filter(r -> r.arm().equals(arm) && Arrays.stream(seeds).anyMatch(s -> s == r.seed())).map(r -> r.tests().headMap(limit[0], true).values().stream().mapToDouble(v -> v).toArray()).toList();
                String label = arm.equals("none") ? "without transfer" : "with transfer";
                IntFunction<double[]> at = k -> each.stream().mapToDouble(v -> v[k]).toArray();
                drawn.add(Series.line(label, steps, IntStream.range(0, steps.length).mapToDouble(k -> Arrays.stream(at.apply(k)).average().getAsDouble()).toArray()));
                drawn.add(Series.band(label, steps, IntStream.range(0, steps.length).mapToDouble(k -> Arrays.stream(at.apply(k)).min().getAsDouble()).toArray(), IntStream.range(0, steps.length).mapToDouble(k -> Arrays.stream(at.apply(k)).max().getAsDouble()).toArray()));
            }
            new Chart(new Panel(set.replaceFirst("-", "/") + ", rewards paid every " + delay + " steps", Axis.of("environment steps"), Axis.of("return on test tasks"), drawn)).savePng("experiments/mcat/results/meta-" + set + "-" + delay + ".png");
        }
    page.append("\n");
    for (Path file : new TreeSet<>(Arrays.asList(folder.toFile().listFiles((d, n) -> n.matches("meta-.*\\.png"))).stream().map(java.io.File::toPath).toList())) page.append("![learning curves](results/" + file.getFileName() + ")\n\n");
}
// A corridor
if (Files.exists(folder.resolve("corridor.csv"))) {
    var all = rows(folder.resolve("corridor.csv"));
    java.util.function.BiFunction<String, String, double[]> far = (column, method) -> all.stream().filter(r -> r.get("method").equals(method) && !r.get("task").startsWith("angle=0.00"))
        .collect(Collectors.groupingBy(r -> Integer.parseInt(r.get("seed")), TreeMap::new, Collectors.averagingDouble(r -> Double.parseDouble(r.get(column))))).values().stream().mapToDouble(v -> v).toArray();
    page.append("## Four points in a corridor with a bend\n\nOne task is easy, three are far (`corridor.jsh`). Mean over the three far tasks, of 10 at most, over " + all.stream().map(r -> r.get("seed")).distinct().count() + " seeds; differences are paired by seed.\n\n| method | return of the episodes that were collected | MCAT minus this | return of the learned policy, all evaluations | MCAT minus this |\n|---|---|---|---|---|\n");
    for (String method : all.stream().map(r -> r.get("method")).distinct().toList()) {
        page.append("| " + method);
        for (String column : List.of("collected", "learned")) {
            double[] own = far.apply(column, method), mcat = far.apply(column, "MCAT");
            page.append(" | " + interval(own) + " | " + (method.equals("MCAT") ? "" : interval(less(mcat, own))));
        }
        page.append(" |\n");
    }
    page.append("\n");
}
if (Files.exists(Path.of("experiments/mcat/reading.md"))) page.append(Files.readString(Path.of("experiments/mcat/reading.md")).strip() + "\n");
Files.writeString(Path.of("experiments/mcat/README.md"), page);
System.out.println(page);
