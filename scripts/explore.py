"""Makes results/{experiment}/explore.html: a page to explore shifted biases, or the students of a sweep.

From metrics.csv and, for arms with a shifted bias, from the outputs of `choose_bias` and the weights, which give counts
per class at every shift, and examples. The numbers fill the template scripts/explore.html: one file that needs no
network.
"""

import base64
import html
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from scipy.special import stdtrit

from mythical_digit.data import prepared
from mythical_digit.evaluation import forward_pass
from mythical_digit.evaluation.bias_shift import ShiftCurve
from mythical_digit.evaluation.image_ranking import evenly_spaced, ranking
from mythical_digit.evaluation.shift_choices import EXPLANATIONS, SHIFT_CHOICES
from mythical_digit.figures.style import PALETTE, arm_style
from mythical_digit.files import origin
from mythical_digit.files.atomic import write_text
from mythical_digit.files.records import read_csv, read_json
from mythical_digit.files.tensors import load_tensors
from mythical_digit.study.class_labels import Names, called
from mythical_digit.study.experiments import BIASED, TEACHER
from mythical_digit.tables.accuracies import class_sizes, read_accuracies
from mythical_digit.tables.markdown import name_classes
from mythical_digit.tables.per_model import per_model
from mythical_digit.tables.published import read_published
from mythical_digit.tables.statistics import CONFIDENCE
from mythical_digit.workflow.job_log import logged

TEMPLATE = Path(__file__).with_name("explore.html")
CHOICES = {
    key: {"label": choice.label, "symbol": choice.symbol, "colour": choice.style["color"]}
    for key, choice in SHIFT_CHOICES.items()
}
UNSEEN = 12  # images, shared among the omitted classes, at least one for each
TURNING = 6  # images of the other classes
DECIMALS = 3  # of a logit


def correct_per_class(logits: np.ndarray, labels: np.ndarray, shifted: Sequence[int], shifts: np.ndarray) -> np.ndarray:
    """Count the correct images of each class at each of the shifts (n_shifts,): (n_shifts, classes).

    `logits` (n, classes) and `labels` (n,) are of the images; `shifted` are the classes whose biases are shifted.
    """
    curves = [ShiftCurve(logits[labels == k], labels[labels == k], shifted) for k in range(logits.shape[1])]
    return np.column_stack([sum(curve.correct.values())[np.searchsorted(curve.leads, shifts)] for curve in curves])


def unseen(logits: np.ndarray, labels: np.ndarray, omitted: Sequence[int]) -> list[int]:
    """Images of each omitted class, evenly spaced from the surest correct to the surest wrong, without a shift."""
    ranked = [ranking(logits, labels, label) for label in omitted]
    return [int(i) for each in ranked for i in each[evenly_spaced(len(each), max(1, UNSEEN // len(omitted)))]]


def best_of(arms: Mapping[str, Sequence[int]], records: Mapping[str, Sequence[Mapping]], arm: str) -> str:
    """Of the arms that omit the same classes as `arm`, by `arms`, the one that gets most images of these right.

    That is at the fixed shift. Its images are shown for all of these arms, which then answer to the same ones.
    """

    def correct(name: str) -> int:
        counts = [record["ways"]["fixed"]["metrics"]["class_correct"] for record in records[name]]
        return sum(each[label] for each in counts for label in arms[arm])

    return max((name for name in arms if arms[name] == arms[arm]), key=correct)


def published_marks(path: str | Path | None, arm: str, shifted: Sequence[int]) -> list[dict]:
    """What was published of an arm, as marks on its curve: accuracy on the shifted class without and with the shift.

    `path` is that of the published table, if there is one. Several shifted classes have no mark.
    """
    if not path or len(shifted) > 1:
        return []
    models = {"none": arm, "fixed": arm + BIASED}
    table = read_published(path, list(models.values()), [str(shifted[0])])
    values = {way: float(table[model][0]) for way, model in models.items()}
    return [{"way": way, "value": value} for way, value in values.items() if not np.isnan(value)]


def turning(
    logits: np.ndarray, labels: np.ndarray, omitted: Sequence[int], shifted: Sequence[int], farthest: float
) -> list[int]:
    """Images of seen classes that are correct without a shift and turn wrong on the way to the `farthest` shift.

    The first to turn beyond each of TURNING evenly spaced shifts, from 0 on.
    """
    inside = np.isin(np.arange(logits.shape[1]), shifted)
    leads = np.sign(farthest) * (logits[:, ~inside].max(axis=1) - logits[:, inside].max(axis=1))
    right = (logits.argmax(axis=1) == labels) & ~np.isin(labels, omitted)
    images = np.flatnonzero(right & (leads > 0) & (leads < abs(farthest)))
    images = images[np.argsort(leads[images], kind="stable")]
    places = np.searchsorted(leads[images], np.linspace(0, abs(farthest), TURNING, endpoint=False))
    return images[np.unique(places[places < len(images)])].tolist()


def digit(pixels: np.ndarray, label: int, logits: Sequence[np.ndarray]) -> dict:
    """An example: its pixels (rows, columns) uint8 as Base64, and its logits from the network of each seed."""
    rows, columns = pixels.shape
    return {
        "label": label,
        "rows": rows,
        "columns": columns,
        "pixels": base64.b64encode(pixels.tobytes()).decode(),
        "logits": [[round(float(value), DECIMALS) for value in each] for each in logits],
    }


def biased_arm(
    records: Sequence[Mapping],
    shifts: np.ndarray,
    logits: Sequence[np.ndarray],
    pixels: np.ndarray,
    labels: np.ndarray,
    omitted: Sequence[int],
    images: Sequence[int],
    names: Names = None,
) -> dict:
    """What a shift does to an arm: correct images per seed and class at each of `shifts` and each chosen one; examples.

    `records` are those of `choose_bias` and `logits` (n, classes) those of the test images, of each seed; `pixels` (n,
    rows, columns) uint8 and `labels` (n,) are the test split. The examples are the `images` of omitted classes, and
    others chosen by the first seed. `names` are those of the classes, if they have any.
    """
    shifted = records[0]["classes"]
    farthest = float(shifts[0] if records[0]["ways"]["fixed"]["shift"] < 0 else shifts[-1])
    examples = [*images, *turning(logits[0], labels, omitted, shifted, farthest)]
    return {
        "shifted": shifted,
        "name": name_classes(called(shifted, names)),
        "omitted": omitted,
        "farthest": farthest,
        "ways": {
            key: {
                "shift": [record["ways"][key]["shift"] for record in records],
                "correct": [record["ways"][key]["metrics"]["class_correct"] for record in records],
            }
            for key in SHIFT_CHOICES
        },
        "correct": [correct_per_class(each, labels, shifted, shifts).tolist() for each in logits],
        "digits": [digit(pixels[i], int(labels[i]), [each[i] for each in logits]) for i in examples],
    }


def seeds_and_counts(path: str | Path, models: Sequence[str]) -> tuple[dict, dict[str, list]]:
    """Read from metrics.csv what holds for the whole page, and the correct images of each of the `models`.

    The latter are counts of shape (n_seeds, classes). A model that diverged at any seed has none.
    """
    accuracies = read_accuracies(path, models, search=True)
    n, sizes = len(accuracies.seeds), np.array(list(class_sizes(path).values()))
    t = float(stdtrit(n - 1, (1 + CONFIDENCE) / 2)) if n > 1 else None  # for intervals as in tables/statistics.py
    counts = {
        model: np.rint(np.nan_to_num(each) * sizes / 100).astype(int).tolist()
        for model, each in accuracies.values.items()
        if np.isfinite(each[:, sizes > 0]).all()
    }
    return {"seeds": accuracies.seeds, "sizes": sizes.tolist(), "t": t}, counts


def swept_students(
    students: Sequence[Mapping], labels: Mapping[str, str], counts: Mapping[str, Sequence]
) -> list[dict]:
    """The `students` of a sweep that did not diverge, each with its counts and its line's colour in the figure."""
    lines = list(dict.fromkeys(student["line"] for student in students))
    return [
        {
            **student,
            "label": labels[student["model"]],
            "colour": PALETTE[lines.index(student["line"]) % len(PALETTE)],
            "omitted": [],
            "correct": counts[student["model"]],
        }
        for student in students
        if student["model"] in counts
    ]


def page(experiment: str, content: Mapping, images: str, note: str | None = None) -> str:
    """The page filled with its content, which may hold any text; `images` are those counted: test or held-out."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    template = TEMPLATE.read_text(encoding="utf-8")
    template = template.replace("@Images@", images.capitalize()).replace("@images@", images)
    template = template.replace("@EXPERIMENT@", html.escape(experiment))
    template = template.replace("@NOTE@", f"\n<p><strong>{html.escape(note)}</strong></p>" if note else "")
    return template.replace("@DATA@", text)


if __name__ == "__main__":
    params, source = snakemake.params, snakemake.input
    with logged(snakemake.log[0]):
        origin.check(snakemake)
        labels, students = params.labels, params.sweep["students"] if params.sweep else []
        teacher = [TEACHER] if TEACHER in labels else []
        content, counts = seeds_and_counts(source.metrics, [*(student["model"] for student in students), *teacher])
        content |= {"teacher": counts.get(TEACHER), "names": params.names}
        if students:
            content["parameter"] = params.sweep["parameter"]
            content["students"] = swept_students(students, labels, counts)
        else:
            images, digits = prepared.load_split(source.data, "test", params.normalisation, params.held_out)
            pixels = np.rint(255 * (images * params.normalisation["std"] + params.normalisation["mean"]))
            shifts = np.array([float(row["shift"]) for row in read_csv(source.curves[0])])
            content |= {"shifts": shifts.tolist(), "ways": CHOICES, "note": EXPLANATIONS, "students": []}
            content["digits"] = params.digits
            n_seeds = len(content["seeds"])
            models, records_of = (
                per_model(paths, params.omitted, n_seeds) for paths in (source.models, source.records)
            )
            records = {arm: [read_json(path) for path in paths] for arm, paths in records_of.items()}
            logits = {arm: [forward_pass.logits(load_tensors(path), images) for path in models[arm]] for arm in models}
            for arm, omitted in params.omitted.items():
                chosen = unseen(logits[best_of(params.omitted, records, arm)][0], digits, omitted)
                named = {"model": arm, "label": labels[arm], "colour": arm_style(arm, labels)["color"]}
                split = (pixels.astype(np.uint8), digits, omitted)
                shown = biased_arm(records[arm], shifts, logits[arm], *split, chosen, params.names)
                marks = published_marks(source.get("published"), arm, shown["shifted"])
                content["students"].append({**named, **shown, "published": marks})
        counted = "held-out" if params.held_out else "test"
        write_text(snakemake.output[0], page(snakemake.wildcards.experiment, content, counted, params.note))
