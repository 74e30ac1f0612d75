"""Print, as JSON, how long epochs of this project's training take, and in turn their matrix products alone.

Run by speed.py and targets.py. Arguments: the prepared data, and a JSON object with `recipes` (by role),
`normalisation`, `compute`, `classes`, `turns`, the time `started`, in seconds since 1970, and `images`, if not all of
the training images are to be used but only so many. The answer has `start` (seconds from the start of the process until
it had read the data, with the import of torch) and, by role, lists of `epochs` and `products` in seconds.
"""

import json
import logging
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import torch

from mythical_digit.study.recipe import Recipe
from mythical_digit.training import numerics
from mythical_digit.training.loop import Split, load_splits, train
from mythical_digit.training.losses import hard_objective


def products(recipe: Recipe, inputs: int, classes: int, images: int) -> float:
    """Time the matrix products of an epoch, those that `cost.training_operations` counts, in seconds."""
    shapes = list(pairwise((inputs, *recipe.hidden, classes)))
    layers = [
        (torch.randn(recipe.batch_size, a), torch.randn(b, a), torch.randn(recipe.batch_size, b)) for a, b in shapes
    ]
    begun = time.perf_counter()
    for _ in range(images // recipe.batch_size):
        for number, (x, weight, gradient) in enumerate(layers):
            x @ weight.T
            gradient.T @ x
            if number:
                gradient @ weight
    whole = images // recipe.batch_size * recipe.batch_size
    return (time.perf_counter() - begun) * images / whole


def epoch(role: str, recipe: Recipe, splits: tuple[Split, Split], classes: int, compute: Mapping) -> float:
    """Time an epoch of training, in seconds, with an evaluation too short to count."""
    train_split, test_split = splits
    few = Split(test_split.images[:100], test_split.labels[:100])
    objective = hard_objective(train_split.labels)
    log = logging.getLogger("benchmark")
    begun = time.perf_counter()
    train(role, replace(recipe, epochs=1), 0, (train_split, few), classes, [], objective, compute, None, log)
    return time.perf_counter() - begun


if __name__ == "__main__":
    data, settings = sys.argv[1], json.loads(sys.argv[2])
    device = numerics.set_up({**settings["compute"], "device": "cpu"}, 1)
    splits = load_splits(data, settings["normalisation"], 0, jitter=0, device=device)
    found = {"start": time.time() - settings["started"]}
    few = settings.get("images")
    splits = Split(splits[0].images[:few], splits[0].labels[:few]), splits[1]
    images, inputs = len(splits[0].labels), splits[0].images[0].numel()
    for role, block in settings["recipes"].items():
        recipe = Recipe(**block)
        found[role] = {"epochs": [], "products": []}
        epoch(role, recipe, splits, settings["classes"], settings["compute"])  # to warm up
        for _ in range(settings["turns"]):
            found[role]["products"].append(products(recipe, inputs, settings["classes"], images))
            found[role]["epochs"].append(epoch(role, recipe, splits, settings["classes"], settings["compute"]))
    print(json.dumps(found))
