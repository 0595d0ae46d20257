package metarl.notebook;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import jdk.jshell.execution.DirectExecutionControl;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;
import jdk.jshell.spi.SPIResolutionException;

/**
 * Runs compiled snippets in this JVM. It keeps three things that the JDK's own does not: the value itself instead of its text, the
 * exception itself instead of its name, and what a variable holds when its class is compiled anew.
 *
 * <p>JShell compiles a variable anew when something it depends on changes; a new import is enough. The variable then lives in a new class.
 */
public class SnippetControl extends DirectExecutionControl {
    /** The class name that marks an interrupted snippet; no real class has a blank in its name. */
    static final String INTERRUPTED = "Execution interrupted";

    private static final Pattern HOLDER = Pattern.compile("REPL\\.\\$JShell\\$\\w+");
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final ThreadLocal<Boolean> inside = ThreadLocal.withInitial(() -> false);
    private final Map<String, Field> variables = new ConcurrentHashMap<>();
    private final Set<String> lost = ConcurrentHashMap.newKeySet();
    private final Set<Future<?>> running = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads;

    private volatile boolean stopped;
    private volatile Object value;
    private volatile Throwable thrown;

    /** @param ownThread whether snippets run in a thread of their own, so that {@link #interrupt} can end the wait for one */
    public SnippetControl(boolean ownThread) {
        threads = !ownThread ? null : Executors.newCachedThreadPool(work -> {
            var thread = new Thread(work, "cell-" + NUMBER.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** What a shell is built with to use this control. */
    public ExecutionControlProvider provider() {
        ExecutionControl control = this;
        return new ExecutionControlProvider() {
            @Override
            public String name() {
                return "metarl";
            }

            @Override
            public ExecutionControl generate(ExecutionEnv environment, Map<String, String> parameters) {
                return control;
            }
        };
    }

    /** A new cell begins: an interrupt that came before is over. */
    void begin() {
        stopped = false;
    }

    /** Forgets the last value and exception. */
    void clear() {
        value = null;
        thrown = null;
    }

    /** What the last snippet gave; null for nothing. */
    Object value() {
        return value;
    }

    /** What the last snippet threw, with its causes; null if it threw nothing. */
    Throwable thrown() {
        return thrown;
    }

    /** How the prompt writes a value. */
    static String text(Object value) {
        return valueString(value);
    }

    /** Variables that are empty since the last call, because what they held does not fit them any more. */
    Set<String> lost() {
        Set<String> names = Set.copyOf(lost);
        lost.clear();
        return names;
    }

    /** Sets a variable to null or 0, as if it were just declared. */
    void reset(String name) {
        Field field = variables.get(name);
        if (field == null) return;
        try {
            Object array = Array.newInstance(field.getType(), 1);
            field.set(null, Array.get(array, 0));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends the wait for what runs now, and interrupts it; what the cell would have run after it is not begun. */
    public void interrupt() {
        stopped = true;
        running.forEach(task -> task.cancel(true));
    }

    @Override
    public void load(ClassBytecodes[] classes) throws ClassInstallException, NotImplementedException, EngineTerminationException {
        super.load(classes);
        for (ClassBytecodes c : classes) if (HOLDER.matcher(c.name()).matches()) keepVariables(c.name());
    }

    private void keepVariables(String name) throws ClassInstallException {
        try {
            for (Field field : findClass(name).getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) || !Modifier.isPublic(field.getModifiers()) || field.isSynthetic()) continue;
                field.setAccessible(true);
                Field before = variables.put(field.getName(), field);
                if (before != null) copy(before, field);
            }
        } catch (ClassNotFoundException e) {
            throw new ClassInstallException(name + " was not loaded", new boolean[0]);
        }
    }

    private void copy(Field from, Field to) {
        try {
            to.set(null, from.get(null));
        } catch (IllegalArgumentException | IllegalAccessException e) {
            // its class was declared anew
            lost.add(to.getName());
        }
    }

    @Override
    protected String invoke(Method snippet) throws Exception {
        try {
            value = threads == null || inside.get() ? run(snippet) : wait(threads.submit(() -> run(snippet)));
            thrown = null;
            return "";
        } catch (CancellationException e) {
            throw new UserException("interrupted", INTERRUPTED, e.getStackTrace());
        } catch (ExecutionException | InvocationTargetException e) {
            Throwable cause = e.getCause() instanceof InvocationTargetException inner ? inner.getCause() : e.getCause();
            value = null;
            thrown = cause;
            if (cause instanceof SPIResolutionException r) throw new ResolutionException(r.id(), r.getStackTrace());
            throw new UserException(String.valueOf(cause.getMessage()), cause.getClass().getName(), cause.getStackTrace());
        }
    }

    private Object wait(Future<Object> task) throws ExecutionException, InterruptedException {
        running.add(task);
        // an interrupt while the snippet was compiled
        if (stopped) task.cancel(true);
        try {
            return task.get();
        } finally {
            running.remove(task);
        }
    }

    private Object run(Method snippet) throws InvocationTargetException, IllegalAccessException {
        boolean nested = inside.get();
        inside.set(true);
        Thread.currentThread().setContextClassLoader(snippet.getDeclaringClass().getClassLoader());
        try {
            return snippet.invoke(null);
        } finally {
            inside.set(nested);
        }
    }
}
