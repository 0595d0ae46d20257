package metarl.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import metarl.basics.Require;
import metarl.env.Lockstep;

/** Threads of this process, each of which does one run after the other. */
final class ThreadWorkers implements Workers {
    private final int count;

    ThreadWorkers(int count) {
        Require.count(count, 1, "threads", "at least 1, usually one per core");
        this.count = count;
    }

    @Override
    public boolean inThisProcess() {
        return true;
    }

    @Override
    public void run(List<SweepTask> tasks, Consumer<SweepOutcome> ended) throws InterruptedException {
        if (tasks.isEmpty()) return;
        int threads = Math.min(count, tasks.size()), cores = Math.max(1, Lockstep.cores() / threads);
        Queue<SweepTask> waiting = new ConcurrentLinkedQueue<>(tasks);
        var workers = new ArrayList<Thread>();
        for (int i = 0; i < threads; i++) {
            var worker = new Thread(() -> work(waiting, cores, ended), "sweep " + (i + 1));
            worker.setDaemon(true);
            workers.add(worker);
        }
        workers.forEach(Thread::start);
        try {
            for (Thread worker : workers) worker.join();
        } catch (InterruptedException e) {
            waiting.clear();
            end(workers);
            throw e;
        }
    }

    private static void work(Queue<SweepTask> waiting, int cores, Consumer<SweepOutcome> ended) {
        for (SweepTask task = waiting.poll(); task != null; task = waiting.poll()) {
            SweepOutcome outcome = task.run(cores);
            // what interrupts one, as the end of the process does, means all
            if (outcome.end() == SweepOutcome.End.INTERRUPTED) waiting.clear();
            ended.accept(outcome);
        }
    }

    /** Each saves what it has; whoever asked once more is not heard before that. */
    private static void end(List<Thread> workers) {
        workers.forEach(Thread::interrupt);
        boolean again = false;
        for (Thread worker : workers)
            while (worker.isAlive()) {
                try {
                    worker.join();
                } catch (InterruptedException e) {
                    again = true;
                }
            }
        if (again) Thread.currentThread().interrupt();
    }
}
