package metarl.env.mujoco;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import metarl.env.Bodies;
import metarl.env.Environment;
import metarl.env.Reward;
import org.mujoco.Model;

/** The bodies, simulated by MuJoCo. Each model is compiled once and shared. */
public final class MujocoBodies implements Bodies {
    private static final Map<String, Model> MODELS = new ConcurrentHashMap<>();

    @Override
    public Environment halfCheetah(int horizon, Reward reward) {
        return new HalfCheetahEnvironment(model("half_cheetah.xml"), horizon, reward);
    }

    private static Model model(String file) {
        return MODELS.computeIfAbsent(file, f -> {
            try (InputStream in = MujocoBodies.class.getResourceAsStream(f)) {
                if (in == null) throw new IllegalStateException("the model file " + f + " is missing from the toolkit's jar");
                return Model.fromXml(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
