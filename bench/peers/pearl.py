"""PEARL's update in PyTorch eager on one thread, sizes and order of operations as in the toolkit; prints updates per second of CPU time.

python pearl.py TASKS ROWS CONTEXT HIDDEN ENCODER_HIDDEN LAYERS UPDATES
"""

import sys
import time

import numpy
import torch
import torch.nn.functional as F
from torch import nn
from torch.distributions import Normal

torch.set_num_threads(1)
TASKS, ROWS, CONTEXT, HIDDEN, ENCODER_HIDDEN, LAYERS, UPDATES = map(int, sys.argv[1:])
S, A, Z, CAPACITY = 20, 6, 5, 10_000
RATE, DISCOUNT, SCALE, PENALTY, KL = 0.005, 0.99, 5.0, 1e-3, 0.1


def mlp(inputs, width, outputs):
    layers = [nn.Linear(inputs, width), nn.ReLU()]
    for _ in range(LAYERS - 1):
        layers += [nn.Linear(width, width), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(width, outputs))


encoder = mlp(S + A + 1, ENCODER_HIDDEN, 2 * Z)
actor, value, value_target = mlp(S + Z, HIDDEN, 2 * A), mlp(S + Z, HIDDEN, 1), mlp(S + Z, HIDDEN, 1)
one, two = mlp(S + Z + A, HIDDEN, 1), mlp(S + Z + A, HIDDEN, 1)
value_target.load_state_dict(value.state_dict())
critic_optimizer = torch.optim.Adam([*encoder.parameters(), *one.parameters(), *two.parameters()], lr=3e-4)
value_optimizer, actor_optimizer = torch.optim.Adam(value.parameters(), lr=3e-4), torch.optim.Adam(actor.parameters(), lr=3e-4)
random = numpy.random.default_rng(1)
# a replay per task, as there is in a training
data = {k: random.standard_normal((TASKS, CAPACITY, n), dtype=numpy.float32) for k, n in dict(s=S, a=A, r=1, n=S).items()}


def sample(rows, keys):
    tasks = random.integers(0, TASKS, TASKS)
    drawn = random.integers(0, CAPACITY, (TASKS, rows))
    return [torch.from_numpy(data[k][tasks[:, None], drawn].reshape(TASKS * rows, -1)) for k in keys]


def minimize(optimizer, loss):
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def update():
    context = torch.cat(sample(CONTEXT, "sar"), 1)
    s, a, r, n = sample(ROWS, "sarn")
    means, rho = encoder(context).view(TASKS, CONTEXT, 2 * Z).chunk(2, 2)
    precisions = 1 / F.softplus(rho).clamp(min=1e-7)
    variance = 1 / precisions.sum(1)
    mean = variance * (means * precisions).sum(1)
    kl = 0.5 * (mean**2 + variance - 1 - variance.log()).sum()
    z = (mean + variance.sqrt() * torch.randn(TASKS, Z)).repeat_interleave(ROWS, 0)
    plain = torch.cat([s, z.detach()], 1)
    with torch.no_grad():
        y = SCALE * r + DISCOUNT * value_target(torch.cat([n, z], 1))
    states = torch.cat([s, z, a], 1)
    minimize(critic_optimizer, F.mse_loss(one(states), y) + F.mse_loss(two(states), y) + KL * kl)
    mu, log_deviation = actor(plain).chunk(2, 1)
    log_deviation = log_deviation.clamp(-20, 2)
    noise = torch.randn_like(mu)
    u = mu + log_deviation.exp() * noise
    drawn = torch.tanh(u)
    log = (Normal(mu, log_deviation.exp()).log_prob(u) - 2 * (0.6931472 - u - F.softplus(-2 * u))).sum(1, keepdim=True)
    acted = torch.cat([plain, drawn], 1)
    # the policy needs no gradient for the critics' own numbers
    for network in (one, two):
        network.requires_grad_(False)
    q = torch.min(one(acted), two(acted))
    minimize(value_optimizer, F.mse_loss(value(plain), (q - log).detach()))
    minimize(actor_optimizer, (log - q).mean() + PENALTY * ((mu**2).mean() + (log_deviation**2).mean()))
    for network in (one, two):
        network.requires_grad_(True)
    with torch.no_grad():
        torch._foreach_lerp_(list(value_target.parameters()), list(value.parameters()), RATE)


for _ in range(5):
    update()
start = time.thread_time()
for _ in range(UPDATES):
    update()
print(UPDATES / (time.thread_time() - start))
