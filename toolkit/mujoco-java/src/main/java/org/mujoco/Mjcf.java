package org.mujoco;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.BytePointer;
import org.mujoco.generated.global.mujoco;
import org.mujoco.generated.mjModel;
import org.mujoco.generated.mjSpec;

/** Compiles model descriptions. All text crosses as UTF-8, whatever the platform's own encoding is. */
final class Mjcf {
    private static final int ERROR_LENGTH = 1024;

    private Mjcf() {}

    static mjModel compile(String xml) {
        if (xml.isBlank()) throw new MujocoException("this is not a valid MJCF model: the text is empty, expected <mujoco>…</mujoco>");
        try (BytePointer text = utf8(xml)) {
            byte[] error = new byte[ERROR_LENGTH];
            return compile(mujoco.mj_parseXMLString(text, null, error, ERROR_LENGTH), error, "this");
        }
    }

    /** From a file, so that its includes, meshes and textures are found next to it. */
    static mjModel compile(Path file) {
        Path path = file.toAbsolutePath();
        if (!Files.isRegularFile(path) || !Files.isReadable(path))
            throw new MujocoException("the model file " + path + " cannot be read" + (Files.exists(path) ? "" : ": there is no such file") + "; expected an MJCF file");
        try (BytePointer name = utf8(path.toString())) {
            byte[] error = new byte[ERROR_LENGTH];
            return compile(mujoco.mj_parseXML(name, null, error, ERROR_LENGTH), error, path.toString());
        }
    }

    private static mjModel compile(mjSpec spec, byte[] error, String what) {
        if (spec == null || spec.isNull()) throw new MujocoException(what + " is not a valid MJCF model: " + text(error));
        try {
            mjModel model = mujoco.mj_compile(spec, null);
            if (model == null || model.isNull()) throw new MujocoException(what + " is a model that does not compile: " + text(mujoco.mjs_getError(spec)));
            return model;
        } finally {
            mujoco.mj_deleteSpec(spec);
        }
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

    private static BytePointer utf8(String text) {
        return new BytePointer(text, StandardCharsets.UTF_8);
    }
}
