package org.mujoco;

import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.mujoco.generated.global.mujoco;
import org.mujoco.presets.NativeLibrary;

/** MuJoCo's own plugins: libraries in a folder beside libmujoco. */
final class Plugins {
    private Plugins() {}

    /** Loads them all, in the order of their names: a compiled model knows a plugin by the number it got then. */
    static void load() {
        for (Path library : NativeLibrary.plugins())
            try (BytePointer path = Mjcf.utf8(library.toString())) {
                Native.run("loading the plugins in " + library, () -> mujoco.mjj_loadPlugin(path));
            }
    }

    /** What to do about an error text that speaks of an unknown plugin; else empty. */
    static String hint(String error) {
        if (!error.contains("plugin") || !error.contains("unknown") && !error.contains("not found") && !error.contains("nrecognized"))
            return "";
        List<Path> libraries = NativeLibrary.plugins();
        if (libraries.isEmpty())
            return ". MuJoCo's plugin libraries were not found beside " + NativeLibrary.loaded()
                + "; the Python package brings them (pip install mujoco==" + Model.version() + ")";
        return ". The plugins that are there come from " + libraries.get(0).getParent() + ": "
            + libraries.stream().map(Path::getFileName).toList();
    }
}
