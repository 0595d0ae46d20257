package metarl.kernel;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jdk.jshell.JShell;
import metarl.notebook.Completion;
import metarl.notebook.SnippetFailure;
import metarl.notebook.Snippets;
import org.dflib.jjava.jupyter.channels.JupyterConnection;
import org.dflib.jjava.jupyter.channels.ShellChannel;
import org.dflib.jjava.jupyter.channels.ShellHandler;
import org.dflib.jjava.jupyter.channels.ShellReplyEnvironment;
import org.dflib.jjava.jupyter.kernel.JupyterIO;
import org.dflib.jjava.jupyter.kernel.LanguageInfo;
import org.dflib.jjava.jupyter.kernel.ReplacementOptions;
import org.dflib.jjava.jupyter.kernel.comm.CommManager;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.history.HistoryManager;
import org.dflib.jjava.jupyter.kernel.magic.MagicTranspiler;
import org.dflib.jjava.jupyter.kernel.magic.MagicsRegistry;
import org.dflib.jjava.jupyter.kernel.magic.MagicsResolver;
import org.dflib.jjava.jupyter.kernel.util.StringStyler;
import org.dflib.jjava.jupyter.messages.Message;
import org.dflib.jjava.jupyter.messages.MessageType;
import org.dflib.jjava.jupyter.messages.publish.PublishError;
import org.dflib.jjava.jupyter.messages.publish.PublishExecuteInput;
import org.dflib.jjava.jupyter.messages.publish.PublishExecuteResult;
import org.dflib.jjava.jupyter.messages.reply.CompleteReply;
import org.dflib.jjava.jupyter.messages.reply.ErrorReply;
import org.dflib.jjava.jupyter.messages.reply.ExecuteReply;
import org.dflib.jjava.jupyter.messages.request.CompleteRequest;
import org.dflib.jjava.jupyter.messages.request.ExecuteRequest;
import org.dflib.jjava.kernel.JavaKernel;
import org.dflib.jjava.kernel.JavaKernelBuilder;
import org.dflib.jjava.kernel.magics.ClasspathMagic;
import org.dflib.jjava.kernel.magics.JarsMagic;
import org.dflib.jjava.kernel.magics.LoadMagic;
import org.dflib.jjava.kernel.magics.TimeMagic;
import org.dflib.jjava.maven.MavenDependencyResolver;
import org.dflib.jjava.maven.magics.AddMavenDependencyMagic;
import org.dflib.jjava.maven.magics.LoadFromPomCellMagic;
import org.dflib.jjava.maven.magics.LoadFromPomLineMagic;
import org.dflib.jjava.maven.magics.MavenMagic;
import org.dflib.jjava.maven.magics.MavenRepoMagic;

/**
 * JJava's kernel with five things of its own: an error is one sentence; it aborts the cells that are queued; nothing a cell throws ends the
 * kernel; Shift-Tab shows the Javadoc of what stands at the cursor; and Tab lists methods with their parameters.
 */
final class MetarlKernel extends JavaKernel {
    /** How long to wait for requests that are still on their way from the front end, which sends those of Run All in one go. */
    private static final long MILLISECONDS_ON_THE_WAY = 50;

    private static final int POLLIN = 1;

    private final JupyterConnection connection;
    private final CellIO cell;

    private MetarlKernel(Builder b, CellIO cell, MagicTranspiler transpiler, Evaluator evaluator, JShell shell, CommManager comms) {
        super("JJava", b.version(), b.languageInfo(), List.of(), b.history(), cell, comms, b.renderer(), b.resolver(transpiler), b.magics(),
            true,
            b.styler(), shell, evaluator);
        this.connection = b.connection;
        this.cell = cell;
    }

    /** Imports, renderers, handlers. */
    void start() {
        onStartup();
        addToClasspath(System.getenv("JJAVA_CLASSPATH"));
        metarl.notebook.Imports.lines().forEach(line -> evalBuilder(line).eval());
        metarl.notebook.Kernel.install();
        becomeHandlerForConnection(connection);
    }

    @Override
    protected synchronized void handleExecuteRequest(ShellReplyEnvironment env, Message<ExecuteRequest> message) {
        ExecuteRequest request = message.getContent();
        commManager.setMessageContext(message);
        int count = request.isSilent() ? executionCount.get() : executionCount.getAndIncrement();
        env.setBusyDeferIdle();
        if (!request.isSilent()) env.publish(new PublishExecuteInput(request.getCode(), count));
        replaceOutputStreams(env);
        cell.attach(env, request.isStdinEnabled());
        try {
            DisplayData shown = this.<Object>evalBuilder(request.getCode()).resolveMagics().renderResults().eval();
            flush();
            if (shown != null && !request.isSilent()) env.publish(new PublishExecuteResult(count, shown));
            env.defer().reply(new ExecuteReply(count, Map.of()));
        } catch (Throwable e) {
            // also of a renderer or of the compiler, and also errors: one that got through would end the thread that reads requests
            flush();
            SnippetFailure failure = SnippetFailure.of(e);
            List<String> trace = trace(failure);
            env.publish(new PublishError(failure.name(), failure.getMessage(), trace));
            var reply = new ErrorReply(failure.name(), failure.getMessage(), trace);
            reply.setExecutionCount(count);
            if (request.shouldStopOnError()) abortQueued(env);
            env.defer().replyError(ExecuteReply.MESSAGE_TYPE.error(), reply);
        }
    }

    @Override
    public DisplayData inspect(String code, int cursor, boolean detailed) {
        Map<String, Object> found = snippets().inspect(code, cursor);
        if (found.isEmpty()) return null;
        var data = new DisplayData();
        found.forEach(data::putData);
        return data;
    }

    @Override
    public ReplacementOptions complete(String code, int cursor) {
        Completion.Options found = snippets().complete(code, cursor);
        return new ReplacementOptions(found.options().stream().map(Completion.Option::text).distinct().toList(), found.begin(), cursor);
    }

    /** JupyterLab lists the matches, and inserts the text that the metadata gives for the one that is chosen. */
    @Override
    protected void handleCompleteRequest(ShellReplyEnvironment env, Message<CompleteRequest> message) {
        env.setBusyDeferIdle();
        int cursor = message.getContent().getCursorPos();
        Completion.Options found = snippets().complete(message.getContent().getCode(), cursor);
        List<Map<String, Object>> typed = found.options().stream().map(o -> Map.<String, Object>of("text", o.text(), "type", o.kind(),
            "signature", o.label().substring(o.label().indexOf('(') + 1), "start", found.begin(), "end", cursor)).toList();
        env.reply(new CompleteReply(found.options().stream().map(Completion.Option::label).toList(), found.begin(), cursor,
            Map.of("_jupyter_types_experimental", typed)));
    }

    private Snippets snippets() {
        return ((Evaluator) getEvaluator()).snippets(getJShell());
    }

    private static void flush() {
        System.out.flush();
        System.err.flush();
    }

    private List<String> trace(SnippetFailure failure) {
        var lines = new ArrayList<String>();
        lines.add(errorStyler.secondary(failure.name() + ": " + failure.getMessage()));
        lines.addAll(failure.lines());
        return lines;
    }

    /**
     * Answers what waits in the queue: cells with "aborted", everything else as always. This happens before the front end hears of the
     * error: what it sends after that was meant to be sent.
     */
    private void abortQueued(ShellReplyEnvironment failed) {
        var queue = (ShellChannel) failed.getShell();
        long until = System.currentTimeMillis() + MILLISECONDS_ON_THE_WAY;
        while (System.currentTimeMillis() < until) {
            if ((queue.getEvents() & POLLIN) == 0) {
                pause();
                continue;
            }
            Message<?> message = queue.readMessage();
            if (message == null) return;
            ShellReplyEnvironment env = connection.prepareReplyEnv(queue, message);
            try {
                if (message.getContent() instanceof ExecuteRequest) {
                    env.setBusyDeferIdle();
                    env.reply(new Aborted());
                } else {
                    handle(env, message);
                }
            } finally {
                env.resolveDeferrals();
            }
            if (env.isMarkedForShutdown()) {
                failed.markForShutdown();
                return;
            }
            until = System.currentTimeMillis() + MILLISECONDS_ON_THE_WAY;
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private void handle(ShellReplyEnvironment env, Message<?> message) {
        ShellHandler handler = connection.getHandler((MessageType) message.getHeader().getType());
        try {
            if (handler != null) handler.handle(env, message);
        } catch (Exception e) {
            e.printStackTrace();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(2);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Puts the parts together as JJava's own builder does. */
    static final class Builder extends JavaKernelBuilder<Builder, MetarlKernel> {
        private final JupyterConnection connection;

        @SuppressWarnings("removal")
        Builder(JupyterConnection connection) {
            this.connection = connection;
            var resolver = new MavenDependencyResolver();
            var time = new TimeMagic();
            lineMagic("load", new LoadMagic()).lineMagic("classpath", new ClasspathMagic()).lineMagic("time", time).cellMagic("time", time);
            lineMagic("maven", new MavenMagic(resolver)).lineMagic("mavenRepo", new MavenRepoMagic(resolver));
            lineMagic("loadFromPOM", new LoadFromPomLineMagic(resolver)).cellMagic("loadFromPOM", new LoadFromPomCellMagic(resolver));
            lineMagic("jars", new JarsMagic()).lineMagic("addMavenDependency", new AddMavenDependencyMagic(resolver));
        }

        @Override
        public MetarlKernel build() {
            var evaluator = new Evaluator("metarl");
            return new MetarlKernel(this, (CellIO) buildJupyterIO(buildJupyterIOEncoding()), buildMagicTranspiler(), evaluator,
                buildJShell(evaluator), buildCommManager());
        }

        @Override
        protected JupyterIO buildJupyterIO(Charset encoding) {
            return new CellIO(encoding);
        }

        private String version() {
            return buildVersion();
        }

        private LanguageInfo languageInfo() {
            return buildLanguageInfo();
        }

        private HistoryManager history() {
            return buildHistoryManager();
        }

        private Renderer renderer() {
            return buildRenderer();
        }

        private MagicsResolver resolver(MagicTranspiler transpiler) {
            return buildMagicsResolver(transpiler);
        }

        private MagicsRegistry magics() {
            return buildMagicsRegistry();
        }

        private StringStyler styler() {
            return buildErrorStyler();
        }
    }
}
