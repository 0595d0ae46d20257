package metarl.train;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/**
 * A file of a checkpoint, to be read.
 *
 * @param file where it is
 * @param run the run's folder
 */
record StoredFile(Path file, Path run) {
    /** Says what is wrong with it. */
    private static final class Unreadable extends IllegalStateException {
        private static final long serialVersionUID = 1L;
        private final String reason;

        Unreadable(StoredFile stored, String reason, Throwable cause) {
            super(stored.file + " cannot be read: " + reason + ". If the checkpoint is damaged, and you have no copy of it, delete the "
                + "folder " + stored.run + " and train again.", cause);
            this.reason = reason;
        }
    }

    /**
     * Reads it if length and checksum are those of its description. Of a damaged file, the error says which part is damaged, as far as
     * reading it tells.
     */
    void read(JsonNode description, RunFolder.Reader reader) {
        try {
            read(in -> requireAsWritten(in, description));
        } catch (Unreadable e) {
            throw new Unreadable(this, e.reason + named(reader), e);
        }
        read(reader);
    }

    private static void requireAsWritten(DataInputStream in, JsonNode description) throws IOException {
        var sum = new CRC32C();
        long length = new CheckedInputStream(in, sum).transferTo(OutputStream.nullOutputStream()),
            expected = description.path("bytes").asLong();
        if (length != expected) throw new IOException("it has " + length + " bytes, expected " + expected);
        if (!RunDescription.hex(sum.getValue()).equals(description.path("crc32c").asText()))
            throw new IOException("its checksum does not fit");
    }

    private String named(RunFolder.Reader reader) {
        if (!Files.exists(file)) return "";
        try {
            read(reader);
            return "";
        } catch (Unreadable e) {
            return ", and " + e.reason;
        }
    }

    /** Reads it to its end. */
    void read(RunFolder.Reader reader) {
        try (var in = new DataInputStream(new BufferedInputStream(new FileInputStream(file.toFile()), RunFolder.BUFFER))) {
            reader.read(in);
            if (in.read() >= 0) throw new IOException("there is more in it than expected");
        } catch (EOFException e) {
            throw new Unreadable(this, "it ends early", e);
        } catch (IOException e) {
            throw new Unreadable(this, RunFolder.reason(e), e);
        } catch (RuntimeException e) {
            throw new Unreadable(this, e.toString(), e);
        }
    }
}
