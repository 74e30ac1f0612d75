"""Shifted biases: what they do, counted one by one, and the shifts that are chosen."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import softmax

import summarize_bias
from choose_bias import best_on_test
from mythical_digit.errors import UserError
from mythical_digit.evaluation import metrics
from mythical_digit.evaluation.bias_shift import ShiftCurve, inject, prior_shift
from mythical_digit.training.randomness import stream


@pytest.fixture
def problem():
    """Logits of 500 images that know all classes but 3, which they never predict."""
    rng = stream(0, "test")
    labels = rng.integers(5, size=500)
    logits = rng.normal(size=(500, 5))
    logits[np.arange(500), labels] += 3
    logits[:, 3] -= 4
    return logits.astype(np.float32), labels


def correct(logits, labels, classes, shift):
    shifted = logits.astype(np.float64)
    shifted[:, classes] += shift
    return shifted.argmax(axis=1) == labels


@pytest.mark.parametrize("classes", [[3], [3, 1]])
def test_the_curve_is_what_counting_gives(problem, classes):
    logits, labels = problem
    shifts = np.linspace(-6, 9, 301)
    found = ShiftCurve(logits, labels, classes).accuracies(shifts)
    of_classes = np.isin(labels, classes)
    for i, shift in enumerate(shifts):
        right = correct(logits, labels, classes, shift)
        assert found["classes"][i] == pytest.approx(100 * right[of_classes].mean())
        assert found["others"][i] == pytest.approx(100 * right[~of_classes].mean())
        assert found["all"][i] == pytest.approx(100 * right.mean())


def test_the_best_shift_is_that_of_a_search(problem):
    logits, labels = problem
    best = ShiftCurve(logits, labels, [3]).best_shift()
    right = [correct(logits, labels, [3], shift).sum() for shift in np.linspace(-6, 9, 3001)]
    assert correct(logits, labels, [3], best).sum() == max(right)
    assert 2 < best < 6


def test_the_prior_shift_predicts_the_class_as_often_as_it_is(problem):
    logits, labels = problem
    frequency = (labels == 3).mean()
    shift = prior_shift(logits, [3], frequency)
    probabilities = softmax(logits + shift * (np.arange(5) == 3), axis=1)
    assert probabilities[:, 3].mean() == pytest.approx(frequency, abs=1e-6)
    assert prior_shift(inject_logits(logits, shift), [3], frequency) == pytest.approx(0, abs=1e-4)
    assert prior_shift(logits, [3, 1], 0.5) != pytest.approx(shift)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1), st.sampled_from([[3], [0, 4]]), st.integers(1, 12), st.sampled_from([0.0, 0.5, 3.0]))
def test_no_shift_has_fewer_errors_than_the_best(seed, classes, n, spread):
    """Of networks from dead (the same logits for all images) to good, and classes that are never or always there."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(5, size=n)
    logits = (spread * rng.normal(size=(n, 5)) + rng.normal(size=5)).astype(np.float32)
    logits[np.arange(n), labels] += np.float32(rng.choice([0, 2]))
    best = correct(logits, labels, classes, ShiftCurve(logits, labels, classes).best_shift()).sum()
    for shift in (0.0, 3.5, -7.6, -1e4, 1e4, *rng.normal(scale=10, size=20)):
        assert correct(logits, labels, classes, shift).sum() <= best


@pytest.mark.parametrize("height", [150, -150, 1e5])
def test_the_prior_shift_of_a_network_that_is_too_sure_is_found(problem, height):
    logits, _ = problem
    logits[:, 3] += height
    shift = prior_shift(logits, [3], 0.2)
    moved = logits.astype(np.float64) + shift * (np.arange(5) == 3)
    assert softmax(moved, axis=1)[:, 3].mean() == pytest.approx(0.2, abs=1e-6)


def test_the_prior_shift_of_a_dead_network_is_found():
    logits = np.zeros((50, 5), dtype=np.float32)
    assert prior_shift(logits, [3], 0.2) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(("frequency", "words"), [(0.0, "none of the training images"), (1.0, "all of the training")])
def test_a_class_that_never_or_always_occurs_is_named(problem, frequency, words):
    with pytest.raises(UserError, match=words):
        prior_shift(problem[0], [3], frequency)


def test_the_oracle_takes_the_shift_of_another_way_that_is_better():
    ways = {way: {"shift": shift, "metrics": {"errors": n}} for way, shift, n in (("none", 0, 2), ("fixed", 3.5, 1))}
    assert best_on_test({**ways, "oracle": {"shift": 3, "metrics": {"errors": 2}}})["shift"] == 3.5
    assert best_on_test({**ways, "oracle": {"shift": 3, "metrics": {"errors": 1}}})["shift"] == 3


def inject_logits(logits, shift):
    return logits + np.float32(shift) * (np.arange(5) == 3)


def test_injection_changes_the_output_biases_of_the_classes_and_nothing_else():
    names = ["layers.0.weight", "layers.0.bias", "layers.10.weight", "layers.10.bias"]
    tensors = {name: np.arange(5, dtype=np.float32) for name in names}
    shifted = inject(tensors, [1, 3], 3.5)
    assert shifted["layers.10.bias"].tolist() == [0, 4.5, 2, 6.5, 4]
    assert shifted["layers.10.bias"].dtype == np.float32
    assert all(np.array_equal(shifted[name], tensors[name]) for name in names[:3])
    assert tensors["layers.10.bias"].tolist() == [0, 1, 2, 3, 4]


def test_a_row_per_way_with_counts_of_the_shifted_classes():
    record = {
        "classes": [0, 2],
        "ways": {
            "prior": {"shift": 1.5, "metrics": metrics.from_confusion(np.diag([3, 5, 2]) + np.eye(3, k=1, dtype=int))}
        },
    }
    (row,) = summarize_bias.rows([(7, "kd", record)])
    found = dict(zip(summarize_bias.COLUMNS, row, strict=True))
    assert found == {
        "seed": 7, "arm": "kd", "way": "prior", "shift": 1.5, "n": 12, "errors": 2, "class_n": 6, "class_errors": 1,
        "class_accuracy": pytest.approx(100 * 5 / 6), "other_accuracy": pytest.approx(100 * 5 / 6),
        "accuracy": pytest.approx(100 * 10 / 12),
    }  # fmt: skip


LOGITS = st.integers(2, 30).flatmap(
    lambda n: st.tuples(
        st.lists(st.lists(st.integers(-4, 4), min_size=3, max_size=3), min_size=n, max_size=n),
        st.lists(st.integers(0, 2), min_size=n, max_size=n),
    )
)


@settings(deadline=None)
@given(LOGITS, st.integers(-9, 9))
def test_auroc_is_the_share_of_pairs_in_the_right_order_at_any_shift(drawn, shift):
    """Small whole numbers, so that there are ties, which count half."""
    logits, labels = np.array(drawn[0], dtype=np.float64), np.array(drawn[1])
    scores = logits[:, 1] - np.delete(logits, 1, axis=1).max(axis=1)
    inside, outside = scores[labels == 1], scores[labels != 1]
    found = ShiftCurve(logits, labels, [1]).auroc()
    if not len(inside) or not len(outside):
        assert found is None
        return
    pairs = inside[:, None] - outside
    assert found == pytest.approx(((pairs > 0) + 0.5 * (pairs == 0)).mean())
    shifted = logits + shift * (np.arange(3) == 1)
    assert ShiftCurve(shifted, labels, [1]).auroc() == found
    assert ShiftCurve(logits[::-1], labels[::-1], [1]).auroc() == pytest.approx(found)


def test_auroc_needs_no_shift_where_the_classes_are_told_apart(problem):
    logits, labels = problem
    curve = ShiftCurve(logits, labels, [3])
    assert curve.accuracies(np.zeros(1))["classes"] < 10
    assert curve.auroc() > 0.9
    assert ShiftCurve(-logits, labels, [3]).auroc() < 0.5
