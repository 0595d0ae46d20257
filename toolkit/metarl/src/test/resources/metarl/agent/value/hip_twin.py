"""Writes hip_twin.csv: losses of HiP-BMDP and all networks after three updates, by PyTorch in double precision.

Run once with torch 2.7.1:  python hip_twin.py
All numbers that go in are quotients of small integers. One row per quantity: its name, then its values. "encoded" is deterministic, with an encoder, norms over the
whole batch, and an actor that learns at every second update; "told" has no encoder, variances, norms row by row, and actor and critics that are told the embedding.
"""

import csv
import pathlib

import torch
import torch.nn.functional as F
from torch import nn
from torch.distributions import Normal
from torch.distributions.transforms import TanhTransform

TASKS, ROWS, OBSERVATION, ACTION, LATENT, THETA, HIDDEN, ENCODER, MODEL, ROW = 3, 12, 4, 2, 3, 2, 8, 6, 7, 16
DISCOUNT, TEMPERATURE, ENTROPY, RATE, WEIGHT = 0.9, 0.3, -2.0, 1e-3, 0.3
CRITIC_TAU, ENCODER_TAU, EMBEDDING_RATE, TEMPERATURE_RATE, TINY = 0.1, 0.2, 2e-3, 3e-3, 1e-12


def numbers(*shape, factor, scale=1.0):
    """Numbers in [-scale/2, scale/2] that jump about."""
    count = torch.tensor(shape).prod()
    return ((torch.arange(count) * factor) % 101 - 50).double().reshape(shape) / 101 * scale


def network(*widths, activation=nn.ReLU):
    layers = []
    for i in range(len(widths) - 1):
        layers += [nn.Linear(widths[i], widths[i + 1]), activation()]
    return nn.Sequential(*layers[:-1]).double()


def fill(parameters, factor):
    nn.utils.vector_to_parameters(numbers(sum(p.numel() for p in parameters), factor=factor), parameters)
    return parameters


def of(*modules):
    return [p for m in modules for p in m.parameters()]


def flat(parameters):
    return nn.utils.parameters_to_vector(parameters).detach()


def norm(rows, whole):
    return ((rows**2).sum() if whole else (rows**2).sum(1)).add(TINY).sqrt()


s, a, r, following = (numbers(ROWS, n, factor=f) for n, f in ((OBSERVATION, 11), (ACTION, 13), (1, 17), (OBSERVATION, 19)))
noise, next_noise = numbers(ROWS, ACTION, factor=29, scale=4), numbers(ROWS, ACTION, factor=41, scale=4)
tasks = torch.arange(ROWS) % TASKS
alive = torch.ones(ROWS, 1).double()
alive[::5] = 0
found = {}


def run(name, encodes, probabilistic, told, whole, delay):
    latent = LATENT if encodes else OBSERVATION
    state = latent + (THETA if told else 0)
    actor, critics, targets = network(state, HIDDEN, HIDDEN, 2 * ACTION), *([network(state + ACTION, HIDDEN, HIDDEN, 1) for _ in range(2)] for _ in range(2))
    transition = network(latent + ACTION + THETA, MODEL, 2 * latent, activation=nn.SiLU)
    reward, decoder = network(latent + ACTION + THETA, MODEL, 1, activation=nn.SiLU), network(latent, MODEL, OBSERVATION, activation=nn.SiLU)
    largest, least = (nn.Parameter(torch.zeros(latent).double()) for _ in range(2))
    table, trunk = nn.Parameter(torch.zeros(TASKS, ROW).double()), network(ROW, 2 * ROW, THETA)
    encoder, slow = network(OBSERVATION, ENCODER, ENCODER, LATENT), network(OBSERVATION, ENCODER, ENCODER, LATENT)
    actor_p, critic_p = fill(of(actor), 31), fill(of(*critics), 7)
    model_p = fill([*of(transition), largest, least, *of(reward), *(of(decoder) if encodes else [])], 37)
    table_p, encoder_p = fill([table, *of(trunk)], 43), fill(of(encoder), 53)
    fill(of(*targets), 7), fill(of(slow), 53)
    log_alpha = nn.Parameter(torch.tensor(TEMPERATURE, dtype=torch.double).log())
    groups = [(critic_p, RATE), (model_p, RATE), (table_p, EMBEDDING_RATE)] + ([(encoder_p, RATE)] if encodes else [])
    optimizers = [torch.optim.Adam(p, lr=rate) for p, rate in groups]
    actor_optimizer, alpha_optimizer = torch.optim.Adam(actor_p, lr=RATE), torch.optim.Adam([log_alpha], lr=TEMPERATURE_RATE)

    def encoded(x, by):
        return by(x) if encodes else x

    def seen(h, theta):
        return torch.cat([h, theta.detach()], 1) if told else h

    def act(states, epsilon):
        mean, log_deviation = actor(states).chunk(2, 1)
        deviation = log_deviation.clamp(-20, 2).exp()
        u = mean + deviation * epsilon
        log = Normal(mean, deviation).log_prob(u) - TanhTransform().log_abs_det_jacobian(u, torch.tanh(u))
        return torch.tanh(u), log.sum(1, keepdim=True)

    def values(networks, states, actions):
        return [n(torch.cat([states, actions], 1)) for n in networks]

    def said(h, theta):
        mean, free = transition(torch.cat([h, a, theta], 1)).chunk(2, 1)
        below = largest - F.softplus(largest - free)
        return mean, least + F.softplus(below - least)

    for update in range(1, 4):
        all_theta = trunk(table.relu())
        theta, others, h = all_theta[tasks], all_theta[tasks.flip(0)], encoded(s, encoder)
        with torch.no_grad():
            next_h = encoded(following, encoder)
            next_actions, next_log = act(seen(next_h, theta), next_noise)
            q = torch.min(*values(targets, seen(encoded(following, slow), theta), next_actions))
            y = r + DISCOUNT * alive * (q - log_alpha.exp() * next_log)
        q1, q2 = values(critics, seen(h, theta), a)
        losses = {"critic": ((q1 - y) ** 2).mean() + ((q2 - y) ** 2).mean()}
        mean, variance = said(h, theta)
        squares = (next_h - h - mean) ** 2
        if probabilistic:
            losses["transition"] = (0.5 * squares * (-variance).exp() + 0.5 * variance).mean() + 0.01 * (largest - least).sum()
        else:
            losses["transition"] = 0.5 * squares.mean()
        losses["reward"] = F.mse_loss(reward(torch.cat([h, a, theta], 1)), r)
        if encodes:
            losses["reconstruction"] = F.mse_loss(decoder(h + mean), following)
        apart = mean.detach() - said(h, others)[0].detach()
        losses["embedding"] = ((norm(theta - others, whole) - norm(apart, whole)) ** 2).mean()
        if update == 1:
            found.update({f"{name} {key} loss": value for key, value in losses.items()})
            found[f"{name} embedding gradient"] = flat(torch.autograd.grad(losses["embedding"], table_p, retain_graph=True))
        total = sum(value * (WEIGHT if key == "embedding" else 1) for key, value in losses.items())
        for optimizer in optimizers:
            optimizer.zero_grad()
        total.backward()
        for optimizer in optimizers:
            optimizer.step()
        if update % delay:
            continue
        with torch.no_grad():
            states = seen(encoded(s, encoder), trunk(table.relu())[tasks])
        drawn, log = act(states, noise)
        alpha = log_alpha.exp()
        actor_loss = (alpha.detach() * log - torch.min(*values(critics, states, drawn))).mean()
        alpha_loss = (-alpha * (log.detach() + ENTROPY)).mean()
        actor_optimizer.zero_grad(), alpha_optimizer.zero_grad()
        actor_loss.backward(), alpha_loss.backward()
        actor_optimizer.step(), alpha_optimizer.step()
        found.setdefault(f"{name} actor loss", actor_loss)
        found.setdefault(f"{name} temperature loss", alpha_loss)
        with torch.no_grad():
            for follower, leader, rate in ((of(*targets), critic_p, CRITIC_TAU), (of(slow), encoder_p, ENCODER_TAU)):
                torch._foreach_lerp_(follower, leader, rate)
    for key, parameters in dict(actor=actor_p, critics=critic_p, temperature=[log_alpha], model=model_p, embeddings=table_p, targets=of(*targets)).items():
        found[f"{name} {key}"] = flat(parameters)
    if encodes:
        found[f"{name} encoder"], found[f"{name} slow encoder"] = flat(encoder_p), flat(of(slow))


run("encoded", True, False, False, True, 2)
run("told", False, True, True, False, 1)
with open(pathlib.Path(__file__).with_suffix(".csv"), "w", newline="") as file:
    for name, value in found.items():
        csv.writer(file).writerow([name] + [f"{v:.10g}" for v in value.flatten().tolist()])
