package metarl.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import metarl.chart.Chart;
import metarl.diagnose.bandit.Estimates;
import metarl.diagnose.bandit.OffPolicyEvaluation;
import metarl.diagnose.log.BanditLog;
import org.junit.jupiter.api.Test;

class EstimatesPlotTest {
    private static Estimates estimates() {
        int n = 40;
        double[] rewards = new double[n], propensities = new double[n];
        int[] actions = new int[n];
        for (int i = 0; i < n; i++) {
            rewards[i] = i % 4;
            actions[i] = i % 2;
            propensities[i] = 0.5;
        }
        return OffPolicyEvaluation.of(BanditLog.of(new double[n][0], actions, rewards, propensities, 2)).target(new double[] {0.4, 0.6})
            .estimate("ips", "snips");
    }

    @Test
    @SuppressWarnings("unchecked")
    void pointsOnTheirIntervalsAndTheTruth() {
        Estimates estimates = estimates().truth(1.6);
        Chart chart = Plots.estimates(estimates);
        assertEquals("Value of the target policy, 95 % intervals (normal)", chart.title());
        var data = (List<Map<String, Object>>) chart.plotly().get("data");
        assertEquals(List.of("IPS", "SNIPS", "value to compare with"), data.stream().map(d -> d.get("name")).toList());
        List<Double> x = x(data.get(0));
        assertEquals(1.6, x.get(1), 1e-6, "0.8 · mean(0, 2) + 1.2 · mean(1, 3), halved");
        assertEquals(estimates.interval("ips").low(), x.get(0), 1e-6);
        assertTrue(chart.png().length > 5_000);
        var axis = (Map<String, Object>) ((Map<String, Object>) chart.plotly().get("layout")).get("yaxis");
        assertEquals(List.of("SNIPS", "IPS"), axis.get("ticktext"), "from the bottom");
        assertEquals(List.of(1.0, 2.0), axis.get("tickvals"));
        assertEquals(List.of(2.0, 2.0, 2.0), data.get(0).get("y"), "the first at the top");
        assertEquals(List.of(false, false, true), data.stream().map(d -> d.get("showlegend")).toList());
    }

    @Test
    @SuppressWarnings("unchecked")
    void withoutIntervalAPointRemains() {
        Chart chart = Plots.estimates(estimates().bernstein(0, 3, 2, 0.95));
        var data = (List<Map<String, Object>>) chart.plotly().get("data");
        List<Double> x = x(data.get(1));
        assertEquals(x.get(0), x.get(2));
        var axis = (Map<String, Object>) ((Map<String, Object>) chart.plotly().get("layout")).get("yaxis");
        assertEquals(List.of("SNIPS (no interval)", "IPS"), axis.get("ticktext"));
    }

    private static List<Double> x(Map<String, Object> trace) {
        return ((List<?>) trace.get("x")).stream().map(v -> Double.valueOf(v.toString())).toList();
    }
}
