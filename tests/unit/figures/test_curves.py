"""Where labels at the ends of lines are written."""

import numpy as np

from mythical_digit.figures.curves import spread


def test_spread_moves_only_what_is_too_close():
    np.testing.assert_allclose(spread(np.array([0.9, 0.5, 0.5, 0.1]), 0.1), [0.9, 0.45, 0.55, 0.1])
    np.testing.assert_allclose(spread(np.array([1.0, 1.0]), 0.1), [0.9, 1.0])
    np.testing.assert_allclose(spread(np.array([0.0, 0.0]), 0.1), [0.0, 0.1])
