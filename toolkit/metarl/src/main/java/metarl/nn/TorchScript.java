package metarl.nn;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The few libtorch operations that DJL's arrays lack, as methods of a small TorchScript module ({@code operations.torchscript}) whose
 * archive is written here: gradients that can be differentiated again, fused Adam, the lerp of many arrays at once, a recurrent unit
 * with its gradient in few operations, and steps ahead through a model.
 */
final class TorchScript {
    private static final Map<String, NDArray> MARKERS = new ConcurrentHashMap<>();
    private static PtSymbolBlock module;

    private TorchScript() {}

    /** One argument of a method: its name there, and an array or a list of arrays. */
    record Argument(String name, NDList arrays, boolean list) {
        static Argument of(NDArray array) {
            return new Argument(null, new NDList(array), false);
        }

        static Argument list(String name, NDList arrays) {
            return new Argument(name + "[]", arrays, true);
        }
    }

    /** Calls a method; the result belongs to the manager of the first argument, which should therefore be short-lived. */
    static NDList call(String method, Argument... arguments) {
        var inputs = new NDList();
        for (Argument argument : arguments)
            for (NDArray array : argument.arrays) {
                array.setName(argument.name);
                inputs.add(array);
            }
        inputs.add(MARKERS.computeIfAbsent(method, TorchScript::marker));
        return IValueUtils.forward(module(), inputs, true);
    }

    /** An array that is not passed on: its name picks the method. */
    private static NDArray marker(String method) {
        NDArray marker = NDManager.newBaseManager("PyTorch").create(0f);
        marker.setName("module_method:" + method);
        return marker;
    }

    private static synchronized PtSymbolBlock module() {
        if (module == null) {
            try {
                module = loaded("product-onednn");
            } catch (EngineException e) {
                // libtorch for some machines is built without oneDNN
                module = loaded("product");
            }
        }
        return module;
    }

    /** The module with this way to multiply: product-onednn, or product. */
    static PtSymbolBlock loaded(String product) {
        try {
            var archive = new ByteArrayInputStream(archive(source("operations") + source(product)));
            return JniUtils.loadModule((PtNDManager) NDManager.newBaseManager("PyTorch"), archive, false, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String source(String name) throws IOException {
        try (InputStream in = TorchScript.class.getResourceAsStream(name + ".torchscript")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** A TorchScript archive: a stored zip with the source and the pickle of one object {@code Operations(training = True)}. */
    private static byte[] archive(String source) throws IOException {
        var pickle = new ByteArrayOutputStream();
        pickle.write(new byte[] {(byte) 0x80, 2});
        pickle.write("c__torch__\nOperations\n)".getBytes(StandardCharsets.US_ASCII));
        pickle.write(0x81);
        pickle.write("}(X".getBytes(StandardCharsets.US_ASCII));
        pickle.write(new byte[] {8, 0, 0, 0});
        pickle.write("training".getBytes(StandardCharsets.US_ASCII));
        pickle.write(0x88);
        pickle.write("ub.".getBytes(StandardCharsets.US_ASCII));
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            zip.setMethod(ZipOutputStream.STORED);
            store(zip, "operations/data.pkl", pickle.toByteArray());
            store(zip, "operations/code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
            store(zip, "operations/constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
            store(zip, "operations/version", "3\n".getBytes(StandardCharsets.US_ASCII));
            store(zip, "operations/byteorder", "little".getBytes(StandardCharsets.US_ASCII));
        }
        return bytes.toByteArray();
    }

    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        var entry = new ZipEntry(name);
        entry.setSize(content.length);
        entry.setCompressedSize(content.length);
        var crc = new CRC32();
        crc.update(content);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
