"""Peer of bench/update.jsh: TD3, with a GRU context if asked for, in PyTorch eager on one thread. Prints updates per second of CPU time.

Usage: td3.py CONTEXT_LENGTH UPDATES. Sizes, schedule and data path as in the toolkit: batches are drawn from arrays and copied into tensors.
"""

import sys
import time

import numpy as np
from td3_torch import A, B, S, Td3

LENGTH, UPDATES = int(sys.argv[1]), int(sys.argv[2])
random = np.random.default_rng(1)
N = 10_000
data = {"s": random.random((N, S), np.float32), "a": random.random((N, A), np.float32), "r": random.random((N, 1), np.float32),
        "n": random.random((N, S), np.float32), "w": random.random((N, LENGTH + 1, A + 1 + S), np.float32) if LENGTH else np.zeros((N, 1), np.float32)}
learner = Td3(LENGTH)

for i in range(60):
    learner.update(i, data, random.integers(0, N, B))
start = time.thread_time()
for i in range(UPDATES):
    learner.update(i, data, random.integers(0, N, B))
print(f"{UPDATES / (time.thread_time() - start):.2f}")
