"""Print, as JSON, how long an epoch of each of the study's models takes in a training loop as it is usually written.

That is: torchvision's data set with its transforms on each image, a DataLoader, `nn.Dropout`, `torch.optim.Adam`, the
teacher evaluated again in each step of distillation, the test images evaluated after each epoch.

Run by speed.py. Arguments: the folder of the four IDX files, and a JSON object with `recipes` (by role),
`normalisation`, `distillation`, `arms` (by name: `distilled`, `omit`) and `classes`. The answer has seconds by model.
"""

import json
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional
from torch.utils.data import DataLoader, Subset
from torchvision import datasets, transforms


def network(recipe: Mapping, inputs: int, classes: int) -> nn.Sequential:
    """Build a multilayer perceptron with dropout after each hidden layer."""
    layers = [nn.Flatten()]
    for width in recipe["hidden"]:
        layers += [nn.Linear(inputs, width), nn.ReLU(), nn.Dropout(recipe["dropout"])]
        inputs = width
    return nn.Sequential(*layers, nn.Linear(inputs, classes))


def epoch(model: nn.Module, recipe: Mapping, sets: tuple, teacher: nn.Module | None, distillation: Mapping) -> float:
    """Time an epoch of training and the evaluation after it, in seconds; with a `teacher`, of distillation."""
    batches, test_batches = (
        DataLoader(images, batch_size=recipe["batch_size"], shuffle=shuffle)
        for images, shuffle in zip(sets, (True, False), strict=True)
    )
    optimiser = torch.optim.Adam(model.parameters(), lr=recipe["learning_rate"])
    temperature, alpha = distillation["temperature"], distillation["alpha"]
    begun = time.perf_counter()
    model.train()
    for images, labels in batches:
        optimiser.zero_grad()
        logits = model(images)
        loss = functional.cross_entropy(logits, labels)
        if teacher:
            with torch.no_grad():
                targets = torch.softmax(teacher(images) / temperature, dim=1)
            soft = functional.kl_div(torch.log_softmax(logits / temperature, dim=1), targets, reduction="batchmean")
            loss = alpha * soft + (1 - alpha) * loss
        loss.backward()
        optimiser.step()
    model.eval()
    with torch.no_grad():
        sum((model(images).argmax(dim=1) == labels).sum().item() for images, labels in test_batches)
    return time.perf_counter() - begun


if __name__ == "__main__":
    raw, settings = Path(sys.argv[1]).resolve(), json.loads(sys.argv[2])
    normalise = transforms.Normalize([settings["normalisation"]["mean"]], [settings["normalisation"]["std"]])
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "MNIST").mkdir()
        (Path(folder) / "MNIST" / "raw").symlink_to(raw)
        transform = transforms.Compose([transforms.ToTensor(), normalise])
        train_set, test_set = (datasets.MNIST(folder, train=train, transform=transform) for train in (True, False))
        inputs = train_set.data[0].numel()
        recipe = settings["recipes"]["teacher"]
        teacher = network(recipe, inputs, settings["classes"])
        seconds = {"teacher": epoch(teacher, recipe, (train_set, test_set), None, settings["distillation"])}
        for name, arm in settings["arms"].items():
            kept = torch.isin(train_set.targets, torch.tensor(arm["omit"]), invert=True).nonzero().flatten().tolist()
            seconds[name] = epoch(
                network(settings["recipes"]["student"], inputs, settings["classes"]),
                settings["recipes"]["student"],
                (Subset(train_set, kept), test_set),
                teacher if arm["distilled"] else None,
                settings["distillation"],
            )
    print(json.dumps(seconds))
