"""Peer of bench/metagradient.jsh: MAML's outer gradient through one inner step and one step of Adam, one compiled JAX function over all tasks, on one core.

Usage: metagradient_jax.py TASKS ROWS COUNT. Prints meta-gradients per second of CPU time of the whole process. Policy and data as in metagradient.py.
"""

import sys
import time

import one_core  # noqa: F401
import jax
import jax.numpy as jnp
import numpy as np
import optax

TASKS, ROWS, COUNT = (int(a) for a in sys.argv[1:])
OBSERVATION, ACTION, HIDDEN, RATE = 2, 2, 64, 0.5
random = np.random.default_rng(1)
SHAPES = [(OBSERVATION, HIDDEN), (HIDDEN,), (HIDDEN, HIDDEN), (HIDDEN,), (HIDDEN, ACTION), (ACTION,), (ACTION,)]
optimizer = optax.adam(1e-9)


def round_of_episodes():
    return (random.random((TASKS, ROWS, OBSERVATION), np.float32), random.standard_normal((TASKS, ROWS, ACTION), np.float32),
            random.standard_normal((TASKS, ROWS), np.float32))


ROUNDS = round_of_episodes(), round_of_episodes()


def surrogate(p, observations, actions, advantages):
    h = jnp.tanh(jnp.tanh(observations @ p[0] + p[1]) @ p[2] + p[3])
    z = (actions - (h @ p[4] + p[5])) * jnp.exp(-p[6])
    log = (-0.5 * jnp.square(z) - p[6] - 0.5 * np.log(2 * np.pi)).sum(-1)
    return -(jnp.exp(log - jax.lax.stop_gradient(log)) * advantages).mean()


def of_task(theta, first, second):
    adapted = jax.tree.map(lambda a, g: a - RATE * g, theta, jax.grad(surrogate)(theta, *first))
    return surrogate(adapted, *second)


@jax.jit
def step(theta, moments, first, second):
    loss, gradient = jax.value_and_grad(lambda p: jax.vmap(of_task, (None, 0, 0))(p, first, second).mean())(theta)
    change, moments = optimizer.update(gradient, moments)
    return optax.apply_updates(theta, change), moments, loss


theta = [jnp.asarray(random.standard_normal(s) * 0.1, jnp.float32) for s in SHAPES]
moments = optimizer.init(theta)
for i in range(-COUNT // 5 - 1, COUNT):
    if i == 0:
        start = time.process_time()
    theta, moments, loss = step(theta, moments, *ROUNDS)
    loss.item()
print(f"{COUNT / (time.process_time() - start):.3f}")
