package metarl.agent;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UTFDataFormatException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import metarl.basics.RandomStream;
import metarl.data.MetaReplay;
import metarl.nn.Adam;
import metarl.nn.Parameters;

/**
 * The parts of a learner, each declared once, by name: saving, loading, closing and comparing follow from it.
 *
 * <pre>{@code
 * LearnerState.of().network("actor", actor).optimizer("actor's optimiser", optimizer).stream("batches", batches).replay("replay", replay)
 * }</pre>
 *
 * <p>A network alone is enough to act with. The other parts are what is needed besides to go on as if nothing had happened. In a file each
 * part stands behind its name and before a checksum of its own, so that an error names the part that is damaged. Parts are read in the
 * order in which they were written.
 */
public final class LearnerState implements AutoCloseable {
    private static final int BUFFER = 1 << 13;

    /** When a part is written. */
    public enum Kind {
        /** With every checkpoint, and where networks are saved alone. */
        NETWORK,
        /** With every checkpoint. */
        STATE,
        /** With every checkpoint, in a file of its own. */
        REPLAY
    }

    /** Writes a part. */
    @FunctionalInterface
    public interface Writer {
        /** Writes it. */
        void write(DataOutputStream out) throws IOException;
    }

    /** Reads a part. */
    @FunctionalInterface
    public interface Reader {
        /** Reads exactly what was written, and throws an {@link IOException} that says what is wrong with it otherwise. */
        void read(DataInputStream in) throws IOException;
    }

    private record Part(String name, Kind kind, Writer writer, Reader reader) {}

    private final List<Part> parts = new ArrayList<>();
    private final List<AutoCloseable> resources = new ArrayList<>();
    private final List<Runnable> afresh = new ArrayList<>();

    private LearnerState() {}

    /** No part yet. */
    public static LearnerState of() {
        return new LearnerState();
    }

    /** A network, which this state closes. */
    public LearnerState network(String name, Parameters parameters) {
        resources.add(parameters);
        return part(name, Kind.NETWORK, parameters::save, parameters::load);
    }

    /** Numbers that are what the policy consists of, changed in place; always as many. */
    public LearnerState network(String name, double[] values) {
        return part(name, Kind.NETWORK, out -> write(out, values), in -> read(in, values));
    }

    /** A network that follows another one: where networks are loaded alone, it is made equal to that. This state closes it. */
    public LearnerState target(String name, Parameters target, Parameters followed) {
        resources.add(target);
        afresh.add(() -> target.set(followed));
        return part(name, Kind.STATE, target::save, target::load);
    }

    /** An optimiser, which this state closes. */
    public LearnerState optimizer(String name, Adam optimizer) {
        resources.add(optimizer);
        return part(name, Kind.STATE, optimizer::save, optimizer::load);
    }

    /** A stream of random numbers. */
    public LearnerState stream(String name, RandomStream stream) {
        return part(name, Kind.STATE, out -> out.writeLong(stream.state()), in -> stream.set(in.readLong()));
    }

    /** Numbers that are changed in place; always as many. */
    public LearnerState numbers(String name, double[] values) {
        return part(name, Kind.STATE, out -> write(out, values), in -> read(in, values));
    }

    /** Stored experience. */
    public LearnerState replay(String name, MetaReplay replay) {
        return part(name, Kind.REPLAY, replay::save, replay::load);
    }

    /** Anything else. */
    public LearnerState part(String name, Writer writer, Reader reader) {
        return part(name, Kind.STATE, writer, reader);
    }

    /** Anything else, of this kind. */
    public LearnerState part(String name, Kind kind, Writer writer, Reader reader) {
        if (parts.stream().anyMatch(p -> p.name.equals(name)))
            throw new IllegalArgumentException("a part named '" + name + "' is declared twice; each needs a name of its own");
        parts.add(new Part(name, kind, writer, reader));
        return this;
    }

    /** What begins afresh where networks are loaded alone: what was collected for the old ones, or a start with random actions. */
    public LearnerState afresh(Runnable action) {
        afresh.add(action);
        return this;
    }

    private static void write(DataOutputStream out, double[] values) throws IOException {
        out.writeInt(values.length);
        for (double v : values) out.writeDouble(v);
    }

    private static void read(DataInputStream in, double[] values) throws IOException {
        int stored = in.readInt();
        if (stored != values.length) throw new IOException("it has " + stored + " numbers, expected " + values.length);
        for (int i = 0; i < stored; i++) values[i] = in.readDouble();
    }

    /** The names of the parts. */
    public List<String> names() {
        return parts.stream().map(Part::name).toList();
    }

    /** Writes the networks: enough to act with. */
    public void saveNetworks(DataOutputStream out) throws IOException {
        for (Part part : parts) if (part.kind == Kind.NETWORK) save(part, out);
    }

    /** Writes everything but the replay. */
    public void save(DataOutputStream out) throws IOException {
        for (Part part : parts) if (part.kind != Kind.REPLAY) save(part, out);
    }

    /** Writes the replay; nothing where there is none. */
    public void saveReplay(DataOutputStream out) throws IOException {
        for (Part part : parts) if (part.kind == Kind.REPLAY) save(part, out);
    }

    private static void save(Part part, DataOutputStream out) throws IOException {
        out.writeUTF(part.name);
        var sum = new CRC32C();
        var checked = new DataOutputStream(new BufferedOutputStream(new CheckedOutputStream(out, sum), BUFFER));
        try {
            part.writer.write(checked);
        } catch (RuntimeException e) {
            throw new IllegalStateException("the part '" + part.name + "' cannot be written: " + e, e);
        }
        checked.flush();
        out.writeInt((int) sum.getValue());
    }

    /** Reads what {@link #saveNetworks} wrote; what is not in it starts afresh. */
    public void loadNetworks(DataInputStream in) throws IOException {
        for (Part part : parts) if (part.kind == Kind.NETWORK) load(part, in);
        afresh.forEach(Runnable::run);
    }

    /** Reads what {@link #save} wrote. */
    public void load(DataInputStream in) throws IOException {
        for (Part part : parts) if (part.kind != Kind.REPLAY) load(part, in);
    }

    /** Reads what {@link #saveReplay} wrote. */
    public void loadReplay(DataInputStream in) throws IOException {
        for (Part part : parts) if (part.kind == Kind.REPLAY) load(part, in);
    }

    private static void load(Part part, DataInputStream in) throws IOException {
        String found = name(part, in);
        if (!found.equals(part.name))
            throw new IOException(
                "it holds the part '" + found.substring(0, Math.min(60, found.length())) + "' where '" + part.name + "' is expected");
        var sum = new CRC32C();
        read(part, new DataInputStream(new CheckedInputStream(in, sum)));
        var stored = new int[1];
        read(new Part(part.name, part.kind, part.writer, i -> stored[0] = i.readInt()), in);
        if (stored[0] != (int) sum.getValue())
            throw new IOException("the part '" + part.name + "' is damaged, or is read differently than it was written: "
                + "its checksum does not fit");
    }

    private static String name(Part part, DataInputStream in) throws IOException {
        try {
            return in.readUTF();
        } catch (UTFDataFormatException e) {
            throw new IOException("the name of the part '" + part.name + "' is damaged", e);
        } catch (EOFException e) {
            throw new IOException("it ends early, before the part '" + part.name + "'", e);
        }
    }

    private static void read(Part part, DataInputStream in) throws IOException {
        try {
            part.reader.read(in);
        } catch (EOFException e) {
            throw new IOException("it ends early, in the part '" + part.name + "'", e);
        } catch (IOException | RuntimeException e) {
            throw new IOException("the part '" + part.name + "' is damaged: " + e.getMessage(), e);
        } catch (OutOfMemoryError e) {
            throw new IOException(
                "the part '" + part.name + "' is damaged, or Java's heap too small: it asks for more memory than there is", e);
        }
    }

    /** Reads networks of the formats 1 and 2, which had neither names nor checksums; parts that these did not know yet start afresh. */
    public void loadUnnamedNetworks(DataInputStream in) throws IOException {
        boolean first = true;
        for (Part part : parts) {
            if (part.kind != Kind.NETWORK || !first && ended(in)) continue;
            read(part, in);
            first = false;
        }
        afresh.forEach(Runnable::run);
    }

    private static boolean ended(DataInputStream in) throws IOException {
        in.mark(1);
        boolean ended = in.read() < 0;
        in.reset();
        return ended;
    }

    /** Reads everything but the replay as the formats 1 and 2 had it. */
    public void loadUnnamed(DataInputStream in) throws IOException {
        for (Part part : parts) if (part.kind != Kind.REPLAY) read(part, in);
    }

    /** Reads the replay as the formats 1 and 2 had it. */
    public void loadUnnamedReplay(DataInputStream in) throws IOException {
        for (Part part : parts) if (part.kind == Kind.REPLAY) read(part, in);
    }

    /** A checksum of every part, by name: two learners with equal checksums act and learn alike, bit for bit. */
    public Map<String, String> checksums() {
        var sums = new LinkedHashMap<String, String>();
        for (Part part : parts) {
            var sum = new CRC32C();
            try (var out = new DataOutputStream(
                new BufferedOutputStream(new CheckedOutputStream(OutputStream.nullOutputStream(), sum), BUFFER))) {
                part.writer.write(out);
                out.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            sums.put(part.name, HexFormat.of().toHexDigits((int) sum.getValue()));
        }
        return sums;
    }

    /** Frees what the parts hold outside of Java's heap; closing twice is fine. */
    @Override
    public void close() {
        for (AutoCloseable resource : resources) {
            try {
                resource.close();
            } catch (Exception e) {
                throw new IllegalStateException("a part of the learner could not be freed", e);
            }
        }
    }
}
