// SNAIL against PyTorch in eager mode, one thread: trials/s acted on 256 bandits of 5 arms at once, 100 pulls each (PyTorch with each layer's past cached, and with the whole
// past computed again at every pull), and trials/s through the losses of policy and value, their gradients and a step of Adam. Then ms of one more element for 256 rows after
// 100, 500 and 1,000 elements, cached and by the whole past again. Seconds are those of the processor, of all threads of a process, so that other programs count little.
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

var python = System.getenv("METARL_BENCH_PYTHON");
int trials = 256, pulls = 100, arms = 5;
var tasks = TaskSet.of(Bandit.bernoulli(arms)).train(trials).test(0).sample(1);
var learner = Snail.published(1, pulls).trialsPerUpdate(trials).trialsPerBatch(32).epochs(1).learner(new Problem(trials, 1, arms, 2, true, 1), 1);

var system = (com.sun.management.OperatingSystemMXBean) java.lang.management.ManagementFactory.getOperatingSystemMXBean();

double seconds(Runnable body) {
    long start = system.getProcessCpuTime();
    body.run();
    return (system.getProcessCpuTime() - start) / 1e9;
}

double acted() {
    return trials / seconds(() -> Rollout.trials(learner.policy(), tasks.train(), pulls, RandomStream.of(1, "bench")));
}

/** Outputs of the policy and values of all trials, then one pass of gradient steps. */
double updated() {
    learner.store(Rollout.of(learner.plan(), tasks.train(), RandomStream.of(2, "bench")));
    return trials / seconds(learner::update);
}

double peer(String mode) throws Exception {
    var command = List.of(python, "bench/peers/snail.py", mode, "" + trials, "" + pulls, "" + arms);
    var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String text = new String(process.getInputStream().readAllBytes()).trim();
    if (process.waitFor() != 0) throw new IllegalStateException("bench/peers/snail.py failed: " + text);
    return Double.parseDouble(text);
}

void tell(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
}

acted();
updated();
double act = 0, update = 0, peerActs = 0, peerUpdates = 0;
for (int round = 0; round < 3; round++) {
    act = Math.max(act, acted());
    peerActs = Math.max(peerActs, peer("act"));
    update = Math.max(update, updated());
    peerUpdates = Math.max(peerUpdates, peer("update"));
}
double again = peer("again");
tell("SNAIL, trials of %d pulls, %d at once, 1 thread: ours %.0f trials/s = %.2f of PyTorch that caches (%.0f), %.0f of PyTorch that computes the past again (%.1f)",
    pulls, trials, act, act / peerActs, peerActs, act / again, again);
tell("an update of one pass: ours %.0f trials/s = %.2f of PyTorch (%.0f)", update, update / peerUpdates, peerUpdates);

for (int length : new int[] {100, 500, 1_000}) {
    var stack = CausalStack.of(8, length).dense(32).convolutions(32).convolutions(32).attention(32, 32);
    int rows = 256, last = 10;
    var x = new float[rows * 8];
    try (var p = new Parameters(Sections.of().and("stack", stack), RandomStream.of(1, "stack"))) {
        var memory = stack.start(rows, p.list());
        Runnable step = () -> {
            try (NDManager scope = p.manager().newSubManager()) {
                memory.step(scope.create(x, new Shape(rows, 8)));
            }
        };
        for (int t = 0; t < length - last; t++) step.run();
        double cached = 1e3 / last * seconds(() -> {
            for (int t = 0; t < last; t++) step.run();
        });
        // few rows at a time: the scores of all pairs of a thousand elements take a gigabyte for 256 rows
        int some = 32;
        double whole = 1e3 * rows / some * seconds(() -> {
            try (NDManager scope = p.manager().newSubManager()) {
                stack.outputs(scope.zeros(new Shape(some, length, 8)), p.list());
            }
        });
        tell("one more element after %d, %d rows: %.2f ms cached, %.0f ms by the whole past (%.0f times)", length, rows, cached, whole, whole / cached);
    }
}
