package metarl.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import metarl.basics.Interval;
import org.junit.jupiter.api.Test;

class ClaimsTest {
    @Test
    void anIntervalDecides() {
        var gain = new Interval(3, 1, 5);
        Claims claims = Claims.of().above("above 0", gain, 0).above("above 2", gain, 2).below("below 6", gain, 6).below("below 5", gain, 5)
            .undecided("2 is possible", gain, 2).undecided("0 is possible", gain, 0);
        assertEquals(List.of(true, false, true, false, true, false), claims.claims().stream().map(Claims.Claim::shown).toList());
        assertEquals("3.000 [1.000, 5.000] is above 0", claims.claims().get(0).evidence());
        assertEquals("3.000 [1.000, 5.000] contains 2: not clearly different from it", claims.claims().get(1).evidence());
        assertEquals("3 of 6 shown", claims.summary().name());
    }

    @Test
    void aSingleValueShowsNothing() {
        Interval one = Interval.ofMean(new double[] {3}, 1);
        assertEquals(List.of(false, false, false), Claims.of().above("above", one, 0).below("below", one, 9).undecided("3", one, 3).claims()
            .stream().map(Claims.Claim::shown).toList());
    }

    @Test
    void aQuestionIsAnsweredByTheRun() {
        var gain = new Interval(3, 1, 5);
        Claims claims = Claims.of().question("above 0?", gain, 0).question("above 2?", gain, 2).question("above 6?", gain, 6)
            .question("of one value?", Interval.ofMean(new double[] {3}, 1), 0).above("above 0", gain, 0);
        assertEquals(List.of("yes", "open", "no", "open", "shown"), claims.claims().stream().map(Claims.Claim::verdict).toList());
        assertEquals("1 of 1 shown, 4 questions", claims.summary().name());
    }

    @Test
    void exactNumbersAreCompared() {
        Claims claims = Claims.of().above("a", 2.0, 1).above("b", 1.0, 1).below("c", 1.0, 2).below("d", Double.NaN, 2)
            .equal("e", 1, 1 + 1e-9, 1e-6).equal("f", 1, 2, 0.5).equal("g", Double.NaN, Double.NaN, 1);
        assertEquals(List.of(true, false, true, false, true, false, false), claims.claims().stream().map(Claims.Claim::shown).toList());
        assertTrue(((String) Display.bundle(claims).get("text/html")).contains("not shown"));
    }
}
