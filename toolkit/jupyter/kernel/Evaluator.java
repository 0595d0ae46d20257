package metarl.kernel;

import java.lang.reflect.Method;
import java.util.concurrent.TimeUnit;
import jdk.jshell.JShell;
import jdk.jshell.spi.ExecutionControlProvider;
import metarl.notebook.SnippetControl;
import metarl.notebook.Snippets;
import org.dflib.jjava.jupyter.telemetry.TelemetryCollector;
import org.dflib.jjava.kernel.execution.CodeEvaluator;

/** Evaluates cells as {@link Snippets} does, and measures them for %time. */
final class Evaluator extends CodeEvaluator {
    private final Control control = new Control();
    private Snippets snippets;

    Evaluator(String name) {
        super(name, -1, TimeUnit.MILLISECONDS);
    }

    @Override
    public Object eval(JShell shell, String code) {
        return snippets(shell).eval(code);
    }

    Snippets snippets(JShell shell) {
        if (snippets == null) snippets = new Snippets(shell, control);
        return snippets;
    }

    @Override
    public void interrupt() {
        control.interrupt();
    }

    @Override
    public void startThreadTelemetryCollection(TelemetryCollector<?> collector) {
        control.collector.set(collector);
    }

    @Override
    public void stopThreadTelemetryCollection() {
        TelemetryCollector<?> collector = control.collector.get();
        control.collector.remove();
        if (collector != null) collector.stop();
    }

    @Override
    public ClassLoader getClassLoader() {
        return ClassLoader.getSystemClassLoader();
    }

    @Override
    public ExecutionControlProvider getExecControlProvider() {
        return control.provider();
    }

    private static final class Control extends SnippetControl {
        private final ThreadLocal<TelemetryCollector<?>> collector = new ThreadLocal<>();

        private Control() {
            super(true);
        }

        @Override
        protected String invoke(Method snippet) throws Exception {
            return collector.get() == null ? super.invoke(snippet) : measured(collector.get(), snippet);
        }

        private <I> String measured(TelemetryCollector<I> collector, Method snippet) throws Exception {
            I start = collector.measurementStart();
            try {
                return super.invoke(snippet);
            } finally {
                collector.measurementEnd(start);
            }
        }
    }
}
