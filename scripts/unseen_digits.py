"""Makes results/{experiment}/unseen_digits/{arm}.{png,svg}: test images of the classes that the arm never saw.

From the prepared data and the weights of the first seed, without and with the injected bias.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from scipy.special import softmax

from mythical_digit.data import prepared
from mythical_digit.evaluation import forward_pass
from mythical_digit.evaluation.image_ranking import evenly_spaced, ranking
from mythical_digit.figures.digit_gallery import COLUMNS, MARGIN, ROW, TEXT, TITLE, draw_digit, draw_key, page
from mythical_digit.figures.style import UNSEEN, save
from mythical_digit.files import origin
from mythical_digit.files.tensors import load_tensors
from mythical_digit.study.class_labels import Names, called, in_words, opening, short
from mythical_digit.study.experiments import BIASED
from mythical_digit.tables.markdown import name_classes
from mythical_digit.workflow.job_log import logged

ROWS = 4  # of images, shared among the omitted classes, but one at least for each


def unseen_digits(
    images: np.ndarray,
    labels: np.ndarray,
    logits: Sequence[np.ndarray],
    omitted: Sequence[int],
    name: str,
    shift: str,
    colour: str,
    names: Names = None,
) -> Figure:
    """Draw, for each omitted class, images from its ranking with the bias, and the predictions without and with it.

    `images` (n, rows, columns) and `labels` (n,) are the test split; `logits` are those without and with the bias, (n,
    classes) each. `name` names the model, `shift` the injected shift, `names` the classes, if they have names.
    """
    predicted = [each.argmax(axis=1) for each in logits]
    plain, biased = (softmax(each.astype(np.float64), axis=1) for each in logits)
    count = max(1, ROWS // len(omitted)) * COLUMNS
    rows = -(-count // COLUMNS)
    axes = page(0.62 + len(omitted) * (0.2 + rows * ROW) + 0.48)
    shown_classes = name_classes(called(omitted, names))
    axes.text(MARGIN, 0.14, f"{name}: test images of {shown_classes}, never seen in training", **TITLE)
    key = ["True class, with the bias", "Other classes, with the bias", f"Without the bias ({shift})"]
    draw_key(axes, 0.3, key, colour)
    top = 0.56
    for label in omitted:
        ranked = ranking(logits[1], labels, label)
        right = [int((each[ranked] == label).sum()) for each in predicted]
        if not len(ranked):
            axes.text(MARGIN, top, f"{opening(in_words(label, names))}: no test image", va="center")
            top += 0.2
            continue
        shares = [f"{found:,} of {len(ranked):,} right ({100 * found / len(ranked):.1f} %)" for found in right]
        text = f"{opening(in_words(label, names))}: {shares[1]} with the bias, {shares[0]} without"
        axes.text(MARGIN, top, text, va="center")
        for place, rank in enumerate(shown(right[1], len(ranked) - right[1], count)):
            image = ranked[rank]
            answers = " → ".join(short(each[image], names) for each in predicted)
            right_or_wrong = "✓" if predicted[1][image] == label else "✗"
            heading = f"{answers} {right_or_wrong}" if names else f"#{rank + 1:,}   {answers}  {right_or_wrong}"
            bars = (biased[image], plain[image], label, colour)
            draw_digit(axes, place, top + 0.12, images[image], heading, *bars, numbered=not names)
        top += 0.2 + rows * ROW
    most = "up to " if any((labels == label).sum() < count for label in omitted) else ""
    mark = "" if names else " (#)"
    notes = (
        f"For each class, {most}{count} of its test images, evenly spaced in their ranking{mark} from the surest right "
        "to the surest\nwrong; at least half are wrong where as many are, though that is more than their share. "
        "Ranked by the logit of the true class\nless the highest other one, with the bias. Predicted without → with "
        "the bias. Bars: probabilities from 0 to 1, T = 1."
    )
    axes.text(MARGIN, top, notes, fontsize=TEXT, va="top")
    return axes.figure


def shown(right: int, wrong: int, count: int) -> np.ndarray:
    """The places of `count` images in a ranking of the `right` and, after these, the `wrong` ones, from 0.

    Each kind is evenly spaced. The wrong ones have their share, or half of all images if they are rarer: what a network
    still gets wrong says more than what it gets right.
    """
    failures = max(round(count * wrong / (right + wrong)), min(wrong, count // 2), min(wrong, count - right))
    return np.concatenate([evenly_spaced(right, count - failures), right + evenly_spaced(wrong, failures)])


def describe_shift(bias: Mapping, names: Names = None) -> str:
    """The injected shift in words; `bias` has `classes` and `value` (nats)."""
    value = f"{bias['value']:+g}".replace("-", "−")
    return f"{value} on {', '.join(short(label, names) for label in bias['classes'])}"


if __name__ == "__main__":
    params = snakemake.params
    with logged(snakemake.log[0]):
        origin.check(snakemake)
        arm, labels = snakemake.wildcards.arm, params.labels
        images, digits = prepared.load_split(snakemake.input.data, "test", params.normalisation, params.held_out)
        # On all images at once, as in `evaluate`: the counts here are those of the tables.
        models = [load_tensors(path) for path in (snakemake.input.plain, snakemake.input.biased)]
        logits = [forward_pass.logits(tensors, images) for tensors in models]
        name = f"{labels[arm + BIASED]}, seed {params.seed}"
        shift = describe_shift(params.bias, params.names)
        figure = unseen_digits(images, digits, logits, params.omitted, name, shift, UNSEEN, params.names)
        save(figure, [snakemake.output.png, snakemake.output.svg], snakemake.params.note)
