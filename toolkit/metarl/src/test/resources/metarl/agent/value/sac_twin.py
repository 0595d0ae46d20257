"""Writes sac_twin.csv: target, losses and gradients of soft actor-critic with a latent variable behind the observation, by PyTorch in double precision.

Run once with torch 2.7.1:  python sac_twin.py
All numbers that go in are quotients of small integers. One row per quantity: its name, then its values; gradients layer by layer, weights before biases, of the
encoder, the first and the second critic in this order.
"""

import csv
import pathlib

import torch
from torch import nn
from torch.distributions import Normal
from torch.distributions.transforms import TanhTransform

ROWS, OBSERVATION, CONTEXT, LATENT, ACTION, HIDDEN = 16, 4, 5, 3, 2, 8
DISCOUNT, TEMPERATURE, ENTROPY = 0.9, 0.3, -2.0
STATE = OBSERVATION + LATENT


def numbers(*shape, factor, scale=1.0):
    """Numbers in [-scale/2, scale/2] that jump about."""
    count = torch.tensor(shape).prod()
    return ((torch.arange(count) * factor) % 101 - 50).double().reshape(shape) / 101 * scale


def network(inputs, outputs):
    return nn.Sequential(nn.Linear(inputs, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, outputs)).double()


def fill(modules, factor):
    parameters = [p for m in modules for p in m.parameters()]
    nn.utils.vector_to_parameters(numbers(sum(p.numel() for p in parameters), factor=factor), parameters)
    return parameters


encoder, actor = network(CONTEXT, LATENT), network(STATE, 2 * ACTION)
critics, targets = ([network(STATE + ACTION, 1) for _ in range(2)] for _ in range(2))
critic_parameters, actor_parameters = fill([encoder, *critics], 7), fill([actor], 31)
fill(targets, 37)
log_temperature = torch.tensor(TEMPERATURE, dtype=torch.double).log().requires_grad_()

s, a, r, following = numbers(ROWS, OBSERVATION, factor=11), numbers(ROWS, ACTION, factor=13), numbers(ROWS, 1, factor=17), numbers(ROWS, OBSERVATION, factor=19)
context = numbers(ROWS, CONTEXT, factor=23, scale=2)
noise, next_noise = numbers(ROWS, ACTION, factor=29, scale=4), numbers(ROWS, ACTION, factor=41, scale=4)
alive = torch.ones(ROWS, 1).double()
alive[::5] = 0


def act(states, noise):
    mean, log_deviation = actor(states).chunk(2, 1)
    deviation = log_deviation.clamp(-20, 2).exp()
    u = mean + deviation * noise
    log = Normal(mean, deviation).log_prob(u) - TanhTransform().log_abs_det_jacobian(u, torch.tanh(u))
    return torch.tanh(u), log.sum(1, keepdim=True)


def values(networks, states, actions):
    return [n(torch.cat([states, actions], 1)) for n in networks]


found, temperature = {}, log_temperature.exp()
z = encoder(context)
with torch.no_grad():
    next_states = torch.cat([following, z], 1)
    next_actions, next_log = act(next_states, next_noise)
    y = r + DISCOUNT * alive * (torch.min(*values(targets, next_states, next_actions)) - temperature * next_log)
found["target"] = y
q1, q2 = values(critics, torch.cat([s, z], 1), a)
found["critic loss"] = ((q1 - y) ** 2).mean() + ((q2 - y) ** 2).mean()
found["critic gradient"] = nn.utils.parameters_to_vector(torch.autograd.grad(found["critic loss"], critic_parameters, retain_graph=True))
states = torch.cat([s, z.detach()], 1)
drawn, log = act(states, noise)
found["actor loss"] = (temperature.detach() * log - torch.min(*values(critics, states, drawn))).mean()
found["actor gradient"] = nn.utils.parameters_to_vector(torch.autograd.grad(found["actor loss"], actor_parameters, retain_graph=True))
found["temperature loss"] = (-temperature * (log.detach() + ENTROPY)).mean()
found["temperature gradient"] = torch.autograd.grad(found["temperature loss"], log_temperature)[0]

with open(pathlib.Path(__file__).with_suffix(".csv"), "w", newline="") as file:
    for name, value in found.items():
        csv.writer(file).writerow([name] + [f"{v:.10g}" for v in value.flatten().tolist()])
