"""Do new accuracies agree with published ones, as far as seeds move them?

Each accuracy (one per model and class, and the class mean per model) is compared as a mean over seeds. If nothing but
chance differs, the mean of k new seeds lies within m ± t s sqrt(1/k + 1/n) with probability 95 %, where m and s are the
mean and standard deviation over the n published seeds: the prediction interval of such a mean (Hahn & Meeker 1991,
"Statistical Intervals", section 4.8). With some 80 accuracies about four would miss it by chance. All shall lie within,
so t is the quantile at which all of them do so with at least 95 % together (Bonferroni).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mythical_digit.tables.accuracies import Accuracies
from mythical_digit.tables.statistics import SLACK, prediction_halfwidth


@dataclass(frozen=True)
class Deviation:
    """An accuracy outside of its published interval `published` ± `halfwidth`; `new` is the mean found; percent."""

    model: str
    row: str  # a class, or avg
    new: float
    published: float
    halfwidth: float


def deviations(published: Accuracies, new: Accuracies, one_image: np.ndarray) -> Iterator[Deviation]:
    """The accuracies of the models in both that lie outside of the published interval.

    `one_image` (n_classes,) is what one test image of each class weighs, in percent. No interval is narrower, so that
    where no seed differs from another, or there is one only, the mean may still move by an image per class.
    """
    models = [model for model in published.values if model in new.values]
    rows = [*map(str, published.classes), "avg"]
    narrowest = np.append(one_image, one_image.mean())
    for model in models:
        before, now = published.with_average(model), new.with_average(model)
        interval = prediction_halfwidth(before, len(now), len(models) * len(rows))
        columns = now.mean(axis=0), before.mean(axis=0), np.fmax(interval, narrowest)
        for row, found, centre, halfwidth in zip(rows, *(column.tolist() for column in columns), strict=True):
            if not abs(found - centre) <= halfwidth + SLACK:  # true of NaN as well
                yield Deviation(model, row, found, centre, halfwidth)
