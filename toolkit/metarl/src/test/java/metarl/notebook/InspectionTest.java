package metarl.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What Shift-Tab and Tab show, which share one shell. */
class InspectionTest {
    private static Snippets snippets;

    @BeforeAll
    static void start() {
        snippets = Snippets.start(false);
        snippets.eval("int mine(int first, double[] rest) { return first; }\nvar made = TaskSet.of(PointRobot.dense());");
    }

    @AfterAll
    static void end() {
        snippets.close();
    }

    private static String shown(String cell, int place) {
        return (String) snippets.inspect(cell, place).getOrDefault("text/plain", "");
    }

    /** Within the first letters of a word. */
    private static String shown(String cell, String word) {
        return shown(cell, cell.indexOf(word) + 1);
    }

    private static List<String> listed(String cell) {
        return snippets.complete(cell, cell.codePointCount(0, cell.length())).options().stream().map(Completion.Option::label).toList();
    }

    // --- Shift-Tab ---

    @Test
    void aCallShowsSignatureAndJavadoc() {
        String cell = "var some = ImportanceWeights.of(new double[] {1, 2});\nsome.ess()";
        String of = shown(cell, "of(");
        assertTrue(of.startsWith("ImportanceWeights ImportanceWeights.of(double[] weights)\n    Weights"), of);
        assertTrue(of.contains("\n    Throws IllegalArgumentException "), of);
        // at each place of a name, also of a variable that the cell has not declared yet
        for (int i = cell.indexOf("ess("); i <= cell.indexOf("ess(") + 3; i++)
            assertTrue(shown(cell, i).startsWith("Ess ImportanceWeights.ess()\n    "), "at " + i);
        assertTrue(shown(cell, "Importance").startsWith("metarl.diagnose.weights.ImportanceWeights\n    "));
        assertEquals(of, shown(cell, cell.indexOf("new double")));
        String html = (String) snippets.inspect(cell, cell.indexOf("of(")).get("text/html");
        assertTrue(html.startsWith("<pre><b>ImportanceWeights ImportanceWeights.of(double[] weights)</b></pre><div>"), html);
    }

    @Test
    void theOverloadAtHandComesFirst() {
        assertTrue(shown("TaskSet.of(\"point\")", "of(").startsWith("TaskSet.Builder TaskSet.of(String family)\n"));
        assertTrue(shown("TaskSet.of(PointRobot.dense())", "of(").startsWith("TaskSet.Builder TaskSet.of(TaskFamily family)\n"));
        String two = shown("TaskSet.of(List.of(), List.of())", "of(");
        assertTrue(two.startsWith("TaskSet TaskSet.of(List<Task> train, List<Task> test)\n"), two);
        assertTrue(two.contains("TaskSet.of(String family)"), two);
    }

    @Test
    void recordsAreDocumentedByTheirOwnTags() {
        String cell = "var p = new Progress(1, 2, \"\", null);\np.totalSteps()";
        String made = shown(cell, "Progress");
        assertTrue(
            made.startsWith("Progress(long step, long totalSteps, String doing, Map<String,Double> latest)\n    How far a run has come."),
            made);
        assertTrue(made.contains("\n    - totalSteps: environment steps planned\n"), made);
        assertEquals("long Progress.totalSteps()\n    environment steps planned", shown(cell, "totalSteps"));
    }

    @Test
    void whatATypeSaysNothingAboutIsThatOfItsInterface() {
        String name = shown("Mql.pointRobot().name()", "name(");
        assertTrue(name.startsWith("String Mql.name()\n    The name used in logs and legends"), name);
    }

    @Test
    void restShowsItsSignature() {
        assertTrue(shown("double f(double[] w) { return Math.abs(w[0]); }", 36).contains("double Math.abs(double a)"));
        assertTrue(shown("\"λ𝛽\".length()", 6).contains("int String.length()"));
        assertTrue(shown("Map.of(1, 2)", "of(").startsWith("Map<K,V> Map.of(K k1, V v1)\n"));
        assertEquals("Math.PI: double", shown("Math.PI", "PI"));
        assertEquals("int mine(int first, double[] rest)", shown("mine(1, null)", "mine"));
        assertTrue(shown("made", "made").startsWith("made: TaskSet.Builder\n    How many tasks to draw of a family."));
        assertEquals("", shown("", 0));
        assertEquals("", shown("   ", 99));
        assertEquals("", shown("nothingOfThisName", 3));
    }

    @Test
    void commentsBecomePlainText() {
        assertEquals("The score x < 1 of a cell.\n\nNext:\n- one\n- two\n\n  a  b\n  c\n\nEnd.", Javadoc.plain(
            "The score <code>x &lt; 1</code>\nof a <b>cell</b>.\n<p>Next:\n<ul><li>one</li>\n<li>two</li></ul>"
                + "<pre><code>a  b\nc</code></pre>End."));
    }

    // --- Tab ---

    @Test
    void methodsAreListedWithTheirParameters() {
        var train = snippets.complete("made.tr", 7);
        assertEquals(5, train.begin());
        assertEquals(List.of(new Completion.Option("train(int count)", "train(", "function"), new Completion.Option("trainCount()",
            "trainCount()", "function")), train.options());
        assertEquals(Set.of("of(String family)", "of(TaskFamily family)", "of(List<Task> train, List<Task> test)"),
            Set.copyOf(listed("TaskSet.").subList(0, 3)));
        assertEquals(List.of("mine(int first, double[] rest)"), listed("mi"));
        assertEquals("Progress(long step, long totalSteps, String doing, Map<String, Double> latest)", listed("new Prog").get(0));
        assertTrue(listed("Math.ma").contains("max(int, int)"));
    }

    @Test
    void alsoOfWhatTheCellHasNotRunYet() {
        assertEquals(List.of("train(int count)", "trainCount()"), listed("var set = TaskSet.of(PointRobot.dense()).tr"));
        assertEquals(List.of("train(int count)", "trainCount()"),
            listed("int q = 3;\nvar family = PointRobot.dense();\nvar z = TaskSet.of(family);\nz.tr"));
        assertEquals(List.of("train(int count)", "trainCount()"), listed("TaskSet.of(PointRobot.dense())\n    .test(3)\n    .tr"));
        assertEquals(4, snippets.complete("\"𝛽\".le", 6).begin());
    }

    @Test
    void whatIsCloseToHandComesFirst() {
        List<String> all = listed("made.");
        assertEquals("family()", all.get(0));
        assertTrue(all.indexOf("trainCount()") < all.indexOf("equals(Object o)"), all.toString());
        assertEquals("made", listed("").get(0));
        List<String> types = listed("Ma");
        assertTrue(types.indexOf("Maze") < types.indexOf("Map"), types.toString());
        assertFalse(listed("Thread.currentThread().").contains("stop()"));
    }
}
