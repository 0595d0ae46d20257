package metarl.diagnose.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** Logs that the tests write, each into a file of its own. */
final class LogFiles {
    private static final AtomicInteger WRITTEN = new AtomicInteger();

    private LogFiles() {}

    /** A name that no other log has. */
    static Path path(Path folder, String ending) {
        return folder.resolve("log" + WRITTEN.getAndIncrement() + ending);
    }

    static Path bytes(Path folder, byte[] content) {
        try {
            return Files.write(path(folder, ""), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path text(Path folder, String content) {
        return bytes(folder, content.getBytes(StandardCharsets.UTF_8));
    }
}
