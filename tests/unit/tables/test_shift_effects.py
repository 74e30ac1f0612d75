"""bias.csv as tables and figures read it."""

import numpy as np
import pytest

from mythical_digit.errors import UserError
from mythical_digit.evaluation.shift_choices import SHIFT_CHOICES
from mythical_digit.files.records import write_csv
from mythical_digit.tables.shift_effects import COLUMNS, read_effects

ROWS = [
    (seed, arm, key, float(place), 120, 20 + seed, 20, 5, 75.0, 85.0 - seed, 100 - (20 + seed) / 1.2)
    for arm in ("kd", "norm")
    for seed in (0, 1)
    for place, key in enumerate(SHIFT_CHOICES)
]


def read(folder, rows, columns=COLUMNS):
    write_csv(folder / "bias.csv", columns, rows)
    return read_effects(folder / "bias.csv", ["kd", "norm"])


def test_measures_are_found_by_arm_and_choice_with_a_value_per_seed(tmp_path):
    found = read(tmp_path, ROWS)
    assert list(found["kd"]) == list(SHIFT_CHOICES)
    np.testing.assert_array_equal(found["norm"]["fixed"]["shift"], [1, 1])
    np.testing.assert_array_equal(found["norm"]["fixed"]["errors"], [20, 21])
    np.testing.assert_array_equal(found["norm"]["fixed"]["class_accuracy"], [75, 75])
    np.testing.assert_array_equal(found["norm"]["fixed"]["other_accuracy"], [85, 84])


def test_what_is_missing_is_named(tmp_path):
    with pytest.raises(UserError, match=r"bias\.csv: no row for arm norm, way oracle"):
        read(tmp_path, [row for row in ROWS if row[1:3] != ("norm", "oracle")])
    with pytest.raises(UserError, match=r"bias\.csv: not as many seeds"):
        read(tmp_path, ROWS[:-1])
    with pytest.raises(UserError, match=r"bias\.csv: not a table of arm, way, shift"):
        read(tmp_path, [row[:-4] for row in ROWS], COLUMNS[:-4])
