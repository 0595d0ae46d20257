// Makes README.md of this folder from results/*.csv and the words of reading.md:   ./metarl jshell experiments/rl2/results.jsh
var page = new StringBuilder();
void say(String line) { page.append(line).append('\n'); }
var rows = new ArrayList<String[]>();
try (var list = Files.list(Path.of("experiments/rl2/results"))) {
    for (Path file : list.filter(f -> f.toString().endsWith(".csv")).sorted().toList())
        for (String line : Files.readAllLines(file).subList(1, Files.readAllLines(file).size())) rows.add(line.split(",", -1));
}

List<String[]> finals(String problem, Predicate<String> method) {
    return rows.stream().filter(r -> r[0].equals(problem) && method.test(r[1]) && r[3].equals("final")).toList();
}

double mean(List<String[]> chosen, int column) {
    return chosen.stream().mapToDouble(r -> Double.parseDouble(r[column])).average().orElse(Double.NaN);
}

/** So that 5 comes before 10. */
String padded(String problem) {
    return Arrays.stream(problem.split("-")).map(p -> String.format("%6s", p)).collect(Collectors.joining());
}

String words(String problem) {
    String[] p = problem.split("-");
    return p[0].equals("bandit") ? p[1] + " pulls of " + p[2] + " arms" : p[1] + " episodes of a random process";
}

void learned(String problem, String method, String shown, String[] best) {
    var own = finals(problem, method::equals);
    if (own.isEmpty()) return;
    long updates = rows.stream().filter(r -> r[0].equals(problem) && r[1].equals(method) && r[3].matches("\\d+")).mapToLong(r -> Long.parseLong(r[3])).max().orElse(0);
    String seeds = own.stream().map(r -> String.format(Locale.ROOT, "%.2f ± %.2f", Double.parseDouble(r[5]), Double.parseDouble(r[6]))).collect(Collectors.joining(" · "));
    say(String.format(Locale.ROOT, "| %s | %s | %d | %s | %.2f | %s %.2f ± %.2f | %.3f | %.1f |", words(problem), shown, updates, seeds, mean(own, 5), best[1],
        Double.parseDouble(best[5]), Double.parseDouble(best[6]), mean(own, 5) / Double.parseDouble(best[5]), mean(own, 4) / 60));
}

say("# RL² and SNAIL on bandits and random processes\n");
say("Made by `experiments/rl2/results.jsh` from `results/*.csv`, which `experiments/rl2/train.jsh` writes: `./metarl jshell experiments/rl2/train.jsh snail mdp 10 - 240`, or `rl2 bandit 100 5 200`.");
say("Settings: `Rl2.bandit`, `Rl2.tabular`, `Snail.bandit`, `Snail.tabular`, with 256 trials per update (1,024 for 10 pulls of 10 or 50 arms), where the paper has 250,000 steps. 20,000 train bandits (3,000");
say("processes), 1,000 test tasks never trained on; the classical agents, which know the prior, play the same 1,000. ± is the standard error over tasks; minutes are those of a seed beside other programs.\n");
say("| problem | method | updates | by seed | mean | best classical | share of it | minutes |");
say("|---|---|---|---|---|---|---|---|");
for (String problem : rows.stream().map(r -> r[0]).distinct().sorted(Comparator.comparing(p -> padded(p))).toList()) {
    String[] best = finals(problem, m -> !m.equals("rl2") && !m.equals("snail")).stream().max(Comparator.comparingDouble(r -> Double.parseDouble(r[5]))).orElseThrow();
    learned(problem, "rl2", "RL²", best);
    learned(problem, "snail", "SNAIL", best);
}
say("");
say(Files.readString(Path.of("experiments/rl2/reading.md")).strip());
Files.writeString(Path.of("experiments/rl2/README.md"), page);
System.out.println(page);
