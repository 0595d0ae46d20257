"""Writes rliable_twin.csv: what rliable says of scores of three methods, with the stratified bootstrap of 20,000 resamples.

Run once with rliable 1.2.0, arch 7.2.0 and numpy 2.2.6:  python rliable_twin.py
All scores are quotients of small integers, with ties. One row per quantity: its name, then its values; scores run by run, task fastest. Intervals are lower end, upper end.
"""

import csv
import pathlib

import numpy as np
from rliable import library, metrics

RUNS, TASKS, RESAMPLES = 7, 3, 20_000
TAUS = np.array([-0.25, 0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2])


def scores(factor, shift):
    """Numbers about `shift` that jump about; those of the second task are larger, those of the third are rounded, so that some are alike."""
    x = ((np.arange(RUNS * TASKS) * factor) % 101 - 50) / 101 + shift
    x = x.reshape(RUNS, TASKS)
    x[:, 1] *= 1.5
    x[:, 2] = np.round(x[:, 2] * 5) / 5
    return x


METHODS = {"A": scores(37, 0.5), "B": scores(59, 0.55), "C": scores(83, 0.75)}
rows = [("taus", TAUS)]
aggregates = lambda s: np.array([metrics.aggregate_iqm(s), metrics.aggregate_mean(s), metrics.aggregate_median(s), metrics.aggregate_optimality_gap(s)])
points, intervals = library.get_interval_estimates(METHODS, aggregates, reps=RESAMPLES, random_state=np.random.RandomState(1))
shares, bands = library.create_performance_profile(METHODS, TAUS, reps=RESAMPLES)
for name, s in METHODS.items():
    rows.append((f"scores {name}", s.ravel()))
    rows.append((f"aggregates {name}", points[name]))
    rows.append((f"intervals {name}", intervals[name].T.ravel()))
    rows.append((f"profile {name}", shares[name]))
    rows.append((f"band {name}", bands[name].T.ravel()))
pairs = {f"{x},{y}": (METHODS[x], METHODS[y]) for x, y in ("AB", "AC", "BC")}
points, intervals = library.get_interval_estimates(pairs, metrics.probability_of_improvement, reps=2_000, random_state=np.random.RandomState(1))
for name in pairs:
    rows.append((f"improvement {name.replace(',', '')}", np.array([points[name], *np.ravel(intervals[name])])))

with open(pathlib.Path(__file__).with_name("rliable_twin.csv"), "w", newline="") as file:
    for name, values in rows:
        csv.writer(file, lineterminator="\n").writerow([name, *(repr(float(v)) for v in np.ravel(values))])
