package metarl.env.mujoco;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import metarl.env.Environment;
import metarl.env.Reward;
import metarl.env.body.Bodies;
import metarl.env.body.Body;
import metarl.env.body.Change;
import metarl.env.body.SawyerObject;
import org.mujoco.Model;
import org.mujoco.Simulation;

/** The bodies, simulated by MuJoCo. Compiled models are shared; the most recently used ones are kept. */
public final class MujocoBodies implements Bodies {
    /** Enough for the tasks of a large task set; a model of a body takes some 100 kB. */
    private static final int KEPT_MODELS = 256;

    private record Key(Body.Source model, List<Change> changes) {}

    // an evicted model is freed once no simulation uses it any more
    private static final Map<Key, Model> MODELS = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Model> eldest) {
            if (size() <= KEPT_MODELS) return false;
            eldest.getValue().close();
            return true;
        }
    };

    @Override
    public Environment environment(Body body, int horizon, Reward reward) {
        Simulation simulation = simulation(body);
        try {
            return BodyEnvironment.of(body, simulation, horizon, reward);
        } catch (RuntimeException e) {
            simulation.close();
            throw e;
        }
    }

    @Override
    public Environment environment(SawyerObject object, int horizon, Reward reward) {
        return new SawyerEnvironment(object, simulation(new Key(new Body.Source("sawyer " + object, null, null), List.of()),
            () -> Model.fromXml(SawyerModel.xml(SawyerAssets.folder(), object))), horizon, reward);
    }

    @Override
    public boolean hasSawyer() {
        return SawyerAssets.found();
    }

    private static Simulation simulation(Body body) {
        return simulation(new Key(body.model(), body.changes()), () -> ModelChanges.compile(whole(body.model()), body.changes()));
    }

    private static Simulation simulation(Key key, Supplier<Model> model) {
        // under the lock, so that the model is not evicted before the simulation holds it
        synchronized (MODELS) {
            return new Simulation(MODELS.computeIfAbsent(key, absent -> model.get()));
        }
    }

    /** With the text of a model of the toolkit. */
    private static Body.Source whole(Body.Source model) {
        return model.text() != null ? model : new Body.Source(model.name(), text(model.name() + ".xml"), null);
    }

    private static String text(String file) {
        try (InputStream in = MujocoBodies.class.getResourceAsStream(file)) {
            if (in == null)
                throw new IllegalArgumentException("the toolkit brings no model file " + file + "; of your own: Body.mjcf(xml)");
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
