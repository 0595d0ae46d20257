package metarl.diagnose.bandit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import metarl.diagnose.log.BanditLog;

/** The stored rounds of bandit_twin.csv and what Open Bandit Pipeline said about them. */
final class BanditTwin {
    static final int ACTIONS = 5;
    private static final int FEATURES = 3;
    private static final Pattern COMMA = Pattern.compile(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)");

    final List<String[]> rows = read("bandit_twin.csv");
    final int[] folds;
    final BanditLog log;
    final double[][] target;
    final double[][] predicted;

    BanditTwin() throws IOException {
        List<double[]> rounds = rows.stream().filter(r -> r[0].equals("round"))
            .map(r -> Arrays.stream(r).skip(1).mapToDouble(Double::parseDouble).toArray()).toList();
        folds = rounds.stream().mapToInt(r -> (int) r[0]).toArray();
        log = BanditLog.of(part(rounds, 4, FEATURES), rounds.stream().mapToInt(r -> (int) r[1]).toArray(),
            rounds.stream().mapToDouble(r -> r[2]).toArray(),
            rounds.stream().mapToDouble(r -> r[3]).toArray(), ACTIONS);
        target = part(rounds, 4 + FEATURES, ACTIONS);
        predicted = part(rounds, 4 + FEATURES + ACTIONS, ACTIONS);
    }

    private static double[][] part(List<double[]> rows, int from, int length) {
        return rows.stream().map(r -> Arrays.copyOfRange(r, from, from + length)).toArray(double[][]::new);
    }

    static List<String[]> read(String name) throws IOException {
        try (var in = BanditTwin.class.getResourceAsStream(name)) {
            return new BufferedReader(new InputStreamReader(in)).lines().map(line -> COMMA.split(line)).toList();
        }
    }

    WeightedRounds rounds() {
        return WeightedRounds.of(log, target, predicted);
    }
}
