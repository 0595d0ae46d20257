"""Peer of bench/trials.jsh: a GRU policy on Bernoulli bandits, PyTorch without gradients and gymnasium's vector of environments, one thread. Prints trials/s.

Usage: trials.py TRIALS PULLS ARMS. One pull is one episode; the memory lasts for a trial.
"""

import sys
import time

import numpy as np
import torch
from bandit_environments import bandits
from torch import nn

torch.set_num_threads(1)
TRIALS, PULLS, ARMS = map(int, sys.argv[1:4])
random = np.random.default_rng(1)
means = random.random((TRIALS, ARMS))
environments = bandits(means)
unit, head = nn.GRUCell(1 + ARMS + 2, 64), nn.Linear(64, ARMS)


@torch.no_grad()
def run(seed):
    observation, _ = environments.reset(seed=seed)
    state, last = torch.zeros(TRIALS, 64), torch.zeros(TRIALS, ARMS + 2)
    last[:, -1] = 1
    for _ in range(PULLS):
        state = unit(torch.cat([torch.from_numpy(observation), last], 1), state)
        action = torch.distributions.Categorical(logits=head(state)).sample()
        observation, reward, done, _, _ = environments.step(action.numpy())
        last = torch.cat([nn.functional.one_hot(action, ARMS).float(), torch.from_numpy(reward).float()[:, None], torch.from_numpy(done).float()[:, None]], 1)


run(0)
start = time.perf_counter()
for i in range(3):
    run(i)
print(f"{3 * TRIALS / (time.perf_counter() - start):.1f}")
