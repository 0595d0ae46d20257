package org.mujoco;

import java.util.Locale;
import org.bytedeco.javacpp.DoublePointer;
import org.mujoco.generated.global.mujoco;
import org.mujoco.generated.mjModel;
import org.mujoco.generated.mjOption;

/** What MuJoCo compiles, but no simulation can mean: time that stands still or runs backwards, and numbers that are none. */
final class ModelCheck {
    private ModelCheck() {}

    /**
     * @throws MujocoException if an option or an array of the model makes no sense; the message names it
     */
    static void check(mjModel model) {
        mjOption option = model.opt();
        positive("timestep", option.timestep(), "of seconds");
        positive("impratio", option.impratio(), "");
        atLeastZero("tolerance", option.tolerance());
        atLeastZero("ls_tolerance", option.ls_tolerance());
        atLeastZero("noslip_tolerance", option.noslip_tolerance());
        atLeastZero("ccd_tolerance", option.ccd_tolerance());
        atLeastZero("density", option.density());
        atLeastZero("viscosity", option.viscosity());
        atLeastZero("iterations", option.iterations());
        atLeastZero("ls_iterations", option.ls_iterations());
        atLeastZero("noslip_iterations", option.noslip_iterations());
        atLeastZero("ccd_iterations", option.ccd_iterations());
        atLeastZero("sdf_iterations", option.sdf_iterations());
        atLeastZero("sdf_initpoints", option.sdf_initpoints());
        finite("gravity", option.gravity(), 3);
        finite("wind", option.wind(), 3);
        finite("magnetic", option.magnetic(), 3);
        finite("o_solref", option.o_solref(), mujoco.mjNREF);
        finite("o_solimp", option.o_solimp(), mujoco.mjNIMP);
        finite("o_friction", option.o_friction(), 5);
        if (!Double.isFinite(option.o_margin())) refuse("o_margin", option.o_margin(), "a finite number");
        String array = Mjcf.text(mujoco.mjj_arrayWithNaN(model));
        if (!array.isEmpty())
            throw new MujocoException("the model has a value that is not a number (NaN) in " + array + "; correct it in the XML");
    }

    private static void positive(String option, double value, String unit) {
        if (!(value > 0) || Double.isInfinite(value))
            refuse(option, value, "a positive finite number" + (unit.isEmpty() ? "" : " " + unit));
    }

    private static void atLeastZero(String option, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) refuse(option, value, "a finite number of at least 0");
    }

    private static void finite(String option, DoublePointer values, int size) {
        for (int i = 0; i < size; i++)
            if (!Double.isFinite(values.get(i))) refuse(option + " [" + i + "]", values.get(i), "a finite number");
    }

    private static void refuse(String option, double value, String expected) {
        String text = value == Math.rint(value) && Math.abs(value) < 1e9 ? String.format(Locale.ROOT, "%.0f", value)
            : String.valueOf(value);
        throw new MujocoException("the model's option " + option + " is " + text + ", expected " + expected + "; correct it in <option "
            + option.replaceAll(" .*", "") + "=\"…\"/>");
    }
}
