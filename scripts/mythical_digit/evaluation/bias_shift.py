"""A shift of the output biases of some classes: what it does to the errors, and how it can be chosen.

The paper (section 3) recovers a class that was missing from the transfer set by raising its bias, and lowers the biases
of the two classes that were alone in another transfer set. It chose both shifts on the test set.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from mythical_digit.errors import UserError

FARTHEST = 100.0  # nats: the search for a shift starts within this
BEYOND = 1.0  # nats


def inject(tensors: Mapping[str, np.ndarray], classes: Sequence[int], shift: float) -> dict[str, np.ndarray]:
    """The tensors of a network with `shift` (nats) added to the output biases of `classes`; the rest is untouched.

    The output biases are those of the last layer, `layers.<highest number>.bias`, (classes,) float32.
    """
    name = max((name for name in tensors if name.endswith(".bias")), key=lambda name: int(name.split(".")[1]))
    bias = tensors[name].copy()
    bias[list(classes)] += np.float32(shift)
    return {**tensors, name: bias}


def prior_shift(logits: np.ndarray, classes: Sequence[int], frequency: float) -> float:
    """The shift (nats) at which the mean predicted probability of `classes` together equals their `frequency` (0 to 1).

    `logits` (n, classes) need no labels: no label of an omitted class is used. The mean grows with the shift, so there
    is exactly one such shift.

    Raises UserError if `frequency` is 0 or 1, which the mean never reaches.
    """
    # Imported here: they take longer than all else that a job does which only injects a shift.
    from scipy.optimize import brentq
    from scipy.special import expit, logit, logsumexp

    if not 0 < frequency < 1:
        words = "none" if frequency == 0 else "all"
        raise UserError(f"{words} of the training images are of {list(classes)}, so their frequency gives no shift")
    inside = np.isin(np.arange(logits.shape[1]), classes)
    logits = logits.astype(np.float64)
    log_odds = logsumexp(logits[:, inside], axis=1) - logsumexp(logits[:, ~inside], axis=1)

    def excess(shift: float) -> float:
        return expit(log_odds + shift).mean() - frequency

    low, high = -FARTHEST, FARTHEST
    if excess(low) >= 0 or excess(high) <= 0:  # a network that is very sure of very few classes
        low, high = logit(frequency) - log_odds.max() - BEYOND, logit(frequency) - log_odds.min() + BEYOND
    return brentq(excess, low, high, xtol=1e-9)


class ShiftCurve:
    """The number of correct images as an exact function of the shift: it changes at one shift per image.

    An image is taken for the best of the shifted `classes` once the shift exceeds the lead of the best other class.
    """

    def __init__(self, logits: np.ndarray, labels: np.ndarray, classes: Sequence[int]):
        """`logits` (n, n_classes) float and `labels` (n,) int64 of the images; `classes`: those that are shifted."""
        inside = np.isin(np.arange(logits.shape[1]), classes)
        shifted, others = (np.where(mask, logits, -np.inf).astype(np.float64) for mask in (inside, ~inside))
        lead = others.max(axis=1) - shifted.max(axis=1)
        order = np.argsort(lead, kind="stable")
        self.leads = lead[order]
        gains = (shifted.argmax(axis=1) == labels).astype(int)[order], (others.argmax(axis=1) == labels)[order]
        self.of_classes = inside[labels][order]
        self.correct = {
            "classes": self._correct(gains, self.of_classes),
            "others": self._correct(gains, ~self.of_classes),
        }

    def _correct(self, gains: tuple[np.ndarray, np.ndarray], images: np.ndarray) -> np.ndarray:
        """Count the correct ones of some images once the first 0, 1, ..., n of all are taken for shifted classes."""
        right_shifted, right_others = (np.where(images, right, 0) for right in gains)
        return np.append(0, np.cumsum(right_shifted - right_others)) + right_others.sum()

    def accuracies(self, shifts: np.ndarray) -> dict[str, np.ndarray]:
        """Percent correct at the shifts (n_shifts,): of images of the shifted `classes`, of `others`, and of `all`.

        NaN where there are no such images.
        """
        places = np.searchsorted(self.leads, shifts)
        n = {"classes": self.of_classes.sum(), "others": (~self.of_classes).sum()}
        with np.errstate(invalid="ignore"):
            shares = {name: 100 * correct[places] / n[name] for name, correct in self.correct.items()}
        return shares | {"all": 100 * sum(correct[places] for correct in self.correct.values()) / len(self.leads)}

    def auroc(self) -> float | None:
        """How well the logits tell images of the shifted classes from the others, whatever the shift: 0 to 1.

        The area under the receiver operating characteristic (Hanley & McNeil 1982) of the score `best shifted logit -
        best other logit`: the share of pairs of an image of these classes and another in which the first scores higher;
        ties count half. By the rank sum of Mann & Whitney (1947). None if there are no images of one kind.
        """
        n, others = int(self.of_classes.sum()), int((~self.of_classes).sum())
        if not n or not others:
            return None
        first, last = (np.searchsorted(self.leads, self.leads, side) for side in ("left", "right"))
        ranks = (first + 1 + last) / 2  # of the leads of the others: the lower, the higher the score
        return 1 - float(ranks[self.of_classes].sum() - n * (n + 1) / 2) / (n * others)

    def best_shift(self) -> float:
        """The shift with the most correct images: the middle of the widest such range, of equal ones that nearest to 0.

        The two ranges without an end count if they are better than all others: then a nat beyond the last change.
        """
        correct = sum(self.correct.values())
        widths = np.diff(self.leads)
        inner = np.where(widths > 0, correct[1:-1], -1)  # correct images in each range between two changes
        if max(correct[0], correct[-1]) > inner.max(initial=-1):
            ends = [(correct[0], min(0.0, self.leads[0] - BEYOND)), (correct[-1], max(0.0, self.leads[-1] + BEYOND))]
            return float(max(ends, key=lambda end: (end[0], -abs(end[1])))[1])
        middles = self.leads[:-1] + widths / 2
        candidates = np.flatnonzero(inner == inner.max())
        return float(middles[min(candidates, key=lambda i: (-widths[i], abs(middles[i])))])
