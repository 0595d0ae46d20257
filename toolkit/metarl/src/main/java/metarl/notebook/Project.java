package metarl.notebook;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Finds files of the project from a notebook or script in any folder.
 *
 * <pre>{@code
 * var stored = MetaRun.load(Project.path("models/mql-cheetah-vel"));
 * }</pre>
 */
public final class Project {
    private Project() {}

    /**
     * The absolute path of a file or folder of the project.
     *
     * <p>It is looked for in the folder of the notebook, in each folder above it, and then in the folder of the project that this kernel
     * was set up in. The first place that has it counts, so that a copy beside the notebook goes before the project's own.
     *
     * @param relative its path from the project's folder, as in "models/mql-cheetah-vel"
     * @throws IllegalArgumentException if no place has it; the message names them
     */
    public static String path(String relative) {
        return path(relative, Path.of(""), System.getProperty("metarl.root"));
    }

    static String path(String relative, Path from, String root) {
        if (relative.isBlank()) throw new IllegalArgumentException(
            "the path is empty; expected one from the project's folder, as in \"models/mql-cheetah-vel\"");
        Path wanted = Path.of(relative);
        if (wanted.isAbsolute()) {
            if (Files.exists(wanted)) return wanted.toString();
            throw new IllegalArgumentException("there is no " + wanted);
        }
        Set<Path> places = new LinkedHashSet<>();
        for (Path folder = from.toAbsolutePath().normalize(); folder != null; folder = folder.getParent()) places.add(folder);
        if (root != null && !root.isBlank()) places.add(Path.of(root).toAbsolutePath().normalize());
        // a path that was written from notebooks/ means the same
        Path plain = wanted;
        while (plain.startsWith("..") && plain.getNameCount() > 1) plain = plain.subpath(1, plain.getNameCount());
        for (Path place : places) {
            Path found = place.resolve(plain).normalize();
            if (Files.exists(found)) return found.toString();
        }
        throw new IllegalArgumentException("there is no " + plain + " in " + from.toAbsolutePath().normalize() + ", in any folder above it"
            + (root == null ? "; start the notebook with the kernel 'metarl' or put it into the project's folder"
                : ", or in the project's folder "
                    + root)
            + (plain.startsWith("build") ? "; ./metarl setup makes what is in build/" : ""));
    }
}
