"""A row of a training's history, as the training rules write it to history.csv and tables read it."""

from typing import NamedTuple


class Epoch(NamedTuple):
    """What one epoch came to: losses in nats, accuracies in percent.

    The train columns are means over the images of the epoch while it trained, with dropout and jitter. The test columns
    are measured after it, without.
    """

    epoch: int  # from 1
    train_loss: float  # what training minimises
    train_cross_entropy: float
    train_accuracy: float
    test_cross_entropy: float
    test_accuracy: float
