// Makes README.md and its figures from what grid.jsh, point.jsh, cheetah.jsh and corners.jsh have written, with the words of reading-*.md: ./metarl jshell experiments/drat/results.jsh
var page = new StringBuilder("# Whose experience may a task learn from?\n\nMade by `experiments/drat/results.jsh`. Q-learning by tables on `GoalGrid`: a square of 49 cells, a goal in a corner, rewards 0 and 1. Every family has 8 or 16 tasks, and a rule decides which of them learn from an episode of a different task. Numbers are exact values of the greedy policies, mean over the tasks, after 80 episodes of all tasks together / after 800. Means over 30 seeds; Student's 95 % intervals are in the second table.\n\n");
var shifts = new LinkedHashMap<String, String>();
shifts.put("SIGN", "opposite controls"); shifts.put("ROTATION", "turned controls"); shifts.put("WIND", "wind"); shifts.put("NONE", "no shift");
var rows = new LinkedHashMap<String, TreeMap<Integer, double[]>>();
var rules = new LinkedHashSet<String>();
for (String line : Files.readAllLines(Path.of("experiments/drat/results/grid.csv"))) {
    if (line.startsWith("shift,")) continue;
    var m = java.util.regex.Pattern.compile("(\\w+),\"(.*)\",(\\d+),(.*),(.*)").matcher(line);
    if (!m.matches()) throw new IllegalStateException(line);
    rules.add(m.group(2));
    rows.computeIfAbsent(m.group(1) + m.group(2), k -> new TreeMap<>()).put(Integer.parseInt(m.group(3)), new double[] {Double.parseDouble(m.group(4)), Double.parseDouble(m.group(5))});
}
double[] values(String shift, String rule, int when) { return rows.get(shift + rule).values().stream().mapToDouble(v -> v[when]).toArray(); }
double mean(double[] v) { return Arrays.stream(v).average().getAsDouble(); }
double[] less(double[] a, double[] b) { return IntStream.range(0, a.length).mapToDouble(i -> a[i] - b[i]).toArray(); }
page.append("| rule | " + String.join(" | ", shifts.values()) + " |\n|" + "---|".repeat(5) + "\n");
for (String rule : rules) {
    page.append("| " + rule);
    for (String shift : shifts.keySet()) page.append(String.format(Locale.ROOT, " | %.3f / %.3f", mean(values(shift, rule, 0)), mean(values(shift, rule, 1))));
    page.append(" |\n");
}
page.append("\n**Difference from no transfer**, paired by seed\n\n| rule | " + shifts.values().stream().map(s -> s + ", early | at the end").collect(Collectors.joining(" | ")) + " |\n|" + "---|".repeat(9) + "\n");
for (String rule : rules) {
    if (rule.equals("no transfer")) continue;
    page.append("| " + rule);
    for (String shift : shifts.keySet()) for (int when = 0; when < 2; when++) page.append(" | " + Interval.ofFew(less(values(shift, rule, when), values(shift, "no transfer", when))));
    page.append(" |\n");
}
var panels = new ArrayList<Content>();
for (var shift : List.of("SIGN", "WIND")) {
    var drawn = new ArrayList<Series>();
    var names = new ArrayList<String>();
    for (String rule : rules) {
        if (rule.equals("no transfer")) continue;
        var over = Interval.ofFew(less(values(shift, rule, 0), values(shift, "no transfer", 0)));
        names.add(rule);
        drawn.add(Series.interval(rule, over.low(), over.value(), over.high(), names.size()));
    }
    drawn.add(new Series("no transfer", new double[] {0, 0}, new double[] {0.5, names.size() + 0.5}, Series.Style.REFERENCE));
    panels.add(new Panel(shifts.get(shift), Axis.of("early value, minus no transfer"), new Axis("", false, names), drawn));
    new Chart(panels.get(panels.size() - 1)).height(520).savePng("experiments/drat/results/grid-" + shift.toLowerCase(Locale.ROOT) + ".png");
}
String words(String name) throws Exception { return "\n" + Files.readString(Path.of("experiments/drat/reading-" + name + ".md")).strip() + "\n"; }
page.append("\n![opposite controls](results/grid-sign.png)\n\n![wind](results/grid-wind.png)\n" + words("grid"));

/** rule -> seed -> round -> what is in that column. */
TreeMap<String, TreeMap<Integer, TreeMap<Integer, Double>>> read(String bed, int column) throws Exception {
    var found = new TreeMap<String, TreeMap<Integer, TreeMap<Integer, Double>>>();
    for (String line : Files.readAllLines(Path.of("experiments/drat/results/" + bed + ".csv"))) {
        String[] c = line.split(",", -1);
        if (!c[0].equals("seed")) found.computeIfAbsent(c[1], k -> new TreeMap<>()).computeIfAbsent(Integer.parseInt(c[0]), k -> new TreeMap<>()).put(Integer.parseInt(c[2]), c[column].isEmpty() ? Double.NaN : Double.parseDouble(c[column]));
    }
    return found;
}
/** Over the rounds between these two. */
double mean(TreeMap<Integer, Double> rounds, int from, int to) { return rounds.subMap(from, true, to, true).values().stream().mapToDouble(v -> v).average().getAsDouble(); }
var said = new HashMap<>(Map.of("none", "no transfer", "all", "all", "all-half", "all, halved", "all-ratio", "all, by learned ratio", "paid", "paid", "paid-half", "paid, halved", "paid-ratio", "paid, by learned ratio", "paid-trusted", "paid, by learned ratio, trusted", "paid-capped", "paid, by learned ratio up to 1, trusted", "drat-ratio", "several steps, by learned ratio"));
said.putAll(Map.of("drat-capped", "several steps, by learned ratio up to 1, trusted", "drat-interval", "tight interval, by learned ratio up to 1, trusted"));
said.putAll(Map.of("random", "random: one other", "inverse", "rank among recent episodes (approximate inverse RL)", "foresight", "foresight (HFR)"));
var order = List.of("none", "all", "all-half", "all-ratio", "paid", "paid-half", "paid-ratio", "paid-trusted", "paid-capped", "drat-ratio", "drat-capped", "drat-interval", "random", "inverse", "foresight");
void networks(String bed, String title, int early, int late, int end) throws Exception {
    var returns = read(bed, 3);
    var ess = read(bed, 5);
    var none = returns.get("none");
    page.append(String.format(Locale.ROOT, "\n| rule | seeds | early: mean of rounds up to %d | minus no transfer | at the end: rounds %d to %d | minus no transfer | ESS/n of foreign steps, early, at the end |\n|" + "---|".repeat(7) + "\n", early, late, end));
    var drawn = new ArrayList<Series>();
    for (String rule : order) {
        if (!returns.containsKey(rule)) continue;
        var own = returns.get(rule);
        var seeds = own.keySet().stream().filter(none::containsKey).toList();
        double[] first = seeds.stream().mapToDouble(s -> mean(own.get(s), 1, early)).toArray(), last = seeds.stream().mapToDouble(s -> mean(own.get(s), late, end)).toArray();
        double[] firstNone = seeds.stream().mapToDouble(s -> mean(none.get(s), 1, early)).toArray(), lastNone = seeds.stream().mapToDouble(s -> mean(none.get(s), late, end)).toArray();
        boolean isNone = rule.equals("none");
        String shares = !rule.matches(".*(ratio|trusted|capped|interval)") ? "" : List.of(new int[] {1, early}, new int[] {late, end}).stream().map(r -> seeds.stream().flatMap(s -> ess.get(rule).get(s).subMap(r[0], true, r[1], true).values().stream()).filter(v -> !v.isNaN()).mapToDouble(v -> v).average().stream().mapToObj(v -> String.format(Locale.ROOT, "%.2f", v)).findFirst().orElse("none is left")).collect(Collectors.joining(", "));
        page.append("| " + said.get(rule) + " | " + seeds.size() + " | " + Interval.ofFew(first) + " | " + (isNone ? "" : Interval.ofFew(less(first, firstNone))) + " | " + Interval.ofFew(last) + " | " + (isNone ? "" : Interval.ofFew(less(last, lastNone))) + " | " + shares + " |\n");
        var rounds = own.get(seeds.get(0)).keySet().stream().toList();
        double[] x = rounds.stream().mapToDouble(r -> r).toArray();
        var spread = rounds.stream().map(r -> Interval.ofFew(seeds.stream().mapToDouble(s -> own.get(s).get(r)).toArray())).toList();
        if (!Set.of("all-half", "all-ratio", "paid-ratio", "paid-trusted", "drat-ratio", "drat-capped").contains(rule)) {
            drawn.add(Series.line(said.get(rule), x, spread.stream().mapToDouble(Interval::value).toArray()));
            drawn.add(Series.band(said.get(rule), x, spread.stream().mapToDouble(Interval::low).toArray(), spread.stream().mapToDouble(Interval::high).toArray()));
        }
    }
    new Chart(new Panel(title, Axis.of("rounds: one episode per task"), Axis.of("return without noise, mean over the tasks"), drawn)).height(480).savePng("experiments/drat/results/" + bed + ".png");
    page.append("\n![" + title + "](results/" + bed + ".png)\n");
}
page.append("\n## Networks, and learned ratios\n");
page.append(words("networks"));
for (String bed : List.of("sign", "turned")) {
    if (!Files.exists(Path.of("experiments/drat/results/point-" + bed + ".csv"))) continue;
    page.append("\n### A point with " + (bed.equals("sign") ? "opposite" : "turned") + " controls\n");
    networks("point-" + bed, "Point with " + (bed.equals("sign") ? "opposite" : "turned") + " controls", bed.equals("sign") ? 100 : 60, bed.equals("sign") ? 160 : 100, bed.equals("sign") ? 200 : 120);
    page.append(words(bed));
}
if (Files.exists(Path.of("experiments/drat/results/cheetah.csv"))) {
    page.append("\n### HalfCheetah: three speeds on each of two bodies\n");
    networks("cheetah", "HalfCheetah, sparse speeds, two bodies", 40, 60, 80);
    page.append(words("cheetah"));
}
page.append("\n### Foresight: PEARL where all tasks move alike\n");
networks("foresight", "PEARL on the dense point: one other task learns from each episode", 10, 12, 20);
page.append(words("foresight"));
page.append(words("all"));
Files.writeString(Path.of("experiments/drat/README.md"), page);
System.out.println(page);
