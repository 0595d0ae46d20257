package metarl.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import metarl.agent.Adaptation;
import metarl.agent.Belief;
import metarl.agent.LatentGaussian;
import metarl.agent.Policy;
import metarl.chart.Chart;
import org.junit.jupiter.api.Test;

class PosteriorPlotTest {
    private record Given(List<LatentGaussian> beliefs) implements Belief {
        @Override
        public Policy policyFor(double... z) {
            return Policy.zero(1);
        }
    }

    /** A belief that narrows by half with each episode. */
    private static Chart chart(int size, int episodes) {
        var beliefs = new ArrayList<>(List.of(LatentGaussian.standard(size)));
        for (int k = 1; k <= episodes; k++) {
            double[] mean = new double[size], variance = new double[size];
            Arrays.fill(mean, 1);
            Arrays.fill(variance, Math.pow(0.25, k));
            beliefs.add(new LatentGaussian(mean, variance));
        }
        return Plots.posterior(new Adaptation(Policy.zero(1), List.of(), new Given(beliefs), List.of()));
    }

    @Test
    void aBeliefInThePlaneIsAnEllipseForEachEpisode() {
        String figure = chart(2, 2).plotly().toString();
        for (String name : List.of("before", "after 1 episode", "after 2 episodes")) assertTrue(figure.contains(name), figure);
        assertTrue(chart(2, 20).plotly().toString().contains("after 20 episodes"), "the last one is always shown");
        assertEquals(-1, chart(2, 20).plotly().toString().indexOf("after 5 episodes"));
    }

    @Test
    void aBeliefInMoreDimensionsHasAPanelForEachEpisode() {
        String figure = chart(5, 9).plotly().toString();
        for (String name : List.of("before", "after 2 episodes", "after 9 episodes", "z5")) assertTrue(figure.contains(name), figure);
        assertEquals(-1, figure.indexOf("after 3 episodes"));
        assertTrue(chart(5, 0).png().length > 1_000);
        // what holds the axes open is not spoken of
        for (Object trace : (List<?>) chart(5, 2).plotly().get("data"))
            assertFalse(
                ((Map<?, ?>) trace).get("showlegend") == Boolean.TRUE && ((Map<?, ?>) trace).get("name").toString().startsWith("series"),
                trace.toString());
        assertFalse(chart(5, 2).description().contains("series"), chart(5, 2).description());
    }

    @Test
    void whatRestsOnNoBeliefIsRefused() {
        String message = assertThrows(IllegalArgumentException.class, () -> Plots.posterior(Adaptation.none(Policy.zero(1)))).getMessage();
        assertTrue(message.contains("has no Belief"), message);
    }
}
