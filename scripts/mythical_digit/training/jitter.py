"""Training images shifted by a few pixels, anew in each epoch."""

import numpy as np
import torch


class JitteredImages:
    """Images with a margin: in each epoch, each one moves by up to the margin along both axes.

    All moves, in whole pixels, are equally likely.
    """

    def __init__(self, images: torch.Tensor, margin: int, rng: np.random.Generator):
        """`images` (n, rows + 2 margin, columns + 2 margin) float32; `rng` draws the moves."""
        rows, columns = (size - 2 * margin for size in images.shape[1:])
        self.margin = margin
        self.rng = rng
        self.windows = images.unfold(1, rows, 1).unfold(2, columns, 1)  # a view: (n, top, left, rows, columns)

    def move(self) -> None:
        """Draw the place of each image for the next epoch."""
        if self.margin:
            places = self.rng.integers(2 * self.margin + 1, size=(2, len(self.windows)))
            self.top, self.left = torch.from_numpy(places).to(self.windows.device)

    def take(self, indices: torch.Tensor) -> torch.Tensor:
        """The images `indices` (n,) int64, each in its place: (n, rows, columns)."""
        if not self.margin:
            return self.windows[:, 0, 0].index_select(0, indices)
        return self.windows[indices, self.top[indices], self.left[indices]]
