package metarl.env.body;

/** What may be seen of any body. */
public enum Sight implements Body.Seen {
    /** All position coordinates. */
    POSITIONS,
    /** The position coordinates without the first one, x. */
    POSITIONS_WITHOUT_X,
    /** The position coordinates without the first two, x and y. */
    POSITIONS_WITHOUT_XY,
    /** All velocity coordinates. */
    VELOCITIES,
    /** All velocity coordinates, clipped to ±10. */
    CLIPPED_VELOCITIES,
    /** The position x, y, z of the frame, as computed in the last substep before the joints moved. */
    FRAME_POSITION,
    /** Inertia of every part about the centre of mass (MuJoCo's cinert), with the world: 10 each. */
    INERTIAS,
    /** Velocity of every part (cvel), with the world: 6 each. */
    PART_VELOCITIES,
    /** Force of the motors on every degree of freedom (qfrc_actuator). */
    MOTOR_FORCES,
    /** External force on every part (cfrc_ext), with the world: 6 each. */
    CONTACT_FORCES,
    /** The same, clipped to ±1. */
    CLIPPED_CONTACT_FORCES
}
