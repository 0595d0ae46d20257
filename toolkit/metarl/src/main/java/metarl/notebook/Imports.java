package metarl.notebook;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What every notebook cell and script sees without asking: all rooms, collections and tables. */
public final class Imports {
    private Imports() {}

    /** The import declarations, one each. */
    public static List<String> lines() {
        try (InputStream in = Imports.class.getResourceAsStream("/metarl/imports.jsh")) {
            if (in == null)
                throw new IllegalStateException("metarl/imports.jsh is missing from the toolkit's jar; build it again with ./metarl setup");
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> !line.isBlank()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
