"""Peer of bench/streaming.jsh: effective sample size and IPS of a CSV file of any length, by pandas (which comes with ArviZ) read in pieces and numpy.

Prints seconds, effective sample size and IPS.
"""

import sys
import time

import numpy as np
import pandas as pd

start = time.perf_counter()
n = 0
weight = squares = paid = 0.0
for piece in pd.read_csv(sys.argv[1], chunksize=200_000, usecols=["reward", "propensity", "target_propensity"]):
    propensity = piece["propensity"].to_numpy()
    if not np.all((propensity > 0) & (propensity <= 1)):
        raise SystemExit("a propensity is impossible")
    w = piece["target_propensity"].to_numpy() / propensity
    n += len(w)
    weight += w.sum()
    squares += (w**2).sum()
    paid += (w * piece["reward"].to_numpy()).sum()
print(time.perf_counter() - start, weight**2 / squares, paid / n)
