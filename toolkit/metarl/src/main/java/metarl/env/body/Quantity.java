package metarl.env.body;

import java.util.List;

/** What may be told of any body. */
public enum Quantity implements Body.Told {
    /** Displacement of position coordinate 0 over the step by its duration. */
    ROOT_VELOCITY("forward velocity (m/s)"),
    /** Position coordinate 0. */
    ROOT_POSITION("x (m)"),
    /** Displacement of the frame in the plane over the step by its duration. */
    FRAME_VELOCITY("velocity x (m/s)", "velocity y (m/s)"),
    /** Position of the frame in the plane. */
    FRAME_POSITION("x (m)", "y (m)"),
    /** Position of the frame in space. */
    FRAME_POSITION_3D("x (m)", "y (m)", "z (m)"),
    /** Displacement of the centre of mass in the plane over the step by its duration. */
    CENTRE_VELOCITY("velocity of the centre of mass x (m/s)", "velocity of the centre of mass y (m/s)"),
    /** Σ min(|f|, 1)² over all external forces. */
    CLIPPED_CONTACT_COST("squared clipped contact forces"),
    /** Σ f² over all external forces. */
    CONTACT_COST("squared contact forces (N²)");

    private final List<String> names;

    Quantity(String... names) {
        this.names = List.of(names);
    }

    /** Its entries, with units. */
    public List<String> names() {
        return names;
    }
}
