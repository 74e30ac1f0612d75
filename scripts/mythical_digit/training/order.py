"""The order in which a training sees its images."""

import numpy as np

from mythical_digit.study.recipe import FILE_FROM

FILE, REVERSED, FIXED, SHUFFLED = "file", "reversed", "fixed", "shuffled"
BLOCKS_OF = "blocks of "


class ImageOrder:
    """Gives a permutation of n images for each epoch, by the `order` of a recipe:

    `file`             the data set's order, the same in every epoch
    `reversed`         that order backwards
    `file from START`  that order from image START (the first is 0) to the end, then from the first up to START
    `fixed`            one random permutation for all epochs
    `shuffled`         a new random permutation in every epoch
    `blocks of SIZE`   runs of SIZE images in the data set's order, the runs in a new random order in every epoch
    """

    def __init__(self, order: str, n: int, rng: np.random.Generator):
        """`order` as above, `n` images; `rng` draws the random orders and belongs to the state of the training."""
        self.n = n
        self.rng = rng
        self.block = int(order.removeprefix(BLOCKS_OF)) if order.startswith(BLOCKS_OF) else None
        self.every_epoch = self._every_epoch(order)

    def _every_epoch(self, order: str) -> np.ndarray | None:
        """The permutation shared by all epochs; None if each has its own."""
        places = np.arange(self.n)
        if order == FILE:
            return places
        if order == REVERSED:
            return places[::-1]
        if order == FIXED:
            return self.rng.permutation(self.n)
        if order.startswith(FILE_FROM):
            return np.roll(places, -int(order.removeprefix(FILE_FROM)))
        return None

    def next_epoch(self) -> np.ndarray:
        """The permutation of the next epoch: int64, (n,)."""
        if self.every_epoch is not None:
            return self.every_epoch
        if self.block is None:
            return self.rng.permutation(self.n)
        blocks = np.split(np.arange(self.n), range(self.block, self.n, self.block))
        return np.concatenate([blocks[i] for i in self.rng.permutation(len(blocks))])
