"""Writes psis_twin.csv: Pareto smoothed importance sampling of several sets of weights by ArviZ. Run once with arviz 0.23.4.

Weights come from uniform numbers of a 64-bit linear congruential generator by operations that IEEE 754 rounds correctly, so that any language makes the same.
Rows: set, n, k̂, log of the sum of the smoothed weights, ESS of the smoothed weights, number of smoothed weights that follow, each index:normalised log weight.
Sets of at most 25 store all smoothed weights above 0, longer ones one of the body and some of the tail. "far apart" takes its logarithms two hundred times: e^-708 of the
largest bounds its tail.
"""

import csv
import pathlib

import arviz as az
import numpy as np


def uniform(n, seed):
    state, out = seed, np.empty(n)
    for i in range(n):
        state = (6364136223846793005 * state + 1442695040888963407) % 2**64
        out[i] = ((state >> 11) + 0.5) / 2**53
    return out


def normal_ratio(n, seed):
    """exp of a sum of twelve uniforms less 6, its exponential by the limit (1 + z/1024)^1024: nearly lognormal."""
    z = uniform(12 * n, seed).reshape(n, 12).cumsum(axis=1)[:, -1] - 6
    w = 1 + z / 1024
    for _ in range(10):
        w = w * w
    return w


SETS = {
    "bounded": lambda n: 2 * uniform(n, 1),
    "shape 1/4": lambda n: 1 / np.sqrt(np.sqrt(uniform(n, 2))),
    "shape 1/2": lambda n: 1 / np.sqrt(uniform(n, 3)),
    "shape 1": lambda n: 1 / uniform(n, 4),
    "shape 3/2": lambda n: 1 / (uniform(n, 5) * np.sqrt(uniform(n, 5))),
    "lognormal": lambda n: normal_ratio(n, 6),
    "integers": lambda n: np.floor(1 / uniform(n, 7)),
    "with zeros": lambda n: np.maximum(0, 1 / np.sqrt(uniform(n, 8)) - 1.2),
    "far apart": lambda n: 1 / uniform(n, 9),
}

with open(pathlib.Path(__file__).with_suffix(".csv"), "w", newline="") as file:
    out = csv.writer(file)
    for name, draw in SETS.items():
        for n in (21, 25, 200, 1000, 100_000):
            with np.errstate(all="ignore"):
                log_weights = np.log(draw(n)) * (200 if name == "far apart" else 1)
                raw, k = az.psislw(log_weights, normalize=False)
                smoothed, _ = az.psislw(log_weights)
                total = np.logaddexp.reduce(raw)
                ess = 1 / np.exp(2 * smoothed).sum()
            order = np.argsort(log_weights, kind="stable")
            tail = int(np.ceil(min(n / 5, 3 * np.sqrt(n))))
            kept = range(n) if n <= 25 else sorted({int(i) for i in (*order[-1 : -tail - 1 : -max(1, tail // 20)], order[n // 2])})
            # equal weights in the tail may take their quantiles in any order
            if name == "integers":
                kept = [i for i in kept if (log_weights == log_weights[i]).sum() == 1 or i == order[n // 2]]
            kept = [i for i in kept if np.isfinite(smoothed[i])]
            # repr of a Python float reads back as the same number
            out.writerow([name, n, repr(float(k)), repr(float(total)), repr(float(ess)), len(kept), *(f"{i}:{float(smoothed[i])!r}" for i in kept)])
