// Makes README.md and the figures of this folder from results/*.csv and the words of reading.md:   ./metarl jshell experiments/pearl/results.jsh
var page = new StringBuilder();
void say(String line) { page.append(line).append('\n'); }
List<String[]> read(Path file) throws Exception { return Files.readAllLines(file).stream().skip(1).map(l -> l.split(",")).toList(); }
double[] numbers(Stream<String[]> rows, int column) { return rows.mapToDouble(r -> Double.parseDouble(r[column])).toArray(); }

var folder = Path.of("experiments/pearl/results");
var files = new ArrayList<Path>();
try (var list = Files.list(folder)) { list.filter(f -> f.toString().endsWith(".csv")).sorted().forEach(files::add); }
say("# PEARL: short runs\n");
say("Made by `experiments/pearl/results.jsh` from `results/*.csv`, which `experiments/pearl/sparse-point.jsh` and `cheetah-vel.jsh` write; both resume. `paper` in place of `short` runs the released settings.");
say("Intervals are Student's 95 % intervals over seeds, of the means over test tasks; with fewer than three seeds there are none.\n");
String over(double[] perSeed) {
    double mean = Arrays.stream(perSeed).average().orElse(Double.NaN);
    return perSeed.length < 3 ? String.format(Locale.ROOT, "%.2f (%d seed%s)", mean, perSeed.length, perSeed.length == 1 ? "" : "s") : Interval.ofFew(perSeed).toString();
}

for (Path file : files) {
    if (!file.getFileName().toString().startsWith("sparse-point")) continue;
    var rows = read(file);
    var seeds = rows.stream().map(r -> r[0]).filter(w -> w.matches("\\d+")).distinct().toList();
    double oracle = Arrays.stream(numbers(rows.stream().filter(r -> r[0].equals("oracle")), 6)).average().orElseThrow();
    say("## Sparse point robot, " + file.getFileName().toString().replaceAll("sparse-point-|\\.csv", "") + " scale\n");
    say(String.format(Locale.ROOT, "%1$d seeds, 80 train and 20 test tasks, %2$s updates, %3$s minutes. The oracle, which sees the goal, earns %4$.2f in every episode.\n", seeds.size(),
        rows.stream().filter(r -> seeds.contains(r[0])).map(r -> r[2]).distinct().collect(Collectors.joining(", ")),
        rows.stream().filter(r -> seeds.contains(r[0])).map(r -> r[3]).distinct().collect(Collectors.joining(", ")), oracle));
    say("| episode | PEARL, belief used at once | share of the oracle's | PEARL, belief used after 13 | share of the oracle's | exact Thompson sampling |\n|---|---|---|---|---|---|");
    int episodes = rows.stream().filter(r -> r[0].equals("Thompson")).mapToInt(r -> Integer.parseInt(r[5])).max().orElse(-1) + 1;
    double[] x = new double[episodes], mean = new double[episodes], late = new double[episodes], thompson = new double[episodes], bar = new double[episodes];
    for (int e = 0; e < episodes; e++) {
        String at = "" + e;
        double[] perSeed = seeds.stream().mapToDouble(s -> Arrays.stream(numbers(rows.stream().filter(r -> r[0].equals(s) && r[5].equals(at)), 6)).average().orElseThrow()).toArray();
        double[] later = seeds.stream().mapToDouble(s -> Arrays.stream(numbers(rows.stream().filter(r -> r[0].equals(s + " after 13") && r[5].equals(at)), 6)).average().orElseThrow()).toArray();
        late[e] = Arrays.stream(later).average().orElse(0);
        x[e] = e + 1;
        mean[e] = Arrays.stream(perSeed).average().orElse(0);
        thompson[e] = Arrays.stream(numbers(rows.stream().filter(r -> r[0].equals("Thompson") && r[5].equals(at)), 6)).average().orElseThrow();
        bar[e] = oracle;
        if (e < 5 || e % 5 == 4 || e == 13) say(String.format(Locale.ROOT, "| %d | %s | %.2f | %s | %.2f | %.2f |", e + 1, over(perSeed), mean[e] / oracle, over(later), late[e] / oracle, thompson[e]));
    }
    String picture = file.getFileName().toString().replace(".csv", ".png");
    Plots.lines("Sparse point robot, mean of " + seeds.size() + " seeds", "episode of exploration", "sparse return", Series.line("PEARL, belief used at once", x, mean), Series.line("PEARL, belief used after 13", x, late), Series.line("exact Thompson sampling", x, thompson),
        new Series("oracle", x, bar, Series.Style.REFERENCE)).savePng("experiments/pearl/results/" + picture);
    say("\n![return against episodes](results/" + picture + ")\n");
}
var reference = new TreeMap<Long, Double>(Map.of(2_000L, -282.0, 8_000L, -200.0, 10_000L, -185.0, 16_000L, -138.0, 22_000L, -77.0, 32_000L, -63.0, 42_000L, -57.0, 62_000L, -42.0));
for (String scale : List.of("short", "long", "paper")) {
    var rows = new ArrayList<String[]>();
    for (Path file : files) if (file.getFileName().toString().startsWith("cheetah-vel-" + scale)) rows.addAll(read(file));
    if (rows.isEmpty()) continue;
    say("## HalfCheetah velocity, " + scale + " scale\n");
    say("Return on five test tasks by updates, 10 train tasks. PEARL before and after two episodes of exploration; TD3 with a context after as many steps and updates, and the same after MQL's adaptation from one episode. The last");
    say("column is a curve of a different implementation of PEARL (x35f/meta_rl: learned temperature, 100 train tasks, 16 × 256 rows, one seed).\n");
    say("| updates | PEARL, prior | PEARL, 2 episodes | TD3 with context | MQL, 1 episode | other PEARL |\n|---|---|---|---|---|---|");
    var lines = new TreeMap<String, TreeMap<Long, Double>>();
    for (long updates : rows.stream().map(r -> Long.parseLong(r[4]) / 100 * 100).collect(Collectors.toCollection(TreeSet::new))) {
        var cells = new ArrayList<String>();
        for (String method : List.of("pearl", "mql")) for (String when : List.of("prior", "adapted")) {
            var now = rows.stream().filter(r -> r[0].equals(method) && r[7].equals(when) && Long.parseLong(r[4]) / 100 * 100 == updates).toList();
            double[] perSeed = now.stream().collect(Collectors.groupingBy(r -> r[2], TreeMap::new, Collectors.averagingDouble(r -> Double.parseDouble(r[8])))).values().stream().mapToDouble(v -> v).toArray();
            cells.add(perSeed.length == 0 ? "" : over(perSeed));
            if (perSeed.length > 0) lines.computeIfAbsent(method.equals("pearl") ? "PEARL, " + (when.equals("prior") ? "prior" : "2 episodes") : when.equals("prior") ? "TD3 with context" : "MQL, 1 episode", k -> new TreeMap<>())
                .put(updates, Arrays.stream(perSeed).average().orElse(0));
        }
        var near = reference.entrySet().stream().filter(e -> Math.abs(e.getKey() - updates) < 1_000).findFirst();
        say("| " + updates + " | " + String.join(" | ", cells) + " | " + near.map(e -> "" + e.getValue()).orElse("") + " |");
    }
    long last = rows.stream().mapToLong(r -> Long.parseLong(r[4])).max().orElse(0);
    var ends = new LinkedHashMap<String, Map<String, Double>>();
    for (String who : List.of("pearl,adapted", "mql,prior", "mql,adapted"))
        ends.put(who, rows.stream().filter(r -> (r[0] + "," + r[7]).equals(who) && Long.parseLong(r[4]) == last).collect(Collectors.groupingBy(r -> r[2], TreeMap::new, Collectors.averagingDouble(r -> Double.parseDouble(r[8])))));
    if (ends.get("pearl,adapted").size() > 2 && ends.get("mql,prior").keySet().equals(ends.get("pearl,adapted").keySet())) {
        Function<String, Interval> less = who -> Interval.ofFew(ends.get("pearl,adapted").entrySet().stream().mapToDouble(e -> e.getValue() - ends.get(who).get(e.getKey())).toArray());
        say("\nAfter the last update, seed by seed: PEARL less TD3 with context " + less.apply("mql,prior") + ", PEARL less MQL " + less.apply("mql,adapted") + ".");
    }
    lines.put("other PEARL, 100 train tasks", new TreeMap<>(reference.headMap(last + 3_000)));
    Plots.lines("HalfCheetah velocity, test tasks", "updates", "return", lines.entrySet().stream().map(e -> Series.line(e.getKey(), e.getValue().keySet().stream().mapToDouble(v -> v).toArray(),
        e.getValue().values().stream().mapToDouble(v -> v).toArray())).toArray(Series[]::new)).savePng("experiments/pearl/results/cheetah-vel-" + scale + ".png");
    String minutes = rows.stream().map(r -> r[0] + " " + r[2] + ": " + r[5]).distinct().collect(Collectors.joining(", "));
    say("\nMinutes by method and seed: " + minutes + ".\n\n![return against updates](results/cheetah-vel-" + scale + ".png)\n");
}
if (Files.exists(Path.of("experiments/pearl/reading.md"))) say(Files.readString(Path.of("experiments/pearl/reading.md")).strip());
Files.writeString(Path.of("experiments/pearl/README.md"), page);
System.out.println(page);
