"""Writes sequential_twin.csv: trajectories and what the published formulas make of them, in plain numpy and, for MAGIC, SciPy's SLSQP.

Rows "step": trajectory, reward, policy ratio, V(s), Q(s, a). Rows "end": trajectory, V(s_T). Rows "answer": estimator, value, and but for MAGIC the standard error by the jackknife.
Then a regression: rows "transition": reward, weight, three features, three features of the next state under the policy; rows "fqe": steps to go, three coefficients.
Run once with numpy 2 and SciPy 1.
"""

import csv
import pathlib

import numpy as np
from scipy.optimize import minimize

DISCOUNT, RIDGE = 0.95, 0.1
random = np.random.default_rng(11)
n = 25
lengths = random.integers(2, 7, n)
rewards = [random.normal(0.5, 1, t) for t in lengths]
ratios = [np.exp(random.normal(-0.05, 0.4, t)) for t in lengths]
q = [random.normal(0.5, 1, t) for t in lengths]
v = [np.append(random.normal(0.5, 1, t), 0.0 if i % 2 else random.normal()) for i, t in enumerate(lengths)]
longest = max(lengths)


def weight(i, t):
    """Product of the ratios of steps 0 to t; a trajectory that ended keeps its last."""
    return np.prod(ratios[i][: t + 1])


def tis(rows):
    return np.mean([weight(i, longest) * sum(DISCOUNT**t * r for t, r in enumerate(rewards[i])) for i in rows])


def pdis(rows):
    return np.mean([sum(DISCOUNT**t * weight(i, t) * r for t, r in enumerate(rewards[i])) for i in rows])


def wis(rows):
    w = np.array([weight(i, longest) for i in rows])
    g = np.array([sum(DISCOUNT**t * r for t, r in enumerate(rewards[i])) for i in rows])
    return np.sum(w * g) / np.sum(w)


def pdwis(rows):
    total = 0.0
    for t in range(longest):
        norm = sum(weight(i, t) for i in rows)
        total += sum(DISCOUNT**t * weight(i, t) / norm * rewards[i][t] for i in rows if t < lengths[i])
    return total


def dr(rows):
    def value(i):
        estimate = v[i][-1]
        for t in reversed(range(lengths[i])):
            estimate = v[i][t] + ratios[i][t] * (rewards[i][t] + DISCOUNT * estimate - q[i][t])
        return estimate

    return np.mean([value(i) for i in rows])


def partial(rows, j):
    """Thomas and Brunskill (2016): rewards for j steps, then the model; control variates of the model until then. Per trajectory, times n."""
    n = len(rows)
    returns = np.zeros(n)
    norms = [np.mean([weight(i, t) for i in rows]) for t in range(longest)]
    for k, i in enumerate(rows):
        before = 1.0
        for t in range(min(j, lengths[i])):
            w = weight(i, t) / norms[t]
            returns[k] += DISCOUNT**t * (w * rewards[i][t] - (w * q[i][t] - before * v[i][t]))
            before = w
            # the value after a step is the next step's control variate, normalised there by the weights of this step
        last = min(j, lengths[i])
        returns[k] += DISCOUNT**last * before * v[i][last]
    return returns


def wdr(rows):
    return np.mean(partial(rows, longest))


def influence(rows, j):
    """What each trajectory adds to the mean of partial(rows, j), the normalisation taken into account: the derivative in the trajectory's share of the data."""
    base, out = np.mean(partial(rows, j)), []
    for k in range(len(rows)):
        shares = np.full(len(rows), 1.0 / len(rows))
        step = 1e-6
        up, down = shares * (1 - step), shares * (1 + step)
        up[k] += step
        down[k] -= step
        out.append(base + (shared(rows, j, up) - shared(rows, j, down)) / (2 * step))
    return np.array(out)


def shared(rows, j, shares):
    total = sum(s * v[i][0] for s, i in zip(shares, rows))
    for t in range(j):
        norm = sum(s * weight(i, t) for s, i in zip(shares, rows))
        total += sum(s * DISCOUNT**t * weight(i, t) / norm * (rewards[i][t] + DISCOUNT * v[i][t + 1] - q[i][t]) for s, i in zip(shares, rows) if t < lengths[i])
    return total


def magic(rows):
    returns = np.array([influence(rows, j) for j in range(longest + 1)])
    g, n = returns.mean(axis=1), len(rows)
    covariance = np.cov(returns) / n
    half = 0.6744897501960817 * np.sqrt(np.var(returns[-1]) / (n - 1))
    bias = np.maximum(0, np.abs(g - g[-1]) - half)
    errors = covariance + np.outer(bias, bias)
    scale = errors[-1, -1]
    fit = minimize(lambda x: x @ errors @ x / scale, np.full(longest + 1, 1 / (longest + 1)), jac=lambda x: 2 * errors @ x / scale, bounds=[(0, 1)] * (longest + 1),
                   constraints={"type": "eq", "fun": lambda x: x.sum() - 1, "jac": np.ones_like}, method="SLSQP", options={"ftol": 1e-15, "maxiter": 10000})
    return fit.x @ g


def jackknife(estimator):
    left_out = np.array([estimator([i for i in range(n) if i != k]) for k in range(n)])
    return np.sqrt((n - 1) / n * np.sum((left_out - left_out.mean()) ** 2))


with open(pathlib.Path(__file__).with_suffix(".csv"), "w", newline="") as file:
    out = csv.writer(file)
    for i in range(n):
        for t in range(lengths[i]):
            out.writerow(["step", i, *(repr(float(x)) for x in (rewards[i][t], ratios[i][t], v[i][t], q[i][t]))])
        out.writerow(["end", i, repr(float(v[i][-1]))])
    everyone = list(range(n))
    for name, estimator in {"TIS": tis, "PDIS": pdis, "WIS": wis, "per-decision WIS": pdwis, "DR": dr, "WDR": wdr}.items():
        out.writerow(["answer", name, repr(float(estimator(everyone))), repr(float(jackknife(estimator)))])
    out.writerow(["answer", "MAGIC", repr(float(magic(everyone)))])

    m = 40
    features, following = random.normal(size=(m, 3)), random.normal(size=(m, 3)) * 0.5
    paid, weights = random.normal(size=m), random.uniform(0.2, 2, m)
    for i in range(m):
        out.writerow(["transition", *(repr(float(x)) for x in (paid[i], weights[i], *features[i], *following[i]))])
    theta = np.zeros(3)
    for steps in range(1, 6):
        # ridge regression as least squares with three more rows
        a = np.vstack([np.sqrt(weights)[:, None] * features, np.sqrt(RIDGE) * np.eye(3)])
        b = np.concatenate([np.sqrt(weights) * (paid + DISCOUNT * following @ theta), np.zeros(3)])
        theta = np.linalg.lstsq(a, b, rcond=None)[0]
        out.writerow(["fqe", steps, *(repr(float(x)) for x in theta)])
