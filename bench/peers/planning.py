"""Peer of bench/planning.jsh: random shooting through a learned model in PyTorch eager, one thread, the draws and the rewards included.

Usage: planning.py OBSERVATIONS ACTIONS HIDDEN DEPTH COUNT. Prints control steps per second of main-thread CPU time.
"""

import sys
import time

import torch

torch.set_num_threads(1)
torch.manual_seed(1)
OBSERVATIONS, ACTIONS, HIDDEN, DEPTH, COUNT = (int(a) for a in sys.argv[1:])
CANDIDATES, HORIZON = 500, 15
WIDTHS = [OBSERVATIONS + ACTIONS] + DEPTH * [HIDDEN] + [OBSERVATIONS]
layers = []
for inputs, outputs in zip(WIDTHS, WIDTHS[1:]):
    layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
network = torch.nn.Sequential(*layers[:-1])
means, deviations = torch.zeros(WIDTHS[0]), torch.ones(WIDTHS[0])
change_means, change_deviations = torch.zeros(OBSERVATIONS), torch.ones(OBSERVATIONS)


def reward(before, action, after):
    if OBSERVATIONS == 3:
        angle = torch.atan2(before[:, 1], before[:, 0])
        return -(angle.square() + 0.1 * before[:, 2].square() + 0.004 * action[:, 0].square())
    return after[:, 8] - 0.05 * action.square().sum(1)


@torch.no_grad()
def plan(seen):
    actions = torch.rand(HORIZON, CANDIDATES, ACTIONS) * 2 - 1
    state = torch.tensor(seen).expand(CANDIDATES, OBSERVATIONS)
    returns = torch.zeros(CANDIDATES)
    for action in actions:
        inputs = (torch.cat([state, action], 1) - means) / deviations
        after = state + network(inputs) * change_deviations + change_means
        returns += reward(state, action, after)
        state = after
    return actions[0, returns.argmax()].tolist()


seen = (torch.rand(OBSERVATIONS) * 2 - 1).tolist()
for i in range(-COUNT // 5 - 1, COUNT):
    if i == 0:
        start = time.thread_time()
    plan(seen)
print(f"{COUNT / (time.thread_time() - start):.2f}")
