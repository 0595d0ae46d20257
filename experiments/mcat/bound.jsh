// Proposition 1 of MCAT computed exactly on pairs of tabular tasks, beside the true gap of values: how loose is it, and what do translators make of it?
// The source policy is the best one of the source. It is carried over to the target as it is (NONE), to equivalent actions (EXACT, where there are some), to the actions
// of least total variation, of greatest likelihood (the paper's objective with a perfect model) and of the nearest mean (the released objective).
//   ./metarl jshell experiments/mcat/bound.jsh
// Writes results/bound.csv, results/bound.png and bound.md. Half a minute on one core.
int pairs = 300;
record Line(String process, double shift, double discount, TabularTransfer.Match match, List<TabularTransfer> drawn) {}
var lines = new ArrayList<Line>();
for (double discount : new double[] {0.5, 0.9, 0.99}) {
    for (double shift : new double[] {0, 0.01, 0.1, 0.5}) {
        var drawn = IntStream.range(0, pairs).mapToObj(seed -> TabularTransfer.random(10, 5, shift, discount, seed)).toList();
        for (var match : TabularTransfer.Match.values())
            if (match != TabularTransfer.Match.EXACT || shift == 0) lines.add(new Line("random", shift, discount, match, drawn));
    }
    for (double slip : new double[] {0.1, 0.2, 0.4})
        for (var match : TabularTransfer.Match.values())
            if (match != TabularTransfer.Match.EXACT || slip == 0.1)
                lines.add(new Line("square", slip, discount, match, List.of(TabularTransfer.slippery(5, 0.1, slip).discount(discount))));
}
double median(double[] values) {
    double[] sorted = Arrays.stream(values).filter(v -> !Double.isNaN(v)).sorted().toArray();
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
}

var csv = new StringBuilder("process,shift,discount,match,pairs,sourceValue,targetValue,targetOptimum,sameAction,totalVariation,gap,residualBound,spanBound,bound,printed,pinskerBound,divergenceBound,range,times,informative\n");
var page = new StringBuilder("| process | shift or slip | translator | value in the source | in the target | best in the target | gap | 2 M D_TV / (1 − γ) | times the gap | range of the rewards / (1 − γ) |\n|---|---|---|---|---|---|---|---|---|---|\n");
var shown = new ArrayList<TransferBound>();
for (var line : lines) {
    var columns = new double[15][line.drawn().size()];
    for (int i = 0; i < line.drawn().size(); i++) {
        var pair = line.drawn().get(i);
        int[] source = pair.sourceOptimum(), target = pair.translated(source, line.match()), nearest = pair.translated(source, TabularTransfer.Match.TOTAL_VARIATION);
        var b = pair.bound(source, target);
        if (line.process().equals("random") && line.discount() == 0.9 && line.match() == TabularTransfer.Match.LIKELIHOOD && line.shift() > 0) shown.add(b);
        double same = IntStream.range(0, target.length).filter(s -> target[s] == nearest[s]).count() / (double) target.length;
        double[] row = {b.sourceValues()[0], b.targetValues()[0], pair.targetValues(pair.targetOptimum())[0], same, Arrays.stream(b.totalVariations()).max().getAsDouble(), b.gap(), b.ofResidual(), b.ofSpan(),
            b.bound(), b.asPrinted(), b.ofPinsker(), b.ofDivergence(), b.ofRange(), b.looseness(), b.bound() < b.ofRange() ? 1 : 0};
        for (int k = 0; k < row.length; k++) columns[k][i] = row[k];
    }
    var cells = new ArrayList<String>();
    for (int k = 0; k < 15; k++) {
        // shares are averaged, all else is the median of the pairs
        double value = k == 3 || k == 14 ? Arrays.stream(columns[k]).average().getAsDouble() : median(columns[k]);
        cells.add(Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.6g", Math.abs(value) < 1e-9 ? 0 : value));
    }
    csv.append(String.format(Locale.ROOT, "%s,%s,%s,%s,%d,%s%n", line.process(), line.shift(), line.discount(), line.match(), line.drawn().size(), String.join(",", cells)));
    if (line.discount() != 0.9) continue;
    String[] shownCells = {cells.get(0), cells.get(1), cells.get(2), cells.get(5), cells.get(8), cells.get(13), cells.get(12)};
    page.append("| " + line.process() + " | " + line.shift() + " | " + line.match().name().toLowerCase(Locale.ROOT).replace('_', ' ') + " | "
        + Arrays.stream(shownCells).map(c -> c.isEmpty() ? "–" : Figures.number(Double.parseDouble(c), 3)).collect(Collectors.joining(" | ")) + " |\n");
}
Files.createDirectories(Path.of("experiments/mcat/results"));
Files.writeString(Path.of("experiments/mcat/results/bound.csv"), csv);
TransferBound.chart("Proposition 1 against the truth: 900 random pairs, γ = 0.9, translated by likelihood", shown).savePng("experiments/mcat/results/bound.png");
Files.writeString(Path.of("experiments/mcat/bound.md"), "# How loose is Proposition 1?\n\nMade by `experiments/mcat/bound.jsh`. Random: medians of " + pairs + " pairs of 10 states and 5 actions; square: 25 cells, the source slips with probability 0.1, controls are turned by 90°. γ = 0.9; "
    + "[results/bound.csv](results/bound.csv) has γ = 0.5 and 0.99, too, and all bounds.\n\n" + page + "\n![bound against gap](results/bound.png)\n\n" + Files.readString(Path.of("experiments/mcat/bound-reading.md")).strip() + "\n");
System.out.println(page);
