"""Peer of bench/planning.jsh: random shooting through a learned model, one compiled JAX function, on one core; the draws and the rewards included.

Usage: planning_jax.py OBSERVATIONS ACTIONS HIDDEN DEPTH COUNT. Prints control steps per second of CPU time of the whole process.
"""

import sys
import time

import one_core  # noqa: F401
import jax
import jax.numpy as jnp
import numpy as np

OBSERVATIONS, ACTIONS, HIDDEN, DEPTH, COUNT = (int(a) for a in sys.argv[1:])
CANDIDATES, HORIZON = 500, 15
WIDTHS = [OBSERVATIONS + ACTIONS] + DEPTH * [HIDDEN] + [OBSERVATIONS]
random = np.random.default_rng(1)


def uniform(bound, *shape):
    return jnp.asarray(random.uniform(-bound, bound, shape), jnp.float32)


layers = [(uniform(i**-0.5, i, o), uniform(i**-0.5, o)) for i, o in zip(WIDTHS, WIDTHS[1:])]
units = jnp.zeros(WIDTHS[0]), jnp.ones(WIDTHS[0]), jnp.zeros(OBSERVATIONS), jnp.ones(OBSERVATIONS)


def reward(before, action, after):
    if OBSERVATIONS == 3:
        angle = jnp.arctan2(before[:, 1], before[:, 0])
        return -(jnp.square(angle) + 0.1 * jnp.square(before[:, 2]) + 0.004 * jnp.square(action[:, 0]))
    return after[:, 8] - 0.05 * jnp.square(action).sum(1)


@jax.jit
def plan(layers, units, seen, key):
    actions = jax.random.uniform(key, (HORIZON, CANDIDATES, ACTIONS), minval=-1, maxval=1)

    def step(state, action):
        h = (jnp.concatenate([state, action], 1) - units[0]) / units[1]
        for w, b in layers[:-1]:
            h = jax.nn.relu(h @ w + b)
        after = state + (h @ layers[-1][0] + layers[-1][1]) * units[3] + units[2]
        return after, reward(state, action, after)

    rewards = jax.lax.scan(step, jnp.broadcast_to(seen, (CANDIDATES, OBSERVATIONS)), actions)[1]
    return actions[0, rewards.sum(0).argmax()]


seen = random.uniform(-1, 1, OBSERVATIONS).astype(np.float32)
for i in range(-COUNT // 5 - 1, COUNT):
    if i == 0:
        start = time.process_time()
    np.asarray(plan(layers, units, seen, jax.random.key(i + COUNT)))
print(f"{COUNT / (time.process_time() - start):.2f}")
