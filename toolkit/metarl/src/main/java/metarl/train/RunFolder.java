package metarl.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import metarl.agent.LearnerState;

/**
 * A run on disk.
 *
 * <p>One folder per checkpoint holds {@code state.bin}, {@code replay.bin}, {@code log.csv} and {@code run.json}: what was asked for, how
 * far the run has come, and length and CRC-32C of the other files. A checkpoint is complete and forced to the disk before {@code run.json}
 * of the run's folder, a copy of the checkpoint's and replaced in one move, points to it; only then is the one before it deleted. A process
 * may die at any time. {@code log.csv} of the run's folder is a copy to look at.
 *
 * <p>Nothing is written into a folder that is neither empty nor a run's, and nothing is deleted but what a checkpoint of ours consists of.
 */
final class RunFolder {
    static final String DESCRIPTION = "run.json";
    private static final String LOG = "log.csv";
    static final String STATE = "state.bin";
    private static final String REPLAY = "replay.bin";
    private static final String DRAFT = ".new";
    static final int BUFFER = 1 << 16;
    static final byte[] MARK = "metarl 3".getBytes(StandardCharsets.US_ASCII);
    // the description first, for what has none is not complete; the mark last, for what has none is not ours
    static final List<String> DELETED_IN_ORDER = List.of(DESCRIPTION, DESCRIPTION + DRAFT, REPLAY, LOG, STATE);

    private final Path folder;
    private final Disk disk;
    private String current;

    RunFolder(Path folder) {
        this(folder, new Disk());
    }

    RunFolder(Path folder, Disk disk) {
        this.folder = folder;
        this.disk = disk;
    }

    /** Something that is read from a stream. */
    @FunctionalInterface
    interface Reader {
        void read(DataInputStream in) throws IOException;
    }

    Path path() {
        return folder;
    }

    /** A folder by its name, which a user gave to {@code verb}. */
    static Path path(String name, String verb) {
        if (name == null || name.isBlank()) throw new IllegalArgumentException(verb + "(" + (name == null ? "null" : "\"" + name + "\"")
            + "): expected the name of a folder, such as \"runs/mql\"");
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(verb + "(\"" + name + "\"): this cannot be a folder's name here: " + e.getReason()
                + ". Use other characters, or start Java in a UTF-8 locale (LC_ALL=C.UTF-8).", e);
        }
    }

    boolean exists() {
        return Files.exists(folder.resolve(DESCRIPTION));
    }

    /** Makes the folder where there is none, and refuses one that holds anything but a run. */
    void claim() {
        requireOurs();
        try {
            disk.createFolders(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("the folder " + folder + " cannot be made: " + reason(e) + ". Choose a different one.", e);
        }
    }

    /**
     * Refuses a folder that holds anything but a run.
     *
     * @throws IllegalArgumentException if this is a file, or other files are there
     * @throws IllegalStateException if the description of the run there is lost or damaged
     */
    void requireOurs() {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) return;
        if (!Files.isDirectory(folder))
            throw new IllegalArgumentException(folder + " is not a folder. Give one that is new, empty, or holds a run.");
        if (exists()) {
            read();
            return;
        }
        boolean locked = Files.exists(folder.resolve(RunLock.FILE));
        var foreign = new ArrayList<String>();
        for (Path entry : entries()) {
            String name = entry.getFileName().toString();
            boolean ours = name.equals(RunLock.FILE) || name.startsWith(RunNote.PREFIX) || locked && name.equals(DESCRIPTION + DRAFT)
                || CheckpointFolder.isLeftOver(entry)
                || CheckpointFolder.isFirst(entry);
            if (!ours) foreign.add(name);
        }
        if (foreign.isEmpty()) return;
        requireDescription();
        String more = foreign.size() > 5 ? " and " + (foreign.size() - 5) + " more" : "";
        throw new IllegalArgumentException(folder + " holds files that belong to no run: "
            + String.join(", ", foreign.subList(0, Math.min(5, foreign.size()))) + more
            + ". Give a folder that is new, empty, or holds a run; nothing was changed.");
    }

    /** If run.json is lost but a checkpoint is there, says how to get it back. */
    void requireDescription() {
        if (!exists() && Files.isDirectory(folder) && newest() != null)
            throw new IllegalStateException(folder.resolve(DESCRIPTION) + " is missing, but there are checkpoints. " + remedy());
    }

    private List<Path> entries() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the folder " + folder + " cannot be read: " + reason(e), e);
        }
    }

    /** The stored description. */
    RunDescription read() {
        Path file = folder.resolve(DESCRIPTION);
        try {
            RunDescription description = RunDescription.parse(bytes(file));
            current = description.checkpoint();
            return description;
        } catch (RunDescription.Damaged e) {
            throw damaged(file, e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read: " + reason(e), e);
        }
    }

    /** The error for a description that cannot be used. */
    IllegalStateException damaged(RunDescription.Damaged e) {
        return damaged(folder.resolve(DESCRIPTION), e);
    }

    private IllegalStateException damaged(Path file, RunDescription.Damaged e) {
        return new IllegalStateException(file + " cannot be used: " + e.getMessage() + ". " + remedy(), e);
    }

    private String remedy() {
        Path whole = newest();
        return whole == null ? "If it was a run's, delete the folder " + folder + " and train again."
            : "The checkpoint keeps a copy: put " + whole.resolve(DESCRIPTION) + " in its place to go on.";
    }

    /** The newest complete checkpoint; null if there is none. */
    private Path newest() {
        Path newest = null;
        long most = -1;
        for (Path entry : entries()) {
            RunDescription description = CheckpointFolder.description(entry);
            if (description == null || description.step() <= most) continue;
            most = description.step();
            newest = entry;
        }
        return newest;
    }

    /**
     * Writes a checkpoint and makes it the valid one.
     *
     * @param description everything but the checkpoint's name and files
     * @param replay null for networks only
     * @param log null for networks only
     */
    void save(ObjectNode description, long step, Disk.Content state, Disk.Content replay, String log) {
        String before = current;
        Path checkpoint = null;
        boolean counts = false;
        try {
            checkpoint = newFolder(step);
            ObjectNode files = description.putObject("files");
            files.set(STATE, write(checkpoint.resolve(STATE), state, MARK));
            if (replay != null) files.set(REPLAY, write(checkpoint.resolve(REPLAY), replay));
            if (log != null) files.set(LOG, write(checkpoint.resolve(LOG), out -> out.write(log.getBytes(StandardCharsets.UTF_8))));
            description.put("checkpoint", checkpoint.getFileName().toString());
            byte[] text = RunDescription.text(description);
            replace(checkpoint.resolve(DESCRIPTION), text);
            disk.force(checkpoint);
            disk.force(folder);
            replace(folder.resolve(DESCRIPTION), text);
            counts = true;
            current = checkpoint.getFileName().toString();
            disk.force(folder);
            if (log != null) replace(folder.resolve(LOG), log.getBytes(StandardCharsets.UTF_8));
            deleteOthers(before);
        } catch (IOException e) {
            throw new UncheckedIOException("a checkpoint could not be written to " + folder + ": " + reason(e) + ". Is the disk full?", e);
        } finally {
            // what is half written would fill a disk that is full already
            if (!counts && checkpoint != null) discard(checkpoint);
        }
    }

    private Path newFolder(long step) throws IOException {
        for (long n = System.nanoTime();; n++) {
            Path checkpoint = folder.resolve("checkpoint-" + step + "-" + Long.toHexString(n));
            if (Files.exists(checkpoint, LinkOption.NOFOLLOW_LINKS)) continue;
            disk.createFolder(checkpoint);
            return checkpoint;
        }
    }

    /** Writes a part of a checkpoint; returns its length and checksum. */
    private ObjectNode write(Path file, Disk.Content content, byte... mark) throws IOException {
        var sum = new CRC32C();
        disk.write(file, out -> {
            var data = new DataOutputStream(new BufferedOutputStream(new CheckedOutputStream(out, sum), BUFFER));
            data.write(mark);
            content.write(data);
            data.flush();
        });
        return RunDescription.part(Files.size(file), sum.getValue());
    }

    private void replace(Path file, byte[] content) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + DRAFT);
        disk.write(draft, out -> out.write(content));
        disk.move(draft, file);
    }

    private void deleteOthers(String before) throws IOException {
        for (Path entry : entries()) {
            String name = entry.getFileName().toString();
            if (name.equals(current) || !CheckpointFolder.isCheckpoint(entry)) continue;
            if (name.equals(before) || CheckpointFolder.isLeftOver(entry) || CheckpointFolder.description(entry) != null) delete(entry);
        }
    }

    /** Deletes the files that a checkpoint consists of, and its folder if nothing else is in it. */
    private void delete(Path checkpoint) throws IOException {
        for (String file : DELETED_IN_ORDER) disk.delete(checkpoint.resolve(file));
        try {
            disk.delete(checkpoint);
        } catch (DirectoryNotEmptyException e) {
            // somebody has put something there, which is not ours to delete
        }
    }

    private void discard(Path checkpoint) {
        try {
            delete(checkpoint);
        } catch (IOException e) {
            // the next save tries again
        }
    }

    /** Whether a checkpoint can be trained on, and not only acted with. */
    boolean isWhole(RunDescription description) {
        return description.format() == 1 ? Files.exists(checkpoint(description).resolve(REPLAY)) : !description.networksOnly();
    }

    private Path checkpoint(RunDescription description) {
        if (!CheckpointFolder.isName(description.checkpoint()))
            throw damaged(new RunDescription.Damaged("it names the checkpoint '" + description.checkpoint() + "'"));
        return folder.resolve(description.checkpoint());
    }

    void readState(RunDescription description, Reader reader) {
        read(description, STATE, in -> {
            if (description.format() > 1) in.skipNBytes(MARK.length);
            reader.read(in);
        });
    }

    void readReplay(RunDescription description, LearnerState state) {
        read(description, REPLAY, description.format() < 3 ? state::loadUnnamedReplay : state::loadReplay);
    }

    MetricLog readLog(RunDescription description) {
        var log = new MetricLog[1];
        Reader reader = in -> log[0] = MetricLog.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), description.logRows());
        if (description.format() > 1) read(description, LOG, reader);
        else new StoredFile(folder.resolve(LOG), folder).read(reader);
        return log[0];
    }

    private void read(RunDescription description, String part, Reader reader) {
        var file = new StoredFile(checkpoint(description).resolve(part), folder);
        if (description.format() > 1) file.read(description.json().path("files").path(part), reader);
        else file.read(reader);
    }

    /**
     * Removes what a process that died has left, and brings log.csv up to date with the checkpoint; one that somebody has changed is put
     * aside.
     */
    void tidy(String log) {
        Path file = folder.resolve(LOG);
        try {
            for (String name : List.of(DESCRIPTION, LOG)) disk.delete(folder.resolve(name + DRAFT));
            deleteOthers(current);
            String shown = Files.exists(file) ? new String(bytes(file), StandardCharsets.UTF_8) : "";
            if (shown.equals(log)) return;
            if (!shown.startsWith(log) && !log.startsWith(shown)) {
                Path aside = free();
                disk.move(file, aside);
                System.err.println(file + " was changed since the run wrote it. It is now called " + aside.getFileName()
                    + ", and the run's own log is in its place.");
            }
            replace(file, log.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("the folder " + folder + " cannot be written to: " + reason(e) + ". Is the disk full?", e);
        }
    }

    private Path free() {
        int n = 1;
        while (Files.exists(folder.resolve("log-changed-" + n + ".csv"), LinkOption.NOFOLLOW_LINKS)) n++;
        return folder.resolve("log-changed-" + n + ".csv");
    }

    /** By a stream that an interruption of the thread does not close. */
    static byte[] bytes(Path file) throws IOException {
        try (var in = new FileInputStream(file.toFile())) {
            return in.readAllBytes();
        }
    }

    static String reason(IOException e) {
        if (e instanceof AccessDeniedException) return "permission denied for " + e.getMessage();
        if (e instanceof FileAlreadyExistsException) return e.getMessage() + " is there already, and no folder";
        if (e instanceof NoSuchFileException) return e.getMessage() + " does not exist";
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
