package metarl.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ListingTest {
    @Test
    void aMethodIsShownAsItStandsInTheSource() {
        Listing listing = Listing.of("diagnose.weights.Ess", "reliable");
        assertEquals("public boolean reliable() {\n    return fraction >= BARELY && largestShare < DOMINATING_SHARE;\n}", listing.code());
        assertEquals("metarl/diagnose/weights/Ess.java", listing.file());
        assertEquals("```java\n" + listing.code() + "\n```", Display.bundle(listing).get("text/markdown"));
        assertEquals(listing.code(), Display.bundle(listing).get("text/plain"));
    }

    @Test
    void aNameAloneStandsForAllAndTypesForOne() {
        assertEquals(5, Listing.of("metarl.agent.value.Td3Update", "step").code().split("Map<String, Double> step\\(").length - 1 - 1);
        String one = Listing.of("agent.value.Td3Update", "step(ContextBatch, float[], OfCritics, Change)", "column").code();
        assertTrue(
            one.startsWith("private Map<String, Double> step(ContextBatch batch, float[] weights, OfCritics ofCritics, Change ofActor) {"));
        assertTrue(one.contains("\n}\n\nprivate static NDArray column("));
        assertTrue(Listing.of("agent.value.Td3Update", "none").code().startsWith("static Change none() {"), "of a nested type");
        assertTrue(Listing.of("agent.value.Td3Update", "new").code().startsWith("Td3Update("), "the constructor");
    }

    @Test
    void aWholeClassHasNoImports() {
        String code = Listing.of("notebook.Imports").code();
        assertTrue(code.startsWith("/** What every notebook cell"));
        assertFalse(code.contains("import java"));
    }

    @Test
    void whatIsMissingIsNamed() {
        var type = assertThrows(IllegalArgumentException.class, () -> Listing.of("agent.value.Td4"));
        assertTrue(type.getMessage().startsWith("there is no class metarl.agent.value.Td4"));
        var method = assertThrows(IllegalArgumentException.class, () -> Listing.of("diagnose.weights.Ess", "reliable", "fractions"));
        assertTrue(method.getMessage().startsWith("metarl.diagnose.weights.Ess has no method fractions; it has reliable, sentence"),
            method.getMessage());
    }
}
