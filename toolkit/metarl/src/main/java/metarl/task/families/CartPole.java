package metarl.task.families;

import static metarl.task.Parameter.Changes.DYNAMICS;

import java.util.List;
import java.util.random.RandomGenerator;
import metarl.env.world.Dynamics;
import metarl.task.Family;
import metarl.task.TaskFamily;

/**
 * A pole is to be balanced on a cart that is pushed to either side: the force of the push and the length of the pole differ (CaDM, Lee et
 * al. 2020).
 *
 * <p>The equations are those of Gymnasium's CartPole-v1 (Barto, Sutton and Anderson 1983) with a force F · a of any size in between. With
 * half the pole's length l, masses m = 0.1 kg of the pole and M = 1.1 kg in all, g = 9.8 m/s²:
 *
 * <pre>k = (F a + m l ω² sin θ) / M,   ω̇ = (g sin θ − k cos θ) / (l (4/3 − m cos² θ / M)),   v̇ = k − m l ω̇ cos θ / M</pre>
 *
 * <p>A step of 0.02 s first changes the speeds, then, by the new speeds, the places: Gymnasium's "semi-implicit" integrator, not its
 * default, because a fallen pole that goes on swinging would gain energy by that one. Start: U(−0.05, 0.05) for all four. Observation: (x,
 * v, cos θ, sin θ, ω). Outcome: place x and speed v of the cart, angle θ in (−π, π], 0 if upright, and speed ω of the pole. Nothing
 * terminates.
 */
public final class CartPole {
    private static final double GRAVITY = 9.8, POLE_MASS = 0.1, TOTAL_MASS = 1.1, SECONDS = 0.02, START = 0.05;
    private static final double PLACE_COST = 0.1, UPRIGHT = Math.toRadians(12);

    private static final TaskFamily BALANCE = Family.define("cart-pole")
        .described("A pole is balanced on a cart, with another force of the push and another length (CaDM).")
        .parameter("force", "N", 5, 15, DYNAMICS).parameter("length", "m", 0.4, 0.6, DYNAMICS).nominal(10, 0.5).lasting(200)
        .dynamics(task -> dynamics(task.value(0), task.value(1)))
        .showing((observation, action, next) -> state(next))
        .paying((task, o, a) -> Math.cos(o[2]) - PLACE_COST * (Math.sqrt(1 + o[0] * o[0]) - 1))
        .measuring("share of steps within 12°", 0, (task, o) -> Math.abs(o[2]) < UPRIGHT ? 1 : 0);

    private CartPole() {}

    private static Dynamics dynamics(double force, double length) {
        return Dynamics.of("place (m)", "speed (m/s)", "angle (rad)", "angular speed (rad/s)").starting(CartPole::start)
            .moving((s, a) -> moved(s, force * a[0], length))
            .seeing(5, s -> new double[] {s[0], s[1], Math.cos(s[2]), Math.sin(s[2]), s[3]}, CartPole::state)
            .telling(List.of("place (m)", "speed (m/s)", "angle (rad)", "angular speed (rad/s)"),
                (before, after) -> new double[] {after[0], after[1], Pendulum.fromUpright(after[2]), after[3]});
    }

    private static double[] start(RandomGenerator random) {
        return random.doubles(4, -START, START).toArray();
    }

    private static double[] moved(double[] s, double force, double length) {
        double sine = Math.sin(s[2]), cosine = Math.cos(s[2]), poleMoment = POLE_MASS * length;
        double push = (force + poleMoment * s[3] * s[3] * sine) / TOTAL_MASS;
        double turn = (GRAVITY * sine - push * cosine) / (length * (4.0 / 3 - POLE_MASS * cosine * cosine / TOTAL_MASS));
        double speed = s[1] + SECONDS * (push - poleMoment * turn * cosine / TOTAL_MASS), turning = s[3] + SECONDS * turn;
        return new double[] {s[0] + SECONDS * speed, speed, s[2] + SECONDS * turning, turning};
    }

    /** The state behind an observation. */
    private static double[] state(double[] observation) {
        return new double[] {observation[0], observation[1], Math.atan2(observation[3], observation[2]), observation[4]};
    }

    /**
     * Balance (CaDM): force ~ U(5, 15) N, half the pole's length ~ U(0.4, 0.6) m; reward cos θ − 0.1 (√(1 + x²) − 1) after the step, so
     * that 1 is perfect, falling costs, and so does running away; 200 steps.
     *
     * <p>Different from the paper: actions are numbers, not two choices, the reward shows how well the pole stands instead of paying 1 per
     * step, and nothing terminates. It tests outside the range as well, with forces of 2 to 3.5 N and 16.5 to 18 N and lengths of 0.15 to
     * 0.3 m and 0.7 to 0.85 m: {@code family.task(3, 0.8)}.
     */
    public static TaskFamily balance() {
        return BALANCE;
    }
}
