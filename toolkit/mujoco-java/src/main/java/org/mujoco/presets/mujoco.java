package org.mujoco.presets;

import org.bytedeco.javacpp.ClassProperties;
import org.bytedeco.javacpp.LoadEnabled;
import org.bytedeco.javacpp.annotation.Platform;
import org.bytedeco.javacpp.annotation.Properties;
import org.bytedeco.javacpp.tools.Info;
import org.bytedeco.javacpp.tools.InfoMap;
import org.bytedeco.javacpp.tools.InfoMapper;

/** How JavaCPP maps the MuJoCo C API. The generated classes are reached through the facade {@code org.mujoco} only. */
@Properties(target = "org.mujoco.generated", global = "org.mujoco.generated.global.mujoco", value = @Platform(include = {"mujoco/mjtnum.h",
    "mujoco/mjtype.h", "mujoco/mjmodel.h", "mujoco/mjdata.h", "mujoco/mjvisualize.h",
    "mujoco/mjrender.h", "mujoco/mjspec.h", "mujoco/mjbatch.h", "mujoco/mujoco.h", "mujoco_java.h",
    "mujoco_java_gl.h"}, link = "mujoco", compiler = "cpp17"))
public class mujoco implements InfoMapper, LoadEnabled {
    @Override
    public void init(ClassProperties properties) {
        // JavaCPP is about to load the glue: libmujoco must be mapped before, or the loader would look for it on its own
        NativeLibrary.load();
    }

    @Override
    public void map(InfoMap infoMap) {
        macrosAndTypes(infoMap);
        infoMap
            // sections that a simulation does not need, or that would take over the process
            .put(new Info("mujoco.h").linePatterns(
                "//-+ UI framework -+", "//-+ Error and memory -+",
                "//-+ Standard math -+", "//-+ Vector math -+",
                "//-+ Signed Distance Functions? -+", "//-+ Derivatives -+",
                "//-+ Plugins -+", "//-+ Attachment -+").skip())
            .put(new Info("mj_mountVFS", "mj_unmountVFS", "mj_loadAllPluginLibraries").skip())
            .put(new Info("mjCOLLISIONFUNC", "mjDISABLESTRING", "mjENABLESTRING", "mjTIMERSTRING", "mjLABELSTRING",
                "mjFRAMESTRING", "mjVISSTRING", "mjRNDSTRING", "mjTOPICSTRING", "mju_user_malloc", "mju_user_free").skip())
            // variadic printers, and the hooks that mujoco_java.h installs
            .put(new Info("mju_error", "mju_warning", "mju_error_v", "mju_error_i", "mju_error_s", "mju_error_raw",
                "mju_warning_i", "mju_warning_s", "mju_user_error", "mju_user_warning").skip());
    }

    private static void macrosAndTypes(InfoMap infoMap) {
        infoMap
            .put(new Info("MJAPI", "MJLOCAL", "mjPRINTFLIKE").cppTypes().annotations())
            .put(new Info("__cplusplus", "MUJOCO_JAVA_PARSER_SKIP").define())
            .put(new Info("mjUSESINGLE", "mjUSEASAN", "ADDRESS_SANITIZER").define(false))
            .put(new Info("mjtNum").cast().valueTypes("double").pointerTypes("DoublePointer", "DoubleBuffer", "double[]"))
            .put(new Info("mjtByte").cast().valueTypes("byte").pointerTypes("BytePointer", "ByteBuffer", "byte[]"))
            .put(new Info("mjtBool").cast().valueTypes("boolean").pointerTypes("BoolPointer", "boolean[]"))
            .put(new Info("mjtSize").cast().valueTypes("long").pointerTypes("LongPointer", "LongBuffer", "long[]"))
            .put(new Info("mjString", "mjStringVec", "mjIntVec", "mjIntVecVec", "mjFloatVec", "mjFloatVecVec", "mjDoubleVec", "mjByteVec")
                .cast().pointerTypes("Pointer"));
    }
}
