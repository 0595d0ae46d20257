"""Peer of bench/context.jsh: updates of a context encoder and a forward model in PyTorch eager, one thread, the draws of the batches included.

As one writes it with care: both batches of segments in one pass, z concatenated to every step of a segment, autograd, a penalty on the norms of all arrays, Adam.
The authors' code passes the two batches one after the other, which is slower.
Usage: context_model.py BATCH STEPS HIDDEN LAYERS COUNT ENCODER_WIDTH... Prints updates per second of main-thread CPU time.
"""

import sys
import time

import torch
from torch import nn
from torch.nn import functional

torch.set_num_threads(1)
torch.manual_seed(1)
BATCH, STEPS, HIDDEN, LAYERS, COUNT, *ENCODER = (int(a) for a in sys.argv[1:])
OBSERVATION, ACTION, HISTORY, AHEAD, CONTEXT, TASKS, STORED, EPISODE = 17, 6, 10, 10, 10, 5, 20_000, 1_000
ENCODER_DECAY, FORWARD_DECAY = [2.5e-5, 5e-5, 7.5e-5], [2.5e-5, 5e-5, 7.5e-5, 7.5e-5, 1e-4]


def perceptron(widths, activation):
    layers = []
    for inputs, outputs in zip(widths, widths[1:]):
        layers += [nn.Linear(inputs, outputs), activation()]
    return nn.Sequential(*layers[:-1])


encoder = perceptron([HISTORY * (ACTION + OBSERVATION), *ENCODER, CONTEXT], nn.ReLU)
forward = perceptron([OBSERVATION + ACTION + CONTEXT] + LAYERS * [HIDDEN] + [2 * OBSERVATION], nn.SiLU)
largest, least = nn.Parameter(torch.full((OBSERVATION,), 0.5)), nn.Parameter(torch.full((OBSERVATION,), -10.0))
optimizer = torch.optim.Adam([*encoder.parameters(), *forward.parameters(), largest, least], lr=2e-4)
observations = torch.randn(TASKS, STORED, OBSERVATION)
actions = torch.rand(TASKS, STORED, ACTION) * 2 - 1
changes = torch.randn(TASKS, STORED, OBSERVATION)
steps = torch.cat([actions, changes], 2)
means, deviations = torch.zeros(OBSERVATION + ACTION), torch.ones(OBSERVATION + ACTION)
change_means, change_deviations = torch.zeros(OBSERVATION), torch.ones(OBSERVATION)
step_means, step_deviations = torch.zeros(HISTORY * (ACTION + OBSERVATION)), torch.ones(HISTORY * (ACTION + OBSERVATION))
before, ahead = torch.arange(-HISTORY, 0), torch.arange(AHEAD)


def decay(network, decays):
    total = 0
    layers = [m for m in network if isinstance(m, nn.Linear)]
    for i, layer in enumerate(layers):
        total = total + decays[min(i, len(decays) - 1)] * (torch.norm(layer.weight) + torch.norm(layer.bias))
    return total


def drawn(task):
    start = torch.randint(STORED // EPISODE, (BATCH,)) * EPISODE + torch.randint(HISTORY, EPISODE - AHEAD, (BATCH,))
    history = steps[task, start[:, None] + before].flatten(1)
    later = ahead.expand(BATCH, -1) if STEPS == AHEAD else torch.rand(BATCH, AHEAD).argsort(1)[:, :STEPS]
    rows = (start[:, None] + later).flatten()
    return history, torch.cat([observations[task, rows], actions[task, rows]], 1), changes[task, rows]


def update():
    same = torch.rand(()).item() < 0.5
    first, second = torch.randperm(TASKS)[:2].tolist()
    history, x, y = (torch.cat(pair) for pair in zip(drawn(first), drawn(first if same else second)))
    z = encoder((history - step_means) / step_deviations)
    x, y = (x - means) / deviations, (y - change_means) / change_deviations
    mean, free = forward(torch.cat([x, z.repeat_interleave(STEPS, 0)], 1)).chunk(2, 1)
    v = largest - functional.softplus(largest - free)
    v = least + functional.softplus(v - least)
    fit = ((y - mean).square() * torch.exp(-v)).mean() + v.mean()
    distance = functional.pairwise_distance(z[:BATCH], z[BATCH:])
    contrastive = (distance.square() if same else (1 - distance).clamp(min=0).square()).mean()
    penalties = 0.01 * (largest - least).sum() + decay(encoder, ENCODER_DECAY) + decay(forward, FORWARD_DECAY)
    total = 2 * (fit + penalties) + contrastive
    optimizer.zero_grad()
    total.backward()
    optimizer.step()
    return total.item()


for i in range(-COUNT // 5 - 1, COUNT):
    if i == 0:
        start = time.thread_time()
    update()
print(f"{COUNT / (time.thread_time() - start):.2f}")
