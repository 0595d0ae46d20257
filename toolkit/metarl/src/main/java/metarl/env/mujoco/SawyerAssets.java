package metarl.env.mujoco;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mujoco.Model;
import org.mujoco.presets.NativeLibrary;

/**
 * Finds the models of the Sawyer arm, which belong to the Python package metaworld (MIT) and are not shipped with this project, as
 * libmujoco is found: in {@code METAWORLD_HOME} if that is set, else in the environment {@code CONDA_PREFIX},
 * {@code VIRTUAL_ENV} or the one that libmujoco was loaded from. An environment holds them where
 * {@code ./metarl setup} puts them, or in an installed package.
 */
final class SawyerAssets {
    static final String VERSION = "3.1.1", HOME = "METAWORLD_HOME";
    private static final String KEPT = "share/metaworld-" + VERSION, INSTALLED = "metaworld-" + VERSION + ".dist-info";

    private SawyerAssets() {}

    /**
     * The folder {@code assets} of the package.
     *
     * @throws IllegalStateException if no place has it; the message says which were looked at and what to do
     */
    static Path folder() {
        return folder(places());
    }

    static boolean found() {
        return find(places(), new ArrayList<>()).isPresent();
    }

    static Path folder(Map<String, Path> places) {
        var seen = new ArrayList<String>();
        return find(places, seen)
            .orElseThrow(() -> new IllegalStateException("The Sawyer arm needs the models of the Python package metaworld "
                + VERSION + ", which were not found. Looked at " + places + (seen.isEmpty() ? "" : "; found " + seen)
                + ". ./metarl setup fetches them (37 MB, of which 1 MB is kept). Else: pip install --no-deps metaworld==" + VERSION
                + ", or set " + HOME + " to the folder of that package. All other tasks work without."));
    }

    private static Map<String, Path> places() {
        var places = new LinkedHashMap<String, Path>();
        put(places, HOME);
        // whoever names a folder wants that one or an error, not another one
        if (!places.isEmpty()) return places;
        for (String variable : List.of("CONDA_PREFIX", "VIRTUAL_ENV")) put(places, variable);
        // which loads it
        Model.version();
        // of …/lib/python3.11/site-packages/mujoco/libmujoco.so or …/lib/libmujoco.so
        Path library = NativeLibrary.loaded();
        for (Path folder = library; folder != null; folder = folder.getParent())
            if (folder.endsWith("lib")) places.put("the environment of libmujoco", folder.getParent());
        return places;
    }

    private static void put(Map<String, Path> places, String variable) {
        String value = System.getenv(variable);
        if (value != null && !value.isBlank()) places.put(variable, Path.of(value));
    }

    private static Optional<Path> find(Map<String, Path> places, List<String> seen) {
        for (var place : places.entrySet()) {
            Path root = place.getValue();
            List<Path> folders = place.getKey().equals(HOME) ? List.of(root, root.resolve("assets")) : environment(root, seen);
            for (Path folder : folders)
                if (Files.isRegularFile(folder.resolve("sawyer_xyz/sawyer_push_v3.xml"))) return Optional.of(folder.toAbsolutePath());
        }
        return Optional.empty();
    }

    private static List<Path> environment(Path root, List<String> seen) {
        var folders = new ArrayList<>(List.of(root.resolve(KEPT)));
        try (DirectoryStream<Path> pythons = Files.newDirectoryStream(root.resolve("lib"), "python3*")) {
            for (Path python : pythons) {
                Path packages = python.resolve("site-packages");
                if (Files.isDirectory(packages.resolve(INSTALLED))) folders.add(packages.resolve("metaworld/assets"));
                else if (Files.isDirectory(packages.resolve("metaworld")))
                    seen.add("a different version in " + packages.resolve("metaworld"));
            }
        } catch (IOException e) {
            // a root without Python is fine
        }
        return folders;
    }
}
