package metarl.notebook;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What every notebook cell and script sees without asking: all rooms, collections and tables, and Spark where it is there. */
public final class Imports {
    private static final String RESOURCE = "metarl/imports.jsh";

    private Imports() {}

    /** The import declarations, one each, of every module on the class path. */
    public static List<String> lines() {
        var lines = new ArrayList<String>();
        try {
            for (URL module : Collections.list(Imports.class.getClassLoader().getResources(RESOURCE)))
                try (InputStream in = module.openStream()) {
                    new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> !line.isBlank()).forEach(lines::add);
                }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (lines.isEmpty())
            throw new IllegalStateException(RESOURCE + " is missing from the toolkit's jar; build it again with ./metarl setup");
        return lines;
    }
}
