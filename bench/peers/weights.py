"""Peer of bench/weights.jsh: effective sample size by numpy and Pareto smoothing by ArviZ of the log weights in a file of little-endian doubles.

Prints the best of some times in seconds, the effective sample size, and k̂.
"""

import sys
import time

import arviz as az
import numpy as np

log_weights = np.fromfile(sys.argv[1], dtype="<f8")
best = float("inf")
for _ in range(int(sys.argv[2])):
    start = time.perf_counter()
    weights = np.exp(log_weights - log_weights.max())
    ess = weights.sum() ** 2 / (weights**2).sum()
    smoothed, khat = az.psislw(log_weights)
    best = min(best, time.perf_counter() - start)
print(best, float(ess), float(khat))
