"""Writes segment_twin.csv: the loss of a context encoder and a forward model, and its gradient, by PyTorch in double precision.

Run once with torch 2.7.1 or later:  python segment_twin.py
All numbers that go in are quotients of small integers. For each case one row of numbers (L_fit, error, L_cont, L), and one of the gradient, array after array:
layers of the encoder, of the model, largest and least log variances.
"""

import csv
import pathlib

import torch
from torch import nn
from torch.nn import functional

OBSERVATION, ACTION, HISTORY, CONTEXT, SEGMENTS, STEPS = 3, 2, 4, 2, 10, 3
ENCODER, MODEL = [HISTORY * (ACTION + OBSERVATION), 6, 5, CONTEXT], [7, 7, 2 * OBSERVATION]
WEIGHT, ENCODER_DECAY, MODEL_DECAY = 0.7, [0.01, 0.02], [0.03, 0.01, 0.02]


def numbers(*shape, factor, scale=1.0):
    """Numbers in [-scale/2, scale/2] that jump about."""
    count = torch.tensor(shape).prod()
    return (((torch.arange(count) * factor) % 101 - 50).double() / 101 * scale).reshape(shape)


def perceptron(widths, activation):
    layers = []
    for inputs, outputs in zip(widths, widths[1:]):
        layers += [nn.Linear(inputs, outputs), activation()]
    return nn.Sequential(*layers[:-1]).double()


def scaled(values, means, deviations):
    return (values - torch.tensor(means).double()) / torch.tensor(deviations).double()


def decay(network, decays):
    layers = [m for m in network if isinstance(m, nn.Linear)]
    return sum(decays[min(i, len(decays) - 1)] * (layer.weight.norm() + layer.bias.norm()) for i, layer in enumerate(layers))


def case(same, squared, margin, encoded):
    encoder = perceptron(ENCODER, nn.ReLU) if encoded else None
    model = perceptron([OBSERVATION + ACTION + (CONTEXT if encoded else 0)] + MODEL, nn.SiLU)
    largest, least = nn.Parameter(torch.zeros(OBSERVATION).double()), nn.Parameter(torch.zeros(OBSERVATION).double())
    parameters = [*(encoder.parameters() if encoded else []), *model.parameters(), largest, least]
    nn.utils.vector_to_parameters(numbers(sum(p.numel() for p in parameters), factor=7, scale=2.0), parameters)
    with torch.no_grad():
        largest.add_(0.5)
        least.sub_(3)
    x = scaled(numbers(SEGMENTS * STEPS, OBSERVATION + ACTION, factor=11, scale=4.0), [0.5, -0.25, 0, 0, 1], [2, 1, 0.5, 1, 4])
    y = scaled(numbers(SEGMENTS * STEPS, OBSERVATION, factor=13, scale=4.0), [0.25, 0, -0.5], [1, 2, 0.5])
    contrastive = torch.zeros(()).double()
    if encoded:
        step = [0, 1, 0.25, 0, -0.5], [1, 4, 1, 2, 0.5]
        z = encoder(scaled(numbers(SEGMENTS, HISTORY, ACTION + OBSERVATION, factor=17, scale=4.0), *step).flatten(1))
        distance = (z[: SEGMENTS // 2] - z[SEGMENTS // 2 :]).norm(dim=1)
        lacking = (margin - distance).clamp(min=0)
        contrastive = (distance.square() if same else lacking.square() if squared else lacking).mean()
        x = torch.cat([x, z.repeat_interleave(STEPS, 0)], 1)
    mean, free = model(x).chunk(2, 1)
    v = largest - functional.softplus(largest - free)
    v = least + functional.softplus(v - least)
    error = (y - mean).square()
    fit = (error * torch.exp(-v) + v).mean()
    decayed = decay(model, MODEL_DECAY) + (decay(encoder, ENCODER_DECAY) if encoded else 0)
    total = 2 * (fit + 0.01 * (largest - least).sum() + decayed) + WEIGHT * contrastive
    gradient = torch.cat([g.flatten() for g in torch.autograd.grad(total, parameters)])
    return torch.stack([fit, error.mean(), contrastive, total]).tolist(), gradient.tolist()


with open(pathlib.Path(__file__).with_suffix(".csv"), "w", newline="") as file:
    writer = csv.writer(file)
    for name, arguments in {
        "same": (True, True, 1.0, True),
        "different": (False, True, 2.5, True),
        "different unsquared": (False, False, 2.5, True),
        "without encoder": (True, True, 1.0, False),
    }.items():
        values, gradient = case(*arguments)
        writer.writerow([name + " values"] + [f"{v:.12g}" for v in values])
        writer.writerow([name + " gradient"] + [f"{v:.12g}" for v in gradient])
