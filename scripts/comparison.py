"""Makes results/{experiment}/comparison.{csv,md,html} from two metrics.csv: an experiment compared with another.

The two share seeds, and with them initial weights, the order of images and dropout: differences are paired.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from mythical_digit.errors import UserError
from mythical_digit.files.atomic import write_text
from mythical_digit.files.records import write_csv
from mythical_digit.tables.accuracies import Accuracies, read_accuracies
from mythical_digit.tables.experiment_note import noted, noted_table
from mythical_digit.tables.html import page
from mythical_digit.tables.markdown import Section, explained, markdown, plus_minus
from mythical_digit.tables.statistics import describe, estimate
from mythical_digit.workflow.job_log import logged

COLUMNS = ("model", "quantity", "n", "there", "here", "difference", "difference_halfwidth")
WORDS = {  # title, unit, decimals
    "average": ("Accuracy, mean over the classes", "In percent; differences in percentage points.", 2),
    "errors": ("Errors", "Number of test images.", 1),
}


def paired(
    here: Accuracies, there: Accuracies, models: Sequence[str]
) -> dict[str, dict[str, tuple[np.ndarray, np.ndarray]]]:
    """Pair the values of both experiments at their common seeds: by quantity and model, (there, here), (n_seeds,) each.

    Raises UserError if they have no seed in common.
    """
    common = [seed for seed in here.seeds if seed in there.seeds]
    if not common:
        raise UserError(f"the seeds {list(here.seeds)} and {list(there.seeds)} have none in common; give them one")

    def at_common(accuracies: Accuracies, values: np.ndarray) -> np.ndarray:
        return values[[accuracies.seeds.index(seed) for seed in common]]

    quantities = {
        "average": lambda accuracies, model: accuracies.with_average(model)[:, -1],
        "errors": lambda accuracies, model: accuracies.errors[model],
    }
    return {
        quantity: {model: tuple(at_common(side, value(side, model)) for side in (there, here)) for model in models}
        for quantity, value in quantities.items()
    }


def rows(pairs: Mapping[str, Mapping[str, tuple[np.ndarray, np.ndarray]]]) -> Iterator[tuple]:
    """The rows of the CSV table; with one seed, the half-width is None."""
    for quantity, models in pairs.items():
        for model, (there, here) in models.items():
            gap = estimate(here - there)
            halfwidth = None if np.isnan(gap.halfwidth) else float(gap.halfwidth)
            yield model, quantity, gap.n, float(there.mean()), float(here.mean()), float(gap.mean), halfwidth


def sections(
    pairs: Mapping[str, Mapping[str, tuple[np.ndarray, np.ndarray]]], labels: Mapping[str, str], names: tuple[str, str]
) -> list[Section]:
    """Lay out a table per quantity; `names` are those of the experiments there and here."""
    found = []
    for quantity, models in pairs.items():
        title, unit, digits = WORDS[quantity]
        sides = [[plus_minus(estimate(pair[side]), digits)[0] for pair in models.values()] for side in (0, 1)]
        gaps = [estimate(here - there) for there, here in models.values()]
        differences = [("" if gap.mean < 0 else "+") + plus_minus(gap, digits)[0] for gap in gaps]
        caption = f"{unit} {describe(gaps[0].n)}.{explained(gaps[0].n)} Differences are paired by seed."
        columns = {"Model": [labels[model] for model in models], names[0]: sides[0], names[1]: sides[1]}
        found.append(Section(title, caption, columns | {"Difference": differences}))
    return found


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        labels, names, note = snakemake.params.labels, snakemake.params.names, snakemake.params.note
        there, here = (read_accuracies(path, labels) for path in (snakemake.input.there, snakemake.input.here))
        pairs = paired(here, there, list(labels))
        write_csv(snakemake.output.csv, *noted_table(COLUMNS, rows(pairs), note))
        text = markdown(noted(sections(pairs, labels, names), note))
        write_text(snakemake.output.md, text)
        write_text(snakemake.output.html, page("Beside another experiment", text))
