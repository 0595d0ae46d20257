"""Writes grbal_twin.csv: meta-gradients of a model of the dynamics, and the gradient of its recurrent form, by PyTorch.

Run once with torch 2.7.1:  python grbal_twin.py
All numbers that go in are quotients of small integers; steps are brought to their units in single precision, the rest is in double precision, one run after
the other. Rows "steps K order": the error after K inner steps, then its gradient in the order weights and biases of the layers. Row "recurrent": the error,
then its gradient: input weights, recurrent weights, input biases, recurrent biases of the unit, weights and biases of the last layer.
"""

import csv
import pathlib

import torch

OBSERVATION, ACTION, HEADS, HIDDEN, RUNS, SUPPORT, QUERY, RATE = 2, 1, 1, 4, 2, 3, 2, 0.3
INPUTS, OUTPUTS, LENGTH = OBSERVATION + ACTION, OBSERVATION + HEADS, SUPPORT + QUERY
SHAPES = [(HIDDEN, INPUTS), (HIDDEN,), (HIDDEN, HIDDEN), (HIDDEN,), (OUTPUTS, HIDDEN), (OUTPUTS,)]
RECURRENT = [(3 * HIDDEN, INPUTS + OUTPUTS), (3 * HIDDEN, HIDDEN), (3 * HIDDEN,), (3 * HIDDEN,), (OUTPUTS, HIDDEN), (OUTPUTS,)]


def numbers(*shape, factor, scale=1.0):
    """Numbers in [-scale/2, scale/2] that jump about, as they are in single precision."""
    count = torch.tensor(shape).prod()
    return (((torch.arange(count) * factor) % 101 - 50).double() / 101 * scale).float().reshape(shape)


def split(flat, shapes):
    return [part.reshape(shape) for part, shape in zip(flat.split([torch.Size(s).numel() for s in shapes]), shapes)]


def in_units(rows, factor):
    return ((rows - numbers(rows.shape[-1], factor=factor)) / (1 + numbers(rows.shape[-1], factor=factor + 6))).double()


X = in_units(numbers(RUNS, LENGTH, INPUTS, factor=37, scale=2), 13)
Y = in_units(numbers(RUNS, LENGTH, OUTPUTS, factor=17, scale=2), 29)


def error(parameters, run, first, last):
    w1, b1, w2, b2, w3, b3 = parameters
    h = torch.relu(torch.relu(X[run, first:last] @ w1.T + b1) @ w2.T + b2)
    return (h @ w3.T + b3 - Y[run, first:last]).square().mean()


def after(flat, steps, first_order):
    total = 0
    for run in range(RUNS):
        parameters = split(flat, SHAPES)
        for _ in range(steps):
            gradients = torch.autograd.grad(error(parameters, run, 0, SUPPORT), parameters, create_graph=not first_order)
            parameters = [p - RATE * g for p, g in zip(parameters, gradients)]
        total = total + error(parameters, run, SUPPORT, LENGTH) / RUNS
    return total


def recurrent(flat):
    weights = split(flat, RECURRENT)
    unit = torch.nn.GRU(INPUTS + OUTPUTS, HIDDEN, batch_first=True).double()
    before = torch.cat([torch.zeros(RUNS, 1, OUTPUTS).double(), Y[:, :-1]], 1)
    names = ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"]
    states, _ = torch.func.functional_call(unit, dict(zip(names, weights)), torch.cat([X, before], 2))
    return (states @ weights[4].T + weights[5] - Y).square().mean()


def row(name, function, shapes):
    flat = numbers(sum(torch.Size(s).numel() for s in shapes), factor=41, scale=2).double().requires_grad_()
    loss = function(flat)
    return [name, loss.item(), *torch.autograd.grad(loss, flat)[0].tolist()]


rows = [row(f"steps {k} {'first' if first else 'exact'}", lambda flat, k=k, first=first: after(flat, k, first), SHAPES)
        for k in (0, 1, 2) for first in (False, True)]
rows.append(row("recurrent", recurrent, RECURRENT))
with open(pathlib.Path(__file__).with_suffix(".csv"), "w", newline="") as out:
    csv.writer(out, lineterminator="\n").writerows(rows)
