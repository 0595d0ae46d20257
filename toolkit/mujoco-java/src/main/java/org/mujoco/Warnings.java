package org.mujoco;

import org.mujoco.generated.global.mujoco;
import org.mujoco.generated.mjData;
import org.mujoco.generated.mjModel;

/** What MuJoCo only warns of, each with its remedy. A simulation that goes on after one of these is wrong without a sign of it. */
final class Warnings {
    private static final int FULL = 1 << mujoco.mjWARN_CONTACTFULL | 1 << mujoco.mjWARN_CNSTRFULL;
    private static final int UNSTABLE = 1 << mujoco.mjWARN_BADQPOS | 1 << mujoco.mjWARN_BADQVEL | 1 << mujoco.mjWARN_BADQACC;

    private Warnings() {}

    /**
     * The sentences about these warnings.
     *
     * @param kinds one bit per kind
     */
    static String explain(int kinds, mjModel model, mjData data) {
        String said = Mjcf.lastWarning();
        if ((kinds & UNSTABLE) != 0) return "the simulation became unstable: " + said
            + " Smaller actions, a smaller time step or lighter changes of the model help.";
        if ((kinds & FULL) != 0) {
            String what = (kinds & 1 << mujoco.mjWARN_CONTACTFULL) != 0 ? "contacts" : "constraints";
            return "the simulation has too little memory for its " + what
                + ", and MuJoCo left some out, so that bodies pass through each other: " + said + more(model);
        }
        if ((kinds & 1 << mujoco.mjWARN_BADCTRL) != 0)
            return "a control is larger than MuJoCo takes: " + said + " It counted as 0. Give controls between −10¹⁰ and 10¹⁰.";
        if ((kinds & 1 << mujoco.mjWARN_INERTIA) != 0)
            return "the inertia matrix is singular, or nearly so" + joint(model, mujoco.mjj_warningInfo(data, mujoco.mjWARN_INERTIA)) + ": "
                + said
                + " Give the moving body more mass and inertia, or the joint an armature.";
        return said;
    }

    /** An error of MuJoCo's, with the remedy if it is about the memory of a simulation. */
    static String explain(String error, mjModel model) {
        boolean memory = error != null && error.contains("mj_stackAlloc");
        return memory ? "the simulation has too little memory: " + error + "." + more(model) : error + ".";
    }

    private static String more(mjModel model) {
        return " The model has " + memory(model.narena()) + "; give it more in the XML: <size memory=\"" + memory(4 * model.narena())
            + "\"/>.";
    }

    private static String joint(mjModel model, int dof) {
        if (dof < 0 || dof >= model.nv()) return "";
        int joint = model.dof_jntid().get(dof);
        return ", at joint " + joint + " '" + Mjcf.text(mujoco.mj_id2name(model, mujoco.mjOBJ_JOINT, joint)) + "'";
    }

    private static String memory(long bytes) {
        return bytes < 1 << 20 ? Math.max(1, bytes >> 10) + "K" : (bytes >> 20) + "M";
    }
}
