"""Peer of bench/mcatrun.jsh: a short meta-training of MCAT on five HalfCheetah armatures in PyTorch eager and gymnasium, one thread. Prints seconds.

Usage: mcat_run.py RANDOM_STEPS STEPS MODEL_UPDATES. Networks, batches and counts as in the toolkit's small settings: random steps; MODEL_UPDATES of encoder and forward
model and as many of the translator, once; then rounds of five episodes, one per task, by the learned policy, and an update of TD3 with self-imitation per two steps. No
evaluation; nobody transfers, which saves the peer a pass through the translator per step. Windows of the last steps are stored with every transition.
"""

import itertools
import sys
import time

import gymnasium
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

torch.set_num_threads(1)
RANDOM_STEPS, STEPS, MODEL_UPDATES = map(int, sys.argv[1:])
S, A, K, M, Z, TASKS, HORIZON, DELAY = 17, 6, 10, 10, 10, 5, 1000, 500
H, B, DRAWN, SEGMENTS = 128, 128, 2, 64
ARMATURES = [0.1, 0.2, 0.3, 0.5, 0.7]


def mlp(activation, *widths):
    layers = []
    for i, o in itertools.pairwise(widths):
        layers += [nn.Linear(i, o), activation()]
    return nn.Sequential(*layers[:-1])


class Forward(nn.Module):
    """Mean and softly bounded log variance of the normalised change."""

    def __init__(self):
        super().__init__()
        self.net = mlp(nn.SiLU, S + A + Z, 96, 96, 2 * S)
        self.largest, self.least = nn.Parameter(torch.full((S,), 0.5)), nn.Parameter(torch.full((S,), -10.0))

    def forward(self, s, a, z):
        mean, v = self.net(torch.cat([(s - s_mean) / s_dev, (a - a_mean) / a_dev, z], 1)).chunk(2, 1)
        v = self.largest - F.softplus(self.largest - v)
        return mean, self.least + F.softplus(v - self.least)


class Translator(nn.Module):
    def __init__(self):
        super().__init__()
        self.branches = nn.ModuleList(nn.Linear(n, 32) for n in (S, A, Z, Z))
        self.joint = mlp(nn.ReLU, 128, 64, A)

    def forward(self, *inputs):
        return torch.tanh(self.joint(torch.cat([F.relu(b(x)) for b, x in zip(self.branches, inputs)], 1)))


class Critic(nn.Module):
    def __init__(self):
        super().__init__()
        self.one, self.two = mlp(nn.ReLU, S + Z + A, H, H, 1), mlp(nn.ReLU, S + Z + A, H, H, 1)

    def forward(self, *inputs):
        x = torch.cat(inputs, 1)
        return self.one(x), self.two(x)


encoder, forward_model, translator = mlp(nn.ReLU, K * (A + S), 64, 32, Z), Forward(), Translator()
actor, actor_target, critic, critic_target = mlp(nn.ReLU, S + Z, H, H, A), mlp(nn.ReLU, S + Z, H, H, A), Critic(), Critic()
actor_target.load_state_dict(actor.state_dict())
critic_target.load_state_dict(critic.state_dict())
model_optimizer = torch.optim.Adam([*encoder.parameters(), *forward_model.parameters()], lr=1e-3)
translator_optimizer = torch.optim.Adam(translator.parameters(), lr=1e-3)
actor_optimizer, critic_optimizer = torch.optim.Adam(actor.parameters(), lr=1e-3), torch.optim.Adam(critic.parameters(), lr=1e-3)
decays = [(encoder[0], 2.5e-5), (encoder[2], 5e-5), (encoder[4], 7.5e-5), (forward_model.net[0], 2.5e-5), (forward_model.net[2], 5e-5), (forward_model.net[4], 7.5e-5)]
s_mean = a_mean = torch.zeros(1)
s_dev = a_dev = change_mean = change_dev = torch.ones(1)

random = np.random.default_rng(1)
capacity = STEPS // TASKS + HORIZON
data = {k: np.zeros((TASKS, capacity, *n), np.float32) for k, n in dict(s=(S,), a=(A,), r=(1,), n=(S,), b=(1,), p=(), w=(K + 1, A + S)).items()}
environments = []
for armature in ARMATURES:
    e = gymnasium.make("HalfCheetah-v5").unwrapped
    e.model.dof_armature[3:] = armature
    environments.append(e)
size = 0


def episodes(explore):
    """Collects an episode of each task side by side, with late rewards; the window of a transition holds the K steps before it and its own."""
    global size
    s = np.stack([e.reset(seed=int(random.integers(1 << 30)))[0] for e in environments]).astype(np.float32)
    w, earned = np.zeros((TASKS, K + 1, A + S), np.float32), np.zeros(TASKS)
    for t in range(HORIZON):
        if explore:
            with torch.no_grad():
                x = torch.from_numpy(s)
                a = torch.tanh(actor(torch.cat([x, encoder(torch.from_numpy(w[:, 1:]).reshape(TASKS, -1))], 1))).numpy()
            a = np.clip(a + 0.1 * random.standard_normal((TASKS, A)), -1, 1).astype(np.float32)
        else:
            a = random.uniform(-1, 1, (TASKS, A)).astype(np.float32)
        n, paid = np.empty_like(s), np.zeros(TASKS)
        for i, e in enumerate(environments):
            n[i], r = e.step(a[i])[:2]
            earned[i] += r
            if (t + 1) % DELAY == 0 or t + 1 == HORIZON:
                paid[i], earned[i] = earned[i], 0
        w = np.roll(w, -1, axis=1)
        w[:, -1] = np.concatenate([a, n - s], 1)
        for k, v in dict(s=s, a=a, r=paid[:, None], n=n, w=w).items():
            data[k][:, size] = v
        size += 1
        s = n
    to_go = np.zeros((TASKS, 1), np.float32)
    for t in range(size - 1, size - 1 - HORIZON, -1):
        to_go = data["r"][:, t] + 0.99 * to_go
        data["b"][:, t] = to_go
    data["p"][:, size - HORIZON:size] = max(data["p"].max(), 1)


def minimize(optimizer, loss):
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def rows(task, index, keys="sarn"):
    return [torch.from_numpy(data[k][task, index]) for k in keys]


def embed(window):
    return encoder(window.reshape(len(window), -1))


def measure():
    global s_mean, s_dev, a_mean, a_dev, change_mean, change_dev
    s, a, n = (torch.from_numpy(data[k][:, :size].reshape(TASKS * size, -1)) for k in "san")
    s_mean, s_dev, a_mean, a_dev, change_mean, change_dev = s.mean(0), s.std(0), a.mean(0), a.std(0), (n - s).mean(0), (n - s).std(0)


def model_update():
    tasks = random.choice(TASKS, 2, replace=False) if random.random() < 0.5 else np.repeat(random.integers(TASKS), 2)
    loss, embeddings = 0, []
    for task in tasks:
        start = random.integers(0, size // HORIZON, B) * HORIZON + random.integers(0, HORIZON - M + 1, B)
        z = embed(torch.from_numpy(data["w"][task, start][:, :K]) * (start % HORIZON > 0)[:, None, None])
        embeddings.append(z)
        ahead = (start[:, None] + np.argsort(random.random((B, M)), 1)[:, :DRAWN]).reshape(-1)
        s, a, _, n = rows(task, ahead)
        mean, v = forward_model(s, a, z.repeat_interleave(DRAWN, 0))
        change = (n - s - change_mean) / change_dev
        loss = loss + ((change - mean).square() * torch.exp(-v) + v).mean() + 0.01 * (forward_model.largest - forward_model.least).sum()
    for layer, decay in decays:
        loss = loss + 2 * decay * layer.weight.square().sum()
    distance = (embeddings[0] - embeddings[1]).square().sum(1)
    loss = loss + (distance.mean() if tasks[0] == tasks[1] else F.relu(1 - torch.sqrt(distance + 1e-12)).square().mean())
    minimize(model_optimizer, loss.float())


def feature(task, n=SEGMENTS):
    with torch.no_grad():
        return embed(torch.from_numpy(data["w"][task, random.integers(0, size, n), :K])).mean(0, keepdim=True)


def translator_update():
    source, target = random.integers(0, TASKS, 2)
    s, a, _, n = rows(source, random.integers(0, size, B))
    z, goal = feature(source).expand(B, Z), feature(target).expand(B, Z)
    mean, v = forward_model(s, translator((s - s_mean) / s_dev, a, z, goal), goal)
    change = (n - s - change_mean) / change_dev
    minimize(translator_optimizer, 0.5 * ((change - mean).square() * torch.exp(-v) + v).sum(1).mean())


def td3_update(step):
    task, index = random.integers(0, TASKS, B), random.integers(0, size, B)
    s, a, r, n, w = rows(task, index, "sarnw")
    priority = np.cumsum(data["p"][:, :size].reshape(-1) ** 0.6)
    chosen = np.searchsorted(priority, random.random(B) * priority[-1])
    task_b, index_b = chosen // size, chosen % size
    sb, ab, b, wb = rows(task_b, index_b, "sabw")
    weight = torch.from_numpy((data["p"][task_b, index_b] ** -0.06).astype(np.float32))
    with torch.no_grad():
        z, after, zb = embed(w[:, :K]), embed(w[:, 1:]), embed(wb[:, :K])
        noise = (torch.randn(B, A) * 0.2).clamp(-0.5, 0.5)
        next_action = (torch.tanh(actor_target(torch.cat([n, after], 1))) + noise).clamp(-1, 1)
        target = r + 0.99 * torch.min(*critic_target(n, after, next_action))
    one, two = critic(s, z, a)
    first, second = critic(sb, zb, ab)
    gap_one, gap_two = F.relu(b - first), F.relu(b - second)
    loss = F.mse_loss(one, target) + F.mse_loss(two, target) + 0.1 * (weight / weight.max() * (gap_one.square() + gap_two.square())[:, 0]).mean()
    minimize(critic_optimizer, loss)
    data["p"][task_b, index_b] = (gap_one + gap_two).detach().numpy()[:, 0] + 1e-8
    if step % 2 == 1:
        minimize(actor_optimizer, -critic.one(torch.cat([s, z, torch.tanh(actor(torch.cat([s, z], 1)))], 1)).mean())
        with torch.no_grad():
            for theta, new in itertools.chain(zip(actor_target.parameters(), actor.parameters()), zip(critic_target.parameters(), critic.parameters())):
                theta.mul_(0.995).add_(new, alpha=0.005)


start = time.perf_counter()
while TASKS * size < RANDOM_STEPS:
    episodes(False)
measure()
for _ in range(MODEL_UPDATES):
    model_update()
for _ in range(MODEL_UPDATES):
    translator_update()
done = 0
while TASKS * size < STEPS:
    episodes(True)
    for _ in range(TASKS * HORIZON // 2):
        td3_update(done)
        done += 1
print(f"{time.perf_counter() - start:.2f}")
