"""Writes snail_twin.csv: a whole update of SNAIL, by PyTorch: convolutions, attention, convolutions, attention for the policy, convolutions alone for the value.

Run once with torch 2.7.1:  python snail_twin.py
Trials and settings are those of trial_twin.py. One row per quantity: its name, then its values. Networks are flattened as in nn/causal_twin.py, then the last layer's
weights and biases.
"""

import csv
import pathlib
import sys

import torch
from torch import nn
from torch.distributions import Categorical, kl_divergence

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "nn"))
from causal_twin import Stack, numbers

TRIALS, PULLS, ARMS = 5, 4, 3
DISCOUNT, LAMBDA, CLIP, ENTROPY, RATE, PASSES, DECAY, EPSILON = 0.9, 0.3, 0.1, 0.05, 0.02, 3, 0.5, 1e-3


class Network(nn.Module):
    def __init__(self, inputs, outputs, factor, *layers):
        super().__init__()
        self.stack, self.outputs = Stack(inputs, PULLS, *layers), outputs
        values = numbers(self.stack.size + (self.stack.width + 1) * outputs, factor, 1.5, torch.float)
        shapes = [shape for unit in self.stack.units for shape in unit[3]] + [(outputs, self.stack.width), (outputs,)]
        self.arrays, at = nn.ParameterList(), 0
        for shape in shapes:
            count = torch.Size(shape).numel()
            self.arrays.append(nn.Parameter(values[at : at + count].reshape(shape)))
            at += count

    def forward(self, x):
        said = self.stack(x, torch.cat([a.flatten() for a in self.arrays[:-2]]))
        return nn.functional.linear(said, self.arrays[-2], self.arrays[-1])


def optimizer(network):
    split = [[p for p in network.parameters() if (p.dim() > 1) == matrix] for matrix in (True, False)]
    return torch.optim.AdamW([{"params": split[0], "weight_decay": DECAY}, {"params": split[1], "weight_decay": 0}], lr=RATE, eps=EPSILON)


step = torch.arange(TRIALS * PULLS).reshape(TRIALS, PULLS)
arms, rewards = step * 7 % 11 % ARMS, (step * 5 % 13 - 4).float() / 4
before = nn.functional.pad(nn.functional.one_hot(arms, ARMS)[:, :-1], (0, 0, 1, 0)).float()
paid = nn.functional.pad(rewards[:, :-1], (1, 0))
inputs = torch.cat([torch.zeros(TRIALS, PULLS, 1), before, paid[..., None], torch.ones(TRIALS, PULLS, 1)], 2)
time = (torch.arange(PULLS) / PULLS).expand(TRIALS, PULLS)[..., None]
timed = torch.cat([inputs, time], 2)

policy = Network(ARMS + 3, ARMS, 37, ("dense", 4), ("convolutions", 3), ("attention", 2, 2), ("convolutions", 3), ("attention", 2, 2))
value = Network(ARMS + 4, 1, 41, ("dense", 4), ("convolutions", 2), ("convolutions", 2))
with torch.no_grad():
    old, values = Categorical(logits=policy(inputs)), value(timed)[..., 0]
    advantages, following = torch.zeros(TRIALS, PULLS + 1), nn.functional.pad(values, (0, 1))
    for t in reversed(range(PULLS)):
        error = rewards[:, t] + DISCOUNT * following[:, t + 1] - values[:, t]
        advantages[:, t] = error + DISCOUNT * LAMBDA * advantages[:, t + 1]
    advantages = advantages[:, :PULLS]
    returns = advantages + values
optimizers = [optimizer(n) for n in (policy, value)]
for _ in range(PASSES):
    new = Categorical(logits=policy(inputs))
    ratio = (new.log_prob(arms) - old.log_prob(arms)).exp()
    gain = torch.min(ratio * advantages, ratio.clamp(1 - CLIP, 1 + CLIP) * advantages)
    losses = [-(gain + ENTROPY * new.entropy()).mean(), nn.functional.huber_loss(value(timed)[..., 0], returns)]
    report = [losses[0], losses[1], new.entropy().mean(), kl_divergence(old, new).mean()]
    for loss, step_of in zip(losses, optimizers):
        step_of.zero_grad()
        loss.backward()
        step_of.step()

found = {"policy": nn.utils.parameters_to_vector(policy.parameters()), "value": nn.utils.parameters_to_vector(value.parameters()), "report": torch.stack(report)}
with open(pathlib.Path(__file__).with_suffix(".csv"), "w", newline="") as file:
    for name, numbers_of in found.items():
        csv.writer(file).writerow([name] + [f"{v:.10g}" for v in numbers_of.detach().flatten().tolist()])
