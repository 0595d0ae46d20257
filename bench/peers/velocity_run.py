"""Peer of bench/run.jsh: a short meta-training of TD3 with context on HalfCheetah velocity in PyTorch eager and gymnasium, one thread. Prints seconds.

Usage: velocity_run.py RANDOM_STEPS UPDATES. Networks, batches, schedule and counts as in the toolkit's released settings: random steps, then episodes of 200
steps with exploration noise, one update per step. No evaluation.
"""

import sys
import time

import gymnasium
import numpy as np
import torch
from td3_torch import A, B, S, Td3

RANDOM_STEPS, UPDATES = int(sys.argv[1]), int(sys.argv[2])
L = 20
learner = Td3(L)
random = np.random.default_rng(1)
capacity = RANDOM_STEPS + UPDATES + 200
data = {"s": np.zeros((capacity, S), np.float32), "a": np.zeros((capacity, A), np.float32), "r": np.zeros((capacity, 1), np.float32),
        "n": np.zeros((capacity, S), np.float32), "w": np.zeros((capacity, L + 1, A + 1 + S), np.float32)}
environment = gymnasium.make("HalfCheetah-v5").unwrapped
size = 0


def observe():
    d = environment.data
    return np.concatenate([d.qpos[1:], d.qvel, d.body("torso").xpos]).astype(np.float32)


def episode(explore):
    """Collects 200 steps; the window of a transition holds the 20 triples before it and its own."""
    global size
    environment.reset(seed=int(random.integers(1 << 30)))
    speed = random.uniform(0, 3)
    s = observe()
    window = np.zeros((L + 1, A + 1 + S), np.float32)
    window[-1, A + 1:] = s
    for _ in range(200):
        if explore:
            with torch.no_grad():
                a = learner.actor(torch.from_numpy(s[None]), torch.from_numpy(window[None, 1:])).numpy()[0]
            a = np.clip(a + 0.3 * random.standard_normal(A), -1, 1).astype(np.float32)
        else:
            a = random.uniform(-1, 1, A).astype(np.float32)
        x = environment.data.qpos[0]
        environment.step(a)
        r = -abs((environment.data.qpos[0] - x) / 0.05 - speed) - 0.05 * np.square(a).sum()
        n = observe()
        window = np.roll(window, -1, axis=0)
        window[-1] = np.concatenate([a, [r], s])
        data["s"][size], data["a"][size], data["r"][size], data["n"][size], data["w"][size] = s, a, r, n, window
        size += 1
        s = n


start = time.perf_counter()
while size < RANDOM_STEPS:
    episode(False)
done = 0
while done < UPDATES:
    episode(True)
    for _ in range(min(200, UPDATES - done)):
        learner.update(done, data, random.integers(0, size, B))
        done += 1
print(f"{time.perf_counter() - start:.2f}")
