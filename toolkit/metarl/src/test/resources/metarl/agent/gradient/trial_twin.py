"""Writes trial_twin.csv: a whole update of a policy and a value with recurrent units on trials, by PyTorch, with everything switched on that is off otherwise.

Run once with torch 2.7.1:  python trial_twin.py
Advantages and returns in units of reward, Huber's loss, AdamW that leaves biases alone, another epsilon. One row per quantity: its name, then its values. Networks
are flattened array by array: input weights, recurrent weights, input biases, recurrent biases, last weights, last biases; gates in the order reset, update, new.
"""

import csv
import pathlib

import torch
from torch import nn
from torch.distributions import Categorical, kl_divergence

TRIALS, PULLS, ARMS, HIDDEN = 5, 4, 3, 6
DISCOUNT, LAMBDA, CLIP, ENTROPY, RATE, PASSES, DECAY, EPSILON = 0.9, 0.3, 0.1, 0.05, 0.02, 3, 0.5, 1e-3


def numbers(count, factor, scale=1.0):
    """Numbers in [-scale/2, scale/2] that jump about."""
    return ((torch.arange(count) * factor) % 101 - 50).float() / 101 * scale


class Recurrent(nn.Module):
    def __init__(self, inputs, outputs, factor):
        super().__init__()
        self.memory, self.last = nn.GRU(inputs, HIDDEN, batch_first=True), nn.Linear(HIDDEN, outputs)
        nn.utils.vector_to_parameters(numbers(sum(p.numel() for p in self.parameters()), factor, 1.5), self.parameters())

    def forward(self, x):
        return self.last(self.memory(x)[0])


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

policy, value = Recurrent(ARMS + 3, ARMS, 37), Recurrent(ARMS + 4, 1, 41)
with torch.no_grad():
    old, values = Categorical(logits=policy(inputs)), value(timed)[..., 0]
    advantages, following = torch.zeros(TRIALS, PULLS + 1), nn.functional.pad(values, (0, 1))
    for t in reversed(range(PULLS)):
        error = rewards[:, t] + DISCOUNT * following[:, t + 1] - values[:, t]
        advantages[:, t] = error + DISCOUNT * LAMBDA * advantages[:, t + 1]
    advantages = advantages[:, :PULLS]
    returns = advantages + values
assert 0.2 < ((returns - values).abs() > 1).float().mean() < 0.95, "both parts of Huber's loss are met"
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
