package metarl.train;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A process that is told to end (Ctrl-C, SIGTERM, a kernel's shutdown) interrupts the training of this thread first, so that it saves. */
final class EndOfProcess implements AutoCloseable {
    private static final long SECONDS = 5;

    private final Thread training = Thread.currentThread();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::interrupt, "training ends with the process");

    EndOfProcess() {
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the process is ending already
        }
    }

    private void interrupt() {
        // a training that ends the process itself, as in a listener, waits there for this
        if (Arrays.stream(training.getStackTrace()).anyMatch(f -> f.getClassName().equals("java.lang.Shutdown"))) return;
        training.interrupt();
        try {
            ended.await(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            // then it goes on without waiting
        }
    }

    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the process is ending
        }
    }
}
