"""How much there is to compute in a training, and how long that may take."""

import math
from collections.abc import Mapping
from itertools import pairwise


def training_operations(recipe: Mapping, inputs: int, classes: int, images: int) -> int:
    """Floating-point operations of the matrix products of a training: `recipe` as `training.train` takes it.

    Each weight is multiplied and added three times per image: forward, and backward for the weights and for the
    inputs; the latter is not needed in the first layer. Evaluation after each epoch is not counted.
    """
    products = [a * b for a, b in pairwise((inputs, *recipe["hidden"], classes))]
    return 2 * (3 * sum(products) - products[0]) * images * recipe["epochs"]


def training_steps(recipe: Mapping, images: int) -> int:
    """Steps of the optimiser in a training."""
    return -(-images // recipe["batch_size"]) * recipe["epochs"]


def training_minutes(recipe: Mapping, inputs: int, classes: int, images: int, rate: float, step: float) -> int:
    """Minutes that a training may take at `rate` operations per second, with `step` seconds beside them in each step.

    The start of a job, in which it imports torch and reads the images, has another five minutes.
    """
    operations = training_operations(recipe, inputs, classes, images)
    return 5 + math.ceil((operations / rate + step * training_steps(recipe, images)) / 60)
