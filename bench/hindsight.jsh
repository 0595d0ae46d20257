// What relabelling costs of a training: PEARL on HalfCheetah velocity with 100 train tasks, with the released settings and with small ones. An iteration is 25 episodes and 2,000 updates (small: 10 and 800), of which 20 are made; the rest follows.
// There is no peer: the released codes of Generalized Hindsight and HFR do not run on today's PyTorch. Wanted: at most 0.1 of the time.
var tasks = TaskSet.published("pearl/cheetah-vel").train();
var sizes = new LinkedHashMap<String, Pearl>();
sizes.put("released", Pearl.released("cheetah-vel").initialSteps(200));
sizes.put("small", Pearl.quickCheetah().initialSteps(200));
var rules = new LinkedHashMap<String, Relabeller>();
rules.put("none", Relabeller.none());
rules.put("random", Relabeller.random(1));
rules.put("paid, by a limit", new Relabeller.Paid(-100));
rules.put("advantage, 100 candidates", Relabeller.advantage(1, 100));
rules.put("inverse, 100 candidates, 500 episodes", Relabeller.inverse(1, 100, 500));
rules.put("foresight", Relabeller.foresight(0.2));
rules.put("doubly robust, several steps", Relabeller.doublyRobust(Hindsight.Form.ONES, 5));
rules.put("all", Relabeller.all());
void measure(String size, Pearl settings, String name, Relabeller rule) {
    try (var learner = settings.relabeller(rule).learner(Problem.of(tasks), 1)) {
        var random = RandomStream.of(1, "bench");
        double collecting = 0, storing = 0;
        int owed = settings.updatesPerIteration(), made = 20, episodes = 0;
        for (int round = 0; !learner.isDue(); round++) {
            boolean initial = learner.plan().seats().get(0).purpose().equals("initial");
            long begin = System.nanoTime();
            var trials = Rollout.of(learner.plan(), tasks, random.split("round " + round));
            long collected = System.nanoTime();
            learner.store(trials);
            if (initial) continue;
            collecting += (collected - begin) / 1e9;
            storing += (System.nanoTime() - collected) / 1e9;
            episodes += trials.size();
        }
        for (int i = 0; i < 5; i++) learner.update();
        long begin = System.nanoTime();
        for (int i = 0; i < made; i++) learner.update();
        double updating = (System.nanoTime() - begin) / 1e9 * owed / made;
        System.out.println(String.format(Locale.ROOT, "relabelling, %s settings, %s: %.2f s for %d episodes = %.4f of the time of an iteration (%.0f s, %.1f of them to collect)", size, name, storing, episodes,
            storing / (storing + collecting + updating), storing + collecting + updating, collecting));
    }
}
sizes.forEach((size, settings) -> rules.forEach((name, rule) -> measure(size, settings, name, rule)));
