package metarl.agent.transfer;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import metarl.agent.LearnerState;
import metarl.basics.StoredRecord;

/**
 * A fitted model alone in a file, small enough to ship: what it is, its settings, the sizes it was made for, and its networks as a {@link
 * LearnerState} writes them, each behind its name and before its checksum.
 */
final class StoredModel {
    private static final int FORMAT = 1;

    private StoredModel() {}

    /** Makes a model, whose networks are then read. */
    interface Maker<R extends Record, T extends AutoCloseable> {
        T make(R settings, int observationSize, int actionSize);
    }

    /** The state of a model. */
    interface StateOf<T> {
        LearnerState of(T model);
    }

    /** Writes the file; one of that name is replaced, as a whole or not at all. */
    static void save(Path file, String kind, Record settings, int observationSize, int actionSize, LearnerState state) {
        Path draft = file.resolveSibling(file.getFileName() + ".part");
        try {
            if (file.toAbsolutePath().getParent() != null) Files.createDirectories(file.toAbsolutePath().getParent());
            try (var out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(draft)))) {
                out.writeUTF(kind);
                out.writeInt(FORMAT);
                StoredRecord.write(out, settings);
                out.writeInt(observationSize);
                out.writeInt(actionSize);
                state.saveNetworks(out);
            }
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written: " + e.getMessage(), e);
        }
    }

    /** Reads the file. */
    static <R extends Record, T extends AutoCloseable> T load(Path file, String kind, Class<R> settings, Maker<R, T> maker,
        StateOf<T> states) {
        try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            String found = in.readUTF();
            if (!found.equals(kind)) throw new IOException("it is no stored " + kind);
            int format = in.readInt();
            if (format != FORMAT) throw new IOException("it has format " + format + ", this version reads " + FORMAT);
            R stored = StoredRecord.read(in, settings);
            T model = maker.make(stored, in.readInt(), in.readInt());
            return read(model, states.of(model), in);
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException(file + " does not exist; expected a file that save wrote", e);
        } catch (IOException | IllegalArgumentException e) {
            throw new UncheckedIOException(file + " holds no " + kind + " that can be read: " + e.getMessage(),
                e instanceof IOException io ? io : new IOException(e));
        }
    }

    private static <T extends AutoCloseable> T read(T model, LearnerState state, DataInputStream in) throws IOException {
        try {
            state.loadNetworks(in);
            return model;
        } catch (IOException e) {
            state.close();
            throw e;
        }
    }
}
