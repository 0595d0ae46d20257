"""Writes ppo_twin.csv: losses of PPO with their gradients, and two networks after four passes, by PyTorch.

Run once with torch 2.7.1:  python ppo_twin.py
All numbers that go in are quotients of small integers. One row per quantity: its name, then its values, last dimension fastest. Networks are flattened layer by
layer, weights before biases.
"""

import csv
import pathlib

import torch
from torch import nn
from torch.distributions import Categorical, Independent, Normal, kl_divergence

ROWS, INPUTS, HIDDEN, SIZE = 24, 3, 5, 2
CLIP, ENTROPY, RATE, PASSES, LIMIT = 0.2, 0.05, 3e-3, 4, 0.002


def numbers(*shape, factor, scale=1.0, dtype=torch.double):
    """Numbers in [-scale/2, scale/2] that jump about."""
    count = torch.tensor(shape).prod()
    return (((torch.arange(count) * factor) % 101 - 50).double().reshape(shape) / 101 * scale).to(dtype)


def normal(outputs):
    return Independent(Normal(outputs[:, :SIZE], outputs[:, SIZE:].exp()), 1)


def loss(distribution, outputs, old, actions, advantages):
    new = distribution(outputs)
    ratio = (new.log_prob(actions) - distribution(old).log_prob(actions)).exp()
    gain = torch.min(ratio * advantages, ratio.clamp(1 - CLIP, 1 + CLIP) * advantages)
    return -(gain + ENTROPY * new.entropy()).mean(), ((ratio - 1).abs() > CLIP).double().mean()


found = {}
advantages = numbers(ROWS, factor=29, scale=4)
old, new = numbers(ROWS, 3, factor=11, scale=1), numbers(ROWS, 3, factor=13, scale=1).requires_grad_()
value, clipped = loss(lambda o: Categorical(logits=o), new, old, torch.arange(ROWS) % 3, advantages)
found["categorical loss"], found["categorical clipped"] = value, clipped
found["categorical gradient"] = torch.autograd.grad(value, new)[0]

old, new = numbers(ROWS, 2 * SIZE, factor=11, scale=0.5), numbers(ROWS, 2 * SIZE, factor=13, scale=0.5).requires_grad_()
value, clipped = loss(normal, new, old, numbers(ROWS, SIZE, factor=17, scale=2), advantages)
found["gaussian loss"], found["gaussian clipped"] = value, clipped
found["gaussian gradient"] = torch.autograd.grad(value, new)[0]


def network(outputs, factor):
    made = nn.Sequential(nn.Linear(INPUTS, HIDDEN), nn.Tanh(), nn.Linear(HIDDEN, HIDDEN), nn.Tanh(), nn.Linear(HIDDEN, outputs))
    count = sum(p.numel() for p in made.parameters())
    nn.utils.vector_to_parameters(numbers(count, factor=factor, dtype=torch.float), made.parameters())
    return made


observations, actions = numbers(ROWS, INPUTS, factor=19, scale=3, dtype=torch.float), numbers(ROWS, SIZE, factor=17, scale=2, dtype=torch.float)
returns, advantages = numbers(ROWS, factor=23, scale=2, dtype=torch.float), numbers(ROWS, factor=29, scale=4, dtype=torch.float)
for limit, name in ((LIMIT, "stopped"), (1e12, "whole")):
    policy, critic = network(2 * SIZE, 7), network(1, 31)
    old = policy(observations).detach()
    optimizers = [torch.optim.Adam(n.parameters(), lr=RATE) for n in (policy, critic)]
    near, passes = True, 0
    while passes < PASSES and near:
        passes += 1
        outputs = policy(observations)
        divergence, entropy = kl_divergence(normal(old), normal(outputs)).mean(), normal(outputs).entropy().mean()
        policy_loss, _ = loss(normal, outputs, old, actions, advantages)
        near = near and divergence.item() <= limit
        if near:
            optimizers[0].zero_grad()
            policy_loss.backward()
            optimizers[0].step()
        value_loss = ((critic(observations)[:, 0] - returns) ** 2).mean()
        optimizers[1].zero_grad()
        value_loss.backward()
        optimizers[1].step()
    for key, part in (("policy", policy), ("value", critic)):
        found[f"{name} {key}"] = nn.utils.parameters_to_vector(part.parameters())
    found[f"{name} report"] = torch.tensor([policy_loss, value_loss, entropy, divergence, passes])

with open(pathlib.Path(__file__).with_suffix(".csv"), "w", newline="") as file:
    for name, value in found.items():
        csv.writer(file).writerow([name] + [f"{v:.10g}" for v in value.flatten().tolist()])
