package metarl.kernel;

import java.util.Optional;

/** The process that started this kernel. When it has gone, however it ended, nobody can reach the kernel any more. */
final class Parent {
    private static final long SECONDS_TO_END = 10;

    private Parent() {}

    /** Ends this JVM soon after its parent; does nothing if Jupyter names none, which it does for a kernel that is to live on. */
    static void endWithIt() {
        Optional<ProcessHandle> named = named();
        if (named.isEmpty()) return;
        ProcessHandle parent = named.get();
        boolean direct = isParent(parent);
        var watch = new Thread(() -> {
            // one that has ended but was not yet waited for still counts as alive: then only the adoption by another shows it
            while (parent.isAlive() && (!direct || isParent(parent))) pause(1);
            new Thread(() -> {
                pause(SECONDS_TO_END);
                Runtime.getRuntime().halt(1);
            }, "end-at-the-latest").start();
            System.exit(1);
        }, "parent-watch");
        watch.setDaemon(true);
        watch.start();
    }

    private static Optional<ProcessHandle> named() {
        try {
            return Optional.ofNullable(System.getenv("JPY_PARENT_PID")).map(Long::parseLong).flatMap(ProcessHandle::of);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static boolean isParent(ProcessHandle process) {
        return ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(-1L) == process.pid();
    }

    private static void pause(long seconds) {
        try {
            Thread.sleep(1000 * seconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
