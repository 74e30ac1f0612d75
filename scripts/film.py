"""Makes results/hero/film.gif: the bias of a class rises, and images of this class, never seen, are recognised.

From the prepared data and the weights of an arm's first seed. The images are the first of their class in the test
split.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from mythical_digit.data import prepared
from mythical_digit.errors import UserError
from mythical_digit.evaluation import forward_pass
from mythical_digit.figures.style import DARK_GREY, LIGHT_GREY, TRAINED, UNSEEN
from mythical_digit.files.atomic import atomic
from mythical_digit.files.tensors import load_tensors
from mythical_digit.tables.markdown import minus, name_classes
from mythical_digit.workflow.job_log import logged

IMAGES, COLUMNS = 20, 10
FRAMES = 36
FIRST, NEXT, LAST = 1200, 110, 3000  # milliseconds that a frame is shown
DPI = 100
# In pixels.
WIDTH, HEAD, TILE, ANSWER, GAP = 800, 104, 68, 38, 10
SLIDER = (16, 460, 84)  # left, right, height from the top


def answers(logits: np.ndarray, label: int, shifts: np.ndarray) -> np.ndarray:
    """The predicted classes (n_shifts, n) of images with `logits` (n, classes), at each shift of class `label`."""
    shifted = np.repeat(logits[None].astype(np.float64), len(shifts), axis=0)
    shifted[:, :, label] += shifts[:, None]
    return shifted.argmax(axis=2)


def film(images: np.ndarray, predicted: np.ndarray, label: int, shifts: np.ndarray) -> list[np.ndarray]:
    """Draw a frame, (rows, columns, 3) uint8, for each of the `shifts` (nats).

    `images` are (n, rows, columns), `predicted` is what `answers` gives.
    """
    rows = -(-len(images) // COLUMNS)
    height = HEAD + rows * (TILE + ANSWER + GAP)
    figure = Figure(figsize=(WIDTH / DPI, height / DPI), dpi=DPI)
    figure.set_layout_engine("none")
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    frames = []
    for shift, classes in zip(shifts, predicted, strict=True):
        axes.clear()
        axes.set(xlim=(0, WIDTH), ylim=(height, 0))
        axes.set_axis_off()
        draw_head(axes, label, shift, shifts, int((classes == label).sum()), len(images))
        for place, (image, answer) in enumerate(zip(images, classes, strict=True)):
            draw_tile(axes, place, image, int(answer), right=answer == label)
        canvas.draw()
        frames.append(np.asarray(canvas.buffer_rgba())[:, :, :3].copy())
    return frames


def draw_head(axes: Axes, label: int, shift: float, shifts: np.ndarray, right: int, n: int) -> None:
    """Draw the shift as a slider, and how many of the `n` images are recognised."""
    words = minus(f"Bias of {name_classes([label])}: {shift:+.1f}")
    axes.text(SLIDER[0], 34, words, fontsize=21, fontweight="bold", va="center")
    left, end, y = SLIDER
    at = left + (end - left) * (shift - shifts[0]) / (shifts[-1] - shifts[0])
    line = {"solid_capstyle": "round", "linewidth": 6}
    axes.plot([left, end], [y, y], color=LIGHT_GREY, **line)
    axes.plot([left, at], [y, y], color=UNSEEN, **line)
    axes.plot(at, y, "o", color=UNSEEN, markersize=15, markeredgecolor="white", markeredgewidth=1.5, clip_on=False)
    axes.text(WIDTH - 16, 34, f"{right} of {n}", fontsize=26, fontweight="bold", color=UNSEEN, ha="right", va="center")
    axes.text(WIDTH - 16, 78, "recognised; none was in training", fontsize=13, color=DARK_GREY, ha="right", va="center")


def draw_tile(axes: Axes, place: int, image: np.ndarray, answer: int, *, right: bool) -> None:
    """Draw an image and, under it, the class that it is taken for; what is right is framed and ticked off."""
    row, column = divmod(place, COLUMNS)
    pitch = WIDTH / COLUMNS
    left, top = pitch * column + (pitch - TILE) / 2, HEAD + row * (TILE + ANSWER + GAP)
    extent = (left, left + TILE, top + TILE, top)
    axes.imshow(image, cmap="gray_r", extent=extent, aspect="auto", interpolation="none")
    colour, width = (UNSEEN, 4) if right else (TRAINED, 1)
    axes.plot(*_outline(left, top), color=colour, linewidth=width, solid_joinstyle="miter")
    style = {"color": colour, "fontweight": "bold"} if right else {"color": DARK_GREY}
    text = f"{answer} ✓" if right else f"{answer}"
    axes.text(left + TILE / 2, top + TILE + 19, text, fontsize=16, ha="center", va="center", **style)


def _outline(left: float, top: float) -> tuple[Sequence[float], Sequence[float]]:
    right, foot = left + TILE, top + TILE
    return [left, right, right, left, left, left + 1], [top, top, foot, foot, top, top]


def palette() -> np.ndarray:
    """The colours of the film, (n, 3) uint8: greys, and tints of the unseen class's colour."""
    accent = np.array([int(UNSEEN[i : i + 2], 16) for i in (1, 3, 5)])
    shares = np.linspace(0, 1, 65)[:, None]
    return np.concatenate([shares * np.full(3, 255), accent + shares[:-1] * (255 - accent)]).round().astype(np.uint8)


def indexed(frame: np.ndarray, colours: np.ndarray) -> Image.Image:
    """A frame (rows, columns, 3) uint8 in the nearest of `colours` (n, 3)."""
    seen, places = np.unique(frame.reshape(-1, 3), axis=0, return_inverse=True)
    distances = ((seen[:, None].astype(int) - colours.astype(int)) ** 2).sum(axis=2)
    image = Image.fromarray(distances.argmin(axis=1).astype(np.uint8)[places].reshape(frame.shape[:2]), "P")
    image.putpalette(colours.tobytes())
    return image


def save(frames: Sequence[np.ndarray], path: str | Path) -> None:
    """Write the frames as a GIF that runs for ever, whole or not at all."""
    colours = palette()
    first, *others = [indexed(frame, colours) for frame in frames]
    durations = [FIRST, *[NEXT] * (len(frames) - 2), LAST]
    with atomic(path) as part:
        first.save(part, format="GIF", save_all=True, append_images=others, duration=durations, loop=0, optimize=False)


if __name__ == "__main__":
    params, files = snakemake.params, snakemake.input
    with logged(snakemake.log[0]):
        if params.mistake:
            raise UserError(params.mistake)
        images, labels = prepared.load_split(files.data, "test", params.normalisation, params.held_out)
        chosen = images[labels == params.label][:IMAGES]
        shifts = np.linspace(0, params.shift, FRAMES)
        predicted = answers(forward_pass.logits(load_tensors(files.model), chosen), params.label, shifts)
        save(film(chosen, predicted, params.label, shifts), snakemake.output[0])
