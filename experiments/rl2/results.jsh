// Makes README.md of this folder from results/*.csv and the words of reading.md:   ./metarl jshell experiments/rl2/results.jsh
var page = new StringBuilder();
void say(String line) { page.append(line).append('\n'); }
say("# RL²: short runs\n");
say("Made by `experiments/rl2/results.jsh` from `results/*.csv`, which `experiments/rl2/train.jsh` writes: `./metarl jshell experiments/rl2/train.jsh bandit 100 5 200`, or `mdp 10 - 100`.");
say("Settings: `Rl2.bandit(pulls)` and `Rl2.tabular(episodes)`: 256 trials per update, where the paper has 250,000 steps; our runs see 1 to 5 % of its experience. 20,000 train bandits (3,000 processes), 1,000 test");
say("tasks never trained on; the classical agents, which know the prior, meet the very same 1,000. ± is the standard error over tasks; minutes are those of a seed beside two other programs.\n");
say("| problem | updates | RL², by seed | mean | best classical | share of it | minutes |");
say("|---|---|---|---|---|---|---|");
var files = new ArrayList<Path>();
try (var list = Files.list(Path.of("experiments/rl2/results"))) { list.filter(f -> f.toString().endsWith(".csv")).sorted().forEach(files::add); }
for (Path file : files) {
    var rows = Files.readAllLines(file).stream().skip(1).map(l -> l.split(",", -1)).toList();
    var finals = rows.stream().filter(r -> r[2].equals("final")).toList();
    var own = finals.stream().filter(r -> r[1].matches("\\d+")).toList();
    var best = finals.stream().filter(r -> !r[1].matches("\\d+")).max(Comparator.comparingDouble(r -> Double.parseDouble(r[4]))).orElseThrow();
    long updates = rows.stream().filter(r -> r[2].matches("\\d+")).mapToLong(r -> Long.parseLong(r[2])).max().orElse(0);
    double mean = own.stream().mapToDouble(r -> Double.parseDouble(r[4])).average().orElseThrow(), bar = Double.parseDouble(best[4]);
    String[] p = rows.get(0)[0].split("-");
    say(String.format(Locale.ROOT, "| %s | %d | %s | %.2f | %s %.2f ± %.2f | %.3f | %.1f |", p[0].equals("bandit") ? p[1] + " pulls of " + p[2] + " arms" : p[1] + " episodes of a random process", updates,
        own.stream().map(r -> String.format(Locale.ROOT, "%.2f ± %.2f", Double.parseDouble(r[4]), Double.parseDouble(r[5]))).collect(Collectors.joining(" · ")), mean, best[1], bar,
        Double.parseDouble(best[5]), mean / bar, own.stream().mapToDouble(r -> Double.parseDouble(r[3])).average().orElse(0) / 60));
}
say("");
say(Files.readString(Path.of("experiments/rl2/reading.md")).strip());
Files.writeString(Path.of("experiments/rl2/README.md"), page);
System.out.println(page);
