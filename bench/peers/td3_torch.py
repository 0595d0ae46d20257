"""TD3, with a GRU context if asked for, in PyTorch eager on one thread: what the peers td3.py and velocity_run.py share. Sizes and schedule as in the toolkit."""

import itertools

import torch
import torch.nn.functional as F
from torch import nn

torch.set_num_threads(1)
S, A, CONTEXT, H, B = 20, 6, 15, 300, 256


def mlp(inputs, outputs):
    return nn.Sequential(nn.Linear(inputs, H), nn.ReLU(), nn.Linear(H, H), nn.ReLU(), nn.Linear(H, outputs))


class Encoded(nn.Module):
    """Puts the context of a window behind an input; without context the input stays as it is."""

    def __init__(self, length):
        super().__init__()
        self.gru = nn.GRU(A + 1 + S, CONTEXT, batch_first=True) if length else None

    def join(self, inputs, window):
        return torch.cat([*inputs, self.gru(window)[1][0]] if self.gru else inputs, 1)


class Actor(Encoded):
    def __init__(self, length):
        super().__init__(length)
        self.head = mlp(S + (CONTEXT if length else 0), A)

    def forward(self, s, window):
        return torch.tanh(self.head(self.join([s], window)))


class Critic(Encoded):
    def __init__(self, length):
        super().__init__(length)
        inputs = S + A + (CONTEXT if length else 0)
        self.one, self.two = mlp(inputs, 1), mlp(inputs, 1)

    def forward(self, s, a, window):
        x = self.join([s, a], window)
        return self.one(x), self.two(x)

    def first(self, s, a, window):
        return self.one(self.join([s, a], window))


class Td3:
    def __init__(self, length):
        self.length = length
        self.actor, self.actor_target, self.critic, self.critic_target = Actor(length), Actor(length), Critic(length), Critic(length)
        self.actor_optimizer = torch.optim.Adam(self.actor.parameters(), lr=1e-3)
        self.critic_optimizer = torch.optim.Adam(self.critic.parameters(), lr=1e-3)

    def update(self, step, data, rows):
        """One critic update on these rows of the arrays s, a, r, n and w (windows), and every second time one of the actor and the targets."""
        s, a, r, n, w = (torch.from_numpy(data[k][rows]) for k in "sarnw")
        before, after = (w[:, :-1], w[:, 1:]) if self.length else (None, None)
        with torch.no_grad():
            noise = (torch.randn(B, A) * 0.3).clamp(-0.5, 0.5)
            target = r + 0.99 * torch.min(*self.critic_target(n, (self.actor_target(n, after) + noise).clamp(-1, 1), after))
        one, two = self.critic(s, a, before)
        loss = F.mse_loss(one, target) + F.mse_loss(two, target)
        self.critic_optimizer.zero_grad()
        loss.backward()
        self.critic_optimizer.step()
        loss.item()
        if step % 2 == 1:
            actor_loss = -self.critic.first(s, self.actor(s, before), before).mean()
            self.actor_optimizer.zero_grad()
            actor_loss.backward()
            self.actor_optimizer.step()
            with torch.no_grad():
                pairs = zip(self.actor_target.parameters(), self.actor.parameters()), zip(self.critic_target.parameters(), self.critic.parameters())
                for theta, new in itertools.chain(*pairs):
                    theta.mul_(0.995).add_(new, alpha=0.005)
