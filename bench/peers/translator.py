"""Updates of the action translator, and of the dynamics cycle, in PyTorch eager on one thread; sizes and order of operations as released. Prints updates per
second of CPU time.

python translator.py pair|likelihood|features|cycle UPDATES
"""

import math
import sys
import time

import numpy
import torch
import torch.nn.functional as F
from torch import nn

torch.set_num_threads(1)
FORM, UPDATES = sys.argv[1], int(sys.argv[2])
S, A, Z, K, ROWS, POOL = 17, 6, 10, 10, 32 if FORM == "cycle" else 256, 256
FEATURES = FORM == "features"
random = numpy.random.default_rng(1)
# a replay per task, as there is in a training
data = {k: random.standard_normal((2, 10_000, n), dtype=numpy.float32) for k, n in dict(s=S, a=A, n=S, h=K * (S + A)).items()}


def layers(*widths, activation=nn.ReLU, last=None):
    found = []
    for i, o in zip(widths, widths[1:]):
        found += [nn.Linear(i, o), activation()]
    return nn.Sequential(*found[:-1], *([last()] if last else []))


class Joined(nn.Module):
    def __init__(self, inputs, hidden, outputs, last=None):
        super().__init__()
        self.branches = nn.ModuleList([nn.Sequential(nn.Linear(i, 128), nn.ReLU()) for i in inputs])
        self.joint = layers(128 * len(inputs), *hidden, outputs, last=last)

    def forward(self, *inputs):
        return self.joint(torch.cat([branch(x) for branch, x in zip(self.branches, inputs)], 1))


def sample(task, keys):
    drawn = random.integers(0, 10_000, ROWS)
    return [torch.from_numpy(data[k][task][drawn]) for k in keys]


def minimize(optimizer, loss):
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def translation():
    translator = Joined([S, A, Z, Z] if FEATURES else [S, A], [256] * (2 if FEATURES else 1), A, nn.Tanh)
    encoder = layers(K * (S + A), 256, 128, 64, Z)
    body = layers(S + A + (Z if FEATURES else 0), 200, 200, 200, 200, activation=nn.SiLU, last=nn.SiLU)
    means, variances = nn.Linear(200, S), nn.Linear(200, S)
    largest, least = torch.full((1, S), 0.5), torch.full((1, S), -10.0)
    for module in (encoder, body, means, variances):
        module.requires_grad_(False)
    optimizer = torch.optim.Adam(translator.parameters(), lr=3e-4)
    m_s, d_s, m_a, d_a, m_y, d_y = torch.zeros(S), torch.ones(S), torch.zeros(A), torch.ones(A), torch.zeros(S), torch.ones(S)

    def feature(histories):
        with torch.no_grad():
            return encoder(histories).mean(0, keepdim=True).repeat(ROWS, 1)

    def update():
        if FEATURES:
            s, a, n, histories = sample(0, "sanh")
            z_j, z_i = feature(histories), feature(*sample(1, "h"))
            translated = translator(s, a, z_j, z_i)
            x = torch.cat([(s - m_s) / d_s, (translated - m_a) / d_a, z_i], 1)
        else:
            s, a, n = sample(0, "san")
            translated = translator(s, a)
            x = torch.cat([(s - m_s) / d_s, (translated - m_a) / d_a], 1)
        h = body(x)
        mu, v = means(h), variances(h)
        v = largest - F.softplus(largest - v)
        v = least + F.softplus(v - least)
        goal = (n - s - m_y) / d_y
        if FORM == "likelihood":
            loss = 0.5 * ((mu - goal) ** 2 * torch.exp(-v) + v + math.log(2 * math.pi)).sum(1).mean()
        else:
            loss = F.l1_loss(mu, goal)
        minimize(optimizer, loss)
        return loss.item()

    return update


class Pool:
    """Recent actions, one by one as in the release."""

    def __init__(self):
        self.held = []

    def exchanged(self, actions):
        passed = []
        for action in actions:
            if len(self.held) < POOL:
                self.held.append(action)
                passed.append(action)
            elif random.random() > 0.5:
                place = random.integers(0, POOL)
                passed.append(self.held[place])
                self.held[place] = action
            else:
                passed.append(action)
        return torch.stack(passed)


def cycle():
    there, back, forward = Joined([S, A], [256], A, nn.Tanh), Joined([S, A], [256], A, nn.Tanh), Joined([S, A], [256], S)
    judge = layers(A, 256, 64, 2)
    forward.requires_grad_(False)
    maps = torch.optim.Adam([*there.parameters(), *back.parameters()], lr=1e-3)
    judges = torch.optim.Adam(judge.parameters(), lr=1e-3)
    made, real = Pool(), Pool()

    def judged(actions, label):
        said = judge(actions)
        return F.mse_loss(said, torch.full_like(said, label))

    def update():
        (actions,) = sample(0, "a")
        s, a, n = sample(1, "san")
        translated = there(s, a)
        dynamics = F.l1_loss(forward(s, translated), n)
        returned = F.l1_loss(back(s, translated), a)
        minimize(judges, (judged(made.exchanged(translated.detach()), 0) + judged(real.exchanged(actions), 1)) / 2)
        judge.requires_grad_(False)
        loss = 20 * dynamics + returned + judged(translated, 1)
        minimize(maps, loss)
        judge.requires_grad_(True)
        return dynamics.item(), returned.item(), loss.item()

    return update


update = cycle() if FORM == "cycle" else translation()
for _ in range(30):
    update()
start = time.thread_time()
for _ in range(UPDATES):
    update()
print(UPDATES / (time.thread_time() - start))
