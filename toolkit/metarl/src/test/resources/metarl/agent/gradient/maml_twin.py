"""Writes maml_twin.csv: meta-gradients of a Gaussian policy after one, two and three inner steps, by PyTorch.

Run once with torch 2.7.1:  python maml_twin.py
All numbers that go in are quotients of small integers; one task after the other, in double precision. One row per inner loss, order and number of steps:
outer loss, divergence, then the gradient of the outer loss and the second derivative of the divergence times numbers (31 per entry), each in the order weights
and biases of the layers, log standard deviations.
"""

import csv
import pathlib

import torch
from torch.distributions import Independent, Normal, kl_divergence

TASKS, ROWS, OBSERVATION, ACTION, HIDDEN, RATE = 2, 5, 3, 2, 4, 0.3
STEPS = [5, 3]
SHAPES = [(HIDDEN, OBSERVATION), (HIDDEN,), (HIDDEN, HIDDEN), (HIDDEN,), (ACTION, HIDDEN), (ACTION,), (ACTION,)]


def numbers(*shape, factor):
    """Numbers in [-1/2, 1/2] that jump about."""
    count = torch.tensor(shape).prod()
    return (((torch.arange(count) * factor) % 101 - 50).double() / 101).float().double().reshape(shape)


def distribution(parameters, observations):
    w1, b1, w2, b2, w3, b3, log_deviation = parameters
    h = torch.tanh(torch.tanh(observations @ w1.T + b1) @ w2.T + b2)
    return Independent(Normal(h @ w3.T + b3, log_deviation.exp()), 1)


def split(flat):
    return [part.reshape(shape) for part, shape in zip(flat.split([torch.Size(s).numel() for s in SHAPES]), SHAPES)]


def batch(round_number):
    """Observations, actions and advantages of one round, per task."""
    o, a = numbers(TASKS, ROWS, OBSERVATION, factor=11 + round_number), numbers(TASKS, ROWS, ACTION, factor=37 + round_number)
    return [(o[i, :n], a[i, :n], numbers(TASKS, ROWS, factor=17 + round_number)[i, :n]) for i, n in enumerate(STEPS)]


def inner_loss(parameters, rows, ratio):
    o, a, advantages = rows
    log = distribution(parameters, o).log_prob(a)
    return -((log - log.detach()).exp() if ratio else log).mul(advantages).mean()


def outer(flat, steps, ratio, first_order):
    loss, divergence = 0, 0
    for task in range(TASKS):
        parameters = split(flat)
        for k in range(steps):
            gradients = torch.autograd.grad(inner_loss(parameters, batch(k)[task], ratio), parameters, create_graph=not first_order)
            parameters = [p - RATE * g for p, g in zip(parameters, gradients)]
        o, a, advantages = batch(steps)[task]
        old = numbers(TASKS, ROWS, 2 * ACTION, factor=29)[task, : STEPS[task]]
        before, after = Independent(Normal(old[:, :ACTION], old[:, ACTION:].exp()), 1), distribution(parameters, o)
        loss = loss - ((after.log_prob(a) - before.log_prob(a)).exp() * advantages).mean() / TASKS
        divergence = divergence + kl_divergence(before, after).mean() / TASKS
    return loss, divergence


if __name__ == "__main__":
    rows = []
    for ratio in (False, True):
        for first_order in (False, True):
            for steps in (1, 2, 3):
                theta = numbers(sum(torch.Size(s).numel() for s in SHAPES), factor=7).requires_grad_()
                loss, divergence = outer(theta, steps, ratio, first_order)
                (gradient,) = torch.autograd.grad(loss, theta, retain_graph=True)
                (slope,) = torch.autograd.grad(divergence, theta, create_graph=True)
                (product,) = torch.autograd.grad(slope @ numbers(len(theta), factor=31), theta)
                rows.append([int(ratio), int(first_order), steps, loss.item(), divergence.item(), *gradient.tolist(), *product.tolist()])

    with open(pathlib.Path(__file__).with_suffix(".csv"), "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
