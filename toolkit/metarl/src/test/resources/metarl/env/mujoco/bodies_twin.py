"""Writes bodies_twin.csv: every family of simulated bodies under fixed actions, by MuJoCo's own Python package and rewards written a second time.

Run once with mujoco 3.17.0 and gymnasium 1.2.0, whose model files it reads:
    python bodies_twin.py ../../../../../main/resources/metarl/env/mujoco
The folder given holds the models that are this project's own. One row per step: family, reward, whether the episode ended, observation. A family whose
trajectory differs early between versions of MuJoCo (3.3.7, 3.17.0 and 4.0.0 were tried) has 10 steps, any other 50 or fewer, if it ends. A second argument
names another file, with up to 50 steps for all. All numbers that go in are quotients of small integers, the same to the last bit in any language.
"""

import csv
import pathlib
import sys
import xml.etree.ElementTree as ElementTree

import gymnasium
import mujoco
import numpy as np

OWN = pathlib.Path(sys.argv[1])
GYMNASIUM = pathlib.Path(gymnasium.__file__).parent / "envs" / "mujoco" / "assets"
LONG, SHORT = 50, 10


def fraction(i, factor, modulus):
    """Numbers in [-1, 1) that jump about."""
    return (2 * (i * factor % modulus) - modulus) / modulus


def load(name, change=lambda root: None):
    folder = OWN if name in ("arm", "half_cheetah_three_legs") else GYMNASIUM
    root = ElementTree.parse(folder / f"{name}.xml").getroot()
    change(root)
    return mujoco.MjModel.from_xml_string(ElementTree.tostring(root, encoding="unicode"))


class Body:
    """A simulated body: what it sees before and after a step, and what it is paid."""

    def __init__(self, model, substeps):
        self.model, self.substeps, self.data = model, substeps, mujoco.MjData(model)
        self.frame = "hand" if model.nbody == 4 else "torso"
        self.dt = substeps * model.opt.timestep
        self.data.qpos[:] = model.qpos0 + fraction(np.arange(model.nq), 5, 7) / 50
        self.data.qvel[:] = fraction(np.arange(model.nv), 3, 8) / 20
        mujoco.mj_forward(model, self.data)

    def centre(self):
        return (self.model.body_mass[:, None] * self.data.xipos).sum(0) / self.model.body_mass.sum()

    def step(self, control):
        d = self.data
        x, place, centre = d.qpos[0], d.body(self.frame).xpos.copy(), self.centre()
        d.ctrl[:] = control
        mujoco.mj_step(self.model, d, nstep=self.substeps)
        mujoco.mj_rnePostConstraint(self.model, d)
        self.vx = (d.qpos[0] - x) / self.dt
        self.place = d.body(self.frame).xpos.copy()
        self.velocity = (self.place - place) / self.dt
        self.displacement = self.centre() - centre
        self.clipped = np.clip(d.cfrc_ext, -1, 1)


def planar(b):
    return np.concatenate([b.data.qpos[1:], b.data.qvel])


def suite(b):
    return np.concatenate([planar(b), b.data.body("torso").xpos])


def clipped_planar(b):
    return np.concatenate([b.data.qpos[1:], np.clip(b.data.qvel, -10, 10)])


def ant(b):
    return np.concatenate([b.data.qpos[2:], b.data.qvel])


def ant_goal(b):
    return np.concatenate([b.data.qpos, b.data.qvel, b.clipped.ravel()])


def humanoid(b):
    d = b.data
    return np.concatenate([d.qpos[2:], d.qvel, d.cinert.ravel(), d.cvel.ravel(), d.qfrc_actuator, d.cfrc_ext.ravel()])


def arm(b):
    return np.concatenate([b.data.qpos, b.data.qvel, b.data.body("hand").xpos])


def armature(value):
    def change(root):
        root.find("default").find("joint").set("armature", str(value))
    return change


def radii(size):
    sizes = {"torso_geom": size, "thigh_geom": size, "leg_geom": 0.8 * size, "foot_geom": 1.2 * size}

    def change(root):
        for geom in root.iter("geom"):
            if geom.get("name") in sizes:
                geom.set("size", f"{sizes[geom.get('name')]!r} {geom.get('size').split()[1]}")
    return change


def slow(root):
    root.find("option").set("timestep", "0.004")


def random_parameters(name):
    model = load(name, slow)
    parts, joints, geoms = model.nbody - 1, model.nv - 3, model.ngeom
    model.body_mass[1:] *= 1.5 + fraction(np.arange(parts), 3, 8)
    model.body_inertia[1:] *= (1.5 + fraction(np.arange(3 * parts), 5, 16)).reshape(parts, 3)
    model.dof_damping[3:] *= 1.5 + fraction(np.arange(joints), 3, 4)
    model.geom_friction[:] *= (1.5 + fraction(np.arange(3 * geoms), 7, 16)).reshape(geoms, 3)
    return model


def massive(scale):
    model = load("half_cheetah")
    model.body_mass[:] *= scale
    return model


def massive_and_damped(mass, damping):
    model = massive(mass)
    model.dof_damping[:] *= damping
    return model


def damped(scale):
    model = load("ant")
    model.dof_damping[2:8] *= scale
    model.dof_damping[8:14] /= scale
    return model


def damped_uniformly(scale):
    model = load("ant")
    model.dof_damping[:] *= scale
    return model


def square(a):
    return np.square(a).sum()


def sparse(error, radius):
    return 1 - error if error <= radius else 0


def along(velocity, heading):
    return velocity[0] * np.cos(heading) + velocity[1] * np.sin(heading)


GOAL = np.array([0.7, -1.1])
HAND_GOAL = np.array([0.3, 0.2, 0.25])
# family: model, substeps, observation, reward of body and action, motors without power, steps
FAMILIES = {
    "half-cheetah-velocity": (load("half_cheetah"), 5, suite, lambda b, a: -abs(b.vx - 1.5) - 0.05 * square(a), [], LONG),
    "half-cheetah-velocity-sparse": (load("half_cheetah"), 5, suite, lambda b, a: sparse(abs(b.vx - 0.4), 0.5), [], LONG),
    "half-cheetah-velocity-armature-sparse": (load("half_cheetah", armature(0.5)), 5, suite,
        lambda b, a: (2 - abs(b.vx - 0.4) if abs(b.vx - 0.4) <= 0.3 else 0) - 0.05 * square(a), [], LONG),
    "half-cheetah-forward-backward": (load("half_cheetah"), 5, suite, lambda b, a: -b.vx - 0.05 * square(a), [], LONG),
    "half-cheetah-armature": (load("half_cheetah", armature(0.5)), 5, planar, lambda b, a: b.vx - 0.1 * square(a), [], LONG),
    "half-cheetah-mass": (massive(1.7), 5, planar, lambda b, a: b.vx - 0.1 * square(a), [], LONG),
    "half-cheetah-crippled": (load("half_cheetah"), 5, suite, lambda b, a: b.vx - 0.05 * square(np.delete(a, 3)), [3], LONG),
    "half-cheetah-damped": (massive_and_damped(0.75, 1.25), 5, suite, lambda b, a: b.vx - 0.05 * square(a), [], LONG),
    "half-cheetah-two-legs": (load("half_cheetah"), 5, planar, lambda b, a: b.vx - 0.1 * square(a), [], LONG),
    "half-cheetah-three-legs": (load("half_cheetah_three_legs"), 5, planar, lambda b, a: b.vx - 0.1 * square(a), [], LONG),
    "ant-forward-backward": (load("ant"), 5, ant, lambda b, a: -b.velocity[0] - 0.5 * square(a) - 5e-4 * square(b.clipped) + 1, [], SHORT),
    "ant-direction": (load("ant"), 5, ant, lambda b, a: along(b.velocity, 0.9) - 0.5 * square(a) - 5e-4 * square(b.clipped) + 1, [], SHORT),
    "ant-goal": (load("ant"), 5, ant_goal, lambda b, a: -abs(b.place[:2] - GOAL).sum() - 0.1 * square(a) - 5e-4 * square(b.clipped), [], SHORT),
    "ant-goal-sparse": (load("ant"), 5, ant_goal, lambda b, a: sparse(np.linalg.norm(b.place[:2] - 0.4 * GOAL), 1), [], SHORT),
    "ant-damping": (damped(3.0), 5, ant, lambda b, a: b.velocity[0] - 0.005 * square(a) + 0.05, [], SHORT),
    "ant-damping-uniform": (damped_uniformly(3.0), 5, ant, lambda b, a: b.velocity[0] - 0.005 * square(a) + 0.05, [], SHORT),
    "ant-crippled": (load("ant"), 5, ant, lambda b, a: b.velocity[0] + 0.05, [4, 5], SHORT),
    "ant-crippled-legs": (load("ant"), 5, ant, lambda b, a: b.velocity[0] + 0.05, [4, 5, 0, 1], SHORT),
    "humanoid-direction": (load("humanoid"), 5, humanoid, lambda b, a: 0.25 * along(b.displacement, 2.2) / 0.003 - 0.1 * square(0.4 * a)
                           - min(5e-7 * square(b.data.cfrc_ext), 10) + 5, [], SHORT),
    "walker2d-random-parameters": (random_parameters("walker2d"), 4, clipped_planar, lambda b, a: b.vx + 1 - 1e-3 * square(a), [], LONG),
    "hopper-random-parameters": (random_parameters("hopper"), 4, clipped_planar, lambda b, a: b.vx + 1 - 1e-3 * square(a), [], LONG),
    "hopper-size": (load("hopper", radii(0.1)), 4, clipped_planar, lambda b, a: b.vx + 1 - 1e-3 * square(a), [], LONG),
    "arm-goal": (load("arm"), 5, arm, lambda b, a: 0.05 / (0.05 + np.linalg.norm(b.place - HAND_GOAL)), [], LONG),
}

ALIVE = {
    "ant-forward-backward": lambda q, v: 0.2 <= q[2] <= 1,
    "ant-direction": lambda q, v: 0.2 <= q[2] <= 1,
    "humanoid-direction": lambda q, v: 1 <= q[2] <= 2,
    "walker2d-random-parameters": lambda q, v: 0.8 < q[1] < 2 and abs(q[2]) < 1,
    "hopper-random-parameters": lambda q, v: max(abs(np.concatenate([q[2:], v]))) < 100 and q[1] > 0.7 and abs(q[2]) < 0.2,
}

with open(pathlib.Path(__file__).with_suffix(".csv") if len(sys.argv) < 3 else sys.argv[2], "w", newline="") as file:
    out = csv.writer(file)
    for name, (model, substeps, see, pay, powerless, steps) in FAMILIES.items():
        body = Body(model, substeps)
        low, high = model.actuator_ctrlrange.T
        for t in range(steps if len(sys.argv) < 3 else LONG):
            action = fraction(3 * t + np.arange(model.nu), 5, 16) / (16 if name in ALIVE and substeps == 4 else 1)
            applied = action.copy()
            applied[powerless] = 0
            body.step(low + (applied + 1) / 2 * (high - low))
            over = not ALIVE.get(name, lambda q, v: True)(body.data.qpos, body.data.qvel)
            out.writerow([name, *(f"{v:.15g}" for v in [pay(body, action), over, *see(body)])])
            if over:
                break
