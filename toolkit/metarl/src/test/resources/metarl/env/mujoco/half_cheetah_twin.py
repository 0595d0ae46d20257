"""Writes half_cheetah_twin.csv: 200 steps of HalfCheetah-velocity (target 1.5 m/s) under fixed actions, by MuJoCo's own Python package.

Run once with mujoco 3.17.0:  python half_cheetah_twin.py ../../../../../main/resources/metarl/env/mujoco/half_cheetah.xml
One row per step: action (6), observation (20), reward.
"""

import csv
import pathlib
import sys

import mujoco
import numpy as np

SUBSTEPS, SPEED = 5, 1.5
model = mujoco.MjModel.from_xml_path(sys.argv[1])
data = mujoco.MjData(model)
data.qpos[:] = model.qpos0 + 0.05 * np.sin(np.arange(model.nq))
data.qvel[:] = 0.1 * np.cos(np.arange(model.nv))
mujoco.mj_forward(model, data)
with open(pathlib.Path(__file__).with_suffix(".csv"), "w", newline="") as file:
    out = csv.writer(file)
    for t in range(200):
        action = np.sin(0.3 * t + np.arange(6))
        before = data.qpos[0]
        data.ctrl[:] = action
        mujoco.mj_step(model, data, nstep=SUBSTEPS)
        velocity = (data.qpos[0] - before) / (SUBSTEPS * model.opt.timestep)
        reward = -abs(velocity - SPEED) - 0.05 * np.square(action).sum()
        observation = np.concatenate([data.qpos[1:], data.qvel, data.body("torso").xpos])
        out.writerow([repr(float(v)) for v in [*action, *observation, reward]])
