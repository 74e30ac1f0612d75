"""Makes results/{experiment}/halving.{csv,md,html,png,svg} and found.json from the rungs of a search: what is left.

found.json has the values of this recipe as `student` and `distillation` blocks, ready for config.yaml.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from mythical_digit.evaluation.metrics import DIVERGED
from mythical_digit.figures.style import DARK_GREY, LIGHT_GREY, PALETTE, TRAINED, WIDTH, save
from mythical_digit.files.atomic import write_text
from mythical_digit.files.records import write_csv, write_json
from mythical_digit.study.class_labels import Names, called
from mythical_digit.study.experiments import nested, text_of
from mythical_digit.tables.columns import read_columns
from mythical_digit.tables.experiment_note import noted, noted_table
from mythical_digit.tables.html import page
from mythical_digit.tables.markdown import Section, explained, markdown, name_classes, plus_minus
from mythical_digit.tables.statistics import describe, estimate
from mythical_digit.workflow.job_log import logged

TITLE = "Search for a recipe"
SCORES = ("errors", "class_accuracy", "auroc")
COLUMNS = 3  # of panels
FOUND = PALETTE[0]

Students = dict[int, np.ndarray]  # by recipe: (n_students, 3), their SCORES, NaN if one diverged
Rung = dict[int, np.ndarray]  # by recipe: (3,), the means of these


def read_rung(path: str) -> Students:
    """Read the scores of the students of a rung."""
    types = {"recipe": int, **dict.fromkeys(SCORES, lambda cell: np.nan if cell in (DIVERGED, "") else float(cell))}
    found: dict[int, list] = {}
    for recipe, *scores in read_columns(path, types):
        found.setdefault(recipe, []).append(scores)
    return {recipe: np.array(scores) for recipe, scores in found.items()}


def means(students: Students) -> Rung:
    """The mean scores of each recipe; NaN if one of its students diverged."""
    return {recipe: scores.mean(axis=0) for recipe, scores in students.items()}


def found_in(rungs: Sequence[Rung]) -> int:
    """The recipe with the fewest errors in the last rung; the first of equals."""
    last = rungs[-1]
    return min(last, key=lambda recipe: (np.isnan(last[recipe][0]), last[recipe][0]))


def parameter(key: str) -> str:
    """The name of a parameter in tables and figures, from its key, such as `student.batch_size`."""
    return key.partition(".")[2].replace("_", " ")


def by_seed(values: np.ndarray, seeds: Sequence[int]) -> np.ndarray:
    """The mean of the `values` (n_students,) of each seed, (n_seeds,): students of one seed are not independent.

    A single mean of all, which has no interval, where the seeds have not equally many students.
    """
    groups = [values[np.array(seeds) == seed] for seed in dict.fromkeys(seeds)]
    return np.array([group.mean() for group in groups] if len({*map(len, groups)}) == 1 else [values.mean()])


def rows(rungs: Sequence[Rung], recipes: Sequence[Mapping], trained: Sequence[int]) -> list[tuple]:
    """The rows of the CSV table: per rung and recipe its values, and its scores by so many `trained` students."""
    return [
        (number, recipe, *map(text_of, recipes[recipe].values()), trained[number],
         *(DIVERGED if np.isnan(scores[0]) else None if np.isnan(score) else float(score) for score in scores))
        for number, rung in enumerate(rungs)
        for recipe, scores in rung.items()
    ]  # fmt: skip


def sections(
    scores: Sequence[Students],
    recipes: Sequence[Mapping],
    students: Sequence[str],
    seeds: Sequence[int],
    trained: Sequence[int],
    n: int,
) -> list[Section]:
    """Lay out the recipe that was found, the rungs, and the recipes that reached the last one.

    `scores` are those of each rung, on `n` held-out images; `students` says of each student in turn what it never saw
    and its seed, `seeds` has that alone.
    """
    rungs = list(map(means, scores))
    found, last = found_in(rungs), rungs[-1]
    chosen = f"Chosen on the last {n:,} training images, which no student was trained on; test images had no part."
    errors = [np.array([scores[0] for scores in rung.values()]) for rung in rungs]
    new = ["; ".join(students[before:now]) for before, now in zip([0, *trained], trained, strict=False)]
    halving = {
        "Rung": [str(number) for number, _ in enumerate(rungs)],
        "Recipes": [str(len(rung)) for rung in rungs],
        "Diverged": [str(np.isnan(of_rung).sum()) for of_rung in errors],
        "New students of each": new,
        "Fewest errors": [f"{np.nanmin(of_rung):.1f}" for of_rung in errors],
        "Median": [f"{np.nanmedian(of_rung):.1f}" for of_rung in errors],
    }
    best = sorted((recipe for recipe in last if not np.isnan(last[recipe][0])), key=lambda recipe: last[recipe][0])
    table = {"Recipe": [str(recipe) for recipe in best]}
    table |= {parameter(key): [text_of(recipes[recipe][key]) for recipe in best] for key in recipes[0]}
    digits = zip(("Errors", "Unseen class (%)", "AUROC"), (1, 1, 4), strict=True)
    for column, (name, places) in enumerate(digits):
        table[name] = [f"{last[recipe][column]:.{places}f}" for recipe in best]
    more = [by_seed(scores[-1][recipe][:, 0] - scores[-1][found][:, 0], seeds[: trained[-1]]) for recipe in best[1:]]
    table[f"Errors, minus those of {found}"] = ["", *(plus_minus(estimate(each), 1)[0] for each in more)]
    paired = f" {describe(len(more[0]))}.{explained(len(more[0]))}" if more and len(more[0]) > 1 else ""
    values = recipes[found]
    return [
        Section(
            f"Recipe {found} of {len(recipes)}",
            chosen,
            {"Parameter": [parameter(key) for key in values], "Value": [text_of(value) for value in values.values()]},
        ),
        Section(
            "Rungs",
            f"Each rung trains new students by the recipes that the one before kept. Errors: on {n:,} held-out "
            "images of all classes, with the shift from the class frequency, mean over the students of the recipe.",
            halving,
        ),
        Section(
            "The last rung",
            f"Mean over {trained[-1]} students of each recipe. Unseen class: accuracy on the class that the student "
            "never saw, with the shift from the class frequency; AUROC needs no shift. Differences are paired by "
            f"unseen class and seed.{paired}",
            table,
        ),
    ]


def draw(
    rungs: Sequence[Rung], recipes: Sequence[Mapping], values: Mapping[str, Sequence], trained: Sequence[int], n: int
) -> Figure:
    """Draw the errors of each recipe from rung to rung, and those of the first rung along each parameter."""
    n_rows = -(-len(values) // COLUMNS)
    figure = Figure(figsize=(WIDTH, 2.7 + 1.35 * n_rows))
    grid = figure.add_gridspec(n_rows + 1, COLUMNS, height_ratios=[1.75, *[1] * n_rows])
    top = figure.add_subplot(grid[0, :])
    draw_halving(top, rungs, trained)
    first = None
    for number, (key, allowed) in enumerate(values.items()):
        axes = figure.add_subplot(grid[1 + number // COLUMNS, number % COLUMNS], sharey=first)
        draw_parameter(axes, rungs[0], recipes, key, allowed, found_in(rungs))
        first = first or axes
        axes.tick_params(labelleft=number % COLUMNS == 0)
    figure.supylabel(f"Errors on {n:,} held-out images", fontsize=7.5)
    each = "one student" if trained[0] == 1 else f"{trained[0]} students"
    figure.supxlabel(
        f"Below: each recipe after the first rung ({each}), by its values; bars: medians. Logarithmic scales",
        fontsize=6.5,
    )
    return figure


def draw_halving(axes: Axes, rungs: Sequence[Rung], trained: Sequence[int]) -> None:
    """Draw a line for each recipe through its errors, rung by rung, and the one that is left over all others."""
    found = found_in(rungs)
    for recipe in [*(recipe for recipe in rungs[0] if recipe != found), found]:
        errors = [rung[recipe][0] for rung in rungs if recipe in rung]
        colour = {"color": FOUND, "zorder": 3} if recipe == found else {"color": TRAINED, "linewidth": 0.7}
        axes.plot(errors, marker="o", markersize=2.5, **colour)
        if np.isnan(errors[-1]):
            axes.plot(len(errors) - 1, 0.97, "x", color=DARK_GREY, transform=axes.get_xaxis_transform(), markersize=4)
    finish(axes)
    axes.set_xticks(
        range(len(rungs)),
        [f"{len(rung)} {_plural('recipe', len(rung))},\n{n} {_plural('student', n)} each"
         for rung, n in zip(rungs, trained, strict=True)],
    )  # fmt: skip
    diverged = any(np.isnan(scores[0]) for rung in rungs for scores in rung.values())
    handles = [Line2D([], [], color=FOUND, label=f"recipe {found}, which is left")]
    handles += [Line2D([], [], color=TRAINED, label="others")]
    handles += [Line2D([], [], color=DARK_GREY, marker="x", linestyle="", label=DIVERGED)] if diverged else []
    axes.legend(handles=handles, loc="upper right")
    axes.set_title(f"Recipe {found} of {len(rungs[0])} makes the fewest errors")


def draw_parameter(axes: Axes, rung: Rung, recipes: Sequence[Mapping], key: str, allowed: Sequence, found: int) -> None:
    """Draw the errors of the recipes of a rung by their value of a parameter, with the median of each value."""
    for place, value in enumerate(allowed):
        errors = np.array([scores[0] for recipe, scores in rung.items() if recipes[recipe][key] == value])
        errors = errors[np.isfinite(errors)]
        axes.plot(place + np.linspace(-0.25, 0.25, len(errors)), errors, "o", color=TRAINED, markersize=2)
        if len(errors):
            axes.plot([place - 0.35, place + 0.35], [np.median(errors)] * 2, color=DARK_GREY)
        if recipes[found][key] == value:
            axes.plot(place, rung[found][0], "o", color=FOUND, markersize=5, zorder=3)
    finish(axes)
    axes.set_xticks(range(len(allowed)), list(map(tick, allowed)), fontsize=6.5)
    axes.set_xlim(-0.6, len(allowed) - 0.4)
    axes.set_title(parameter(key).capitalize(), fontsize=7.5, fontweight="normal")


def tick(value: object) -> str:
    """A value in the little room below an axis: layers as 3 × 300, or one below the other if they differ."""
    if isinstance(value, list) and len(value) > 1:
        return f"{len(value)} ×\n{value[0]}" if len({*value}) == 1 else "\n".join(map(str, value))
    return text_of(value)


def finish(axes: Axes) -> None:
    """Give the errors a logarithmic scale with numbers that people read."""
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 3, 5)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda tick, _: f"{tick:g}"))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.grid(axis="y", color=LIGHT_GREY, linewidth=0.6)
    axes.set_axisbelow(True)


def _plural(noun: str, n: int) -> str:
    return noun if n == 1 else f"{noun}s"


def described(students: Sequence[tuple[str, int]], omitted: Mapping[str, Sequence[int]], names: Names) -> list[str]:
    """What each student never saw, and its seed."""
    return [f"without {name_classes(called(omitted[arm], names))}, seed {seed}" for arm, seed in students]


if __name__ == "__main__":
    params, output = snakemake.params, snakemake.output
    with logged(snakemake.log[0]) as log:
        scores = [read_rung(path) for path in snakemake.input]
        rungs = list(map(means, scores))
        found = found_in(rungs)
        log.info("recipe %d is left of %d", found, len(rungs[0]))
        table = rows(rungs, params.recipes, params.trained)
        write_csv(
            output.csv,
            *noted_table(("rung", "recipe", *map(parameter, params.values), "students", *SCORES), table, params.note),
        )
        write_json(output.found, {"recipe": found, **nested(params.recipes[found])})
        students = described(params.students, params.omitted, params.names)
        seeds = [seed for _, seed in params.students]
        tables = sections(scores, params.recipes, students, seeds, params.trained, params.held_out)
        text = markdown(noted(tables, params.note))
        write_text(output.md, text)
        write_text(output.html, page(TITLE, text))
        figure = draw(rungs, params.recipes, params.values, params.trained, params.held_out)
        save(figure, [output.png, output.svg], params.note)
