"""Do new accuracies agree with published ones, as far as the way of computing moves them?

A seed decides the initial weights, the order of the images and the dropout masks. So a model here and the published
one of the same seed differ only in how they were computed, and they are compared seed by seed. Let d be the number of
test images of a class that the new model gets right, minus that of the published one, and v = n p (1 - p) with n the
images of the class and p its accuracy, the mean of both. Other numerics move d around 0 with the variance

    κ v             of a class that the labels fix
    κ v + (τ v)²    of a loose class: omitted in training, or with a shifted bias; its logit moves by about τ

Three questions are asked:

1. Of all trained models: is the mean of d² / (κ v) over their fixed classes and the k seeds at most F? Models with the
   same counts as the published ones are left out: they would hide the others.
2. Of each model: is the mean over the seeds of d, summed over the fixed classes, within t sqrt(κ' Σv / k)? What one
   class loses another often gains, so κ' is another number than κ.
3. Of each loose class of each model: is the mean of d over the seeds within t sqrt((κ v + (τ v)²) / k)?

F and t are quantiles of Fisher's and Student's distributions with the degrees of freedom of the measurement, so that
a margin from few pairs is wider. If d is normal and only the numerics differ, an experiment fails with a probability
of at most `FALSE_ALARMS`: half of it for question 1, the other half shared equally among all others (Bonferroni).

`MARGINS` were measured on the study's recipe (590 steps). A longer training may let roundings grow further.

Without a seed in common, each accuracy, and the class mean of each model, is compared as a mean over seeds. If nothing
but chance differs, the mean of k new seeds lies within m ± t s sqrt(1/k + 1/n), where m and s are the mean and standard
deviation over the n published seeds: the prediction interval of such a mean (Hahn & Meeker 1991, "Statistical
Intervals", section 4.8), with t such that all of them together hold with at least 95 %. Few seeds make these intervals
wide: they find much less.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import fdtri, stdtrit

from mythical_digit.study.experiments import BIASED, TEACHER, arm_of, omitted
from mythical_digit.tables.accuracies import Accuracies
from mythical_digit.tables.statistics import SLACK, prediction_halfwidth

FALSE_ALARMS = 0.05  # per experiment


@dataclass(frozen=True)
class Margins:
    """How far the numerics move the same seed, each with the number of cases that it was measured on."""

    each: float  # κ of a fixed class
    cells: int  # classes of pairs of models
    together: float  # κ' of the fixed classes together
    pairs: int
    loose: float  # τ
    loose_pairs: int


# Measured on MNIST with the study's recipe (every training shuffled): the mean squares of the differences between bf16
# and fp32, teacher and students alike: seven models, of which five are trained, with seeds 0 to 4, on an AMD EPYC with
# AVX-512 (torch 2.15.0). The counts are in tests/unit/records/same_seeds.csv, from which a test computes these numbers.
MARGINS = {
    "teacher": Margins(each=1.59, cells=50, together=1.08, pairs=5, loose=0.43, loose_pairs=5),
    "student": Margins(each=0.36, cells=190, together=0.43, pairs=20, loose=0.43, loose_pairs=5),
}


@dataclass(frozen=True)
class Deviation:
    """What of a model (or of `all models`) lies outside of its margin (`row`), and how far, in words."""

    model: str
    row: str
    words: str

    def __str__(self) -> str:
        return f"{self.model}, {self.row}: {self.words}"


def loose_classes(experiment: Mapping, model: str) -> set[int]:
    """The classes that a model of the (expanded) experiment was not trained on, and those whose biases are shifted."""
    shifted = experiment["bias"][arm_of(model)]["classes"] if model.endswith(BIASED) else []
    return {*omitted(experiment, model), *shifted}


def deviations(
    published: Accuracies, new: Accuracies, n: np.ndarray, loose: Mapping[str, set[int]]
) -> Iterator[Deviation]:
    """What of the models in both lies outside of its margin: seed by seed, or as means where no seed is shared.

    `n` (n_classes,) are the test images of each class, `loose` the loose classes of each model.
    """
    models = [model for model in published.values if model in new.values]
    seeds = [seed for seed in new.seeds if seed in published.seeds]
    if not seeds:
        yield from _of_means(published, new, models, 100 / n)
        return
    pairs = [_Pair(model, published, new, seeds, n, loose[model]) for model in models]
    yield from _one_by_one(pairs)
    questions = sum(bool(pair.fixed) + len(pair.loose) for pair in pairs)
    for pair in pairs:
        yield from pair.means(1 - FALSE_ALARMS / 4 / questions)


class _Pair:
    """A model here and the published one of the same seeds: `d` is (n_seeds, n_classes), `v` is (n_classes,)."""

    def __init__(
        self, model: str, published: Accuracies, new: Accuracies, seeds: list[int], n: np.ndarray, loose: set[int]
    ):
        def correct(accuracies: Accuracies) -> np.ndarray:
            rows = [accuracies.seeds.index(seed) for seed in seeds]
            return np.rint(accuracies.values[model][rows] * n / 100)

        self.model, self.seeds, self.n, self.labels = model, seeds, n, published.classes
        self.margins = MARGINS["teacher" if model == TEACHER else "student"]
        self.before, self.now = correct(published), correct(new)
        self.d = self.now - self.before
        # Half an image is added to both outcomes, so that the variance is not 0.
        p = ((self.before + self.now).mean(axis=0) / 2 + 0.5) / (n + 1)
        self.v = n * p * (1 - p)
        self.fixed = [i for i, label in enumerate(self.labels) if label not in loose]
        self.loose = [i for i, label in enumerate(self.labels) if label in loose]

    def squares(self) -> np.ndarray:
        """d² / (κ v) of the fixed classes: (n_seeds, n_fixed)."""
        return (self.d**2 / self.v)[:, self.fixed] / self.margins.each

    def means(self, probability: float) -> Iterator[Deviation]:
        """The means over the seeds that lie outside of their margins, which are two-sided quantiles."""
        k, margins = len(self.seeds), self.margins
        if self.fixed:
            names = ", ".join(str(self.labels[i]) for i in self.loose)
            t = stdtrit(margins.pairs, probability)
            halfwidth = t * np.sqrt(margins.together * self.v[self.fixed].sum() / k)
            yield from self._mean(f"classes other than {names}" if names else "all classes", self.fixed, halfwidth)
        for i in self.loose:
            t, v = stdtrit(margins.loose_pairs, probability), self.v[i]
            halfwidth = t * np.sqrt((margins.each * v + (margins.loose * v) ** 2) / k)
            yield from self._mean(f"class {self.labels[i]}", [i], halfwidth)

    def _mean(self, row: str, classes: list[int], halfwidth: float) -> Iterator[Deviation]:
        now, before = (counts[:, classes].sum(axis=1).mean() for counts in (self.now, self.before))
        to_percent = 100 / self.n[classes].sum()
        narrowest = 1  # image
        if words := outside(now * to_percent, before * to_percent, max(halfwidth, narrowest) * to_percent):
            yield Deviation(self.model, row, words)


def _one_by_one(pairs: list[_Pair]) -> Iterator[Deviation]:
    """Whether the fixed classes of the trained models, one by one and seed by seed, are too far off."""
    pairs = [pair for pair in pairs if pair.fixed and pair.d.any() and not pair.model.endswith(BIASED)]
    if not pairs:
        return
    squares = np.concatenate([pair.squares().ravel() for pair in pairs])
    # What one class loses another often gains: half of them count as independent. The κ of both roles, each measured by
    # itself, have together the degrees of freedom of Satterthwaite (1946).
    shares = Counter()
    for pair in pairs:
        shares[pair.margins] += pair.squares().size / squares.size
    freedom = 1 / sum(share**2 / (margins.cells / 2) for margins, share in shares.items())
    limit = fdtri(squares.size / 2, freedom, 1 - FALSE_ALARMS / 2)
    if squares.mean() <= limit:
        return
    worst = max(pairs, key=lambda pair: pair.squares().max())
    seed, place = np.unravel_index(worst.squares().argmax(), worst.squares().shape)
    i = worst.fixed[place]
    yield Deviation(
        "all models",
        "class by class",
        f"counts are {np.sqrt(squares.mean()):.1f} times as far off as numerics move them, {np.sqrt(limit):.1f} times "
        f"at most is expected; farthest {worst.model}, class {worst.labels[i]}, seed {worst.seeds[seed]}: "
        f"{worst.now[seed, i]:.0f} correct here, {worst.before[seed, i]:.0f} published",
    )


def outside(now: float, before: float, halfwidth: float) -> str | None:
    """What to say of an accuracy in percent if it lies outside of its margin."""
    beyond = abs(now - before) - halfwidth
    if beyond <= SLACK:
        return None
    return f"{now:.2f} % here, {before:.2f} ± {halfwidth:.2f} % published, {beyond:.2f} points outside"


def _of_means(published: Accuracies, new: Accuracies, models: list[str], one_image: np.ndarray) -> Iterator[Deviation]:
    """The accuracies outside of their prediction intervals; none is narrower than `one_image` of the class, percent."""
    rows = [*(f"class {label}" for label in published.classes), "the class mean"]
    narrowest = np.append(one_image, one_image.mean())
    for model in models:
        before, now = published.with_average(model), new.with_average(model)
        interval = np.fmax(prediction_halfwidth(before, len(now), len(models) * len(rows)), narrowest)
        for row, *values in zip(rows, now.mean(axis=0), before.mean(axis=0), interval, strict=True):
            if words := outside(*values):
                yield Deviation(model, row, words)
