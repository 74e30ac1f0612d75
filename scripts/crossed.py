"""Makes results/{experiment}/crossed.{csv,md,html,png,svg} from bias.csv: teachers crossed with students, and whose
spread it is."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mythical_digit.errors import UserError
from mythical_digit.evaluation.shift_choices import EXPLANATIONS, SHIFT_CHOICES
from mythical_digit.figures.style import DARK_GREY, LIGHT_GREY, UNSEEN, WIDTH, save
from mythical_digit.files.atomic import write_text
from mythical_digit.files.records import write_csv
from mythical_digit.tables.experiment_note import noted, noted_table
from mythical_digit.tables.html import page
from mythical_digit.tables.markdown import Section, markdown, name_classes
from mythical_digit.tables.shift_effects import read_effects
from mythical_digit.tables.statistics import SLACK
from mythical_digit.tables.two_way import Spread, ratio_interval, spreads
from mythical_digit.workflow.job_log import logged

COLUMNS = ("way", "source", "df", "mean_square", "sd", "p", "ratio", "ratio_low", "ratio_high")
SHOWN = ("none", "fixed")  # the choices of a shift in the figure

Accuracies = Mapping[str, np.ndarray]  # by choice of a shift, (n_teachers, n_students) in percent


def check(seeds: Sequence[int]) -> None:
    """Raise UserError if there is only one seed of students."""
    if len(seeds) < 2:
        raise UserError(
            f"teachers are crossed with the student of seed {seeds[0]} alone; to tell their spreads, add seeds to the "
            "experiment's `seeds` in config.yaml"
        )


def ratio(found: Mapping[str, Spread]) -> tuple[float, float, float]:
    """The teachers' mean square over the students', with its interval; NaN if the students do not differ.

    A mean square grows with the number of repeats: with other numbers of teachers and students, NaN, too.
    """
    teacher, student = found["teacher"], found["student"]
    if student.mean_square < SLACK**2 or teacher.df != student.df:
        return (np.nan,) * 3
    return teacher.mean_square / student.mean_square, *ratio_interval(teacher, student)


def rows(accuracies: Accuracies) -> Iterator[tuple]:
    """The rows of the CSV table; the ratio of the mean squares is in the row of the teacher."""
    for way, values in accuracies.items():
        found = spreads(values)
        for source, part in found.items():
            last = ratio(found) if source == "teacher" else (np.nan,) * 3
            numbers = [part.mean_square, part.sd, part.p, *last]
            cells = [None if np.isnan(number) else number for number in numbers]
            yield (way, source, part.df, *cells)


def p_value(value: float) -> str:
    """A p-value as text."""
    return "" if np.isnan(value) else "< 0.001" if value < 0.001 else f"{value:.3f}"


def section(label: str, classes: Sequence[int], accuracies: Accuracies) -> Section:
    """Lay out a row per choice of a shift, with what teachers, students and the rest add to the spread."""
    teachers, students = accuracies["none"].shape
    found = [spreads(values) for values in accuracies.values()]
    columns = {"Way": [SHIFT_CHOICES[way].label for way in accuracies]}
    columns["Mean (%)"] = [f"{values.mean():.1f}" for values in accuracies.values()]
    for source, head in (("teacher", "Teachers, SD"), ("student", "Students, SD"), ("rest", "Rest, SD")):
        columns[head] = [f"{each[source].sd:.1f}" for each in found]
        if source != "rest":
            columns[f"{head[:-4]}, p"] = [p_value(each[source].p) for each in found]
    ratios = [ratio(each) for each in found]
    columns["Ratio of mean squares (95 %)"] = [
        "" if np.isnan(one) else f"{one:.1f} ({low:.1f} to {high:.1f})" for one, low, high in ratios
    ]
    unequal = "" if teachers == students else " It is given only with as many students as teachers."
    caption = (
        f"Test accuracy on {name_classes(classes)}: {teachers} teachers, each with {students} students, every student "
        "seed with every teacher. SD: the standard deviation that each adds, in percentage points. p: of the F test "
        "that it adds none. Last, the mean square of the teachers over that of the students: where its interval holds "
        f"1, neither can be called the larger.{unequal} {EXPLANATIONS}."
    )
    return Section(label, caption, columns)


def draw(accuracies: Accuracies, seeds: Sequence[int], teacher_seeds: Sequence[int], classes: Sequence[int]) -> Figure:
    """Draw the same accuracies twice, by teacher and by student: whose means differ, theirs is the spread."""
    figure = Figure(figsize=(WIDTH, 4.2))
    panels = figure.subplots(len(SHOWN), 2, sharey="row", sharex="col")
    for (left, right), way in zip(panels, SHOWN, strict=True):
        draw_groups(left, accuracies[way], teacher_seeds)
        draw_groups(right, accuracies[way].T, seeds)
        left.set_ylabel(f"Test accuracy on\n{name_classes(classes)} (%)")
        left.set_title(f"{SHIFT_CHOICES[way].label}, by teacher")
        right.set_title(f"{SHIFT_CHOICES[way].label}, by student")
    panels[-1][0].set_xlabel("Seed of the teacher")
    panels[-1][1].set_xlabel("Seed of the student")
    figure.supxlabel("Left and right: the same values. Dots: one student each; bars: means", fontsize=6.5)
    return figure


def draw_groups(axes: Axes, groups: np.ndarray, names: Sequence[int]) -> None:
    """Draw the values of each group (n_groups, n) as dots in one column, and their mean as a bar."""
    for place, values in enumerate(groups):
        spots = place + np.linspace(-0.15, 0.15, len(values))
        axes.plot(spots, values, "o", color=UNSEEN, markersize=3.5, markeredgewidth=0, alpha=0.7)
        axes.plot([place - 0.3, place + 0.3], [values.mean()] * 2, color=DARK_GREY, linewidth=1.6)
    axes.set_xticks(range(len(names)), names)
    axes.tick_params(axis="x", length=0)
    axes.grid(axis="y", color=LIGHT_GREY, linewidth=0.6)
    axes.set_axisbelow(True)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        params, output = snakemake.params, snakemake.output
        check(params.seeds)
        effects = read_effects(snakemake.input.bias, params.arms)
        accuracies = {
            way: np.array([effects[arm][way]["class_accuracy"] for arm in params.arms]) for way in SHIFT_CHOICES
        }
        write_csv(output.csv, *noted_table(COLUMNS, rows(accuracies), params.note))
        text = markdown(noted([section(params.label, params.classes, accuracies)], params.note))
        write_text(output.md, text)
        write_text(output.html, page("Teachers crossed with students", text))
        figure = draw(accuracies, params.seeds, params.teacher_seeds, params.classes)
        save(figure, [output.png, output.svg], params.note)
