package metarl.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a cell does and says; names differ between the tests, which share one shell. */
class SnippetsTest {
    private static Snippets snippets;

    @BeforeAll
    static void start() {
        snippets = Snippets.start(false);
    }

    @AfterAll
    static void end() {
        snippets.close();
    }

    private static Object run(String text) {
        return snippets.eval(text);
    }

    private static SnippetFailure failure(String text) {
        return assertThrows(SnippetFailure.class, () -> snippets.eval(text));
    }

    /** What a text prints. */
    private static String printed(String text) {
        PrintStream out = System.out;
        var bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            snippets.eval(text);
        } finally {
            System.setOut(out);
        }
        return bytes.toString(StandardCharsets.UTF_8).strip();
    }

    @Test
    void variablesOutliveWhatTheyDependOn() {
        run("int n = 5; String s = \"a\"; var list = new ArrayList<Integer>(List.of(1)); double[] d = {1, 2}; char c = 'x'; boolean b = "
            + "true; long big = 1L << 40;");
        run("import java.io.*;");
        assertEquals("5a[1]2.0xtrue1099511627776", run("n + s + list + d[1] + c + b + big"));
        run("int twice() { return 2; } var held = twice();");
        run("int twice() { return 3; }");
        assertEquals(2, run("held"));
        // a variable read while it is declared anew, and what depends on it in turn
        run("int p = 1; int q = p * 2;");
        run("int p = q + 1;");
        assertEquals("3 2", run("p + \" \" + q"));
    }

    @Test
    void aVariableDeclaredAnewWithoutValueIsEmpty() {
        run("String t = \"old\"; int u = 4; class Held { int v = 1; } Held typed = new Held(); var inferred = new Held();");
        run("String t; int u;");
        assertNull(run("t"));
        assertEquals(0, run("u"));
        // an object of the class before is none of the class after
        assertEquals(
            "Note: variable inferred no longer compiles (incompatible types: Held cannot be converted to Held): mend it if need be, and "
                + "run its cell again.\n"
                + "Note: variable typed is empty now, because the class of its value was declared anew.",
            printed("class Held { double w = 1; }"));
        assertNull(run("typed"));
        assertEquals("", printed("int t = 3;"));
        run("var result = \"of the run before\";");
        failure("var result = \"x\".repeat(-1);");
        assertNull(run("result"));
    }

    @Test
    void anUnknownNameInABodyIsToldWhereItIsWritten() {
        run("double average(double[] v) { return v[0]; }");
        assertEquals(
            "Note: typo(double[]) uses method averge(double[]), which is not known (did you mean average?); it works once that is "
                + "declared.",
            printed("double typo(double[] v) { return averge(v); }"));
        assertEquals("typo(double[]) cannot be used yet: it uses method averge(double[]), which is not known (did you mean average?)",
            failure("typo(new double[] {1})").getMessage());
        assertEquals("UnresolvedReferenceException", failure("Stream.of(1).parallel().forEach(i -> typo(new double[] {i}))").name());
        assertEquals("Note: reads() uses variable countt, which is not known; it works once that is declared.",
            printed("int reads() { return countt; }"));
        assertEquals("Note: class Node uses class Leaf, which is not known; it works once that is declared.",
            printed("class Node { Leaf leaf; }"));
        assertTrue(failure("new Node()").getMessage().contains("class Node uses class Leaf, which is not known"));
        assertTrue(printed("ImportanceWieghts made() { return null; }").contains("did you mean ImportanceWeights?"));
    }

    @Test
    void aForwardReferenceWorksOnceItIsDeclared() {
        assertEquals("Note: first(int) uses method second(int), which is not known; it works once that is declared.",
            printed("int first(int n) { return second(n) + 1; }"));
        assertEquals("", printed("int second(int n) { return 2 * n; }"));
        assertEquals(7, run("first(3)"));
        // within one cell there is nothing to say
        assertEquals("",
            printed("int even(int n) { return n == 0 ? 1 : odd(n - 1); } int odd(int n) { return n == 0 ? 0 : even(n - 1); }"));
        assertEquals(1, run("even(10)"));
        // and what a change breaks is told at the change
        run("class Pair { int left = 1; } int left(Pair p) { return p.left; }");
        assertEquals(
            "Note: left(Pair) no longer compiles (it uses variable left, which is not known): mend it if need be, and run its cell again.",
            printed("class Pair { int right = 1; }"));
    }

    @Test
    void anUnknownMemberCanNeverBeDeclared() {
        SnippetFailure failure = failure("int size(List<Integer> l) { return l.sizee(); }");
        assertEquals("CompilationException", failure.name());
        assertEquals("cannot find symbol: method sizee(); did you mean size?", failure.getMessage());
        assertTrue(failure.lines().get(1).contains("^^^^^^^"), failure.lines()::toString);
        SnippetFailure field = failure("enum Colour { RED, GREEN } Colour pick() { return Colour.GREN; }");
        assertEquals("CompilationException: cannot find symbol: GREN", field.name() + ": " + field.getMessage());
        assertTrue(field.lines().get(1).endsWith(" ^^^^"), field.lines()::toString);
        assertEquals("cannot find symbol: method pick()", failure("pick()").getMessage());
        // and it is not half there
        assertEquals("cannot find symbol: method size(List<Object>)", failure("size(List.of())").getMessage());
    }

    @Test
    void whatDoesNotCompileIsOneSentence() throws InterruptedException {
        assertEquals("cannot find symbol: class ImportanceWieghts; did you mean ImportanceWeights?", failure("ImportanceWieghts w = null;")
            .getMessage());
        // the index of what can be imported is made in the background
        String hint = "; 'import java.util.concurrent.atomic.AtomicInteger;' makes it known";
        for (int i = 0; i < 100 && !failure("var a = new AtomicInteger();").getMessage().endsWith(hint); i++) Thread.sleep(100);
        assertEquals("cannot find symbol: class AtomicInteger" + hint, failure("var a = new AtomicInteger();").getMessage());
        assertEquals("incompatible types: int cannot be converted to String", failure("String z = 5;").getMessage());
        assertEquals("package foo does not exist", failure("foo.Bar f = null;").getMessage());
        assertEquals("')' expected", failure("for (int i = 0; i < 3; i++ { }").getMessage());
        assertEquals("reached end of file while parsing", failure("int unfinished = ").getMessage());
        // a text that is nested too deeply for the compiler does not end it
        assertTrue(failure("int deep = " + "(".repeat(20_000) + "1" + ")".repeat(20_000) + ";").getMessage()
            .contains("divide it into smaller ones"));
        assertEquals(2, run("1 + 1"));
    }

    @Test
    void whatIsThrownIsOneSentence() {
        run("int fact(int n) { return n * fact(n - 1); }");
        SnippetFailure deep = failure("fact(5)");
        assertEquals(
            "the calls go too deep: fact calls itself, directly or through others, until the stack is full; check what should end the "
                + "recursion",
            deep.getMessage());
        assertTrue(deep.lines().isEmpty());
        run("class Bad { static int v = Integer.parseInt(\"x\"); }");
        assertEquals(
            "class Bad cannot be used: its static fields could not be set, because of java.lang.NumberFormatException: "
                + "For input string: \"x\"",
            failure("Bad.v").getMessage());
        SnippetFailure again = failure("Bad.v");
        assertEquals("NoClassDefFoundError", again.name());
        assertTrue(again.getMessage().startsWith("class Bad cannot be used: its static fields could not be set when it was first used"),
            again::getMessage);
        assertTrue(again.getMessage().endsWith("mend it and declare it again"), again::getMessage);
        SnippetFailure thrown = failure("int third(int[] a) { return a[3]; } third(new int[2])");
        assertEquals("ArrayIndexOutOfBoundsException: Index 3 out of bounds for length 2", thrown.name() + ": " + thrown.getMessage());
        assertEquals("    at line 1 of third", thrown.lines().get(0));
        SnippetFailure caused = failure("throw new IllegalStateException(\"outer\", new IllegalArgumentException(\"inner\"));");
        assertTrue(caused.lines().contains("caused by java.lang.IllegalArgumentException: inner"), caused.lines()::toString);
        assertEquals("StackOverflowError", failure("java.util.concurrent.CompletableFuture.supplyAsync(() -> fact(1)).join()").name());
        assertTrue(failure("String none = null; none.length()").getMessage().endsWith("because \"none\" is null"));
        assertTrue(failure("int[] huge = new int[Integer.MAX_VALUE];").getMessage().startsWith("an array cannot be that long"));
    }

    @Test
    void valuesAreThoseOfExpressionsAlone() {
        assertEquals(3, run("int one = 1; one + 2"));
        assertNull(run("var none = 4;"));
        assertNull(run("// nothing but a comment"));
        assertNull(run(""));
        assertNull(run("System.out.print(\"\");"));
        assertEquals("Pt[a=1]", run("/** With a comment. */ record Pt(int a) {} new Pt(1)").toString());
        assertFalse(printed("var trailing = 3; // a comment after it").contains("Note"));
    }

    @Test
    void aWrongArgumentIsToldWithWhatTheMethodTakes() {
        assertEquals("TaskSet.of takes (TaskFamily family) or (String family) or (List<Task> train, List<Task> test), but was given (int)",
            failure("TaskSet.of(3)").getMessage());
        assertEquals("incompatible types: String cannot be converted to int; TaskSet.Builder.train takes (int count)",
            failure("TaskSet.of(PointRobot.dense()).train(\"3\")").getMessage());
        assertEquals("TaskSet.Builder.train takes (int count), but was given nothing",
            failure("TaskSet.of(PointRobot.dense()).train()").getMessage());
        assertEquals("Progress takes (long step, long totalSteps, String doing, Map<String,Double> latest), but was given (int, int)",
            failure("var short_ = new Progress(1, 2);").getMessage());
        assertEquals("incompatible types: String cannot be converted to int", failure("int no = \"a\";").getMessage());
    }

    @Test
    void aMisspeltMemberIsToldWithTheNearest() {
        assertEquals("cannot find symbol: method trian(int); did you mean train?",
            failure("TaskSet.of(PointRobot.dense()).trian(3)").getMessage());
        assertEquals("cannot find symbol: variable wieghts; did you mean weights?",
            failure("var weights = new double[] {1}; Arrays.stream(weights).map(v -> v * wieghts[0]).sum()").getMessage());
        assertEquals("';' expected", failure("int three = 3 int four = 4;").getMessage());
    }

    @Test
    void aSwappedPairIsOneLetterOff() {
        assertEquals(1, Snippets.distance("wieghts", "weights"));
        assertEquals(1, Snippets.distance("mean", "meen"));
        assertEquals(4, Snippets.distance("", "mean"));
        assertEquals(0, Snippets.distance("mean", "mean"));
    }
}
