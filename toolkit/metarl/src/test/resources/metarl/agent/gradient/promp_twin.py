"""Writes promp_twin.csv: inner objectives and ProMP's outer loss of a Gaussian policy, by PyTorch.

Run once with torch 2.7.1, beside maml_twin.py:  python promp_twin.py
Numbers as in maml_twin.py; the first task's five steps are two episodes, of two steps and of three. Rows:
  inner OBJECTIVE: the sum over tasks of the inner loss, its gradient with respect to the first task's parameters, and its second derivative times a vector
  outer OBJECTIVE STEPS: ProMP's loss after so many inner steps, and its gradient
"""

import csv
import pathlib

import torch
from torch.distributions import Independent, Normal, kl_divergence

from maml_twin import ACTION, RATE, ROWS, SHAPES, STEPS, TASKS, batch, distribution, numbers, split

EPISODES = [[2, 3], [3]]
CLIP, PENALTY = 0.25, 0.5


def magic(log):
    return (log - log.detach()).exp()


def inner_loss(objective, parameters, rows, lengths, old=None):
    observations, actions, advantages = rows
    log = distribution(parameters, observations).log_prob(actions)
    if objective == "LOG_PROBABILITY":
        gain = log
    elif objective == "LIKELIHOOD_RATIO":
        gain = (log - (log.detach() if old is None else old)).exp()
    else:
        gain = torch.cat([magic(e.cumsum(0)) - magic(e.cumsum(0) - e) for e in log.split(lengths)])
    return -(gain * advantages).mean()


def old_distribution(round_number, task):
    outputs = numbers(TASKS, ROWS, 2 * ACTION, factor=29 + round_number)[task, : STEPS[task]]
    return Independent(Normal(outputs[:, :ACTION], outputs[:, ACTION:].exp()), 1)


def outer(flat, objective, steps):
    loss = 0
    for task in range(TASKS):
        parameters = split(flat)
        for k in range(steps):
            rows, old = batch(k)[task], old_distribution(k, task)
            loss = loss + PENALTY * kl_divergence(old, distribution(parameters, rows[0])).mean() / TASKS / steps
            inner = inner_loss(objective, parameters, rows, EPISODES[task], old.log_prob(rows[1]))
            parameters = [p - RATE * g for p, g in zip(parameters, torch.autograd.grad(inner, parameters, create_graph=True))]
        o, a, advantages = batch(steps)[task]
        ratio = (distribution(parameters, o).log_prob(a) - old_distribution(steps, task).log_prob(a)).exp()
        loss = loss - torch.minimum(ratio * advantages, ratio.clamp(1 - CLIP, 1 + CLIP) * advantages).mean() / TASKS
    return loss


rows = []
size = sum(torch.Size(s).numel() for s in SHAPES)
for objective in ("LOG_PROBABILITY", "LIKELIHOOD_RATIO", "DICE"):
    theta = numbers(size, factor=7).requires_grad_()
    loss = inner_loss(objective, split(theta), batch(0)[0], EPISODES[0])
    (gradient,) = torch.autograd.grad(loss, theta, create_graph=True)
    (product,) = torch.autograd.grad(gradient @ numbers(size, factor=31), theta)
    rows.append([f"inner {objective}", loss.item(), *gradient.tolist(), *product.tolist()])
    for steps in (1, 2):
        loss = outer(theta, objective, steps)
        (gradient,) = torch.autograd.grad(loss, theta)
        rows.append([f"outer {objective} {steps}", loss.item(), *gradient.tolist()])

with open(pathlib.Path(__file__).with_suffix(".csv"), "w", newline="") as file:
    csv.writer(file, lineterminator="\n").writerows(rows)
