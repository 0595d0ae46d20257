"""Writes sawyer_twin.csv: what the environments of the Python package metaworld 3.1.1 do on MuJoCo 3.17.0.

Usage: python sawyer_twin.py     with: pip install mujoco==3.17.0 gymnasium scipy imageio && pip install --no-deps metaworld==3.1.1

The package is for MuJoCo 3.3.0; one line is changed here: data of a weld has 12 columns now, of which it writes the first 11. Rows, for cylinder, mug and cube:
  NAME-start    places of object and goal
  NAME-reset    observation after the reset
  NAME-action-I entry I of the actions of 200 steps: a scripted policy with noise, three decimals
  NAME-T        observation after step T (every fourth), reward, distance to the goal, success
  NAME-places-I number I of the places in which 20 episodes of the scripted policy begin, object then goal, four decimals
  NAME-success  of these episodes: 1 if the object was at the goal
"""

import pathlib
import tempfile
import warnings

import metaworld
import mujoco
import numpy as np
from metaworld.envs.sawyer_coffee_push_v3 import SawyerCoffeePushEnvV3
from metaworld.envs.sawyer_push_v3 import SawyerPushEnvV3
from metaworld.policies.sawyer_coffee_push_v3_policy import SawyerCoffeePushV3Policy
from metaworld.policies.sawyer_push_v3_policy import SawyerPushV3Policy
from metaworld.sawyer_xyz_env import SawyerMocapBase

STEPS, EVERY, EPISODES = 200, 4, 20
ASSETS = pathlib.Path(metaworld.__file__).parent / "assets"


def reset_mocap_welds(self):
    """The package's own, but for the number of columns."""
    for i in range(self.model.neq):
        if self.model.eq_type[i] == mujoco.mjtEq.mjEQ_WELD:
            self.model.eq_data[i, :11] = [0, 0, 0, 0, 0, 0, -1, 0, 0, 0, 5]


SawyerMocapBase.reset_mocap_welds = reset_mocap_welds


class SawyerPushCube(SawyerPushEnvV3):
    """push-v3 with the body of sweep-v3 as its object."""

    @property
    def model_name(self):
        text = (ASSETS / "sawyer_xyz/sawyer_push_v3.xml").read_text()
        begin = text.index('<body name="obj"', text.index("</body> -->"))
        end = text.index("</body>", begin) + len("</body>")
        cube = '<body name="obj" pos="0 0.6 0.02"><freejoint/><include file="../objects/assets/block.xml"/></body>'
        folder = pathlib.Path(tempfile.mkdtemp())
        (folder / "sawyer_xyz").mkdir()
        for part in ("objects", "scene", "textures"):
            (folder / part).symlink_to(ASSETS / part)
        (folder / "sawyer_xyz/cube.xml").write_text(text[:begin] + cube + text[end:])
        return str(folder / "sawyer_xyz/cube.xml")


class CubePolicy(SawyerPushV3Policy):
    """Push about the middle of the cube."""

    def get_action(self, observation):
        observation = observation.copy()
        observation[6] += 0.02
        return super().get_action(observation)


def made(kind):
    environment = kind()
    environment._set_task_called = True
    environment._partially_observable = False
    environment.__dict__.pop("sawyer_observation_space", None)
    return environment


def trajectory(name, kind, policy, places, rows):
    environment = made(kind)
    environment._freeze_rand_vec, environment._last_rand_vec = True, np.array(places)
    rows.append((f"{name}-start", places))
    environment.reset()
    observation, _ = environment.reset()
    rows.append((f"{name}-reset", observation))
    random, actions, seen = np.random.default_rng(7), [], []
    for step in range(STEPS):
        action = np.round(np.clip(policy.get_action(observation).astype(np.float64) + 0.2 * random.standard_normal(4), -1, 1), 3)
        observation, reward, _, _, info = environment.step(action)
        actions.append(action)
        if (step + 1) % EVERY == 0:
            seen.append((f"{name}-{step + 1}", [*observation, reward, info["obj_to_target"], info["success"]]))
    for i in range(4):
        rows.append((f"{name}-action-{i}", [a[i] for a in actions]))
    rows.extend(seen)


def successes(name, kind, policy, rows):
    environment = made(kind)
    space, random, places, flags = environment._random_reset_space, np.random.default_rng(3), [], []
    while len(places) < EPISODES:
        drawn = np.round(random.uniform(space.low, space.high), 4)
        if np.linalg.norm(drawn[:2] - drawn[3:5]) >= 0.15:
            places.append(drawn)
    environment._freeze_rand_vec = True
    for drawn in places:
        environment._last_rand_vec = drawn
        observation, _ = environment.reset()
        flag = False
        for _ in range(environment.max_path_length):
            observation, _, _, _, info = environment.step(policy.get_action(observation))
            flag = flag or bool(info["success"])
            if flag:
                break
        flags.append(flag)
    for i in range(6):
        rows.append((f"{name}-places-{i}", [p[i] for p in places]))
    rows.append((f"{name}-success", flags))


def text(value):
    return f"{value:.12f}".rstrip("0").rstrip(".")


def main():
    if mujoco.__version__ != "3.17.0":
        raise SystemExit(f"this is MuJoCo {mujoco.__version__}, expected 3.17.0")
    warnings.filterwarnings("ignore", message="Constant")
    rows = []
    for name, kind, policy, places in (
            ("cylinder", SawyerPushEnvV3, SawyerPushV3Policy(), [0.04, 0.63, 0.02, -0.05, 0.84, 0.013]),
            ("mug", SawyerCoffeePushEnvV3, SawyerCoffeePushV3Policy(), [-0.06, 0.58, 0.0005, 0.03, 0.735, -0.0004]),
            ("cube", SawyerPushCube, CubePolicy(), [-0.03, 0.67, 0.02, 0.07, 0.86, 0.017])):
        trajectory(name, kind, policy, places, rows)
        successes(name, kind, policy, rows)
        print(name, rows[-1][1], flush=True)
    with open(pathlib.Path(__file__).with_name("sawyer_twin.csv"), "w") as file:
        for name, values in rows:
            file.write(",".join([name, *map(text, values)]) + "\n")


if __name__ == "__main__":
    main()
