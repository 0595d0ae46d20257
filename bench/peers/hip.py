"""HiP-BMDP's update in PyTorch eager on one thread, sizes and order of operations as in the toolkit; prints updates per second of CPU time.

python hip.py BATCH HIDDEN LATENT ENCODER_HIDDEN EMBEDDING MODEL_HIDDEN DELAY UPDATES
"""

import sys
import time

import numpy
import torch
import torch.nn.functional as F
from torch import nn
from torch.distributions import Normal

torch.set_num_threads(1)
BATCH, HIDDEN, LATENT, ENCODER, THETA, MODEL, DELAY, UPDATES = map(int, sys.argv[1:])
S, A, TASKS, CAPACITY = 20, 6, 5, 20_000
DISCOUNT, CRITIC_TAU, ENCODER_TAU, WEIGHT, ENTROPY = 0.99, 0.01, 0.05, 0.01, -6.0


def network(*widths, activation=nn.ReLU):
    layers = []
    for i in range(len(widths) - 1):
        layers += [nn.Linear(widths[i], widths[i + 1]), activation()]
    return nn.Sequential(*layers[:-1])


actor, encoder, slow = network(LATENT, HIDDEN, HIDDEN, 2 * A), *(network(S, ENCODER, ENCODER, LATENT) for _ in range(2))
critics, targets = (nn.ModuleList(network(LATENT + A, HIDDEN, HIDDEN, 1) for _ in range(2)) for _ in range(2))
transition, reward = network(LATENT + A + THETA, MODEL, 2 * LATENT, activation=nn.SiLU), network(LATENT + A + THETA, MODEL, 1, activation=nn.SiLU)
decoder, row = network(LATENT, MODEL, S, activation=nn.SiLU), max(THETA, 16)
table, trunk, log_alpha = nn.Parameter(torch.randn(TASKS, row)), network(row, 2 * row, THETA), nn.Parameter(torch.tensor(0.1).log())
slow.load_state_dict(encoder.state_dict()), targets.load_state_dict(critics.state_dict())
together = [*critics.parameters(), *encoder.parameters(), *transition.parameters(), *reward.parameters(), *decoder.parameters(), table, *trunk.parameters()]
optimizer, actor_optimizer, alpha_optimizer = (torch.optim.Adam(p, lr=1e-3) for p in (together, list(actor.parameters()), [log_alpha]))
random = numpy.random.default_rng(1)
data = {k: random.standard_normal((CAPACITY, n), dtype=numpy.float32) for k, n in dict(s=S, a=A, r=1, n=S).items()}
tasks_of = random.integers(0, TASKS, CAPACITY)


def act(states):
    mean, log_deviation = actor(states).chunk(2, 1)
    log_deviation = log_deviation.clamp(-20, 2)
    u = mean + log_deviation.exp() * torch.randn_like(mean)
    return torch.tanh(u), (Normal(mean, log_deviation.exp()).log_prob(u) - 2 * (0.6931472 - u - F.softplus(-2 * u))).sum(1, keepdim=True)


def values(networks, h, a):
    both = torch.cat([h, a], 1)
    return networks[0](both), networks[1](both)


def norm(rows):
    return (rows.square().sum(1) + 1e-12).sqrt()


def update(count):
    drawn = random.integers(0, CAPACITY, BATCH)
    s, a, r, n = (torch.from_numpy(data[k][drawn]) for k in "sarn")
    tasks = torch.from_numpy(tasks_of[drawn])
    everyone = trunk(table.relu())
    theta, others, h = everyone[tasks], everyone[tasks.flip(0)], encoder(s)
    with torch.no_grad():
        next_h = encoder(n)
        next_a, next_log = act(next_h)
        y = r + DISCOUNT * (torch.min(*values(targets, slow(n), next_a)) - log_alpha.exp() * next_log)
    q1, q2 = values(critics, h, a)
    joined = torch.cat([h, a, theta], 1)
    mean = transition(joined)[:, :LATENT]
    loss = F.mse_loss(q1, y) + F.mse_loss(q2, y) + 0.5 * F.mse_loss(h + mean, next_h) + F.mse_loss(reward(joined), r) + F.mse_loss(decoder(h + mean), n)
    with torch.no_grad():
        apart = norm(mean - transition(torch.cat([h, a, others], 1))[:, :LATENT])
    loss = loss + WEIGHT * (norm(theta - others) - apart).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    loss.item()
    if count % DELAY:
        return
    with torch.no_grad():
        h = encoder(s)
    acted, log = act(h)
    # the actor needs no gradient for the critics' own numbers
    critics.requires_grad_(False)
    actor_loss = (log_alpha.exp().detach() * log - torch.min(*values(critics, h, acted))).mean()
    alpha_loss = (-log_alpha.exp() * (log.detach() + ENTROPY)).mean()
    for chosen, value in ((actor_optimizer, actor_loss), (alpha_optimizer, alpha_loss)):
        chosen.zero_grad()
        value.backward()
        chosen.step()
        value.item()
    critics.requires_grad_(True)
    with torch.no_grad():
        torch._foreach_lerp_(list(targets.parameters()), list(critics.parameters()), CRITIC_TAU)
        torch._foreach_lerp_(list(slow.parameters()), list(encoder.parameters()), ENCODER_TAU)


for i in range(20):
    update(i)
start = time.thread_time()
for i in range(UPDATES):
    update(i)
print(UPDATES / (time.thread_time() - start))
