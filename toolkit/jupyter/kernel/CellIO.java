package metarl.kernel;

import java.nio.charset.Charset;
import org.dflib.jjava.jupyter.channels.ShellReplyEnvironment;
import org.dflib.jjava.jupyter.kernel.JupyterIO;

/** The streams of the running cell. */
final class CellIO extends JupyterIO {
    CellIO(Charset encoding) {
        super(encoding);
    }

    /** Outputs now belong to this request. */
    void attach(ShellReplyEnvironment request, boolean mayAsk) {
        setEnv(request);
        setJupyterInEnabled(mayAsk);
        request.defer(() -> retractEnv(request));
    }
}
