"""Makes results/{experiment}/sweep.{csv,md,html}, sweep_curves.{png,svg} and heat_map.{png,svg} from metrics.csv: the
errors of a sweep's students along its last parameter, with a line for each combination of the others.

If training images were held out, the errors are counted on these, and the best student is named. It is not named on the
test set, which would then both choose and judge it.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from mythical_digit.errors import UserError
from mythical_digit.evaluation.metrics import DIVERGED
from mythical_digit.figures.curves import label_ends
from mythical_digit.figures.style import DARK_GREY, DASHES, LIGHT_GREY, PALETTE, WIDTH, save
from mythical_digit.files.atomic import write_text
from mythical_digit.files.records import write_csv
from mythical_digit.tables.accuracies import read_accuracies
from mythical_digit.tables.experiment_note import noted, noted_table
from mythical_digit.tables.html import page
from mythical_digit.tables.markdown import Section, explained, markdown, plus_minus
from mythical_digit.tables.statistics import describe, estimate
from mythical_digit.workflow.job_log import logged

COLUMNS = ("line", "x", "model", "seed", "errors", "error_rate")
TEST, HELD_OUT = "test", "held-out"  # images
GRID = "#d8d8d8"  # visible on the shading
RATE_TICKS = [digit * 10.0**power for power in range(-2, 2) for digit in (1, 1.5, 2, 3, 4, 5, 7)] + [100.0]
FEWEST_TICKS = 3


def rows(
    students: Sequence[Mapping], errors: Mapping[str, np.ndarray], seeds: Sequence[int], n: int
) -> Iterator[tuple]:
    """The rows of the CSV table, from each student's `errors` (n_seeds,) on `n` images; the rate is in percent."""
    for student in students:
        for seed, wrong in zip(seeds, errors[student["model"]].tolist(), strict=True):
            scores = (DIVERGED, DIVERGED) if np.isnan(wrong) else (int(wrong), 100 * int(wrong) / n)
            yield student["line"], student["x"], student["model"], seed, *scores


def grid(students: Sequence[Mapping], errors: Mapping[str, np.ndarray]) -> tuple[list[str], list[str], np.ndarray]:
    """The lines, the values along them and their errors, (n_seeds, n_lines, n_values)."""
    lines, values = (list(dict.fromkeys(student[key] for student in students)) for key in ("line", "x"))
    found = {(student["line"], student["x"]): errors[student["model"]] for student in students}
    return lines, values, np.moveaxis(np.array([[found[line, x] for x in values] for line in lines]), 2, 0)


def best(errors: np.ndarray) -> tuple[int, int]:
    """The numbers of the line and the value with the fewest mean errors, of `errors` (n_seeds, n_lines, n_values).

    The first of equals. A student that diverged at any seed is left out.

    Raises UserError if there is no other.
    """
    mean = errors.mean(axis=0)
    if np.isnan(mean).all():
        raise UserError("every student of the sweep diverged; lower its learning rates in config.yaml")
    return tuple(map(int, np.unravel_index(np.nanargmin(mean), mean.shape)))


def cells(errors: np.ndarray) -> list[str]:
    """The mean of the errors (n_seeds, n_students) of each student with its interval, or how many seeds diverged."""
    diverged = np.isnan(errors).sum(axis=0)
    written = plus_minus(estimate(errors), 1)
    return [f"{DIVERGED} ({n} of {len(errors)})" if n else cell for n, cell in zip(diverged, written, strict=True)]


def chosen(parameter: str, lines: Sequence[str], values: Sequence[str], errors: np.ndarray, n: int) -> Section:
    """Lay out the best student, found on `n` held-out images."""
    line, value = best(errors)
    cell = plus_minus(estimate(errors[:, line, value]), 1)
    caption = f"Chosen on the last {n:,} training images, which no student was trained on; no test image was looked at."
    columns = {"Line": [lines[line]], parameter.capitalize(): [values[value]], "Errors": cell}
    return Section("The fewest errors", caption, columns)


def section(
    parameter: str, lines: Sequence[str], values: Sequence[str], errors: np.ndarray, n: int, images: str
) -> Section:
    """Lay out the errors (n_seeds, n_lines, n_values) of `n` `images`: a row per value, a column per line."""
    result = estimate(errors)
    columns = {parameter.capitalize(): list(values)}
    for number, line in enumerate(lines):
        columns[line] = cells(errors[:, number])
    caption = f"Errors on the {n:,} {images} images. {describe(result.n)}.{explained(result.n)}"
    return Section(f"{images.capitalize()} errors", caption, columns)


def positions(values: Sequence[str]) -> np.ndarray | None:
    """The values as places on a logarithmic axis, (n_values,); None unless all are positive numbers."""
    try:
        numbers = np.array([float(value) for value in values])
    except ValueError:
        return None
    return numbers if (numbers > 0).all() else None


def draw_curves(
    parameter: str,
    lines: Sequence[str],
    values: Sequence[str],
    errors: np.ndarray,
    n: int,
    images: str,
    ranges: Mapping[str, Mapping[str, float]],
) -> Figure:
    """Draw the error rate on `n` `images` along the values: mean, interval and seeds of each line.

    The axis is logarithmic if the values are positive numbers. Each of `ranges` is shaded under its name, from `from`
    to `to`; without `to`, it has no end.
    """
    figure = Figure(figsize=(WIDTH, 3.6))
    axes = figure.subplots()
    rates = 100 * errors / n
    places = positions(values)
    if places is None:
        places = np.arange(len(values))
        axes.set_xlim(-0.3, len(values) - 0.7)
    else:
        axes.set_xscale("log")
        axes.set_xlim(places.min() / 1.08, places.max() * 1.08)
        axes.xaxis.set_minor_locator(NullLocator())
        for text, ends in ranges.items():
            low, high = ends["from"], min(ends.get("to", np.inf), places.max())
            axes.axvspan(low, high, color=LIGHT_GREY, linewidth=0, zorder=0)
            top = {"transform": axes.get_xaxis_transform(), "ha": "center", "va": "bottom", "fontsize": 6.5}
            axes.text(np.sqrt(low * high), 1.01, text, color=DARK_GREY, **top)
    ends = []
    for number, line in enumerate(lines):
        result, colour = estimate(rates[:, number]), PALETTE[number % len(PALETTE)]
        axes.plot(places, rates[:, number].T, "o", color=colour, markersize=2, markeredgewidth=0, alpha=0.6)
        if result.n > 1:
            low = np.maximum(result.mean - result.halfwidth, 0.5 * result.mean)
            axes.fill_between(places, low, result.mean + result.halfwidth, color=colour, alpha=0.15, linewidth=0)
        axes.plot(places, result.mean, color=colour, linestyle=DASHES[number % len(DASHES)])
        diverged = places[np.isnan(result.mean)]
        crosses = {"color": colour, "transform": axes.get_xaxis_transform(), "linestyle": "", "marker": "x"}
        if len(diverged):
            axes.plot(diverged, np.full(len(diverged), 0.97 - 0.05 * number), **crosses)
        finite = result.mean[np.isfinite(result.mean)]
        if len(finite):
            ends.append((line, float(finite[-1]), colour))
        else:
            ends.append((f"{line}: {DIVERGED}", float(np.nanmax(rates)), colour))
    axes.set_yscale("log")
    low, high = 0.85 * max(np.nanmin(rates), 50 / n), 1.15 * np.nanmax(rates)  # half an error, where there is none
    few = sum(low <= tick <= high for tick in RATE_TICKS) < FEWEST_TICKS
    axes.yaxis.set_major_locator(MaxNLocator(5) if few else FixedLocator(RATE_TICKS))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda tick, _: f"{tick:g}"))
    axes.set_ylim(low, high)
    axes.set_xticks(places, values)
    axes.set(xlabel=parameter.capitalize(), ylabel=f"{images.capitalize()} errors (%)")
    axes.grid(axis="y", color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    shaded = "; shaded: what was published" if ranges else ""
    shaded += f"; ×: {DIVERGED}" if np.isnan(rates).any() else ""
    figure.supxlabel(f"{describe(len(errors))}; dots: seeds; logarithmic scales{shaded}", fontsize=6.5)
    label_ends(axes, ends)
    return figure


def draw_map(parameter: str, lines: Sequence[str], values: Sequence[str], errors: np.ndarray, images: str) -> Figure:
    """Draw the errors as a heat map, a row per line, shaded by the excess over the least of the row.

    The best cell is framed if the `images` are held-out ones.
    """
    result = estimate(errors)
    figure = Figure(figsize=(WIDTH, 1.1 + 0.42 * len(lines)))
    axes = figure.subplots()
    least = np.fmin.reduce(result.mean, axis=1, keepdims=True)  # without the students that diverged
    excess = np.ma.masked_invalid(100 * (result.mean / least - 1))
    image = axes.imshow(excess, cmap="Blues", aspect="auto", vmin=0, vmax=max(1.0, excess.max()))
    for (row, column), mean in np.ndenumerate(result.mean):
        halfwidth = result.halfwidth[row, column]
        text = DIVERGED if np.isnan(mean) else f"{mean:.0f}" + ("" if np.isnan(halfwidth) else f"\n±{halfwidth:.0f}")
        colour = "white" if excess[row, column] > 0.55 * image.norm.vmax else "black"
        axes.text(column, row, text, ha="center", va="center", color=colour, fontsize=7, linespacing=1.05)
    framed = ""
    if images == HELD_OUT:
        row, column = best(errors)
        axes.add_patch(Rectangle((column - 0.47, row - 0.47), 0.94, 0.94, fill=False, linewidth=1.6, zorder=3))
        framed = "; framed: the fewest errors"
    axes.set_xticks(range(len(values)), values)
    axes.set_yticks(range(len(lines)), lines)
    axes.set_xlabel(parameter.capitalize())
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    bar = figure.colorbar(image, ax=axes, pad=0.01)
    bar.set_label("Above the row's least (%)")
    bar.outline.set_visible(False)
    figure.supxlabel(f"{images.capitalize()} errors. {describe(result.n)}{framed}", fontsize=6.5)
    return figure


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        students, parameter, output = snakemake.params.students, snakemake.params.parameter, snakemake.output
        accuracies = read_accuracies(snakemake.input.metrics, [student["model"] for student in students], search=True)
        lines, values, errors = grid(students, accuracies.errors)
        best(errors)  # if all diverged, there is nothing to show
        note, images = snakemake.params.note, HELD_OUT if snakemake.params.held_out else TEST
        table = rows(students, accuracies.errors, accuracies.seeds, accuracies.n)
        write_csv(output.csv, *noted_table(COLUMNS, table, note))
        sections = [section(parameter, lines, values, errors, accuracies.n, images)]
        if images == HELD_OUT:
            sections.insert(0, chosen(parameter, lines, values, errors, accuracies.n))
        text = markdown(noted(sections, note))
        write_text(output.md, text)
        write_text(output.html, page("Along the sweep", text))
        curves = draw_curves(parameter, lines, values, errors, accuracies.n, images, snakemake.params.published)
        save(curves, [output.curves_png, output.curves_svg], note)
        save(draw_map(parameter, lines, values, errors, images), [output.map_png, output.map_svg], note)
