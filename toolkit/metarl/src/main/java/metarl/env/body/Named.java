package metarl.env.body;

import java.util.Locale;
import metarl.basics.Require;

/** Something of the model, by its name: see {@link Body#joint}, {@link Body#part}, {@link Body#site} and {@link Body#sensor}. */
public record Named(Kind kind, String name) implements Body.Seen, Body.Told {
    /** What is named. */
    public enum Kind {
        /** A joint. */
        JOINT,
        /** A body part. */
        PART,
        /** A site. */
        SITE,
        /** A sensor. */
        SENSOR
    }

    /** Checks the name. */
    public Named {
        Require.that(name != null && !name.isBlank(), "the name of a " + kind.name().toLowerCase(Locale.ROOT), name,
            "a name that is in the model");
    }
}
