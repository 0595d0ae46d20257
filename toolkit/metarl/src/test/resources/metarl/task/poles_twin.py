"""Writes poles_twin.csv: the pendulum and the cart-pole under fixed actions, by Gymnasium's own environments.

Run once with gymnasium 1.2.0:
    python poles_twin.py
One row per step: family and number of the step, reward, observation. Two tasks each: Gymnasium's own, and another one. Gymnasium's cart-pole is pushed
by a force of one size to either side; here the size is set anew before every step, and the integrator is its "semi-implicit" one. Its reward is another
one, so that of the cart-pole is written a second time.
"""

import csv
import math
import pathlib
import warnings

import gymnasium
import numpy as np

warnings.filterwarnings("ignore")
gymnasium.logger.min_level = gymnasium.logger.ERROR
STEPS = 120


def action(t):
    """Numbers in [-1, 1) that jump about around a slow wave of little quotients."""
    return (2 * (t * 5 % 16) - 16) / 32 + (1 if t // 20 % 2 == 0 else -1) / 2


def pendulum(mass, length):
    world = gymnasium.make("Pendulum-v1").unwrapped
    world.reset(seed=0)
    world.m, world.l = mass, length
    world.state = np.array([3.0, 0.5])
    for t in range(STEPS):
        _, reward, *_ = world.step(np.array([2 * action(t)]))
        angle, speed = world.state
        yield reward, math.cos(angle), math.sin(angle), speed


def cart_pole(force, length):
    world = gymnasium.make("CartPole-v1").unwrapped
    world.reset(seed=0)
    world.length, world.polemass_length = length, world.masspole * length
    world.kinematics_integrator = "semi-implicit"
    world.state = np.array([0.25, -0.5, 0.125, 0.25])
    for t in range(STEPS):
        world.force_mag = abs(force * action(t))
        world.step(1 if action(t) > 0 else 0)
        x, v, angle, speed = world.state
        yield math.cos(angle) - 0.1 * (math.hypot(1, x) - 1), x, v, math.cos(angle), math.sin(angle), speed


RUNS = {"pendulum 1 1": pendulum(1, 1), "pendulum 0.75 1.25": pendulum(0.75, 1.25),
        "cart-pole 10 0.5": cart_pole(10, 0.5), "cart-pole 15 0.4": cart_pole(15, 0.4)}

with open(pathlib.Path(__file__).with_suffix(".csv"), "w", newline="") as file:
    out = csv.writer(file)
    for name, rows in RUNS.items():
        for t, row in enumerate(rows):
            out.writerow([f"{name} step {t}", *(f"{v:.15g}" for v in row)])
