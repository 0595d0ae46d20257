"""Peer of bench/psrl.jsh: posterior sampling on random tabular processes (10 states, 5 actions, 10 steps, 10 episodes), plain numpy on one thread.

Prints trials/s.
"""

import sys
import time

import numpy as np

STATES, ACTIONS, HORIZON, EPISODES = 10, 5, 10, 10
random = np.random.default_rng(1)


def plan(rewards, transitions):
    """The best action of every step and state."""
    best, policy = np.zeros(STATES), np.empty((HORIZON, STATES), dtype=int)
    for h in reversed(range(HORIZON)):
        values = rewards + transitions @ best
        policy[h] = values.argmax(axis=1)
        best = values.max(axis=1)
    return policy


def trial():
    gammas = random.standard_exponential((STATES, ACTIONS, STATES))
    truth = (gammas / gammas.sum(axis=2, keepdims=True)).cumsum(axis=2)
    true_rewards = random.normal(1, 1, (STATES, ACTIONS))
    counts, mean, precision = np.ones((STATES, ACTIONS, STATES)), np.ones((STATES, ACTIONS)), np.ones((STATES, ACTIONS))
    total = 0
    for _ in range(EPISODES):
        drawn = random.standard_gamma(counts)
        policy = plan(random.normal(mean, 1 / np.sqrt(precision)), drawn / drawn.sum(axis=2, keepdims=True))
        state = 0
        for h in range(HORIZON):
            action = policy[h, state]
            reward = true_rewards[state, action] + random.normal()
            following = min(np.searchsorted(truth[state, action], random.random(), side="right"), STATES - 1)
            total += reward
            mean[state, action] += (reward - mean[state, action]) / (precision[state, action] + 1)
            precision[state, action] += 1
            if h < HORIZON - 1:
                counts[state, action, following] += 1
            state = following
    return total


trials = int(sys.argv[1])
trial()
start = time.perf_counter()
mean = sum(trial() for _ in range(trials)) / trials
rate = trials / (time.perf_counter() - start)
print(f"mean total reward {mean:.1f}", file=sys.stderr)
print(f"{rate:.1f}")
