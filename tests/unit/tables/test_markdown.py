"""The cells of tables as text."""

import numpy as np
import pytest

from mythical_digit.tables.markdown import plus_minus
from mythical_digit.tables.statistics import Estimate


@pytest.mark.parametrize(
    ("mean", "halfwidth", "text"),
    [
        (-0.04, 0.6, "0.0 ± 0.6"),
        (-0.06, np.nan, "−0.1"),
        (0.25, 0.05, "0.2 ± 0.1"),  # as Python writes halves
        (np.nan, np.nan, "n/a"),
    ],
)
def test_a_mean_is_written_with_its_interval_and_without_the_sign_of_a_zero(mean, halfwidth, text):
    assert plus_minus(Estimate(np.float64(mean), np.float64(halfwidth), 3), 1) == [text]
