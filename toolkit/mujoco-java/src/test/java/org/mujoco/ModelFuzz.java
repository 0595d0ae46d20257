package org.mujoco;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Damages model descriptions at random, loads each, and simulates, edits and draws what loads: every one must end in a model or in an
 * exception of the documented kinds, and loading must be done in bounded time. Uses what users use only. Arguments: number of models, seed.
 */
public final class ModelFuzz {
    private static final List<String> SEEDS = List.of(
        """
            <mujoco model="arm">
              <option timestep="0.002" integrator="implicitfast" iterations="50"><flag energy="enable"/></option>
              <size memory="1M" nkey="2" nuserdata="3"/>
              <default><geom friction="1 0.01 0.001" condim="3"/><default class="soft"><geom solref="0.02 1"/></default></default>
              <worldbody>
                <light pos="0 0 3"/><camera name="side" pos="0 -3 1" fovy="45"/>
                <geom name="floor" type="plane" size="5 5 1"/>
                <body name="upper" pos="0 0 1"><joint name="shoulder" axis="0 1 0" range="-3 3" limited="true" damping="0.1"/>
                  <geom type="capsule" fromto="0 0 0 .4 0 0" size=".03"/>
                  <body name="fore" pos=".4 0 0"><joint name="elbow" type="hinge" axis="0 1 0" armature="0.01"/>
                    <geom class="soft" type="ellipsoid" size=".1 .02 .02" mass="0.5"/><site name="tip" pos=".3 0 0"/></body>
                </body>
                <body name="target" mocap="true" pos=".5 0 1.2" euler="0 0 30"><geom type="sphere" size=".02" contype="0" conaffinity="0"/></body>
              </worldbody>
              <tendon><fixed name="both"><joint joint="shoulder" coef="1"/><joint joint="elbow" coef="-0.5"/></fixed></tendon>
              <actuator>
                <position name="p" joint="shoulder" kp="200" kv="20" ctrlrange="-3 3"/>
                <general name="g" tendon="both" dyntype="filter" dynprm=".1" gainprm="20" ctrlrange="-1 1"/>
              </actuator>
              <sensor><framepos name="tip_pos" objtype="site" objname="tip"/><gyro name="gyro" site="tip" cutoff="3"/><jointpos joint="elbow"/></sensor>
              <equality><weld body1="fore" body2="target" active="false"/></equality>
              <keyframe><key name="home" qpos="-.8 .6" ctrl="-.8 .3" act=".3"/></keyframe>
            </mujoco>""",
        """
            <mujoco>
              <compiler angle="radian" inertiafromgeom="auto" autolimits="true"/>
              <option gravity="0 0 -9.81" cone="elliptic" solver="CG" impratio="10"/>
              <asset>
                <texture name="sky" type="skybox" builtin="gradient" width="32" height="32" rgb1="1 1 1" rgb2="0 0 1"/>
                <texture name="grid" type="2d" builtin="checker" width="16" height="16"/>
                <material name="grid" texture="grid" texrepeat="4 4" reflectance="0.1"/>
                <mesh name="ball" builtin="sphere" params="1" scale="0.1 0.1 0.1"/>
                <mesh name="tetrahedron" vertex="0 0 0 0.2 0 0 0 0.2 0 0 0 0.2" face="0 2 1 0 1 3 0 3 2 1 2 3"/>
                <hfield name="hills" nrow="3" ncol="3" size="2 2 0.2 0.1" elevation="0 1 0 1 0 1 0 1 0"/>
              </asset>
              <worldbody>
                <geom type="hfield" hfield="hills" material="grid"/>
                <replicate count="3" offset="0.3 0 0" euler="0 0 0.1">
                  <body pos="0 0 0.6"><freejoint/><geom type="mesh" mesh="ball" density="500"/></body>
                </replicate>
                <body pos="0 0.5 1"><joint type="ball"/><geom type="mesh" mesh="tetrahedron" pos="0.1 0 0"/></body>
                <frame euler="0 0.5 0"><body name="box" pos="-0.5 0 1"><joint type="slide" axis="1 0 1"/><geom type="box" size="0.1 0.1 0.1"/></body></frame>
              </worldbody>
              <contact><pair geom1="b" geom2="b"/><exclude body1="box" body2="world"/></contact>
            </mujoco>"""
            .replace("<pair geom1=\"b\" geom2=\"b\"/>", ""),
        """
            <mujoco>
              <option timestep="0.001"/>
              <extension><plugin plugin="mujoco.elasticity.cable"/>
                <plugin plugin="mujoco.pid"><instance name="pid"><config key="kp" value="4"/><config key="ki" value="1"/><config key="kd" value="0.2"/></instance></plugin></extension>
              <worldbody>
                <composite prefix="c" type="cable" curve="s" count="6 1 1" size="0.5" offset="0 0 1" initial="none">
                  <plugin plugin="mujoco.elasticity.cable"><config key="twist" value="1e6"/><config key="bend" value="1e7"/></plugin>
                  <joint kind="main" damping="0.01"/><geom type="capsule" size=".005" density="800"/>
                </composite>
                <body pos="0 1 1"><joint name="hinge" axis="0 1 0"/><geom size="0.1" pos="0.2 0 0"/></body>
                <flexcomp name="cloth" type="grid" count="4 4 1" spacing="0.1 0.1 0.1" pos="0 -1 1" dim="2" mass="0.1" radius="0.01">
                  <edge equality="true" damping="0.1"/><contact selfcollide="none"/>
                </flexcomp>
              </worldbody>
              <actuator><plugin joint="hinge" plugin="mujoco.pid" instance="pid" actdim="1" ctrlrange="-1 1"/></actuator>
              <sensor><framequat objtype="body" objname="cB_last"/></sensor>
            </mujoco>""");

    private static final Pattern NUMBER = Pattern.compile("(?<=[\"\\s])[-+]?[0-9.][0-9.eE+-]*(?=[\"\\s])");
    private static final Pattern VALUE = Pattern.compile("\"[^\"]*\"");
    private static final Pattern ATTRIBUTE = Pattern.compile("\\s[a-z_0-9]+=\"[^\"]*\"");
    private static final Pattern ELEMENT = Pattern.compile("<[a-z]+[^<>]*/>");
    private static final Pattern TAG = Pattern.compile("</?[a-z]+[^<>]*>");
    private static final Pattern WORD = Pattern.compile("(?<=<|</|\\s)[a-z]+(?==|\\s|>|/)");
    private static final List<String> STRANGE = List.of("nan", "inf", "-inf", "0", "-0", "-1", "1e308", "-1e308", "1e-320", "1e10",
        "2147483647", "-2147483648", "2147483648",
        "99999999999999999999", "1e400", "0.5", "7", "1000", "30000", "", "abc", "0x10", "1,5", "١");

    private static final double LONGEST_LOADING_SECONDS = 20;

    private final RandomGenerator random;
    private final Map<String, Integer> counts = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();

    private ModelFuzz(long seed) {
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    public static void main(String[] arguments) {
        int models = Integer.parseInt(arguments[0]);
        long seed = Long.parseLong(arguments[1]);
        var fuzz = new ModelFuzz(seed);
        for (int i = 0; i < models; i++) fuzz.one(i);
        System.out.println(models + " damaged models: " + fuzz.counts);
        fuzz.failures.forEach(failure -> System.out.println("FAILURE " + failure));
        System.out.println("the process lives; failures: " + fuzz.failures.size());
    }

    private void one(int number) {
        String xml = SEEDS.get(random.nextInt(SEEDS.size()));
        for (int changes = 1 + random.nextInt(2); changes > 0; changes--) xml = damaged(xml);
        counts.merge(outcome(xml, number), 1, Integer::sum);
    }

    /**
     * Loading has a limit; a simulation takes what its model asks for, half a minute for the cloth of 1,600 points that some mutants are.
     */
    private void checkTime(long start, String xml) {
        double seconds = (System.nanoTime() - start) / 1e9;
        if (seconds > LONGEST_LOADING_SECONDS) failures.add("took " + seconds + " s to load: " + xml);
    }

    private String outcome(String xml, int number) {
        long start = System.nanoTime();
        try (Model model = Model.fromXml(xml)) {
            checkTime(start, xml);
            return simulated(model, xml, number);
        } catch (MujocoException e) {
            checkTime(start, xml);
            if (e.getMessage() == null || e.getMessage().length() < 20) failures.add("says too little: " + e.getMessage() + ": " + xml);
            return e.getMessage().contains("crash") ? "refused after a crash"
                : e.getMessage().contains("took more") ? "refused after too long" : "refused";
        } catch (RuntimeException e) {
            failures.add(e + " at loading: " + xml);
            return "failed";
        }
    }

    private String simulated(Model model, String xml, int number) {
        try (var simulation = new Simulation(model)) {
            double[] control = random.doubles(model.controls(), -1, 1).toArray();
            for (int i = 0; i < 10; i++) simulation.step(control, 2, i % 3 == 0);
            double[] positions = new double[model.positions()], state = simulation.state();
            simulation.positions(positions);
            for (double position : positions) if (!Double.isFinite(position)) failures.add("position " + position + ": " + xml);
            simulation.sensors(new double[model.sensorValues()], 0);
            simulation.state(state);
            for (int i = 0; i < model.keyframeNames().size() && i < 10; i++) simulation.resetToKeyframe(i);
            try (Model.Edit edit = model.edit(); Model heavy = edit.scaleAllMasses(2).build(); var other = new Simulation(heavy)) {
                other.step(control, 5);
            }
            if (number % 20 == 0 && Renderer.available())
                try (Renderer renderer = Renderer.of(model, 32, 24)) {
                    renderer.frame(simulation);
                }
            return "simulated";
        } catch (MujocoException | IllegalArgumentException e) {
            return "refused while simulated";
        } catch (RuntimeException e) {
            failures.add(e + " while simulated: " + xml);
            return "failed";
        }
    }

    private String damaged(String xml) {
        return switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> replaced(xml, NUMBER, found -> STRANGE.get(random.nextInt(STRANGE.size())));
            case 4 -> replaced(xml, NUMBER, found -> found + "0".repeat(1 + random.nextInt(6)));
            case 5 -> replaced(xml, ATTRIBUTE, found -> "");
            case 6 -> replaced(xml, ELEMENT, found -> found + found);
            case 7 -> replaced(xml, TAG, found -> "");
            case 8 -> replaced(xml, VALUE, found -> pick(xml, VALUE));
            case 9 -> replaced(xml, WORD, found -> pick(xml, WORD));
            case 10 -> replaced(xml, ELEMENT, found -> pick(xml, ELEMENT));
            default -> {
                int at = random.nextInt(xml.length());
                yield random.nextBoolean() ? xml.substring(0, at) + (char) random.nextInt(1, 0x250) + xml.substring(at + 1)
                    : xml.substring(0, at) + xml.substring(Math.min(xml.length(), at + random.nextInt(200)));
            }
        };
    }

    private String replaced(String xml, Pattern pattern, java.util.function.UnaryOperator<String> change) {
        List<int[]> places = places(xml, pattern);
        if (places.isEmpty()) return xml;
        int[] place = places.get(random.nextInt(places.size()));
        return xml.substring(0, place[0]) + change.apply(xml.substring(place[0], place[1])) + xml.substring(place[1]);
    }

    private String pick(String xml, Pattern pattern) {
        List<int[]> places = places(xml, pattern);
        int[] place = places.get(random.nextInt(places.size()));
        return xml.substring(place[0], place[1]);
    }

    private static List<int[]> places(String xml, Pattern pattern) {
        var places = new ArrayList<int[]>();
        Matcher matcher = pattern.matcher(xml);
        while (matcher.find()) places.add(new int[] {matcher.start(), matcher.end()});
        return places;
    }
}
