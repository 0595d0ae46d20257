"""Peer of bench/update.jsh: TD3, with a GRU context if asked for, one compiled JAX function per update, on one core. Prints updates per second of CPU
time of the whole process.

Usage: td3_jax.py CONTEXT_LENGTH UPDATES. Sizes, schedule and data path as in td3.py: batches are drawn from arrays and handed over as arrays.
"""

import sys
import time

import one_core  # noqa: F401
import jax
import jax.numpy as jnp
import numpy as np
import optax

S, A, CONTEXT, H, B, N = 20, 6, 15, 300, 256, 10_000
LENGTH, UPDATES = int(sys.argv[1]), int(sys.argv[2])
random = np.random.default_rng(1)
data = {"s": random.random((N, S), np.float32), "a": random.random((N, A), np.float32), "r": random.random((N, 1), np.float32),
        "n": random.random((N, S), np.float32), "w": random.random((N, LENGTH + 1, A + 1 + S), np.float32) if LENGTH else np.zeros((N, 1), np.float32)}


def linear(inputs, outputs):
    bound = inputs**-0.5
    return {"w": jnp.asarray(random.uniform(-bound, bound, (inputs, outputs)), jnp.float32), "b": jnp.zeros(outputs)}


def mlp(inputs, outputs):
    return [linear(inputs, H), linear(H, H), linear(H, outputs)]


def with_context(heads):
    return heads | ({"x": linear(A + 1 + S, 3 * CONTEXT), "h": linear(CONTEXT, 3 * CONTEXT)} if LENGTH else {})


def apply(layer, x):
    return x @ layer["w"] + layer["b"]


def forward(layers, x):
    return apply(layers[2], jax.nn.relu(apply(layers[1], jax.nn.relu(apply(layers[0], x)))))


def join(network, inputs, window):
    """Puts the last hidden state of the GRU over a window behind an input; without context the input stays as it is."""
    if not LENGTH:
        return jnp.concatenate(inputs, 1)

    def step(h, x):
        (xr, xz, xn), (hr, hz, hn) = jnp.split(x, 3, -1), jnp.split(apply(network["h"], h), 3, -1)
        z = jax.nn.sigmoid(xz + hz)
        return (1 - z) * jnp.tanh(xn + jax.nn.sigmoid(xr + hr) * hn) + z * h, None

    # a loop: faster here than one unrolled by 5 or by all steps
    context, _ = jax.lax.scan(step, jnp.zeros((len(window), CONTEXT)), jnp.swapaxes(apply(network["x"], window), 0, 1))
    return jnp.concatenate([*inputs, context], 1)


def act(actor, s, window):
    return jnp.tanh(forward(actor["one"], join(actor, [s], window)))


def values(critic, s, a, window):
    x = join(critic, [s, a], window)
    return forward(critic["one"], x), forward(critic["two"], x)


actor_optimizer = critic_optimizer = optax.adam(1e-3)


def update(state, batch, key, both):
    """One critic update, and if asked for one of the actor and the targets."""
    actor, critic, actor_target, critic_target, actor_moments, critic_moments = state
    s, a, r, n, w = (batch[k] for k in "sarnw")
    before, after = (w[:, :-1], w[:, 1:]) if LENGTH else (None, None)
    noise = jnp.clip(jax.random.normal(key, a.shape) * 0.3, -0.5, 0.5)
    target = r + 0.99 * jnp.minimum(*values(critic_target, n, jnp.clip(act(actor_target, n, after) + noise, -1, 1), after))

    def critic_loss(critic):
        one, two = values(critic, s, a, before)
        return jnp.square(one - target).mean() + jnp.square(two - target).mean()

    loss, gradient = jax.value_and_grad(critic_loss)(critic)
    change, critic_moments = critic_optimizer.update(gradient, critic_moments)
    critic = optax.apply_updates(critic, change)
    if both:

        def actor_loss(actor):
            return -forward(critic["one"], join(critic, [s, act(actor, s, before)], before)).mean()

        change, actor_moments = actor_optimizer.update(jax.grad(actor_loss)(actor), actor_moments)
        actor = optax.apply_updates(actor, change)
        actor_target, critic_target = optax.incremental_update((actor, critic), (actor_target, critic_target), 0.005)
    return (actor, critic, actor_target, critic_target, actor_moments, critic_moments), loss


compiled = jax.jit(update, static_argnames="both", donate_argnums=0)
context = CONTEXT if LENGTH else 0
actor = with_context({"one": mlp(S + context, A)})
critic = with_context({"one": mlp(S + A + context, 1), "two": mlp(S + A + context, 1)})
state = actor, critic, jax.tree.map(jnp.copy, actor), jax.tree.map(jnp.copy, critic), actor_optimizer.init(actor), critic_optimizer.init(critic)


def run(state, updates):
    for i in range(updates):
        rows = random.integers(0, N, B)
        state, loss = compiled(state, {k: v[rows] for k, v in data.items()}, jax.random.key(i), i % 2 == 1)
        loss.item()
    return state


state = run(state, 60)
start = time.process_time()
run(state, UPDATES)
print(f"{UPDATES / (time.process_time() - start):.2f}")
