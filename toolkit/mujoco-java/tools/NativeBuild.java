import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.tools.Builder;

/**
 * The native part of the build, each stage only when something changed.
 *
 * <p>{@code generate} finds MuJoCo, copies its headers and lets JavaCPP write Java from them; {@code compile} lets JavaCPP write the C++
 * glue and calls the C++ compiler. Usage: {@code java NativeBuild.java STAGE TARGET-FOLDER JAVACPP-VERSION}.
 */
public class NativeBuild {
    /** Where a MuJoCo was found, and by which rule. */
    record Found(Path include, Path library, String rule) {}

    private final Path target;
    private final String javacppVersion;

    NativeBuild(Path target, String javacppVersion) {
        this.target = target.toAbsolutePath();
        this.javacppVersion = javacppVersion;
    }

    public static void main(String[] arguments) throws Exception {
        var build = new NativeBuild(Path.of(arguments[1]), arguments[2]);
        switch (arguments[0]) {
            case "generate" -> {
                build.stage();
                build.parse();
            }
            case "compile" -> build.compile();
            default -> throw new IllegalArgumentException("unknown stage " + arguments[0]);
        }
    }

    private void stage() throws IOException {
        Found found = find();
        String version = version(found);
        String stamp = stamp(found, version);
        Path stampFile = target.resolve("native.stamp");
        if (Files.exists(stampFile) && Files.readString(stampFile).equals(stamp)) return;
        requireCompiler();
        System.out.println("MuJoCo " + version + " (" + found.rule + "): " + found.library);
        var stale = List.of("mujoco", "generated-sources/javacpp", "classes/org/mujoco/generated", "native.parsed", "native.compiled");
        for (String name : stale) wipe(target.resolve(name));
        stageHeaders(found);
        stageLibrary(found);
        describe(found, version);
        Files.writeString(stampFile, stamp);
    }

    /** Older headers name the struct tag mjX_ and the type mjX: JavaCPP would make an empty class, so both get one name. */
    private void stageHeaders(Found found) throws IOException {
        Path include = Files.createDirectories(target.resolve("mujoco/include/mujoco"));
        try (Stream<Path> headers = Files.list(found.include)) {
            for (Path header : headers.filter(p -> p.toString().endsWith(".h")).toList())
                Files.writeString(include.resolve(header.getFileName()), Files.readString(header).replaceAll("\\b(mj[a-zA-Z]+)_\\b", "$1"));
        }
        for (String optional : List.of("mjtnum.h", "mjtype.h", "mjbatch.h"))
            if (!Files.exists(include.resolve(optional))) Files.writeString(include.resolve(optional), "// not in this MuJoCo version\n");
    }

    private void stageLibrary(Found found) throws IOException {
        Path folder = Files.createDirectories(target.resolve("mujoco/lib"));
        String os = System.getProperty("os.name").toLowerCase();
        String name = os.contains("win") ? "mujoco.lib" : os.contains("mac") ? "libmujoco.dylib" : "libmujoco.so";
        if (os.contains("win")) Files.copy(found.library, folder.resolve(name));
        else Files.createSymbolicLink(folder.resolve(name), found.library.toRealPath());
    }

    private void describe(Found found, String version) throws IOException {
        Path real = found.library.toRealPath();
        Path resources = Files.createDirectories(target.resolve("mujoco/resources/org/mujoco"));
        var build = new Properties();
        build.setProperty("version", version);
        build.setProperty("library.file", real.getFileName().toString());
        build.setProperty("library.folder", real.getParent().toString());
        // escapes what is not Latin-1, as its reader expects
        try (OutputStream out = Files.newOutputStream(resources.resolve("mujoco-build.properties"))) {
            build.store(out, null);
        }
    }

    private void parse() throws Exception {
        Path generated = target.resolve("generated-sources/javacpp");
        Path done = target.resolve("native.parsed");
        if (Files.exists(done)) return;
        System.out.println("Reading the MuJoCo headers (about 10 s) …");
        Files.createDirectories(generated);
        javacpp(List.of("-d", generated.toString(), "org.mujoco.presets.mujoco"));
        Files.writeString(done, "");
    }

    private void compile() throws Exception {
        Path done = target.resolve("native.compiled");
        if (Files.exists(done)) return;
        System.out.println("Compiling the MuJoCo glue (about 30 s) …");
        javacpp(List.of("-Xcompiler", "-O1", "org.mujoco.generated.*", "org.mujoco.generated.global.*"));
        compileHelper();
        Files.writeString(done, "");
    }

    /** The program that compiles models in a process of its own; it needs fork, so Windows goes without. */
    private void compileHelper() throws IOException, InterruptedException {
        if (System.getProperty("os.name").toLowerCase().contains("win")) return;
        Path program = target.resolve("classes/org/mujoco/" + Loader.getPlatform() + "/mujoco-compiler");
        var command = new ArrayList<>(List.of(compiler(), "-O1", "-std=c++17", "-I"
            + target.resolve("mujoco/include"), "-o", program.toString(),
            Path.of("src/main/native/compiler/mujoco_compiler.cpp").toAbsolutePath().toString()));
        if (System.getProperty("os.name").equals("Linux"))
            command.addAll(List.of("-static-libstdc++", "-static-libgcc", "-ldl", "-pthread"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) fail("the C++ compiler refused mujoco_compiler.cpp:\n" + said);
    }

    private void javacpp(List<String> more) throws Exception {
        var arguments = new ArrayList<>(List.of("-classpath", target.resolve("classes").toString(),
            "-Dplatform.includepath=" + target.resolve("mujoco/include") + java.io.File.pathSeparator
                + Path.of("src/main/native/include").toAbsolutePath(),
            "-Dplatform.linkpath=" + target.resolve("mujoco/lib")));
        arguments.addAll(more);
        Path log = target.resolve("native.log");
        PrintStream terminal = System.err;
        try (var file = new PrintStream(log.toFile())) {
            // JavaCPP tells every file it writes: that is for the log
            System.setErr(file);
            Builder.main(arguments.toArray(new String[0]));
        } catch (Exception e) {
            terminal.println("JavaCPP failed; its output is in " + log);
            throw e;
        } finally {
            System.setErr(terminal);
        }
    }

    private static void requireCompiler() {
        String compiler = compiler();
        try {
            new ProcessBuilder(compiler, compiler.equals("cl") ? "/?" : "--version").redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
        } catch (IOException e) {
            fail("No C++ compiler: '" + compiler + "' cannot be started. Install one: Debian: apt install g++; macOS: xcode-select "
                + "--install; "
                + "conda: conda install cxx-compiler.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String compiler() {
        String os = System.getProperty("os.name").toLowerCase();
        return os.contains("win") ? "cl" : os.contains("mac") ? "clang++" : "g++";
    }

    private String stamp(Found found, String version) throws IOException {
        var text = new StringBuilder(version).append('\n').append(found.library.toRealPath()).append('\n')
            .append(javacppVersion).append('\n');
        for (String source : List.of("src/main/java/org/mujoco/presets/mujoco.java", "src/main/native", "tools"))
            try (Stream<Path> files = Files.walk(Path.of(source))) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) text.append(Files.readString(file));
            }
        try {
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String version(Found found) throws IOException {
        Matcher m = Pattern.compile("#define\\s+mjVERSION_HEADER\\s+(\\d+)").matcher(Files.readString(found.include.resolve("mujoco.h")));
        if (!m.find()) fail("no mjVERSION_HEADER in " + found.include.resolve("mujoco.h"));
        int v = Integer.parseInt(m.group(1));
        // one digit per part up to 3.9 (337), three digits later (3017000)
        String version = v < 1000 ? v / 100 + "." + v / 10 % 10 + "." + v % 10 : v / 1_000_000 + "." + v / 1000 % 1000 + "." + v % 1000;
        String library = found.library.toRealPath().getFileName().toString();
        if (library.matches(".*\\d+\\.\\d+\\.\\d+.*") && !library.contains(version))
            fail("the headers in " + found.include + " are version " + version + " but the library is " + library
                + "; use one installation");
        return version;
    }

    private static Found find() throws IOException {
        var looked = new ArrayList<String>();
        String home = System.getProperty("mujoco.home", "");
        if (!home.isBlank()) return orFail(in(Path.of(home), "-Dmujoco.home", looked), looked);
        for (String variable : List.of("MUJOCO_HOME", "CONDA_PREFIX", "VIRTUAL_ENV")) {
            String value = System.getenv(variable);
            Found found = value == null || value.isBlank() ? null : in(Path.of(value), variable, looked);
            if (found != null) return found;
        }
        Found found = in(Path.of("../../.venv"), ".venv", looked);
        if (found != null) return found;
        for (String python : List.of("python3", "python")) {
            String folder = pythonPackage(python);
            found = folder == null ? null : in(Path.of(folder), python, looked);
            if (found != null) return found;
        }
        for (String root : List.of("/usr/local", "/usr", "/opt/mujoco", "/opt/homebrew")) {
            found = in(Path.of(root), "system", looked);
            if (found != null) return found;
        }
        return orFail(null, looked);
    }

    private static Found orFail(Found found, List<String> looked) {
        if (found == null)
            fail("MuJoCo was not found. Looked at: " + looked + ". Install it: pip install mujoco, or conda install -c conda-forge "
                + "libmujoco, "
                + "or unpack a release and set MUJOCO_HOME.");
        return found;
    }

    /** A root may be an unpacked release, a conda prefix, a virtual environment or the Python package itself. */
    private static Found in(Path root, String rule, List<String> looked) throws IOException {
        var roots = new ArrayList<>(List.of(root, root.resolve("Lib/site-packages/mujoco")));
        if (Files.isDirectory(root.resolve("lib")))
            try (DirectoryStream<Path> pythons = Files.newDirectoryStream(root.resolve("lib"), "python3*")) {
                for (Path python : pythons) roots.add(python.resolve("site-packages/mujoco"));
            }
        for (Path r : roots)
            for (Path include : List.of(r.resolve("include/mujoco"), r.resolve("Library/include/mujoco"))) {
                Path library = Files.exists(include.resolve("mujoco.h")) ? library(r) : null;
                if (library != null) return new Found(include, library, rule);
            }
        looked.add(rule + ": " + root);
        return null;
    }

    private static Path library(Path root) throws IOException {
        for (String folder : List.of("lib", "", "lib64", "Library/lib", "lib/x86_64-linux-gnu", "lib/aarch64-linux-gnu")) {
            if (!Files.isDirectory(root.resolve(folder))) continue;
            try (Stream<Path> files = Files.list(root.resolve(folder))) {
                String name = "libmujoco\\.so(\\.\\d+)*|libmujoco(\\.\\d+)*\\.dylib|mujoco\\.lib";
                var found = files.filter(p -> p.getFileName().toString().matches(name)).sorted().findFirst();
                if (found.isPresent()) return found.get();
            }
        }
        return null;
    }

    private static String pythonPackage(String python) {
        try {
            String code = "import importlib.util as u; s = u.find_spec('mujoco'); print(s.submodule_search_locations[0] if s else '')";
            Process process = new ProcessBuilder(python, "-c", code).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            String folder = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
            return process.waitFor() == 0 && !folder.isEmpty() ? folder : null;
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private static void fail(String message) {
        System.err.println(message + "\n(All but MuJoCo can be built without it: mvn -Dmujoco.skip=true.)");
        System.exit(3);
    }

    private static void wipe(Path folder) throws IOException {
        if (!Files.exists(folder)) return;
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path p : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(p);
        }
    }
}
