"""Writes picture_twin.csv: what a front end of two convolutions says of pictures, and its gradient, by PyTorch.

Run once with torch 2.7.1:  python picture_twin.py
All numbers that go in are quotients of small integers. Rows: the features of two pictures, and the gradient of the sum of their squares by array.
"""

import csv
import pathlib

import torch

HEIGHT, WIDTH, CHANNELS, FILTERS, FEATURES = 14, 17, 3, 2, 4


def numbers(count, factor, scale):
    return torch.tensor([(i * factor % 101 - 50) / 101 * scale for i in range(count)], dtype=torch.float32)


pictures = torch.tensor([i * 37 % 256 for i in range(2 * HEIGHT * WIDTH * CHANNELS)], dtype=torch.float32)
pictures = pictures.reshape(2, HEIGHT, WIDTH, CHANNELS).permute(0, 3, 1, 2) / 255 - 0.5
first, second = torch.nn.Conv2d(CHANNELS, FILTERS, 5, 2), torch.nn.Conv2d(FILTERS, FILTERS, 5, 2)
last = torch.nn.Linear(FILTERS * 1 * 2, FEATURES)
net = torch.nn.Sequential(first, torch.nn.ReLU(), second, torch.nn.ReLU(), torch.nn.Flatten(), last, torch.nn.ReLU())
with torch.no_grad():
    for k, parameter in enumerate(net.parameters()):
        parameter.copy_(numbers(parameter.numel(), 7 + 4 * k, 1.5).reshape(parameter.shape))
features = net(pictures)
features.square().sum().backward()
with open(pathlib.Path(__file__).with_suffix(".csv"), "w", newline="") as file:
    writer = csv.writer(file)
    writer.writerow(["features", *features.flatten().tolist()])
    for k, parameter in enumerate(net.parameters()):
        writer.writerow([f"gradient {k}", *parameter.grad.flatten().tolist()])
