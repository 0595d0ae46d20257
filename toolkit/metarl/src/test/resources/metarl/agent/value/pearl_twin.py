"""Writes pearl_twin.csv: PEARL's posterior and all networks after three updates, with V and with a learned temperature, by PyTorch in double precision.

Run once with torch 2.7.1:  python pearl_twin.py
All numbers that go in are quotients of small integers. One row per quantity: its name, then its values; networks layer by layer, weights before biases.
"""

import csv
import itertools
import pathlib

import torch
from torch import nn
from torch.distributions import Normal, kl_divergence
from torch.distributions.transforms import TanhTransform

TASKS, ROWS, SEEN, OBSERVATION, LATENT, ACTION, HIDDEN = 3, 5, 4, 4, 3, 2, 8
DISCOUNT, RATE, LEARNING_RATE, SCALE, PENALTY, KL, TEMPERATURE, ENTROPY = 0.9, 0.1, 1e-3, 2.0, 0.01, 0.3, 0.3, -2.0
STATE, ALL = OBSERVATION + LATENT, TASKS * ROWS
found = {}


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


def flat(parameters):
    return nn.utils.parameters_to_vector(parameters).detach()


s, a, r, following = numbers(ALL, OBSERVATION, factor=11), numbers(ALL, ACTION, factor=13), numbers(ALL, 1, factor=17), numbers(ALL, OBSERVATION, factor=19)
alive = torch.ones(ALL, 1).double()
alive[::5] = 0
latent_noise, noise, next_noise = numbers(TASKS, LATENT, factor=43, scale=4), numbers(ALL, ACTION, factor=29, scale=4), numbers(ALL, ACTION, factor=41, scale=4)


def run(name, learned):
    width = OBSERVATION + ACTION + 1 + (OBSERVATION if learned else 0)
    context = numbers(TASKS * SEEN, width, factor=23, scale=2)
    encoder, actor, value, value_target = network(width, 2 * LATENT), network(STATE, 2 * ACTION), network(STATE, 1), network(STATE, 1)
    critics, slow = ([network(STATE + ACTION, 1) for _ in range(2)] for _ in range(2))
    slow_encoder = network(width, 2 * LATENT)
    critic_parameters, actor_parameters, value_parameters = fill([encoder, *critics], 7), fill([actor], 31), fill([value], 37)
    log_temperature = torch.tensor([TEMPERATURE], dtype=torch.double).log().requires_grad_()
    others = [log_temperature] if learned else value_parameters
    targets = list(itertools.chain(*(m.parameters() for m in [slow_encoder, *slow]))) if learned else list(value_target.parameters())
    followed = critic_parameters if learned else value_parameters
    with torch.no_grad():
        for target, new in zip(targets, followed):
            target.copy_(new)
    optimizers = [torch.optim.Adam(p, lr=LEARNING_RATE) for p in (critic_parameters, others, actor_parameters)]

    def act(states, noise):
        mean, log_deviation = actor(states).chunk(2, 1)
        log_deviation = log_deviation.clamp(-20, 2)
        u = mean + log_deviation.exp() * noise
        log = Normal(mean, log_deviation.exp()).log_prob(u) - TanhTransform().log_abs_det_jacobian(u, torch.tanh(u))
        return torch.tanh(u), log.sum(1, keepdim=True), (mean**2).mean() + (log_deviation**2).mean()

    def smaller(networks, states, actions):
        return torch.min(*[n(torch.cat([states, actions], 1)) for n in networks])

    def minimize(optimizer, loss):
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    for update in range(3):
        means, rho = encoder(context).reshape(TASKS, SEEN, 2 * LATENT).chunk(2, 2)
        variances = nn.functional.softplus(rho).clamp(min=1e-7)
        variance = 1 / (1 / variances).sum(1)
        mean = variance * (means / variances).sum(1)
        kl = kl_divergence(Normal(mean, variance.sqrt()), Normal(0, 1)).sum()
        z = (mean + variance.sqrt() * latent_noise).repeat_interleave(ROWS, 0)
        plain = torch.cat([s, z.detach()], 1)
        temperature = log_temperature.exp().item() if learned else 1.0
        with torch.no_grad():
            next_states = torch.cat([following, z], 1)
            if learned:
                next_actions, next_log, _ = act(next_states, next_noise)
                y = SCALE * r + DISCOUNT * alive * (smaller(slow, next_states, next_actions) - temperature * next_log)
            else:
                y = SCALE * r + DISCOUNT * alive * value_target(next_states)
        states = torch.cat([s, z], 1)
        critic_loss = sum(((n(torch.cat([states, a], 1)) - y) ** 2).mean() for n in critics)
        if update == 0:
            found[name + " mean"], found[name + " variance"], found[name + " kl"] = mean.detach(), variance.detach(), kl.detach()
            found[name + " critic loss"] = critic_loss.detach()
        minimize(optimizers[0], critic_loss + KL * kl)
        actions, log, squares = act(plain, noise)
        q = smaller(critics, plain, actions)
        policy_loss = (temperature * log - q).mean() + PENALTY * squares
        if learned:
            minimize(optimizers[1], (-log_temperature.exp() * (log.detach() + ENTROPY)).mean())
        else:
            minimize(optimizers[1], ((value(plain) - (q - log).detach()) ** 2).mean())
        minimize(optimizers[2], policy_loss)
        with torch.no_grad():
            for target, new in zip(targets, followed):
                target.lerp_(new, RATE)
    for network_name, parameters in (("actor", actor_parameters), ("critics", critic_parameters), ("other", others), ("targets", targets)):
        found[name + " " + network_name] = flat(parameters)


run("released", False)
run("learned", True)

with open(pathlib.Path(__file__).with_suffix(".csv"), "w", newline="") as file:
    for name, value in found.items():
        csv.writer(file).writerow([name] + [f"{v:.10g}" for v in value.flatten().tolist()])
