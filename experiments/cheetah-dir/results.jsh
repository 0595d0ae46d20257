// Makes README.md and results/return.png of this folder from results/*.csv and the words of reading.md:   ./metarl jshell experiments/cheetah-dir/results.jsh
record Line(String method, long seed, long steps, double minutes, String task, int round, double value) {}
var lines = new ArrayList<Line>();
try (var list = Files.list(Path.of("experiments/cheetah-dir/results"))) {
    for (Path file : list.filter(f -> f.toString().endsWith(".csv")).sorted().toList())
        Files.readAllLines(file).stream().skip(1).map(l -> l.split(",")).forEach(p -> lines.add(new Line(p[0], Long.parseLong(p[1]), Long.parseLong(p[2]), Double.parseDouble(p[3]), p[4],
            Integer.parseInt(p[5]), Double.parseDouble(p[6]))));
}
var names = new LinkedHashMap<String, String>();
names.put("rl2", "RL²");
names.put("maml", "MAML");
long[] seeds(String method) { return lines.stream().filter(l -> l.method().equals(method)).mapToLong(Line::seed).distinct().sorted().toArray(); }
long last(String method, long seed) { return lines.stream().filter(l -> l.method().equals(method) && l.seed() == seed).mapToLong(Line::steps).max().orElse(0); }

/** Mean over tasks ("" for all) of a round's return at a step. */
double value(String method, long seed, long steps, String task, int round) {
    return lines.stream().filter(l -> l.method().equals(method) && l.seed() == seed && l.steps() == steps && l.round() == round && l.task().startsWith(task)).mapToDouble(Line::value)
        .average().orElse(Double.NaN);
}

var page = new StringBuilder();
void say(String line) { page.append(line).append('\n'); }
say("# HalfCheetah forward and backward: RL² and MAML, short runs\n");
say("Made by `experiments/cheetah-dir/results.jsh` from `results/*.csv`, which `./metarl jshell experiments/cheetah-dir/train.jsh rl2|maml SEED MINUTES` writes. Task set `maml/cheetah-dir`: the same two tasks for training");
say("and test, as published; episodes of 200 steps; the reward is the speed in the asked direction less 0.05 ‖a‖². Settings: `Rl2.locomotion(2)` and `Maml.locomotion()`. Both are evaluated by `MetaRun.shots`: round 0");
say("without experience of the task, round 1 after one round of it, which is one episode for RL² and the 20 episodes of an inner step for MAML. Means of 10 trials (RL²) or 2 × 20 episodes (MAML).\n");
say("| method | seed | million steps | minutes | backward, round 0 | round 1 | forward, round 0 | round 1 | mean gain of round 1 |");
say("|---|---|---|---|---|---|---|---|---|");
var gains = new LinkedHashMap<String, double[]>();
for (String method : names.keySet()) {
    var gain = new ArrayList<Double>();
    for (long seed : seeds(method)) {
        long end = last(method, seed);
        double minutes = lines.stream().filter(l -> l.method().equals(method) && l.seed() == seed).mapToDouble(Line::minutes).max().orElse(0);
        gain.add(value(method, seed, end, "", 1) - value(method, seed, end, "", 0));
        say(String.format(Locale.ROOT, "| %s | %d | %.1f | %.1f | %.0f | %.0f | %.0f | %.0f | %+.0f |", names.get(method), seed, end / 1e6, minutes, value(method, seed, end, "backward", 0),
            value(method, seed, end, "backward", 1), value(method, seed, end, "forward", 0), value(method, seed, end, "forward", 1), gain.get(gain.size() - 1)));
    }
    gains.put(method, gain.stream().mapToDouble(g -> g).toArray());
}
say("");
for (String method : names.keySet()) say("Gain of round 1, " + names.get(method) + ", " + gains.get(method).length + " seeds, Student's 95 % interval: " + Interval.ofFew(gains.get(method)) + ".\n");
say("![return against steps](results/return.png)\n");
say(Files.readString(Path.of("experiments/cheetah-dir/reading.md")).strip());
Files.writeString(Path.of("experiments/cheetah-dir/README.md"), page);
System.out.println(page);

var series = new ArrayList<Series>();
for (String method : names.keySet())
    for (int round = 0; round < 2; round++) {
        int r = round;
        // the steps that all seeds have
        long[] steps = lines.stream().filter(l -> l.method().equals(method)).mapToLong(Line::steps).distinct().sorted()
            .filter(s -> Arrays.stream(seeds(method)).allMatch(seed -> !Double.isNaN(value(method, seed, s, "", 0)))).toArray();
        double[] means = Arrays.stream(steps).mapToDouble(s -> Arrays.stream(seeds(method)).mapToDouble(seed -> value(method, seed, s, "", r)).average().orElseThrow()).toArray();
        series.add(Series.line(names.get(method) + ", round " + r, Arrays.stream(steps).asDoubleStream().toArray(), means));
    }
Plots.lines("HalfCheetah forward and backward, mean of tasks and seeds", "environment steps", "return of an episode", series.toArray(Series[]::new)).savePng("experiments/cheetah-dir/results/return.png");
