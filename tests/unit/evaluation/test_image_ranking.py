"""Which images of a class are shown."""

import numpy as np

from mythical_digit.evaluation.image_ranking import evenly_spaced, ranking


def test_images_of_a_class_are_ranked_by_the_margin_of_its_logit():
    found = np.array([[0.0, 9, 0], [2, 1, 0], [5, 0, 9], [9, 8, 0], [3, 0, 1], [5, 0, 9]])
    labels = np.array([1, 0, 0, 0, 0, 0])
    assert ranking(found, labels, 0).tolist() == [4, 1, 3, 2, 5]  # margins 2, 1, 1, -4, -4


def test_places_are_evenly_spaced_with_both_ends():
    assert evenly_spaced(101, 5).tolist() == [0, 25, 50, 75, 100]
    assert evenly_spaced(3, 5).tolist() == [0, 1, 2]
