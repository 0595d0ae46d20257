// The optimum of the pendulum of 1 kg and 1 m over 200 steps, by dynamic programming, beside what the planner reaches with the true simulator as its model.
// Value iteration backwards over a grid of angle × speed, with bilinear interpolation between its points, on two grids: the values of the finer differ little.
// Its greedy actions, played in the environment, earn what certainly can be earned; the optimum lies between that and, but for the interpolation, its value.
// The settings of smoothCrossEntropy were chosen on starts of seed 16, results/optimum.csv; those of seed 17, results/optimum-17.csv, are fresh ones.
// Usage: optimum.jsh [STARTS [SEED]]. About five minutes on two cores.
import metarl.agent.model.*;
int starts = args.length > 0 ? Integer.parseInt(args[0]) : 10, horizon = 200;
long seed = args.length > 1 ? Long.parseLong(args[1]) : 16;
var task = Pendulum.swingUp().task(1, 1);

/** Best sums of rewards from t steps before the end; the equations are those of Pendulum's Javadoc. */
class Values {
    final int angles, speeds, torques;
    final float[][] values;

    Values(int angles, int speeds, int torques) {
        this.angles = angles;
        this.speeds = speeds;
        this.torques = torques;
        values = new float[horizon + 1][angles * speeds];
        for (int t = 1; t <= horizon; t++) {
            int left = t;
            IntStream.range(0, angles).parallel().forEach(i -> {
                for (int j = 0; j < speeds; j++)
                    values[left][i * speeds + j] = (float) best(left, 2 * Math.PI * i / angles, 16.0 * j / (speeds - 1) - 8)[1];
            });
        }
    }

    /** With so many steps left: the best action and its value. */
    double[] best(int left, double angle, double speed) {
        double pull = 15 * Math.sin(angle), up = Math.IEEEremainder(angle, 2 * Math.PI), most = Double.NEGATIVE_INFINITY, action = 0;
        for (int k = 0; k < torques; k++) {
            double a = 2.0 * k / (torques - 1) - 1;
            double faster = Math.max(-8, Math.min(8, speed + (pull + 6 * a) * 0.05));
            double value = -up * up - 0.1 * speed * speed - 0.004 * a * a + at(left - 1, angle + 0.05 * faster, faster);
            if (value > most) {
                most = value;
                action = a;
            }
        }
        return new double[] {action, most};
    }

    double at(int left, double angle, double speed) {
        double x = angle / (2 * Math.PI) * angles, y = (speed + 8) / 16 * (speeds - 1);
        int i = (int) Math.floor(x), j = Math.min(speeds - 2, (int) y);
        double u = x - i, v = y - j;
        int low = Math.floorMod(i, angles) * speeds + j, high = Math.floorMod(i + 1, angles) * speeds + j;
        float[] all = values[left];
        return (1 - u) * ((1 - v) * all[low] + v * all[low + 1]) + u * ((1 - v) * all[high] + v * all[high + 1]);
    }

    /** Its greedy actions; all episodes of a rollout are in the same step. */
    Policy policy() {
        return (environments, random) -> new Policy.Actor() {
            private int left = horizon;

            public double[][] act(double[][] observations) {
                double[][] actions = Arrays.stream(observations)
                    .map(o -> new double[] {best(left, Math.atan2(o[1], o[0]), o[2])[0]}).toArray(double[][]::new);
                left--;
                return actions;
            }
        };
    }
}

double[] returns(Policy policy) {
    return Rollout.of(policy, Collections.nCopies(starts, task), RandomStream.of(seed, "optimum")).stream()
        .mapToDouble(Trajectory::totalReward).toArray();
}

var coarse = new Values(256, 161, 41);
System.out.println("coarse grid done");
var fine = new Values(768, 481, 41);
System.out.println("fine grid done");
var episodes = Rollout.of(Policy.zero(1), Collections.nCopies(starts, task), RandomStream.of(seed, "optimum"));
double[] reached = returns(fine.policy());
var planners = new LinkedHashMap<String, Planner>();
planners.put("crossEntropy(200, 25)", Planner.crossEntropy(200, 25));
planners.put("crossEntropy(500, 30)", Planner.crossEntropy(500, 30));
planners.put("smoothCrossEntropy(500, 60)", Planner.smoothCrossEntropy(500, 60));
planners.put("randomShooting(500, 15)", Planner.randomShooting(500, 15));
planners.put("randomShooting(2000, 25)", Planner.randomShooting(2000, 25));
var planned = new LinkedHashMap<String, double[]>();
planners.forEach((name, planner) -> {
    long start = System.nanoTime();
    planned.put(name, returns(TrueModel.of(task, planner)));
    System.out.println(String.format(Locale.ROOT, "%s: mean %.1f in %.0f s", name, Arrays.stream(planned.get(name)).average().getAsDouble(), (System.nanoTime() - start) / 1e9));
});
System.out.println(String.format(Locale.ROOT, "greedy actions of the fine grid: mean %.1f", Arrays.stream(reached).average().getAsDouble()));
var lines = new ArrayList<String>();
lines.add("start,angle (rad),speed (rad/s),value coarse grid,value fine grid,return of its greedy actions," + planners.keySet().stream().map(n -> "\"" + n + "\"").collect(Collectors.joining(",")));
for (int i = 0; i < starts; i++) {
    double[] o = episodes.get(i).observation(0);
    double angle = Math.atan2(o[1], o[0]);
    var line = new StringBuilder(String.format(Locale.ROOT, "%d,%.4f,%.4f,%.3f,%.3f,%.3f", i, angle, o[2], coarse.at(horizon, angle, o[2]), fine.at(horizon, angle, o[2]), reached[i]));
    for (double[] each : planned.values()) line.append(String.format(Locale.ROOT, ",%.3f", each[i]));
    lines.add(line.toString());
}
Files.createDirectories(Path.of("experiments/grbal/results"));
Files.write(Path.of("experiments/grbal/results/optimum" + (seed == 16 ? "" : "-" + seed) + ".csv"), lines);
lines.forEach(System.out::println);
