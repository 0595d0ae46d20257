package metarl.chart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Files that users ask for: their ending is looked at first, and they are there as a whole or not at all. */
final class ChartFile {
    private ChartFile() {}

    /** The ending of a path, in lower case, if it is one of the given. */
    static String ending(String path, String... known) {
        String name = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1).toLowerCase(Locale.ROOT);
        int dot = name.lastIndexOf('.');
        String ending = dot < 0 ? "" : name.substring(dot + 1);
        if (Arrays.asList(known).contains(ending)) return ending;
        String expected = Arrays.stream(known).map(k -> "." + k).collect(Collectors.joining(" or "));
        throw new IllegalArgumentException("a chart cannot be saved as '" + path + "'" + (ending.isEmpty() ? ", which has no ending" : "")
            + "; expected a name that ends in " + expected
            + ". Nothing was written.");
    }

    /** Writes beside the file and then puts it in its place. */
    static void write(String path, byte[] content) {
        Path file, draft = null;
        try {
            file = Path.of(path).toAbsolutePath();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("'" + path + "' cannot be the name of a file: " + e.getReason(), e);
        }
        try {
            if (Files.isDirectory(file)) throw new IOException("it is a folder; name a file in it");
            Files.createDirectories(file.getParent());
            draft = Files.createTempFile(file.getParent(), ".chart", ".part");
            Files.write(draft, content);
            put(draft, file);
        } catch (IOException | SecurityException e) {
            remove(draft);
            throw new UncheckedIOException("the chart could not be written to " + file + ": " + reason(e),
                e instanceof IOException io ? io : new IOException(e));
        }
    }

    private static void put(Path draft, Path file) throws IOException {
        // drafts are for their owner only; a file is as readable as that which it replaces, or as usual
        if (Files.getFileStore(draft).supportsFileAttributeView("posix"))
            Files.setPosixFilePermissions(draft, Files.exists(file) ? Files.getPosixFilePermissions(file)
                : java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
        try {
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static String reason(Exception e) {
        if (e instanceof FileAlreadyExistsException exists) return exists.getFile() + " is a file, not a folder";
        if (e instanceof java.nio.file.AccessDeniedException denied) return "no permission to write " + denied.getFile();
        if (e instanceof NoSuchFileException missing) return "there is no " + missing.getFile();
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static void remove(Path draft) {
        try {
            if (draft != null) Files.deleteIfExists(draft);
        } catch (IOException e) {
            // the first failure says more
        }
    }
}
