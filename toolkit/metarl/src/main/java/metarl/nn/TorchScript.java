package metarl.nn;

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
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The few libtorch operations that DJL's arrays lack, as methods of a small TorchScript module whose archive is written here, in Java:
 * gradients that can be differentiated again, fused Adam, and the lerp of many arrays at once.
 */
final class TorchScript {
    private static final String METHODS = """
          def forward(self: __torch__.Helper, x: Tensor) -> Tensor:
            return x
          def gradients(self: __torch__.Helper, loss: Tensor, graph: Tensor, x: List[Tensor]) -> List[Tensor]:
            keep = bool(graph)
            found = torch.autograd.grad([loss], x, None, keep, keep, True)
            out = annotate(List[Tensor], [])
            for i in range(torch.len(x)):
              g = found[i]
              if torch.__is__(g, None):
                _1 = torch.append(out, torch.zeros_like(x[i]))
              else:
                _2 = torch.append(out, unchecked_cast(Tensor, g))
            return out
          def adam(self: __torch__.Helper, rate: Tensor, x: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], t: List[Tensor]) -> Tensor:
            torch._foreach_add_(t, 1)
            torch._fused_adam_(x, g, m, v, annotate(List[Tensor], []), t, lr=float(rate), beta1=0.9, beta2=0.999, weight_decay=0., eps=1e-8, amsgrad=False, maximize=False)
            return rate
          def lerp(self: __torch__.Helper, rate: Tensor, x: List[Tensor], y: List[Tensor]) -> Tensor:
            torch._foreach_lerp_(x, y, float(rate))
            return rate
        """;

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
        NDManager scope = arguments[0].arrays.head().getManager();
        var inputs = new NDList();
        for (Argument argument : arguments)
            for (NDArray array : argument.arrays) {
                array.setName(argument.name);
                inputs.add(array);
            }
        try (NDArray marker = scope.create(0f)) {
            marker.setName("module_method:" + method);
            inputs.add(marker);
            return IValueUtils.forward(module(), inputs, true);
        }
    }

    private static synchronized PtSymbolBlock module() {
        if (module == null) {
            try {
                module = JniUtils.loadModule((PtNDManager) NDManager.newBaseManager("PyTorch"), new ByteArrayInputStream(archive()), false, false);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return module;
    }

    /** A TorchScript archive: a stored zip with the source and the pickle of one object {@code Helper(training = True)}. */
    private static byte[] archive() throws IOException {
        String code = "class Helper(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n" + METHODS;
        var pickle = new ByteArrayOutputStream();
        pickle.write(new byte[] {(byte) 0x80, 2});
        pickle.write("c__torch__\nHelper\n)".getBytes(StandardCharsets.US_ASCII));
        pickle.write(0x81);
        pickle.write("}(X".getBytes(StandardCharsets.US_ASCII));
        pickle.write(new byte[] {8, 0, 0, 0});
        pickle.write("training".getBytes(StandardCharsets.US_ASCII));
        pickle.write(0x88);
        pickle.write("ub.".getBytes(StandardCharsets.US_ASCII));
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            zip.setMethod(ZipOutputStream.STORED);
            store(zip, "helper/data.pkl", pickle.toByteArray());
            store(zip, "helper/code/__torch__.py", code.getBytes(StandardCharsets.UTF_8));
            store(zip, "helper/constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
            store(zip, "helper/version", "3\n".getBytes(StandardCharsets.US_ASCII));
            store(zip, "helper/byteorder", "little".getBytes(StandardCharsets.US_ASCII));
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
