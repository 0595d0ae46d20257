"""Peer of bench/snail.jsh: SNAIL in PyTorch eager mode on Bernoulli bandits, one thread, gymnasium's vector of environments. Prints trials per second of processor time.

Usage: snail.py act TRIALS PULLS ARMS      trials/s, each layer's past activations cached
       snail.py again TRIALS PULLS ARMS    trials/s, the whole past computed again at every pull
       snail.py update TRIALS PULLS ARMS   trials/s of an update of one pass: outputs of the policy and values of all, then losses, gradients and steps of Adam, in batches of 32
The network: dense 32, two blocks of gated convolutions (32 filters), attention 32/32; the value has 16 filters. One pull is one episode.
"""

import math
import sys
import time

import numpy as np
import torch
from bandit_environments import bandits
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)
MODE = sys.argv[1]
TRIALS, PULLS, ARMS = map(int, sys.argv[2:5])
BATCH = min(32, TRIALS)


class Convolution(nn.Module):
    """tanh and gate, put beside what was read."""

    def __init__(self, inputs, filters, dilation):
        super().__init__()
        self.dilation = dilation
        self.both = nn.Conv1d(inputs, 2 * filters, 2, dilation=dilation)

    def forward(self, x):
        a, s = self.both(F.pad(x, (self.dilation, 0))).chunk(2, 1)
        return torch.cat([x, a.tanh() * s.sigmoid()], 1)

    def begin(self, rows):
        return [torch.zeros(rows, self.both.in_channels) for _ in range(self.dilation)]

    def step(self, x, past, t):
        place = t % self.dilation
        a, s = F.linear(torch.cat([past[place], x], 1), self.kernel, self.both.bias).chunk(2, 1)
        past[place] = x
        return torch.cat([x, a.tanh() * s.sigmoid()], 1)

    def prepare(self):
        self.kernel = torch.cat([self.both.weight[:, :, 0], self.both.weight[:, :, 1]], 1).contiguous()


class Attention(nn.Module):
    def __init__(self, inputs, keys, values):
        super().__init__()
        self.keys, self.values = keys, values
        self.all = nn.Linear(inputs, 2 * keys + values, bias=False)

    def forward(self, x):
        q, k, v = self.all(x.transpose(1, 2)).split([self.keys, self.keys, self.values], 2)
        return torch.cat([x, F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2)], 1)

    def begin(self, rows):
        return [torch.zeros(rows, PULLS, self.keys), torch.zeros(rows, PULLS, self.values)]

    def step(self, x, past, t):
        q, k, v = self.all(x).split([self.keys, self.keys, self.values], 1)
        past[0][:, t], past[1][:, t] = k, v
        weights = torch.softmax(torch.bmm(past[0][:, : t + 1], q[:, :, None]) / math.sqrt(self.keys), 1)
        return torch.cat([x, torch.bmm(weights.transpose(1, 2), past[1][:, : t + 1])[:, 0]], 1)

    def prepare(self):
        pass


class Snail(nn.Module):
    def __init__(self, inputs, filters, outputs):
        super().__init__()
        self.first = nn.Linear(inputs, 32)
        width, layers = 32, []
        for _ in range(2):
            for level in range(math.ceil(math.log2(PULLS))):
                layers.append(Convolution(width, filters, 2**level))
                width += filters
        layers.append(Attention(width, 32, 32))
        self.layers, self.head = nn.ModuleList(layers), nn.Linear(width + 32, outputs)

    def forward(self, x):
        h = self.first(x).relu().transpose(1, 2)
        for layer in self.layers:
            h = layer(h)
        return self.head(h.transpose(1, 2))

    def begin(self, rows):
        for layer in self.layers:
            layer.prepare()
        return [layer.begin(rows) for layer in self.layers]

    def step(self, x, past, t):
        h = self.first(x).relu()
        for layer, own in zip(self.layers, past):
            h = layer.step(h, own, t)
        return self.head(h)


random = np.random.default_rng(1)
inputs = 1 + ARMS + 2
policy, value = Snail(inputs, 32, ARMS), Snail(inputs + 1, 16, 1)


@torch.no_grad()
def act(environments, seed, cached):
    observation, _ = environments.reset(seed=seed)
    past, last, seen = policy.begin(TRIALS), torch.zeros(TRIALS, ARMS + 2), torch.zeros(TRIALS, PULLS, inputs)
    last[:, -1] = 1
    for t in range(PULLS):
        x = torch.cat([torch.from_numpy(observation), last], 1)
        if cached:
            logits = policy.step(x, past, t)
        else:
            seen[:, t] = x
            logits = policy(seen[:, : t + 1])[:, -1]
        action = torch.distributions.Categorical(logits=logits).sample()
        observation, reward, done, _, _ = environments.step(action.numpy())
        last = torch.cat([F.one_hot(action, ARMS).float(), torch.from_numpy(reward).float()[:, None], torch.from_numpy(done).float()[:, None]], 1)


def update(optimizers):
    x, timed = torch.rand(TRIALS, PULLS, inputs), torch.rand(TRIALS, PULLS, inputs + 1)
    actions, advantages, returns = torch.randint(0, ARMS, (TRIALS, PULLS)), torch.randn(TRIALS, PULLS), torch.randn(TRIALS, PULLS)
    with torch.no_grad():
        old = torch.cat([torch.distributions.Categorical(logits=policy(x[i])).log_prob(actions[i]) for i in torch.arange(TRIALS).split(BATCH)])
        values = torch.cat([value(timed[i]) for i in torch.arange(TRIALS).split(BATCH)])
    for i in torch.randperm(TRIALS).split(BATCH):
        distribution = torch.distributions.Categorical(logits=policy(x[i]))
        ratio = (distribution.log_prob(actions[i]) - old[i]).exp()
        gain = torch.min(ratio * advantages[i], ratio.clamp(0.8, 1.2) * advantages[i])
        losses = [-gain.mean() - 0.01 * distribution.entropy().mean(), F.mse_loss(value(timed[i])[:, :, 0], returns[i])]
        for loss, optimizer in zip(losses, optimizers):
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


if MODE == "check":
    x, past = torch.rand(TRIALS, PULLS, inputs), policy.begin(TRIALS)
    with torch.no_grad():
        whole = policy(x)
        print(max((whole[:, t] - policy.step(x[:, t], past, t)).abs().max().item() for t in range(PULLS)))
    sys.exit()
if MODE == "update":
    optimizers = [torch.optim.Adam(n.parameters(), lr=1e-3) for n in (policy, value)]
    run = lambda i: update(optimizers)
else:
    environments = bandits(random.random((TRIALS, ARMS)))
    run = lambda i: act(environments, i, MODE == "act")
run(0)
rounds = 1 if MODE == "again" else 3
start = time.process_time()
for i in range(rounds):
    run(i)
print(f"{rounds * TRIALS / (time.process_time() - start):.1f}")
