"""Writes translator_twin.csv: losses of the action translator and of the dynamics cycle with their gradients, by PyTorch.

Run once with torch 2.7.1:  python translator_twin.py
All numbers that go in are quotients of small integers in single precision; what is computed from them is in double precision. Parameters are one flat list,
array after array. Rows "translator OBJECTIVE FEATURES": the loss, then its gradient for H: each input's layer, then the joint layers. Row "forward": the L1
loss of the cycle's F, then its gradient. Row "terms": dynamics cycle, round trip, adversarial term. Row "maps": their weighted sum, then its gradient for A,
then B. Row "discriminator": its loss, then its gradient.
"""

import csv
import math
import pathlib

import torch
import torch.nn.functional as F

ROWS, S, A, Z, BRANCH, HIDDEN, MODEL, JUDGE = 7, 3, 2, 2, 4, 5, 6, (4, 3, 2)


def numbers(*shape, factor, scale=1.0):
    """Numbers in [-scale/2, scale/2] that jump about, as they are in single precision."""
    count = torch.tensor(shape).prod()
    return (((torch.arange(count) * factor) % 101 - 50).double() / 101 * scale).float().reshape(shape).double()


def layers(*widths):
    return [shape for i, o in zip(widths, widths[1:]) for shape in ((o, i), (o,))]


def branched(inputs, hidden, outputs):
    return [s for i in inputs for s in layers(i, BRANCH)] + layers(len(inputs) * BRANCH, *hidden, outputs)


def split(flat, shapes):
    return [part.reshape(shape) for part, shape in zip(flat.split([torch.Size(s).numel() for s in shapes]), shapes)]


def parameters(shapes, factor):
    return numbers(sum(torch.Size(s).numel() for s in shapes), factor=factor, scale=2).requires_grad_()


def mlp(x, arrays, activation):
    for k in range(0, len(arrays) - 2, 2):
        x = activation(F.linear(x, arrays[k], arrays[k + 1]))
    return F.linear(x, arrays[-2], arrays[-1])


def joined(arrays, *inputs):
    sums = [F.linear(x, arrays[2 * k], arrays[2 * k + 1]) for k, x in enumerate(inputs)]
    return mlp(torch.relu(torch.cat(sums, 1)), arrays[2 * len(inputs):], torch.relu)


def gradient(loss, flat):
    return [loss.item(), *torch.autograd.grad(loss, flat, retain_graph=True)[0].tolist()]


s, a, n = numbers(ROWS, S, factor=37, scale=2), numbers(ROWS, A, factor=17, scale=2), numbers(ROWS, S, factor=23, scale=2)
rows = []


def translator(objective, features):
    z_j, z_i = numbers(1, Z, factor=19, scale=2).expand(ROWS, Z), numbers(1, Z, factor=43, scale=2).expand(ROWS, Z)
    shapes = branched([S, A, Z, Z] if features else [S, A], [HIDDEN] * (2 if features else 1), A)
    flat = parameters(shapes, 41)
    translated = torch.tanh(joined(split(flat, shapes), *([s, a, z_j, z_i] if features else [s, a])))
    mean, deviation = numbers(S + A, factor=13), 1 + numbers(S + A, factor=29)
    goal = (n - s - numbers(S, factor=31)) / (1 + numbers(S, factor=47))
    of_model = layers(S + A + (Z if features else 0), MODEL, MODEL, 2 * S)
    model = parameters([*of_model, (S,), (S,)], 53)
    *arrays, largest, least = split(model, [*of_model, (S,), (S,)])
    x = (torch.cat([s, translated], 1) - mean) / deviation
    mu, v = mlp(torch.cat([x, z_i], 1) if features else x, arrays, F.silu).chunk(2, 1)
    v = largest - F.softplus(largest - v)
    v = least + F.softplus(v - least)
    if objective == "LIKELIHOOD":
        loss = 0.5 * ((mu - goal) ** 2 / v.exp() + v + math.log(2 * math.pi)).sum(1).mean()
    else:
        loss = F.l1_loss(mu, goal)
    rows.append([f"translator {objective} {str(features).lower()}", *gradient(loss, flat)])


for objective in ("LIKELIHOOD", "DISTANCE"):
    for features in (False, True):
        translator(objective, features)

of_map, of_model, of_judge = branched([S, A], [HIDDEN], A), branched([S, A], [HIDDEN], S), layers(A, *JUDGE)
model, maps, judge = parameters(of_model, 53), parameters(of_map + of_map, 41), parameters(of_judge, 59)
rows.append(["forward", *gradient(F.l1_loss(joined(split(model, of_model), s, a), n), model)])
arrays = split(maps, of_map + of_map)
there = torch.tanh(joined(arrays[:len(of_map)], s, a))
back = torch.tanh(joined(arrays[len(of_map):], s, there))


def judged(actions, label):
    said = mlp(actions, split(judge, of_judge), torch.relu)
    return F.mse_loss(said, torch.full_like(said, label))


terms = [F.l1_loss(joined(split(model, of_model), s, there), n), F.l1_loss(back, a), judged(there, 1)]
rows.append(["terms", *[t.item() for t in terms]])
rows.append(["maps", *gradient(20 * terms[0] + 1 * terms[1] + 1 * terms[2], maps)])
rows.append(["discriminator", *gradient((judged(there.detach(), 0) + judged(numbers(ROWS, A, factor=61, scale=2), 1)) / 2, judge)])
with open(pathlib.Path(__file__).with_suffix(".csv"), "w", newline="") as out:
    csv.writer(out, lineterminator="\n").writerows(rows)
