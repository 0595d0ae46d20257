package org.mujoco;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.bytedeco.javacpp.BytePointer;
import org.mujoco.generated.global.mujoco;
import org.mujoco.generated.mjModel;
import org.mujoco.presets.NativeLibrary;

/**
 * Compiles models in a small process beside this one, which hands back the compiled model. A model that crashes MuJoCo's compiler, fills
 * the memory or never ends takes that process along, not this one: libmujoco throws C++ exceptions by a runtime of its own, and nothing can
 * catch them.
 *
 * <p>{@code -Dmujoco.compile.seconds} (60) and {@code -Dmujoco.compile.memory} (MiB; 4096, or ¾ of what is free if that is less) are the
 * limits of one model; both may be set while the program runs. On Windows, and with {@code -Dmujoco.compile.apart=false}, models are
 * compiled in this process, without any of that.
 */
final class ModelCompiler {
    static final String SECONDS = "mujoco.compile.seconds", MEMORY = "mujoco.compile.memory", APART = "mujoco.compile.apart";
    private static final long MEBIBYTE = 1L << 20, DEFAULT_SECONDS = 60, DEFAULT_MEBIBYTES = 4096;
    private static final int MODEL = 0, REFUSED = 1, ANSWER_BYTES = 24, KEPT_HELPERS = 2;
    private static final int READING = 1, COMPILING = 2;
    private static final int SIGABRT = 6, SIGKILL = 9;

    private static final ExecutorService WAITING = Executors.newCachedThreadPool(body -> {
        var thread = new Thread(body, "mujoco-compiler");
        thread.setDaemon(true);
        return thread;
    });
    private static final Deque<Helper> IDLE = new ArrayDeque<>();

    private ModelCompiler() {}

    /** A compiled model, and what MuJoCo warned of on the way. */
    record Compiled(mjModel model, List<String> warnings) {}

    static Compiled compile(String xml) {
        if (xml.isBlank()) throw new MujocoException("this is not a valid MJCF model: the text is empty, expected <mujoco>…</mujoco>");
        DeclaredSizes.check(xml, "this");
        Helper helper = take();
        return helper == null ? Mjcf.compile(xml) : compile(helper, 0, xml, "this", xml, true);
    }

    /** From a file, so that its includes, meshes and textures are found next to it. */
    static Compiled compile(Path file) {
        Path path = file.toAbsolutePath();
        if (!Files.isRegularFile(path) || !Files.isReadable(path))
            throw new MujocoException("the model file " + path + " cannot be read" + (Files.exists(path) ? "" : ": there is no such file")
                + "; expected an MJCF file");
        if (path.toString().toLowerCase(Locale.ROOT).endsWith(".mjb"))
            throw new MujocoException(
                "the model file " + path + " is a binary model, and these are not read; give the MJCF file that it was made from");
        String xml = text(path);
        DeclaredSizes.check(xml, path.toString());
        Helper helper = take();
        return helper == null ? Mjcf.compile(path) : compile(helper, 1, path.toString(), path.toString(), xml, true);
    }

    private static String text(Path path) {
        try {
            return new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new MujocoException("the model file " + path + " cannot be read: " + e, e);
        }
    }

    private static Compiled compile(Helper helper, int kind, String request, String what, String xml, boolean again) {
        long seconds = limit(SECONDS, DEFAULT_SECONDS), mebibytes = limit(MEMORY, freeMebibytes());
        Future<Answer> future = WAITING.submit(() -> helper.ask(kind, request, mebibytes * MEBIBYTE));
        Answer answer;
        try {
            answer = future.get(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            helper.end();
            throw new MujocoException(
                what + " took more than " + seconds + " s to compile, and that was ended. " + DeclaredSizes.largest(xml)
                    + "Make the model smaller, or allow more time: System.setProperty(\"" + SECONDS + "\", \"" + 10 * seconds + "\").");
        } catch (InterruptedException e) {
            helper.end();
            Thread.currentThread().interrupt();
            throw new MujocoException("compiling the model was interrupted; there is no model", e);
        } catch (ExecutionException e) {
            helper.end();
            // one that lay idle may have been ended by somebody else
            Helper other = again ? Helper.start() : null;
            if (other != null) return compile(other, kind, request, what, xml, false);
            throw new MujocoException(
                "the process that compiles models ended: " + e.getCause()
                    + ". Try again; if it happens again, this machine is out of memory or processes.",
                e.getCause());
        }
        give(helper);
        return switch (answer.status) {
            case MODEL -> answer.compiled(what);
            case REFUSED -> throw new MujocoException(refusal(answer, what, mebibytes, xml));
            default -> throw new MujocoException(death(answer, what, mebibytes, xml));
        };
    }

    private static long limit(String property, long otherwise) {
        String value = System.getProperty(property);
        if (value == null || value.isBlank()) return otherwise;
        try {
            long limit = Long.parseLong(value.strip());
            if (limit > 0 && limit <= 1 << 24) return limit;
        } catch (NumberFormatException e) {
            // said below
        }
        throw new MujocoException(
            "the system property " + property + " is '" + value + "', expected a whole number from 1 to " + (1 << 24));
    }

    private static long freeMebibytes() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/meminfo")))
                if (line.startsWith("MemAvailable:"))
                    return Math.min(DEFAULT_MEBIBYTES, Math.max(64, Long.parseLong(line.replaceAll("\\D", "")) / 1024 * 3 / 4));
        } catch (IOException | NumberFormatException e) {
            // only Linux tells it there
        }
        return DEFAULT_MEBIBYTES;
    }

    private static String refusal(Answer answer, String what, long mebibytes, String xml) {
        String text = answer.text.isEmpty() ? "MuJoCo does not say why" : answer.text;
        String message = what + (answer.phase == READING ? " is not a valid MJCF model: " : " is a model that does not compile: ") + text;
        if (text.contains("ould not allocate"))
            return message + (text.endsWith(".") ? " " : ". ") + DeclaredSizes.largest(xml) + memoryRemedy(mebibytes);
        return message + Plugins.hint(text);
    }

    private static String death(Answer answer, String what, long mebibytes, String xml) {
        String doing = answer.phase == READING ? "it read the model"
            : answer.phase == COMPILING ? "it compiled the model" : "it took the first step";
        String largest = DeclaredSizes.largest(xml);
        if (answer.words.contains("length_error"))
            return what + " asks for a size that is larger than MuJoCo can hold. " + largest + "Make it smaller.";
        if (answer.words.contains("bad_alloc") || answer.signal == SIGABRT && answer.words.isEmpty())
            return what + " needs more than the " + mebibytes + " MiB of memory that compiling may take. " + largest
                + memoryRemedy(mebibytes);
        if (answer.signal == SIGKILL) return what + ": the system ended MuJoCo while " + doing + ", most likely because memory ran out. "
            + largest + "Make the model smaller.";
        return what + " made MuJoCo crash while " + doing + " (" + (answer.signal == 0 ? "it ended the process" : "signal " + answer.signal)
            + ")"
            + (answer.words.isEmpty() ? "" : ": " + answer.words) + ". " + largest
            + "Elements nested too deeply, a damaged file or a value far out of range can be the reason; leave out parts to find which. "
            + "This program is unharmed.";
    }

    private static String memoryRemedy(long mebibytes) {
        return "Make the model smaller, or allow more: System.setProperty(\"" + MEMORY + "\", \"" + 4 * mebibytes + "\") (MiB).";
    }

    /** Null where models are to be compiled in this process. */
    private static Helper take() {
        if (!Boolean.parseBoolean(System.getProperty(APART, "true"))) return null;
        synchronized (IDLE) {
            for (Helper helper; (helper = IDLE.poll()) != null;) if (helper.process.isAlive()) return helper;
        }
        return Helper.start();
    }

    private static void give(Helper helper) {
        synchronized (IDLE) {
            if (IDLE.size() < KEPT_HELPERS) {
                IDLE.push(helper);
                return;
            }
        }
        helper.end();
    }

    private record Answer(int status, int signal, int phase, String words, String text, List<String> warnings, BytePointer bytes) {
        Compiled compiled(String what) {
            try (bytes) {
                mjModel model = Native.call("loading the compiled model", () -> mujoco.mjj_loadModel(bytes, bytes.capacity()));
                if (model == null || model.isNull())
                    throw new MujocoException(what + " compiles to a model that MuJoCo cannot load: " + Mjcf.lastWarning());
                return new Compiled(model, warnings);
            }
        }
    }

    /** One helper process; used by one caller at a time. It ends with its input, that is with this process at the latest. */
    private record Helper(Process process, OutputStream requests, DataInputStream answers) {
        static Helper start() {
            Path program = NativeLibrary.program("mujoco-compiler");
            if (program == null) return null;
            var command = new ArrayList<>(List.of(program.toString(), NativeLibrary.loaded().toString()));
            NativeLibrary.plugins().forEach(plugin -> command.add(plugin.toString()));
            try {
                Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
                var helper = new Helper(process, process.getOutputStream(), new DataInputStream(process.getInputStream()));
                // it says once that the library is there
                helper.header();
                return helper;
            } catch (IOException e) {
                throw new MujocoException("the program that compiles models, " + program + ", cannot be started: " + e.getMessage()
                    + ". It needs a folder from which programs may be started, "
                    + "and a free process. System.setProperty(\"" + APART
                    + "\", \"false\") compiles in this process instead, where a bad model can end it.", e);
            }
        }

        Answer ask(int kind, String text, long memory) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            ByteBuffer request = ByteBuffer.allocate(24).order(ByteOrder.nativeOrder()).putInt(kind).putInt(0).putLong(memory)
                .putLong(bytes.length);
            requests.write(request.array());
            requests.write(bytes);
            requests.flush();
            ByteBuffer header = header();
            int status = header.getInt(), signal = header.getInt(), phase = header.getInt(), words = header.getInt();
            long length = header.getLong();
            String said = string(words);
            if (status != MODEL) return new Answer(status, signal, phase, said, string((int) length), List.of(), null);
            var warnings = new ArrayList<String>();
            int count = number();
            length -= 4;
            for (int i = 0; i < count; i++) {
                int size = number();
                warnings.add(string(size));
                length -= 4 + size;
            }
            return new Answer(status, signal, phase, said, "", List.copyOf(warnings), model(length));
        }

        private ByteBuffer header() throws IOException {
            return bytes(ANSWER_BYTES);
        }

        private int number() throws IOException {
            return bytes(4).getInt();
        }

        private ByteBuffer bytes(int length) throws IOException {
            byte[] bytes = answers.readNBytes(length);
            if (bytes.length < length) throw new EOFException("it ended while it answered");
            return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        }

        private String string(int length) throws IOException {
            return new String(bytes(length).array(), StandardCharsets.UTF_8).strip();
        }

        /** Into native memory, where the model belongs: the heap of Java may be smaller. */
        private BytePointer model(long length) throws IOException {
            BytePointer bytes;
            try {
                bytes = new BytePointer(length);
            } catch (OutOfMemoryError e) {
                throw new IOException(
                    "the compiled model of " + length / MEBIBYTE + " MiB does not fit into this process; give Java more memory (-Xmx)", e);
            }
            byte[] part = new byte[1 << 16];
            for (long at = 0; at < length;) {
                int n = answers.read(part, 0, (int) Math.min(part.length, length - at));
                if (n < 0) {
                    bytes.close();
                    throw new EOFException("it ended while it answered");
                }
                bytes.position(at).put(part, 0, n);
                at += n;
            }
            return bytes.position(0);
        }

        /** It notices, ends the compiler under way, and goes. */
        void end() {
            try (requests; answers) {
                process.onExit().orTimeout(5, TimeUnit.SECONDS).exceptionally(late -> process.destroyForcibly());
            } catch (IOException e) {
                process.destroyForcibly();
            }
        }
    }
}
