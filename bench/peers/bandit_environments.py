"""Bernoulli bandits in gymnasium's vector of environments: what the peers trials.py and trials_jax.py share. One pull is one episode."""

import gymnasium
import numpy as np


class Bandit(gymnasium.Env):
    observation_space = gymnasium.spaces.Box(-np.inf, np.inf, (1,), np.float32)

    def __init__(self, means):
        self.means = means
        self.action_space = gymnasium.spaces.Discrete(len(means))

    def reset(self, seed=None, options=None):
        super().reset(seed=seed)
        return np.zeros(1, np.float32), {}

    def step(self, action):
        return np.zeros(1, np.float32), float(self.np_random.random() < self.means[action]), True, False, {}


def bandits(means):
    return gymnasium.vector.SyncVectorEnv([lambda m=m: Bandit(m) for m in means], autoreset_mode=gymnasium.vector.AutoresetMode.SAME_STEP)
