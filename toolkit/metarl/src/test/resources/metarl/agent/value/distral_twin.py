"""Writes distral_twin.csv: targets, losses and gradients of Distral in the form of soft actor-critic, by PyTorch in double precision.

Run once with torch 2.7.1:  python distral_twin.py
All numbers that go in are quotients of small integers. One row per quantity: its name, then its values; gradients layer by layer, weights before biases, each
array with the networks of all tasks one after the other, of the first and then of the second critic.
"""

import csv
import pathlib

import torch
from torch.distributions import Normal, kl_divergence
from torch.distributions.transforms import TanhTransform
from torch.nn import functional

TASKS, ROWS, STATE, ACTION, HIDDEN = 2, 8, 4, 2, 8
DISCOUNT, DIVERGENCE, ENTROPY = 0.9, 0.25, -2.0
TEMPERATURES = [0.3, 0.7]


def numbers(*shape, factor, scale=1.0):
    """Numbers in [-scale/2, scale/2] that jump about."""
    count = torch.tensor(shape).prod()
    return ((torch.arange(count) * factor) % 101 - 50).double().reshape(shape) / 101 * scale


def networks(inputs, outputs, count, factor, sets=1):
    """Arrays [weights, biases, ...] of each set, for all tasks at once."""
    shapes = []
    for _ in range(sets):
        for to, of in ((HIDDEN, inputs), (HIDDEN, HIDDEN), (outputs, HIDDEN)):
            shapes += [(count, to, of), (count, to)]
    flat = numbers(sum(int(torch.tensor(s).prod()) for s in shapes), factor=factor)
    arrays = []
    for shape in shapes:
        size = int(torch.tensor(shape).prod())
        arrays.append(flat[:size].reshape(shape).clone().requires_grad_())
        flat = flat[size:]
    return arrays


def forward(arrays, task, x):
    for layer in range(3):
        x = functional.linear(x, arrays[2 * layer][task], arrays[2 * layer + 1][task])
        x = torch.relu(x) if layer < 2 else x
    return x


actors = networks(STATE, 2 * ACTION, TASKS, 31)
critics, targets = networks(STATE + ACTION, 1, TASKS, 7, 2), networks(STATE + ACTION, 1, TASKS, 37, 2)
prior = networks(STATE, 2 * ACTION, 1, 43)
log_temperatures = torch.tensor(TEMPERATURES, dtype=torch.double).log().requires_grad_()

s, a, r, following = [numbers(TASKS, ROWS, n, factor=f) for n, f in ((STATE, 11), (ACTION, 13), (1, 17), (STATE, 19))]
noise, next_noise, prior_noise = [numbers(TASKS, ROWS, ACTION, factor=f, scale=4) for f in (29, 41, 47)]
alive = torch.ones(TASKS * ROWS, 1).double()
alive[::5] = 0
alive = alive.reshape(TASKS, ROWS, 1)


def normal(arrays, task, states):
    mean, log_deviation = forward(arrays, task, states).chunk(2, 1)
    return Normal(mean, log_deviation.clamp(-20, 2).exp())


def log(policy, u):
    return (policy.log_prob(u) - TanhTransform().log_abs_det_jacobian(u, torch.tanh(u))).sum(1, keepdim=True)


def smaller(arrays, task, states, actions):
    x = torch.cat([states, actions], 1)
    return torch.min(forward(arrays[:6], task, x), forward(arrays[6:], task, x))


def gradient(loss, parameters):
    return torch.cat([g.flatten() for g in torch.autograd.grad(loss, parameters, retain_graph=True)])


found, t = {}, log_temperatures.exp()
for form in ("paper", "mtrl"):
    y, critic_loss, actor_loss, prior_loss, temperature_loss = [], 0, 0, 0, 0
    for i in range(TASKS):
        with torch.no_grad():
            policy, shared = normal(actors, i, following[i]), normal(prior, 0, following[i])
            u = policy.mean + policy.stddev * next_noise[i]
            own = u if form == "paper" else shared.mean + shared.stddev * prior_noise[i]
            alpha, beta = DIVERGENCE / (DIVERGENCE + t[i]), 1 / (DIVERGENCE + t[i])
            value = smaller(targets, i, following[i], torch.tanh(u)) + (alpha * log(shared, own) - log(policy, u)) / beta
            y.append(r[i] + DISCOUNT * alive[i] * value)
        x = torch.cat([s[i], a[i]], 1)
        critic_loss += sum(((forward(c, i, x) - y[i]) ** 2).mean() for c in (critics[:6], critics[6:]))
        policy, shared = normal(actors, i, s[i]), normal(prior, 0, s[i])
        u = policy.mean + policy.stddev * noise[i]
        q, cost = smaller(critics, i, s[i], torch.tanh(u)), t[i].detach()
        if form == "paper":
            actor_loss += (DIVERGENCE * (log(policy, u) - log(shared, u)) + cost * log(policy, u) - q).mean()
            prior_loss += -log(shared, u.detach()).mean() / TASKS
        else:
            actor_loss += (cost * log(policy, u) - q).mean()
            fixed = Normal(policy.mean.detach(), policy.stddev.detach())
            prior_loss += DIVERGENCE * kl_divergence(shared, fixed).sum(1).mean() / TASKS
        temperature_loss += (-t[i] * (log(policy, u).detach() + ENTROPY)).mean()
    found[form + " target"] = torch.cat(y)
    for name, loss, parameters in (("critic", critic_loss, critics), ("actor", actor_loss, actors), ("prior", prior_loss, prior),
                                   ("temperature", temperature_loss, [log_temperatures])):
        found[f"{form} {name} loss"] = loss
        found[f"{form} {name} gradient"] = gradient(loss, parameters)

with open(pathlib.Path(__file__).with_suffix(".csv"), "w", newline="") as file:
    for name, value in found.items():
        csv.writer(file).writerow([name] + [f"{v:.10g}" for v in value.flatten().tolist()])
