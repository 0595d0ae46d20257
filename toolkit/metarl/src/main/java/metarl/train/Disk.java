package metarl.train;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * What changes the files of a run: every operation is whole and on the disk when it returns, and an interruption of the thread does not
 * disturb it.
 *
 * <p>A test replaces it by one that ends the process at the n-th operation.
 */
class Disk {
    private static final int BUFFER = 1 << 16;

    /** What a file is to hold. */
    @FunctionalInterface
    interface Content {
        void write(DataOutputStream out) throws IOException;
    }

    /** A new folder, and those above it. */
    void createFolders(Path folder) throws IOException {
        Files.createDirectories(folder);
    }

    /** A new folder; fails if there is one already. */
    void createFolder(Path folder) throws IOException {
        Files.createDirectory(folder);
    }

    /** A file with this content; one of that name is replaced. */
    void write(Path file, Content content) throws IOException {
        // the streams of java.nio would be closed by an interruption
        try (var bytes = new FileOutputStream(file.toFile()); var out = new DataOutputStream(new BufferedOutputStream(bytes, BUFFER))) {
            content.write(out);
            out.flush();
            force(bytes);
        }
    }

    /** Forces what was written to the disk. */
    void force(FileOutputStream bytes) throws IOException {
        bytes.getFD().sync();
    }

    /** Gives a file another name, in one step; a file of that name is replaced. */
    void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Deletes a file or an empty folder, if it is there. */
    void delete(Path path) throws IOException {
        Files.deleteIfExists(path);
    }

    /** Forces the names in a folder to the disk. */
    void force(Path folder) throws IOException {
        // Windows knows no such thing
        if (File.separatorChar != '/') return;
        boolean interrupted = Thread.interrupted();
        try {
            while (!forced(folder)) interrupted |= Thread.interrupted();
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    private static boolean forced(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
            return true;
        } catch (ClosedByInterruptException e) {
            return false;
        }
    }
}
