package metarl.notebook;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import metarl.basics.Activity;
import metarl.chart.Chart;
import metarl.sweep.Sweep;

/**
 * The notebook kernel this JVM runs in, reached by reflection: JJava, classic IJava, or none (then outputs become lines of text).
 *
 * <p>The kernel's start-up script calls {@link #install()} once.
 */
public final class Kernel {
    private static final List<String[]> KNOWN = List.of(
        new String[] {"org.dflib.jjava.jupyter.kernel.BaseKernel", "notebookKernel", "org.dflib.jjava.jupyter.kernel.display."},
        new String[] {"io.github.spencerpark.ijava.IJava", "getKernelInstance", "io.github.spencerpark.jupyter.kernel.display."});

    private static final ExecutorService SENDER = Executors.newSingleThreadExecutor(work -> {
        var thread = new Thread(work, "outputs of cells");
        thread.setDaemon(true);
        return thread;
    });

    private static Kernel current;

    private final Object kernel;
    private final String displayPackage;

    private Kernel(Object kernel, String displayPackage) {
        this.kernel = kernel;
        this.displayPackage = displayPackage;
    }

    /** The kernel of this JVM. */
    static synchronized Kernel current() {
        if (current == null) current = find();
        return current;
    }

    private static Kernel find() {
        for (String[] known : KNOWN) {
            try {
                Object kernel = Class.forName(known[0]).getMethod(known[1]).invoke(null);
                if (kernel != null) return new Kernel(kernel, known[2]);
            } catch (ReflectiveOperationException | LinkageError e) {
                // not this one
            }
        }
        return new Kernel(null, null);
    }

    /** Whether outputs go to a notebook. */
    boolean isNotebook() {
        return kernel != null;
    }

    /** Teaches the kernel to show tables, charts, pictures and results. Calling it again does nothing more. */
    public static void install() {
        if (Boolean.parseBoolean(System.getenv("METARL_FAST"))) System.setProperty("metarl.fast", "true");
        Chart.displayWith(Display::show);
        Sweep.shownBy(SweepTable::new);
        TableFiles.refuseOtherEndings();
        if (!current().isNotebook()) return;
        Activity.watchedBy(ActivityDisplay.started());
        for (Class<?> type : Display.TYPES) current().register(type);
    }

    private void register(Class<?> type) {
        try {
            Object renderer = kernel.getClass().getMethod("getRenderer").invoke(kernel);
            Object registration = renderer.getClass().getMethod("createRegistration", Class.class).invoke(renderer, type);
            Class<?> function = type(displayPackage + "RenderFunction");
            InvocationHandler render = (proxy, method, arguments) -> switch (method.getName()) {
                case "render" -> fill(arguments[0], arguments[1]);
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> proxy == arguments[0];
                default -> "renderer of " + type.getSimpleName();
            };
            Object proxy = Proxy.newProxyInstance(function.getClassLoader(), new Class<?>[] {function}, render);
            Method register = registration.getClass().getMethod("register", function);
            register.invoke(registration, proxy);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                "this kernel's renderer works in a way the toolkit does not know; outputs will be plain text. "
                    + "Use JJava 1.0 (./metarl setup).",
                e);
        }
    }

    private static Object fill(Object value, Object context) throws ReflectiveOperationException {
        Object container = context.getClass().getMethod("getOutputContainer").invoke(context);
        put(container, Display.bundle(value));
        return null;
    }

    private Class<?> type(String name) throws ClassNotFoundException {
        return Class.forName(name, true, kernel.getClass().getClassLoader());
    }

    private static void put(Object data, Map<String, Object> bundle) throws ReflectiveOperationException {
        Method put = data.getClass().getMethod("putData", String.class, Object.class);
        for (var entry : bundle.entrySet()) put.invoke(data, entry.getKey(), entry.getValue());
        Method putMetaData = data.getClass().getMethod("putMetaData", String.class, Object.class);
        for (var entry : Display.metadata(bundle).entrySet()) putMetaData.invoke(data, entry.getKey(), entry.getValue());
    }

    /** Shows a bundle of representations by MIME type. */
    void show(Map<String, Object> bundle) {
        output().show(bundle);
    }

    /**
     * A place in the output of the cell that runs now; in it something is shown once and then renewed, also by other threads and after the
     * cell was interrupted.
     */
    Output output() {
        return new Output(environment());
    }

    /** What sends the messages of the running cell; null where there is no notebook, or between cells. */
    Object environment() {
        if (kernel == null) return null;
        try {
            Object display = displayStream();
            Field field = display.getClass().getDeclaredField("env");
            field.setAccessible(true);
            return field.get(display);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }

    private Object displayStream() throws ReflectiveOperationException {
        Object io = kernel.getClass().getMethod("getIO").invoke(kernel);
        return io.getClass().getField("display").get(io);
    }

    /** A place in the output of a cell. */
    final class Output {
        private final String id = UUID.randomUUID().toString();
        private final Object environment;
        private volatile boolean shown;

        private Output(Object environment) {
            this.environment = environment;
        }

        /**
         * Shows a bundle here, instead of what was shown before. Sockets swallow an interruption of the thread that uses them, and with it
         * the user's wish to stop: so another thread sends, and this one waits for it.
         */
        synchronized void show(Map<String, Object> bundle) {
            if (kernel == null) {
                System.out.println(bundle.get("text/plain"));
                return;
            }
            Future<?> sent = SENDER.submit(() -> send(bundle));
            boolean interrupted = false;
            while (true) {
                try {
                    sent.get();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    // what cannot be renewed keeps its last state
                    if (!shown) System.out.println(bundle.get("text/plain"));
                    break;
                }
            }
            if (interrupted) Thread.currentThread().interrupt();
        }

        private Void send(Map<String, Object> bundle) throws ReflectiveOperationException {
            Object data = type(displayPackage + "DisplayData").getConstructor().newInstance();
            put(data, bundle);
            data.getClass().getMethod("setDisplayId", String.class).invoke(data, id);
            if (environment == null) sendByKernel(data);
            else send(data);
            shown = true;
            return null;
        }

        /** Also after the cell was interrupted, when the kernel itself no longer sends for it. */
        private void send(Object data) throws ReflectiveOperationException {
            String message = displayPackage.replace("kernel.display.", "messages.publish.")
                + (shown ? "PublishUpdateDisplayData" : "PublishDisplayData");
            Object content = type(message).getConstructor(data.getClass()).newInstance(data);
            environment.getClass().getMethod("publish", type(displayPackage.replace("kernel.display.", "messages.") + "ContentType"))
                .invoke(environment, content);
        }

        private void sendByKernel(Object data) throws ReflectiveOperationException {
            Object stream = displayStream();
            if (shown) stream.getClass().getMethod("updateDisplay", String.class, data.getClass()).invoke(stream, id, data);
            else kernel.getClass().getMethod("display", data.getClass()).invoke(kernel, data);
        }
    }
}
