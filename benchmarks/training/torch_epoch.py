"""Epochs of the same network in PyTorch, with the same batches, optimiser and precision."""

import json
import sys
import time

import torch
from networks import EPOCHS, EVENTS, sample, settings
from torch import nn


class Scaling(nn.Module):
    """Pedestals of two photomultipliers, and the scale."""

    def forward(self, raw: torch.Tensor) -> torch.Tensor:
        values = raw.to(torch.float32).reshape(-1, 2, 4080)
        values = values - values[:, :, :1000].mean(dim=2, keepdim=True)
        return values.reshape(-1, 8160) / 40


def cosine() -> nn.Module:
    layers, before = [Scaling()], 8160
    for units, rate in zip((768, 768, 512, 512, 512), (0.3, 0.3, 0.25, 0.25, 0.25), strict=True):
        layers += [nn.Linear(before, units), nn.ReLU(), nn.Dropout(rate)]
        before = units
    return nn.Sequential(*layers, nn.Linear(before, 2))


def gbar() -> nn.Module:
    layers, before = [], 1
    for number, filters in enumerate((16, 16, 32, 32)):
        layers += [nn.Conv2d(before, filters, 8), nn.BatchNorm2d(filters), nn.ReLU()]
        layers += [nn.MaxPool2d(2)] if number % 2 else []
        before = filters
    dense = [nn.Flatten(), nn.Linear(5984, 512), nn.ReLU(), nn.Dropout(0.5), nn.Linear(512, 2)]
    return nn.Sequential(*layers, *dense).to(memory_format=torch.channels_last)


def main(network: str, precision: str, threads: int) -> None:
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    model = {"cosine": cosine, "gbar": gbar}[network]()
    optimiser = torch.optim.Adam(model.parameters(), 0.001)
    loss = nn.CrossEntropyLoss()
    events, arrays = sample(network)
    (array,) = arrays.values()
    size = settings(network, precision)["training"]["batch_size"]
    labels = torch.from_numpy(events["label"].to_numpy())
    half = precision == "mixed_bfloat16"
    fastest = 0.0
    for _ in range(EPOCHS):
        start = time.perf_counter()
        order = torch.randperm(EVENTS[network])
        for first in range(0, len(order), size):
            rows = order[first : first + size]
            raw = torch.from_numpy(array[rows.numpy()])
            if network == "gbar":
                raw = raw.permute(0, 3, 1, 2).to(torch.float32)
            with torch.autocast("cpu", torch.bfloat16, enabled=half):
                result = loss(model(raw), labels[rows])
            optimiser.zero_grad()
            result.backward()
            optimiser.step()
        fastest = max(fastest, EVENTS[network] / (time.perf_counter() - start))
    print(json.dumps({"events_a_second": fastest}))


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
