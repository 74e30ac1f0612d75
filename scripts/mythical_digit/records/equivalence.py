"""Do new accuracies agree with published ones, as far as the way of computing moves them?

A seed decides the initial weights, the order of the images and the dropout masks. So a model here and the published
one of the same seed differ only in how they were computed, and they are compared seed by seed. Let d be the number of
test images of a class that the new model gets right, minus that of the published one, and v = n p (1 - p) with n the
images of the class and p its accuracy, the mean of both. Other numerics move d around 0 with the variance

    κ v             of a class that the labels fix
    κ v + (τ v)²    of a loose class: omitted in training, or with a shifted bias; its logit moves by about τ

Three questions are put to each model:

1. the fixed classes together: is the mean over the k seeds of their summed d within t sqrt(κ Σv / k)?
2. the fixed classes one by one: is the mean of d² / (κ v) over classes and seeds at most F?
3. each loose class: is the mean of d over the seeds within t sqrt((κ v + (τ v)²) / k)?

t and F are quantiles of Student's and Fisher's distributions with the degrees of freedom of the measurement in
`MARGINS`: a margin from few pairs is wider. If d is normal and only the numerics differ, an experiment fails any of its
questions with a probability of at most `FALSE_ALARMS`, which they share equally (Bonferroni).

Without a seed in common, each accuracy, and the class mean of each model, is compared as a mean over seeds. If nothing
but chance differs, the mean of k new seeds lies within m ± t s sqrt(1/k + 1/n), where m and s are the mean and standard
deviation over the n published seeds: the prediction interval of such a mean (Hahn & Meeker 1991, "Statistical
Intervals", section 4.8), with t such that all of them together hold with at least 95 %. Few seeds make these intervals
wide: they find much less.
"""

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
    """How far the numerics move the same seed, and of how many `pairs` of models that was measured."""

    together: float  # κ of the fixed classes together
    each: float  # κ of each of them
    pairs: int
    loose: float  # τ, from so many pairs:
    loose_pairs: int

    def t(self, questions: int, pairs: int) -> float:
        """The quantile for one of so many questions, two-sided."""
        return stdtrit(pairs, 1 - FALSE_ALARMS / 2 / questions)

    def f(self, questions: int, seeds: int, classes: int) -> float:
        """The same for the mean square; what one class loses another often gains, so half of them count."""
        return fdtri(seeds * classes / 2, self.pairs * classes / 2, 1 - FALSE_ALARMS / questions)


# Measured on MNIST with the study's recipe (every training shuffled) as the mean squares of the differences between bf16
# and fp32, teacher and students alike: seven models, of which five are trained, with seeds 0 to 4, on an AMD EPYC with
# AVX-512 (torch 2.15.0). The counts are in tests/unit/records/same_seeds.csv, from which a test computes these numbers.
MARGINS = {
    "teacher": Margins(together=1.08, each=1.59, pairs=5, loose=0.43, loose_pairs=5),
    "student": Margins(together=0.43, each=0.38, pairs=20, loose=0.43, loose_pairs=5),
}


@dataclass(frozen=True)
class Deviation:
    """What of a model lies outside of its margin (`row`), and how far, in words."""

    model: str
    row: str
    words: str

    def __str__(self) -> str:
        return f"{self.model}, {self.row}: {self.words}"


def loose_classes(experiment: Mapping, model: str) -> set[int]:
    """The classes that a model of the (expanded) experiment was not trained on, and those whose biases are shifted."""
    shifted = experiment["bias"][arm_of(model)]["classes"] if model.endswith(BIASED) else []
    return {*omitted(experiment, model), *shifted}


def shared_seeds(published: Accuracies, new: Accuracies) -> list[int]:
    """The seeds that both have: those that are compared, if there is any."""
    return [seed for seed in new.seeds if seed in published.seeds]


def deviations(
    published: Accuracies, new: Accuracies, n: np.ndarray, loose: Mapping[str, set[int]]
) -> Iterator[Deviation]:
    """What of the models in both lies outside of its margin: seed by seed, or as means where no seed is shared.

    `n` (n_classes,) are the test images of each class, `loose` the loose classes of each model.
    """
    models = [model for model in published.values if model in new.values]
    seeds = shared_seeds(published, new)
    if not seeds:
        yield from _of_means(published, new, models, 100 / n)
        return
    questions = sum(len(loose[model]) + 2 * (len(loose[model]) < len(n)) for model in models)
    for model in models:
        counts = (_correct(accuracies, model, seeds, n) for accuracies in (published, new))
        pairs = _Pairs(*counts, n, MARGINS["teacher" if model == TEACHER else "student"], questions)
        fixed = [i for i, label in enumerate(published.classes) if label not in loose[model]]
        if fixed:
            names = [str(label) for label in published.classes if label in loose[model]]
            row = f"classes other than {', '.join(names)}" if names else "all classes"
            if words := pairs.together(fixed):
                yield Deviation(model, row, words)
            if words := pairs.one_by_one(fixed, seeds, published.classes):
                yield Deviation(model, f"{row}, one by one", words)
        for i, label in enumerate(published.classes):
            if label in loose[model] and (words := pairs.loose(i)):
                yield Deviation(model, f"class {label}", words)


def _correct(accuracies: Accuracies, model: str, seeds: list[int], n: np.ndarray) -> np.ndarray:
    rows = [accuracies.seeds.index(seed) for seed in seeds]
    return np.rint(accuracies.values[model][rows] * n / 100)


@dataclass(frozen=True)
class _Pairs:
    """Correct images of a model, published (`before`) and here (`now`): (n_seeds, n_classes) of `n` (n_classes,)."""

    before: np.ndarray
    now: np.ndarray
    n: np.ndarray
    margins: Margins
    questions: int

    @property
    def v(self) -> np.ndarray:
        """Variance of a binomial count, (n_classes,); half an image is added to both outcomes, so that it is not 0."""
        p = ((self.before + self.now).mean(axis=0) / 2 + 0.5) / (self.n + 1)
        return self.n * p * (1 - p)

    def together(self, fixed: list[int]) -> str | None:
        """What to say if the fixed classes together are too far off."""
        t = self.margins.t(self.questions, self.margins.pairs)
        return self._mean(fixed, t * np.sqrt(self.margins.together * self.v[fixed].sum() / len(self.now)))

    def loose(self, i: int) -> str | None:
        """What to say if a loose class is too far off."""
        t, v = self.margins.t(self.questions, self.margins.loose_pairs), self.v[i]
        return self._mean([i], t * np.sqrt((self.margins.each * v + (self.margins.loose * v) ** 2) / len(self.now)))

    def _mean(self, classes: list[int], halfwidth: float) -> str | None:
        """Compare the mean number of correct images over the seeds; no margin is narrower than one image."""
        now, before = (counts[:, classes].sum(axis=1).mean() for counts in (self.now, self.before))
        to_percent = 100 / self.n[classes].sum()
        return outside(now * to_percent, before * to_percent, max(halfwidth, 1) * to_percent)

    def one_by_one(self, fixed: list[int], seeds: list[int], labels: tuple[int, ...]) -> str | None:
        """What to say if the fixed classes of the single seeds are too far off."""
        squares = ((self.now - self.before) ** 2 / self.v)[:, fixed] / self.margins.each
        limit = self.margins.f(self.questions, *squares.shape)
        if squares.mean() <= limit:
            return None
        seed, place = np.unravel_index(squares.argmax(), squares.shape)
        i = fixed[place]
        return (
            f"counts are {np.sqrt(squares.mean()):.1f} times as far off as numerics move them, "
            f"{np.sqrt(limit):.1f} times is the most; class {labels[i]} of seed {seeds[seed]}: "
            f"{self.now[seed, i]:.0f} correct here, {self.before[seed, i]:.0f} published"
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
