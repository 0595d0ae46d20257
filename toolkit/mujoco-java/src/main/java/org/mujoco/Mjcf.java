package org.mujoco;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.bytedeco.javacpp.BytePointer;
import org.mujoco.generated.global.mujoco;
import org.mujoco.generated.mjModel;
import org.mujoco.generated.mjSpec;

/**
 * Compiles model descriptions in this process, where there is no {@link ModelCompiler} to do it. All text crosses as UTF-8, whatever the
 * platform's own encoding is.
 */
final class Mjcf {
    private static final int ERROR_LENGTH = 1024;

    private Mjcf() {}

    static ModelCompiler.Compiled compile(String xml) {
        try (BytePointer text = utf8(xml)) {
            byte[] error = new byte[ERROR_LENGTH];
            return compile(mujoco.mj_parseXMLString(text, null, error, ERROR_LENGTH), error, "this");
        }
    }

    static ModelCompiler.Compiled compile(Path file) {
        try (BytePointer name = utf8(file.toString())) {
            byte[] error = new byte[ERROR_LENGTH];
            return compile(mujoco.mj_parseXML(name, null, error, ERROR_LENGTH), error, file.toString());
        }
    }

    private static ModelCompiler.Compiled compile(mjSpec spec, byte[] error, String what) {
        if (spec == null || spec.isNull())
            throw new MujocoException(what + " is not a valid MJCF model: " + text(error) + Plugins.hint(text(error)));
        try {
            mjModel model = mujoco.mj_compile(spec, null);
            String said = text(mujoco.mjs_getError(spec));
            if (model == null || model.isNull())
                throw new MujocoException(what + " is a model that does not compile: " + said + Plugins.hint(said));
            return new ModelCompiler.Compiled(model,
                Stream.of(text(error), said).filter(warning -> !warning.isEmpty()).distinct().toList());
        } finally {
            mujoco.mj_deleteSpec(spec);
        }
    }

    /** The last warning on this thread, which is forgotten. */
    static String lastWarning() {
        String warning = text(mujoco.mjj_lastWarning());
        mujoco.mjj_clearWarning();
        return warning;
    }

    /** A C string as Java text; empty for a null pointer. */
    static String text(BytePointer string) {
        return string == null || string.isNull() ? "" : string.getString(StandardCharsets.UTF_8).strip();
    }

    private static String text(byte[] string) {
        int length = 0;
        while (length < string.length && string[length] != 0) length++;
        return new String(string, 0, length, StandardCharsets.UTF_8).strip();
    }

    static BytePointer utf8(String text) {
        return new BytePointer(text, StandardCharsets.UTF_8);
    }
}
