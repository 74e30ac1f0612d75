"""Makes results/{experiment}/soft_target_mass.{csv,md,html,png,svg}: what soft targets give to a class never seen.

For each distilled arm that omits one class: the teacher's mean probability of that class, at the arm's temperature,
over the training images that the arm sees; and what the student then makes of the class (bias.csv).
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mythical_digit.data import prepared
from mythical_digit.evaluation.soft_targets import mean_probability, soft_targets
from mythical_digit.figures.class_ticks import label_classes
from mythical_digit.figures.style import DARK_GREY, LIGHT_GREY, WIDTH, arm_style, save
from mythical_digit.files import origin
from mythical_digit.files.atomic import write_text
from mythical_digit.files.records import write_csv
from mythical_digit.files.tensors import load_tensors
from mythical_digit.study.class_labels import Names
from mythical_digit.tables.experiment_note import noted, noted_table
from mythical_digit.tables.html import page
from mythical_digit.tables.markdown import Section, explained, markdown, minus, plus_minus
from mythical_digit.tables.shift_effects import Effects, read_effects
from mythical_digit.tables.statistics import describe, estimate
from mythical_digit.workflow.job_log import logged

COLUMNS = ("seed", "arm", "class", "n", "mass")
MOST_IN_A_ROW = 3  # labels of the legend
SHOWN = {"none": "As trained", "fixed": "With the fixed shift"}


def mass_by_class(
    logits: np.ndarray, labels: np.ndarray, omitted: int, temperature: float
) -> dict[int, tuple[int, float]]:
    """For each class but `omitted`: how many images it has, and the mean probability of `omitted` on them in percent.

    `logits` (n, classes) are the teacher's on the training images, whose `labels` are (n,); probabilities are at the
    temperature (equation 1 of Hinton, Vinyals & Dean 2015).
    """
    means = mean_probability(soft_targets(logits, temperature), labels, omitted)
    return {label: (int((labels == label).sum()), mean) for label, mean in means.items()}


def rows(masses: Mapping[str, Sequence[Mapping]], seeds: Sequence[int]) -> Iterator[tuple]:
    """The rows of the CSV table from what `mass_by_class` gives of each arm and seed."""
    for arm, of_seeds in masses.items():
        for seed, of_classes in zip(seeds, of_seeds, strict=True):
            yield from ((seed, arm, label, n, mass) for label, (n, mass) in of_classes.items())


def overall(of_seeds: Sequence[Mapping]) -> np.ndarray:
    """The mean over all images that the arm sees, (n_seeds,) in percent."""
    return np.array(
        [np.average([mass for _, mass in each.values()], weights=[n for n, _ in each.values()]) for each in of_seeds]
    )


def correlation(masses: Mapping[str, np.ndarray], accuracies: Mapping[str, np.ndarray]) -> tuple[float, float]:
    """Pearson's correlation of mass and accuracy over the means of the arms, and over seeds within the arms."""
    x, y = (np.array([values[arm] for arm in masses]) for values in (masses, accuracies))
    centred = ((values - values.mean(axis=1, keepdims=True)).ravel() for values in (x, y))
    return _pearson(x.mean(axis=1), y.mean(axis=1)), _pearson(*centred)


def _pearson(x: np.ndarray, y: np.ndarray) -> float:
    """The correlation of two (n,); NaN where one does not vary, as with one seed."""
    return float(np.corrcoef(x, y)[0, 1]) if np.ptp(x) and np.ptp(y) else np.nan


def section(labels: Mapping[str, str], masses: Mapping[str, np.ndarray], effects: Mapping[str, Effects]) -> Section:
    """Lay out a row per arm: the mass and the accuracies on the unseen class, each with the difference from the first
    arm."""
    first, n = next(iter(masses)), len(next(iter(masses.values())))
    columns = {"Student": [labels[arm] for arm in masses]}
    accuracies = {name: {arm: effects[arm][way]["class_accuracy"] for arm in masses} for way, name in SHOWN.items()}
    for (name, found), digits in zip(({"Mass (%)": masses} | accuracies).items(), (2, 1, 1), strict=True):
        columns[name] = [plus_minus(estimate(values), digits)[0] for values in found.values()]
        columns[f"{name}, minus the first".replace(" (%)", "")] = [
            "" if arm == first else plus_minus(estimate(values - found[first]), digits)[0]
            for arm, values in found.items()
        ]
    caption = (
        "Mass: the mean probability of the unseen class in the soft targets, over the training images of the other "
        "classes. Then the test accuracy on the unseen class in percent. Differences from the first row are in "
        f"percentage points, paired by seed. {describe(n)}.{explained(n)}"
    )
    return Section("Soft targets for the unseen class", caption, columns)


def draw(
    labels: Mapping[str, str],
    masses: Mapping[str, Sequence[Mapping]],
    effects: Mapping[str, Effects],
    names: Names = None,
) -> Figure:
    """Draw the accuracy on the unseen class against the mass, a dot per seed, and the mass by class of the image."""
    figure = Figure(figsize=(WIDTH, 3.6))
    panels = figure.subplots(1, 3, width_ratios=[1, 1, 1.25])
    totals = {arm: overall(of_seeds) for arm, of_seeds in masses.items()}
    for axes, (way, title) in zip(panels, SHOWN.items(), strict=False):
        accuracies = {arm: effects[arm][way]["class_accuracy"] for arm in masses}
        draw_dots(axes, totals, accuracies, labels)
        between, within = correlation(totals, accuracies)
        axes.set_title(title)
        found = {"between means": between, "within": within}
        words = "\n".join(f"r = {value:.2f} {name}" for name, value in found.items() if not np.isnan(value))
        axes.text(0.98, 0.02, minus(words), transform=axes.transAxes, ha="right", fontsize=6)
    panels[0].set_ylabel("Test accuracy on the unseen class (%)")
    draw_classes(panels[2], masses, labels)
    label_classes(panels[2].xaxis, list(next(iter(masses.values()))[0]), names)
    figure.legend(
        *panels[2].get_legend_handles_labels(), loc="outside upper center", ncols=min(MOST_IN_A_ROW, len(labels))
    )
    n = len(next(iter(totals.values())))
    figure.supxlabel(f"{describe(n)}; dots: seeds, crosses: means; r: Pearson's correlation", fontsize=6.5)
    return figure


def draw_dots(
    axes: Axes, masses: Mapping[str, np.ndarray], accuracies: Mapping[str, np.ndarray], labels: Mapping[str, str]
) -> None:
    """Draw each arm's seeds, and its mean as a cross."""
    for arm, mass in masses.items():
        colour = arm_style(arm, labels)["color"]
        axes.plot(mass, accuracies[arm], "o", color=colour, markersize=4, markeredgewidth=0)
        axes.plot(
            mass.mean(), accuracies[arm].mean(), "X", color=colour, markersize=7, markeredgecolor="black", zorder=3
        )
    axes.set(xlabel="Mass on the unseen class (%)", ylim=(0, None))
    axes.grid(color=LIGHT_GREY, linewidth=0.6)
    axes.set_axisbelow(True)


def draw_classes(axes: Axes, masses: Mapping[str, Sequence[Mapping]], labels: Mapping[str, str]) -> None:
    """Draw each arm's mass by the class of the image, with its 95 % interval."""
    offsets = np.linspace(-0.3, 0.3, len(masses))
    for offset, (arm, of_seeds) in zip(offsets, masses.items(), strict=True):
        values = np.array([[mass for _, mass in each.values()] for each in of_seeds])
        result, places = estimate(values), np.arange(values.shape[1]) + offset
        colour = arm_style(arm, labels)["color"]
        axes.bar(places, result.mean, width=0.6 / len(masses), color=colour, label=labels[arm])
        if result.n > 1:
            axes.errorbar(places, result.mean, result.halfwidth, fmt="none", ecolor=DARK_GREY, linewidth=0.5)
    axes.tick_params(axis="x", length=0)
    axes.set(xlabel="Class of the image", ylabel="Mass on the unseen class (%)", title="By class")
    axes.grid(axis="y", color=LIGHT_GREY, linewidth=0.6)
    axes.set_axisbelow(True)


if __name__ == "__main__":
    params, output = snakemake.params, snakemake.output
    with logged(snakemake.log[0]):
        origin.check(snakemake)
        _, digits = prepared.load_split(snakemake.input.data, "train", params.normalisation, params.held_out)
        paths = iter(snakemake.input.logits)
        masses = {
            arm: [
                mass_by_class(load_tensors(next(paths))["train_logits"][: len(digits)], digits, omitted, temperature)
                for _ in params.seeds
            ]
            for arm, (omitted, temperature) in params.arms.items()
        }
        labels = {arm: params.labels[arm] for arm in masses}
        effects = read_effects(snakemake.input.bias, masses)
        write_csv(output.csv, *noted_table(COLUMNS, rows(masses, params.seeds), params.note))
        totals = {arm: overall(of_seeds) for arm, of_seeds in masses.items()}
        text = markdown(noted([section(labels, totals, effects)], params.note))
        write_text(output.md, text)
        write_text(output.html, page("Soft targets for the unseen class", text))
        save(draw(labels, masses, effects, params.names), [output.png, output.svg], params.note)
