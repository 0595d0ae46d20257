"""Updates of TD3 on (s, z) with self-imitation per second of CPU time, PyTorch eager on one thread: the peer of bench/mcat.jsh.

python mcat.py BATCH HIDDEN HISTORY CONTEXT UPDATES ENCODER_WIDTH...
As many operations as an update needs and no more: the histories of both sides of each transition are gathered from the replay and pass the encoder once, without a gradient; the
targets see nothing twice; old transitions are drawn by priority and weighted, and their priorities set again.
"""

import sys
import time

import numpy as np
import torch
from torch import nn

torch.set_num_threads(1)
batch, hidden, history, context, updates, *widths = map(int, sys.argv[1:])
TRANSITIONS, EPISODE, OBSERVATION, ACTION = 20_000, 200, 20, 6
DISCOUNT, RATE, NOISE, CLIP, DELAY, ETA, ALPHA, BETA = 0.99, 0.005, 0.2, 0.5, 2, 0.1, 0.6, 0.1
random = np.random.default_rng(1)
s, following, a = (random.standard_normal((TRANSITIONS, w)).astype(np.float32) for w in (OBSERVATION, OBSERVATION, ACTION))
r, earned = (random.random((TRANSITIONS, 1), dtype=np.float32) for _ in range(2))
steps = np.concatenate([a, following - s], 1)
within = np.arange(TRANSITIONS) % EPISODE
priority = np.ones(TRANSITIONS)


def mlp(*sizes):
    layers = []
    for i in range(len(sizes) - 1):
        layers += [nn.Linear(sizes[i], sizes[i + 1]), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


width = ACTION + OBSERVATION
encoder = mlp(history * width, *widths, context)
actor, slow_actor = (mlp(OBSERVATION + context, hidden, hidden, ACTION) for _ in range(2))
critics, slow = ([mlp(OBSERVATION + context + ACTION, hidden, hidden, 1) for _ in range(2)] for _ in range(2))
critic_parameters = [p for q in critics for p in q.parameters()]
optimizers = torch.optim.Adam(actor.parameters(), lr=1e-3), torch.optim.Adam(critic_parameters, lr=1e-3)
mean, deviation = torch.zeros(history * width), torch.ones(history * width)


def contexts(rows, first):
    """z off the steps rows − first … rows − first + K − 1, zeros before the start of an episode."""
    places = rows[:, None] + np.arange(history)[None, :] - first
    read = steps[np.maximum(places, 0)] * (places >= (rows - within[rows])[:, None])[:, :, None]
    return read.reshape(len(rows), -1)


def encoded(histories):
    with torch.no_grad():
        return encoder((torch.from_numpy(histories) - mean) / deviation)


def seen(observations, z):
    return torch.cat([torch.from_numpy(observations), z], 1)


def update(number):
    rows = random.integers(TRANSITIONS, size=batch)
    z = encoded(np.concatenate([contexts(rows, history), contexts(rows, history - 1)]).astype(np.float32))
    now, then, action = seen(s[rows], z[:batch]), seen(following[rows], z[batch:]), torch.from_numpy(a[rows])
    with torch.no_grad():
        noise = (torch.randn(batch, ACTION) * NOISE).clamp(-CLIP, CLIP)
        inputs = torch.cat([then, (torch.tanh(slow_actor(then)) + noise).clamp(-1, 1)], 1)
        target = torch.from_numpy(r[rows]) + DISCOUNT * torch.min(slow[0](inputs), slow[1](inputs))
    sums = np.cumsum(priority)
    old = np.minimum(np.searchsorted(sums, random.random(batch) * sums[-1]), TRANSITIONS - 1)
    weights = torch.from_numpy(((priority[old] / priority.min()) ** -BETA).astype(np.float32))[:, None]
    before = seen(s[old], encoded(contexts(old, history).astype(np.float32)))
    inputs, olds, bound = torch.cat([now, action], 1), torch.cat([before, torch.from_numpy(a[old])], 1), torch.from_numpy(earned[old])
    loss = ((critics[0](inputs) - target) ** 2 + (critics[1](inputs) - target) ** 2).mean()
    gaps = [(bound - q(olds)).relu() for q in critics]
    loss = loss + ETA * (weights * (gaps[0] ** 2 + gaps[1] ** 2)).mean()
    optimizers[1].zero_grad()
    loss.backward()
    optimizers[1].step()
    priority[old] = ((gaps[0] + gaps[1]).detach().numpy()[:, 0] + 1e-8) ** ALPHA
    if number % DELAY:
        loss = -critics[0](torch.cat([now, torch.tanh(actor(now))], 1)).mean()
        optimizers[0].zero_grad()
        loss.backward(inputs=list(actor.parameters()))
        optimizers[0].step()
        with torch.no_grad():
            for network, its in ((slow_actor, actor), *zip(slow, critics)):
                torch._foreach_lerp_(list(network.parameters()), list(its.parameters()), RATE)


for i in range(20):
    update(i)
start = time.process_time()
for i in range(updates):
    update(i)
print(updates / (time.process_time() - start))
