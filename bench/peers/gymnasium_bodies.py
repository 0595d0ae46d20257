"""Peer of bench/environment.jsh: one body of gymnasium v5 under random actions on one thread. Prints env-steps/s.

The bodies are set up like the families they are compared with: the walker with a time step of 0.004 s, ant and hopper without termination.
"""

import pathlib
import sys
import tempfile
import time

import gymnasium
import numpy as np

assets = pathlib.Path(gymnasium.__file__).parent / "envs" / "mujoco" / "assets"
slow_walker = pathlib.Path(tempfile.mkdtemp()) / "walker2d.xml"
slow_walker.write_text((assets / "walker2d.xml").read_text().replace('timestep="0.002"', 'timestep="0.004"'))
BODIES = {
    "half-cheetah": ("HalfCheetah-v5", {}),
    "ant": ("Ant-v5", {"terminate_when_unhealthy": False}),
    "hopper": ("Hopper-v5", {"terminate_when_unhealthy": False}),
    "walker2d": ("Walker2d-v5", {"xml_file": str(slow_walker)}),
    "humanoid": ("Humanoid-v5", {}),
}

name, settings = BODIES[sys.argv[1]]
steps = int(sys.argv[2])
environment = gymnasium.make(name, **settings)
low, high = environment.action_space.low, environment.action_space.high
actions = np.random.default_rng(1).uniform(low, high, (steps, len(low)))
over, since = True, 0
start = time.perf_counter()
for t in range(steps):
    if over or since == 200:
        environment.reset()
        since = 0
    _, _, over, _, _ = environment.step(actions[t])
    since += 1
print(f"{steps / (time.perf_counter() - start):.1f}")
