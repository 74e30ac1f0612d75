import numpy as np
import pytest

from mythical_digit.training.order import ImageOrder


def epochs(order, n=10, count=2, seed=0):
    images = ImageOrder(order, n, np.random.default_rng(seed))
    return [images.next_epoch().tolist() for _ in range(count)]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("file", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ("reversed", [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]),
        ("file from 7", [7, 8, 9, 0, 1, 2, 3, 4, 5, 6]),
    ],
)
def test_an_order_of_the_file_is_the_same_in_every_epoch(order, expected):
    assert epochs(order) == [expected, expected]


def test_a_fixed_order_is_the_first_of_the_shuffled_ones_for_ever():
    first, second = epochs("shuffled")
    assert first != second
    assert epochs("fixed") == [first, first]


def test_a_fixed_order_goes_on_after_a_checkpoint():
    """What resumes a training makes its order anew and then gives the stream the state that it had."""
    rng = np.random.default_rng(0)
    begun = ImageOrder("fixed", 10, rng)
    state = rng.bit_generator.state
    resumed_rng = np.random.default_rng(0)
    resumed = ImageOrder("fixed", 10, resumed_rng)
    resumed_rng.bit_generator.state = state
    assert (resumed.next_epoch() == begun.next_epoch()).all()


def test_blocks_keep_their_images_and_change_places():
    for epoch in epochs("blocks of 4", count=3):
        assert sorted(epoch) == list(range(10))
        for block in ([0, 1, 2, 3], [4, 5, 6, 7], [8, 9]):
            start = epoch.index(block[0])
            assert epoch[start : start + len(block)] == block
    assert len({tuple(epoch) for epoch in epochs("blocks of 1", count=5)}) > 1
