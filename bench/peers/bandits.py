"""Peer of bench/bandits.jsh: Open Bandit Pipeline on the rounds in a file. Prints seconds for all six, then the six values.

Usage: bandits.py FILE ROUNDS ACTIONS LAMBDA. The file holds, big-endian doubles one after the other: rewards, actions, propensities, target, predicted rewards.
"""

import sys
import time

import numpy as np
from obp.ope import (DirectMethod, DoublyRobust, DoublyRobustWithShrinkage, InverseProbabilityWeighting, SelfNormalizedInverseProbabilityWeighting,
                     SwitchDoublyRobust)

n, k, parameter = int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
data = np.fromfile(sys.argv[1], dtype=">f8").astype(float)
inputs = {"reward": data[:n].copy(), "action": data[n:2 * n].astype(int), "pscore": data[2 * n:3 * n].copy(), "action_dist": data[3 * n:(3 + k) * n].reshape(n, k, 1).copy(),
          "estimated_rewards_by_reg_model": data[(3 + k) * n:].reshape(n, k, 1).copy()}
estimators = [InverseProbabilityWeighting(), SelfNormalizedInverseProbabilityWeighting(), DirectMethod(), DoublyRobust(), SwitchDoublyRobust(tau=parameter),
              DoublyRobustWithShrinkage(lambda_=parameter)]
best = float("inf")
for _ in range(3):
    start = time.perf_counter()
    values = [e.estimate_policy_value(**inputs) for e in estimators]
    best = min(best, time.perf_counter() - start)
print(best, *(repr(float(v)) for v in values))
