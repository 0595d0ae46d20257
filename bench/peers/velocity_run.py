"""Peer of bench/run.jsh: a short meta-training of TD3 with context on HalfCheetah velocity in PyTorch eager and gymnasium, one thread. Prints seconds.

Usage: velocity_run.py RANDOM_STEPS UPDATES. Networks, batches, schedule and counts as in the toolkit's released settings: random steps, then episodes of 200
steps with exploration noise, one update per step. No evaluation.
"""

import sys
import time

import gymnasium
import numpy as np
import torch
import torch.nn.functional as F

RANDOM_STEPS, UPDATES = int(sys.argv[1]), int(sys.argv[2])
# the networks and their update are those of td3.py, which reads its own arguments
sys.argv = ["td3.py", "20", "0"]
source = open(__file__.replace("velocity_run", "td3")).read()
namespace = {}
exec(source.split("random = np.random.default_rng(1)")[0], namespace)
actor, actor_target, critic, critic_target = (namespace[n] for n in ("actor", "actor_target", "critic", "critic_target"))
actor_optimizer, critic_optimizer = namespace["actor_optimizer"], namespace["critic_optimizer"]
S, A, L, B = 20, 6, 20, 256
random = np.random.default_rng(1)
capacity = RANDOM_STEPS + UPDATES + 200
data = {"s": np.zeros((capacity, S), np.float32), "a": np.zeros((capacity, A), np.float32), "r": np.zeros((capacity, 1), np.float32),
        "n": np.zeros((capacity, S), np.float32), "w": np.zeros((capacity, L + 1, A + 1 + S), np.float32)}
environment = gymnasium.make("HalfCheetah-v5").unwrapped
size = 0


def observe():
    d = environment.data
    return np.concatenate([d.qpos[1:], d.qvel, d.body("torso").xpos]).astype(np.float32)


def episode(explore):
    """Collects 200 steps; the window of a transition holds the 20 triples before it and its own."""
    global size
    environment.reset(seed=int(random.integers(1 << 30)))
    speed = random.uniform(0, 3)
    s = observe()
    window = np.zeros((L + 1, A + 1 + S), np.float32)
    window[-1, A + 1:] = s
    for _ in range(200):
        if explore:
            with torch.no_grad():
                a = actor(torch.from_numpy(s[None]), torch.from_numpy(window[None, 1:])).numpy()[0]
            a = np.clip(a + 0.3 * random.standard_normal(A), -1, 1).astype(np.float32)
        else:
            a = random.uniform(-1, 1, A).astype(np.float32)
        x = environment.data.qpos[0]
        environment.step(a)
        r = -abs((environment.data.qpos[0] - x) / 0.05 - speed) - 0.05 * np.square(a).sum()
        n = observe()
        window = np.roll(window, -1, axis=0)
        window[-1] = np.concatenate([a, [r], s])
        data["s"][size], data["a"][size], data["r"][size], data["n"][size], data["w"][size] = s, a, r, n, window
        size += 1
        s = n


def update(step):
    rows = random.integers(0, size, B)
    s, a, r, n, w = (torch.from_numpy(data[k][rows]) for k in "sarnw")
    before, after = w[:, :-1], w[:, 1:]
    with torch.no_grad():
        noise = (torch.randn(B, A) * 0.3).clamp(-0.5, 0.5)
        target = r + 0.99 * torch.min(*critic_target(n, (actor_target(n, after) + noise).clamp(-1, 1), after))
    one, two = critic(s, a, before)
    loss = F.mse_loss(one, target) + F.mse_loss(two, target)
    critic_optimizer.zero_grad()
    loss.backward()
    critic_optimizer.step()
    if step % 2 == 1:
        actor_loss = -critic.first(s, actor(s, before), before).mean()
        actor_optimizer.zero_grad()
        actor_loss.backward()
        actor_optimizer.step()
        with torch.no_grad():
            for network, slow in ((actor, actor_target), (critic, critic_target)):
                for p, q in zip(network.parameters(), slow.parameters()):
                    q.lerp_(p, 0.005)


start = time.perf_counter()
while size < RANDOM_STEPS:
    episode(False)
done = 0
while done < UPDATES:
    episode(True)
    for _ in range(min(200, UPDATES - done)):
        update(done)
        done += 1
print(f"{time.perf_counter() - start:.2f}")
