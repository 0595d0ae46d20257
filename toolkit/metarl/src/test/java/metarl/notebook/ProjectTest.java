package metarl.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProjectTest {
    @TempDir
    Path folder;

    @Test
    void aFileIsFoundFromAnyFolder() throws IOException {
        Path project = Files.createDirectories(folder.resolve("prü fung/project")),
            model = Files.createDirectories(project.resolve("models/one"));
        Path below = Files.createDirectories(project.resolve("notebooks/mine")),
            elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        for (Path from : new Path[] {project, project.resolve("notebooks"), below, elsewhere}) {
            assertEquals(model.toString(), Project.path("models/one", from, project.toString()));
            assertEquals(model.toString(), Project.path("../models/one", from, project.toString()));
        }
        // without a kernel that knows the project, from below it only
        assertEquals(model.toString(), Project.path("models/one", below, null));
        assertEquals(model.toString(), Project.path(model.toString(), elsewhere, null));
        // a copy beside the notebook goes first
        Path copy = Files.createDirectories(elsewhere.resolve("models/one"));
        assertEquals(copy.toString(), Project.path("models/one", elsewhere, project.toString()));
    }

    @Test
    void whatIsNowhereIsNamedWithThePlaces() {
        var missing = assertThrows(IllegalArgumentException.class,
            () -> Project.path("models/none", folder, folder.resolve("project").toString()));
        assertEquals("there is no models/none in " + folder + ", in any folder above it, or in the project's folder "
            + folder.resolve("project"), missing.getMessage());
        assertTrue(
            assertThrows(IllegalArgumentException.class, () -> Project.path("build/open-bandit/x.csv", folder, "/nowhere")).getMessage()
                .endsWith("./metarl setup makes what is in build/"));
        assertThrows(IllegalArgumentException.class, () -> Project.path(" ", folder, null));
        assertThrows(IllegalArgumentException.class, () -> Project.path("/no/such/file", folder, null));
    }
}
