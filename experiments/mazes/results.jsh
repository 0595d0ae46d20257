// Makes README.md of this folder from results/*.csv and the words of reading.md:   ./metarl jshell experiments/mazes/results.jsh
var page = new StringBuilder();
void say(String line) { page.append(line).append('\n'); }
var rows = new ArrayList<String[]>();
try (var list = Files.list(Path.of("experiments/mazes/results"))) {
    for (Path file : list.filter(f -> f.toString().endsWith(".csv")).sorted().toList()) Files.readAllLines(file).stream().skip(1).map(l -> l.split(",")).forEach(rows::add);
}
double[] column(List<String[]> of, int c) { return of.stream().mapToDouble(r -> Double.parseDouble(r[c])).toArray(); }
double[] gains(List<String[]> of) { return of.stream().mapToDouble(r -> Double.parseDouble(r[8]) - Double.parseDouble(r[9])).toArray(); }
String name(String key) {
    return switch (key) { case "rl2" -> "RL²"; case "snail" -> "SNAIL"; case "random" -> "at random"; case "pictures" -> "first person"; default -> key; };
}
/** A line of the table. */
String line(List<String[]> of) {
    String[] r = of.get(0);
    var gain = Interval.ofMean(gains(of), 7);
    return String.format(Locale.ROOT, "| %s | %s | %s | %s | %s | %.0f | %.1f %% | %.1f %% | %.2f | %.2f | %.2f [%.2f, %.2f] | %.2f |", name(r[0]), name(r[1]), r[2], r[5], r[3], Double.parseDouble(r[4]),
        100 * Interval.mean(column(of, 10)), 100 * Interval.mean(column(of, 11)), Interval.mean(column(of, 8)), Interval.mean(column(of, 9)), gain.value(), gain.low(), gain.high(), Interval.mean(column(of, 7)));
}
say("# Mazes: is the second episode shorter?\n");
say("Made by `experiments/mazes/results.jsh` from `results/*.csv`, which `./metarl jshell experiments/mazes/train.jsh rl2|snail pictures|cells short SEED` writes (resumable). Trained on 1,000 small mazes");
say("(5 × 5 cells), two episodes a trial; judged on 1,000 small and 300 large mazes (9 × 9) that were not trained on. Reward as published: 1 at the goal, −0.001 for a wall, −0.04 a step. Short scale: 2 million");
say("steps by `Rl2.maze(2)` or `Snail.maze(2)`; published scale (not run yet): `Rl2.released(\"maze\", 2)` or SNAIL with the paper's sizes, 100 million steps. Steps are those of an episode, 250 (small) or 1,000 (large) where the goal was not reached.");
say("Gain: steps of the first episode less those of the second in the same maze, with the 95 % bootstrap interval over mazes. Fewest: the actions of an agent that knows the maze.\n");
say("| method | sees | scale | mazes | seed | minutes | arrived, first | second | steps, first | second | gain | fewest |");
say("|---|---|---|---|---|---|---|---|---|---|---|---|");
var groups = rows.stream().collect(Collectors.groupingBy(r -> String.join("|", r[5].equals("small") ? "0" : "1", r[0].equals("random") ? "z" : r[0], r[1].equals("pictures") ? "0" : "1", r[2], r[3]), TreeMap::new, Collectors.toList()));
groups.values().stream().filter(g -> !g.get(0)[0].equals("random") || g.get(0)[1].equals("pictures") || rows.stream().noneMatch(r -> r[0].equals("random") && r[1].equals("pictures"))).forEach(g -> say(line(g)));
say("");
for (var of : rows.stream().filter(r -> !r[0].equals("random")).collect(Collectors.groupingBy(r -> String.join(", ", name(r[0]), name(r[1]), r[2] + " scale", r[5] + " mazes"), TreeMap::new, Collectors.toList())).entrySet()) {
    double[] bySeed = of.getValue().stream().collect(Collectors.groupingBy(r -> r[3], TreeMap::new, Collectors.toList())).values().stream().mapToDouble(g -> Interval.mean(gains(g))).toArray();
    if (bySeed.length < 2) continue;
    var gain = Interval.ofFew(bySeed);
    say(String.format(Locale.ROOT, "%s: gain of %d seeds %.2f, Student's 95 %% interval [%.2f, %.2f]; share of mazes in which the second episode is shorter %.1f %%, longer %.1f %%.\n", of.getKey(), bySeed.length, gain.value(),
        gain.low(), gain.high(), 100 * Arrays.stream(gains(of.getValue())).filter(g -> g > 0).count() / (double) of.getValue().size(),
        100 * Arrays.stream(gains(of.getValue())).filter(g -> g < 0).count() / (double) of.getValue().size()));
}
say(Files.readString(Path.of("experiments/mazes/reading.md")).strip());
Files.writeString(Path.of("experiments/mazes/README.md"), page);
System.out.println(page);
