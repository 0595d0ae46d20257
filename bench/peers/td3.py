"""Peer of bench/update.jsh: TD3, with a GRU context if asked for, in PyTorch eager on one thread. Prints updates/s.

Usage: td3.py CONTEXT_LENGTH UPDATES. Sizes, schedule and data path as in the toolkit: batches are drawn from arrays and copied into tensors.
"""

import itertools
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

torch.set_num_threads(1)
LENGTH, UPDATES = int(sys.argv[1]), int(sys.argv[2])
S, A, C, H, B = 20, 6, 15 if LENGTH else 0, 300, 256


def mlp(inputs, outputs):
    return nn.Sequential(nn.Linear(inputs, H), nn.ReLU(), nn.Linear(H, H), nn.ReLU(), nn.Linear(H, outputs))


class Actor(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(A + 1 + S, 15, batch_first=True) if LENGTH else None
        self.head = mlp(S + C, A)

    def context(self, window):
        return self.gru(window)[1][0] if LENGTH else None

    def forward(self, s, window):
        return torch.tanh(self.head(torch.cat([s, self.context(window)], 1) if LENGTH else s))


class Critic(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(A + 1 + S, 15, batch_first=True) if LENGTH else None
        self.one, self.two = mlp(S + A + C, 1), mlp(S + A + C, 1)

    def inputs(self, s, a, window):
        return torch.cat([s, a, self.gru(window)[1][0]] if LENGTH else [s, a], 1)

    def forward(self, s, a, window):
        x = self.inputs(s, a, window)
        return self.one(x), self.two(x)

    def first(self, s, a, window):
        return self.one(self.inputs(s, a, window))


actor, actor_target, critic, critic_target = Actor(), Actor(), Critic(), Critic()
actor_optimizer = torch.optim.Adam(actor.parameters(), lr=1e-3)
critic_optimizer = torch.optim.Adam(critic.parameters(), lr=1e-3)
random = np.random.default_rng(1)
N = 10_000
data = {"s": random.random((N, S), np.float32), "a": random.random((N, A), np.float32), "r": random.random((N, 1), np.float32),
        "n": random.random((N, S), np.float32), "w": random.random((N, LENGTH + 1, A + 1 + S), np.float32) if LENGTH else np.zeros((N, 1), np.float32)}


def update(step):
    rows = random.integers(0, N, B)
    s, a, r, n, w = (torch.from_numpy(data[k][rows]) for k in "sarnw")
    before, after = (w[:, :-1], w[:, 1:]) if LENGTH else (None, None)
    with torch.no_grad():
        noise = (torch.randn(B, A) * 0.3).clamp(-0.5, 0.5)
        target = r + 0.99 * torch.min(*critic_target(n, (actor_target(n, after) + noise).clamp(-1, 1), after))
    one, two = critic(s, a, before)
    loss = F.mse_loss(one, target) + F.mse_loss(two, target)
    critic_optimizer.zero_grad()
    loss.backward()
    critic_optimizer.step()
    loss.item()
    if step % 2 == 1:
        actor_loss = -critic.first(s, actor(s, before), before).mean()
        actor_optimizer.zero_grad()
        actor_loss.backward()
        actor_optimizer.step()
        with torch.no_grad():
            for theta, new in itertools.chain(zip(actor_target.parameters(), actor.parameters()), zip(critic_target.parameters(), critic.parameters())):
                theta.mul_(0.995).add_(new, alpha=0.005)


for i in range(60):
    update(i)
start = time.perf_counter()
for i in range(UPDATES):
    update(i)
print(f"{UPDATES / (time.perf_counter() - start):.2f}")
