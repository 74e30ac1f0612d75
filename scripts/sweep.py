"""Makes results/{experiment}/sweep.{csv,md,html}, sweep_curves.{png,svg} and differences.{png,svg} from metrics.csv:
the errors of a sweep's students along its last parameter, with a line for each combination of the others.

If training images were held out, the errors are counted on these, and the best student is named. It is not named on the
test set, which would then both choose and judge it.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
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
from mythical_digit.tables.statistics import Estimate, describe, estimate
from mythical_digit.workflow.job_log import logged

COLUMNS = ("line", "x", "model", "seed", "errors", "error_rate")
TEST, HELD_OUT = "test", "held-out"  # images
GRID = "#d8d8d8"  # visible on the shading
RATE_TICKS = [digit * 10.0**power for power in range(-2, 2) for digit in (1, 1.5, 2, 3, 4, 5, 7)] + [100.0]
FEWEST_TICKS = 3
BEST = {"marker": "D", "color": "black", "markersize": 4.5, "linestyle": "", "zorder": 3}


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
        finite = np.flatnonzero(np.isfinite(result.mean))
        if len(finite):
            ends.append((line, places[finite[-1]], float(result.mean[finite[-1]]), colour))
        else:
            ends.append((f"{line}: {DIVERGED}", places[-1], float(np.nanmax(rates)), colour))
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


def differences(errors: np.ndarray, images: str) -> tuple[Estimate, np.ndarray]:
    """The errors (n_seeds, n_lines, n_values) less those of the best, paired by seed, and where the best ones are.

    On held-out images there is one best of all, on test images one of each line, which makes no choice. The latter is
    True or False, (n_lines, n_values).
    """
    mean = errors.mean(axis=0)
    found = np.zeros(mean.shape, dtype=bool)
    if images == HELD_OUT:
        found[best(errors)] = True
        return estimate(errors - errors[:, found][:, :, None]), found
    least = np.where(np.isnan(mean), np.inf, mean).argmin(axis=1)  # without the students that diverged
    found[np.arange(len(mean)), least] = True
    return estimate(errors - errors[:, found][:, :, None]), found


def draw_differences(
    parameter: str, lines: Sequence[str], values: Sequence[str], errors: np.ndarray, images: str
) -> Figure:
    """Draw how many errors more each student makes than the best: a panel per line, a row per value.

    The title says how many cannot be told apart from the best: those whose intervals include 0.
    """
    result, found = differences(errors, images)
    alike = (result.mean - np.nan_to_num(result.halfwidth, nan=np.inf) <= 0) & ~found
    held_out = images == HELD_OUT
    figure = Figure(figsize=(WIDTH, 1.3 + 0.17 * len(values)))
    panels = figure.subplots(1, len(lines), sharey=True, sharex=held_out, squeeze=False)[0]
    for number, (axes, line) in enumerate(zip(panels, lines, strict=True)):
        axes.axvline(0, color=DARK_GREY, linewidth=0.8, zorder=1)
        for row in range(len(values)):
            mean, halfwidth = result.mean[number, row], result.halfwidth[number, row]
            if np.isnan(mean):
                axes.text(0.02, row, DIVERGED, transform=axes.get_yaxis_transform(), va="center")
                continue
            if found[number, row]:
                axes.plot(0, row, **BEST, clip_on=False)
                continue
            axes.plot([mean - halfwidth, mean + halfwidth], [row, row], color="black", linewidth=1)
            filling = {"markerfacecolor": "white" if alike[number, row] else "black"}
            axes.plot(mean, row, "o", color="black", markersize=4, markeredgewidth=0.9, **filling, zorder=3)
        axes.set_title(line, fontweight="normal", fontsize=7.5)
        axes.set(yticks=range(len(values)), ylim=(len(values) - 0.5, -0.5))
        axes.tick_params(left=False)
        axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
        axes.grid(color=LIGHT_GREY, linewidth=0.6)
        axes.set_axisbelow(True)
    panels[0].set_yticklabels(values)
    panels[0].set_ylabel(parameter.capitalize())
    line, value = best(errors)
    which = f"the best: {lines[line]}, {parameter} {values[value]}" if held_out else "the best of their line"
    title = f"{alike.sum()} of {(~found).sum()} students cannot be told apart from {which}"
    figure.suptitle(title, x=0.01, ha="left", fontsize=8.5, fontweight="bold")
    interval = "" if result.n == 1 else " (Student's t, each on its own); hollow: it includes 0"
    figure.supxlabel(
        f"{images.capitalize()} errors more than the best (diamond), paired by seed\n{describe(result.n)}".replace(
            " (Student's t)", interval
        ),
        fontsize=6.5,
    )
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
        drawn = draw_differences(parameter, lines, values, errors, images)
        save(drawn, [output.differences_png, output.differences_svg], note)
