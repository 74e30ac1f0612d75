"""Makes results/{experiment}/bias.{md,html} from bias.csv: what each choice of a shift does, arm by arm."""

from collections.abc import Sequence

from mythical_digit.evaluation.shift_choices import EXPLANATIONS, SHIFT_CHOICES
from mythical_digit.files.atomic import write_text
from mythical_digit.tables.experiment_note import noted
from mythical_digit.tables.html import page
from mythical_digit.tables.markdown import Section, explained, markdown, name_classes, plus_minus
from mythical_digit.tables.shift_effects import Effects, read_effects, shift_text
from mythical_digit.tables.statistics import describe, estimate
from mythical_digit.workflow.job_log import logged


def section(label: str, classes: Sequence[int], effects: Effects) -> Section:
    """Lay out one arm: a row per choice, with the shift of the biases of `classes`, the errors and the accuracies."""
    n = len(effects["none"]["errors"])
    shifted = name_classes(classes)
    caption = (
        f"Added to the output bias of {shifted} (nats), and what it gives on the test images: the number of errors and "
        f"the accuracy in percent. {describe(n)}.{explained(n)} {EXPLANATIONS}."
    )
    heads = {
        "errors": "Errors",
        "class_accuracy": f"On {shifted}",
        "other_accuracy": "On the others",
        "accuracy": "On all",
    }
    columns = {
        head: [plus_minus(estimate(each[name]), digits=1 if name == "errors" else 2)[0] for each in effects.values()]
        for name, head in heads.items()
    }
    shifts = {
        "Way": [SHIFT_CHOICES[key].label for key in effects],
        "Shift": [shift_text(each["shift"]) for each in effects.values()],
    }
    return Section(label, caption, shifts | columns)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        labels, classes = snakemake.params.labels, snakemake.params.classes
        effects = read_effects(snakemake.input.bias, classes)
        sections = [section(labels[arm], classes[arm], effects[arm]) for arm in classes]
        text = markdown(noted(sections, snakemake.params.note))
        write_text(snakemake.output.md, text)
        write_text(snakemake.output.html, page("Shifts of the bias", text))
