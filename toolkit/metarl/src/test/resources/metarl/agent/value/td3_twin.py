"""Writes td3_twin.csv: the networks of TD3 with context after three updates, by PyTorch.

Run once with torch 2.7.1:  python td3_twin.py
All numbers that go in are quotients of small integers. One row per network: actor, critic, target of the actor, target of the critic, each flattened in the
order input weights, recurrent weights and biases of the GRU, then weights and biases of the layers (of the first and the second critic).
"""

import copy
import csv
import pathlib

import torch
from torch import nn

OBSERVATION, ACTION, HIDDEN, CONTEXT, LENGTH, BATCH = 4, 2, 8, 5, 4, 16
RATE, DISCOUNT, TARGET_RATE, UPDATES = 1e-3, 0.99, 0.005, 3


def numbers(*shape, factor, scale=1.0):
    """Numbers in [-scale/2, scale/2] that jump about."""
    count = torch.tensor(shape).prod()
    return (((torch.arange(count) * factor) % 101 - 50).double() / 101 * scale).float().reshape(shape)


class Network(nn.Module):
    def __init__(self, inputs, outputs, heads):
        super().__init__()
        self.encoder = nn.GRU(ACTION + 1 + OBSERVATION, CONTEXT, batch_first=True)
        self.heads = nn.ModuleList(
            nn.Sequential(nn.Linear(inputs + CONTEXT, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, outputs)) for _ in range(heads))
        flat = numbers(sum(p.numel() for p in self.parameters()), factor=7)
        nn.utils.vector_to_parameters(flat, self.parameters())

    def context(self, windows):
        return self.encoder(windows)[1][0]


def act(network, observations, windows):
    return torch.tanh(network.heads[0](torch.cat([observations, network.context(windows)], 1)))


def values(network, observations, actions, context):
    return [head(torch.cat([observations, actions, context], 1)) for head in network.heads]


actor, critic = Network(OBSERVATION, ACTION, 1), Network(OBSERVATION + ACTION, 1, 2)
actor_target, critic_target = copy.deepcopy(actor), copy.deepcopy(critic)
actor_optimizer, critic_optimizer = (torch.optim.Adam(n.parameters(), lr=RATE) for n in (actor, critic))
s, a, r, following = numbers(BATCH, OBSERVATION, factor=11), numbers(BATCH, ACTION, factor=13), numbers(BATCH, 1, factor=17), numbers(BATCH, OBSERVATION, factor=19)
alive = torch.ones(BATCH, 1)
alive[::5] = 0
windows = numbers(BATCH, LENGTH + 1, ACTION + 1 + OBSERVATION, factor=23)
before, after = windows[:, :-1], windows[:, 1:]
for _ in range(UPDATES):
    with torch.no_grad():
        q1, q2 = values(critic_target, following, act(actor_target, following, after).clamp(-1, 1), critic_target.context(after))
        y = r + DISCOUNT * alive * torch.min(q1, q2)
    q1, q2 = values(critic, s, a, critic.context(before))
    critic_optimizer.zero_grad()
    ((q1 - y) ** 2 + (q2 - y) ** 2).mean().backward()
    critic_optimizer.step()
    actor_optimizer.zero_grad()
    (-values(critic, s, act(actor, s, before), critic.context(before).detach())[0].mean()).backward()
    actor_optimizer.step()
    with torch.no_grad():
        for network, target in ((actor, actor_target), (critic, critic_target)):
            for p, q in zip(network.parameters(), target.parameters()):
                q.lerp_(p, TARGET_RATE)

with open(pathlib.Path(__file__).with_suffix(".csv"), "w", newline="") as file:
    for network in (actor, critic, actor_target, critic_target):
        csv.writer(file).writerow([f"{v:.9g}" for v in nn.utils.parameters_to_vector(network.parameters()).tolist()])
