"""Writes causal_twin.csv: what a stack of causal convolutions and attention says, and its gradient, by PyTorch.

Run once with torch 2.7.1:  python causal_twin.py
All numbers that go in are quotients of small integers. One row per quantity: its name, then its values, last dimension fastest. Parameters are flattened unit by unit: of a
convolution 4 filters × inputs (for the past element tanh and gate, for the present one tanh and gate), then 2 filters biases; of an attention queries, keys and values.
"""

import csv
import pathlib

import torch
from torch.nn import functional as F

ROWS, LENGTH, INPUTS = 3, 6, 2


def numbers(count, factor, scale=1.0, dtype=torch.double):
    """Numbers in [-scale/2, scale/2] that jump about."""
    return ((torch.arange(count) * factor) % 101 - 50).to(dtype) / 101 * scale


class Stack:
    """Layers such as ("dense", 4), ("convolutions", 3), ("attention", 2, 3); convolutions see `longest` elements."""

    def __init__(self, inputs, longest, *layers):
        depth = max(1, (longest - 1).bit_length())
        self.units, self.width = [], inputs
        for kind, size, *more in layers:
            for dilation in [2**level for level in range(depth)] if kind == "convolutions" else [0]:
                shapes = {"dense": [(size, self.width), (size,)], "convolutions": [(4 * size, self.width), (2 * size,)], "attention": [(2 * size + sum(more), self.width)]}[kind]
                self.units.append((kind, size, dilation, shapes))
                self.width = size if kind == "dense" else self.width + (more[0] if more else size)
        self.size = sum(torch.Size(s).numel() for unit in self.units for s in unit[3])

    def __call__(self, x, flat):
        """x: rows × length × inputs; gives rows × length × width."""
        h, at = x.transpose(1, 2), 0
        for kind, size, dilation, shapes in self.units:
            arrays = []
            for shape in shapes:
                arrays.append(flat[at : at + torch.Size(shape).numel()].reshape(shape))
                at += arrays[-1].numel()
            if kind == "dense":
                h = F.conv1d(h, arrays[0][:, :, None], arrays[1]).relu()
            elif kind == "convolutions":
                kernel = torch.stack(arrays[0].chunk(2), 2)
                a, s = F.conv1d(F.pad(h, (dilation, 0)), kernel, arrays[1], dilation=dilation).chunk(2, 1)
                h = torch.cat([h, a.tanh() * s.sigmoid()], 1)
            else:
                q, k, v = (h.transpose(1, 2) @ arrays[0].T).split([size, size, arrays[0].shape[0] - 2 * size], 2)
                h = torch.cat([h, F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2)], 1)
        return h.transpose(1, 2)


if __name__ == "__main__":
    stack = Stack(INPUTS, LENGTH, ("dense", 4), ("convolutions", 3), ("attention", 2, 3), ("convolutions", 2), ("attention", 3, 1))
    flat = numbers(stack.size, 37, 1.5).requires_grad_()
    outputs = stack(numbers(ROWS * LENGTH * INPUTS, 29, 3).reshape(ROWS, LENGTH, INPUTS), flat).transpose(0, 1)
    loss = (outputs.flatten() * numbers(outputs.numel(), 41)).sum()
    found = {"outputs": outputs, "gradient": torch.autograd.grad(loss, flat)[0]}
    with open(pathlib.Path(__file__).with_suffix(".csv"), "w", newline="") as file:
        for name, value in found.items():
            csv.writer(file).writerow([name] + [f"{v:.10g}" for v in value.flatten().tolist()])
