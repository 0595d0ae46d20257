"""Distral's update in PyTorch eager on one thread, an agent per task one after the other as in MTRL, sizes as in the toolkit; prints updates of all tasks per second of CPU time.

python distral.py TASKS ROWS HIDDEN UPDATES
"""

import sys
import time

import numpy
import torch
import torch.nn.functional as F
from torch import nn
from torch.distributions import Normal

torch.set_num_threads(1)
TASKS, ROWS, HIDDEN, UPDATES = map(int, sys.argv[1:])
S, A, CAPACITY = 20, 6, 10_000
RATE, DISCOUNT, COST, TEMPERATURE = 0.005, 0.99, 0.05, 0.05


def mlp(inputs, outputs):
    return nn.Sequential(nn.Linear(inputs, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, outputs))


class Agent:
    def __init__(self):
        self.actor = mlp(S, 2 * A)
        self.critics, self.targets = ([mlp(S + A, 1) for _ in range(2)] for _ in range(2))
        for target, critic in zip(self.targets, self.critics):
            target.load_state_dict(critic.state_dict())
        self.actor_optimizer = torch.optim.Adam(self.actor.parameters(), lr=3e-4)
        self.critic_optimizer = torch.optim.Adam([p for c in self.critics for p in c.parameters()], lr=3e-4)


agents, prior = [Agent() for _ in range(TASKS)], mlp(S, 2 * A)
prior_optimizer = torch.optim.Adam(prior.parameters(), lr=3e-4)
random = numpy.random.default_rng(1)
# a replay per task, as there is in a training
data = {k: random.standard_normal((TASKS, CAPACITY, n), dtype=numpy.float32) for k, n in dict(s=S, a=A, r=1, n=S).items()}


def normal(outputs):
    mean, log_deviation = outputs.chunk(2, 1)
    return Normal(mean, log_deviation.clamp(-20, 2).exp())


def log(policy, u):
    return (policy.log_prob(u) - 2 * (0.6931472 - u - F.softplus(-2 * u))).sum(1, keepdim=True)


def minimize(optimizer, loss):
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def update():
    distilled = []
    for i, agent in enumerate(agents):
        drawn = random.integers(0, CAPACITY, ROWS)
        s, a, r, n = (torch.from_numpy(data[k][i, drawn]) for k in "sarn")
        with torch.no_grad():
            policy = normal(agent.actor(n))
            u = policy.mean + policy.stddev * torch.randn(ROWS, A)
            x = torch.cat([n, torch.tanh(u)], 1)
            bonus = COST * log(normal(prior(n)), u) - (COST + TEMPERATURE) * log(policy, u)
            y = r + DISCOUNT * (torch.min(*(t(x) for t in agent.targets)) + bonus)
        x = torch.cat([s, a], 1)
        minimize(agent.critic_optimizer, sum(F.mse_loss(c(x), y) for c in agent.critics))
        policy = normal(agent.actor(s))
        u = policy.mean + policy.stddev * torch.randn(ROWS, A)
        # the policy needs no gradient for what is not its own
        for network in (prior, *agent.critics):
            network.requires_grad_(False)
        x = torch.cat([s, torch.tanh(u)], 1)
        loss = (COST + TEMPERATURE) * log(policy, u) - COST * log(normal(prior(s)), u) - torch.min(*(c(x) for c in agent.critics))
        minimize(agent.actor_optimizer, loss.mean())
        for network in (prior, *agent.critics):
            network.requires_grad_(True)
        distilled.append((s, u.detach()))
        with torch.no_grad():
            for target, critic in zip(agent.targets, agent.critics):
                torch._foreach_lerp_(list(target.parameters()), list(critic.parameters()), RATE)
    s, u = (torch.cat(x) for x in zip(*distilled))
    minimize(prior_optimizer, -log(normal(prior(s)), u).mean())


for _ in range(5):
    update()
start = time.process_time()
for _ in range(UPDATES):
    update()
print(UPDATES / (time.process_time() - start))
