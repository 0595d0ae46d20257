package metarl.kernel;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dflib.jjava.jupyter.channels.JupyterConnection;
import org.dflib.jjava.jupyter.kernel.KernelConnectionProperties;

/** Starts the kernel 'metarl': JJava with the toolkit's own evaluation of cells. Usage: Main CONNECTION-FILE. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws Exception {
        Path file = arguments.length == 0 ? null : Path.of(arguments[0]);
        if (file == null || !Files.isRegularFile(file)) {
            System.err.println("this is started by Jupyter with a connection file, not by hand; ./metarl lab opens Jupyter");
            System.exit(2);
        }
        Parent.endWithIt();
        // handlers are made now, so that what is logged goes to the kernel's log and not into the output of a cell
        Logger.getLogger("").setLevel(Level.WARNING);
        Logger.getLogger("").getHandlers();
        var connection = new JupyterConnection(KernelConnectionProperties.parse(Files.readString(file)));
        MetarlKernel kernel = new MetarlKernel.Builder(connection).build();
        kernel.start();
        connection.connect();
        connection.waitUntilClose();
        // a thread that a cell has left running is no reason to stay
        System.exit(0);
    }
}
