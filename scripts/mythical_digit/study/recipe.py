"""The recipe of a network: its layers and how it is trained. The defaults of a recipe's keys are here alone."""

from collections.abc import Sequence
from dataclasses import dataclass

FILE_FROM = "file from "  # an order of the training images, before the number of the first


@dataclass(frozen=True)
class Recipe:
    """A `teacher` or `student` block of config.yaml: `Recipe(**block)`, once the config is checked.

    hidden         units of each hidden layer, from the input on
    dropout        probability that a hidden unit is dropped, 0 to less than 1
    epochs         passes over the training images
    batch_size     images per step of the optimiser
    learning_rate  Adam's, the largest of the schedule
    input_dropout  probability that a pixel is dropped, 0 to less than 1
    schedule       of the learning rate: `constant` or `one-cycle`
    jitter         pixels by which a training image is moved at most, along each axis
    max_norm       largest L2 norm of a unit's incoming weights; None: any
    order          of the training images: `shuffled` anew in each epoch, unless the config says otherwise

    Raises TypeError if a key without a default is missing or a key is unknown.
    """

    hidden: Sequence[int]
    dropout: float
    epochs: int
    batch_size: int
    learning_rate: float
    input_dropout: float = 0
    schedule: str = "constant"
    jitter: int = 0
    max_norm: float | None = None
    order: str = "shuffled"
