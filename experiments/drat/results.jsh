// Makes README.md and its figure from what grid.jsh has written, with the words of reading.md: ./metarl jshell experiments/drat/results.jsh
var page = new StringBuilder("# Whose experience may a task learn from?\n\nMade by `experiments/drat/results.jsh`. Q-learning by tables on `GoalGrid`: a square of 49 cells, a goal in a corner, rewards 0 and 1. In every family there are 8 or 16 tasks, and a rule says which of them learn from an episode of another. Numbers are exact values of the greedy policies, mean over the tasks, after 80 episodes of all tasks together / after 800. Means over 30 seeds; Student's 95 % intervals are in the second table.\n\n");
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
page.append("\n**Less no transfer**, paired by seed\n\n| rule | " + shifts.values().stream().map(s -> s + ", early | at the end").collect(Collectors.joining(" | ")) + " |\n|" + "---|".repeat(9) + "\n");
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
    panels.add(new Panel(shifts.get(shift), Axis.of("early value, less no transfer"), new Axis("", false, names), drawn));
    new Chart(panels.get(panels.size() - 1)).height(520).savePng("experiments/drat/results/grid-" + shift.toLowerCase(Locale.ROOT) + ".png");
}
page.append("\n![opposite controls](results/grid-sign.png)\n\n![wind](results/grid-wind.png)\n\n" + Files.readString(Path.of("experiments/drat/reading.md")).strip() + "\n");
Files.writeString(Path.of("experiments/drat/README.md"), page);
System.out.println(page);
