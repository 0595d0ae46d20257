package metarl.notebook;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import metarl.diagnose.weights.ImportanceWeights;
import org.junit.jupiter.api.Test;

class CheckTest {
    private static double ess(double... weights) {
        return ImportanceWeights.of(weights).ess().value();
    }

    private static double stub() {
        throw new UnsupportedOperationException();
    }

    @Test
    void rightAnswersPass() {
        Check check = Check.exercise("2.1").close("equal weights all count", 4.0, () -> ess(1, 1, 1, 1)).close("within", 1, 0.1, () -> 1.05)
            .equal("a word", "yes", () -> "yes").rejects("negative weights", () -> ess(-1, 1));
        assertTrue(check.passed());
        assertEquals(List.of("", "", "", ""), check.lines().stream().map(Check.Line::hint).toList());
    }

    @Test
    void wrongAnswersShowBothNumbersAndNothingEscapes() {
        Check check = Check.exercise("2.1").close("sum", 4.0, () -> 5.0).close("nothing", 1, () -> null).close("NaN", 1, () -> Double.NaN)
            .equal("a word", "yes", () -> "no").rejects("negative weights", () -> 7).close("a crash", 1, () -> 1 / Integer.parseInt("0"));
        assertFalse(check.passed());
        assertTrue(check.lines().stream().allMatch(line -> line.verdict() == Check.Verdict.NO));
        assertEquals("given 5, expected 4", check.lines().get(0).hint());
        assertEquals("given nothing, expected 1", check.lines().get(1).hint());
        assertEquals("given no, expected yes", check.lines().get(3).hint());
        assertTrue(check.lines().get(4).hint().startsWith("it gave 7"));
        assertTrue(check.lines().get(5).hint().contains("ArithmeticException: / by zero"));
    }

    @Test
    void aReferenceStaysHidden() {
        double[] right = {1, 2, 3};
        Check check = Check.exercise("2.1").matches("alike", () -> 12.5, () -> 12.5 + 1e-6).matches("large", () -> 12.5, () -> 13)
            .matches("small", () -> 12.5, () -> -3.0).matches("NaN", () -> 12.5, () -> Double.NaN)
            .matches("arrays", () -> right, () -> new double[] {1, 2, 3})
            .matches("an entry", () -> right, () -> new double[] {1, 2.5, 3}).matches("fewer", () -> right, () -> new double[] {1, 2})
            .matches("rows", () -> new double[][] {right, right}, () -> new double[][] {right, {1, 2, 4}})
            .matches("a number for an array", () -> right, () -> 1).matches("nothing", () -> right, () -> null)
            .matches("words", () -> "yes", () -> "no").matches("coarse", 0.1, () -> 100.0, () -> 109.0)
            .matches("infinite", () -> Double.POSITIVE_INFINITY, () -> Double.POSITIVE_INFINITY)
            .matches("a stub", () -> 1, CheckTest::stub);
        assertEquals(List.of("", "given 13, which is too large", "given -3, which is too small", "given NaN", "",
            "at [1]: given 2.5, which is too large", "given 2 numbers, expected 3", "at [1][2]: given 4, which is too large",
            "given 1, expected 3", "given nothing", "given no, which is not right", "", "", "write the code, then run this cell again"),
            check.lines().stream().map(Check.Line::hint).toList());
    }

    @Test
    void aStubIsToDo() {
        Check check = Check.exercise("2.1").close("a stub", 4.0, CheckTest::stub).rejects("a stub too", CheckTest::stub);
        assertEquals(List.of(Check.Verdict.TODO, Check.Verdict.TODO), check.lines().stream().map(Check.Line::verdict).toList());
        assertTrue(((String) Display.bundle(check).get("text/html")).contains("todo"));
        assertTrue(check.toString().contains("0 of 2"));
    }

    @Test
    void pointsAreTheShareThatIsRight() {
        Check half = Check.exercise("2.1").close("right", 4, () -> 4).close("wrong", 4, () -> 5);
        assertEquals(2.5, half.points(5));
        assertEquals(3.75, half.close("right too", 1, () -> 1).close("and this", 1, () -> 1).points(5));
        assertEquals(0, Check.exercise("2.1").close("a stub", 4, CheckTest::stub).points(5));
        assertEquals(5, Check.exercise("2.1").close("right", 4, () -> 4).points(5));
        assertThrows(IllegalArgumentException.class, () -> half.points(-1));
        assertThrows(IllegalArgumentException.class, () -> half.points(Double.NaN));
        assertThrows(IllegalStateException.class, () -> Check.exercise("none").points(1));
    }

    @Test
    void anErrorOfOneAnswerLeavesTheOthersTheirPoints() {
        Check check = Check.exercise("2.1").close("endless", 1, () -> endless(1)).close("an assertion", 1, () -> {
            throw new AssertionError("no");
        }).close("a class that cannot be set up", 1, () -> Broken.VALUE).close("right", 1, () -> 1);
        assertEquals(1.25, check.points(5));
        assertEquals("it calls itself without end", check.lines().get(0).hint());
        assertEquals("it threw AssertionError: no", check.lines().get(1).hint());
    }

    private static int endless(int n) {
        return 1 + endless(n + 1);
    }

    private static final class Broken {
        private static final int VALUE = Integer.parseInt("x");
    }

    @Test
    void orThrowListsWhatIsWrong() {
        Check good = Check.exercise("2.1").close("right", 4, () -> 4);
        assertDoesNotThrow(good::orThrow);
        Check bad = good.close("sum", 4, () -> 5).close("a stub", 4, CheckTest::stub);
        var error = assertThrows(AssertionError.class, bad::orThrow);
        assertEquals("2.1: 1 of 3 right. sum: given 5, expected 4; a stub: write the code, then run this cell again", error.getMessage());
        assertThrows(AssertionError.class, () -> Check.exercise("none").orThrow());
    }
}
