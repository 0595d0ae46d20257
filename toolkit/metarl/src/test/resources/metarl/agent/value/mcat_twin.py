"""Writes mcat_twin.csv: actor and critics of TD3 on (s, z) after three updates with self-imitation as a lower bound, by PyTorch in double precision.

Run once with torch 2.7.1:  python mcat_twin.py
Once with all that was earned as the bound ("returns"), once with a few rewards and then the targets' value ("steps"). All numbers that go in are quotients of small
integers. One row per quantity: its name, then its values; networks layer by layer, weights before biases.
"""

import csv
import pathlib

import torch
from torch import nn

ROWS, SEEN, ACTION, HIDDEN = 16, 5, 2, 8
DISCOUNT, RATE, LEARNING_RATE, ETA = 0.9, 0.1, 1e-3, 0.3
found = {}


def numbers(*shape, factor, scale=1.0):
    """Numbers in [-scale/2, scale/2] that jump about."""
    count = torch.tensor(shape).prod()
    return ((torch.arange(count) * factor) % 101 - 50).double().reshape(shape) / 101 * scale


def network(inputs, outputs):
    return nn.Sequential(nn.Linear(inputs, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, outputs)).double()


def fill(modules, factor):
    parameters = [p for m in modules for p in m.parameters()]
    nn.utils.vector_to_parameters(numbers(sum(p.numel() for p in parameters), factor=factor), parameters)
    return parameters


class Rows:
    """Transitions in which every fifth is the last of its episode."""

    def __init__(self, factors, scale):
        self.s, self.a, self.r, self.following = (numbers(ROWS, width, factor=f, scale=g) for width, f, g in zip((SEEN, ACTION, 1, SEEN), factors, (1, 1, scale, 1)))
        self.alive = torch.ones(ROWS, 1).double()
        self.alive[::5] = 0


def run(name, bootstrapped):
    new, old = Rows((11, 13, 17, 19), 1), Rows((23, 29, 31, 37), 4)
    weights = numbers(ROWS, 1, factor=41) + 0.5
    actor, slow_actor = network(SEEN, ACTION), network(SEEN, ACTION)
    critics, slow = ([network(SEEN + ACTION, 1) for _ in range(2)] for _ in range(2))
    groups = [(fill([actor], 7), fill([slow_actor], 7)), (fill(critics, 7), fill(slow, 7))]
    optimizers = [torch.optim.Adam(p, lr=LEARNING_RATE) for p, _ in groups]

    def target(rows):
        with torch.no_grad():
            states = torch.cat([rows.following, torch.tanh(slow_actor(rows.following))], 1)
            return rows.r + DISCOUNT * rows.alive * torch.min(*[q(states) for q in slow])

    def minimize(optimizer, loss):
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    for update in range(3):
        y, bound = target(new), target(old) if bootstrapped else old.r
        values, before = ([q(torch.cat([rows.s, rows.a], 1)) for q in critics] for rows in (new, old))
        gaps = [(bound - q).clamp(min=0) for q in before]
        imitation = (weights * sum(g**2 for g in gaps)).mean()
        loss = sum(((q - y) ** 2).mean() for q in values)
        minimize(optimizers[1], loss + ETA * imitation)
        minimize(optimizers[0], -critics[0](torch.cat([new.s, torch.tanh(actor(new.s))], 1)).mean())
        found[f"{name} update {update} losses"] = torch.stack([loss, imitation]).detach()
        found[f"{name} update {update} gaps"] = sum(gaps).detach().flatten()
        with torch.no_grad():
            for parameters, targets in groups:
                for p, t in zip(parameters, targets):
                    t.lerp_(p, RATE)
    for which, (parameters, targets) in zip(("actor", "critic"), groups):
        found[f"{name} {which}"] = nn.utils.parameters_to_vector(parameters).detach()
        found[f"{name} target of the {which}"] = nn.utils.parameters_to_vector(targets).detach()


run("returns", False)
run("steps", True)
with open(pathlib.Path(__file__).with_name("mcat_twin.csv"), "w", newline="") as file:
    csv.writer(file, lineterminator="\n").writerows([name, *(f"{v:.9g}" for v in values.tolist())] for name, values in found.items())
