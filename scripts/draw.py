"""Makes results/draw/draw.html: a page on which to draw a digit, and three networks of each recipe that answer.

From the weights and the test images. The template scripts/draw.html holds what the page does; it needs no network.
"""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from mythical_digit.data import prepared
from mythical_digit.errors import UserError
from mythical_digit.evaluation import forward_pass
from mythical_digit.evaluation.bias_shift import ShiftCurve, inject
from mythical_digit.files.atomic import write_text
from mythical_digit.files.checksums import sha256_of_content
from mythical_digit.files.tensors import load_tensors
from mythical_digit.pages import quantised
from mythical_digit.workflow.job_log import logged

TEMPLATE = Path(__file__).with_name("draw.html")
WEIGHTS = 3_900_000  # characters for the weights of all networks: the page stays below 5 MiB, the site below 10 MB
FARTHEST = 7  # nats: the slider's end, or twice the recipe's shift if that is more
STEP = 0.1  # of the slider
UNSEEN = 6  # examples of the omitted classes


def farthest(value: float) -> float:
    """The end of the slider, in nats, on that side of zero on which the recipe's shift `value` is."""
    return float(np.copysign(max(FARTHEST, 2 * abs(value)), value))


def correct_along(logits: np.ndarray, labels: np.ndarray, recipe: Mapping) -> dict[str, list[int]]:
    """Count the correct images of the omitted classes (`unseen`) and of all `others` at each step of the slider.

    `logits` (n, classes) and `labels` (n,) are of the test images. Steps run from no shift to the slider's far end.
    """
    end = farthest(recipe["value"])
    shifts = np.round(np.arange(round(abs(end) / STEP) + 1) * STEP * np.sign(end), 1)
    omitted = np.isin(labels, recipe["omitted"])
    counts = {}
    for name, images in (("unseen", omitted), ("others", ~omitted)):
        curve = ShiftCurve(logits[images], labels[images], recipe["shifted"])
        counts[name] = sum(curve.correct.values())[np.searchsorted(curve.leads, shifts)].tolist()
    return counts


def examples(pixels: np.ndarray, labels: np.ndarray, omitted: Sequence[int]) -> tuple[list[int], int]:
    """Which test images to offer, and the place among them of the one that the page opens with.

    The first UNSEEN of the omitted classes, then the first of each other class. The page opens with the most typical of
    the former: the one nearest to the mean of all of its class. No network has a say.
    """
    unseen = np.flatnonzero(np.isin(labels, omitted))[:UNSEEN].tolist()
    others = [int(np.argmax(labels == k)) for k in np.unique(labels) if k not in omitted]
    distances = [((pixels[i] - pixels[labels == labels[i]].mean(axis=0)) ** 2).sum() for i in unseen]
    return unseen + others, int(np.argmin(distances))


def changed(exact: np.ndarray, rounded: np.ndarray) -> int:
    """How many answers differ between two arrays of logits (n, classes)."""
    return int((exact.argmax(axis=1) != rounded.argmax(axis=1)).sum())


def record(
    network: Mapping, tensors: Mapping, layers: Sequence[quantised.Layer], recipe: Mapping, test: tuple
) -> dict[str, object]:
    """What the page says of a network, beside its weights; `test` are the images and labels of the test split."""
    images, labels = test
    restored = quantised.restored(layers)
    exact = forward_pass.logits(tensors, images)
    shifted = [inject(each, recipe["shifted"], recipe["value"]) for each in (tensors, restored)]
    return {
        **network,
        "sha256": sha256_of_content(network["path"]),
        "shapes": [layer.codes.shape for layer in layers],
        "layout": " × ".join(map(str, [layers[0].codes.shape[1], *(len(layer.codes) for layer in layers)])),
        "changed": [
            changed(exact, forward_pass.logits(restored, images)),
            changed(*(forward_pass.logits(each, images) for each in shifted)),
        ],
        **correct_along(exact, labels, recipe),
    }


def weights(recipes: Sequence[Sequence[Sequence[quantised.Layer]]]) -> Iterator[str]:
    """The elements that hold the weights: those of a recipe's networks, then the call that starts them."""
    for place, networks in enumerate(recipes):
        for number, layers in enumerate(networks):
            yield f'<script type="text/plain" id="weights-{place}-{number}">{quantised.packed(layers)}</script>'
        yield f"<script>arrived({place});</script>"


def page(content: Mapping, unseen: str, scripts: Iterator[str]) -> str:
    """The page filled with its content, which may hold any text."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    template = TEMPLATE.read_text(encoding="utf-8").replace("@UNSEEN@", unseen)
    return template.replace("@WEIGHTS@", "\n".join(scripts)).replace("@DATA@", text)


if __name__ == "__main__":
    params, data = snakemake.params, snakemake.input.data
    with logged(snakemake.log[0]) as log:
        if not params.recipes:
            raise UserError("config.yaml: `draw` is missing; it names the networks of the page (docs/configuration.md)")
        test = images, labels = prepared.load_split(data, "test", params.normalisation)
        pixels = load_tensors(data, ["test_images"])["test_images"]
        every = [network for recipe in params.recipes for network in recipe["networks"]]
        tensors = [load_tensors(network["path"]) for network in every]
        layers = quantised.finest(tensors, WEIGHTS)
        recipes, parts = [], iter(zip(every, tensors, layers, strict=True))
        for recipe in params.recipes:
            of_recipe = [record(*next(parts), recipe, test) for _ in recipe["networks"]]
            n = int(np.isin(labels, recipe["omitted"]).sum())
            sizes = {"n": {"unseen": n, "others": len(labels) - n}, "farthest": farthest(recipe["value"])}
            recipes.append({**recipe, **sizes, "networks": of_recipe})
            for network in of_recipe:
                log.info("%s: rounding changes %s of %d answers", network["path"], network["changed"], len(labels))
        omitted = recipes[0]["omitted"]
        chosen, opens = examples(pixels.astype(np.float64), labels, omitted)
        content = {
            **params.normalisation,
            "rows": pixels.shape[1],
            "columns": pixels.shape[2],
            "box": round(pixels.shape[1] * 20 / 28),  # of the 28 pixels of MNIST, a digit fills 20
            "classes": [str(k) for k in range(layers[0][-1].codes.shape[0])],
            "n": len(labels),
            "recipes": recipes,
            "opens": opens,
            "examples": [
                {"image": i, "label": int(labels[i]), "pixels": base64.b64encode(pixels[i].tobytes()).decode()}
                for i in chosen
            ],
        }
        count = len(params.recipes[0]["networks"])
        grouped = [layers[i : i + count] for i in range(0, len(layers), count)]
        write_text(snakemake.output[0], page(content, " or ".join(map(str, omitted)), weights(grouped)))
