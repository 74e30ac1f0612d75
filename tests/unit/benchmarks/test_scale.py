"""What the scale benchmark makes of its measurements."""

import numpy as np
import scale
from project_copy import Cost


def test_points_on_a_line_are_fitted_by_that_line():
    runs = {n: Cost(wall=n, cpu=7 + 2.5 * n) for n in (10, 50, 200)}
    plans = {n: Cost(wall=1 + 0.01 * n, cpu=0) for n in (100, 1000)}
    np.testing.assert_allclose(scale.fitted(runs, scale.RUN), (7, 2.5))
    text = scale.markdown(runs, plans, "it", 2)
    assert "costs 2.50 s of a processor and 10 ms of planning" in text
    assert "6.9 hours" in text
    assert [text.get_text() for axes in scale.draw(runs, plans).axes for text in axes.texts] == ["25,000 s", "100 s"]


def test_a_grid_has_as_many_students_as_asked_for():
    experiment = scale.grid(7, "mnist")["experiments"]["many"]
    assert len(set(experiment["sweep"]["distillation.temperature"])) == 7
