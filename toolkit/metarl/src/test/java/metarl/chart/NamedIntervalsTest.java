package metarl.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import metarl.basics.Interval;
import metarl.plot.Plots;
import org.junit.jupiter.api.Test;

class NamedIntervalsTest {
    private static List<String> names(Chart chart) {
        return ((List<?>) chart.plotly().get("data")).stream().map(d -> String.valueOf(((Map<?, ?>) d).get("name"))).toList();
    }

    private static Map<?, ?> axis(Chart chart, String which) {
        return (Map<?, ?>) ((Map<?, ?>) chart.plotly().get("layout")).get(which);
    }

    @Test
    void intervalsHaveTheirNamesOnTheAxisAndALineToCompareWith() {
        var gains = new LinkedHashMap<String, Interval>();
        gains.put("paper", new Interval(29, 7, 57));
        gains.put("release", new Interval(41, 25, 59));
        Chart chart = Plots.intervals("Gains", "gain in return", gains, 0);
        assertEquals(List.of("paper", "release", "0"), names(chart));
        assertEquals(List.of("release", "paper"), axis(chart, "yaxis").get("ticktext"), "from the bottom");
        assertEquals(List.of("paper", "release"), names(Plots.intervals("Gains", "gain in return", gains, Double.NaN)));
        var none = assertThrows(IllegalArgumentException.class, () -> Plots.intervals("Gains", "gain", Map.of(), 0));
        assertTrue(none.getMessage().contains("at least one"));
    }
}
