package metarl.train;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One writer per run folder: threads of this process wait for each other, another process is refused.
 *
 * <p>The lock between processes is the system's, on the file {@value #FILE}: it ends with the process, however that ends.
 */
final class RunLock implements AutoCloseable {
    static final String FILE = "metarl.lock";
    // an interrupted cell returns at once while its thread still writes the checkpoint: the next run of the folder waits for it
    private static final Map<Path, ReentrantLock> IN_USE = new ConcurrentHashMap<>();

    private final ReentrantLock threads;
    private RandomAccessFile file;

    private RunLock(ReentrantLock threads) {
        this.threads = threads;
    }

    /** Waits until no other thread of this process writes to the folder, which need not exist yet. */
    static RunLock waitFor(Path folder) {
        ReentrantLock threads = IN_USE.computeIfAbsent(real(folder.toAbsolutePath().normalize()), p -> new ReentrantLock());
        try {
            if (!threads.tryLock()) threads.lockInterruptibly();
        } catch (InterruptedException e) {
            throw new TrainingInterruptedException(
                "Interrupted while waiting for an earlier run in " + folder + " to end; nothing was started.");
        }
        return new RunLock(threads);
    }

    /** One path for a folder however it is reached. */
    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            Path parent = path.getParent();
            return parent == null ? path : real(parent).resolve(path.getFileName());
        }
    }

    /** Whether a run has ever been written to this folder. */
    static boolean isIn(Path folder) {
        return Files.isRegularFile(folder.resolve(FILE));
    }

    /**
     * Keeps other processes out of a folder that exists; calling it again does nothing more.
     *
     * @throws RunInUseException if another process writes to it
     */
    void lockFile(Path folder) {
        if (file != null) return;
        File path = folder.resolve(FILE).toFile();
        boolean locked = false;
        try {
            file = new RandomAccessFile(path, "rw");
            locked = file.getChannel().tryLock() != null;
            if (locked) name(file);
        } catch (OverlappingFileLockException e) {
            // this process holds it
        } catch (IOException e) {
            if (file == null)
                throw new UncheckedIOException("the folder " + folder + " cannot be written to: " + e.getMessage()
                    + ". Choose a different one, or change its permissions.", e);
            System.err.println("The file system of " + folder + " offers no locks (" + e.getMessage()
                + "): make sure that no other process trains there.");
            return;
        }
        if (locked) return;
        closeFile();
        throw new RunInUseException(folder + " is in use by " + holder(path)
            + ". Wait until its training has ended, stop it, or choose a different folder.");
    }

    private static void name(RandomAccessFile file) {
        try {
            file.setLength(0);
            file.write(("process " + ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            // it is locked without a name; a full disk is told when there is something to save
        }
    }

    private static String holder(File path) {
        try (var in = new FileInputStream(path)) {
            String name = new String(in.readNBytes(100), StandardCharsets.US_ASCII).trim();
            if (name.matches("process \\d+")) return "another run (" + name + ")";
        } catch (IOException e) {
            // Windows does not let it be read
        }
        return "another run";
    }

    private void closeFile() {
        try {
            if (file != null) file.close();
        } catch (IOException e) {
            // the lock ends all the same
        }
        file = null;
    }

    @Override
    public void close() {
        closeFile();
        threads.unlock();
    }
}
