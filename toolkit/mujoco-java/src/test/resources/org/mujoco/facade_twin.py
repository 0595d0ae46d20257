"""Writes facade_twin.csv: the models beside it as MuJoCo's own Python package simulates them.

Run once with mujoco 3.17.0:
    python facade_twin.py
One row per model, start and step: qpos, qvel, act, sensordata, position and rotation of the first site. A start is a keyframe, or empty for the
model's own start state. Where the model has mocap bodies, the first one is moved in every step. All numbers that go in are quotients of small
integers, the same to the last bit in any language.
"""

import csv
import pathlib

import mujoco
import numpy as np

HERE = pathlib.Path(__file__).parent
STARTS = [("arm", ""), ("arm", "home"), ("arm", "moved"), ("pid", ""), ("cable", ""), ("sdf", ""), ("touch_grid", "")]
STEPS, EVERY = 100, 20


def fraction(i, factor, modulus):
    """Numbers in [-1, 1) that jump about."""
    return (2 * (i * factor % modulus) - modulus) / modulus


def rows(name, key):
    model = mujoco.MjModel.from_xml_path(str(HERE / f"{name}.xml"))
    data = mujoco.MjData(model)
    if key:
        mujoco.mj_resetDataKeyframe(model, data, model.key(key).id)
    mujoco.mj_forward(model, data)
    for step in range(STEPS + 1):
        if step % EVERY == 0:
            site = [*data.site_xpos[0], *data.site_xmat[0]] if model.nsite else []
            yield [name, key, step, *data.qpos, *data.qvel, *data.act, *data.sensordata, *site]
        if model.nmocap:
            data.mocap_pos[0] = [step / 128, 0.25, 1]
            data.mocap_quat[0] = [0.6, 0, 0.8, 0]
        data.ctrl[:] = fraction(np.arange(model.nu) + step, 3, 8)
        mujoco.mj_step(model, data)


with open(HERE / "facade_twin.csv", "w", newline="") as file:
    writer = csv.writer(file)
    for start in STARTS:
        for row in rows(*start):
            writer.writerow([repr(float(x)) if isinstance(x, (float, np.floating)) else x for x in row])
