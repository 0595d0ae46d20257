// First-person pictures of mazes per second on one thread, 30 × 40 RGB; then where the time of an update of RL² on them goes.
var threads = java.lang.management.ManagementFactory.getThreadMXBean();
for (var family : List.of(Maze.small().firstPerson(), Maze.large().firstPerson())) {
    var mazes = TaskSet.of(family).train(1_000).test(1).sample(7).train().stream().map(family::layout).toList();
    var places = new ArrayList<int[]>();
    for (int m = 0; m < mazes.size(); m++)
        for (int y = 0; y < family.size(); y++) for (int x = 0; x < family.size(); x++) if (!mazes.get(m).walls()[y][x]) for (int d = 0; d < 4; d++) places.add(new int[] {m, x, y, d});
    Collections.shuffle(places, new Random(1));
    var eye = Raycaster.published();
    var pictures = new Pictures();
    double best = 0, sum = 0;
    for (int round = 0; round < 5; round++) {
        long start = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < 50_000; i++) {
            int[] p = places.get(i % places.size());
            sum += eye.picture(mazes.get(p[0]), p[1], p[2], p[3])[i % 3_600];
        }
        best = Math.max(best, 50_000 / ((threads.getCurrentThreadCpuTime() - start) / 1e9));
    }
    for (int[] p : places) pictures.number(eye.picture(mazes.get(p[0]), p[1], p[2], p[3]));
    System.out.println(String.format(Locale.ROOT, "%s: %,.0f pictures/s on one thread; 1,000 mazes have %,d places and directions, and %,d different pictures", family.name(), best, places.size(), pictures.size()));
}

// 128 trials of two episodes, the policy as it begins: what an update costs most; of cells for comparison, which need no front end
record Asked(Maze family, Rl2 settings) {}
var asked = List.of(new Asked(Maze.small(), Rl2.maze(2)), new Asked(Maze.small().firstPerson(), Rl2.maze(2)), new Asked(Maze.small().firstPerson(), Rl2.maze(2).pictureFeatures(256).hidden(256)));
for (var a : asked) {
    var tasks = TaskSet.of(a.family()).train(1_000).test(1).sample(7).train();
    try (var learner = a.settings().learner(Problem.of(tasks), 1)) {
        double collecting = 0, storing = 0, updating = 0;
        long steps = 0;
        for (int u = 0; u < 4; u++) {
            long begin = threads.getCurrentThreadCpuTime();
            var trials = Rollout.of(learner.plan(), tasks, RandomStream.of(u, "bench"));
            long collected = threads.getCurrentThreadCpuTime();
            learner.store(trials);
            long stored = threads.getCurrentThreadCpuTime();
            learner.update();
            if (u == 0) continue;
            collecting += (collected - begin) / 1e9;
            storing += (stored - collected) / 1e9;
            updating += (threads.getCurrentThreadCpuTime() - stored) / 1e9;
            for (var trial : trials) for (var episode : trial.episodes()) steps += episode.length();
        }
        System.out.println(String.format(Locale.ROOT, "RL² on %s, %d units, %d features: %,.0f steps/s of the whole; seconds per 10,000 steps: collecting %.2f, storing %.2f, updating %.2f", a.family().name(), a.settings().hidden(),
            a.settings().training().pictureFeatures(), steps / (collecting + storing + updating), 1e4 * collecting / steps, 1e4 * storing / steps, 1e4 * updating / steps));
    }
}
