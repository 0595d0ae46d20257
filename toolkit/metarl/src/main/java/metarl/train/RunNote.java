package metarl.train;

import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A small text in the folder of a run, beside the run's own files: whole or not there, whenever a process dies. An interruption of the
 * thread does not disturb it.
 *
 * @param folder the run's folder
 * @param name what is noted, such as {@code done}; the file is called {@code sweep-done.json}
 */
public record RunNote(Path folder, String name) {
    static final String PREFIX = "sweep-";
    private static final Disk DISK = new Disk();

    /** Where it lies. */
    public Path file() {
        return folder.resolve(PREFIX + name + ".json");
    }

    /** Writes it in one move, and the folder if there is none; returns when it is on the disk. */
    public void write(String text) {
        // two processes may note the same thing at the same time
        Path draft = file()
            .resolveSibling(file().getFileName() + "." + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime())
                + ".new");
        try {
            DISK.createFolders(folder);
            DISK.write(draft, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
            DISK.move(draft, file());
            DISK.force(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("a note could not be written to " + folder + ": " + RunFolder.reason(e) + ". Is the disk full?",
                e);
        }
    }

    /** The same for what is told many times a minute by one writer, and may be lost with the power. */
    public void tell(String text) {
        Path draft = file().resolveSibling(file().getFileName() + ".new");
        try {
            DISK.createFolders(folder);
            try (var out = new FileOutputStream(draft.toFile())) {
                out.write(text.getBytes(StandardCharsets.UTF_8));
            }
            DISK.move(draft, file());
        } catch (IOException e) {
            throw new UncheckedIOException("a note could not be written to " + folder + ": " + RunFolder.reason(e), e);
        }
    }

    /** The text; empty if nothing was noted. */
    public Optional<String> read() {
        try {
            return Optional.of(new String(RunFolder.bytes(file()), StandardCharsets.UTF_8));
        } catch (FileNotFoundException | NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(file() + " cannot be read: " + RunFolder.reason(e), e);
        }
    }

    /** Takes it back; does nothing where there is none. */
    public void delete() {
        try {
            DISK.delete(file());
        } catch (IOException e) {
            throw new UncheckedIOException(file() + " cannot be deleted: " + RunFolder.reason(e), e);
        }
    }
}
