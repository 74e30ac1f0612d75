"""Makes results/{experiment}/bias.{md,html} from bias.csv: what each way of choosing the shift does, arm by arm."""

from collections.abc import Sequence

from mythical_digit.files.atomic import write_text
from mythical_digit.tables.experiment_note import noted
from mythical_digit.tables.html import page
from mythical_digit.tables.markdown import Section, explained, markdown, plus_minus
from mythical_digit.tables.shift_effects import LABELS, NOTE, Ways, name_classes, read_ways, shift_text
from mythical_digit.tables.statistics import describe, estimate
from mythical_digit.workflow.job_log import logged


def section(label: str, classes: Sequence[int], ways: Ways) -> Section:
    """Lay out one arm: a row per way, with the shift of the biases of `classes`, the errors and the accuracies."""
    n = len(ways["none"]["errors"])
    shifted = name_classes(classes)
    caption = (
        f"Added to the output bias of {shifted} (nats), and what it gives on the test images: the number of errors and "
        f"the accuracy in percent. {describe(n)}.{explained(n)} {NOTE}."
    )
    heads = {
        "errors": "Errors",
        "class_accuracy": f"On {shifted}",
        "other_accuracy": "On the others",
        "accuracy": "On all",
    }
    columns = {
        head: [plus_minus(estimate(way[name]), digits=1 if name == "errors" else 2)[0] for way in ways.values()]
        for name, head in heads.items()
    }
    shifts = {"Way": [LABELS[way] for way in ways], "Shift": [shift_text(way["shift"]) for way in ways.values()]}
    return Section(label, caption, shifts | columns)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        labels, classes = snakemake.params.labels, snakemake.params.classes
        ways = read_ways(snakemake.input.bias, classes)
        text = markdown(
            noted([section(labels[arm], classes[arm], ways[arm]) for arm in classes], snakemake.params.note)
        )
        write_text(snakemake.output.md, text)
        write_text(snakemake.output.html, page("Shifts of the bias", text))
