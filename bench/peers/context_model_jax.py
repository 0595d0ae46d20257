"""Peer of bench/context.jsh: the updates of context_model.py as one compiled JAX function, on one core; the draws of the batches included.

Usage: context_model_jax.py BATCH STEPS HIDDEN LAYERS COUNT ENCODER_WIDTH... Prints updates per second of CPU time of the whole process.
"""

import sys
import time

import one_core  # noqa: F401
import jax
import jax.numpy as jnp
import numpy as np

BATCH, STEPS, HIDDEN, LAYERS, COUNT, *ENCODER = (int(a) for a in sys.argv[1:])
OBSERVATION, ACTION, HISTORY, AHEAD, CONTEXT, TASKS, STORED, EPISODE = 17, 6, 10, 10, 10, 5, 20_000, 1_000
ENCODER_DECAY, FORWARD_DECAY, RATE = [2.5e-5, 5e-5, 7.5e-5], [2.5e-5, 5e-5, 7.5e-5, 7.5e-5, 1e-4], 2e-4
random = np.random.default_rng(1)


def perceptron(widths):
    return [(jnp.asarray(random.uniform(-(i**-0.5), i**-0.5, (i, o)), jnp.float32), jnp.asarray(random.uniform(-(i**-0.5), i**-0.5, o), jnp.float32)) for i, o in zip(widths, widths[1:])]


def said(layers, x, activation):
    for w, b in layers[:-1]:
        x = activation(x @ w + b)
    return x @ layers[-1][0] + layers[-1][1]


def decay(layers, decays):
    return sum(decays[min(i, len(decays) - 1)] * (jnp.linalg.norm(w) + jnp.linalg.norm(b)) for i, (w, b) in enumerate(layers))


parameters = {
    "encoder": perceptron([HISTORY * (ACTION + OBSERVATION), *ENCODER, CONTEXT]),
    "forward": perceptron([OBSERVATION + ACTION + CONTEXT] + LAYERS * [HIDDEN] + [2 * OBSERVATION]),
    "largest": jnp.full(OBSERVATION, 0.5),
    "least": jnp.full(OBSERVATION, -10.0),
}
observations = jnp.asarray(random.standard_normal((TASKS, STORED, OBSERVATION)), jnp.float32)
actions = jnp.asarray(random.uniform(-1, 1, (TASKS, STORED, ACTION)), jnp.float32)
changes = jnp.asarray(random.standard_normal((TASKS, STORED, OBSERVATION)), jnp.float32)
steps = jnp.concatenate([actions, changes], 2)
units = jnp.zeros(OBSERVATION + ACTION), jnp.ones(OBSERVATION + ACTION), jnp.zeros(OBSERVATION), jnp.ones(OBSERVATION), jnp.zeros(ACTION + OBSERVATION), jnp.ones(ACTION + OBSERVATION)


def loss(parameters, units, batch):
    same, history, x, y = batch
    z = said(parameters["encoder"], ((history - units[4]) / units[5]).reshape(2 * BATCH, -1), jax.nn.relu)
    told = jnp.concatenate([(x - units[0]) / units[1], jnp.repeat(z, STEPS, 0)], 1)
    mean, free = jnp.split(said(parameters["forward"], told, jax.nn.silu), 2, 1)
    largest, least = parameters["largest"], parameters["least"]
    v = largest - jax.nn.softplus(largest - free)
    v = least + jax.nn.softplus(v - least)
    likelihood = ((((y - units[2]) / units[3] - mean) ** 2) * jnp.exp(-v) + v).mean()
    distance = jnp.sqrt(((z[:BATCH] - z[BATCH:]) ** 2).sum(1) + 1e-12)
    contrastive = jnp.where(same, distance**2, jnp.maximum(0, 1 - distance) ** 2).mean()
    decayed = decay(parameters["encoder"], ENCODER_DECAY) + decay(parameters["forward"], FORWARD_DECAY)
    return 2 * (likelihood + 0.01 * (largest - least).sum() + decayed) + contrastive


def drawn(data, key, task):
    observations, actions, changes, steps = data
    a, b, c = jax.random.split(key, 3)
    start = jax.random.randint(a, (BATCH,), 0, STORED // EPISODE) * EPISODE + jax.random.randint(b, (BATCH,), HISTORY, EPISODE - AHEAD)
    history = steps[task, start[:, None] + jnp.arange(-HISTORY, 0)]
    ahead = jnp.broadcast_to(jnp.arange(AHEAD), (BATCH, AHEAD))
    if STEPS < AHEAD:
        ahead = jax.random.uniform(c, (BATCH, AHEAD)).argsort(1)[:, :STEPS]
    rows = (start[:, None] + ahead).flatten()
    return history, jnp.concatenate([observations[task, rows], actions[task, rows]], 1), changes[task, rows]


@jax.jit
def update(state, units, data, key):
    parameters, first, second, count = state
    a, b, c, d = jax.random.split(key, 4)
    same = jax.random.uniform(a) < 0.5
    one, two = jax.random.permutation(b, TASKS)[:2]
    batches = drawn(data, c, one), drawn(data, d, jnp.where(same, one, two))
    batch = same, *(jnp.concatenate(pair) for pair in zip(*batches))
    value, gradient = jax.value_and_grad(loss)(parameters, units, batch)
    count += 1
    first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, gradient)
    second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, second, gradient)
    parameters = jax.tree.map(lambda p, m, v: p - RATE * m / (1 - 0.9**count) / (jnp.sqrt(v / (1 - 0.999**count)) + 1e-8), parameters, first, second)
    return (parameters, first, second, count), value


zeros = jax.tree.map(jnp.zeros_like, parameters)
state, data = (parameters, zeros, zeros, jnp.zeros(())), (observations, actions, changes, steps)
for i in range(-COUNT // 5 - 1, COUNT):
    if i == 0:
        start = time.process_time()
    state, value = update(state, units, data, jax.random.key(i + COUNT))
    float(value)
print(f"{COUNT / (time.process_time() - start):.2f}")
