"""How many operations a training takes, and how long that may be."""

import math
from itertools import pairwise

from mythical_digit.study.recipe import Recipe


def training_operations(recipe: Recipe, inputs: int, classes: int, images: int) -> int:
    """Floating-point operations of the matrix products of a training on `images` images of `inputs` pixels.

    Each weight is multiplied and added three times per image: forward, backward for the weights and backward for the
    inputs. The first layer does without the last. The evaluation after each epoch is not counted.
    """
    products = [a * b for a, b in pairwise((inputs, *recipe.hidden, classes))]
    return 2 * (3 * sum(products) - products[0]) * images * recipe.epochs


def training_steps(recipe: Recipe, images: int) -> int:
    """Steps that the optimiser takes in a training on `images` images."""
    return -(-images // recipe.batch_size) * recipe.epochs


def training_minutes(recipe: Recipe, inputs: int, classes: int, images: int, rate: float, step: float) -> int:
    """Minutes that a training may take at `rate` operations per second, plus `step` seconds for each step.

    Five minutes more are for the start of the job, when it imports torch and reads the images.
    """
    operations = training_operations(recipe, inputs, classes, images)
    return 5 + math.ceil((operations / rate + step * training_steps(recipe, images)) / 60)
