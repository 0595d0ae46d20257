package org.mujoco.presets;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.bytedeco.javacpp.Loader;

/** Finds libmujoco at run time and maps it into the process, before the glue that was linked against it. */
public final class NativeLibrary {
    private static Path loaded;

    private NativeLibrary() {}

    /**
     * Loads libmujoco once: from {@code -Dmujoco.library} if that is set, else from the first of {@code MUJOCO_HOME}, {@code CONDA_PREFIX},
     * {@code VIRTUAL_ENV} and the place at build time that has it.
     *
     * @throws UnsatisfiedLinkError if none of these has the version the glue was compiled for; the message names what was found
     */
    static synchronized void load() {
        if (loaded != null || Boolean.getBoolean("mujoco.noload")) return;
        Properties build = build();
        String file = build.getProperty("library.file");
        var seen = new ArrayList<String>();
        for (var place : places(build).entrySet())
            for (Path folder : folders(Path.of(place.getValue()))) {
                if (Files.isRegularFile(folder.resolve(file))) {
                    loaded = folder.resolve(file).toAbsolutePath();
                    System.load(loaded.toString());
                    return;
                }
                others(folder).forEach(other -> seen.add(place.getKey() + " has " + other));
            }
        throw new UnsatisfiedLinkError(
            "MuJoCo " + build.getProperty("version") + " (" + file + ") was not found; the toolkit was compiled for exactly this version. "
                + "Looked at " + places(build) + (seen.isEmpty() ? "" : "; found other versions: " + seen)
                + ". Install it (pip install mujoco==" + build.getProperty("version") + "), set MUJOCO_HOME, or run ./metarl setup again.");
    }

    /** The file that was loaded. */
    public static synchronized Path loaded() {
        return loaded;
    }

    /** MuJoCo's plugin libraries, sorted: in plugin/ beside the library in the Python package, in mujoco_plugin/ elsewhere. */
    public static synchronized List<Path> plugins() {
        var plugins = new ArrayList<Path>();
        if (loaded == null) return plugins;
        Path folder = loaded.getParent();
        for (String name : List.of("plugin", "mujoco_plugin", "../bin/mujoco_plugin")) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder.resolve(name), "*.{so,dylib,dll}")) {
                for (Path file : files) plugins.add(file.normalize());
            } catch (IOException e) {
                // each way of installing has one of these folders, or none
            }
            if (!plugins.isEmpty()) break;
        }
        Collections.sort(plugins);
        return plugins;
    }

    /** A program that the build put beside the glue, ready to be started; null where there is none or it cannot be. */
    public static Path program(String name) {
        try {
            File file = Loader.cacheResource(NativeLibrary.class, "/org/mujoco/" + Loader.getPlatform() + "/" + name);
            return file != null && (file.canExecute() || file.setExecutable(true)) ? file.toPath() : null;
        } catch (IOException e) {
            return null;
        }
    }

    private static Properties build() {
        var properties = new Properties();
        try (InputStream in = NativeLibrary.class.getResourceAsStream("/org/mujoco/mujoco-build.properties")) {
            if (in != null) properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }

    private static Map<String, String> places(Properties build) {
        var places = new LinkedHashMap<String, String>();
        put(places, "-Dmujoco.library", System.getProperty("mujoco.library"));
        // whoever names a library wants that one or an error, not another one
        if (!places.isEmpty()) return places;
        for (String variable : List.of("MUJOCO_HOME", "CONDA_PREFIX", "VIRTUAL_ENV")) put(places, variable, System.getenv(variable));
        put(places, "the build", build.getProperty("library.folder"));
        return places;
    }

    private static void put(Map<String, String> places, String rule, String place) {
        if (place != null && !place.isBlank()) places.put(rule, place);
    }

    private static List<Path> folders(Path root) {
        var folders = new ArrayList<>(List.of(Files.isRegularFile(root) ? root.getParent() : root, root.resolve("lib"), root.resolve("bin"),
            root.resolve("Library/bin")));
        try (DirectoryStream<Path> pythons = Files.newDirectoryStream(root.resolve("lib"), "python3*")) {
            for (Path python : pythons) folders.add(python.resolve("site-packages/mujoco"));
        } catch (IOException e) {
            // a root without Python is fine
        }
        return folders;
    }

    private static List<String> others(Path folder) {
        var others = new ArrayList<String>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "{libmujoco*,mujoco.dll}")) {
            for (Path file : files) others.add(file.getFileName().toString());
        } catch (IOException e) {
            // a folder that does not exist has no libraries
        }
        return others;
    }
}
