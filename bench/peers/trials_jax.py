"""Peer of bench/trials.jsh: a GRU policy on Bernoulli bandits in JAX, on one core. Prints trials/s, stepping gymnasium's vector of environments, then with the bandits
written in JAX, too, and all pulls of all trials one compiled function.

Usage: trials_jax.py TRIALS PULLS ARMS. One pull is one episode; the memory lasts for a trial.
"""

import sys
import time

import one_core  # noqa: F401
import jax
import jax.numpy as jnp
import numpy as np
from bandit_environments import bandits

TRIALS, PULLS, ARMS = map(int, sys.argv[1:4])
STATE, INPUT = 64, 1 + ARMS + 2
random = np.random.default_rng(1)
means = random.random((TRIALS, ARMS))
environments = bandits(means)


def weights(inputs, outputs):
    return jnp.asarray(random.uniform(-1, 1, (inputs, outputs)) * inputs**-0.5, jnp.float32)


X, W, HEAD = weights(INPUT, 3 * STATE), weights(STATE, 3 * STATE), weights(STATE, ARMS)


def pull(state, inputs, key):
    """The next state, and the arm that is drawn from it; biases, which are 0 at first, are left out."""
    (xr, xz, xn), (hr, hz, hn) = jnp.split(inputs @ X, 3, -1), jnp.split(state @ W, 3, -1)
    z = jax.nn.sigmoid(xz + hz)
    state = (1 - z) * jnp.tanh(xn + jax.nn.sigmoid(xr + hr) * hn) + z * state
    return state, jax.random.categorical(key, state @ HEAD)


def next_inputs(action, reward, done):
    one = jnp.ones((TRIALS, 1))
    return jnp.concatenate([0 * one, jax.nn.one_hot(action, ARMS), reward[:, None] * one, done * one], 1)


FIRST = jnp.zeros((TRIALS, STATE)), next_inputs(jnp.full(TRIALS, -1), jnp.zeros(TRIALS), 1)


@jax.jit
def step(state, inputs, key):
    key, drawn = jax.random.split(key)
    state, action = pull(state, inputs, drawn)
    return state, action, key


with_last = jax.jit(lambda action, reward: next_inputs(action, reward, 1))


def by_gymnasium(seed):
    environments.reset(seed=seed)
    (state, inputs), key = FIRST, jax.random.key(seed)
    for _ in range(PULLS):
        state, action, key = step(state, inputs, key)
        _, reward, _, _, _ = environments.step(np.asarray(action))
        inputs = with_last(action, reward.astype(np.float32))


@jax.jit
def compiled(seed):
    def one(carry, key):
        (state, inputs), (draw, pay) = carry, jax.random.split(key)
        state, action = pull(state, inputs, draw)
        reward = jax.random.bernoulli(pay, jnp.take_along_axis(jnp.asarray(means, jnp.float32), action[:, None], 1)[:, 0]).astype(jnp.float32)
        return (state, next_inputs(action, reward, 1)), (action, reward)

    return jax.lax.scan(one, FIRST, jax.random.split(jax.random.key(seed), PULLS))[1]


def rate(run):
    jax.block_until_ready(run(0))
    start = time.perf_counter()
    for i in range(3):
        jax.block_until_ready(run(i))
    return 3 * TRIALS / (time.perf_counter() - start)


print(f"{rate(by_gymnasium):.1f} {rate(compiled):.1f}")
