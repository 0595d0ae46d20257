"""Peer of bench/metagradient.jsh: MAML's outer gradient through one inner step by torch.autograd, policy 2-64-64-2, and one step of Adam.

Usage: metagradient.py TASKS ROWS COUNT. Prints meta-gradients per second of main-thread CPU time, task by task, then with the weights of all tasks stacked. As in the toolkit, the arrays of both
rounds are copied into tensors within the time.
"""

import sys
import time

import numpy as np
import torch

torch.set_num_threads(1)
TASKS, ROWS, COUNT = (int(a) for a in sys.argv[1:])
OBSERVATION, ACTION, HIDDEN, RATE = 2, 2, 64, 0.5
random = np.random.default_rng(1)
SHAPES = [(HIDDEN, OBSERVATION), (HIDDEN,), (HIDDEN, HIDDEN), (HIDDEN,), (ACTION, HIDDEN), (ACTION,), (ACTION,)]
theta = [torch.nn.Parameter(torch.randn(s) * 0.1) for s in SHAPES]
optimizer = torch.optim.Adam(theta, lr=1e-9)
HALF_LOG_TWO_PI = 0.5 * np.log(2 * np.pi)


def round_of_episodes():
    return (random.random((TASKS, ROWS, OBSERVATION), np.float32), random.standard_normal((TASKS, ROWS, ACTION), np.float32),
            random.standard_normal((TASKS, ROWS), np.float32))


ROUNDS = round_of_episodes(), round_of_episodes()


def log_probability(means, log_deviations, actions):
    z = (actions - means) * (-log_deviations).exp()
    return (-0.5 * z.square() - log_deviations - HALF_LOG_TWO_PI).sum(-1)


def one(p, observations, actions):
    h = torch.tanh(torch.nn.functional.linear(observations, p[0], p[1]))
    h = torch.tanh(torch.nn.functional.linear(h, p[2], p[3]))
    return log_probability(torch.nn.functional.linear(h, p[4], p[5]), p[6], actions)


def every(p, observations, actions):
    h = torch.tanh(torch.baddbmm(p[1], observations, p[0].transpose(1, 2)))
    h = torch.tanh(torch.baddbmm(p[3], h, p[2].transpose(1, 2)))
    return log_probability(torch.baddbmm(p[5], h, p[4].transpose(1, 2)), p[6], actions)


def stepped(p, log, advantages):
    loss = -((log - log.detach()).exp() * advantages).mean(-1).sum()
    return [a - RATE * g for a, g in zip(p, torch.autograd.grad(loss, p, create_graph=True))]


def surrogate(log, advantages):
    return -((log - log.detach()).exp() * advantages).mean(-1).sum()


def task_by_task(first, second):
    loss = 0
    for i in range(TASKS):
        adapted = stepped(theta, one(theta, first[0][i], first[1][i]), first[2][i])
        loss = loss + surrogate(one(adapted, second[0][i], second[1][i]), second[2][i])
    return loss / TASKS


def stacked(first, second):
    p = [a.expand(TASKS, *a.shape) if a.dim() == 2 else a.expand(TASKS, 1, *a.shape) for a in theta]
    adapted = stepped(p, every(p, first[0], first[1]), first[2])
    return surrogate(every(adapted, second[0], second[1]), second[2]) / TASKS


def rate(objective):
    for i in range(-COUNT // 5 - 1, COUNT):
        if i == 0:
            start = time.thread_time()
        first, second = ([torch.from_numpy(a.copy()) for a in r] for r in ROUNDS)
        loss = objective(first, second)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        loss.item()
    return COUNT / (time.thread_time() - start)


print(f"{rate(task_by_task):.3f} {rate(stacked):.3f}")
