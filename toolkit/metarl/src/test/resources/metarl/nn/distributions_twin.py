"""Writes distributions_twin.csv: densities, divergences, entropies, reparameterised draws and gradients by torch.distributions, in double precision.

Run once with torch 2.7.1:  python distributions_twin.py
All numbers that go in are quotients of small integers. One row per quantity: its name, then its values, last dimension fastest.
"""

import csv
import pathlib

import torch
from torch.distributions import Categorical, Independent, Normal, kl_divergence
from torch.distributions.transforms import TanhTransform
from torch.distributions import TransformedDistribution

ROWS, SIZE = 6, 3


def numbers(*shape, factor, scale=1.0):
    """Numbers in [-scale/2, scale/2] that jump about."""
    count = torch.tensor(shape).prod()
    return ((torch.arange(count) * factor) % 101 - 50).double().reshape(shape) / 101 * scale


found = {}
weights = numbers(ROWS, factor=7)

old, new = numbers(ROWS, SIZE, factor=11, scale=4), numbers(ROWS, SIZE, factor=13, scale=4).requires_grad_()
choices = torch.arange(ROWS) % SIZE
p, q = Categorical(logits=old), Categorical(logits=new)
parts = {"logProbability": q.log_prob(choices), "divergence": kl_divergence(p, q), "entropy": q.entropy()}
for name, value in parts.items():
    found[f"categorical {name}"] = value
    found[f"categorical {name} gradient"] = torch.autograd.grad((weights * value).sum(), new, retain_graph=True)[0]

old, new = numbers(ROWS, 2 * SIZE, factor=11, scale=2), numbers(ROWS, 2 * SIZE, factor=13, scale=2).requires_grad_()


def normal(outputs):
    return Independent(Normal(outputs[:, :SIZE], outputs[:, SIZE:].exp()), 1)


actions = numbers(ROWS, SIZE, factor=17, scale=1.9)
squashed = TransformedDistribution(Normal(new[:, :SIZE], new[:, SIZE:].exp()), TanhTransform())
parts = {
    "gaussian logProbability": normal(new).log_prob(actions),
    "gaussian divergence": kl_divergence(normal(old), normal(new)),
    "gaussian entropy": normal(new).entropy(),
    "squashed logProbability": squashed.log_prob(actions).sum(1),
}
noise = numbers(ROWS, SIZE, factor=19, scale=5)
u = new[:, :SIZE] + new[:, SIZE:].exp() * noise
parts["squashed sample"] = torch.tanh(u)
parts["squashed sample logProbability"] = normal(new).log_prob(u) - TanhTransform().log_abs_det_jacobian(u, torch.tanh(u)).sum(1)
for name, value in parts.items():
    found[name] = value
    total = (weights * value.sum(1)).sum() if value.dim() == 2 else (weights * value).sum()
    found[f"{name} gradient"] = torch.autograd.grad(total, new, retain_graph=True)[0]

with open(pathlib.Path(__file__).with_suffix(".csv"), "w", newline="") as file:
    for name, value in found.items():
        csv.writer(file).writerow([name] + [f"{v:.12g}" for v in value.flatten().tolist()])
