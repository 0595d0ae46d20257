"""Peer of bench/environment.jsh: gymnasium's HalfCheetah-v5 under random actions on one thread. Prints env-steps/s."""

import sys
import time

import gymnasium
import numpy as np

steps = int(sys.argv[1])
environment = gymnasium.make("HalfCheetah-v5")
actions = np.random.default_rng(1).uniform(-1, 1, (steps, 6))
start = time.perf_counter()
for t in range(steps):
    if t % 200 == 0:
        environment.reset()
    environment.step(actions[t])
print(f"{steps / (time.perf_counter() - start):.1f}")
