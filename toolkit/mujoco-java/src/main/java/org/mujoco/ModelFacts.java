package org.mujoco;

import java.util.List;
import java.util.stream.IntStream;
import org.mujoco.generated.global.mujoco;
import org.mujoco.generated.mjModel;

/** What a model says about itself, read once: no later question has to touch native memory. */
final class ModelFacts {
    final int positions, velocities, controls, activations, sensorValues;
    final double timestep;
    final List<String> bodyNames, jointNames, actuatorNames, geomNames, cameraNames, siteNames, sensorNames, keyframeNames;
    /** Id of the actuator that each control belongs to. */
    final int[] controlActuator;
    final int[] bodyParents;
    final List<Model.Joint> joints;
    /** Number of each body among those moved by hand; −1 for the others. */
    final int[] bodyMocap;
    /** Where the values of each sensor begin, and how many there are. */
    final int[] sensorFirst, sensorSize;
    final double[] initialPositions, bodyMasses, geomHalfLengths;
    final double[][] controlRange;

    ModelFacts(mjModel model) {
        positions = (int) model.nq();
        velocities = (int) model.nv();
        controls = (int) model.nu();
        activations = (int) model.na();
        sensorValues = (int) model.nsensordata();
        timestep = model.opt().timestep();
        bodyNames = names(model, mujoco.mjOBJ_BODY, (int) model.nbody());
        jointNames = names(model, mujoco.mjOBJ_JOINT, (int) model.njnt());
        actuatorNames = names(model, mujoco.mjOBJ_ACTUATOR, mujoco.mjj_actuators(model));
        geomNames = names(model, mujoco.mjOBJ_GEOM, (int) model.ngeom());
        cameraNames = names(model, mujoco.mjOBJ_CAMERA, (int) model.ncam());
        siteNames = names(model, mujoco.mjOBJ_SITE, (int) model.nsite());
        sensorNames = names(model, mujoco.mjOBJ_SENSOR, (int) model.nsensor());
        keyframeNames = names(model, mujoco.mjOBJ_KEY, (int) model.nkey());
        initialPositions = new double[positions];
        if (positions > 0) model.qpos0().get(initialPositions);
        bodyParents = new int[bodyNames.size()];
        model.body_parentid().get(bodyParents);
        bodyMocap = new int[bodyNames.size()];
        model.body_mocapid().get(bodyMocap);
        sensorFirst = new int[sensorNames.size()];
        sensorSize = new int[sensorNames.size()];
        if (sensorFirst.length > 0) {
            model.sensor_adr().get(sensorFirst);
            model.sensor_dim().get(sensorSize);
        }
        joints = IntStream.range(0, jointNames.size()).mapToObj(i -> joint(model, i)).toList();
        bodyMasses = new double[bodyNames.size()];
        model.body_mass().get(bodyMasses);
        geomHalfLengths = IntStream.range(0, geomNames.size()).mapToDouble(geom -> halfLength(model, geom)).toArray();
        controlRange = IntStream.range(0, controls).mapToObj(i -> range(model, i)).toArray(double[][]::new);
        controlActuator = controlActuator(model);
    }

    private static List<String> names(mjModel model, int type, int count) {
        return IntStream.range(0, count).mapToObj(i -> Mjcf.text(mujoco.mj_id2name(model, type, i))).toList();
    }

    private static Model.Joint joint(mjModel model, int joint) {
        int type = model.jnt_type().get(joint);
        int positions = type == mujoco.mjJNT_FREE ? 7 : type == mujoco.mjJNT_BALL ? 4 : 1;
        int velocities = type == mujoco.mjJNT_FREE ? 6 : type == mujoco.mjJNT_BALL ? 3 : 1;
        return new Model.Joint(model.jnt_qposadr().get(joint), positions, model.jnt_dofadr().get(joint), velocities,
            type == mujoco.mjJNT_SLIDE);
    }

    private static double halfLength(mjModel model, int geom) {
        int type = model.geom_type().get(geom);
        return type == mujoco.mjGEOM_CAPSULE || type == mujoco.mjGEOM_CYLINDER ? model.geom_size().get(3L * geom + 1) : 0;
    }

    private static double[] range(mjModel model, int control) {
        if (mujoco.mjj_controlLimited(model, control) == 0) return new double[] {Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY};
        return new double[] {model.actuator_ctrlrange().get(2L * control), model.actuator_ctrlrange().get(2L * control + 1)};
    }

    private int[] controlActuator(mjModel model) {
        int[] owner = new int[controls];
        for (int actuator = 0; actuator < actuatorNames.size(); actuator++) {
            int end = actuator + 1 < actuatorNames.size() ? mujoco.mjj_firstControl(model, actuator + 1) : controls;
            for (int i = Math.max(0, mujoco.mjj_firstControl(model, actuator)); i < Math.min(end, controls); i++) owner[i] = actuator;
        }
        return owner;
    }
}
