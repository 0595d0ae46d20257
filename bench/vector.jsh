// Env-steps/s of 16 environments in lockstep on two threads, against one thread in the same run.
double rate(Task task, int threads, int rounds) {
    var environments = Stream.generate(task::environment).limit(16).toList();
    try (var vector = VectorEnvironment.of(environments, threads)) {
        var random = RandomStream.of(1, "bench");
        double[][] actions = new double[16][];
        for (int i = 0; i < 16; i++) actions[i] = vector.actionSpace().sample(random);
        vector.reset(random);
        long start = System.nanoTime();
        for (int t = 0; t < rounds; t++) vector.step(actions);
        return 16.0 * rounds / ((System.nanoTime() - start) / 1e9);
    }
}

void compare(String name, Task task, int rounds) {
    double one = 0, two = 0;
    rate(task, 2, rounds);
    // alternating, best of five each: a busy machine then slows both alike
    for (int i = 0; i < 5; i++) {
        one = Math.max(one, rate(task, 1, rounds));
        two = Math.max(two, rate(task, 2, rounds));
    }
    System.out.println(String.format(Locale.ROOT, "%-22s 16 in lockstep: %,.0f env-steps/s on 2 threads = %.2f of 1 thread (%,.0f)", name, two, two / one, one));
}

compare("half-cheetah-velocity", HalfCheetah.velocity().task(1.5), 3_000);
compare("ant-goal", Ant.goal().task(1, 1), 500);
compare("point-robot-dense", PointRobot.dense().task(0.5, 0.5), 30_000);
