package metarl.env.body;

import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import metarl.env.Environment;
import metarl.env.Reward;

/** Builds the simulated bodies. The implementation needs MuJoCo and is looked up when first asked for, so that all else works without. */
public interface Bodies {
    /** A machine for this body. */
    Environment environment(Body body, int horizon, Reward reward);

    /**
     * The Sawyer arm of Meta-World before this object.
     *
     * @throws IllegalStateException if its models are not there; the message says what to install
     */
    Environment environment(SawyerObject object, int horizon, Reward reward);

    /** Whether the models of the Sawyer arm are there. */
    boolean hasSawyer();

    /**
     * The bodies of the installed physics engine.
     *
     * @throws IllegalStateException if the toolkit was built without MuJoCo; the message says what to install
     */
    static Bodies find() {
        try {
            return ServiceLoader.load(Bodies.class, Bodies.class.getClassLoader()).findFirst().orElseThrow(() -> missing(null));
        } catch (ServiceConfigurationError e) {
            throw missing(e);
        }
    }

    private static IllegalStateException missing(Throwable cause) {
        return new IllegalStateException(
            "This task needs MuJoCo, but the toolkit was built without it. Install a C++ compiler (Debian: apt install g++; "
                + "macOS: xcode-select --install; conda: conda install cxx-compiler) and MuJoCo (pip install mujoco, or "
                + "conda install -c conda-forge "
                + "libmujoco), then run ./metarl setup again. Bandits, tabular processes, mazes and points work without.",
            cause);
    }
}
