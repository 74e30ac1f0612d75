"""Makes results/{experiment}/learned.{csv,md,html,png,svg}: what students learn of a class that they never see.

On test images, student and teacher side by side: whether they agree, image by image; whether the student is as often
right as it is sure; and whether its lead of the unseen class (the logit of that class less the largest other one)
follows the teacher's. If a student knew the class only where its teacher hesitates, it would miss the images of which
the teacher is surest.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.special import softmax
from scipy.stats import spearmanr

from mythical_digit.data import prepared
from mythical_digit.evaluation import forward_pass
from mythical_digit.evaluation.bias_shift import inject
from mythical_digit.evaluation.image_ranking import lead
from mythical_digit.figures.style import DARK_GREY, LIGHT_GREY, TRAINED, UNSEEN, WIDTH, save
from mythical_digit.files import origin
from mythical_digit.files.atomic import write_text
from mythical_digit.files.records import read_json, write_csv
from mythical_digit.files.tensors import load_tensors
from mythical_digit.study.class_labels import Names, short
from mythical_digit.tables.experiment_note import noted, noted_table
from mythical_digit.tables.html import page
from mythical_digit.tables.markdown import Section, explained, markdown, plus_minus
from mythical_digit.tables.per_model import per_model
from mythical_digit.tables.statistics import describe, estimate
from mythical_digit.workflow.job_log import logged

COLUMNS = ("class", "seed", "images", "shift", "measure", "value")
TITLE = "What the students learn"
SEEN, NEVER = "seen", "unseen"  # classes of the images
NONE, PRIOR = "none", "prior"  # ways to choose the shift
GROUPS = 5  # of the images of an unseen class, by the teacher's lead
FEWEST = 2  # images of which a rank correlation is made

Found = dict[tuple[str, str, str], float]  # of one student, by images, shift and measure


def compared(teacher: np.ndarray, student: Mapping[str, np.ndarray], labels: np.ndarray, label: int) -> Found:
    """Compare the logits of a student that never saw class `label`, by shift, with its teacher's, (n, classes) each.

    Agreement, accuracy and mean confidence (the probability of the prediction, T = 1) are in percent. `correlation` is
    Spearman's, of the two leads of the class. `group_1` to `group_5` are the accuracies on equally many images of the
    class each, from those with the smallest lead of the teacher to those with the largest.
    """
    found: Found = {}
    for images, mask in ((SEEN, labels != label), (NEVER, labels == label)):
        n = int(mask.sum())
        for shift, logits in student.items():
            predicted, sure = logits[mask].argmax(axis=1), softmax(logits[mask].astype(np.float64), axis=1).max(axis=1)
            for measure, values in (
                ("agreement", predicted == teacher[mask].argmax(axis=1)),
                ("accuracy", predicted == labels[mask]),
                ("confidence", sure),
            ):
                found[images, shift, measure] = 100 * float(values.mean()) if n else np.nan
        leads = lead(teacher[mask], label), lead(student[NONE][mask], label)
        enough = n >= FEWEST and all(np.ptp(each) for each in leads)
        found[images, NONE, "correlation"] = float(spearmanr(*leads).statistic) if enough else np.nan
    unseen = np.flatnonzero(labels == label)
    ordered = unseen[np.argsort(lead(teacher[unseen], label), kind="stable")]
    for number, group in enumerate(np.array_split(ordered, GROUPS), start=1):
        right = student[PRIOR][group].argmax(axis=1) == label
        found[NEVER, PRIOR, f"group_{number}"] = 100 * float(right.mean()) if len(group) else np.nan
    return found


def rows(found: Mapping[int, Sequence[Found]], seeds: Sequence[int]) -> Iterator[tuple]:
    """The rows of the CSV table, from what `compared` gives of each class and seed."""
    for label, of_seeds in found.items():
        for seed, measures in zip(seeds, of_seeds, strict=True):
            for key, value in measures.items():
                yield label, seed, *key, None if np.isnan(value) else value


def values(of_seeds: Sequence[Found], images: str, shift: str, measure: str) -> np.ndarray:
    """One measure of a class, (n_seeds,)."""
    return np.array([each[images, shift, measure] for each in of_seeds])


def section(found: Mapping[int, Sequence[Found]], names: Names) -> Section:
    """Lay out a row per class that students never saw, and their mean."""
    heads = {
        "Agree, seen (%)": (SEEN, PRIOR, "agreement", 1),
        "Agree, unseen (%)": (NEVER, NONE, "agreement", 1),
        "… shifted (%)": (NEVER, PRIOR, "agreement", 1),
        "Too sure, seen": (SEEN, PRIOR, None, 1),
        "Too sure, unseen": (NEVER, PRIOR, None, 1),
        "ρ, seen": (SEEN, NONE, "correlation", 2),
        "ρ, unseen": (NEVER, NONE, "correlation", 2),
        "Teacher least sure (%)": (NEVER, PRIOR, "group_1", 1),
        "Teacher surest (%)": (NEVER, PRIOR, f"group_{GROUPS}", 1),
    }
    columns = {"Never seen": [*(short(label, names) for label in found), "Mean"]}
    for head, (images, shift, measure, digits) in heads.items():
        if measure:
            cells = [values(of_seeds, images, shift, measure) for of_seeds in found.values()]
        else:
            cells = [
                values(of_seeds, images, shift, "confidence") - values(of_seeds, images, shift, "accuracy")
                for of_seeds in found.values()
            ]
        columns[head] = [plus_minus(estimate(each), digits)[0] for each in (*cells, np.mean(cells, axis=0))]
    n = len(next(iter(found.values())))
    caption = (
        "On test images, of seen classes and of the one that the student never saw; shifted: its bias as the class "
        "frequency says. Agree: student and teacher predict the same. Too sure: mean confidence less accuracy, in "
        "percentage points, shifted. ρ: Spearman's rank correlation of the leads of the unseen class, student against "
        "teacher; that of seen images is over all their classes together, which differ more than the images of one. "
        "Last: how much of the unseen class is recognised, shifted, of the fifth of its images of which the teacher is "
        f"least sure, some of which it gets wrong, and of the fifth of which it is surest. {describe(n)}.{explained(n)}"
    )
    return Section(TITLE, caption, columns)


def draw(found: Mapping[int, Sequence[Found]], names: Names) -> Figure:
    """Draw agreement with the teacher by class, accuracy by the teacher's lead, and accuracy against confidence."""
    figure = Figure(figsize=(WIDTH, 3.2))
    agreement, groups, calibration = figure.subplots(1, 3, width_ratios=[1.25, 1, 1])
    draw_agreement(agreement, found, names)
    draw_groups(groups, found)
    draw_calibration(calibration, found)
    handles, texts = calibration.get_legend_handles_labels()
    figure.legend(handles, texts, loc="outside upper center", ncols=len(handles))
    n = len(next(iter(found.values())))
    figure.supxlabel(f"Points and thin lines: a class each. {describe(n).split(' with ')[0]}", fontsize=6.5)
    return figure


KINDS = {  # images, shift: label and mark
    (SEEN, PRIOR): ("images of seen classes, shifted", {"color": TRAINED, "marker": "s", "markersize": 4}),
    (NEVER, NONE): (
        "of the unseen class",
        {"color": UNSEEN, "marker": "o", "markerfacecolor": "white", "markersize": 4.5},
    ),
    (NEVER, PRIOR): ("of the unseen class, shifted", {"color": UNSEEN, "marker": "o", "markersize": 4.5}),
}


def draw_agreement(axes: Axes, found: Mapping[int, Sequence[Found]], names: Names) -> None:
    """Draw a row per class: how often student and teacher predict the same."""
    for (images, shift), (_, style) in KINDS.items():
        means = [values(of_seeds, images, shift, "agreement").mean() for of_seeds in found.values()]
        axes.plot(means, range(len(means)), linestyle="", **style, clip_on=False, zorder=3)
    axes.set(xlim=(0, 100), ylim=(len(found) - 0.5, -0.5), xlabel="Same prediction (%)")
    axes.set_title("Agreement with the teacher")
    axes.set_yticks(range(len(found)), [short(label, names) for label in found])
    axes.tick_params(left=False)
    _grid(axes)


def draw_groups(axes: Axes, found: Mapping[int, Sequence[Found]]) -> None:
    """Draw the accuracy on fifths of the unseen images, from those of which the teacher is least sure."""
    numbers = range(1, GROUPS + 1)
    means = np.array(
        [[values(each, NEVER, PRIOR, f"group_{number}").mean() for number in numbers] for each in found.values()]
    )
    axes.plot(numbers, means.T, color=UNSEEN, linewidth=0.5, alpha=0.5)
    if len(whole := means[~np.isnan(means).any(axis=1)]):
        axes.plot(numbers, whole.mean(axis=0), color=UNSEEN, marker="o", markersize=4.5)
    axes.set(ylim=(0, 100), xlabel="Fifths of the unseen images", ylabel="Recognised, shifted (%)")
    axes.set_title("By how sure the teacher is")
    axes.set_xticks([1, GROUPS], ["least", "most"])
    _grid(axes)


def draw_calibration(axes: Axes, found: Mapping[int, Sequence[Found]]) -> None:
    """Draw the accuracy on each class against the mean confidence; on the diagonal, they are the same."""
    for (images, shift), (label, style) in KINDS.items():
        sure, right = (
            [values(of_seeds, images, shift, measure).mean() for of_seeds in found.values()]
            for measure in ("confidence", "accuracy")
        )
        axes.plot(sure, right, linestyle="", label=label, **style, clip_on=False, zorder=3)
    axes.plot([0, 100], [0, 100], color=DARK_GREY, linewidth=0.8, linestyle=":")
    axes.set(xlim=(0, 100), ylim=(0, 100), xlabel="Mean confidence (%)", ylabel="Right (%)", title="Calibration")
    _grid(axes)


def _grid(axes: Axes) -> None:
    axes.grid(color=LIGHT_GREY, linewidth=0.6)
    axes.set_axisbelow(True)


if __name__ == "__main__":
    params, output = snakemake.params, snakemake.output
    with logged(snakemake.log[0]):
        origin.check(snakemake)
        images, labels = prepared.load_split(snakemake.input.data, "test", params.normalisation, params.held_out)
        teachers = [forward_pass.logits(load_tensors(path), images) for path in snakemake.input.teachers]
        students, records = (
            per_model(paths, params.classes, len(params.seeds))
            for paths in (snakemake.input.students, snakemake.input.records)
        )
        found: dict[int, list[Found]] = {}
        for arm, label in params.classes.items():
            for teacher, path, record in zip(teachers, students[arm], records[arm], strict=True):
                tensors, shift = load_tensors(path), read_json(record)["ways"][PRIOR]["shift"]
                shifted = inject(tensors, [label], shift)
                logits = {NONE: forward_pass.logits(tensors, images), PRIOR: forward_pass.logits(shifted, images)}
                found.setdefault(label, []).append(compared(teacher, logits, labels, label))
        write_csv(output.csv, *noted_table(COLUMNS, rows(found, params.seeds), params.note))
        text = markdown(noted([section(found, params.names)], params.note))
        write_text(output.md, text)
        write_text(output.html, page(TITLE, text))
        save(draw(found, params.names), [output.png, output.svg], params.note)
