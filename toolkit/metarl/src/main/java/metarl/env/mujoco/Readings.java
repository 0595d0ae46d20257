package metarl.env.mujoco;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import metarl.env.body.Body;
import metarl.env.body.Named;
import metarl.env.body.Quantity;
import metarl.env.body.Sight;
import org.mujoco.Model;
import org.mujoco.Simulation;

/** The numbers that are read from a simulation, one after the other: an observation or an outcome. */
final class Readings {
    private static final double VELOCITY_BOUND = 10, FORCE_BOUND = 1;

    private final Simulation simulation;
    private final Model model;
    private final int frame;
    /** The external forces of the last step, which the environment fills. */
    private final double[] forces, masses, centres;
    private Reading[] all = {};
    private int size;

    /** Copies numbers to {@code target[at…]}. */
    private interface Reader {
        void read(double[] target, int at);
    }

    /** What is read at one place; of a rate, the position it is the rate of. */
    private record Reading(Reader reader, int at, List<String> names, boolean isRate) {}

    private Readings(Simulation simulation, int frame, double[] forces) {
        this.simulation = simulation;
        this.frame = frame;
        this.forces = forces;
        model = simulation.model();
        masses = model.bodyMasses();
        centres = new double[3 * model.bodies()];
    }

    static Readings seen(List<Body.Seen> sights, Simulation simulation, int frame, double[] forces) {
        var readings = new Readings(simulation, frame, forces);
        for (Body.Seen seen : sights) {
            if (seen instanceof Sight sight) readings.add(sight);
            if (seen instanceof Named named) readings.add(named);
        }
        return readings;
    }

    static Readings told(List<Body.Told> quantities, Simulation simulation, int frame, double[] forces) {
        var readings = new Readings(simulation, frame, forces);
        for (Body.Told told : quantities) {
            if (told instanceof Quantity quantity) readings.add(quantity);
            if (told instanceof Named named) readings.add(named);
        }
        return readings;
    }

    private void add(List<String> names, boolean isRate, Reader reader) {
        all = Arrays.copyOf(all, all.length + 1);
        all[all.length - 1] = new Reading(reader, size, names, isRate);
        size += names.size();
    }

    private void add(int count, String name, Reader reader) {
        add(IntStream.range(0, count).mapToObj(i -> name + "[" + i + "]").toList(), false, reader);
    }

    /** How many numbers there are. */
    int size() {
        return size;
    }

    /** Where the numbers of the i-th thing that is read begin. */
    int at(int i) {
        return all[i].at;
    }

    /** What they are, with units where these are known. */
    List<String> names() {
        return Arrays.stream(all).flatMap(r -> r.names.stream()).toList();
    }

    /** All numbers, with a position in the place of every rate. */
    double[] read() {
        double[] values = new double[size];
        for (Reading reading : all) reading.reader.read(values, reading.at);
        return values;
    }

    /** The positions in the places of rates, zeros elsewhere. */
    double[] ratesOf() {
        double[] values = new double[size];
        for (Reading reading : all) if (reading.isRate) reading.reader.read(values, reading.at);
        return values;
    }

    /** Turns positions after and before a step into rates. */
    void toRates(double[] after, double[] before, double seconds) {
        for (Reading reading : all)
            if (reading.isRate)
                for (int i = reading.at; i < reading.at + reading.names.size(); i++) after[i] = (after[i] - before[i]) / seconds;
    }

    private void add(Quantity quantity) {
        boolean isRate = quantity == Quantity.ROOT_VELOCITY || quantity == Quantity.FRAME_VELOCITY || quantity == Quantity.CENTRE_VELOCITY;
        add(quantity.names(), isRate, switch (quantity) {
            case ROOT_VELOCITY, ROOT_POSITION -> (target, at) -> target[at] = simulation.position(0);
            case FRAME_VELOCITY, FRAME_POSITION -> (target, at) -> {
                double[] position = new double[3];
                simulation.bodyPosition(frame, position, 0);
                target[at] = position[0];
                target[at + 1] = position[1];
            };
            case FRAME_POSITION_3D -> (target, at) -> simulation.bodyPosition(frame, target, at);
            case CENTRE_VELOCITY -> this::centre;
            case CLIPPED_CONTACT_COST -> (target, at) -> target[at] = squaredForces(FORCE_BOUND);
            case CONTACT_COST -> (target, at) -> target[at] = squaredForces(Double.POSITIVE_INFINITY);
        });
    }

    private void centre(double[] target, int at) {
        simulation.bodyCentres(centres, 0);
        double total = 0, x = 0, y = 0;
        for (int part = 0; part < masses.length; part++) {
            total += masses[part];
            x += masses[part] * centres[3 * part];
            y += masses[part] * centres[3 * part + 1];
        }
        target[at] = x / total;
        target[at + 1] = y / total;
    }

    private double squaredForces(double bound) {
        double sum = 0;
        for (double f : forces) {
            double clipped = Math.max(-bound, Math.min(bound, f));
            sum += clipped * clipped;
        }
        return sum;
    }

    private void add(Sight sight) {
        int positions = model.positions(), velocities = model.velocities(), parts = model.bodies();
        switch (sight) {
            case POSITIONS -> add(positions, "position", (target, at) -> simulation.positions(0, target, at));
            case POSITIONS_WITHOUT_X -> add(positions - 1, "position", (target, at) -> simulation.positions(1, target, at));
            case POSITIONS_WITHOUT_XY -> add(positions - 2, "position", (target, at) -> simulation.positions(2, target, at));
            case VELOCITIES -> add(velocities, "velocity", (target, at) -> simulation.velocities(0, target, at));
            case CLIPPED_VELOCITIES -> add(velocities, "velocity", (target, at) -> {
                simulation.velocities(0, target, at);
                clip(target, at, velocities, VELOCITY_BOUND);
            });
            case FRAME_POSITION -> add(3, "frame", (target, at) -> simulation.bodyPosition(frame, target, at));
            case INERTIAS -> add(10 * parts, "inertia", simulation::bodyInertias);
            case PART_VELOCITIES -> add(6 * parts, "part velocity", simulation::bodyVelocities);
            case MOTOR_FORCES -> add(velocities, "motor force", simulation::actuatorForces);
            case CONTACT_FORCES -> add(6 * parts, "contact force", this::forces);
            case CLIPPED_CONTACT_FORCES -> add(6 * parts, "contact force", (target, at) -> {
                forces(target, at);
                clip(target, at, forces.length, FORCE_BOUND);
            });
        }
    }

    private void forces(double[] target, int at) {
        System.arraycopy(forces, 0, target, at, forces.length);
    }

    private static void clip(double[] values, int from, int count, double bound) {
        for (int i = from; i < from + count; i++) values[i] = Math.max(-bound, Math.min(bound, values[i]));
    }

    private void add(Named named) {
        String name = named.name();
        switch (named.kind()) {
            case JOINT -> addJoint(name, model.joint(name));
            case PART -> {
                int part = model.bodyId(name);
                add(axes(name), false, (target, at) -> simulation.bodyPosition(part, target, at));
            }
            case SITE -> {
                int site = model.siteId(name);
                add(axes(name), false, (target, at) -> simulation.sitePosition(site, target, at));
            }
            case SENSOR -> {
                int sensor = model.sensorId(name), count = simulation.sensor(sensor).length;
                Reader reader = (target, at) -> System.arraycopy(simulation.sensor(sensor), 0, target, at, count);
                if (count == 1) add(List.of(name), false, reader);
                else add(count, name, reader);
            }
        }
    }

    private void addJoint(String name, Model.Joint joint) {
        if (joint.positions() == 1) {
            String unit = joint.slides() ? "m" : "rad";
            add(List.of(name + " (" + unit + ")", name + " velocity (" + unit + "/s)"), false, (target, at) -> {
                target[at] = simulation.position(joint.firstPosition());
                target[at + 1] = simulation.velocity(joint.firstVelocity());
            });
            return;
        }
        for (int i = 0; i < joint.positions(); i++) {
            int coordinate = joint.firstPosition() + i;
            add(List.of(name + "[" + i + "]"), false, (target, at) -> target[at] = simulation.position(coordinate));
        }
        for (int i = 0; i < joint.velocities(); i++) {
            int coordinate = joint.firstVelocity() + i;
            add(List.of(name + " velocity[" + i + "]"), false, (target, at) -> target[at] = simulation.velocity(coordinate));
        }
    }

    private static List<String> axes(String name) {
        return Stream.of("x", "y", "z").map(axis -> name + " " + axis + " (m)").toList();
    }
}
